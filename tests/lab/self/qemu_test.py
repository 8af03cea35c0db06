#!/usr/bin/python3
"""The launcher on Debian's stock kernel under qemu."""

import os
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
# pylint: disable=wrong-import-position
from boottest import BootTest, LabTest


class Qemu(BootTest, LabTest):
    """lab qemu."""

    kernel = "qemu"


if __name__ == "__main__":
    unittest.main(verbosity=2)
