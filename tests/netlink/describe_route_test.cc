// Messages as trees: what in rtnetlink reads one way here and another way there.
#include <gtest/gtest.h>
#include <linux/if_bridge.h>
#include <linux/if_link.h>
#include <linux/if_tunnel.h>
#include <linux/mroute.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <sys/socket.h>

#include <array>
#include <span>
#include <vector>

#include "tests/netlink/captures.h"
#include "tests/netlink/described.h"
#include "trivet/netlink/message.h"

namespace trivet::netlink {
namespace {

using testing::bytes_of_message;
using testing::described;
using testing::find;
using testing::find_flaw;
using testing::number;
using testing::text;
using bytes = std::vector<std::byte>;

TEST(describe_route, finds_attributes_behind_options_of_neighbour_discovery) {
  message_builder out(RTM_NEWNDUSEROPT, 0);
  ::nduseroptmsg header{};
  header.nduseropt_family = AF_INET6;
  header.nduseropt_opts_len = 24;
  out.structure(header);
  out.structure(std::array<std::uint8_t, 24>{25, 3});
  out.attributes().bytes(NDUSEROPT_SRCADDR, bytes(16));
  bytes message = bytes_of_message(out);
  const auto got = described(message);
  EXPECT_FALSE(got.flawed());
  EXPECT_EQ(got.parts.at(1).raw.size(), 24U);
  EXPECT_EQ(got.parts.at(1).offset, 32U);
  EXPECT_EQ(text(find(got.parts, "NDUSEROPT_SRCADDR")), "::");
  message[18] = std::byte{200};
  const auto lying = described(message);
  ASSERT_TRUE(lying.flawed());
  EXPECT_EQ(find_flaw(lying.parts)->meaning,
            "there have to be 200 bytes behind struct nduseroptmsg, 44 are left");
}

TEST(describe_route, gives_questions_for_vlans_names_of_their_own) {
  message_builder out(RTM_GETVLAN, NLM_F_REQUEST | NLM_F_DUMP);
  out.structure(::br_vlan_msg{AF_BRIDGE, 0, 0, 0});
  out.attributes().value(BRIDGE_VLANDB_DUMP_FLAGS, std::uint32_t{BRIDGE_VLANDB_DUMPF_GLOBAL});
  const auto got = described(bytes_of_message(out));
  EXPECT_FALSE(got.flawed());
  const node* flags = find(got.parts, "BRIDGE_VLANDB_DUMP_FLAGS");
  ASSERT_NE(flags, nullptr);
  EXPECT_EQ(flags->meaning, "BRIDGE_VLANDB_DUMPF_GLOBAL");
}

TEST(describe_route, reads_the_flags_of_dumps_of_actions_as_value_and_selector) {
  message_builder out(RTM_GETACTION, NLM_F_REQUEST | NLM_F_DUMP);
  out.structure(::tcamsg{});
  out.attributes().value(TCA_ROOT_FLAGS, ::nla_bitfield32{TCA_FLAG_LARGE_DUMP_ON, 3});
  const auto got = described(bytes_of_message(out));
  EXPECT_EQ(find(got.parts, "value")->meaning, "TCA_ACT_FLAG_LARGE_DUMP_ON");
  EXPECT_EQ(number(find(got.parts, "selector")), 3U);
}

TEST(describe_route, reads_the_flags_of_sit_in_the_order_of_the_machine) {
  message_builder out(RTM_NEWLINK, NLM_F_REQUEST);
  out.structure(::ifinfomsg{});
  out.attributes().nested(IFLA_LINKINFO, [](attribute_writer& info) {
    info.text(IFLA_INFO_KIND, "sit").nested(IFLA_INFO_DATA, [](attribute_writer& data) {
      data.value(IFLA_IPTUN_FLAGS, std::uint16_t{SIT_ISATAP});
    });
  });
  EXPECT_EQ(number(find(described(bytes_of_message(out)).parts, "IFLA_IPTUN_FLAGS")), 1U);
}

TEST(describe_route, names_what_structs_of_neighbour_tables_say) {
  message_builder out(RTM_NEWNEIGHTBL, NLM_F_MULTI);
  out.structure(::ndtmsg{});
  ::ndt_config settings{};
  settings.ndtc_entries = 7;
  out.attributes().value(NDTA_CONFIG, settings);
  ::ndt_stats counts{};
  counts.ndts_table_fulls = 9;
  out.attributes().value(NDTA_STATS, counts);
  const auto got = described(bytes_of_message(out));
  EXPECT_EQ(number(find(got.parts, "ndtc_entries")), 7U);
  EXPECT_EQ(number(find(got.parts, "ndts_table_fulls")), 9U);
}

TEST(describe_route, knows_a_slave_by_the_kind_that_programs_give_the_link) {
  message_builder out(RTM_NEWLINK, NLM_F_REQUEST);
  out.structure(::ifinfomsg{});
  out.attributes().nested(IFLA_LINKINFO, [](attribute_writer& info) {
    info.text(IFLA_INFO_KIND, "bridge_slave");
    info.nested(IFLA_INFO_SLAVE_DATA,
                [](attribute_writer& data) { data.value(IFLA_BRPORT_STATE, std::uint8_t{3}); });
  });
  EXPECT_EQ(find(described(bytes_of_message(out)).parts, "IFLA_BRPORT_STATE")->meaning,
            "BR_STATE_FORWARDING");
}

TEST(describe_route, knows_what_a_bridge_says_of_its_port) {
  message_builder out(RTM_SETLINK, NLM_F_REQUEST);
  ::ifinfomsg header{};
  header.ifi_family = AF_BRIDGE;
  out.structure(header);
  out.attributes().nested(
      IFLA_PROTINFO, [](attribute_writer& in) { in.value(IFLA_BRPORT_STATE, std::uint8_t{3}); });
  out.attributes().nested(IFLA_AF_SPEC, [](attribute_writer& in) {
    in.value(IFLA_BRIDGE_VLAN_INFO, ::bridge_vlan_info{BRIDGE_VLAN_INFO_PVID, 7});
  });
  const auto got = described(bytes_of_message(out));
  EXPECT_EQ(find(got.parts, "IFLA_BRPORT_STATE")->meaning, "BR_STATE_FORWARDING");
  EXPECT_EQ(number(find(got.parts, "vid")), 7U);
  EXPECT_EQ(find(got.parts, "flags")->meaning, "BRIDGE_VLAN_INFO_PVID");
}

TEST(describe_route, knows_who_asks_a_bridge_for_listeners) {
  message_builder out(RTM_NEWLINK);
  out.structure(::ifinfomsg{});
  out.attributes().nested(IFLA_LINKINFO, [](attribute_writer& info) {
    info.text(IFLA_INFO_KIND, "bridge").nested(IFLA_INFO_DATA, [](attribute_writer& data) {
      data.value(IFLA_BR_MULTI_BOOLOPT, ::br_boolopt_multi{2, 3});
      data.nested(IFLA_BR_MCAST_QUERIER_STATE, [](attribute_writer& querier) {
        querier.value_big_endian(BRIDGE_QUERIER_IP_ADDRESS, std::uint32_t{0xc0000201});
        querier.value(BRIDGE_QUERIER_IP_PORT, std::uint32_t{7});
      });
    });
  });
  const auto got = described(bytes_of_message(out));
  EXPECT_EQ(find(got.parts, "optval")->meaning, "BR_BOOLOPT_MCAST_VLAN_SNOOPING");
  EXPECT_EQ(find(got.parts, "optmask")->meaning,
            "BR_BOOLOPT_NO_LL_LEARN|BR_BOOLOPT_MCAST_VLAN_SNOOPING");
  EXPECT_EQ(text(find(got.parts, "BRIDGE_QUERIER_IP_ADDRESS")), "192.0.2.1");
  EXPECT_EQ(number(find(got.parts, "BRIDGE_QUERIER_IP_PORT")), 7U);
}

TEST(describe_route, names_the_sources_of_a_multicast_entry) {
  message_builder out(RTM_NEWMDB);
  out.structure(::br_port_msg{AF_BRIDGE, 4});
  out.attributes().nested(MDBA_MDB, [](attribute_writer& table) {
    table.nested(MDBA_MDB_ENTRY, [](attribute_writer& entries) {
      entries.nested_unmarked(MDBA_MDB_ENTRY_INFO, [](attribute_writer& in) {
        const ::br_mdb_entry entry{};
        in.plain(std::as_bytes(std::span(&entry, 1)));
        in.value(MDBA_MDB_EATTR_GROUP_MODE, std::uint8_t{1});
        in.value(MDBA_MDB_EATTR_RTPROT, std::uint8_t{RTPROT_STATIC});
        in.nested(MDBA_MDB_EATTR_SRC_LIST, [](attribute_writer& list) {
          list.nested(MDBA_MDB_SRCLIST_ENTRY, [](attribute_writer& source) {
            source.value_big_endian(MDBA_MDB_SRCATTR_ADDRESS, std::uint32_t{0xc0000202});
          });
        });
      });
    });
  });
  const auto got = described(bytes_of_message(out));
  EXPECT_FALSE(got.flawed());
  EXPECT_EQ(find(got.parts, "MDBA_MDB_EATTR_GROUP_MODE")->meaning, "MCAST_INCLUDE");
  EXPECT_EQ(find(got.parts, "MDBA_MDB_EATTR_RTPROT")->meaning, "RTPROT_STATIC");
  EXPECT_EQ(text(find(got.parts, "MDBA_MDB_SRCATTR_ADDRESS")), "192.0.2.2");
}

TEST(describe_route, names_the_vnis_of_a_tunnel) {
  message_builder out(RTM_NEWTUNNEL);
  out.structure(::tunnel_msg{PF_BRIDGE, 0, 0, 5});
  out.attributes().nested(VXLAN_VNIFILTER_ENTRY, [](attribute_writer& in) {
    in.value(VXLAN_VNIFILTER_ENTRY_START, std::uint32_t{100});
    in.value_big_endian(VXLAN_VNIFILTER_ENTRY_GROUP, std::uint32_t{0xef000001});
  });
  const auto got = described(bytes_of_message(out));
  EXPECT_FALSE(got.flawed());
  EXPECT_EQ(number(find(got.parts, "ifindex")), 5U);
  EXPECT_EQ(number(find(got.parts, "VXLAN_VNIFILTER_ENTRY_START")), 100U);
  EXPECT_EQ(text(find(got.parts, "VXLAN_VNIFILTER_ENTRY_GROUP")), "239.0.0.1");
}

TEST(describe_route, names_the_report_of_a_packet_that_no_multicast_route_takes) {
  message_builder out(RTM_NEWCACHEREPORT, 0);
  out.structure(::rtgenmsg{RTNL_FAMILY_IPMR});
  out.attributes().value(IPMRA_CREPORT_MSGTYPE, std::uint8_t{1});
  out.attributes().value_big_endian(IPMRA_CREPORT_SRC_ADDR, std::uint32_t{0xc0000201});
  const auto got = described(bytes_of_message(out));
  EXPECT_FALSE(got.flawed());
  EXPECT_EQ(text(find(got.parts, "IPMRA_CREPORT_SRC_ADDR")), "192.0.2.1");
}

TEST(describe_route, names_the_report_of_ipv6_by_its_own_header) {
  message_builder out(RTM_NEWCACHEREPORT, 0);
  out.structure(::rtgenmsg{RTNL_FAMILY_IP6MR});
  out.attributes().value(2, std::uint32_t{4}).bytes(3, bytes(16));
  const auto got = described(bytes_of_message(out));
  EXPECT_FALSE(got.flawed());
  EXPECT_EQ(number(find(got.parts, "IP6MRA_CREPORT_MIF_ID")), 4U);
  EXPECT_EQ(text(find(got.parts, "IP6MRA_CREPORT_SRC_ADDR")), "::");
}

TEST(describe_route, names_a_multicast_address_that_came) {
  message_builder out(56, 0);  // RTM_NEWMULTICAST
  out.structure(::ifaddrmsg{AF_INET, 32, 0, RT_SCOPE_UNIVERSE, 3});
  out.attributes().value_big_endian(IFA_MULTICAST, std::uint32_t{0xe0000001});
  const auto got = described(bytes_of_message(out));
  EXPECT_EQ(got.name, "RTM_NEWMULTICAST");
  EXPECT_FALSE(got.flawed());
  EXPECT_EQ(number(find(got.parts, "ifa_index")), 3U);
  EXPECT_EQ(text(find(got.parts, "IFA_MULTICAST")), "224.0.0.1");
}

TEST(describe_route, says_which_statistics_are_asked_for) {
  message_builder out(RTM_GETSTATS);
  ::if_stats_msg header{};
  header.filter_mask =
      IFLA_STATS_FILTER_BIT(IFLA_STATS_LINK_64) | IFLA_STATS_FILTER_BIT(IFLA_STATS_AF_SPEC);
  out.structure(header);
  EXPECT_EQ(find(described(bytes_of_message(out)).parts, "filter_mask")->meaning,
            "IFLA_STATS_LINK_64|IFLA_STATS_AF_SPEC");
}

TEST(describe_route, follows_a_link_inside_a_link) {
  message_builder out(RTM_NEWLINK, NLM_F_REQUEST);
  out.structure(::ifinfomsg{});
  out.attributes().nested(IFLA_LINKINFO, [](attribute_writer& info) {
    info.text(IFLA_INFO_KIND, "veth").nested(IFLA_INFO_DATA, [](attribute_writer& data) {
      data.nested(VETH_INFO_PEER, [](attribute_writer& peer) {
        const ::ifinfomsg header{};
        peer.plain(std::as_bytes(std::span<const ::ifinfomsg, 1>(&header, 1)));
        peer.text(IFLA_IFNAME, "v1");
      });
    });
  });
  const auto got = described(bytes_of_message(out));
  const node* peer = find(got.parts, "VETH_INFO_PEER");
  ASSERT_NE(peer, nullptr);
  EXPECT_EQ(peer->children.at(0).name, "ifinfomsg");
  EXPECT_EQ(text(find(peer->children, "IFLA_IFNAME")), "v1");
}

}  // namespace
}  // namespace trivet::netlink
