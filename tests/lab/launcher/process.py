"""Starting a process so that nothing of it remains, whatever happens to the launcher."""

import ctypes
import os
import signal
import subprocess
import time

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
_libc = ctypes.CDLL(None, use_errno=True)


def adopt_orphans():
    """prctl(PR_SET_CHILD_SUBREAPER): every descendant stays one, so that sweep() finds it."""
    _libc.prctl(_PR_SET_CHILD_SUBREAPER, 1)


def sweep():
    """Ends every descendant of this process."""
    _end(lambda: _descendants(os.getpid()))


class Process:
    """A child in a session of its own; kill() ends it and what it started."""

    def __init__(self, argv, *, own_session=True, **options):
        launcher = os.getpid()
        self._popen = subprocess.Popen(
            argv,
            start_new_session=own_session,
            preexec_fn=lambda: _begin(launcher),
            **options,
        )
        self.pid = self._popen.pid
        self.exit_fd = os.pidfd_open(self.pid)

    def wait(self, timeout=None):
        """The exit status as a shell gives it; None when the time is over."""
        try:
            status = self._popen.wait(timeout)
        except subprocess.TimeoutExpired:
            return None
        return status if status >= 0 else 128 - status

    def kill(self):
        """Ends the process and its descendants, and returns when they are gone."""
        if self.exit_fd is None:
            return
        family = set(_descendants(self.pid))
        if self._popen.poll() is None:
            self._popen.kill()
        self._popen.wait()
        os.close(self.exit_fd)
        self.exit_fd = None
        _end(lambda: family.intersection(_descendants(os.getpid())))


def die_with(parent, number):
    """prctl(PR_SET_PDEATHSIG): this process gets the signal when its parent ends."""
    _libc.prctl(_PR_SET_PDEATHSIG, number)
    if os.getppid() != parent:
        os.kill(os.getpid(), number)


def _begin(launcher):
    die_with(launcher, signal.SIGKILL)
    # Memory that a test takes from the kernel itself, as a packet ring, counts as nobody's: without
    # this, the machine that runs out of it ends everybody else first.
    with open("/proc/self/oom_score_adj", "w", encoding="ascii") as file:
        file.write("1000")


def _end(remaining):
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        pids = remaining()
        if not pids:
            return
        for pid in pids:
            try:
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, os.WNOHANG)
            except (ProcessLookupError, ChildProcessError):
                pass
        time.sleep(0.005)  # A grandchild's end sends no event before it becomes our child.


def _descendants(ancestor):
    """Process ids below `ancestor`, zombies included only where they still have children."""
    children, zombies = {}, set()
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            with open(f"/proc/{entry}/stat", encoding="utf-8", errors="replace") as file:
                state, parent = file.read().rpartition(")")[2].split()[:2]
        except OSError:
            continue
        children.setdefault(int(parent), []).append(int(entry))
        if state == "Z":
            zombies.add(int(entry))
    found, queue = [], [ancestor]
    while queue:
        for pid in children.get(queue.pop(), []):
            queue.append(pid)
            found.append(pid)
    return [pid for pid in found if pid not in zombies]
