#!/usr/bin/python3
"""Captures what a kernel sends over rtnetlink, for the tests of the codecs.

usage: capture.py FOLDER

Run it as root in a network namespace with nothing in it, as `./dev lab uml -- …` gives one. It
makes links, addresses and routes and writes, each file being netlink messages one after another:

    link.nlmsg addr.nlmsg route4.nlmsg route6.nlmsg   the answers to dumps
    events.nlmsg                                      notifications of all these
    error.nlmsg                                       the answer to a request that is refused
"""

import os
import socket
import struct
import subprocess
import sys

RTM_NEWROUTE, RTM_GETLINK, RTM_GETADDR, RTM_GETROUTE = 24, 18, 22, 26
NLM_F_REQUEST, NLM_F_ACK, NLM_F_DUMP = 1, 4, 0x300
NLMSG_ERROR, NLMSG_DONE = 2, 3
SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, NETLINK_EXT_ACK, NETLINK_GET_STRICT_CHK = 270, 1, 11, 12
GROUPS = [1, 5, 9, 7, 11, 32]  # link, IPv4 and IPv6 addresses, IPv4 and IPv6 routes, nexthops

STATE = """
link set lo up
link add v0 address 02:00:00:00:00:01 type veth peer name v1 address 02:00:00:00:00:02
link add br0 address 02:00:00:00:00:03 type bridge
link set v1 master br0
link set v0 alias uplink
link property add dev v0 altname a-name-longer-than-fifteen-bytes
link set br0 up
link set v0 up
link set v1 up
addr add 10.0.0.1/24 brd + dev v0
addr add 10.0.0.2/24 dev v0
addr add 10.7.0.1 peer 10.7.0.2/30 dev v0
addr add 10.1.0.1/24 dev br0 label br0:x metric 50 noprefixroute
addr add 2001:db8::1/64 dev v0 nodad
addr add 2001:db8:1::1 peer 2001:db8:1::2/128 dev v0 nodad
addr add 2001:db8:2::1/64 dev br0 nodad valid_lft 5000 preferred_lft 4000
nexthop add id 1 via 10.0.0.41 dev v0
nexthop add id 2 via 10.0.0.42 dev v0
nexthop add id 9 group 1/2,3
route add 192.0.2.0/24 via 10.0.0.77 metric 5 mtu lock 1400 advmss 1200
route add 198.51.100.0/24 nexthop via 10.0.0.7 weight 3 nexthop via 10.7.0.2 dev v0
route add blackhole 203.0.113.0/24
route add unreachable 203.0.113.0/25 proto bird table 1234
route add 203.0.113.7 dev v0 scope link src 10.0.0.2 tos 0x10 realms 3/4
route add 203.0.113.128/25 via inet6 fe80::9 dev v0
route add 10.90.0.0/16 nhid 9
route add 10.91.0.0/16 nhid 1
route add 2001:db8:10::/48 via 2001:db8::99
route append 2001:db8:10::/48 via 2001:db8::98
route add 2001:db8:11::/48 dev v0 metric 7
route add prohibit 2001:db8:13::/48 table 77
route add 2001:db8:14::/48 via 2001:db8::3 expires 3000 pref high
"""

CHANGES = """
link set v0 mtu 1400
link set v1 nomaster
addr change 10.0.0.2/24 dev v0 valid_lft 900 preferred_lft 800
route replace 192.0.2.0/24 via 10.0.0.80 metric 5
route append 192.0.2.0/24 via 10.0.0.81 metric 5
route append 2001:db8:10::/48 via 2001:db8::97
route del 2001:db8:10::/48 via 2001:db8::98
addr del 10.7.0.1 peer 10.7.0.2/30 dev v0
link set v0 down
link del br0
link del v0
"""


def batch(lines):
    subprocess.run(["ip", "-batch", "-"], input=lines, text=True, check=True)


def write(folder, name, data):
    with open(os.path.join(folder, name), "wb") as file:
        file.write(data)


def open_socket(protocol):
    netlink = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, protocol)
    netlink.bind((0, 0))
    netlink.setsockopt(SOL_NETLINK, NETLINK_EXT_ACK, 1)
    netlink.setsockopt(SOL_NETLINK, NETLINK_GET_STRICT_CHK, 1)
    return netlink


def answer(message_type, flags, payload, protocol=socket.NETLINK_ROUTE):
    """The answer to one request, with its end."""
    netlink = open_socket(protocol)
    netlink.send(struct.pack("=IHHII", 16 + len(payload), message_type, flags, 1, 0) + payload)
    data = b""
    while True:
        piece = netlink.recv(1 << 16)
        data += piece
        while piece:
            length, kind = struct.unpack("=IH", piece[:6])
            if kind in (NLMSG_ERROR, NLMSG_DONE):
                return data
            piece = piece[(length + 3) & ~3:]


def dump(message_type, payload, protocol=socket.NETLINK_ROUTE):
    return answer(message_type, NLM_F_REQUEST | NLM_F_DUMP, payload, protocol)


def main():
    folder = sys.argv[1]
    os.makedirs(folder, exist_ok=True)
    batch(STATE)
    write(folder, "link.nlmsg", dump(RTM_GETLINK, bytes(16)))
    write(folder, "addr.nlmsg", dump(RTM_GETADDR, bytes(8)))
    for name, family in (("route4", socket.AF_INET), ("route6", socket.AF_INET6)):
        write(folder, name + ".nlmsg", dump(RTM_GETROUTE, bytes([family]) + bytes(11)))
    # A route with a gateway that no link reaches.
    header = struct.pack("=8BI", socket.AF_INET, 24, 0, 0, 254, 4, 0, 1, 0)
    attributes = struct.pack("=HH4sHH4s", 8, 1, bytes([192, 0, 2, 0]), 8, 5, bytes([9, 9, 9, 9]))
    write(folder, "error.nlmsg",
          answer(RTM_NEWROUTE, NLM_F_REQUEST | NLM_F_ACK | 0x400, header + attributes))
    events = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE)
    events.bind((0, 0))  # an unbound socket has the kernel's port, and is left out of broadcasts
    events.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
    for group in GROUPS:
        events.setsockopt(SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, group)
    batch(CHANGES)
    data = b""
    events.setblocking(False)
    while True:
        try:
            data += events.recv(1 << 16)
        except BlockingIOError:
            break
    write(folder, "events.nlmsg", data)


if __name__ == "__main__":
    main()
