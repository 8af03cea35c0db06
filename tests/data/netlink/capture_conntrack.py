#!/usr/bin/python3
"""Captures what a kernel says of tracked connections over nfnetlink.

usage: capture_conntrack.py FOLDER

Run it as root in a network namespace with nothing in it, as `./dev lab qemu -- …` gives one, with
nft(8) from the package nftables or, where that cannot do it, iptables-legacy(8). It makes
connections over the loopback link and writes, each file being netlink messages one after another:

    conntrack.nlmsg          the answer to a dump of the table
    conntrack_events.nlmsg   notifications: connections that came, changed and went
    conntrack_stats.nlmsg    how full the table is

What a kernel lacks (helpers, labels, NAT) is left out, and named on standard error.
"""

import os
import socket
import struct
import subprocess
import sys

NETLINK_NETFILTER = 12
SOL_NETLINK, NETLINK_ADD_MEMBERSHIP = 270, 1
NLM_F_REQUEST, NLM_F_ACK, NLM_F_DUMP = 1, 4, 0x300
NLMSG_ERROR, NLMSG_DONE = 2, 3
CTNETLINK, CT_GET, CT_DELETE, CT_GET_STATS = 1 << 8, 1, 2, 5
GROUPS = [1, 2, 3]  # NFNLGRP_CONNTRACK_NEW, _UPDATE, _DESTROY

# Each is a ruleset of its own, so that one that the kernel lacks takes no other along.
RULES = [
    """table FAMILY track {
         chain out { type filter hook output priority 0; ct state new counter; }
         chain in { type filter hook input priority 0; ct state new counter; }
       }""",
    """table FAMILY marks {
         chain out { type filter hook output priority 0; tcp dport 5000-5001 ct mark set 7; }
       }""",
    """table FAMILY zones {
         chain out { type filter hook output priority raw; udp dport 7000 ct zone set 9; }
       }""",
    """table FAMILY ways {
         chain out { type filter hook output priority raw; udp dport 7001 ct original zone set 8; }
       }""",
    """table FAMILY labels {
         chain out { type filter hook output priority 0; udp dport 7002 ct label set 5; }
       }""",
    """table FAMILY helpers {
         ct helper ftp-control { type "ftp" protocol tcp; }
         chain out { type filter hook output priority 0; tcp dport 21 ct helper set "ftp-control"; }
       }""",
    """table FAMILY translated {
         chain out { type nat hook output priority -100; tcp dport 5009 redirect to :5002; }
       }""",
]


def run(*words, text=None):
    """@return whether it went well"""
    done = subprocess.run(words, input=text, text=True, capture_output=True, check=False)
    if done.returncode:
        print(f"left out: {' '.join(words)} {text or ''}: {done.stderr.strip()}", file=sys.stderr)
    return done.returncode == 0


def prepare():
    run("ip", "link", "set", "lo", "up")
    for family, legacy in (("ip", "iptables-legacy"), ("ip6", "ip6tables-legacy")):
        # user-mode-linux has nft without any family.
        with_nft = [run("nft", "-f", "-", text=rules.replace("FAMILY", family)) for rules in RULES]
        if not with_nft[0]:
            run(legacy, "-A", "OUTPUT", "-m", "conntrack", "--ctstate", "NEW", "-j", "ACCEPT")
    for name in ("acct", "timestamp"):
        run("sysctl", "-qw", f"net.netfilter.nf_conntrack_{name}=1")


def tcp(address, family=socket.AF_INET, to=None):
    """A connection that is closed, and one that stays; the latter's two ends are returned."""
    with socket.socket(family) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen()
        ends = []
        for _ in range(2):
            client = socket.socket(family)
            try:
                client.connect(to or address)
            except ConnectionRefusedError:  # no NAT
                client.connect(address)
            ends.append((client, listener.accept()[0]))
    client, server = ends[0]
    client.send(b"x")
    server.recv(1)
    client.close()
    server.recv(1)
    server.close()
    return ends[1]


def ftp():
    """A control connection that asks for a data connection, which the helper then expects."""
    control, server = tcp(("127.0.0.1", 21))
    with socket.create_server(("127.0.0.1", 5141)):
        # The helper reads what follows the end of a line that it has seen.
        for line in (b"USER nobody\r\n", b"PORT 127,0,0,1,20,21\r\n"):
            control.send(line)
            server.recv(64)
        data = socket.create_connection(("127.0.0.1", 5141), source_address=("127.0.0.1", 20))
    return control, server, data


def raw(protocol, payload):
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, protocol) as out:
        out.sendto(payload, ("127.0.0.1", 0))


def talk():
    """@return what must stay open for its connections to stay as they are"""
    kept = [tcp(("127.0.0.1", 5000)), tcp(("::1", 5001), socket.AF_INET6),
            tcp(("127.0.0.1", 5002), to=("127.0.0.1", 5009)), ftp()]
    for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        with socket.socket(family, socket.SOCK_DGRAM) as one, \
                socket.socket(family, socket.SOCK_DGRAM) as other:
            other.bind((host, 6000))
            one.sendto(b"x", (host, 6000))
            other.sendto(b"y", other.recvfrom(8)[1])
            one.recv(8)
            for port in (7000, 7001, 7002):
                one.sendto(b"x", (host, port))
    subprocess.run("ping -c1 127.0.0.1; ping -c1 ::1", shell=True, check=False,
                   stdout=subprocess.DEVNULL)
    raw(47, struct.pack(">HHHHHH", 0x2001, 0x880b, 0, 7, 0, 1))  # GRE of PPTP
    # SCTP: INIT, the only chunk that begins a connection.
    raw(132, struct.pack(">HHII", 9000, 9001, 0, 0)
        + struct.pack(">BBHIIHHI", 1, 0, 20, 0x1234, 65536, 1, 1, 1))
    raw(253, b"whatever")
    return kept


def request(kind, flags=0, payload=struct.pack("=BBH", 0, 0, 0)):
    """The answer to one request, with its end."""
    netlink = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_NETFILTER)
    netlink.bind((0, 0))
    header = struct.pack("=IHHII", 16 + len(payload), CTNETLINK | kind, NLM_F_REQUEST | flags, 1, 0)
    netlink.send(header + payload)
    data = b""
    while True:
        piece = netlink.recv(1 << 16)
        data += piece
        while piece:
            length, message = struct.unpack("=IH", piece[:6])
            if message in (NLMSG_ERROR, NLMSG_DONE):
                return data
            piece = piece[(length + 3) & ~3:]


def read_all(events):
    data = b""
    events.setblocking(False)
    while True:
        try:
            data += events.recv(1 << 16)
        except BlockingIOError:
            return data


def main():
    folder = sys.argv[1]
    os.makedirs(folder, exist_ok=True)
    prepare()
    events = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_NETFILTER)
    events.bind((0, 0))
    events.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
    for group in GROUPS:
        events.setsockopt(SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, group)
    kept = talk()
    table = request(CT_GET, NLM_F_DUMP)
    stats = request(CT_GET_STATS, NLM_F_ACK)
    request(CT_DELETE, NLM_F_ACK)  # all of them
    for name, data in (("conntrack", table), ("conntrack_stats", stats),
                       ("conntrack_events", read_all(events))):
        with open(os.path.join(folder, name + ".nlmsg"), "wb") as file:
            file.write(data)
        print(name, len(data))
    del kept


if __name__ == "__main__":
    main()
