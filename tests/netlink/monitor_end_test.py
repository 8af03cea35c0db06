#!/usr/bin/python3
"""The end of `trivet netlink monitor`: however suddenly it is ended, what it has told and the table
that it prints are what the kernel has; and what the kernel changes unheard is found.

usage: monitor_end_test.py TRIVET
"""

import json
import os
import signal
import subprocess
import sys
import time

from monitor_stream import (KINDS, Disagreement, Monitor, batch, canonical, ip, ip_json, run)

# An emulated kernel takes its time.
MANY = 20000 if os.environ.get("TRIVET_LAB_KERNEL") == "host" else 5000


def told_and_printed(monitor, kinds):
    """The stream's last word and the table have the same objects, and the kernel has them."""
    names = {entry["ifname"]: entry["ifindex"] for entry in ip_json("link")}
    for kind in kinds:
        told = {canonical(kind, value, monitor.names) for value in monitor.objects[kind].values()}
        there = {canonical(kind, value, names) for value in KINDS[kind]()}
        if told != there:
            raise Disagreement(f"told, but not there: {sorted(told - there)[:5]}\n"
                               f"there, but not told: {sorted(there - told)[:5]}")
        if len(monitor.table[kind]) != len(there):
            raise Disagreement(f"{len(monitor.table[kind])} {kind} in the table of {len(there)}")


def ends_while_routes_are_in_doubt(trivet):
    """The routes of a link that goes down go without an event, and nobody waits for them."""
    for _ in range(10):
        batch(["link add v0 type bridge", "link set v0 up",
               "addr add 10.0.0.1/24 dev v0", "route add 10.9.0.0/16 via 10.0.0.2"])
        monitor = Monitor(trivet, "--table", "link", "route")
        monitor.settle(("link", "route"))
        ip("link", "set", "v0", "down")
        monitor.stop()
        told_and_printed(monitor, ("link", "route"))
        if monitor.counts.get("removed", 0) < 2:
            raise Disagreement(f"routes went untold: {monitor.lines[-5:]}")
        ip("link", "del", "v0")


def ends_in_a_flood(trivet):
    """With a buffer that cannot hold it, and thousands of events that wait to be printed."""
    batch(f"route add blackhole 10.{n >> 8}.{n & 255}.0/24" for n in range(MANY))
    monitor = Monitor(trivet, "--table", "link", "route", "--receive-buffer", "4096")
    monitor.settle(("route",))
    ip("route", "flush", "table", "main", "type", "blackhole")
    summary = monitor.stop()
    told_and_printed(monitor, ("route",))
    if monitor.counts.get("removed", 0) < MANY or f"{monitor.counts['removed']} removed" not in summary:
        raise Disagreement(f"{monitor.counts} and {summary}")
    if monitor.lines[-2]["event"] == "resync_begin":
        raise Disagreement("the resync has no end")


def finds_what_changes_unheard(trivet):
    """The kernel sends no event for a link that is down."""
    batch(["link add d0 type bridge", "link add x0 type vxlan id 7 remote 192.0.2.1 dstport 4789"])
    changes = ["link set d0 group 9", "link set d0 alias one", "link set d0 mode dormant",
               "link set x0 type vxlan id 7 ageing 77"]
    heard = Monitor(trivet, "-d", "link", "--reread", "0.2")
    unheard = Monitor(trivet, "-d", "--table", "link", "--reread", "0")
    for monitor in (heard, unheard):
        while monitor.counts.get("present", 0) < len(ip_json("link")):
            monitor.read(1)
    for change in changes:
        before = heard.counts.get("changed", 0)
        ip(*change.split())
        deadline = time.monotonic() + 20
        while heard.counts.get("changed", 0) == before:
            heard.read(0.2)
            if time.monotonic() > deadline:
                raise Disagreement(f"{change}: not found")
    if unheard.counts.get("changed", 0):
        raise Disagreement("the kernel does send an event: the test says nothing")
    heard.stop()
    unheard.stop()
    told = {link["ifname"]: link for link in unheard.table["link"]}
    if (told["d0"]["group"], told["d0"]["ifalias"]) != ("9", "one"):
        raise Disagreement(f"the table has {told['d0']}")
    if told["x0"]["linkinfo"]["info_data"]["ageing"] != 77 or not unheard.counts["changed"]:
        raise Disagreement(f"the table has {told['x0']}")
    ip("link", "del", "d0")
    ip("link", "del", "x0")


def ends_in_many_namespaces(trivet):
    """The same in a namespace that is watched beside others."""
    ip("netns", "add", "blue")
    for line in ("link add v0 type veth peer name v1", "link set v1 up", "link set v0 up",
                 "addr add 10.0.0.1/24 dev v0", "route add 10.9.0.0/16 via 10.0.0.2"):
        ip("-n", "blue", *line.split())
    with subprocess.Popen([trivet, "netlink", "monitor", "-j", "--initial", "--table",
                           "--all-netns", "link", "route"], stdout=subprocess.PIPE) as process:
        for line in process.stdout:
            document = json.loads(line)
            if document.get("netns") == "blue" and document.get("dst") == "10.9.0.0/16":
                break
        run(["ip", "-n", "blue", "link", "set", "v0", "down"])
        process.send_signal(signal.SIGINT)
        lines = [json.loads(line) for line in process.stdout]
    there = ip_json("-n", "blue", "-4", "route", "show", "table", "all")
    table = [route for route in lines[-1]["table"]["blue"]["route"] if ":" not in route["dst"]]
    gone = [line["dst"] for line in lines if line.get("event") == "removed"
            and line.get("object") == "route" and line["netns"] == "blue"]
    ip("netns", "del", "blue")
    if len(table) != len(there) or "10.9.0.0/16" not in gone:
        raise Disagreement(f"{table} instead of {there}; gone: {gone}")


def main():
    trivet = sys.argv[1]
    ip("link", "set", "lo", "up")
    for test in (ends_while_routes_are_in_doubt, ends_in_a_flood, finds_what_changes_unheard,
                 ends_in_many_namespaces):
        start = time.monotonic()
        test(trivet)
        print(f"{test.__name__}: {time.monotonic() - start:.1f} s")


main()
