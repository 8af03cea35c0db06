"""BlueZ's emulator of Bluetooth controllers, for qemu: fetched once, unpacked and not installed,
because its package brings the Bluetooth daemon along."""

import os
import shutil
import tempfile

import stock_kernel

PACKAGE = "bluez-test-tools"


def path():
    return os.path.join(stock_kernel.cache_folder(), "btvirt")


def fetch():
    """Fetches it unless it was fetched before."""
    if os.path.exists(path()):
        return
    with tempfile.TemporaryDirectory(dir=stock_kernel.cache_folder()) as scratch:
        stock_kernel.download(PACKAGE, scratch)
        os.rename(os.path.join(scratch, "usr", "bin", "btvirt"), path())


def hand_to(session):
    """Where it was fetched, the session's programs find it in their $PATH."""
    if os.path.exists(path()):
        shutil.copy(path(), session.path("guest", "btvirt"))
