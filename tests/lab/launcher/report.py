"""What the launcher itself says: a line per program of a suite, and why a run failed."""

import sys
import time

CONSOLE_LINES = 200


class Report:
    """Results of the programs of one session."""

    def __init__(self, kernel, programs, prefix=""):
        self.kernel = kernel
        self.prefix = prefix
        self.several = len(programs) > 1
        self.statuses = {}
        self._started = None
        self._at_line_start = True

    def begin(self, program):
        self._started = time.monotonic()
        if self.several:
            self.say(f"{program.name} on {self.kernel}")

    def end(self, program, status):
        self.statuses[program.name] = status
        if self.several:
            result = "passed" if status == 0 else f"FAILED, exit status {status}"
            self.say(f"{program.name} {result} ({time.monotonic() - self._started:.1f} s)")

    def output(self, data):
        """Passes on what a program wrote, each line behind the prefix if there is one."""
        stream = sys.stdout.buffer
        if self.prefix:
            prefix = self.prefix.encode()
            for line in data.splitlines(keepends=True):
                stream.write(prefix + line if self._at_line_start else line)
                self._at_line_start = line.endswith(b"\n")
        else:
            stream.write(data)
            self._at_line_start = data.endswith(b"\n")
        stream.flush()

    def say(self, text):
        stream = sys.stdout.buffer
        if not self._at_line_start:
            stream.write(b"\n")
            self._at_line_start = True
        stream.write(f"{self.prefix}[lab] {text}\n".encode())
        stream.flush()

    def console(self, log):
        """Prints the end of a kernel's console."""
        lines = log.decode(errors="replace").replace("\r", "").splitlines()
        self.say(f"console of {self.kernel}, last {min(len(lines), CONSOLE_LINES)} lines:")
        for line in lines[-CONSOLE_LINES:]:
            self.output(f"  {line}\n".encode())
        self.say("end of the console")

    def exit_status(self):
        """0 if all passed; a single program's own status; else 1."""
        failures = [status for status in self.statuses.values() if status]
        return failures[0] if failures and not self.several else int(bool(failures))
