"""The one error that the launcher reports as a line, not as a traceback."""


class LabError(Exception):
    """Says what went wrong and what cures it; the launcher prints it and exits 1."""
