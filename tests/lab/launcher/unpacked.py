"""Peers that are fetched once, unpacked and not installed, because their packages bring a daemon
along that would start on this machine."""

import os
import shutil
import tempfile

import stock_kernel

# The path of each program in its package.
PACKAGES = {
    "bluez-test-tools": ["usr/bin/btvirt"],  # BlueZ's emulator of Bluetooth controllers, for qemu
    "bird2": ["usr/sbin/bird", "usr/sbin/birdcl"],  # a routing daemon and its console
}


def path(program):
    """Where a program is kept."""
    return os.path.join(stock_kernel.cache_folder(), os.path.basename(program))


def fetch():
    """Fetches those that were not fetched before."""
    for package, programs in PACKAGES.items():
        if all(os.path.exists(path(program)) for program in programs):
            continue
        with tempfile.TemporaryDirectory(dir=stock_kernel.cache_folder()) as scratch:
            stock_kernel.download(package, scratch)
            for program in programs:
                os.rename(os.path.join(scratch, program), path(program))


def hand_to(session):
    """Those that were fetched: the session's programs find them in their $PATH."""
    for programs in PACKAGES.values():
        for program in programs:
            if os.path.exists(path(program)):
                shutil.copy(path(program), session.path("guest", os.path.basename(program)))
