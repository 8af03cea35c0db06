#!/usr/bin/python3
"""The launcher on the running kernel, which is where most of it can be tested quickly."""

import fcntl
import json
import os
import signal
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
# pylint: disable=wrong-import-position
from labtest import LAB, LabTest


class Host(LabTest):
    """lab host."""

    def test_gives_back_the_exit_status(self):
        self.assert_ends(self.lab("host", "--", "true"), 0)
        self.assert_ends(self.lab("host", "--", "sh", "-c", "exit 3"), 3)
        self.assert_ends(self.lab("host", "--", "sh", "-c", "kill -SEGV $$"), 128 + 11)
        self.assert_ends(self.lab("host", "--", "/no/such/program"), 127)
        self.assert_nothing_remains()

    def test_runs_in_fresh_namespaces(self):
        own = {kind: os.readlink(f"/proc/self/ns/{kind}") for kind in ("net", "mnt", "pid")}
        script = "for kind in net mnt pid; do readlink /proc/self/ns/$kind; done; ls /sys/class/net"
        *inside, interfaces = self.lab("host", "--", "sh", "-c", script).stdout.split()
        self.assertEqual(interfaces, "lo")
        self.assertEqual(set(inside) & set(own.values()), set())

    def test_hands_on_arguments_environment_and_folder(self):
        odd = "a  b'c\"d$e`f\\g\nh*"
        script = 'printf "%s|" "$1" "$ODD" "$TRIVET_LAB_KERNEL" "$PWD"'
        result = self.lab("host", "--", "sh", "-c", script, "sh", odd, ODD=odd)
        self.assert_ends(result, 0, f"{odd}|{odd}|host|{os.getcwd()}|")

    def test_never_runs_in_the_machines_own_network(self):
        result = self.lab("host", "--initial-network", "--", "touch", self.folder + "/ran")
        self.assert_ends(result, 1, "the machine's own")
        self.assert_nothing_remains()

    def test_ends_what_a_program_leaves_behind(self):
        self.assert_ends(self.lab("host", "--", "sh", "-c", "setsid sleep 1000 & exit 0"), 0)
        self.assert_nothing_remains()

    def test_cuts_a_program_at_the_time_limit(self):
        result = self.lab("host", "--timeout", "0.3", "--", "sh", "-c", "sleep 1000 & sleep 1000")
        self.assert_ends(result, 1, "FAILED: sh on host has not ended in 0.3 s")
        result = self.lab("host", "--", "sleep", "1000", TEST_TIMEOUT="1")
        self.assert_ends(result, 1, "has not ended in 0.5 s")
        self.assert_nothing_remains()

    def test_leaves_nothing_when_it_is_ended(self):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGKILL):
            with self.subTest(signal=number), subprocess.Popen(
                [LAB, "host", "--", "sh", "-c", "echo ready; setsid sleep 1000 & sleep 1000"],
                env=self.env, stdout=subprocess.PIPE,
            ) as launcher:
                self.assertEqual(launcher.stdout.readline(), b"ready\n")
                launcher.send_signal(number)
                launcher.stdout.read()  # Its end: no process has it open any more.
                launcher.wait()
                self.assertIn(launcher.returncode, (-number, 128 + number))
                self.assert_nothing_remains()

    def test_removes_the_folder_of_a_run_that_was_killed_with_all_its_processes(self):
        used, abandoned = (tempfile.mkdtemp(prefix="trivet-lab.", dir=self.folder) for _ in "12")
        lock = os.open(used, os.O_RDONLY)
        fcntl.flock(lock, fcntl.LOCK_EX)
        self.lab("host", "--", "true")
        self.assertTrue(os.path.exists(abandoned), "one that may be about to be locked")
        # No call sets a file's change time back: the launcher is told to take none for young.
        change = "import runpy, sys; sys.path.insert(0, sys.argv[1]); import scratch; " \
                 "scratch.YOUNG = -1; sys.argv[1:] = ['host', '--', 'true']; " \
                 "runpy.run_path(sys.path[0] + '/main.py', run_name='__main__')"
        python = ("/usr/bin/python3", "-B", "-c", change, os.path.dirname(LAB))
        self.assert_ends(self.lab(launcher=python), 0)
        self.assertEqual(os.listdir(self.folder), [os.path.basename(used)])
        os.close(lock)
        os.rmdir(used)

    def test_names_the_package_of_a_missing_kernel(self):
        # The lab in the lab: only there may a program of this machine be hidden.
        hidden = "mount --bind /dev/null {}; exec {} {} -- true"
        for path, kernel, package in (
            ("/usr/bin/linux.uml", "uml", "user-mode-linux"),
            ("/usr/bin/linux.uml", "uml_pair", "user-mode-linux"),
            ("/usr/bin/qemu-system-x86_64", "qemu", "qemu-system-x86"),
        ):
            with self.subTest(kernel=kernel):
                script = hidden.format(path, LAB, kernel)
                result = self.lab("host", "--", "sh", "-c", script)
                self.assert_ends(result, 1, f"kernel {kernel} is missing",
                                 f"sudo apt-get install {package}")
        result = self.lab("qemu", "--", "true", XDG_CACHE_HOME=self.folder)
        self.assert_ends(result, 1, "kernel qemu is missing", "linux-image-amd64",
                         "tests/lab/lab qemu --fetch")

    @unittest.skipIf(os.getuid() != 0, "every other test here runs as an ordinary user, then")
    def test_works_for_an_ordinary_user(self):
        script = "id -u; ip link add made type veth && ls /sys/class/net; touch /etc/no"
        result = self.lab_as_nobody("host", "--", "sh", "-c", script)
        self.assert_ends(result, 1, "0\n", "lo\nmade\n", "cannot touch")
        self.assert_nothing_remains()


class Suite(LabTest):
    """Several programs in one run, as kernel_suite starts them."""

    def program(self, name, script):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            json.dump({"name": name, "command": ["sh", "-c", script], "modules": [],
                       "initial_network": False}, file)
        self.addCleanup(os.unlink, path)
        return f"--program={path}"

    def test_runs_all_and_fails_if_one_fails(self):
        report = 'echo "<testsuites><testsuite name=\'s\'/></testsuites>" >"$XML_OUTPUT_FILE"'
        good = self.program("good", f"{report}; ip link add rest type veth; echo good output")
        bad = self.program("bad", f"{report}; exit 5")
        last = self.program("last", "ip link show dev rest && exit 9; "
                            f"{report}; echo x >$TEST_UNDECLARED_OUTPUTS_DIR/file")
        with tempfile.TemporaryDirectory() as results:
            xml = os.path.join(results, "xml")
            bazel = {"XML_OUTPUT_FILE": xml, "TEST_UNDECLARED_OUTPUTS_DIR": results}
            result = self.lab("host", good, bad, last, **bazel)
            self.assert_ends(result, 1, "good output", "good passed", "bad FAILED, exit status 5",
                             "last passed")
            with open(xml, encoding="utf-8") as file:
                merged = file.read()
            for name in ("good.s", "bad.s", "last.s"):
                self.assertIn(name, merged)
            self.assertEqual(os.listdir(os.path.join(results, "last")), ["file"])
            self.assert_ends(self.lab("host", good, last, **bazel), 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
