#!/usr/bin/python3
"""`trivet netlink ethtool` beside ethtool(8): the same lines, and in JSON the same keys and values.

usage: ethtool_test.py TRIVET
"""

import json
import os
import select
import signal
import subprocess
import sys

sys.dont_write_bytecode = True  # the folder is the source's
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../data/netlink"))

# pylint: disable-next=wrong-import-position,import-error
import capture_ethtool

SECTIONS = {"": [], "features": ["-k"], "rings": ["-g"], "channels": ["-l"]}


def run(*words):
    return subprocess.run(words, capture_output=True, text=True, check=False)


def expect(ours, theirs, what):
    if ours != theirs:
        raise SystemExit(f"{what}:\n{ours}\ninstead of\n{theirs}")


def without_pushes(text):
    """ethtool 6.1 ends the lines of what is new with other spaces."""
    return [" ".join(line.split()) for line in text.splitlines()]


def compare(trivet, device, section):
    """@return whether there is such a thing"""
    theirs = run("ethtool", *SECTIONS[section], device)
    ours = run(trivet, "netlink", "ethtool", device, *section.split())
    if theirs.returncode:
        expect((ours.returncode, ours.stdout), (1, ""), f"{device} {section}: {theirs.stderr}")
        return False
    expect(without_pushes(ours.stdout), without_pushes(theirs.stdout), f"{device} {section}")
    [one] = json.loads(run(trivet, "netlink", "ethtool", device, *section.split(), "-j").stdout)
    expect(one["ifname"], device, "the device")
    if section == "features":
        [wanted] = json.loads(run("ethtool", "--json", "-k", device).stdout)
        expect(list(one.items()), list(wanted.items()), f"JSON of {device} {section}")
    elif section in ("rings", "channels"):
        # Each number of the text, in the order of the text; this ethtool has no JSON of them.
        numbers = [int(word) for word in theirs.stdout.split() if word.isdigit()]
        expect([v for k, v in one.items() if k != "ifname" and not isinstance(v, bool)], numbers,
               f"JSON of {device} {section}")
    else:
        detected = "Link detected: yes" in theirs.stdout
        expect(one["link-detected"], detected, f"JSON of {device}")
    return True


def compare_all(trivet):
    """A section of all devices is that of each."""
    for section in ("features", "channels"):
        together = json.loads(run(trivet, "netlink", "ethtool", section, "-j").stdout)
        for one in together:
            alone = json.loads(run(trivet, "netlink", "ethtool", one["ifname"], section,
                                   "-j").stdout)
            expect(alone, [one], f"{section} of all")
    settings = json.loads(run(trivet, "netlink", "ethtool", "-j").stdout)
    for one in settings:
        expect(json.loads(run(trivet, "netlink", "ethtool", one["ifname"], "-j").stdout), [one],
               "settings of all")
    [link] = json.loads(run(trivet, "netlink", "ethtool", "v0", "link", "-j").stdout)
    [modes] = json.loads(run(trivet, "netlink", "ethtool", "v0", "modes", "-j").stdout)
    [both] = [one for one in settings if one["ifname"] == "v0"]
    expect({**modes, **link}, both, "link and modes")


def read_document(process):
    if not select.select([process.stdout], [], [], 60)[0]:
        raise SystemExit("no notification")
    return json.loads(process.stdout.readline())


def watch(trivet):
    """What is changed is told as it then is."""
    process = subprocess.Popen([trivet, "netlink", "ethtool", "v0", "--monitor", "-j"],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0)
    if process.stderr.readline() != b"listening\n":
        raise SystemExit("it does not listen")
    for change, section in (("-K v0 tso off", "features"), ("-L v0 rx 1", "channels"),
                            ("-K v1 tso off", None), ("-L v0 rx 2", "channels")):
        option, device, *rest = change.split()
        run("ethtool", option, device, *rest)
        if section:
            now = json.loads(run(trivet, "netlink", "ethtool", device, section, "-j").stdout)
            expect(read_document(process), now, change)
    process.send_signal(signal.SIGINT)
    rest, errors = process.communicate(timeout=60)
    expect((process.returncode, rest, errors), (0, b"", b"3 changes\n"), "its end")


def refuse(trivet):
    missing = run(trivet, "netlink", "ethtool", "nosuch")
    expect((missing.returncode, missing.stderr),
           (1, "trivet: nosuch: there is no such device in this namespace "
               "('trivet netlink link show' lists them)\n"), "a device that is not there")
    wrong = run(trivet, "netlink", "ethtool", "v0", "colour")
    expect((wrong.returncode, wrong.stdout), (2, ""), "a section that there is not")


def main():
    trivet = os.path.abspath(sys.argv[1])
    known = run(trivet, "netlink", "genl", "ethtool")
    if known.returncode:
        # user-mode-linux is built without it.
        got = run(trivet, "netlink", "ethtool")
        expect((got.returncode, got.stdout), (1, ""), "without the family")
        if "CONFIG_ETHTOOL_NETLINK" not in got.stderr:
            raise SystemExit(got.stderr)
        print("no family ethtool: " + got.stderr.strip())
        return
    capture_ethtool.make_links()
    refuse(trivet)
    emulated = "TRIVET_LAB_LINK" in os.environ
    devices = [os.environ["TRIVET_LAB_LINK"], "v0"] if emulated else sorted(
        name for name in os.listdir("/sys/class/net")
        if os.path.exists(f"/sys/class/net/{name}/address"))
    count = sum(compare(trivet, device, section) for device in devices for section in SECTIONS)
    if not emulated:  # every question takes its time there
        compare_all(trivet)
    watch(trivet)
    if count < (6 if emulated else 10):
        raise SystemExit(f"only {count} sections were compared")
    print(f"{count} sections compared")


main()
