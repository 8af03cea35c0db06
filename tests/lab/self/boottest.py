"""Tests that hold for every kernel that is booted; uml_test.py and qemu_test.py name it."""

import os
import tempfile

from labtest import LabTest

HERE = os.path.dirname(os.path.realpath(__file__))


class BootTest:
    """Mixed into a LabTest that has a `kernel`."""

    kernel = None

    def test_is_a_whole_machine_and_leaves_the_host_alone(self):
        with tempfile.TemporaryDirectory() as results:
            xml = os.path.join(results, "xml")
            tmp = os.path.join(results, "tmp")
            os.mkdir(tmp)
            script = os.path.join(HERE, "guest_script.sh")
            result = self.lab(self.kernel, "--", "bash", script, TEST_TMPDIR=tmp,
                              XML_OUTPUT_FILE=xml, TEST_UNDECLARED_OUTPUTS_DIR=results)
            numbers = "".join(f"{number}\n" for number in range(1, 100001))
            self.assertEqual(result.returncode, 42, result.stdout[:1000])
            self.assertTrue(result.stdout.endswith(numbers + "no line end"))
            with open(xml, encoding="utf-8") as file:
                self.assertEqual(file.read(), "report\n")
            with open(os.path.join(results, "folder", "file"), encoding="utf-8") as file:
                self.assertEqual(file.read(), "output\n")
            self.assertEqual(os.listdir(tmp), [])
        self.assertFalse(os.path.exists("/etc/made-by-a-test"))
        self.assert_nothing_remains()

    def test_reports_a_panic_with_the_console(self):
        result = self.lab(self.kernel, "--", "sh", "-c",
                          "echo before the panic; echo c >/proc/sysrq-trigger; sleep 1000")
        self.assert_ends(result, 1, "before the panic", "Kernel panic - not syncing: sysrq",
                         "FAILED: the kernel died under sh")
        self.assert_nothing_remains()


__all__ = ["BootTest", "LabTest"]
