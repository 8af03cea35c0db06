"""One booted kernel, whichever way it is booted: its lines, its programs' results, its end."""

import shutil

from errors import LabError
from lines import Line
from process import Process

# The link to the other node: a name that does not depend on the kernel, and addresses of TEST-NET-1.
LINK_SCRIPT = """
if [ ! -e /sys/class/net/vec0 ]; then
  modprobe virtio_net
  ip link set dev eth0 name vec0
fi
ip address add 192.0.2.{node}/24 dev vec0
ip link set dev vec0 up
"""


class Machine:
    """A kernel as a process of this machine. Subclasses say how it starts."""

    def __init__(self, session, report, options, joint=None):
        self.session = session
        self.report = report
        self.options = options
        self.joint = joint
        self.log = bytearray()
        self._done = False
        self.killed = False
        self.dismissed = False  # Killed on request: nothing more is expected of it.
        self.process = None
        self._loop = None
        self.on_request = self._refuse
        self._pending = b""
        self._control = b""
        self._ended_outputs = set()
        self._statuses = {}
        self.console = Line(self.log.extend)
        self.output = Line(self._on_output)
        self.control = Line(self._on_control)
        self._lines = [self.console, self.output, self.control]

    # What a subclass gives.

    def command(self):
        """The argument vector that boots the kernel."""
        raise NotImplementedError

    def output_terminal(self):
        raise NotImplementedError

    def control_terminal(self):
        raise NotImplementedError

    # What everything else uses.

    def start(self, loop):
        self._loop = loop
        self.session.write_jobs("/lab")
        node = self.session.node
        self.session.write(
            "settings",
            f"lab_output={self.output_terminal()}\n"
            f"lab_control={self.control_terminal()}\n"
            f"lab_token={self.session.token}\n"
            f"lab_interactive={int(self.options.interactive)}\n",
        )
        if node:
            self.session.write("prepare", LINK_SCRIPT.format(node=node))
        self.process = Process(
            self.command(),
            stdin=self.console.theirs,
            stdout=self.console.theirs,
            stderr=self.console.theirs,
            pass_fds=[line.theirs.fileno() for line in self._lines],
            env=self.environment(),
        )
        for line in self._lines:
            line.close_theirs()
            loop.add_line(line)
        loop.add(self.process.exit_fd, lambda: False)
        self.report.begin(self.session.programs[0])

    def environment(self):
        """The environment of the kernel's process; None leaves it as it is."""
        return None

    def finished(self):
        """Every program has ended and what it wrote to the shared folder is there."""
        return self._done and self.programs_ended() == len(self.session.programs)

    def running(self):
        """Whether there is more to wait for."""
        return not self.finished() and not self.killed and self.process.wait(0) is None

    def programs_ended(self):
        return len(self.report.statuses)

    def current(self):
        """The name of the program under way."""
        ended = self.report.statuses
        left = [one.name for one in self.session.programs if one.name not in ended]
        return left[0] if left else "the end of the session"

    def kill(self):
        """Ends the kernel and all that belongs to it, and reads its last words."""
        if self.killed:
            return
        self.killed = True
        if self.process:
            self._loop.remove(self.process.exit_fd)
            self.process.kill()
        for line in self._lines:
            if self._loop:
                self._loop.remove(line.ours)
            line.finish()

    # Lines.

    def _on_output(self, data):
        self._pending += data
        while True:
            head, found, rest = self._pending.partition(b"\0lab " + self.session.token.encode())
            if not found:
                break
            number, found, rest = rest.partition(b"\0")
            if not found:
                return
            self._write(head)
            self._pending = rest
            self._ended_outputs.add(int(number))
            self._settle(int(number))
        # What might be the start of a mark stays until more comes.
        mark = self._pending.rfind(b"\0")
        keep = mark if mark >= 0 and len(self._pending) - mark < 64 else len(self._pending)
        self._write(self._pending[:keep])
        self._pending = self._pending[keep:]

    def _write(self, data):
        if data:
            self.report.output(data)

    def _on_control(self, data):
        self._control += data
        *lines, self._control = self._control.split(b"\n")
        for line in lines:
            word, _, rest = line.decode(errors="replace").strip().partition(" ")
            if word == "status":
                number, status = (int(field) for field in rest.split())
                self._statuses[number] = status
                self._settle(number)
            elif word == "done":
                self._done = True
            elif word:
                self.on_request(self, word, rest)

    def _settle(self, number):
        """A program has ended once its status and the end of its output have both come."""
        if number not in self._statuses or number not in self._ended_outputs:
            return
        programs = self.session.programs
        self.report.end(programs[number - 1], self._statuses[number])
        if number < len(programs):
            self.report.begin(programs[number])

    @staticmethod
    def _refuse(machine, word, _):
        machine.control.send(f"error no {word} on a single kernel\n".encode())


def need(program, package, kernel):
    """The path of a program, or the error that says how to get it."""
    found = shutil.which(program, path="/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin")
    if not found:
        raise LabError(
            f"kernel {kernel} is missing: {program} comes with the Debian package {package}. "
            f"Install it: sudo apt-get install {package}"
        )
    return found
