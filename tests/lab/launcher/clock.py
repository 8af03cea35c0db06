"""How long a run may take."""

import os
import time


class Expired(Exception):
    """The time is over; the argument says what was under way."""


class Deadline:
    """Ends before Bazel's own timeout does, so that a hang's console still gets printed."""

    def __init__(self, seconds=None):
        if seconds is None and os.environ.get("TEST_TIMEOUT"):
            allowed = float(os.environ["TEST_TIMEOUT"])
            seconds = max(allowed * 0.5, allowed - 4)
        self.seconds = seconds
        self._end = None if seconds is None else time.monotonic() + seconds

    def left(self):
        """Seconds left, at least 0; None without a limit."""
        return None if self._end is None else max(0.0, self._end - time.monotonic())
