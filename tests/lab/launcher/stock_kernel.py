"""Debian's stock kernel for qemu: fetched once, unpacked, never installed."""

import fcntl
import glob
import lzma
import os
import pwd
import re
import shutil
import struct
import subprocess
import sys

from errors import LabError

META_PACKAGE = "linux-image-amd64"


def cache_folder():
    base = os.environ.get("XDG_CACHE_HOME")
    if not base:
        # Bazel's tests have no HOME, or one of their own.
        home = None if "TEST_TMPDIR" in os.environ else os.environ.get("HOME")
        base = os.path.join(home or pwd.getpwuid(os.getuid()).pw_dir, ".cache")
    return os.path.join(base, "trivet")


class StockKernel:
    """An unpacked kernel package."""

    def __init__(self, folder):
        self.folder = folder
        self.release = os.path.basename(folder).partition("-")[2]
        unpacked = os.path.join(folder, "boot", "vmlinux-" + self.release)
        packed = os.path.join(folder, "boot", "vmlinuz-" + self.release)
        self.image = unpacked if os.path.exists(unpacked) else packed
        self.modules = os.path.join(folder, "lib", "modules", self.release)

    def module_files(self, names):
        """The files to load for these modules, dependencies first, each once."""
        files = []
        for name in names:
            shown = subprocess.run(
                ["/usr/sbin/modprobe", "-C", "/dev/null", "-d", self.folder, "-S", self.release,
                 "--show-depends", name],
                capture_output=True, check=False, text=True,
            )
            if shown.returncode:
                raise LabError(f"no module {name} in {self.modules}: {shown.stderr.strip()}")
            for line in shown.stdout.splitlines():
                word, _, path = line.partition(" ")
                if word == "insmod" and path.strip() not in files:
                    files.append(path.strip())
        return files


def find():
    """The newest one that was fetched."""
    found = _fetched()
    if not found:
        raise LabError(
            f"kernel qemu is missing: Debian's stock kernel (package {META_PACKAGE}, unpacked, not "
            f"installed) is not in {cache_folder()}. Fetch it: tests/lab/lab qemu --fetch"
        )
    return StockKernel(max(found, key=_version))


def _fetched():
    return glob.glob(os.path.join(cache_folder(), "kernel-*"))


def _version(folder):
    return [int(number) for number in re.findall(r"\d+", os.path.basename(folder))]


def fetch():
    """Fetches what META_PACKAGE depends on now, unless one was fetched before; returns it."""
    os.makedirs(cache_folder(), exist_ok=True)
    with open(os.path.join(cache_folder(), "lock"), "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _fetched():
            package = _current_package()
            folder = os.path.join(cache_folder(), package.replace("linux-image-", "kernel-"))
            _unpack(package, folder)
    return find()


def _current_package():
    shown = _run(["apt-cache", "show", "--no-all-versions", META_PACKAGE])
    found = re.search(r"^Depends:.*?\b(linux-image-[0-9][^\s,]*)", shown, re.MULTILINE)
    if not found:
        raise LabError(f"the package {META_PACKAGE} names no kernel; run: apt-get update")
    return found.group(1)


def _unpack(package, folder):
    scratch = folder.replace("kernel-", "unpacking-")
    shutil.rmtree(scratch, ignore_errors=True)
    os.makedirs(scratch)
    download(package, scratch)
    release = package.replace("linux-image-", "")
    _run(["/usr/sbin/depmod", "-b", scratch, release])
    _decompress(os.path.join(scratch, "boot", "vmlinuz-" + release),
                os.path.join(scratch, "boot", "vmlinux-" + release))
    os.rename(scratch, folder)


def download(package, folder):
    """Fetches a Debian package and unpacks it into a folder."""
    print(f"lab: fetching {package} into {cache_folder()}", file=sys.stderr)
    _run(["apt-get", "-qq", "download", package], cwd=folder)
    archive = glob.glob(os.path.join(folder, "*.deb"))[0]
    _run(["dpkg", "-x", archive, folder])
    os.unlink(archive)


def _decompress(packed, unpacked):
    """Saves the emulated processor seconds of every boot. Where the image is in Linux's boot
    protocol: Documentation/x86/boot.rst. One that is not packed by xz stays as it is."""
    with open(packed, "rb") as file:
        image = file.read()
    setup_sectors = image[0x1F1] or 4
    offset, length = struct.unpack_from("<II", image, 0x248)
    payload = image[(setup_sectors + 1) * 512 + offset:][:length]
    if payload.startswith(b"\xfd7zXZ\0"):
        with open(unpacked, "wb") as file:
            file.write(lzma.LZMADecompressor().decompress(payload))


def _run(argv, cwd=None):
    try:
        done = subprocess.run(argv, cwd=cwd, capture_output=True, check=False, text=True)
    except FileNotFoundError as error:
        raise LabError(f"{argv[0]} is missing: {error}") from error
    if done.returncode:
        raise LabError(f"{' '.join(argv)} failed: {done.stderr.strip()}; after apt-get update?")
    return done.stdout
