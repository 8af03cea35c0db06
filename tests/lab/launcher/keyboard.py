"""A person's keyboard as the standard input of a kernel's output terminal."""

import os
import sys
import termios
import tty


class Keyboard:
    """Context manager: the terminal is raw within, so that every key reaches the kernel."""

    def __enter__(self):
        self._saved = termios.tcgetattr(sys.stdin.fileno())
        tty.setraw(sys.stdin.fileno())
        return self

    def __exit__(self, *unused):
        termios.tcsetattr(sys.stdin.fileno(), termios.TCSADRAIN, self._saved)

    def attach(self, loop, machine):
        def key():
            data = os.read(sys.stdin.fileno(), 4096)
            machine.output.send(data)
            return bool(data)

        loop.add(sys.stdin, key)
