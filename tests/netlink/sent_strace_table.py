"""What lines of `trivet netlink` mean, in the words of strace(1): for sent_strace_test.py.

Below each line stand the messages that it sends: type and flags, then the members of the struct
that say something, and all attributes, in order. "$WORD" is one of SHORT, "@LINK" the number of a
link, "%LINK%" its bytes, "=*" any value. What strace has no names for, as the data of most kinds
and the families of generic netlink, has the numbers of the kernel's headers: "$DATA.5=88a8" below
the kind vlan is IFLA_VLAN_PROTOCOL of linux/if_link.h, in network byte order.
"""

SHORT = {
    "$ADD": "NLM_F_REQUEST|NLM_F_ACK|NLM_F_EXCL|NLM_F_CREATE",
    "$DO": "NLM_F_REQUEST|NLM_F_ACK",
    "$DUMP": "NLM_F_REQUEST|NLM_F_DUMP",
    "$KIND": "IFLA_LINKINFO.IFLA_INFO_KIND",
    "$DATA": "IFLA_LINKINFO.IFLA_INFO_DATA",
    "$PORT_KIND": "IFLA_LINKINFO.IFLA_INFO_SLAVE_KIND",
    "$PORT_DATA": "IFLA_LINKINFO.IFLA_INFO_SLAVE_DATA",
    "$METRICS": "NLA_F_NESTED|RTA_METRICS",
    "$ENCAP": "NLA_F_NESTED|RTA_ENCAP",
    "$EXT": "1<<(INET_DIAG_CONG-1)|1<<(INET_DIAG_TOS-1)|1<<(INET_DIAG_TCLASS-1)|"
            "1<<(INET_DIAG_SKMEMINFO-1)",
    "$EVERY_STATE": "|".join("1<<TCP_" + state for state in (
        "ESTABLISHED", "SYN_SENT", "SYN_RECV", "FIN_WAIT1", "FIN_WAIT2", "TIME_WAIT", "CLOSE",
        "CLOSE_WAIT", "LAST_ACK", "LISTEN", "CLOSING", "NEW_SYN_RECV")) + "|0xffffe001",
    "$UNIX_SHOWN": "|".join("UDIAG_SHOW_" + what for what in (
        "NAME", "VFS", "PEER", "ICONS", "RQLEN", "MEMINFO", "UID")),
    "$PACKET_SHOWN": "|".join("PACKET_SHOW_" + what for what in (
        "INFO", "RING_CFG", "FANOUT", "MEMINFO", "FILTER")),
}

TABLE = """
link add a0 mtu 1400 txqueuelen 77 address 02:00:00:00:01:02 type veth peer name a3 address 02:00:00:00:01:03 mtu 1300
    RTM_NEWLINK $ADD
      IFLA_MTU=1400 IFLA_TXQLEN=77 IFLA_ADDRESS=02:00:00:00:01:02 $KIND="veth"
      $DATA.1=000000000000000000000000000000000a000100020000000103000008000400140500000700030061330000
      IFLA_IFNAME="a0"
link add br1 type bridge stp_state 1 forward_delay 200 hello_time 100 max_age 700 priority 4096 ageing_time 1000 vlan_filtering 1 vlan_default_pvid 0 mcast_snooping 0
    RTM_NEWLINK $ADD
      $KIND="bridge" $DATA.IFLA_BR_STP_STATE=1 $DATA.IFLA_BR_FORWARD_DELAY=200
      $DATA.IFLA_BR_HELLO_TIME=100 $DATA.IFLA_BR_MAX_AGE=700 $DATA.IFLA_BR_PRIORITY=4096
      $DATA.IFLA_BR_AGEING_TIME=1000 $DATA.IFLA_BR_VLAN_FILTERING=1
      $DATA.IFLA_BR_VLAN_DEFAULT_PVID=0 $DATA.IFLA_BR_MCAST_SNOOPING=0 IFLA_IFNAME="br1"
link set v1 type bridge_slave hairpin on learning off cost 5 priority 7 isolated on
    RTM_NEWLINK $DO
      ifi_index=v1 $PORT_KIND="bridge" $PORT_DATA.IFLA_BRPORT_MODE=1
      $PORT_DATA.IFLA_BRPORT_LEARNING=0 $PORT_DATA.IFLA_BRPORT_COST=5
      $PORT_DATA.IFLA_BRPORT_PRIORITY=7 $PORT_DATA.IFLA_BRPORT_ISOLATED=1
link add br2 type bridge group_address 01:80:c2:00:00:04 no_linklocal_learn 0 mcast_vlan_snooping 1 mcast_hash_elasticity 8
    RTM_NEWLINK $ADD
      $KIND="bridge" $DATA.IFLA_BR_GROUP_ADDR=01:80:c2:00:00:04
      $DATA.IFLA_BR_MCAST_HASH_ELASTICITY=8
      $DATA.IFLA_BR_MULTI_BOOLOPT={optval=1<<BR_BOOLOPT_MCAST_VLAN_SNOOPING,optmask=1<<BR_BOOLOPT_NO_LL_LEARN|1<<BR_BOOLOPT_MCAST_VLAN_SNOOPING}
      IFLA_IFNAME="br2"
link set v1 type bridge_slave backup_port v0
    RTM_NEWLINK $DO
      ifi_index=v1 $PORT_KIND="bridge" $PORT_DATA.IFLA_BRPORT_BACKUP_PORT=v0
link set v1 type bridge_slave nobackup_port fdb_flush
    RTM_NEWLINK $DO
      ifi_index=v1 $PORT_KIND="bridge" $PORT_DATA.IFLA_BRPORT_BACKUP_PORT=0
      $PORT_DATA.IFLA_BRPORT_FLUSH=
link add link v0 name v0.8 type vlan protocol 802.1ad id 8 reorder_hdr off gvrp on ingress-qos-map 1:2 egress-qos-map 5:6
    RTM_NEWLINK $ADD
      $KIND="vlan" $DATA.5=88a8 $DATA.1=0800 $DATA.4=0c0001000100000002000000
      $DATA.3=0c0001000500000006000000 $DATA.2=0200000003000000 IFLA_IFNAME="v0.8" IFLA_LINK=@v0
link add vx1 type vxlan id 11 remote 192.0.2.1 local 10.0.0.1 dev v0 dstport 4789 ttl 5 tos 4 nolearning srcport 1000 2000 ageing 100 udpcsum
    RTM_NEWLINK $ADD
      $KIND="vxlan" $DATA.2=c0000201 $DATA.4=0a000001 $DATA.3=%v0% $DATA.15=12b5 $DATA.5=05
      $DATA.6=04 $DATA.10=03e807d0 $DATA.8=64000000 $DATA.18=01 $DATA.1=0b000000 $DATA.7=00
      IFLA_IFNAME="vx1"
link add vx3 type vxlan id 13 remote 2001:db8::99 local 2001:db8::1 dstport 4789 flowlabel 5
    RTM_NEWLINK $ADD
      $KIND="vxlan" $DATA.16=20010db8000000000000000000000099
      $DATA.17=20010db8000000000000000000000001 $DATA.15=12b5 $DATA.26=00000005 $DATA.1=0d000000
      $DATA.7=01 IFLA_IFNAME="vx3"
link add vx4 type vxlan external vnifilter remcsumtx noremcsumrx dstport 4789
    RTM_NEWLINK $ADD
      $KIND="vxlan" $DATA.21=01 $DATA.22=00 $DATA.15=12b5 $DATA.25=01 $DATA.30=01 $DATA.7=00
      IFLA_IFNAME="vx4"
link add link v0 name mv0 type macvlan mode bridge
    RTM_NEWLINK $ADD
      $KIND="macvlan" $DATA.1=04000000 IFLA_IFNAME="mv0" IFLA_LINK=@v0
link add link v0 name mv1 type macvlan mode source macaddr set 02:00:00:00:00:01 02:00:00:00:00:02 bcqueuelen 7
    RTM_NEWLINK $ADD
      $KIND="macvlan" $DATA.3=03000000 $DATA.5=0a00040002000000000100000a0004000200000000020000
      $DATA.7=07000000 $DATA.1=10000000 IFLA_IFNAME="mv1" IFLA_LINK=@v0
link add link v0 name mv2 type macvlan mode source flag nodst macaddr add 02:00:00:00:00:01
    RTM_NEWLINK $ADD
      $KIND="macvlan" $DATA.3=00000000 $DATA.4=020000000001 $DATA.1=10000000 $DATA.2=0200
      IFLA_IFNAME="mv2" IFLA_LINK=@v0
link add link v0 name iv0 type ipvlan mode l3 bridge
    RTM_NEWLINK $ADD
      $KIND="ipvlan" $DATA.1=0100 $DATA.2=0000 IFLA_IFNAME="iv0" IFLA_LINK=@v0
link add d1 index 4711 numtxqueues 2 type dummy
    RTM_NEWLINK $ADD
      ifi_index=4711 IFLA_NUM_TX_QUEUES=2 $KIND="dummy" IFLA_IFNAME="d1"
link add bo0 type bond mode 802.3ad miimon 100 lacp_rate fast xmit_hash_policy layer3+4
    RTM_NEWLINK $ADD
      $KIND="bond" $DATA.1=04 $DATA.3=64000000 $DATA.21=01 $DATA.14=01 IFLA_IFNAME="bo0"
link add bo1 type bond mode active-backup arp_interval 100 arp_ip_target 10.0.0.9,10.0.0.10 fail_over_mac active
    RTM_NEWLINK $ADD
      $KIND="bond" $DATA.1=01 $DATA.7=64000000 $DATA.8=080000000a000009080001000a00000a
      $DATA.13=01 IFLA_IFNAME="bo1"
link add bo2 type bond mode 802.3ad ad_actor_sys_prio 100 ad_actor_system 02:00:00:00:00:01 ad_user_port_key 77 lacp_active on
    RTM_NEWLINK $ADD
      $KIND="bond" $DATA.1=04 $DATA.24=6400 $DATA.26=020000000001 $DATA.25=4d00 $DATA.29=01
      IFLA_IFNAME="bo2"
link add bo3 type bond arp_missed_max 3 ns_ip6_target 2001:db8::1,2001:db8::2 clear_active_slave
    RTM_NEWLINK $ADD
      $KIND="bond" $DATA.30=03
      $DATA.31=1400000020010db80000000000000000000000011400010020010db8000000000000000000000002
      $DATA.2=00000000 IFLA_IFNAME="bo3"
link set v1 type bond_slave queue_id 1 prio -3
    RTM_NEWLINK $DO
      ifi_index=v1 $PORT_KIND="bond" $PORT_DATA.5=0100 $PORT_DATA.9=fdffffff
link add vrf0 type vrf table 100
    RTM_NEWLINK $ADD
      $KIND="vrf" $DATA.1=64000000 IFLA_IFNAME="vrf0"
link add ge0 type geneve id 7 remote 192.0.2.1 dstport 6082 ttl 5 tos 4 udpcsum
    RTM_NEWLINK $ADD
      $KIND="geneve" $DATA.1=07000000 $DATA.2=c0000201 $DATA.5=17c2 $DATA.3=05 $DATA.4=04
      $DATA.8=01 IFLA_IFNAME="ge0"
link add gr0 type gre remote 192.0.2.1 local 10.0.0.1 ttl 9 tos inherit key 7 seq csum dev v0
    RTM_NEWLINK $ADD
      $KIND="gre" $DATA.7=c0000201 $DATA.6=0a000001 $DATA.9=01 $DATA.4=00000007 $DATA.5=00000007
      $DATA.1=%v0% $DATA.8=09 $DATA.2=b000 $DATA.3=b000 IFLA_IFNAME="gr0"
link add er0 type erspan remote 192.0.2.4 local 10.0.0.1 seq key 30 erspan_ver 1 erspan 123
    RTM_NEWLINK $ADD
      $KIND="erspan" $DATA.7=c0000204 $DATA.6=0a000001 $DATA.4=0000001e $DATA.5=0000001e
      $DATA.22=01 $DATA.21=7b000000 $DATA.2=3000 $DATA.3=3000 IFLA_IFNAME="er0"
link add g60 type ip6gre remote 2001:db8::9 local 2001:db8::1 hoplimit 7 tclass 5 flowlabel 6 encaplimit none key 8
    RTM_NEWLINK $ADD
      $KIND="ip6gre" $DATA.7=20010db8000000000000000000000009
      $DATA.6=20010db8000000000000000000000001 $DATA.4=00000008 $DATA.5=00000008 $DATA.8=07
      $DATA.11=04 $DATA.12=00500006 $DATA.13=01000000 $DATA.2=2000 $DATA.3=2000 IFLA_IFNAME="g60"
link add ii0 type ipip remote 192.0.2.1 local 10.0.0.1 ttl 6 dev v0
    RTM_NEWLINK $ADD
      $KIND="ipip" $DATA.3=c0000201 $DATA.2=0a000001 $DATA.1=%v0% $DATA.4=06 $DATA.9=00
      IFLA_IFNAME="ii0"
link add si0 type sit remote 192.0.2.1 local 10.0.0.1 ttl 6
    RTM_NEWLINK $ADD
      $KIND="sit" $DATA.3=c0000201 $DATA.2=0a000001 $DATA.4=06 $DATA.9=00 IFLA_IFNAME="si0"
link add si1 type sit 6rd-reset
    RTM_NEWLINK $ADD
      $KIND="sit" $DATA.11=20020000000000000000000000000000 $DATA.13=1000 $DATA.12=00000000
      $DATA.14=0000 $DATA.4=00 $DATA.9=00 IFLA_IFNAME="si1"
link add t61 type ip6tnl remote 2001:db8::8 local 2001:db8::1 mode any hoplimit 3 encaplimit 2 tclass 4 flowlabel 5
    RTM_NEWLINK $ADD
      $KIND="ip6tnl" $DATA.3=20010db8000000000000000000000008
      $DATA.2=20010db8000000000000000000000001 $DATA.4=03 $DATA.6=02 $DATA.7=00400005 $DATA.9=00
      $DATA.8=00000000 IFLA_IFNAME="t61"
link add vt0 type vti remote 192.0.2.1 local 10.0.0.1 key 9
    RTM_NEWLINK $ADD
      $KIND="vti" $DATA.5=c0000201 $DATA.4=0a000001 $DATA.2=00000009 $DATA.3=00000009
      IFLA_IFNAME="vt0"
link add xf0 type xfrm dev v0 if_id 42
    RTM_NEWLINK $ADD
      $KIND="xfrm" $DATA.1=%v0% $DATA.2=2a000000 IFLA_IFNAME="xf0"
link set v0 up mtu 1420 alias uplink
    RTM_NEWLINK $DO
      ifi_index=v0 ifi_flags=IFF_UP ifi_change=0x1 IFLA_MTU=1420 IFLA_IFALIAS="uplink"...
link set v0 address 02:00:00:00:01:99 group 7 txqueuelen 5
    RTM_NEWLINK $DO
      ifi_index=v0 IFLA_ADDRESS=02:00:00:00:01:99 IFLA_TXQLEN=5 IFLA_GROUP=7
link set v1 promisc on arp off
    RTM_NEWLINK $DO
      ifi_index=v1 ifi_flags=IFF_NOARP|IFF_PROMISC ifi_change=0x180
link set v0 protodown_reason 7 on
    RTM_NEWLINK $DO
      ifi_index=v0 NLA_F_NESTED|IFLA_PROTO_DOWN_REASON.IFLA_PROTO_DOWN_REASON_MASK=0x80
      NLA_F_NESTED|IFLA_PROTO_DOWN_REASON.IFLA_PROTO_DOWN_REASON_VALUE=0x80
link set v0 protodown_reason 7 off
    RTM_NEWLINK $DO
      ifi_index=v0 NLA_F_NESTED|IFLA_PROTO_DOWN_REASON.IFLA_PROTO_DOWN_REASON_MASK=0x80
      NLA_F_NESTED|IFLA_PROTO_DOWN_REASON.IFLA_PROTO_DOWN_REASON_VALUE=0
link set v0 addrgenmode none
    RTM_NEWLINK $DO
      ifi_index=v0 IFLA_AF_SPEC.AF_INET6.IFLA_INET6_ADDR_GEN_MODE=IN6_ADDR_GEN_MODE_NONE
link set v0 master v2
    RTM_NEWLINK $DO
      ifi_index=v0 IFLA_MASTER=@v2
link set v3 netns other
    RTM_NEWLINK $DO
      ifi_index=v3 IFLA_NET_NS_FD=*
link property add dev v0 altname second-name
    RTM_NEWLINKPROP NLM_F_REQUEST|NLM_F_ACK|NLM_F_EXCL|NLM_F_CREATE|NLM_F_APPEND
      data=000000%v0%000000000000000014003480100035007365636f6e642d6e616d6500
link del v2
    RTM_DELLINK $DO
      ifi_index=v2
addr add 192.0.2.2/24 brd + dev v0
    RTM_NEWADDR $ADD
      ifa_family=AF_INET ifa_prefixlen=24 ifa_index=v0 IFA_ADDRESS=192.0.2.2 IFA_LOCAL=192.0.2.2
      IFA_BROADCAST=192.0.2.255 IFA_FLAGS=0
addr add 192.0.2.9 peer 192.0.2.10/30 dev v0 label v0:x scope link metric 50
    RTM_NEWADDR $ADD
      ifa_family=AF_INET ifa_prefixlen=30 ifa_scope=RT_SCOPE_LINK ifa_index=v0
      IFA_ADDRESS=192.0.2.10 IFA_LOCAL=192.0.2.9 IFA_LABEL="v0:x" IFA_FLAGS=0 IFA_RT_PRIORITY=50
addr add 2001:db8:2::1/64 dev v0 nodad noprefixroute valid_lft 900 preferred_lft 800
    RTM_NEWADDR $ADD
      ifa_family=AF_INET6 ifa_prefixlen=64 ifa_flags=IFA_F_NODAD ifa_index=v0
      IFA_ADDRESS=2001:db8:2::1 IFA_LOCAL=2001:db8:2::1
      IFA_CACHEINFO={ifa_prefered=800,ifa_valid=900,cstamp=0,tstamp=0}
      IFA_FLAGS=IFA_F_NODAD|IFA_F_NOPREFIXROUTE
addr del 10.0.0.1/24 dev v0
    RTM_DELADDR $DO
      ifa_family=AF_INET ifa_prefixlen=24 ifa_index=v0 IFA_ADDRESS=10.0.0.1 IFA_LOCAL=10.0.0.1
      IFA_FLAGS=0
route add 198.51.101.0/24 via 10.0.0.2 dev v0 metric 5 proto static src 10.0.0.1 mtu 1400 advmss 1200
    RTM_NEWROUTE $ADD
      rtm_family=AF_INET rtm_dst_len=24 rtm_table=RT_TABLE_MAIN rtm_protocol=RTPROT_STATIC
      rtm_type=RTN_UNICAST RTA_TABLE=RT_TABLE_MAIN RTA_DST=198.51.101.0 RTA_OIF=v0
      RTA_GATEWAY=10.0.0.2 RTA_PRIORITY=5 RTA_PREFSRC=10.0.0.1 $METRICS.RTAX_MTU=1400
      $METRICS.RTAX_ADVMSS=1200
route add 198.51.102.0/24 via 10.0.0.2 mtu lock 1400 hoplimit 5 window 1000 initcwnd 10 quickack 1 congctl reno features ecn rto_min 5ms
    RTM_NEWROUTE $ADD
      rtm_family=AF_INET rtm_dst_len=24 rtm_table=RT_TABLE_MAIN rtm_protocol=RTPROT_BOOT
      rtm_type=RTN_UNICAST RTA_TABLE=RT_TABLE_MAIN RTA_DST=198.51.102.0 RTA_GATEWAY=10.0.0.2
      $METRICS.RTAX_MTU=1400 $METRICS.RTAX_HOPLIMIT=5 $METRICS.RTAX_WINDOW=1000
      $METRICS.RTAX_INITCWND=10 $METRICS.RTAX_QUICKACK=1 $METRICS.RTAX_CC_ALGO="reno"
      $METRICS.RTAX_FEATURES=1 $METRICS.RTAX_RTO_MIN=5 $METRICS.RTAX_LOCK=8196
route add 198.51.113.0/24 nexthop via 10.0.0.2 weight 3 nexthop dev v0 weight 256 onlink
    RTM_NEWROUTE $ADD
      rtm_family=AF_INET rtm_dst_len=24 rtm_table=RT_TABLE_MAIN rtm_protocol=RTPROT_BOOT
      rtm_type=RTN_UNICAST RTA_TABLE=RT_TABLE_MAIN RTA_DST=198.51.113.0
      RTA_MULTIPATH[0].rtnh_flags=0 RTA_MULTIPATH[0].rtnh_hops=2 RTA_MULTIPATH[0].rtnh_ifindex=0
      RTA_MULTIPATH[0].RTA_GATEWAY=10.0.0.2 RTA_MULTIPATH[1].rtnh_flags=RTNH_F_ONLINK
      RTA_MULTIPATH[1].rtnh_hops=255 RTA_MULTIPATH[1].rtnh_ifindex=v0
route add 198.51.119.0/24 encap mpls 100/200 ttl 5 via 10.0.0.2
    RTM_NEWROUTE $ADD
      rtm_family=AF_INET rtm_dst_len=24 rtm_table=RT_TABLE_MAIN rtm_protocol=RTPROT_BOOT
      rtm_type=RTN_UNICAST RTA_TABLE=RT_TABLE_MAIN RTA_DST=198.51.119.0 RTA_GATEWAY=10.0.0.2
      RTA_ENCAP_TYPE=LWTUNNEL_ENCAP_MPLS $ENCAP.1=00064000000c8100 $ENCAP.2=05
route add 198.51.122.0/24 encap ip id 6 dst 192.0.2.78 src 10.0.0.1 tos 4 ttl 9 key csum via 10.0.0.2
    RTM_NEWROUTE $ADD
      rtm_family=AF_INET rtm_dst_len=24 rtm_table=RT_TABLE_MAIN rtm_protocol=RTPROT_BOOT
      rtm_type=RTN_UNICAST RTA_TABLE=RT_TABLE_MAIN RTA_DST=198.51.122.0 RTA_GATEWAY=10.0.0.2
      RTA_ENCAP_TYPE=LWTUNNEL_ENCAP_IP $ENCAP.1=0000000000000006 $ENCAP.2=c000024e
      $ENCAP.3=0a000001 $ENCAP.4=09 $ENCAP.5=04 $ENCAP.6=0005
route add 198.51.123.0/24 encap ip6 id 7 dst 2001:db8::9 hoplimit 8 tc 2 via 10.0.0.2
    RTM_NEWROUTE $ADD
      rtm_family=AF_INET rtm_dst_len=24 rtm_table=RT_TABLE_MAIN rtm_protocol=RTPROT_BOOT
      rtm_type=RTN_UNICAST RTA_TABLE=RT_TABLE_MAIN RTA_DST=198.51.123.0 RTA_GATEWAY=10.0.0.2
      RTA_ENCAP_TYPE=LWTUNNEL_ENCAP_IP6 $ENCAP.1=0000000000000007
      $ENCAP.2=20010db8000000000000000000000009 $ENCAP.4=08 $ENCAP.5=02
route add 2001:db8:201::/48 encap seg6 mode encap segs 2001:db8::a,2001:db8::b dev v0
    RTM_NEWROUTE $ADD
      rtm_family=AF_INET6 rtm_dst_len=48 rtm_table=RT_TABLE_MAIN rtm_protocol=RTPROT_BOOT
      rtm_type=RTN_UNICAST RTA_TABLE=RT_TABLE_MAIN RTA_DST=2001:db8:201:: RTA_OIF=v0
      RTA_ENCAP_TYPE=LWTUNNEL_ENCAP_SEG6
      $ENCAP.1=01000000000404010100000020010db800000000000000000000000b20010db800000000000000000000000a
route add 2001:db8:203::/48 encap seg6local action End.X nh6 2001:db8::c dev v0
    RTM_NEWROUTE $ADD
      rtm_family=AF_INET6 rtm_dst_len=48 rtm_table=RT_TABLE_MAIN rtm_protocol=RTPROT_BOOT
      rtm_type=RTN_UNICAST RTA_TABLE=RT_TABLE_MAIN RTA_DST=2001:db8:203:: RTA_OIF=v0
      RTA_ENCAP_TYPE=LWTUNNEL_ENCAP_SEG6_LOCAL $ENCAP.1=02000000
      $ENCAP.5=20010db800000000000000000000000c
route add 198.51.115.0/24 via inet6 2001:db8::2 dev v0
    RTM_NEWROUTE $ADD
      rtm_family=AF_INET rtm_dst_len=24 rtm_table=RT_TABLE_MAIN rtm_protocol=RTPROT_BOOT
      rtm_type=RTN_UNICAST RTA_TABLE=RT_TABLE_MAIN RTA_DST=198.51.115.0 RTA_OIF=v0
      RTA_VIA={rtvia_family=AF_INET6,2001:db8::2}
route add 198.51.116.0/24 nhid 1 realms 3/4
    RTM_NEWROUTE $ADD
      rtm_family=AF_INET rtm_dst_len=24 rtm_table=RT_TABLE_MAIN rtm_protocol=RTPROT_BOOT
      rtm_type=RTN_UNICAST RTA_TABLE=RT_TABLE_MAIN RTA_DST=198.51.116.0 RTA_FLOW=196612
      RTA_NH_ID="\\x01\\x00\\x00\\x00"
route add blackhole 198.51.108.0/24 table 100000 tos 0x10
    RTM_NEWROUTE $ADD
      rtm_family=AF_INET rtm_dst_len=24 rtm_tos=IPTOS_LOWDELAY rtm_table=RT_TABLE_COMPAT
      rtm_protocol=RTPROT_BOOT rtm_type=RTN_BLACKHOLE RTA_TABLE=0x186a0 RTA_DST=198.51.108.0
route add 2001:db8:101::/48 via 2001:db8::2 metric 77 pref high expires 1000
    RTM_NEWROUTE $ADD
      rtm_family=AF_INET6 rtm_dst_len=48 rtm_table=RT_TABLE_MAIN rtm_protocol=RTPROT_BOOT
      rtm_type=RTN_UNICAST RTA_TABLE=RT_TABLE_MAIN RTA_DST=2001:db8:101:: RTA_GATEWAY=2001:db8::2
      RTA_PRIORITY=77 RTA_PREF=1 RTA_EXPIRES="\\xe8\\x03\\x00\\x00"
route add local 198.51.112.1 dev v0
    RTM_NEWROUTE $ADD
      rtm_family=AF_INET rtm_dst_len=32 rtm_table=RT_TABLE_LOCAL rtm_protocol=RTPROT_BOOT
      rtm_scope=RT_SCOPE_HOST rtm_type=RTN_LOCAL RTA_TABLE=RT_TABLE_LOCAL RTA_DST=198.51.112.1
      RTA_OIF=v0
route replace 198.51.100.0/24 via 10.0.0.7
    RTM_NEWROUTE NLM_F_REQUEST|NLM_F_ACK|NLM_F_REPLACE|NLM_F_CREATE
      rtm_family=AF_INET rtm_dst_len=24 rtm_table=RT_TABLE_MAIN rtm_protocol=RTPROT_BOOT
      rtm_type=RTN_UNICAST RTA_TABLE=RT_TABLE_MAIN RTA_DST=198.51.100.0 RTA_GATEWAY=10.0.0.7
route del 198.51.101.0/24 metric 5
    RTM_DELROUTE $DO
      rtm_family=AF_INET rtm_dst_len=24 rtm_table=RT_TABLE_MAIN rtm_scope=RT_SCOPE_NOWHERE
      RTA_TABLE=RT_TABLE_MAIN RTA_DST=198.51.101.0 RTA_PRIORITY=5
route get 198.51.100.7 from 10.0.0.1 mark 7
    RTM_GETROUTE $DO
      rtm_family=AF_INET rtm_dst_len=32 rtm_src_len=32 rtm_flags=RTM_F_LOOKUP_TABLE
      RTA_DST=198.51.100.7 RTA_SRC=10.0.0.1 RTA_MARK=7
neigh add 10.0.0.5 lladdr 02:00:00:00:00:05 dev v0 nud stale
    RTM_NEWNEIGH $ADD
      ndm_family=AF_INET ndm_ifindex=v0 ndm_state=NUD_STALE NDA_DST=10.0.0.5
      NDA_LLADDR=02:00:00:00:00:05
neigh add 2001:db8::22 lladdr 02:00:00:00:01:12 dev v0 nud noarp router protocol bird
    RTM_NEWNEIGH $ADD
      ndm_family=AF_INET6 ndm_ifindex=v0 ndm_state=NUD_NOARP ndm_flags=NTF_ROUTER
      NDA_DST=2001:db8::22 NDA_LLADDR=02:00:00:00:01:12 NDA_PROTOCOL=IPPROTO_PUP
neigh add proxy 10.0.0.31 dev v0
    RTM_NEWNEIGH $ADD
      ndm_family=AF_INET ndm_ifindex=v0 ndm_state=NUD_PERMANENT ndm_flags=NTF_PROXY
      NDA_DST=10.0.0.31
neigh del 10.0.0.5 dev v0
    RTM_DELNEIGH $DO
      ndm_family=AF_INET ndm_ifindex=v0 ndm_state=NUD_PERMANENT NDA_DST=10.0.0.5
rule add from 192.0.2.0/24 to 198.51.100.0/24 table 100 priority 1000
    RTM_NEWRULE $ADD
      family=AF_INET dst_len=24 src_len=24 table=0x64 action=FR_ACT_TO_TBL FRA_TABLE=0x64
      FRA_DST=198.51.100.0 FRA_SRC=192.0.2.0 FRA_PRIORITY=1000
rule add iif v0 oif v1 fwmark 0x10/0xff table 1234 priority 1001
    RTM_NEWRULE $ADD
      family=AF_INET table=RT_TABLE_COMPAT action=FR_ACT_TO_TBL FRA_TABLE=0x4d2 FRA_IIFNAME="v0"
      FRA_PRIORITY=1001 FRA_FWMARK=16 FRA_FWMASK=255 FRA_OIFNAME="v1"
rule add uidrange 100-200 ipproto tcp sport 80 dport 1000-2000 table main suppress_prefixlength 0 suppress_ifgroup 7 pref 1002
    RTM_NEWRULE $ADD
      family=AF_INET table=RT_TABLE_MAIN action=FR_ACT_TO_TBL FRA_TABLE=RT_TABLE_MAIN
      FRA_PRIORITY=1002 FRA_SUPPRESS_IFGROUP=7 FRA_SUPPRESS_PREFIXLEN=0
      FRA_UID_RANGE={start=100,end=200} FRA_IP_PROTO=IPPROTO_TCP FRA_SPORT_RANGE={start=80,end=80}
      FRA_DPORT_RANGE={start=1000,end=2000}
rule add not from 192.0.2.1 tos 0x10 goto 32766 priority 1003
    RTM_NEWRULE $ADD
      family=AF_INET src_len=32 tos=IPTOS_LOWDELAY action=FR_ACT_GOTO flags=FIB_RULE_INVERT
      FRA_TABLE=RT_TABLE_UNSPEC FRA_SRC=192.0.2.1 FRA_GOTO=32766 FRA_PRIORITY=1003
rule add l3mdev pref 1004
    RTM_NEWRULE $ADD
      family=AF_INET action=FR_ACT_TO_TBL FRA_TABLE=RT_TABLE_UNSPEC FRA_PRIORITY=1004 FRA_L3MDEV=1
-6 rule add from 2001:db8:3::1 prohibit pref 1005
    RTM_NEWRULE $ADD
      family=AF_INET6 src_len=128 action=FR_ACT_PROHIBIT FRA_TABLE=RT_TABLE_UNSPEC
      FRA_SRC=2001:db8:3::1 FRA_PRIORITY=1005
rule del pref 1000
    RTM_DELRULE $DO
      family=AF_INET FRA_TABLE=RT_TABLE_UNSPEC FRA_PRIORITY=1000
nexthop add id 1 via 10.0.0.2 dev v0
    RTM_NEWNEXTHOP $ADD
      nh_family=AF_INET NHA_ID=1 NHA_OIF=v0 NHA_GATEWAY=10.0.0.2
nexthop add id 2 dev v0 onlink via 10.9.9.9 protocol bird
    RTM_NEWNEXTHOP $ADD
      nh_family=AF_INET nh_protocol=RTPROT_BIRD nh_flags=RTNH_F_ONLINK NHA_ID=2 NHA_OIF=v0
      NHA_GATEWAY=10.9.9.9
nexthop add id 3 blackhole
    RTM_NEWNEXTHOP $ADD
      nh_family=AF_INET NHA_ID=3 NHA_BLACKHOLE=
nexthop add id 5 encap mpls 100/200 via 10.0.0.2 dev v0
    RTM_NEWNEXTHOP $ADD
      nh_family=AF_INET NHA_ID=5 NHA_OIF=v0 NHA_GATEWAY=10.0.0.2
      NHA_ENCAP_TYPE=LWTUNNEL_ENCAP_MPLS NLA_F_NESTED|NHA_ENCAP.1=00064000000c8100
nexthop add id 6 group 1,3/2,255
    RTM_NEWNEXTHOP $ADD
      NHA_ID=6 NHA_GROUP=[{id=1,weight=2},{id=2,weight=254}]
nexthop add id 7 group 1 type resilient buckets 8 idle_timer 60 unbalanced_timer 300
    RTM_NEWNEXTHOP $ADD
      NHA_ID=7 NHA_GROUP=[{id=1,weight=0}] NHA_GROUP_TYPE=NEXTHOP_GRP_TYPE_RES
      NLA_F_NESTED|NHA_RES_GROUP.NHA_RES_GROUP_BUCKETS=8
      NLA_F_NESTED|NHA_RES_GROUP.NHA_RES_GROUP_IDLE_TIMER=6000
      NLA_F_NESTED|NHA_RES_GROUP.NHA_RES_GROUP_UNBALANCED_TIMER=30000
nexthop add id 8 via 10.0.0.2 fdb
    RTM_NEWNEXTHOP $ADD
      nh_family=AF_INET NHA_ID=8 NHA_GATEWAY=10.0.0.2 NHA_FDB=
nexthop del id 3
    RTM_DELNEXTHOP $DO
      NHA_ID=3
ethtool v0
    nlctrl $DO
      cmd=3 version=2 .2=657468746f6f6c00
    ethtool $DO
      cmd=1 version=1 .1= .2.1.1=04000000 .2.1.1=09000000
    ethtool $DO
      cmd=4 version=1 .1.2=763000 .1.3=01000000
    ethtool $DO
      cmd=2 version=1 .1.2=763000 .1.3=01000000
    ethtool $DO
      cmd=6 version=1 .1.2=763000 .1.3=01000000
ethtool v0 features
    nlctrl $DO
      cmd=3 version=2 .2=657468746f6f6c00
    ethtool $DO
      cmd=1 version=1 .1= .2.1.1=04000000 .2.1.1=09000000
    ethtool $DO
      cmd=11 version=1 .1.2=763000 .1.3=01000000
genl ethtool
    nlctrl $DO
      cmd=3 version=2 .2=657468746f6f6c00
    nlctrl NLM_F_REQUEST|0x300
      cmd=10 version=2 .1=*
sockets inet
    SOCK_DIAG_BY_FAMILY $DUMP
      sdiag_family=AF_INET sdiag_protocol=IPPROTO_TCP idiag_ext=$EXT idiag_states=$EVERY_STATE
      id=*
    SOCK_DIAG_BY_FAMILY $DUMP
      sdiag_family=AF_INET6 sdiag_protocol=IPPROTO_TCP idiag_ext=$EXT idiag_states=$EVERY_STATE
      id=*
    SOCK_DIAG_BY_FAMILY $DUMP
      sdiag_family=AF_INET sdiag_protocol=IPPROTO_UDP idiag_ext=$EXT idiag_states=$EVERY_STATE
      id=*
    SOCK_DIAG_BY_FAMILY $DUMP
      sdiag_family=AF_INET6 sdiag_protocol=IPPROTO_UDP idiag_ext=$EXT idiag_states=$EVERY_STATE
      id=*
    SOCK_DIAG_BY_FAMILY $DUMP
      sdiag_family=AF_INET sdiag_protocol=IPPROTO_RAW idiag_ext=$EXT idiag_states=$EVERY_STATE
      id=*
    SOCK_DIAG_BY_FAMILY $DUMP
      sdiag_family=AF_INET6 sdiag_protocol=IPPROTO_RAW idiag_ext=$EXT idiag_states=$EVERY_STATE
      id=*
sockets unix
    SOCK_DIAG_BY_FAMILY $DUMP
      sdiag_family=AF_UNIX udiag_states=$EVERY_STATE
      udiag_show=$UNIX_SHOWN
      udiag_cookie=[0,0]
sockets netlink
    SOCK_DIAG_BY_FAMILY $DUMP
      sdiag_family=AF_NETLINK sdiag_protocol=NDIAG_PROTO_ALL
      ndiag_show=NDIAG_SHOW_MEMINFO|NDIAG_SHOW_GROUPS|NDIAG_SHOW_FLAGS ndiag_cookie=[0,0]
sockets packet
    SOCK_DIAG_BY_FAMILY $DUMP
      sdiag_family=AF_PACKET
      pdiag_show=$PACKET_SHOWN
      pdiag_cookie=[0,0]
link show dev v0
    RTM_GETLINK $DUMP
      IFLA_EXT_MASK=RTEXT_FILTER_VF|RTEXT_FILTER_SKIP_STATS
    RTM_GETNSID $DO
      NETNSA_FD=*
neigh show dev v0
    RTM_GETNEIGH $DUMP
      NDA_IFINDEX=v0
route show table 100
    RTM_GETROUTE $DUMP
      rtm_family=AF_INET RTA_TABLE=0x64
"""
