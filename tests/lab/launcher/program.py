"""What is to be run: a command with its modules, by hand or declared by lab.bzl."""

import dataclasses
import json
import mmap
import os

from errors import LabError

SANITIZERS = {b"__asan_init": "AddressSanitizer", b"__tsan_init": "ThreadSanitizer"}


@dataclasses.dataclass
class Program:
    """One command; paths in it are relative to the working folder."""

    name: str
    command: list
    modules: list = dataclasses.field(default_factory=list)
    initial_network: bool = False

    def sanitizer(self):
        """The sanitizer that a file of the command is built with, or None."""
        for word in self.command:
            found = _sanitizer_of(word)
            if found:
                return found
        return None


def _sanitizer_of(path):
    if not os.path.isfile(path):
        return None
    with open(path, "rb") as file:
        if file.read(4) != b"\x7fELF":
            return None
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as image:
            for symbol, name in SANITIZERS.items():
                if image.find(symbol) >= 0:
                    return name
    return None


def load(path, extra_args):
    """Reads the file that a lab_program rule wrote; extra_args go to its command."""
    try:
        with open(path, encoding="utf-8") as file:
            fields = json.load(file)
    except (OSError, ValueError) as error:
        raise LabError(f"{path} is no program file of lab.bzl: {error}") from error
    return Program(
        fields["name"], fields["command"] + extra_args, fields["modules"],
        fields["initial_network"],
    )
