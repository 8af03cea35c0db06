#!/usr/bin/python3
"""Captures what programs and a kernel say to each other over netlink, on an nlmon device, for the
tests of the decoder.

usage: capture_nlmon.py TRIVET FOLDER

Run it as root in a network namespace with nothing in it, as `./dev lab uml --module tipc --module
diag -- …` gives one. It writes

    nlmon.pcapng              the capture
    corpus/netlink_decode     one file a datagram, of each kind one: the protocol in a byte, then it
    corpus/netlink_diag, netlink_genl, netlink_uevent     those of one protocol, without that byte
    corpus/netlink_attribute_path     requests: an offset, a type that is missing, then the request
"""
import os
import signal
import socket
import struct
import subprocess
import sys

NETLINK_ROUTE, NETLINK_SOCK_DIAG, NETLINK_KOBJECT_UEVENT, NETLINK_GENERIC = 0, 4, 15, 16
NLM_F_REQUEST = 1

COMMANDS = """
ip link add v0 type veth peer name v1
ip link set v0 up
ip link set v1 up
ip link set v0 alias uplink mtu 1400
ip link add br0 type bridge vlan_filtering 1
ip link set v1 master br0
ip link add link v0 name v0.7 type vlan id 7
ip link add link v0 name m0 type macvlan mode bridge
ip link add vx0 type vxlan id 42 dstport 4789 local 192.0.2.1
ip link add vrf7 type vrf table 7
ip addr add 192.0.2.1/24 dev v0 valid_lft 900 preferred_lft 800
ip addr add 2001:db8::1/64 dev v0 nodad
ip route add 198.51.100.0/24 nexthop via 192.0.2.7 weight 3 nexthop via 192.0.2.8
ip route add 203.0.113.0/24 via 192.0.2.9 metric 5 mtu lock 1400 advmss 1200
ip route add blackhole 203.0.113.0/25 table 77
ip route add 10.9.0.0/16 via 9.9.9.9
ip route get 198.51.100.7
ip neigh add 192.0.2.5 lladdr 02:00:00:00:00:05 dev v0
ip rule add fwmark 7 iif v0 ipproto tcp dport 80 table 78
ip nexthop add id 1 via 192.0.2.2 dev v0
ip nexthop add id 9 group 1
ip link set nosuch up
ip -d link show
ip addr show
ip route show table all
ip neigh show
ip rule show
ip nexthop show
ip netconf show
bridge vlan show
bridge fdb show
tc qdisc add dev v0 root tbf rate 1mbit burst 10kb latency 70ms
tc qdisc show
ss -tuan
ss -xan
ss -0an
ss -f netlink -an
TRIVET netlink sockets tipc
genl ctrl list
genl ctrl policy name nlctrl
TRIVET netlink genl ethtool
ip link del br0
ip link del v0
"""


def packets_of(path):
    """The packets of a pcapng file of this machine's byte order."""
    with open(path, "rb") as file:
        data = file.read()
    at = 0
    while at < len(data):
        kind, length = struct.unpack_from("=II", data, at)
        if kind == 6:
            size = struct.unpack_from("=I", data, at + 20)[0]
            yield data[at + 28:at + 28 + size]
        at += length


def write(folder, name, data):
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, name), "wb") as file:
        file.write(data)


def keep(corpus, count, protocol, datagram):
    name = f"{count:02}"
    write(os.path.join(corpus, "netlink_decode"), f"{protocol}-{name}", bytes([protocol]) + datagram)
    single = {NETLINK_SOCK_DIAG: "netlink_diag", NETLINK_GENERIC: "netlink_genl",
              NETLINK_KOBJECT_UEVENT: "netlink_uevent"}.get(protocol)
    if single:
        write(os.path.join(corpus, single), name, datagram)
    if protocol == NETLINK_ROUTE and struct.unpack_from("=H", datagram, 6)[0] & NLM_F_REQUEST:
        write(os.path.join(corpus, "netlink_attribute_path"), name,
              struct.pack("=II", len(datagram) - 8, 1) + datagram)


def main():
    trivet, folder = os.path.abspath(sys.argv[1]), sys.argv[2]
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, "nlmon.pcapng")
    sniff = subprocess.Popen([trivet, "netlink", "sniff", "-w", path], stderr=subprocess.PIPE)
    sniff.stderr.readline()
    monitor = subprocess.Popen([trivet, "netlink", "monitor"], stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    # An nlmon device shows no device events.
    events = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_KOBJECT_UEVENT)
    events.bind((0, 1))
    events.setblocking(False)
    for command in filter(None, COMMANDS.splitlines()):
        subprocess.run(command.replace("TRIVET", trivet).split(), stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, check=False)
    for process in (monitor, sniff):
        process.send_signal(signal.SIGINT)
        process.wait()
    corpus = os.path.join(folder, "corpus")
    for count in range(12):
        keep(corpus, count, NETLINK_KOBJECT_UEVENT, events.recv(65536))
    seen = {}
    for packet in packets_of(path):
        protocol, datagram = struct.unpack_from(">H", packet, 14)[0], packet[16:]
        kind = datagram[4:8] + datagram[16:18]
        if (protocol, kind) in seen or len(datagram) > 4000:
            continue
        seen[protocol, kind] = True
        keep(corpus, len(seen), protocol, datagram)


main()
