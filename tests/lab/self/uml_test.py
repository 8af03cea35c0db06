#!/usr/bin/python3
"""The launcher on user-mode-linux."""

import os
import signal
import subprocess
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
# pylint: disable=wrong-import-position
from boottest import BootTest, LabTest
from labtest import LAB


class Uml(BootTest, LabTest):
    """lab uml."""

    kernel = "uml"

    def test_reports_a_hang_with_the_console_at_the_time_limit(self):
        result = self.lab("uml", "--timeout", "8", "--", "sh", "-c", "sleep 1000")
        self.assert_ends(result, 1, "console of uml", "Linux version 6.",
                         "FAILED: sh has not ended in 8 s")
        self.assert_nothing_remains()

    def test_leaves_nothing_when_it_is_ended(self):
        launchers = [
            (number, subprocess.Popen([LAB, "uml", "--", "sh", "-c", "echo ready; sleep 1000"],
                                      env=self.env, stdout=subprocess.PIPE))
            for number in (signal.SIGTERM, signal.SIGKILL)
        ]
        for number, launcher in launchers:
            with launcher:
                self.assertEqual(launcher.stdout.readline(), b"ready\n")
                launcher.send_signal(number)
                launcher.stdout.read()  # Its end: no process has it open any more.
                launcher.wait()
                self.assertIn(launcher.returncode, (-number, 128 + number))
        self.assert_nothing_remains()

    @unittest.skipIf(os.getuid() != 0, "every other test here runs as an ordinary user, then")
    def test_works_for_an_ordinary_user(self):
        result = self.lab_as_nobody("uml", "--", "sh", "-c", "id -u; touch /etc/made")
        self.assert_ends(result, 0, "0\n")
        self.assert_nothing_remains()


if __name__ == "__main__":
    unittest.main(verbosity=2)
