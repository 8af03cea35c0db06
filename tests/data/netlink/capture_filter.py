#!/usr/bin/python3
"""Captures the filters of traffic control.

usage: capture_filter.py FOLDER

Run it as root in a network namespace with nothing in it; linux-6.1 was captured by `./dev lab qemu
-- …`. It writes filter.nlmsg, netlink messages one after another: all filters of a link. What a
kernel lacks is left out, and named on standard error.
"""

import os
import socket
import struct
import sys

from capture import dump, write
from capture_kinds import run

RTM_GETTFILTER = 46

COMMANDS = """
ip link set lo up
ip link add v0 type veth peer name v1
tc qdisc add dev v0 root handle 1: htb default 10
tc class add dev v0 parent 1: classid 1:10 htb rate 1mbit
tc filter add dev v0 parent 1: protocol ip prio 10 u32 match ip dst 192.0.2.0/24 flowid 1:10
tc filter add dev v0 parent 1: protocol ipv6 prio 20 handle 7 fw classid 1:10
tc filter add dev v0 parent 1: protocol ip prio 30 basic match cmp(u8 at 0 layer 1 gt 4) classid 1:10
tc filter add dev v0 parent 1: protocol all prio 40 matchall classid 1:10
tc filter add dev v0 parent 1: protocol ip prio 50 flower dst_ip 192.0.2.9 ip_proto tcp classid 1:10
"""


def main():
    folder = sys.argv[1]
    os.makedirs(folder, exist_ok=True)
    run(COMMANDS)
    index = socket.if_nametoindex("v0")
    write(folder, "filter.nlmsg",
          dump(RTM_GETTFILTER, struct.pack("=BxxxiIII", 0, index, 0, 0x10000, 0)))


if __name__ == "__main__":
    main()
