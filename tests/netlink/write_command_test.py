#!/usr/bin/python3
"""The writing verbs of `trivet netlink` against those of ip(8).

usage: write_command_test.py TRIVET [PATTERN]      only lines that match the regular expression

Two namespaces are prepared alike. Each line is given to `ip` in the one and to `trivet netlink` in
the other; afterwards both must show the same. A wrong line must be refused by both, and change
nothing. What this kernel has no module for is refused by both as well, and compared likewise.
"""

import ctypes
import json
import os
import re
import subprocess
import sys

TRIVET = os.path.abspath(sys.argv[1])
PATTERN = sys.argv[2] if len(sys.argv) > 2 else ""
OURS, THEIRS = "write-trivet", "write-ip"

# What makes two namespaces alike: no addresses by chance.
SETUP = """
link set lo up
link add v0 address 02:00:00:00:00:01 type veth peer name v1 address 02:00:00:00:00:02
link add v2 address 02:00:00:00:00:03 type veth peer name v3 address 02:00:00:00:00:04
link set v0 up
link set v1 up
link set v2 up
link set v3 up
addr add 10.0.0.1/24 dev v0
addr add 10.0.1.1/24 dev v2
addr add 2001:db8::1/64 dev v0 nodad
addr add 2001:db8:1::1/64 dev v2 nodad
"""

# "!" marks what both must refuse; the other lines may be refused only by both.
LINES = """
link add a0 address 02:00:00:00:01:00 type veth peer name a1 address 02:00:00:00:01:01
link add name a2 mtu 1400 txqueuelen 77 address 02:00:00:00:01:02 type veth peer a3 address 02:00:00:00:01:03 mtu 1300
! link add a0 type veth
link set a0 up
link set dev a0 mtu 1420
link set a0 down alias first
link set a0 name b0
link set b0 address 02:00:00:00:01:99
link set b0 multicast off arp off
link set b0 multicast on arp on promisc on allmulticast on
link set b0 promisc off allmulticast off
link set b0 group 7
link set group 7 up
link set b0 txqueuelen 5
link set b0 addrgenmode none
link set b0 carrier on
link set b0 xdp off
link set dev b0 mtu 1450 xdpgeneric none
link set b0 vf 0 trust on
! link set b0 vf 0 vlan 4096
! link set b0 xdp object no-such-file.o
link property add dev b0 altname another-name-of-this-link
link property add b0 altname second-name altname third-name
! link property add dev b0 altname second-name
link set second-name mtu 1410
link property del dev b0 altname second-name altname third-name
! link property del dev b0 altname second-name
! link property add dev no-such-link altname fourth-name
link property add dev b0
link property del dev b0
! link property add dev no-such-link
! link property no-such-verb dev b0 altname fourth-name
link add br0 address 02:00:00:00:02:00 type bridge
link add br1 address 02:00:00:00:02:01 type bridge stp_state 1 forward_delay 200 hello_time 100 max_age 700 priority 4096 ageing_time 1000 vlan_filtering 1 vlan_default_pvid 0 mcast_snooping 0
link set br1 type bridge stp_state 0 mcast_query_interval 1000 group_fwd_mask 8 vlan_protocol 802.1ad
link set a2 master br0
link set a2 type bridge_slave hairpin on learning off cost 5 priority 7 isolated on
link set a2 nomaster
link add link v0 name v0.7 address 02:00:00:00:03:07 type vlan id 7
link add link v0 name v0.8 address 02:00:00:00:03:08 type vlan protocol 802.1ad id 8 reorder_hdr off gvrp on ingress-qos-map 1:2 3:4 egress-qos-map 5:6
link add vx0 address 02:00:00:00:04:00 type vxlan id 10 dstport 4789
link add vx1 address 02:00:00:00:04:01 type vxlan id 11 remote 192.0.2.1 local 10.0.0.1 dev v0 dstport 4789 ttl 5 tos 4 nolearning srcport 1000 2000 ageing 100 udpcsum
link add vx2 address 02:00:00:00:04:02 type vxlan id 12 group 239.1.1.1 dev v0 dstport 0 ttl inherit proxy l2miss
link add vx3 address 02:00:00:00:04:03 type vxlan id 13 remote 2001:db8::99 local 2001:db8::1 dstport 4789 flowlabel 5
link add vx4 address 02:00:00:00:04:04 type vxlan external dstport 4790
link add vx5 address 02:00:00:00:04:05 type vxlan external learning dstport 4791
link add vx6 address 02:00:00:00:04:06 type vxlan learning external dstport 4792
link add vx7 address 02:00:00:00:04:07 type vxlan vni 14 noexternal flowlabel 3 dstport 4789
link set vx0 type vxlan nolearning
link set vx4 type vxlan learning
link replace vx0 type vxlan id 10 dstport 4789
! link add vx8 type vxlan id 15 external dstport 4793
! link add vx8 type vxlan dstport 4793
! link add vx8 type vxlan id 16777216 dstport 4793
! link set vx5 type vxlan id 5 external
link add link v0 name mv0 address 02:00:00:00:05:00 type macvlan mode bridge
link add link v2 name mv1 address 02:00:00:00:05:01 type macvlan mode private
link set mv1 protodown on
link set mv1 protodown_reason 3 on
link set mv1 protodown_reason 31 on
! link set mv1 protodown off
link set mv1 protodown_reason 3 off
! link set mv1 protodown_reason 32 on
! link set mv1 protodown_reason no-such-reason on
! link set mv1 protodown_reason 4 maybe
link set mv1 protodown_reason 31 off
link set mv1 protodown off
link add link v2 name iv0 type ipvlan mode l3
link add link v2 name iv1 type ipvlan mode l3 bridge
link add d0 address 02:00:00:00:06:00 type dummy
link add numtxqueues 2 numrxqueues 2 name d1 address 02:00:00:00:06:01 index 4711 type dummy
link add i0 address 02:00:00:00:06:02 type ifb
link add bo0 address 02:00:00:00:07:00 type bond mode 802.3ad miimon 100 lacp_rate fast xmit_hash_policy layer3+4
link add bo1 address 02:00:00:00:07:01 type bond mode active-backup arp_interval 100 arp_ip_target 10.0.0.9,10.0.0.10 fail_over_mac active num_grat_arp 3
link add vrf0 address 02:00:00:00:08:00 type vrf table 100
link set v3 master vrf0
link set v3 nomaster
link add ge0 address 02:00:00:00:0a:00 type geneve id 7 remote 192.0.2.1 dstport 6082 ttl 5 tos 4 udpcsum
link add ge1 address 02:00:00:00:0a:01 type geneve vni 8 remote 2001:db8::99 ttl inherit df unset
link add ge2 address 02:00:00:00:0a:02 type geneve external
link add ge3 address 02:00:00:00:0a:03 type geneve noexternal id 9 remote 192.0.2.2 dstport 6083
! link add ge4 type geneve id 9 external dstport 6084
link add gr0 type gre remote 192.0.2.1 local 10.0.0.1 ttl 9 tos inherit key 7 seq csum dev v0
link add gr1 type gre local 10.0.0.1 ikey 1.2.3.4 okey 5 iseq ocsum nopmtudisc
link add gr2 type gre remote 192.0.2.2 encap gue encap-sport auto encap-dport 5555 encap-csum encap-remcsum
link add gr3 type gre external
link add gt0 address 02:00:00:00:0b:00 type gretap remote 192.0.2.3 local 10.0.0.1 ttl inherit nopmtudisc ignore-df
link add er0 address 02:00:00:00:0b:01 type erspan remote 192.0.2.4 local 10.0.0.1 seq key 30 erspan_ver 1 erspan 123
link add er1 address 02:00:00:00:0b:02 type erspan remote 192.0.2.5 local 10.0.0.1 seq key 31 erspan_ver 2 erspan_dir egress erspan_hwid 17
link add g60 type ip6gre remote 2001:db8::9 local 2001:db8::1 hoplimit 7 tclass 5 flowlabel 6 encaplimit none key 8
link add g61 type ip6gre remote 2001:db8::8 flowlabel inherit tclass inherit dscp inherit
link add gt6 address 02:00:00:00:0b:03 type ip6gretap remote 2001:db8::7 local 2001:db8::1
link add ii0 type ipip remote 192.0.2.1 local 10.0.0.1 ttl 6 dev v0
link add ii1 type ipip remote 192.0.2.2 mode any tos 8 ttl 5 fwmark 7
link add si0 type sit remote 192.0.2.1 local 10.0.0.1 ttl 6
link add si1 type sit local 10.0.0.1 mode any isatap
link add si2 type sit local 10.0.0.1 6rd-prefix 2001:db8:6::/48 6rd-relay_prefix 192.0.0.0/16
link add t60 type ip6tnl remote 2001:db8::9 local 2001:db8::1
link add t61 type ip6tnl remote 2001:db8::8 local 2001:db8::1 mode any hoplimit 3 encaplimit 2 tclass 4 flowlabel 5 allow-localremote
link add vt0 type vti remote 192.0.2.1 local 10.0.0.1 key 9
link add vt1 type vti local 10.0.0.1 ikey 3 okey 4 fwmark 5
link add vt6 type vti6 remote 2001:db8::9 local 2001:db8::1 key 10
link add xf0 type xfrm dev v0 if_id 42
link add link v0 name mv2 address 02:00:00:00:05:02 type macvlan mode source macaddr add 02:00:00:00:00:01 bcqueuelen 500
link set mv2 type macvlan mode source macaddr set 02:00:00:00:00:02 02:00:00:00:00:03
link set mv2 type macvlan macaddr del 02:00:00:00:00:03
link set mv2 type macvlan macaddr add 02:00:00:00:00:04 flag nodst
link set mv2 type macvlan macaddr flush
link set mv2 type macvlan macaddr set flag null
link add link d0 name mv3 address 02:00:00:00:05:03 type macvtap mode passthru nopromisc bcqueuelen 7
! link set mv2 type macvlan flag nopromisc
! link set mv2 type macvlan flag no-such-flag
! link set mv2 type macvlan macaddr sit 02:00:00:00:00:04
! link set mv2 type macvlan macaddr add 10.0.0.1
! link set mv2 type macvlan macaddr add
! link set mv2 type macvlan bcqueuelen many
link add bo2 address 02:00:00:00:07:02 type bond mode 802.3ad ad_actor_sys_prio 100 ad_actor_system 02:00:00:00:00:01 ad_user_port_key 77 lacp_active off
link set bo2 type bond ad_actor_system 02:00:00:00:00:02 lacp_active on
link add bo3 address 02:00:00:00:07:03 type bond mode active-backup arp_interval 100 ns_ip6_target 2001:db8::9,2001:db8::a arp_ip_target 10.0.0.9 arp_missed_max 3
link set bo3 type bond ns_ip6_target 2001:db8::b
link set bo3 type bond arp_ip_target
link set bo3 type bond ns_ip6_target
link add bo4 address 02:00:00:00:07:04 type bond mode active-backup
link add bd0 address 02:00:00:00:07:05 type dummy
link set bd0 master bo4
link set bd0 type bond_slave queue_id 2 prio -3
link set bd0 type bond_slave prio 0x10
link set bo4 type bond clear_active_slave
! link set bd0 type bond_slave prio 3000000000
! link set bd0 type bond_slave prio -
! link set bo2 type bond ad_actor_system 02:00
! link set bo3 type bond ns_ip6_target 10.0.0.1
! link set bo3 type bond ns_ip6_target miimon 3
link add br2 address 02:00:00:00:02:02 type bridge group_address 01:80:c2:00:00:04 no_linklocal_learn 1 mcast_hash_elasticity 8 vlan_filtering 1
link set br2 type bridge mcast_vlan_snooping 1 no_linklocal_learn 0
link set br2 type bridge mcast_vlan_snooping 0
link add bp0 address 02:00:00:00:02:03 type dummy
link add bp1 address 02:00:00:00:02:04 type dummy
link set bp0 master br2
link set bp1 master br2
link set bp0 type bridge_slave backup_port bp1
link set bp0 type bridge_slave nobackup_port fdb_flush
! link set bp0 type bridge_slave backup_port no-such-link
! link set br2 type bridge no_linklocal_learn 300
! link set br2 type bridge mcast_vlan_snooping
! link set br2 type bridge group_address 02:00
link add vx9 address 02:00:00:00:04:09 type vxlan id 15 dstport 4794 remcsumtx noremcsumrx
link add vx10 address 02:00:00:00:04:0a type vxlan external vnifilter dstport 4795
link add vx11 address 02:00:00:00:04:0b type vxlan id 16 dstport 4796 noremcsumtx remcsumrx novnifilter
! link add vx12 type vxlan id 17 dstport 4797 vnifilter
! link set vx10 type vxlan vnifilter
link set gr0 type gre ttl 12
link set gr1 type gre nookey noiseq
link set gt0 type gretap noignore-df
link set gt0 type gretap ttl 9
link set gt0 type gretap remote any
link set er0 type erspan erspan 99
link set g60 type ip6gre hoplimit 9 encaplimit 3 nokey
link set g61 type ip6gre flowlabel 7
link set gt6 type ip6gretap local any
link set ii0 type ipip ttl 7
link set ii1 type ipip fwmark 0
link set si0 type sit remote 192.0.2.9
link set si2 type sit ttl 9
link set t60 type ip6tnl hoplimit 5
link set t61 type ip6tnl noallow-localremote encaplimit none
link set vt0 type vti remote 192.0.2.77
link set vt6 type vti6 fwmark 6
! link set gr0 type gre remote any
! link set gr0 type gre ttl much
! link set no-such-link type gre ttl 5
! link add gx type gre remote 2001:db8::1
! link add gx type gre key many
! link add gx type ip6tnl mode no-such-mode
! link add gx type ipip key 7
! link add gx type geneve
link add n0 address 02:00:00:00:09:00 type veth peer name n1 address 02:00:00:00:09:01 netns OTHER
link set n0 netns OTHER
link del vx0
link delete dev mv1
! link del no-such-link
! link set no-such-link up
! link add
! link set up
! link add x0 type no-such-kind
! link add x0 mtu many type veth
! link add a-name-that-is-too-long type veth
! link add x/0 type veth
! link set v0 mtu
! link set v0 arp maybe
! link set v0 no-such-word
! link add x0 type veth no-such-word
! link add x0 type bridge stp_state
! link add x0 type bridge no-such-word 1
! link add x0 link v0 type macvlan mode no-such-mode
! link set v0 address 02:00:zz
! link set v0 master no-such-link

addr add 192.0.2.1/24 dev v0
! addr add 192.0.2.1/24 dev v0
addr add 192.0.2.2/24 brd + dev v0
addr add 192.0.3.2/24 brd - dev v0
addr add 192.0.4.2/24 broadcast 192.0.4.77 dev v0
addr add 192.0.2.9 peer 192.0.2.10/30 dev v2
addr add 192.0.5.1/24 dev v0 label v0:x scope link metric 50
addr add 127.0.1.1/8 dev lo
addr add 10.9 dev v0
addr add 192.0.6.1/255.255.255.0 dev v0
addr add 192.0.7.1/24 dev v0 noprefixroute
addr add 192.0.8.1/24 dev v0 valid_lft forever preferred_lft forever
addr add 2001:db8:2::1/64 dev v0 nodad
addr add 2001:db8:3::1 dev v0 nodad home
addr add 2001:db8:4::1 peer 2001:db8:4::2/128 dev v2 nodad
addr add local 2001:db8:5::1/64 dev v0 nodad noprefixroute
addr replace 192.0.2.1/24 dev v0 metric 10
addr change 192.0.8.1/24 dev v0 noprefixroute
addr chg 192.0.7.1/24 dev v0 noprefixroute metric 3
addr change 2001:db8:2::1/64 dev v0 preferred_lft 0
addr del 192.0.2.2/24 dev v0
addr del 192.0.3.2 dev v0
addr del 2001:db8:3::1 dev v0
addr del 192.0.2.9 peer 192.0.2.10/30 dev v2
! addr del 192.0.2.99/24 dev v0
! addr add 192.0.2.300/24 dev v0
! addr add 192.0.2.3/33 dev v0
! addr add 192.0.2.3/24
! addr add 192.0.2.3/24 dev no-such-link
addr add 192.0.9.3/24 dev v0 label eth0:x
! addr add 192.0.2.3/24 dev v0 valid_lft 10 preferred_lft 20
! addr add 192.0.2.3/24 192.0.2.4/24 dev v0
! addr add 192.0.2.3/24 dev v0 scope no-such-scope

route add 198.51.100.0/24 via 10.0.0.2
! route add 198.51.100.0/24 via 10.0.0.2
route add 198.51.101.0/24 via 10.0.0.2 dev v0 metric 5 proto static src 10.0.0.1 mtu 1400 advmss 1200
route add 198.51.102.0/24 via 10.0.0.2 mtu lock 1400 hoplimit 5 window 1000 initcwnd 10 initrwnd 11 reordering 4 quickack 1
route add 198.51.103.0/24 dev v0
route add 198.51.104.0/24 dev v0 scope host table 100
route add 198.51.105.0/24 dev v0 table 100000 tos 0x10
route add default via 10.0.0.2
route add 198.51.106/24 via 10.0.0.3
route add to unicast 198.51.107.1 via 10.0.0.2 onlink dev v2
route add blackhole 198.51.108.0/24
route add unreachable 198.51.109.0/24 metric 7
route add prohibit 198.51.110.0/24
route add throw 198.51.111.0/24 table 5
route add local 198.51.112.1 dev v0
route add broadcast 198.51.112.255 dev v0
route add 198.51.113.0/24 nexthop via 10.0.0.2 weight 3 nexthop via 10.0.1.2 dev v2 weight 256
route add 198.51.114.0/24 proto bird metric 9 nexthop via 10.0.0.2 nexthop dev v2 weight 2
route add 198.51.115.0/24 via inet6 2001:db8::2 dev v0
route add 198.51.116.0/24 via 10.0.0.2 realms 3/4
route add 198.51.117.0/24 via 10.0.0.2 rtt 100ms rttvar 40ms rto_min 5ms ssthresh 7 cwnd lock 9
route add 198.51.140.0/24 via 10.0.0.2 rtt 0.5s rttvar 1.25s rto_min 0.3s
route add 198.51.141.0/24 via 10.0.0.2 rtt 2S rttvar 3msecs rto_min 4SECS
route add 198.51.142.0/24 via 10.0.0.2 rtt 7.2 rttvar 0x10 rto_min .5ms
! route add 198.51.143.0/24 via 10.0.0.2 rtt 0.5m
! route add 198.51.143.0/24 via 10.0.0.2 rtt s
! route add 198.51.143.0/24 via 10.0.0.2 rtt -0.5s
route add 198.51.144.0/24 vrf vrf0 via 10.0.0.2 dev v0
route add 198.51.145.0/24 dev v0 table 7 vrf vrf0
route del 198.51.145.0/24 vrf vrf0
! route add 198.51.146.0/24 vrf v0 dev v0
! route add 198.51.146.0/24 vrf no-such-link dev v0
! route add 198.51.146.0/24 vrf
route chg 198.51.140.0/24 via 10.0.0.2 rtt 0.25s
route add 198.51.118.0/24 via 10.0.0.2 features ecn congctl reno
route add 198.51.119.0/24 encap mpls 100/200 via 10.0.0.2
route add 198.51.120.0/24 encap ip id 5 dst 192.0.2.77 ttl 9 via 10.0.0.2
route add 198.51.122.0/24 encap ip id 6 dst 192.0.2.78 src 10.0.0.1 tos 4 key csum seq via 10.0.0.2
route add 198.51.123.0/24 encap ip6 id 7 dst 2001:db8::9 hoplimit 8 tc 2 csum via 10.0.0.2
route add 2001:db8:201::/48 encap seg6 mode encap segs 2001:db8::a,2001:db8::b dev v0
route add 2001:db8:202::/48 encap seg6 mode inline segs 2001:db8::a dev v0
route add 2001:db8:203::/48 encap seg6local action End.X nh6 2001:db8::c dev v0
route add 2001:db8:204::/48 encap seg6local action End.DX4 nh4 10.0.0.9 count dev v0
route add 2001:db8:205::/48 encap seg6local action End.DT6 table 7 dev v0
route add 2001:db8:206::/48 encap seg6local action End.B6.Encaps srh segs 2001:db8::d,2001:db8::e dev v0
route add 2001:db8:208::/48 encap seg6local srh segs 2001:db8::d,2001:db8::e action End.B6.Encaps dev v0
! route add 2001:db8:207::/48 encap seg6 segs 2001:db8::a mode encap dev v0
! route add 2001:db8:207::/48 encap seg6 mode sideways segs 2001:db8::a dev v0
! route add 2001:db8:207::/48 encap seg6 mode encap segs 2001:db8::a,10.0.0.1 dev v0
! route add 2001:db8:207::/48 encap seg6local nh6 2001:db8::c dev v0
! route add 2001:db8:207::/48 encap seg6local action End.Nowhere dev v0
! route add 198.51.124.0/24 encap wool via 10.0.0.2
route append 198.51.103.0/24 via 10.0.0.9
route prepend 198.51.103.0/24 via 10.0.0.8
route replace 198.51.100.0/24 via 10.0.0.7 mtu 1300
route change 198.51.100.0/24 via 10.0.0.6
route replace 198.51.121.0/24 via 10.0.0.6
route del 198.51.101.0/24 metric 5
route del 198.51.104.0/24 table 100
route del 198.51.113.0/24 nexthop via 10.0.0.2 weight 3 nexthop via 10.0.1.2 dev v2 weight 256
route del default
route delete blackhole 198.51.108.0/24
route add 2001:db8:100::/48 via 2001:db8::2
route add 2001:db8:101::/48 via 2001:db8::2 metric 77 pref high expires 1000
route add 2001:db8:102::/48 dev v0 proto static mtu 1300
route add 2001:db8:103::/48 nexthop via 2001:db8::2 weight 2 nexthop via 2001:db8:1::2
route add blackhole 2001:db8:104::/48
route add 2001:db8:105::/48 from 2001:db8:9::/48 via 2001:db8::2
route append 2001:db8:100::/48 via 2001:db8:1::2
route replace 2001:db8:101::/48 via 2001:db8::3 metric 77
-6 route add default dev v0 metric 4096
-6 route add 2001:db8:106::/48 nexthop dev v0 nexthop dev v2 weight 5
route del 2001:db8:102::/48
! route add 198.51.200.0/24 via 203.0.113.1
! route add 198.51.200.1/24 via 10.0.0.2
! route add 198.51.200.0/24 via 10.0.0.2 metric many
! route add 198.51.200.0/24 via 10.0.0.2 metric
! route add 198.51.200.0/24 via somewhere
! route add 198.51.200.0/33 via 10.0.0.2
! route add via 10.0.0.2
! route add 198.51.200.0/24 198.51.201.0/24 via 10.0.0.2
! route add 198.51.200.0/24 dev no-such-link
! route add 198.51.200.0/24 dev v0 table no-such-table
! route add 198.51.200.0/24 dev v0 proto no-such-proto
! route add 198.51.200.0/24 nexthop via 10.0.0.2 weight 0
! route add 198.51.200.0/24 nexthop via 10.0.0.2 weight 257
! route add 198.51.200.0/24 dev v0 no-such-word
! route add 198.51.200.0/24 dev v0 nhid 99
! route del 198.51.200.0/24
! route change 198.51.200.0/24 via 10.0.0.2
! route no-such-verb 198.51.200.0/24

neigh add 10.0.0.50 lladdr 02:00:00:00:00:50 dev v0
! neigh add 10.0.0.50 lladdr 02:00:00:00:00:50 dev v0
neigh add 10.0.0.51 lladdr 2:0:0:0:0:51 nud permanent dev v0
neigh add to 10.0.0.52 lladdr 02:00:00:00:00:52 dev v0 nud noarp protocol static
neigh add 2001:db8::50 lladdr 02:00:00:00:00:50 dev v0 router
neigh add proxy 10.0.0.60 dev v0
neigh add proxy 2001:db8::60 dev v0
neigh replace 10.0.0.50 lladdr 02:00:00:00:00:53 dev v0
neigh replace 10.0.0.54 lladdr 02:00:00:00:00:54 dev v0
neigh change 10.0.0.51 lladdr 02:00:00:00:00:55 dev v0
neigh chg 10.0.0.51 lladdr 02:00:00:00:00:56 dev v0
neigh add 10.0.0.55 lladdr 02:00:00:00:00:55 dev v0 extern_learn nud permanent
neigh del 10.0.0.54 dev v0
neigh del proxy 10.0.0.60 dev v0
! neigh add 10.0.0.70 lladdr 02:00:00:00:00:50
! neigh add lladdr 02:00:00:00:00:50 dev v0
! neigh add 10.0.0.70 lladdr zz dev v0
! neigh add 10.0.0.70 lladdr 02:00:00:00:00:50 dev v0 nud no-such-state
! neigh change 10.0.0.71 lladdr 02:00:00:00:00:50 dev v0
! neigh del 10.0.0.71 dev v0

rule add from 10.0.0.0/8 lookup 100 pref 1000
! rule add from 10.0.0.0/8 lookup 100 pref 1000
rule add to 10.1.0.0/16 table main priority 1001
rule add fwmark 0x10 lookup 101 pref 1002
rule add fwmark 0x10/0xf0 lookup 101 pref 1003
rule add iif v0 oif v2 table 102 pref 1004
rule add not from 10.2.0.0/16 table 103 pref 1005
rule add tos 0x10 table 104 pref 1006
rule add ipproto tcp sport 1000-2000 dport 80 table 105 pref 1007
rule add uidrange 100-200 table 106 pref 1008
rule add from 10.3.0.0/16 blackhole pref 1009
rule add from 10.4.0.0/16 unreachable pref 1010
rule add prohibit from 10.5.0.0/16 pref 1011
rule add from all goto 32766 pref 1012
rule add nop pref 1013
rule add table main suppress_prefixlength 0 pref 1014
rule add from 10.6.0.0/16 table 107 protocol static pref 1015
-6 rule add from 2001:db8::/32 table 108 pref 1016
-6 rule add table 112 pref 1021
rule add from 10.7.0.0/16 table 109
rule add tun_id 7 table 110 pref 1017
rule add pref 1018
rule add from 10.8.0.0/16 realms 5 table 111 pref 1019
rule add l3mdev pref 1020
rule add from 10.8.1.0/24 realms 5/6 table 111 pref 1023
rule add to 10.8.2.0/24 realm 9 table 111 pref 1024
rule add to 10.8.3.0/24 realm 0/9 table 111 pref 1025
rule del realms 5/6
! rule add to 10.8.4.0/24 realms 5/x table 111 pref 1026
! rule add to 10.8.4.0/24 realms table 111 pref 1026
rule add from 10.9/16 table 112 prio 1022
rule del prio 1022
rule del pref 1001
rule del from 10.0.0.0/8 lookup 100
-6 rule delete from 2001:db8::/32 table 108
! rule del pref 4000
! rule del
! rule delete
! rule add
! -6 rule del
! -6 rule add
! -4 rule del
! rule add from somewhere table 100
! rule add table no-such-table
! rule add fwmark 0x10/x table 100
! rule add no-such-word
! rule add from 10.0.0.0/8 table 100 pref many
! rule add ipproto no-such-protocol table 100

nexthop add id 1 via 10.0.0.2 dev v0
! nexthop add id 1 via 10.0.0.2 dev v0
nexthop add id 2 via 10.0.1.2 dev v2 protocol static
nexthop add id 3 dev v0
nexthop add id 4 blackhole
nexthop add id 5 via 2001:db8::2 dev v0
nexthop add id 6 via 10.0.0.3 dev v0 onlink
nexthop add id 7 encap ip id 5 dst 192.0.2.77 ttl 9 via 10.0.0.2 dev v0
nexthop add id 8 encap seg6 mode encap segs 2001:db8::a,2001:db8::b via 2001:db8::2 dev v0
nexthop add id 9 encap mpls 100/200 ttl 9 via 10.0.0.2 dev v0
nexthop add id 10 group 1/2
nexthop add id 11 group 1,3/2,5
nexthop add id 12 group 1/2 type resilient buckets 8 idle_timer 60 unbalanced_timer 300
route add 198.51.130.0/24 nhid 10
route add 198.51.131.0/24 nhid 1 metric 5
route add 2001:db8:130::/48 nhid 5
nexthop replace id 2 via 10.0.1.3 dev v2
nexthop replace id 10 group 2
nexthop del id 11
nexthop del id 4
! nexthop del id 99
! nexthop add id 20 group 1,0/2
! nexthop add id 20 group somewhere
! nexthop add id 20 via 10.0.0.2
! nexthop add id 20 no-such-word
! nexthop replace id many

rule flush pref 1019
rule flush protocol static
rule flush not
rule flush tos 0x10
rule flush uidrange 100-200
rule flush ipproto tcp sport 1000-2000 dport 80
rule flush iif v0 oif v2
rule flush fwmark 0x10/0xf0
rule flush l3mdev
rule flush from 10.0.0.0/8 table main
rule flush from 10.4.0.0/15
rule flush table 112
-6 rule flush table 112
rule flush protocol kernel pref 32767
! rule flush no-such-word
! rule flush protocol no-such-protocol
! rule flush pref many
! rule flush table
nexthop flush dev v2
nexthop flush protocol 4
nexthop add id 30 via 10.0.0.2 dev v0 protocol 4
nexthop add id 31 via 10.0.1.2 dev v2
nexthop add id 32 group 30/31
nexthop add id 33 group 30 protocol 4
nexthop add id 34 group 30
nexthop flush protocol 4
nexthop add id 35 via 10.0.0.2 dev v0
nexthop add id 36 group 35/31
nexthop flush id 35
-6 nexthop flush
! nexthop flush dev no-such-link
! nexthop flush no-such-word
! nexthop flush id many
nexthop flush groups
nexthop add id 37 group 31/7
nexthop flush

neigh flush dev v0 nud noarp
neigh flush to 10.0.0.0/25 nud permanent
neigh flush dev v0
! neigh flush
! neigh flush dev no-such-link
! neigh flush nud sleepy
route flush cache
route flush cached
-6 route flush cache
route flush table cache
route flush vrf vrf0
route flush proto bird
route flush root 198.51.96.0/21
route flush table 5
route flush type blackhole
-6 route flush root 2001:db8:100::/46
-6 route flush dev v0 proto static
! route flush
! route flush dev no-such-link
addr flush dev v2
addr flush dev v0 scope link
addr flush dev v0 label v0:*
addr flush dev v0 primary to 192.0.2.0/24
-6 addr flush dev v0 scope global
addr flush to 192.0.0.0/16
! addr flush
! addr flush dev no-such-link
rule flush
-6 rule flush
""".strip().splitlines()

SHOWN = {
    "link": (["-d", "link", "show"],),
    "addr": (["addr", "show"], ["route", "show", "table", "all"]),
    "route": (["-d", "-4", "route", "show", "table", "all"],
              ["-d", "-6", "route", "show", "table", "all"]),
    "neigh": (["neigh", "show"], ["neigh", "show", "proxy"]),
    "rule": (["rule", "show"], ["-6", "rule", "show"]),
    "nexthop": (["-d", "nexthop", "show"],),
}

# What differs between any two runs: times, counters, namespaces' numbers, chance.
PASSED_OVER = {"permaddr", "expires", "valid_life_time", "preferred_life_time",
               "inet6_addr_gen_mode", "timer",
               "gc_timer", "hello_timer", "tcn_timer", "topology_change_timer", "ifindex_peer",
               "link_netnsid", "operstate", "flags_now", "ad_actor_sys_prio", "group_address_now",
               "message_age_timer", "forward_delay_timer", "hold_timer"}


LIBC = ctypes.CDLL(None, use_errno=True)
CLONE_NEWNET = 0x40000000


def enter(namespace):
    """This process, and what it starts, goes there: quicker than `ip netns exec` for each."""
    with open("/run/netns/" + namespace, "rb") as file:
        if LIBC.setns(file.fileno(), CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), "setns " + namespace)


def inside(namespace, argv):
    enter(namespace)
    return subprocess.run(argv, capture_output=True, text=True, check=False)


def without_chance(value):
    if isinstance(value, dict):
        # The state of a carrier follows a link by itself, some moments later.
        return {key: without_chance(
                    [f for f in member if f not in ("LOWER_UP", "NO-CARRIER", "M-DOWN", "linkdown")]
                    if key == "flags" else member)
                for key, member in value.items() if key not in PASSED_OVER}
    if isinstance(value, list):
        return [without_chance(member) for member in value]
    return value


def state(namespace, noun):
    shown = []
    for words in SHOWN[noun]:
        got = inside(namespace, ["ip", "-j", *words])
        objects = json.loads(got.stdout or "[]")
        for o in objects:
            # IPv6 addresses and routes of links appear when their carriers do.
            if noun == "addr" and "addr_info" in o:
                o["addr_info"] = [a for a in o["addr_info"] if a.get("scope") != "link"]
        kept = [o for o in map(without_chance, objects)
                if not (o.get("protocol") == "kernel" and ":" in str(o.get("dst", "")))
                and not str(o.get("dst", "")).startswith(("fe80", "ff00", "multicast"))]
        if noun == "neigh":  # a hash table, whose order is chance
            kept.sort(key=str)
        shown.append(kept)
    return shown


def prepare(namespace):
    subprocess.run(["ip", "netns", "add", namespace], check=True)
    inside(namespace, ["sysctl", "-qw", "net.ipv6.conf.all.forwarding=1"])
    enter(namespace)
    subprocess.run(["ip", "-batch", "-"], input=SETUP, text=True, check=True)


def difference(ours, theirs):
    if ours == theirs:
        return None
    text = [json.dumps(side, indent=1, sort_keys=True).splitlines() for side in (ours, theirs)]
    import difflib  # pylint: disable=import-outside-toplevel
    return "\n".join(list(difflib.unified_diff(*text, "trivet", "ip", lineterm="", n=4))[:60])


def try_line(line, wrong):
    """@return what is wrong with it, or None"""
    words = line.split()
    noun = words[1] if words[0].startswith("-") else words[0]
    argv = {OURS: [TRIVET, "netlink"], THEIRS: ["ip"]}
    got = {n: inside(n, argv[n] + [w if w != "OTHER" else n + "-2" for w in words])
           for n in (OURS, THEIRS)}
    ours, theirs = got[OURS], got[THEIRS]
    said = f"trivet {ours.returncode}: {ours.stderr.strip()}\n  ip {theirs.returncode}: " \
           f"{theirs.stderr.strip()}"
    if wrong:
        if theirs.returncode == 0 or ours.returncode == 0:
            return "not refused by both\n  " + said
        if not ours.stderr.startswith("trivet: "):
            return "refused without a word\n  " + said
        # Only what was refused here can have changed anything.
        return changed_since(noun)
    if (ours.returncode == 0) != (theirs.returncode == 0):
        return "one refuses it\n  " + said
    if ours.returncode != 0:
        # Not for its words: this kernel has no such thing.
        if ours.returncode != 1:
            return "taken for a mistake\n  " + said
        REFUSED.append(line)
        return None
    LAST[noun] = state(OURS, noun)
    return difference(LAST[noun], state(THEIRS, noun))


def changed_since(noun):
    before, now = LAST.get(noun), state(OURS, noun)
    LAST[noun] = now
    return difference(now, before) if before is not None else None


REFUSED = []
LAST = {}  # the state after the last line that changed it, by noun


def main():
    failed = 0
    for namespace in (OURS, THEIRS):
        prepare(namespace)
        subprocess.run(["ip", "netns", "add", namespace + "-2"], check=True)
    tried = 0
    for line in LINES:
        if not line or not re.search(PATTERN, line):
            continue
        tried += 1
        wrong = line.startswith("! ")
        problem = try_line(line.removeprefix("! "), wrong)
        if problem:
            failed += 1
            print(f"FAILED: {line}\n{problem}\n")
    for line in REFUSED:
        print(f"this kernel has not: {line}")
    print(f"{tried} lines, {failed} failed, {len(REFUSED)} refused by both")
    # A kernel that refuses much would make this test say nothing.
    sys.exit(1 if failed or len(REFUSED) > tried // 4 else 0)


main()
