#!/usr/bin/python3
"""Captures what a kernel says of sockets over sock_diag, and of the families of generic netlink.

usage: capture_diag.py FOLDER

Run it as root in a network namespace with nothing in it; linux-6.1 was captured by `./dev lab qemu
--module tipc --module diag -- …`. It opens sockets of every kind and writes, each file being
netlink messages one after another:

    diag_inet.nlmsg         TCP, UDP, raw sockets and SCTP of IPv4 and IPv6
    diag_unix.nlmsg, diag_netlink.nlmsg, diag_packet.nlmsg, diag_tipc.nlmsg
    genl_family.nlmsg       all families of generic netlink, as the controller dumps them
    genl_policy.nlmsg       the policies of the controller itself and of ethtool

What a kernel lacks is left out, and named on standard error.
"""

import ctypes
import os
import socket
import struct
import subprocess
import sys

from capture import NLM_F_ACK, NLM_F_REQUEST, SOL_NETLINK, answer, dump, write

NETLINK_SOCK_DIAG, NETLINK_GENERIC, NETLINK_ADD_MEMBERSHIP, NETLINK_CAP_ACK = 4, 16, 1, 10
SOCK_DIAG_BY_FAMILY = 20
GENL_ID_CTRL, CTRL_CMD_GETFAMILY, CTRL_CMD_GETPOLICY = 16, 3, 10
CTRL_ATTR_FAMILY_ID, CTRL_ATTR_FAMILY_NAME = 1, 2
EVERYTHING = 0xffffffff
IPPROTO_SCTP, IPPROTO_ICMP = 132, 1
SO_ATTACH_FILTER, SO_MARK, TCP_MD5SIG, TCP_ULP = 26, 36, 14, 31
SOL_PACKET, PACKET_ADD_MEMBERSHIP, PACKET_RX_RING, PACKET_TX_RING = 263, 1, 5, 13
PACKET_VERSION, PACKET_FANOUT, PACKET_MR_MULTICAST, ETH_P_ALL = 10, 18, 0, 3
TIPC_SERVICE, TIPC_INSTANCE = 4711, 5

KEPT = []  # sockets, until all is captured


def attempt(what):
    """What a kernel lacks is left out."""
    try:
        what()
    except (OSError, AttributeError) as error:
        print(f"left out: {what.__name__}: {error}", file=sys.stderr)


def kept(*sockets):
    KEPT.extend(sockets)
    return sockets[0]


def tcp():
    for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        listener = kept(socket.socket(family))
        listener.setsockopt(socket.SOL_SOCKET, SO_MARK, 7)
        if family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_TCLASS, 0x20)
        else:
            listener.setsockopt(socket.IPPROTO_IP, socket.IP_TOS, 0x10)
        listener.bind((host, 5000))
        listener.listen(9)
        client = kept(socket.create_connection((host, 5000)))
        server = kept(listener.accept()[0])
        client.send(b"not read")
        server.shutdown(socket.SHUT_RD)
        kept(socket.create_connection((host, 5000)))  # waits to be accepted


def signed_tcp():
    listener = kept(socket.socket())
    address = struct.pack("=HH4s120x", socket.AF_INET, 0, socket.inet_aton("127.0.0.9"))
    listener.setsockopt(socket.IPPROTO_TCP, TCP_MD5SIG,
                        address + struct.pack("=BBHi80s", 0, 0, 4, 0, b"word"))
    listener.bind(("127.0.0.1", 5001))
    listener.listen()


def wrapped_tcp():
    with socket.create_server(("127.0.0.1", 5002)) as listener:
        client = kept(socket.create_connection(("127.0.0.1", 5002)))
        kept(listener.accept()[0])
    client.setsockopt(socket.IPPROTO_TCP, TCP_ULP, b"tls")


def sctp():
    listener = kept(socket.socket(socket.AF_INET, socket.SOCK_STREAM, IPPROTO_SCTP))
    listener.bind(("127.0.0.1", 5003))
    listener.listen()


def datagrams():
    for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        udp = kept(socket.socket(family, socket.SOCK_DGRAM))
        udp.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"lo")
        udp.bind((host, 6000))
        udp.connect((host, 6000))
        udp.send(b"not read")
        kept(socket.socket(family, socket.SOCK_RAW, IPPROTO_ICMP))


def unix():
    listener = kept(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM))
    listener.bind("\0trivet-listener")
    listener.listen(5)
    kept(socket.socket(socket.AF_UNIX)).connect("\0trivet-listener")
    path = os.path.join(os.environ.get("TEST_TMPDIR", "/tmp"), "trivet-datagrams")
    if os.path.exists(path):
        os.unlink(path)
    kept(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)).bind(path)
    one, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    kept(one, other)
    one.send(b"not read")
    other.shutdown(socket.SHUT_WR)


def netlink():
    member = kept(socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE))
    member.bind((0, 0))
    for group in (1, 5, 32, 33):
        member.setsockopt(SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, group)
    member.setsockopt(SOL_NETLINK, NETLINK_CAP_ACK, 1)
    client = kept(socket.socket(socket.AF_NETLINK, socket.SOCK_DGRAM, NETLINK_GENERIC))
    client.connect((0, 0))


def packet():
    ring = kept(socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0))
    ring.setsockopt(SOL_PACKET, PACKET_VERSION, 2)  # TPACKET_V3
    ring.setsockopt(SOL_PACKET, PACKET_RX_RING, struct.pack("=7I", 65536, 2, 2048, 64, 60, 0, 0))
    ring.bind(("lo", ETH_P_ALL))
    ring.setsockopt(SOL_PACKET, PACKET_FANOUT, 9 | 1 << 16)
    sender = kept(socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, 0))
    sender.setsockopt(SOL_PACKET, PACKET_TX_RING, struct.pack("=4I", 4096, 2, 2048, 4))
    sender.setsockopt(SOL_PACKET, PACKET_ADD_MEMBERSHIP, struct.pack(
        "=iHH8s", socket.if_nametoindex("lo"), PACKET_MR_MULTICAST, 6, b"\1\0\x5e\0\0\1"))
    attach_filter(sender)


def attach_filter(to):
    """BPF_RET | BPF_K: takes everything."""
    code = ctypes.create_string_buffer(struct.pack("=HBBI", 6, 0, 0, 0xffff))
    to.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, struct.pack("@HP", 1, ctypes.addressof(code)))


def tipc():
    kept(socket.socket(socket.AF_TIPC, socket.SOCK_RDM)).bind(
        (socket.TIPC_ADDR_NAMESEQ, TIPC_SERVICE, 0, 9, socket.TIPC_NODE_SCOPE))
    listener = kept(socket.socket(socket.AF_TIPC, socket.SOCK_STREAM))
    listener.bind((socket.TIPC_ADDR_NAMESEQ, TIPC_SERVICE + 1, 0, 9, socket.TIPC_NODE_SCOPE))
    listener.listen()
    caller = kept(socket.socket(socket.AF_TIPC, socket.SOCK_STREAM))
    caller.setblocking(False)  # the other end answers in accept
    caller.connect_ex((socket.TIPC_ADDR_NAME, TIPC_SERVICE + 1, TIPC_INSTANCE, 0))
    kept(listener.accept()[0])


def attribute(kind, data):
    return struct.pack("=HH", 4 + len(data), kind) + data + bytes(-len(data) % 4)


def inet_question(family, protocol):
    """struct inet_diag_req_v2: every state, every extension of the first byte."""
    return struct.pack("=BBBxI48x", family, protocol, 0xff, EVERYTHING)


def questions():
    """(file, what is asked): in struct unix_diag_req and those of the other families."""
    inet = [inet_question(family, protocol) for family in (socket.AF_INET, socket.AF_INET6)
            for protocol in (socket.IPPROTO_TCP, socket.IPPROTO_UDP, 255, IPPROTO_SCTP)]
    shown = struct.pack("=II8x", 0, EVERYTHING)
    return [
        ("diag_inet", inet),
        ("diag_unix", [struct.pack("=BBxxII", socket.AF_UNIX, 0, EVERYTHING, 0)
                       + struct.pack("=I8x", 0xff)]),
        ("diag_netlink", [struct.pack("=BBxx", socket.AF_NETLINK, 255)
                          + struct.pack("=II8x", 0, 0xf)]),
        ("diag_packet", [struct.pack("=BBxx", socket.AF_PACKET, 0) + shown]),
        ("diag_tipc", [struct.pack("=BxxxI", socket.AF_TIPC, EVERYTHING)]),
    ]


def families(folder):
    write(folder, "genl_family.nlmsg",
          dump(GENL_ID_CTRL, struct.pack("=BBH", CTRL_CMD_GETFAMILY, 2, 0), NETLINK_GENERIC))
    policies = b""
    for name in (b"nlctrl\0", b"ethtool\0"):
        found = answer(GENL_ID_CTRL, NLM_F_REQUEST | NLM_F_ACK, struct.pack(
            "=BBH", CTRL_CMD_GETFAMILY, 2, 0) + attribute(CTRL_ATTR_FAMILY_NAME, name),
                       NETLINK_GENERIC)
        number, at = None, 20
        while number is None:
            length, kind = struct.unpack_from("=HH", found, at)
            if kind == CTRL_ATTR_FAMILY_ID:
                number = found[at + 4:at + 6]
            at += (length + 3) & ~3
        policies += dump(GENL_ID_CTRL, struct.pack("=BBH", CTRL_CMD_GETPOLICY, 2, 0)
                         + attribute(CTRL_ATTR_FAMILY_ID, number), NETLINK_GENERIC)
    write(folder, "genl_policy.nlmsg", policies)


def main():
    folder = sys.argv[1]
    os.makedirs(folder, exist_ok=True)
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    for what in (tcp, signed_tcp, wrapped_tcp, sctp, datagrams, unix, netlink, packet, tipc):
        attempt(what)
    for name, asked in questions():
        data = b""
        for question in asked:
            try:
                data += dump(SOCK_DIAG_BY_FAMILY, question, NETLINK_SOCK_DIAG)
            except OSError as error:
                print(f"left out: {name}: {error}", file=sys.stderr)
        write(folder, name + ".nlmsg", data)
        print(name, len(data))
    families(folder)


if __name__ == "__main__":
    main()
