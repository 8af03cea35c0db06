#!/usr/bin/python3
"""`trivet netlink sockets` against iproute2's ss(8), on sockets of every family."""
import json
import os
import re
import resource
import socket
import subprocess
import sys

SOL_PACKET, PACKET_FANOUT = 263, 18


def run(*words):
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout


def expect(ours, theirs, what):
    if ours != theirs:
        raise SystemExit(f"{what}:\n{ours}\ninstead of\n{theirs}")


def open_sockets():
    """One of each kind; they stay open as long as they are held."""
    held = []

    def hold(*arguments):
        held.append(socket.socket(*arguments))
        return held[-1]

    dual = hold(socket.AF_INET6, socket.SOCK_STREAM)
    dual.bind(("::", 5000))
    dual.listen(5)
    only = hold(socket.AF_INET6, socket.SOCK_STREAM)
    only.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    only.bind(("::", 5001))
    only.listen(7)
    caller = hold(socket.AF_INET, socket.SOCK_STREAM)
    caller.connect(("127.0.0.1", 5000))
    caller.send(b"waits")
    bound = hold(socket.AF_INET, socket.SOCK_DGRAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"lo\0")
    bound.bind(("127.0.0.1", 5002))
    listener = hold(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    listener.bind("\0trivet-sockets-test")
    listener.listen(3)
    hold(socket.AF_UNIX, socket.SOCK_SEQPACKET).connect("\0trivet-sockets-test")
    named = hold(socket.AF_UNIX, socket.SOCK_DGRAM)
    os.chdir(os.environ.get("TEST_TMPDIR", "/tmp"))
    named.bind("named-socket")
    held.extend(socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM))
    hold(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
    tunnel = hold(socket.AF_INET, socket.SOCK_RAW, 47)
    tunnel.bind(("127.0.0.1", 0))
    tunnel.connect(("127.0.0.2", 0))
    hold(socket.AF_INET6, socket.SOCK_RAW, 89).connect(("::1", 0))
    hold(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6).bind(("::1", 0))
    hold(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE).bind((0, 0x11))
    connected = hold(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_USERSOCK)
    connected.bind((0, 0))
    connected.connect((4243, 0))
    tap = hold(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
    tap.bind(("lo", 0x800))
    tap.setsockopt(SOL_PACKET, PACKET_FANOUT, 77 | 1 << 16)
    hold(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(3))
    return held


def lines_of(text):
    """Lines as sorted words; ss shows the protocol of packet sockets as a decimal number."""
    return sorted(" ".join(line.split()) for line in text.splitlines() if line)


def own(rows):
    return [row for row in rows if any(user["pid"] == os.getpid() for user in row["users"])]


def main():
    trivet = os.path.abspath(sys.argv[1])
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    held = open_sockets()

    for family, kinds in (("inet", ("tcp", "udp", "raw")), ("unix", ("unix",))):
        theirs = lines_of("".join(run("ss", "-HOanp", "-A", kind) for kind in kinds))
        if family == "inet":
            theirs = lines_of("\n".join(
                f"{kind} {line}" for kind in kinds
                for line in run("ss", "-HOanp", "-A", kind).splitlines()))
        ours = run(trivet, "netlink", "sockets", family).splitlines()
        expect(ours[0].split()[:2], ["Netid", "State"], "the heading")
        ours = [re.sub(r" (drops|fwmark) \S+", "", line) for line in ours[1:]]
        expect(lines_of("\n".join(ours)), theirs, family)

    rows = own(json.loads(run(trivet, "netlink", "sockets", "inet", "-j")))
    inodes = {os.fstat(one.fileno()).st_ino for one in held}
    waiting = [row for row in rows if row.get("local_port") == 5000 and row["state"] == "LISTEN"]
    expect([(row["local"], row["v6only"], row["send_q"]) for row in waiting], [("::", False, 5)], "a listener")
    expect([row["ifname"] for row in rows if row["local_port"] == 5002], ["lo"], "bound to a link")

    groups = [row for row in own(json.loads(run(trivet, "netlink", "sockets", "netlink", "-j")))]
    expect([(row["protocol"], row["groups"], row.get("peer_pid"), "uid" in row) for row in groups],
           [("rtnl", [1, 5], None, False), ("usersock", [], 4243, False)], "netlink")

    for option, tongue in (("-4", "."), ("-6", ":")):
        some = own(json.loads(run(trivet, "netlink", option, "sockets", "inet", "-j")))
        expect([row["local"] for row in some if tongue not in row["local"]], [], option)
        expect(len(some) > 2, True, f"sockets of {option}")

    name = 'a"\nb'
    with subprocess.Popen(["python3", "-c", "import socket\n"
                           "open('/proc/self/comm', 'w').write('a\"\\nb')\n"
                           "s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
                           "s.bind(('127.0.0.1', 5099))\nprint(flush=True)\ninput()"],
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE) as strange:
        strange.stdout.readline()
        some = json.loads(run(trivet, "netlink", "sockets", "inet", "-j"))
        expect([row["users"][0]["name"] for row in some if row["local_port"] == 5099], [name],
               "a process with a newline in its name")
        strange.communicate(b"\n")

    packets = own(json.loads(run(trivet, "netlink", "sockets", "packet", "-j")))
    expect(sorted((row["netid"], row["protocol"], row.get("ifname"), row.get("fanout"))
                  for row in packets),
           [("p_dgr", 3, None, None), ("p_raw", 0x800, "lo", {"group": 77, "mode": 1})], "packet")

    everything = json.loads(run(trivet, "netlink", "sockets", "-j"))
    expect(inodes - {row["inode"] for row in everything}, set(), "not listed")

    few = subprocess.run([trivet, "netlink", "sockets", "netlink"], capture_output=True, text=True,
                         check=False,
                         preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (5, 5)))
    # UBSan's check of classes takes two descriptors of its own, and takes an object for another
    # without them: where it is at work, this cannot be tried.
    if "UndefinedBehaviorSanitizer" not in few.stderr or "invalid vptr" not in few.stderr:
        expect((few.returncode, few.stderr),
               (1, "trivet: /proc: not all processes could be looked at: Too many open files "
                   "(ulimit -n)\n"), "too few descriptors to look at processes")
        expect(len(few.stdout.splitlines()) > 1, True, "the sockets are listed all the same")

    wrong = subprocess.run([trivet, "netlink", "sockets", "ipx"], capture_output=True, text=True,
                           check=False)
    expect((wrong.returncode, wrong.stderr.splitlines()[0]),
           (2, "trivet: FAMILY: 'ipx' is none of inet, unix, netlink, packet, tipc"), "ipx")


main()
