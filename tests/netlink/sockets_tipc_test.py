#!/usr/bin/python3
"""`trivet netlink sockets tipc` against what Python has open, and what ss(8) says of it."""
import json
import os
import select
import socket
import subprocess
import sys

TYPE = 4711


def expect(ours, theirs, what):
    if ours != theirs:
        raise SystemExit(f"{what}:\n{ours}\ninstead of\n{theirs}")


def main():
    trivet = sys.argv[1]
    service = socket.socket(socket.AF_TIPC, socket.SOCK_RDM)
    service.bind((socket.TIPC_ADDR_NAMESEQ, TYPE, 0, 9, socket.TIPC_NODE_SCOPE))
    listener = socket.socket(socket.AF_TIPC, socket.SOCK_STREAM)
    listener.bind((socket.TIPC_ADDR_NAMESEQ, TYPE + 1, 0, 9, socket.TIPC_NODE_SCOPE))
    listener.listen()
    caller = socket.socket(socket.AF_TIPC, socket.SOCK_STREAM)
    caller.setblocking(False)  # the other end answers in accept
    caller.connect_ex((socket.TIPC_ADDR_NAME, TYPE + 1, 5, 0))
    accepted, _ = listener.accept()
    select.select([], [caller], [], 10)

    rows = json.loads(subprocess.run([trivet, "netlink", "sockets", "tipc", "-j"], check=True,
                                     capture_output=True, text=True).stdout)
    by_inode = {row["inode"]: row for row in rows}
    found = [by_inode[os.fstat(one.fileno()).st_ino] for one in (service, listener, caller, accepted)]
    expect([(row["type"], row["state"], row["bound"]) for row in found],
           [("rdm", "UNCONN", True), ("stream", "LISTEN", True), ("stream", "ESTAB", False),
            ("stream", "ESTAB", False)], "states")
    for one, row in zip((service, listener, caller, accepted), found):
        expect([(user["pid"], user["fd"]) for user in row["users"]], [(os.getpid(), one.fileno())],
               "users")
        expect(row["port"], one.getsockname()[2], "port")
    expect((found[2]["peer_port"], found[3]["peer_port"]), (found[3]["port"], found[2]["port"]), "peers")
    expect((found[2]["service_type"], found[2]["service_instance"]), (TYPE + 1, 5), "service")

    theirs = subprocess.run(["ss", "-H", "-a", "-n", "--tipc"], check=True, capture_output=True,
                            text=True).stdout
    ports = {str(row["port"]) for row in rows}
    listed = {word.rsplit(":", 1)[-1] for line in theirs.splitlines() for word in line.split()
              if ":" in word}
    expect(ports - listed, set(), "ports that ss does not list: " + theirs)

    # A kernel that loads no modules: what there is is told, and that it is not all.
    with open("/proc/sys/kernel/modprobe", "w", encoding="ascii") as modprobe:
        modprobe.write("/nowhere")
    raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
    partly = subprocess.run([trivet, "netlink", "sockets", "inet", "-j"], check=False,
                            capture_output=True, text=True)
    expect((partly.returncode, "udp_diag" in partly.stderr), (1, True), partly.stderr)
    expect("raw_diag" in partly.stderr, False, partly.stderr)
    inodes = [row["inode"] for row in json.loads(partly.stdout)]
    expect(os.fstat(raw.fileno()).st_ino in inodes, True, "a raw socket")
    everything = subprocess.run([trivet, "netlink", "sockets"], check=False, capture_output=True,
                                text=True)
    expect((everything.returncode, everything.stderr), (0, ""), "of all families")


main()
