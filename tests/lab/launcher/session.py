"""The folder that the launcher and a kernel share, and what comes back through it.

    guest/   the scripts that run inside
    job/N    the N-th program as shell commands: its environment, its folder, its arguments
    job/N.network    its network namespace: fresh or initial
    out/N.xml, out/N/   its test report and its undeclared outputs, brought to Bazel's places
"""

import os
import re
import secrets
import shlex
import shutil
import xml.etree.ElementTree as ElementTree

import unpacked
from scratch import Scratch

GUEST_SCRIPTS = os.path.join(os.path.dirname(os.path.dirname(os.path.realpath(__file__))), "guest")
SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


class Session:
    """Programs for one kernel. Use as a context manager: leaving it removes the folder."""

    def __init__(self, kernel, programs, node=None):
        self.kernel = kernel
        self.programs = programs
        self.node = node
        self.token = secrets.token_hex(16)
        self.folder = None
        self._scratch = None

    def __enter__(self):
        self._scratch = Scratch()
        self.folder = self._scratch.path
        shutil.copytree(GUEST_SCRIPTS, self.path("guest"))
        unpacked.hand_to(self)
        for part in ("job", "out"):
            os.mkdir(self.path(part))
        return self

    def __exit__(self, *unused):
        self._scratch.remove()

    def path(self, *parts):
        return os.path.join(self.folder, *parts)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)

    def write_jobs(self, inside):
        """Writes every job; `inside` is where the kernel sees the folder."""
        for number, program in enumerate(self.programs, 1):
            out = os.path.join(inside, "out", str(number))
            os.mkdir(self.path("out", str(number)))
            # The link of a pair is in the initial network namespace, so its programs are, too.
            initial = program.initial_network or self.node
            self.write(f"job/{number}.network", "initial" if initial else "fresh")
            with open(self.path("job", str(number)), "w", encoding="utf-8") as file:
                for name, value in self._environment(out).items():
                    if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name):
                        file.write(f"export {name}={shlex.quote(value)}\n")
                file.write(f"lab_modules={shlex.quote(' '.join(program.modules))}\n")
                file.write(f"cd {shlex.quote(os.getcwd())} || exit 127\n")
                file.write(f"set -- {shlex.join(program.command)}\n")

    def _environment(self, out):
        env = dict(os.environ)
        env["PATH"] = f"{env['PATH']}:{SYSTEM_PATH}" if env.get("PATH") else SYSTEM_PATH
        env["TRIVET_LAB_KERNEL"] = self.kernel
        env.pop("TRIVET_LAB_NODE", None)
        env.pop("TRIVET_LAB_LINK", None)
        if self.node:
            env["TRIVET_LAB_NODE"] = str(self.node)
            env["TRIVET_LAB_LINK"] = "vec0"
        if "XML_OUTPUT_FILE" in env:
            env["XML_OUTPUT_FILE"] = out + ".xml"
        if "TEST_UNDECLARED_OUTPUTS_DIR" in env:
            env["TEST_UNDECLARED_OUTPUTS_DIR"] = out
        return env


def collect(sessions):
    """Brings reports and outputs of every session to where Bazel looks for them."""
    if os.environ.get("TEST_SHARD_STATUS_FILE"):
        with open(os.environ["TEST_SHARD_STATUS_FILE"], "w", encoding="utf-8"):
            pass
    outputs = os.environ.get("TEST_UNDECLARED_OUTPUTS_DIR")
    reports = []
    for session in sessions:
        for number, program in enumerate(session.programs, 1):
            label = program.name + (f".node{session.node}" if session.node else "")
            out = session.path("out", str(number))
            if outputs and os.listdir(out):
                several = len(sessions) * len(session.programs) > 1
                target = os.path.join(outputs, label) if several else outputs
                shutil.copytree(out, target, dirs_exist_ok=True)
            if os.path.exists(out + ".xml"):
                reports.append((label, out + ".xml"))
    if reports and os.environ.get("XML_OUTPUT_FILE"):
        _merge_reports(reports, os.environ["XML_OUTPUT_FILE"])


def _merge_reports(reports, target):
    if len(reports) == 1:
        shutil.copyfile(reports[0][1], target)
        return
    merged = ElementTree.Element("testsuites")
    for label, path in reports:
        try:
            for suite in ElementTree.parse(path).getroot().iter("testsuite"):
                suite.set("name", f"{label}.{suite.get('name')}")
                merged.append(suite)
        except ElementTree.ParseError:
            continue  # A killed program leaves half a report; its failure is counted elsewhere.
    ElementTree.ElementTree(merged).write(target, encoding="utf-8", xml_declaration=True)
