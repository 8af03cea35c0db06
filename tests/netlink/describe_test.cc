// Messages as trees: what kernels sent, whole; and what nobody would send.
#include "trivet/netlink/describe.h"

#include <gtest/gtest.h>
#include <linux/ethtool_netlink.h>
#include <linux/genetlink.h>
#include <linux/if_bridge.h>
#include <linux/if_link.h>
#include <linux/if_tunnel.h>
#include <linux/neighbour.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <linux/netlink_diag.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <linux/veth.h>
#include <linux/xfrm.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <string>

#include "tests/netlink/captures.h"
#include "tests/netlink/described.h"
#include "trivet/netlink/diag/inet.h"
#include "trivet/netlink/diag/local.h"
#include "trivet/netlink/generic/ethtool.h"
#include "trivet/netlink/message.h"
#include "trivet/netlink/protocol.h"

namespace trivet::netlink {
namespace {

using testing::bytes_of_message;
using testing::described;
using testing::find;
using testing::find_flaw;
using testing::number;
using testing::text;
using bytes = std::vector<std::byte>;

constexpr std::string_view captures[] = {
    "addr",    "bridge", "changes", "class", "encap4", "encap6", "error",
    "events",  "fdb",    "kinds",   "link",  "mpls",   "neigh",  "netconf",
    "nexthop", "nsid",   "proxy",   "qdisc", "route4", "route6", "rule"};

bytes vlan_request(std::uint16_t id) {
  message_builder out(RTM_NEWLINK, NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL);
  out.structure(::ifinfomsg{});
  out.attributes().text(IFLA_IFNAME, "v0.7").nested(IFLA_LINKINFO, [&](attribute_writer& info) {
    info.text(IFLA_INFO_KIND, "vlan").nested(IFLA_INFO_DATA, [&](attribute_writer& data) {
      data.value(IFLA_VLAN_ID, id).value_big_endian(IFLA_VLAN_PROTOCOL, std::uint16_t{0x88a8});
    });
  });
  return bytes_of_message(out);
}

// Every attribute that a plain reading finds is a node of its own at its place, with its number.
void expect_attributes(const std::vector<node>& parts, const_bytes message, std::size_t start) {
  std::size_t at = start;
  attribute_reader in(message.subspan(start));
  for (attribute a; in.next(a);) {
    const auto found = std::find_if(parts.begin(), parts.end(), [&](const node& n) {
      return n.kind == node_kind::attribute && n.offset == at;
    });
    ASSERT_NE(found, parts.end()) << at;
    EXPECT_EQ(found->type, a.type);
    EXPECT_EQ(found->size, a.data.size() + sizeof(::nlattr));
    EXPECT_EQ(found->nested, a.nested);
    at += align4(found->size);
  }
}

TEST(describe, tells_everything_that_kernels_sent) {
  for (const std::string_view kernel : testing::captured_kernels) {
    for (const std::string_view name : captures) {
      SCOPED_TRACE(std::string(kernel) + " " + std::string(name));
      const auto datagram = testing::capture(kernel, name);
      const auto list = describer().describe_datagram(NETLINK_ROUTE, datagram);
      EXPECT_EQ(list.size(), testing::messages_of(datagram).size());
      for (const message_description& one : list) {
        EXPECT_TRUE(one.known) << one.name;
        EXPECT_FALSE(one.flawed()) << one.name << ": " << find_flaw(one.parts)->meaning;
        if (one.header.nlmsg_type < NLMSG_MIN_TYPE) continue;
        ASSERT_FALSE(one.parts.empty());
        const node& head = one.parts.front();
        EXPECT_EQ(head.kind, node_kind::structure);
        const auto message = const_bytes(datagram).subspan(one.offset, one.header.nlmsg_len);
        expect_attributes(one.parts, message, align4(head.offset + head.size));
      }
    }
  }
}

TEST(describe, gives_every_attribute_of_a_link_its_name) {
  for (const std::string_view kernel : testing::captured_kernels) {
    for (const auto& one :
         describer().describe_datagram(NETLINK_ROUTE, testing::capture(kernel, "link"))) {
      for (const node& part : one.parts) EXPECT_FALSE(part.name.empty()) << *part.type;
    }
  }
}

TEST(describe, names_a_message_its_flags_and_its_values) {
  const auto got = described(vlan_request(7));
  EXPECT_EQ(got.name, "RTM_NEWLINK");
  EXPECT_EQ(got.flags, "NLM_F_REQUEST|NLM_F_ACK|NLM_F_EXCL|NLM_F_CREATE");
  EXPECT_EQ(text(find(got.parts, "IFLA_IFNAME")), "v0.7");
  const node* id = find(got.parts, "IFLA_VLAN_ID");
  EXPECT_EQ(number(id), 7U);
  EXPECT_EQ(id->offset, 64U);
  const node* protocol = find(got.parts, "IFLA_VLAN_PROTOCOL");
  EXPECT_EQ(number(protocol), 0x88a8U) << "in network order, without being marked";
  EXPECT_EQ(protocol->meaning, "ETH_P_8021AD");
  EXPECT_EQ(find(got.parts, "ifi_family")->meaning, "AF_UNSPEC");
  EXPECT_TRUE(find(got.parts, "IFLA_LINKINFO")->nested);
}

TEST(describe, means_other_flags_with_other_messages) {
  const auto flags_of = [](std::uint16_t type, unsigned flags) {
    message_builder out(type, flags);
    out.structure(::ifinfomsg{});
    return described(bytes_of_message(out)).flags;
  };
  EXPECT_EQ(flags_of(RTM_GETLINK, NLM_F_REQUEST | NLM_F_DUMP), "NLM_F_REQUEST|NLM_F_DUMP");
  EXPECT_EQ(flags_of(RTM_GETLINK, NLM_F_MATCH), "NLM_F_MATCH");
  EXPECT_EQ(flags_of(RTM_DELLINK, 0x300), "NLM_F_NONREC|NLM_F_BULK");
  EXPECT_EQ(flags_of(RTM_NEWLINK, 0x1004), "NLM_F_ACK|0x1000");
  EXPECT_EQ(flags_of(RTM_NEWLINK, 0), "");
}

TEST(describe, names_the_flag_that_removes_all_actions) {
  message_builder out(RTM_DELACTION, NLM_F_REQUEST | NLM_F_ROOT);
  out.structure(::tcamsg{});
  EXPECT_EQ(described(bytes_of_message(out)).flags, "NLM_F_REQUEST|NLM_F_ROOT");
}

TEST(describe, names_messages_of_which_the_types_alone_are_known) {
  const auto named = [](int protocol, std::uint16_t type, unsigned flags) {
    message_builder out(type, flags);
    const auto got = described(bytes_of_message(out), protocol);
    return got.name + " " + got.flags;
  };
  EXPECT_EQ(named(NETLINK_XFRM, XFRM_MSG_GETSA, NLM_F_DUMP), "XFRM_MSG_GETSA NLM_F_DUMP");
  EXPECT_EQ(named(NETLINK_XFRM, XFRM_MSG_NEWPOLICY, NLM_F_EXCL), "XFRM_MSG_NEWPOLICY NLM_F_EXCL");
  EXPECT_EQ(named(NETLINK_XFRM, XFRM_MSG_DELSA, NLM_F_NONREC), "XFRM_MSG_DELSA NLM_F_NONREC");
  EXPECT_EQ(named(NETLINK_XFRM, XFRM_MSG_ALLOCSPI, 0xf00), "XFRM_MSG_ALLOCSPI 0xf00");
  EXPECT_EQ(named(NETLINK_AUDIT, 1100, 0), "type 1100 ");
  EXPECT_EQ(named(NETLINK_AUDIT, 1300, 0), "AUDIT_SYSCALL ");
  EXPECT_EQ(named(NETLINK_CRYPTO, 0x13, NLM_F_DUMP), "CRYPTO_MSG_GETALG NLM_F_DUMP");
  EXPECT_EQ(named(NETLINK_SELINUX, 0x11, 0), "SELNL_MSG_POLICYLOAD ");
}

TEST(describe, names_how_many_connections_are_tracked) {
  message_builder out((NFNL_SUBSYS_CTNETLINK << 8) | IPCTNL_MSG_CT_GET_STATS, NLM_F_MULTI);
  out.structure(::nfgenmsg{});
  out.attributes().value_big_endian(CTA_STATS_GLOBAL_ENTRIES, std::uint32_t{5});
  const auto got = described(bytes_of_message(out), NETLINK_NETFILTER);
  EXPECT_EQ(number(find(got.parts, "CTA_STATS_GLOBAL_ENTRIES")), 5U);
}

TEST(describe, says_that_a_message_is_of_the_other_byte_order) {
  bytes message = vlan_request(7);
  std::reverse(message.begin(), message.begin() + 4);
  const auto list = describer().describe_datagram(NETLINK_ROUTE, message);
  ASSERT_EQ(list.size(), 1U);
  EXPECT_TRUE(list[0].other_order);
  EXPECT_TRUE(list[0].flawed());
  EXPECT_FALSE(list[0].known);
  EXPECT_NE(list[0].parts.at(0).meaning.find("other byte order"), std::string::npos);
  EXPECT_FALSE(described(vlan_request(7)).other_order);
}

TEST(describe, goes_on_behind_a_length_that_is_wrong) {
  bytes message = vlan_request(7);
  // IFLA_VLAN_PROTOCOL at 72 claims to be longer than the message.
  ASSERT_EQ(load_padded<std::uint16_t>(const_bytes(message).subspan(72)), 6);
  message[72] = std::byte{0xa0};
  message[73] = std::byte{0x0f};
  // And an alias behind the nest.
  const bytes alias = {std::byte{6}, std::byte{0},   std::byte{IFLA_IFALIAS},
                       std::byte{0}, std::byte{'a'}, std::byte{0},
                       std::byte{0}, std::byte{0}};
  message.insert(message.end(), alias.begin(), alias.end());
  message[0] = static_cast<std::byte>(message.size());
  const auto got = described(message);
  EXPECT_TRUE(got.flawed());
  const node* flaw = find_flaw(got.parts);
  ASSERT_NE(flaw, nullptr);
  EXPECT_EQ(flaw->meaning, "attribute at 72 (IFLA_VLAN_PROTOCOL) claims 4000 bytes, 8 are left");
  EXPECT_EQ(flaw->raw.size(), 8U) << "the bytes are kept";
  EXPECT_EQ(number(find(got.parts, "IFLA_VLAN_ID")), 7U) << "what is before it";
  EXPECT_EQ(text(find(got.parts, "IFLA_IFALIAS")), "a") << "what is behind its nest";
}

TEST(describe, keeps_what_it_does_not_know) {
  message_builder out(RTM_NEWLINK, 0);
  out.structure(::ifinfomsg{});
  out.attributes().value(1234, std::uint16_t{0x0201});
  const bytes message = bytes_of_message(out);
  const auto got = described(message);
  const node& unknown = got.parts.back();
  EXPECT_EQ(unknown.type, 1234);
  EXPECT_EQ(unknown.name, "");
  EXPECT_EQ(unknown.raw, (bytes{std::byte{1}, std::byte{2}}));
  EXPECT_TRUE(std::holds_alternative<std::monostate>(unknown.value)) << "nothing is guessed";

  message_builder strange(199, NLM_F_REQUEST);
  strange.structure(std::uint32_t{7});
  const auto other = described(bytes_of_message(strange));
  EXPECT_EQ(other.name, "type 199");
  EXPECT_FALSE(other.known);
  EXPECT_EQ(other.parts.at(0).raw.size(), 4U);
}

TEST(describe, takes_a_number_of_the_wrong_length_for_bytes) {
  message_builder out(RTM_NEWLINK, 0);
  out.structure(::ifinfomsg{});
  out.attributes().bytes(IFLA_MTU, bytes_of("abc"));
  const auto got = described(bytes_of_message(out));
  EXPECT_EQ(find(got.parts, "IFLA_MTU")->raw.size(), 3U);
}

TEST(describe, says_what_is_left_of_a_message_that_is_cut) {
  const bytes message = vlan_request(7);
  for (std::size_t size = 0; size < message.size(); ++size) {
    const bytes cut(message.begin(), message.begin() + static_cast<std::ptrdiff_t>(size));
    const auto list = describer().describe_datagram(NETLINK_ROUTE, cut);
    if (size == 0) {
      EXPECT_TRUE(list.empty());
      continue;
    }
    ASSERT_EQ(list.size(), 1U);
    EXPECT_TRUE(list[0].flawed()) << size;
    EXPECT_EQ(list[0].name, size < 16 ? "no message" : "RTM_NEWLINK");
    EXPECT_EQ(find(list[0].parts, "IFLA_IFNAME") != nullptr, size >= 41) << size;
  }
}

TEST(describe, passes_over_the_zeros_that_programs_send_behind_a_message) {
  bytes message = vlan_request(7);
  const std::size_t size = message.size();
  message.resize(size + 100);
  const auto list = describer().describe_datagram(NETLINK_ROUTE, message);
  ASSERT_EQ(list.size(), 1U);
  EXPECT_FALSE(list[0].flawed());
  EXPECT_EQ(list[0].parts.back().offset, size);
  EXPECT_EQ(list[0].parts.back().size, 100U);
  EXPECT_EQ(list[0].parts.back().meaning, "zeros behind the message");
}

TEST(describe, takes_a_question_with_nothing_but_a_family) {
  message_builder out(RTM_GETADDR, NLM_F_REQUEST | NLM_F_DUMP);
  out.structure(::rtgenmsg{AF_INET});
  const auto got = described(bytes_of_message(out));
  EXPECT_FALSE(got.flawed());
  EXPECT_EQ(find(got.parts, "rtgen_family")->meaning, "AF_INET");
}

TEST(describe, repeats_the_request_of_an_error) {
  for (const std::string_view kernel : testing::captured_kernels) {
    const auto got = described(testing::capture(kernel, "error"));
    EXPECT_EQ(got.name, "NLMSG_ERROR");
    EXPECT_EQ(find(got.parts, "error")->meaning, "-ENETUNREACH");
    EXPECT_EQ(find(got.parts, "nlmsg_type")->meaning, "RTM_NEWROUTE");
    EXPECT_EQ(text(find(got.parts, "NLMSGERR_ATTR_MSG")), "Nexthop has invalid gateway");
  }
}

TEST(describe, learns_the_families_of_generic_netlink) {
  message_builder family(GENL_ID_CTRL, 0);
  family.structure(::genlmsghdr{CTRL_CMD_NEWFAMILY, 2, 0});
  family.attributes().value(CTRL_ATTR_FAMILY_ID, std::uint16_t{0x21});
  family.attributes().text(CTRL_ATTR_FAMILY_NAME, "toolbox");
  family.attributes().nested(CTRL_ATTR_OPS, [](attribute_writer& list) {
    list.nested(1, [](attribute_writer& op) {
      op.value(CTRL_ATTR_OP_ID, std::uint32_t{3});
      op.value(CTRL_ATTR_OP_FLAGS, std::uint32_t{GENL_CMD_CAP_DO | GENL_ADMIN_PERM});
    });
  });
  const bytes told = bytes_of_message(family);
  message_builder request(0x21, NLM_F_REQUEST | NLM_F_DUMP);
  request.structure(::genlmsghdr{4, 1, 0});
  request.attributes().nested(1, [](attribute_writer& in) { in.text(2, "eth0"); });
  const bytes question = bytes_of_message(request);

  describer words;
  EXPECT_EQ(words.describe(NETLINK_GENERIC, question).name, "type 33");
  const auto first = words.describe(NETLINK_GENERIC, told);
  EXPECT_EQ(first.name, "nlctrl CTRL_CMD_NEWFAMILY");
  EXPECT_EQ(find(first.parts, "CTRL_ATTR_OP_FLAGS")->meaning, "GENL_ADMIN_PERM|GENL_CMD_CAP_DO");
  words.learn(NETLINK_GENERIC, told);
  const auto got = words.describe(NETLINK_GENERIC, question);
  EXPECT_EQ(got.name, "toolbox command 4");
  EXPECT_EQ(got.flags, "NLM_F_REQUEST|NLM_F_DUMP");
  const node& nest = got.parts.back();
  EXPECT_EQ(nest.name, "") << "its attributes have no names here";
  ASSERT_EQ(nest.children.size(), 1U) << "but it says itself that it is a nest";
  EXPECT_EQ(nest.children[0].raw.size(), 5U);
}

TEST(describe, shows_the_struct_of_a_family_before_its_attributes) {
  message_builder family(GENL_ID_CTRL, 0);
  family.structure(::genlmsghdr{CTRL_CMD_NEWFAMILY, 2, 0});
  family.attributes().value(CTRL_ATTR_FAMILY_ID, std::uint16_t{0x20});
  family.attributes().text(CTRL_ATTR_FAMILY_NAME, "ovs_datapath");
  family.attributes().value(CTRL_ATTR_HDRSIZE, std::uint32_t{4});
  message_builder reply(0x20, 0);
  reply.structure(::genlmsghdr{1, 2, 0}).structure(std::int32_t{7});
  reply.attributes().text(1, "ovs-system");
  const bytes message = bytes_of_message(reply);

  describer words;
  words.learn(NETLINK_GENERIC, bytes_of_message(family));
  const auto got = words.describe(NETLINK_GENERIC, message);
  EXPECT_FALSE(got.flawed());
  ASSERT_EQ(got.parts.size(), 3U);
  EXPECT_EQ(got.parts[1].kind, node_kind::bytes);
  EXPECT_EQ(got.parts[1].raw.size(), 4U);
  EXPECT_EQ(got.parts[2].offset, 24U);
  EXPECT_EQ(got.parts[2].type, 1);
}

TEST(describe, names_the_messages_of_ethtool) {
  describer words;
  words.learn(0x21, "ethtool");
  generic::ethtool::device which;
  which.name = "eth0";
  message_builder request(0x21, NLM_F_REQUEST);
  generic::ethtool::start(request, ETHTOOL_MSG_LINKMODES_GET, which);
  const auto question = words.describe(NETLINK_GENERIC, bytes_of_message(request));
  EXPECT_EQ(question.name, "ethtool ETHTOOL_MSG_LINKMODES_GET");
  EXPECT_EQ(std::get<std::string>(find(question.parts, "ETHTOOL_A_HEADER_DEV_NAME")->value),
            "eth0");

  // The same number means another thing where the kernel speaks.
  message_builder reply(0x21, 0);
  generic::ethtool::start(reply, ETHTOOL_MSG_LINKMODES_GET, which);
  EXPECT_EQ(words.describe(NETLINK_GENERIC, bytes_of_message(reply)).name,
            "ethtool ETHTOOL_MSG_LINKMODES_GET_REPLY");
  message_builder later(0x21, NLM_F_REQUEST);
  later.structure(::genlmsghdr{200, 1, 0});
  EXPECT_EQ(words.describe(NETLINK_GENERIC, bytes_of_message(later)).name, "ethtool command 200");
}

TEST(describe, tells_the_questions_of_sock_diag_from_its_answers) {
  message_builder ask(SOCK_DIAG_BY_FAMILY, NLM_F_REQUEST | NLM_F_DUMP);
  diag::ask_for_inet(ask, AF_INET, IPPROTO_TCP);
  const auto question = described(bytes_of_message(ask), NETLINK_SOCK_DIAG);
  EXPECT_EQ(question.name, "SOCK_DIAG_BY_FAMILY");
  EXPECT_EQ(find(question.parts, "sdiag_protocol")->meaning, "IPPROTO_TCP");
  EXPECT_EQ(find(question.parts, "idiag_states")->meaning, "TCPF_ALL");
  EXPECT_NE(find(question.parts, "idiag_ext")->meaning.find("INET_DIAG_CONG"), std::string::npos);

  diag::inet_socket socket;
  socket.family = AF_INET;
  socket.state = 10;
  socket.local = {rtnl::network_address::parse("192.0.2.7"), 8080};
  socket.peer = {rtnl::network_address::parse("0.0.0.0"), 0};
  socket.congestion = "cubic";
  message_builder out(SOCK_DIAG_BY_FAMILY, NLM_F_MULTI);
  socket.encode(out);
  const auto got = described(bytes_of_message(out), NETLINK_SOCK_DIAG);
  EXPECT_EQ(find(got.parts, "idiag_state")->meaning, "TCP_LISTEN");
  EXPECT_EQ(text(find(got.parts, "idiag_src")), "192.0.2.7");
  EXPECT_EQ(number(find(got.parts, "idiag_sport")), 8080U);
  EXPECT_EQ(text(find(got.parts, "INET_DIAG_CONG")), "cubic");
}

TEST(describe, names_the_protocol_and_the_state_of_a_netlink_socket) {
  message_builder out(SOCK_DIAG_BY_FAMILY, NLM_F_MULTI);
  ::netlink_diag_msg header{};
  header.ndiag_family = AF_NETLINK;
  header.ndiag_protocol = NETLINK_GENERIC;
  header.ndiag_state = 1;
  out.structure(header);
  const auto got = described(bytes_of_message(out), NETLINK_SOCK_DIAG);
  EXPECT_EQ(find(got.parts, "ndiag_protocol")->meaning, "NETLINK_GENERIC");
  EXPECT_EQ(find(got.parts, "ndiag_state")->meaning, "NETLINK_CONNECTED");
}

TEST(describe, knows_device_events_which_have_no_header) {
  const std::string event("add@/devices/x\0ACTION=add\0DEVPATH=/devices/x\0SEQNUM=7\0", 54);
  const auto got = describer().describe(NETLINK_KOBJECT_UEVENT, bytes_of(event));
  EXPECT_FALSE(got.framed);
  EXPECT_EQ(got.name, "add@/devices/x");
  ASSERT_EQ(got.parts.size(), 3U);
  EXPECT_EQ(got.parts[2].name, "SEQNUM");
  EXPECT_EQ(text(&got.parts[2]), "7");
  EXPECT_EQ(got.parts[2].offset, event.find("SEQNUM"));
  const std::string more = event + std::string("ODD\0", 4);
  const auto with_more = describer().describe(NETLINK_KOBJECT_UEVENT, bytes_of(more));
  ASSERT_EQ(with_more.parts.size(), 4U) << "a word without a value is kept";
  EXPECT_EQ(with_more.parts[3].offset, event.size());
  EXPECT_EQ(with_more.parts[3].raw.size(), 3U);
  const std::string named = event + std::string("ID@X=1\0", 7);
  const auto with_name = describer().describe(NETLINK_KOBJECT_UEVENT, bytes_of(named));
  EXPECT_EQ(text(find(with_name.parts, "ID@X")), "1") << "only the first word is the name";
  const auto other = describer().describe(NETLINK_KOBJECT_UEVENT, bytes_of("what"));
  EXPECT_FALSE(other.known);
  EXPECT_EQ(other.parts.at(0).raw.size(), 4U);
}

TEST(describe, does_not_recurse_for_ever) {
  bytes message(16 + 16 + 4 * 8000);
  ::nlmsghdr header{};
  header.nlmsg_len = static_cast<std::uint32_t>(message.size());
  header.nlmsg_type = RTM_NEWLINK;
  std::memcpy(message.data(), &header, sizeof header);
  for (std::size_t at = 32; at < message.size(); at += 4) {
    const ::nlattr nest{static_cast<std::uint16_t>(message.size() - at),
                        static_cast<std::uint16_t>(1000 | NLA_F_NESTED)};
    std::memcpy(message.data() + at, &nest, sizeof nest);
  }
  const auto got = described(message);
  int depth = 0;
  for (const node* at = &got.parts.back(); !at->children.empty(); at = &at->children.back()) {
    ++depth;
  }
  EXPECT_LE(depth, 17);
}

TEST(protocols, have_names) {
  EXPECT_EQ(protocol_name(NETLINK_ROUTE), "NETLINK_ROUTE");
  EXPECT_EQ(protocol_name(31), "protocol 31");
  EXPECT_EQ(protocol_number("route"), NETLINK_ROUTE);
  EXPECT_EQ(protocol_number("NETLINK_GENERIC"), NETLINK_GENERIC);
  EXPECT_EQ(protocol_number("sock-diag"), NETLINK_SOCK_DIAG);
  EXPECT_EQ(protocol_number("uevent"), NETLINK_KOBJECT_UEVENT);
  EXPECT_EQ(protocol_number("12"), 12);
  for (const char* wrong : {"", "rout", "32", "-1", "1x"}) {
    EXPECT_FALSE(protocol_number(wrong)) << wrong;
  }
}

}  // namespace
}  // namespace trivet::netlink
