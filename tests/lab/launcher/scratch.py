"""Folders of a run, removed at its end; one that was killed with all its processes at once, as
Bazel does when it is interrupted, leaves its folder to the next run to remove."""

import fcntl
import glob
import os
import re
import shutil
import tempfile
import time

PREFIX = "trivet-lab."
# Between its making and its locking, a folder in use looks abandoned.
YOUNG = 60


class Scratch:
    """A new folder; locked, and so in use, until remove() or the end of this process."""

    def __init__(self):
        # Not below TEST_TMPDIR: its path is too long for the sockets that live here. Neither a
        # kernel's command line nor an option of qemu can quote a blank or a comma.
        base = tempfile.gettempdir()
        if re.search(r"[\s,]", base):
            base = "/tmp"
        _remove_abandoned(base)
        self.path = tempfile.mkdtemp(prefix=PREFIX, dir=base)
        self._lock = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY)
        fcntl.flock(self._lock, fcntl.LOCK_EX)

    def remove(self):
        shutil.rmtree(self.path, ignore_errors=True)
        os.close(self._lock)


def _remove_abandoned(base):
    for folder in glob.glob(os.path.join(base, PREFIX + "*")):
        try:
            lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        except OSError:
            continue
        try:
            state = os.fstat(lock)
            if state.st_uid == os.getuid() and time.time() - state.st_ctime > YOUNG:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
        except BlockingIOError:
            pass
        finally:
            os.close(lock)
