"""The lines between the launcher and a kernel: one socket each, read in one loop."""

import selectors
import socket

LAST_WORDS = 2.0


class Line:
    """One line. `ours` stays here; `theirs` is handed to the kernel's process."""

    def __init__(self, on_data):
        self.ours, self.theirs = socket.socketpair()
        self.ours.setblocking(False)
        self.theirs.set_inheritable(True)
        self.on_data = on_data
        self.open = True

    def close_theirs(self):
        """After the start: only then does the kernel's end show as an end of file here."""
        self.theirs.close()

    def send(self, data):
        self.ours.setblocking(True)
        try:
            self.ours.sendall(data)
        except OSError:
            pass  # The kernel is gone; whoever watches it says so.
        self.ours.setblocking(False)

    def read(self):
        """Hands on what is there; False at the end of the line."""
        if self.ours.fileno() < 0:
            return False  # Finished by what the same round of the loop did before.
        try:
            data = self.ours.recv(1 << 16)
        except BlockingIOError:
            return True
        except ConnectionError:
            data = b""
        if data:
            self.on_data(data)
        return bool(data)

    def finish(self):
        """Reads to the end: every process that had the other end is gone, or soon will be."""
        if self.ours.fileno() < 0:
            return
        self.close_theirs()
        self.ours.settimeout(LAST_WORDS)
        try:
            while self.read():
                pass
        except TimeoutError:
            pass
        self.ours.close()


class Loop:
    """Waits for lines, process ends and the keyboard."""

    def __init__(self):
        self._selector = selectors.DefaultSelector()

    def add(self, source, callback):
        """callback() returns False when the source has nothing more to say."""
        self._selector.register(source, selectors.EVENT_READ, callback)

    def add_line(self, line):
        self.add(line.ours, line.read)

    def remove(self, source):
        try:
            self._selector.unregister(source)
        except (KeyError, ValueError):
            pass  # It ended by itself.

    def turn(self, timeout):
        """One round. False when the time is over or nothing is left to wait for."""
        if not self._selector.get_map():
            return False
        events = self._selector.select(timeout)
        for key, _ in events:
            if key.data() is False:
                self.remove(key.fileobj)
        return bool(events)

