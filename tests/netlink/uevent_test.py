#!/usr/bin/python3
"""`trivet netlink uevent` beside a bare socket: the same events, with the same properties."""
import json
import signal
import socket
import subprocess
import sys

NETLINK_KOBJECT_UEVENT = 15


def ip(*words):
    subprocess.run(["ip", *words], check=True)


def properties(datagram):
    """What a kernel's datagram says, without its first word."""
    return dict(word.split("=", 1) for word in datagram.decode().split("\0")[1:] if word)


def main():
    trivet = sys.argv[1]
    process = subprocess.Popen([trivet, "netlink", "uevent", "-j"], stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True)
    if process.stderr.readline() != "listening\n":
        raise SystemExit("it does not listen")
    bare = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_KOBJECT_UEVENT)
    bare.bind((0, 1))
    bare.settimeout(20)

    ip("link", "add", "v0", "type", "veth", "peer", "name", "v1")
    ip("link", "set", "v0", "name", "renamed")
    ip("link", "del", "renamed")
    expected = []
    while not (expected and expected[-1]["ACTION"] == "remove"
               and expected[-1].get("INTERFACE") in ("v1", "renamed")
               and sum(one["ACTION"] == "remove" and one["SUBSYSTEM"] == "net"
                       for one in expected) == 2):
        expected.append(properties(bare.recv(65536)))

    ours = []
    while len(ours) < len(expected):
        ours.append(json.loads(process.stdout.readline()))
    if [one["properties"] for one in ours] != expected:
        raise SystemExit(f"{ours}\ninstead of\n{expected}")
    if {one["source"] for one in ours} != {"kernel"}:
        raise SystemExit(str(ours))
    if not any(one["ACTION"] == "move" for one in expected):
        raise SystemExit("no event of the new name")

    process.send_signal(signal.SIGINT)
    rest, errors = process.communicate(timeout=60)
    if (process.returncode, rest) != (0, "") or f"{len(expected)} events" not in errors:
        raise SystemExit(f"it ended with {process.returncode}: {rest} {errors}")

    text = subprocess.Popen([trivet, "netlink", "uevent", "--properties"], stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, text=True)
    text.stderr.readline()
    ip("link", "add", "v0", "type", "veth", "peer", "name", "v1")
    first, second = text.stdout.readline(), text.stdout.readline()
    if not first.startswith("kernel add      /devices/virtual/net/v") or "(net)" not in first:
        raise SystemExit(first)
    if second != "    ACTION=add\n":
        raise SystemExit(second)
    text.send_signal(signal.SIGTERM)
    text.communicate(timeout=60)
    print(f"{len(expected)} events")


main()
