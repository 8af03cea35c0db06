#!/usr/bin/python3
"""Captures what a kernel says of devices over the generic netlink family "ethtool".

usage: capture_ethtool.py FOLDER

Run it as root in a network namespace with nothing in it; linux-6.1 was captured on the first node
of `./dev lab qemu_pair -- …`, which has a virtio_net. Needs ethtool(8) to change things. It makes
links and writes, each file being netlink messages one after another:

    ethtool.nlmsg          the answers to dumps of every kind, bit sets as words
    ethtool_named.nlmsg    the same, bit sets as lists of named bits
    ethtool_strings.nlmsg  the names of features and link modes
    ethtool_events.nlmsg   notifications: features and channels that were changed
"""

import os
import socket
import struct
import subprocess
import sys

NETLINK_GENERIC = 16
SOL_NETLINK, NETLINK_ADD_MEMBERSHIP = 270, 1
NLM_F_REQUEST, NLM_F_ACK, NLM_F_DUMP, NLA_F_NESTED = 1, 4, 0x300, 0x8000
NLMSG_ERROR, NLMSG_DONE = 2, 3
GENL_ID_CTRL, CTRL_CMD_GETFAMILY, CTRL_ATTR_FAMILY_NAME = 16, 3, 2
CTRL_ATTR_FAMILY_ID, CTRL_ATTR_MCAST_GROUPS, GROUP_NAME, GROUP_ID = 1, 7, 1, 2
STRSET, LINKINFO, LINKMODES, LINKSTATE, FEATURES, RINGS, CHANNELS = 1, 2, 4, 6, 11, 15, 17
HEADER, HEADER_FLAGS, COMPACT = 1, 3, 1
ETH_SS_FEATURES, ETH_SS_LINK_MODES = 4, 9

CHANGES = """
ethtool -K v0 tso off
ethtool -K v0 tso on gro on
ethtool -L v0 rx 2
ethtool -L v0 rx 1 tx 2
"""


def attribute(kind, data):
    return struct.pack("=HH", 4 + len(data), kind) + data + bytes(-len(data) % 4)


def attributes(data):
    found = {}
    while len(data) >= 4:
        length, kind = struct.unpack("=HH", data[:4])
        found.setdefault(kind & 0x3fff, data[4:length])
        data = data[(length + 3) & ~3:]
    return found


def ask(kind, flags, command, version, payload):
    """The answer to one request, with its end."""
    netlink = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_GENERIC)
    netlink.bind((0, 0))
    payload = struct.pack("=BBH", command, version, 0) + payload
    netlink.send(struct.pack("=IHHII", 16 + len(payload), kind, NLM_F_REQUEST | flags, 1, 0)
                 + payload)
    data = b""
    while True:
        piece = netlink.recv(1 << 16)
        data += piece
        while piece:
            length, message = struct.unpack("=IH", piece[:6])
            if message in (NLMSG_ERROR, NLMSG_DONE):
                return data
            piece = piece[(length + 3) & ~3:]


def family():
    """The family's number, and that of its group "monitor"."""
    answer = ask(GENL_ID_CTRL, NLM_F_ACK, CTRL_CMD_GETFAMILY, 2,
                 attribute(CTRL_ATTR_FAMILY_NAME, b"ethtool\0"))
    found = attributes(answer[20:struct.unpack("=I", answer[:4])[0]])
    group = attributes(attributes(found[CTRL_ATTR_MCAST_GROUPS])[1])
    return struct.unpack("=H", found[CTRL_ATTR_FAMILY_ID])[0], struct.unpack("=I", group[GROUP_ID])[0]


def run(line):
    done = subprocess.run(line.split(), capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"left out: {line}: {done.stderr.strip()}", file=sys.stderr)


def make_links():
    for line in ("ip link set lo up",
                 "ip link add v0 numrxqueues 2 numtxqueues 2 type veth peer name v1",
                 "ip link set v0 up", "ip link set v1 up", "ip link add br0 type bridge",
                 "ip link add d0 type dummy", "ip link add i0 type ifb"):
        run(line)


def main():
    folder = sys.argv[1]
    os.makedirs(folder, exist_ok=True)
    make_links()
    number, group = family()
    for name, flags in (("ethtool", COMPACT), ("ethtool_named", 0)):
        header = attribute(HEADER | NLA_F_NESTED, attribute(HEADER_FLAGS, struct.pack("=I", flags)))
        data = b"".join(ask(number, NLM_F_DUMP, command, 1, header)
                        for command in (LINKINFO, LINKMODES, LINKSTATE, FEATURES, RINGS, CHANNELS))
        write(folder, name, data)
    sets = b"".join(attribute(1 | NLA_F_NESTED, attribute(1, struct.pack("=I", which)))
                    for which in (ETH_SS_FEATURES, ETH_SS_LINK_MODES))
    write(folder, "ethtool_strings",
          ask(number, NLM_F_ACK, STRSET, 1,
              attribute(HEADER | NLA_F_NESTED, b"") + attribute(2 | NLA_F_NESTED, sets)))
    events = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_GENERIC)
    events.bind((0, 0))
    events.setsockopt(SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, group)
    for line in CHANGES.strip().splitlines():
        run(line)
    data = b""
    events.setblocking(False)
    while True:
        try:
            data += events.recv(1 << 16)
        except BlockingIOError:
            break
    write(folder, "ethtool_events", data)


def write(folder, name, data):
    with open(os.path.join(folder, name + ".nlmsg"), "wb") as file:
        file.write(data)
    print(name, len(data))


if __name__ == "__main__":
    main()
