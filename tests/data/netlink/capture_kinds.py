#!/usr/bin/python3
"""Captures every kind of link, and neighbours, rules, nexthops and encapsulations.

usage: capture_kinds.py FOLDER

Run it like capture.py, in another namespace; linux-6.1 was captured on qemu, whose kernel has the
most kinds. What a kernel lacks is left out, and named on standard error. It writes

    kinds.nlmsg                 links, with statistics and virtual functions
    bridge.nlmsg                what bridges say of their ports, with VLANs
    neigh.nlmsg proxy.nlmsg     neighbours, and addresses that are answered for
    fdb.nlmsg                   forwarding entries of bridges and VXLANs
    rule.nlmsg                  rules of IPv4, IPv6 and multicast routing
    nexthop.nlmsg               nexthop objects
    encap4.nlmsg encap6.nlmsg mpls.nlmsg    routes with metrics and encapsulations, MPLS routes
    netconf.nlmsg nsid.nlmsg    settings of interfaces, numbers of namespaces
    qdisc.nlmsg class.nlmsg     traffic control
    changes.nlmsg               notifications of all these
"""

import os
import socket
import struct
import subprocess
import sys

sys.dont_write_bytecode = True

# pylint: disable-next=wrong-import-position
from capture import SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, dump, write

RTM_GETLINK, RTM_GETROUTE, RTM_GETNEIGH, RTM_GETRULE = 18, 26, 30, 34
RTM_GETQDISC, RTM_GETTCLASS, RTM_GETNETCONF, RTM_GETNSID, RTM_GETNEXTHOP = 38, 42, 82, 90, 106
AF_BRIDGE, AF_MPLS = 7, 28
NTF_PROXY = 8
IFLA_EXT_MASK, RTEXT_FILTER_VF, RTEXT_FILTER_BRVLAN, RTEXT_FILTER_MRP = 29, 1, 2, 16
GROUPS = [1, 3, 8, 19, 24, 28, 32]  # link, neigh, rules of both, netconf, nsid, nexthop

LINKS = """
modprobe fou
ip link set lo up
ip link add v0 address 02:00:00:00:00:01 type veth peer name v1 address 02:00:00:00:00:02
ip link add v2 address 02:00:00:00:00:04 type veth peer name v3 address 02:00:00:00:00:05
ip link set v0 up
ip link set v1 up
ip link set v2 up
ip link set v3 up
ip addr add 10.0.0.1/24 dev v0
ip addr add 2001:db8::1/64 dev v0 nodad
ip link add d0 type dummy
ip link add i0 type ifb
ip link add br0 type bridge vlan_filtering 1 stp_state 1 priority 4096 mcast_querier 1
ip link set v1 master br0
ip link set v1 type bridge_slave cost 7 priority 9 guard on fastleave on isolated on
bridge vlan add vid 10-12 dev v1
bridge vlan add vid 20 dev v1 pvid untagged
bridge vlan add vid 20 dev br0 self
ip link add link v0 name vlan5 type vlan id 5 ingress-qos-map 1:2 2:3 egress-qos-map 3:4
ip link add link v0 name vlan6 type vlan protocol 802.1ad id 6 gvrp on
ip link add vx0 type vxlan id 42 remote 10.0.0.2 local 10.0.0.1 dev v0 dstport 4789 ttl 5 gbp
ip link add vx6 type vxlan id 43 remote 2001:db8::2 local 2001:db8::1 dev v0 dstport 4791 noudpcsum
ip link add vxm type vxlan id 44 group 239.1.1.1 dev v0 dstport 4792 srcport 4000 5000 proxy ageing 7
ip link add vxe type vxlan external dstport 4790
ip link add link v0 name mv0 type macvlan mode bridge
ip link add link v0 name ms0 type macvlan mode source macaddr add 02:00:00:00:00:77
ip link add link v0 name mt0 type macvtap mode vepa
ip link add link v2 name iv0 type ipvlan mode l3s private
ip link add bo0 type bond mode 802.3ad miimon 50 lacp_rate fast ad_actor_sys_prio 7
ip link add bo1 type bond mode active-backup arp_interval 100 arp_ip_target 10.0.0.9,10.0.0.8
ip link set d0 master bo0
ip link add vr0 type vrf table 77
ip link set i0 master vr0
ip link add gr1 type gre local 10.0.0.1 remote 10.0.0.2 ttl 9 ikey 7 okey 8 icsum dev v0 tos 4
ip link add gt1 type gretap local 10.0.0.1 remote 10.0.0.3 encap gue encap-sport 7 encap-dport 8
ip link add er1 type erspan seq key 100 local 10.0.0.1 remote 10.0.0.4 erspan_ver 1 erspan 7
ip link add er2 type erspan seq key 101 local 10.0.0.1 remote 10.0.0.4 erspan_ver 2 erspan_dir egress
ip link add gr6 type ip6gre local 2001:db8::1 remote 2001:db8::2 tclass 5 flowlabel 77
ip link add gt6 type ip6gretap local 2001:db8::1 remote 2001:db8::3 key 5 encaplimit none
ip link add ip1 type ipip local 10.0.0.1 remote 10.0.0.5 mode any
ip link add si1 type sit local 10.0.0.1 remote 10.0.0.6
ip link add tn6 type ip6tnl mode any local 2001:db8::1 remote 2001:db8::4 hoplimit 9 dscp inherit
ip link add vt1 type vti local 10.0.0.1 remote 10.0.0.7 key 8
ip link add vt6 type vti6 local 2001:db8::1 remote 2001:db8::7 key 8
ip link add wg0 type wireguard
ip link add ge0 type geneve id 5 remote 10.0.0.9 ttl 3
ip link add nm0 type nlmon
ip link add xf0 type xfrm if_id 5
ip link add te0 type team
ip tuntap add dev tap0 mode tap user 0 multi_queue
ip tuntap add dev tun0 mode tun
ip link set d0 up
ip link set br0 up
ip link set vx0 up
"""

OBJECTS = """
ip neigh add 10.0.0.21 lladdr 02:00:00:00:01:01 dev v0
ip neigh add 10.0.0.22 lladdr 02:00:00:00:01:02 dev v0 nud stale
ip neigh add 10.0.0.23 dev v0 nud failed
ip neigh add 10.0.0.24 lladdr 02:00:00:00:01:04 dev v0 nud reachable extern_learn
ip neigh add 2001:db8::21 lladdr 02:00:00:00:01:11 dev v0 router
ip neigh add 2001:db8::22 lladdr 02:00:00:00:01:12 dev v0 nud noarp protocol bird
ip neigh add 2001:db8::23 lladdr 02:00:00:00:01:13 dev v0 nud stale managed
ip neigh add proxy 10.0.0.31 dev v0
ip neigh add proxy 2001:db8::31 dev v0
bridge fdb add 02:00:00:00:02:01 dev v1 master static vlan 10
bridge fdb add 02:00:00:00:02:02 dev v1 master dynamic extern_learn
bridge fdb add 02:00:00:00:02:03 dev v1 self
bridge fdb add 02:00:00:00:02:04 dev vx0 self dst 10.0.0.77 port 4444 vni 8 via v0
bridge fdb append 00:00:00:00:00:00 dev vx6 dst 2001:db8::77
bridge fdb add 02:00:00:00:02:05 dev vxe self dst 10.0.0.78 src_vni 9 vni 10
ip nexthop add id 1 via 10.0.0.41 dev v0
ip nexthop add id 2 via 10.0.0.42 dev v0 onlink protocol bird
ip nexthop add id 3 dev v0
ip nexthop add id 4 blackhole
ip nexthop add id 9 group 1/2,3
ip nexthop add id 10 group 1/2 type resilient buckets 32 idle_timer 60 unbalanced_timer 300
ip nexthop add id 21 via 2001:db8::41 dev v0
ip -6 nexthop add id 22 blackhole
ip nexthop add id 31 via 10.0.0.51 fdb
ip nexthop add id 32 group 31 fdb
ip nexthop add id 41 encap mpls 100/200 via 10.0.0.43 dev v0
bridge fdb add 02:00:00:00:02:06 dev vx0 nhid 32
ip route add 10.1.0.0/16 encap mpls 100/200 ttl 5 via 10.0.0.2 dev v0
ip route add 10.2.0.0/16 encap ip id 5 dst 192.0.2.4 ttl 7 tos 3 key csum via 10.0.0.2 dev v0
ip route add 10.3.0.0/16 encap ip6 id 6 dst 2001:db8::9 hoplimit 8 via 10.0.0.2 dev v0
ip route add 10.4.0.0/16 via inet6 2001:db8::9 dev v0
ip route add 10.5.0.0/16 nexthop encap mpls 300 via 10.0.0.2 dev v0 nexthop via 10.0.0.3 weight 5
ip route add 10.6.0.0/16 via 10.0.0.2 mtu lock 1400 advmss 1300 window 9 rtt 30ms rttvar 20ms
ip route add 10.7.0.0/16 via 10.0.0.2 hoplimit 9 initcwnd 10 initrwnd 11 features ecn quickack 1
ip route add 10.8.0.0/16 via 10.0.0.2 congctl cubic rto_min 100ms ssthresh 4 cwnd lock 5 reordering 6
ip route add 10.9.0.0/16 via 10.0.0.2 dev v0 onlink fastopen_no_cookie 1
ip -6 route add 2001:db8:4::/48 encap seg6 mode encap segs 2001:db8::a,2001:db8::b dev v0
ip -6 route add 2001:db8:5::/48 encap seg6 mode inline segs 2001:db8::a dev v0
ip -6 route add 2001:db8:6::/48 encap seg6local action End.X nh6 2001:db8::c dev v0
ip -6 route add 2001:db8:7::/48 encap seg6local action End.DX4 nh4 10.0.0.9 count dev v0
ip -6 route add 2001:db8:8::/48 encap ip6 id 6 dst 2001:db8::9 src 2001:db8::1 via 2001:db8::2
ip -6 route add 2001:db8:9::/48 encap mpls 400 via 2001:db8::2
ip -6 route add 2001:db8:a::/48 encap ioam6 trace prealloc type 0x800000 ns 1 size 12 dev v0
ip -6 route add 2001:db8:b::/48 encap rpl segs 2001:db8::a dev v0
sysctl -qw net.mpls.platform_labels=1000 net.mpls.conf.v0.input=1
ip -f mpls route add 100 via inet 10.0.0.2 dev v0
ip -f mpls route add 101 as 200/300 via inet6 2001:db8::2 dev v0
ip -f mpls route add 102 as to 400 nexthop via inet 10.0.0.2 dev v0 nexthop as 500 via inet 10.0.0.3
ip -f mpls route add 103 dev lo ttl-propagate disabled
ip netns add red
ip netns add blue
ip link set v3 netns blue
tc qdisc add dev v0 root handle 1: htb default 10
tc class add dev v0 parent 1: classid 1:10 htb rate 1mbit burst 15k
tc qdisc add dev v0 parent 1:10 fq_codel limit 100
tc qdisc add dev v0 ingress
ip rule add from 192.0.2.0/24 to 198.51.100.0/24 table 100 priority 1000
ip rule add iif v0 oif v2 fwmark 0x10/0xff lookup 1234 priority 1001 protocol bird
ip rule add not from 192.0.2.1 tos 0x10 blackhole priority 1002
ip rule add from all goto 32766 priority 1003
ip rule add from all goto 5000 priority 1004
ip rule add uidrange 100-200 ipproto tcp sport 80 dport 1000-2000 lookup main priority 1005
ip rule add from all lookup main suppress_prefixlength 0 suppress_ifgroup 7 priority 1006
ip rule add l3mdev priority 1007
ip rule add from 192.0.2.2 realms 3/4 lookup 7 priority 1008
ip rule add tun_id 9 lookup 7 priority 1009
ip rule add unreachable priority 1010
ip -6 rule add from 2001:db8:1::/48 to 2001:db8:2::/48 lookup 99 priority 1000
ip -6 rule add prohibit from 2001:db8:3::1 priority 1001
"""

CHANGES = """
ip rule del priority 1010
ip neigh replace 10.0.0.22 lladdr 02:00:00:00:01:77 dev v0 nud permanent
ip neigh del 10.0.0.21 dev v0
bridge fdb del 02:00:00:00:02:04 dev vx0 self dst 10.0.0.77 port 4444 vni 8 via v0
bridge fdb del 02:00:00:00:02:01 dev v1 master vlan 10
ip rule del priority 1000
ip rule add from 192.0.2.9 lookup 9 priority 1011
ip nexthop replace id 9 group 1/2,7
ip nexthop del id 1
ip link set v1 type bridge_slave cost 8
ip link set br0 type bridge ageing_time 700
ip link del vx0
sysctl -qw net.ipv4.conf.v0.forwarding=1
"""


def run(lines):
    """Each line is one command; what the kernel lacks is left out."""
    for line in lines.strip().splitlines():
        done = subprocess.run(line.split(), capture_output=True, text=True, check=False)
        if done.returncode:
            print(f"left out: {line}: {done.stderr.strip()}", file=sys.stderr)


def try_write(folder, name, message_type, payload):
    data = dump(message_type, payload)
    write(folder, name + ".nlmsg", data)
    print(name, len(data))


def link_request(family, mask):
    return struct.pack("=B15xHHI", family, 8, IFLA_EXT_MASK, mask)


def main():
    folder = sys.argv[1]
    os.makedirs(folder, exist_ok=True)
    if not os.path.exists("/dev/net/tun"):
        subprocess.run("mkdir -p /dev/net && mknod /dev/net/tun c 10 200", shell=True, check=False)
    run(LINKS)
    run(OBJECTS)
    try_write(folder, "kinds", RTM_GETLINK, link_request(0, RTEXT_FILTER_VF))
    try_write(folder, "bridge", RTM_GETLINK,
              link_request(AF_BRIDGE, RTEXT_FILTER_BRVLAN))
    try_write(folder, "neigh", RTM_GETNEIGH, bytes(12))
    try_write(folder, "proxy", RTM_GETNEIGH, bytes(10) + bytes([NTF_PROXY, 0]))
    try_write(folder, "fdb", RTM_GETNEIGH, bytes([AF_BRIDGE]) + bytes(11))
    try_write(folder, "rule", RTM_GETRULE, bytes(12))
    try_write(folder, "nexthop", RTM_GETNEXTHOP, bytes(8))
    try_write(folder, "encap4", RTM_GETROUTE, bytes([socket.AF_INET]) + bytes(11))
    try_write(folder, "encap6", RTM_GETROUTE, bytes([socket.AF_INET6]) + bytes(11))
    try_write(folder, "mpls", RTM_GETROUTE, bytes([AF_MPLS]) + bytes(11))
    try_write(folder, "netconf", RTM_GETNETCONF, bytes(4))
    try_write(folder, "nsid", RTM_GETNSID, bytes(4))
    try_write(folder, "qdisc", RTM_GETQDISC, bytes(20))
    index = socket.if_nametoindex("v0")
    try_write(folder, "class", RTM_GETTCLASS, struct.pack("=B3xi12x", 0, index))
    events = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE)
    events.bind((0, 0))
    events.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
    for group in GROUPS:
        events.setsockopt(SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, group)
    run(CHANGES)
    data = b""
    events.setblocking(False)
    while True:
        try:
            data += events.recv(1 << 16)
        except BlockingIOError:
            break
    write(folder, "changes.nlmsg", data)
    for name in ("red", "blue"):
        subprocess.run(["ip", "netns", "del", name], check=False)


if __name__ == "__main__":
    main()
