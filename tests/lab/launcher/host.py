"""The kernel under the launcher itself, in fresh namespaces."""

import os
import subprocess

import clock
from errors import LabError
from process import Process

_SPACES = ["--net", "--mount", "--propagation", "private"]
_PIDS = ["--pid", "--fork", "--kill-child", "--mount-proc"]

# Most isolated first. A user namespace is what gives an ordinary user the others; containers may
# forbid mounting /proc, which a process namespace needs.
_WAYS = [
    _SPACES + _PIDS,
    ["--map-root-user", "--map-auto"] + _SPACES + _PIDS,
    ["--map-root-user"] + _SPACES + _PIDS,
    _SPACES,
    ["--map-root-user"] + _SPACES,
]


def _unshare():
    first_error = None
    for way in _WAYS:
        probe = subprocess.run(
            ["unshare", *way, "true"], stdin=subprocess.DEVNULL, capture_output=True, check=False
        )
        if probe.returncode == 0:
            return ["unshare", *way]
        first_error = first_error or probe.stderr.decode(errors="replace").strip()
    raise LabError(
        f"kernel host: no fresh namespace can be made here ({first_error}). Run as root, or allow "
        "user namespaces (sysctl kernel.unprivileged_userns_clone=1), or give the container "
        "--privileged."
    )


class Host:
    """Runs the programs of a session one after another, each in namespaces of its own."""

    def __init__(self, session, options):
        self.session = session
        self.interactive = options.interactive

    def run(self, deadline, report):
        unshare = _unshare()
        self.session.write_jobs(self.session.folder)
        for number, program in enumerate(self.session.programs, 1):
            if program.initial_network:
                raise LabError(
                    f"{program.name} wants the initial network namespace, which on host is the "
                    "machine's own; only a booted kernel gives it"
                )
            report.begin(program)
            process = Process(
                [*unshare, "sh", self.session.path("guest", "program"), "fresh",
                 self.session.path("job", str(number))],
                own_session=not self.interactive,
                stdin=None if self.interactive else subprocess.DEVNULL,
            )
            try:
                status = process.wait(deadline.left())
            finally:
                process.kill()
            if status is None:
                raise clock.Expired(f"{program.name} on host")
            report.end(program, status)
