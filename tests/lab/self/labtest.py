"""What the lab's tests of itself share: running the launcher and looking at what it did."""

import os
import shutil
import subprocess
import tempfile
import unittest
import uuid

TREE = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
LAB = os.path.join(TREE, "launcher", "main.py")

# Bazel's own settings for this test are not those of the tests that it starts.
BAZEL_SETTINGS = (
    "TEST_TIMEOUT", "XML_OUTPUT_FILE", "TEST_UNDECLARED_OUTPUTS_DIR", "TEST_SHARD_STATUS_FILE",
    "TESTBRIDGE_TEST_ONLY",
)


class LabTest(unittest.TestCase):
    """A fresh folder for the launcher's files, and a mark by which its processes are found."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="lab-self-", dir="/tmp")
        self.addCleanup(folder.cleanup)
        os.chmod(folder.name, 0o777)
        self.folder = folder.name
        self.mark = f"LAB_SELF_TEST={uuid.uuid4()}"
        self.env = {key: value for key, value in os.environ.items() if key not in BAZEL_SETTINGS}
        self.env.update(
            [self.mark.split("=")], TMPDIR=self.folder, PATH=os.environ["PATH"] + ":/usr/sbin"
        )

    def lab(self, *arguments, launcher=(LAB,), cwd=None, **env):
        """Runs the launcher to its end; its output and errors in one text."""
        return subprocess.run(
            [*launcher, *arguments], env={**self.env, **env}, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, errors="replace", check=False,
            cwd=cwd,
        )

    def lab_as_nobody(self, *arguments):
        """The same as an ordinary user, who may not be able to read where this file is."""
        with tempfile.TemporaryDirectory(dir="/tmp") as copy:
            os.chmod(copy, 0o755)
            for part in ("launcher", "guest"):
                shutil.copytree(os.path.join(TREE, part), os.path.join(copy, part))
            user = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
            launcher = [*user, f"{copy}/launcher/main.py"]
            return self.lab(*arguments, launcher=launcher, cwd="/")

    def assert_ends(self, result, status, *texts):
        """It ended with this status and said these things."""
        self.assertEqual(result.returncode, status, result.stdout)
        for text in texts:
            self.assertIn(text, result.stdout)

    def assert_nothing_remains(self):
        """No process that the launcher started, and no file."""
        self.assertEqual(self.processes(), [])
        self.assertEqual(os.listdir(self.folder), [])

    def processes(self):
        """The command lines of the processes with the mark, zombies left out."""
        found = []
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{pid}/environ", encoding="utf-8", errors="replace") as file:
                    marked = self.mark in file.read().split("\0")
                with open(f"/proc/{pid}/cmdline", encoding="utf-8", errors="replace") as file:
                    command = file.read().replace("\0", " ")
            except OSError:
                continue
            if marked:
                found.append(f"{pid} {command}")
        return found
