// Tracked connections as two real kernels sent them: known values, the same that libnl reads, and
// nothing lost when they are encoded again.
#include <gtest/gtest.h>
#include <linux/netfilter/nf_conntrack_common.h>
#include <netinet/in.h>
#include <netlink/netfilter/ct.h>
#include <sys/socket.h>

#include <memory>

#include "tests/netlink/codec_check.h"
#include "trivet/netlink/netfilter/conntrack.h"

namespace trivet::netlink::netfilter {
namespace {

using trivet::testing::capture;
using trivet::testing::expect_round_trip;
using trivet::testing::messages_of;

constexpr std::uint16_t type_new = type_of(NFNL_SUBSYS_CTNETLINK, IPCTNL_MSG_CT_NEW);
constexpr std::uint16_t type_delete = type_of(NFNL_SUBSYS_CTNETLINK, IPCTNL_MSG_CT_DELETE);
constexpr std::uint16_t type_stats = type_of(NFNL_SUBSYS_CTNETLINK, IPCTNL_MSG_CT_GET_STATS);

TEST(nfnetlink, a_type_is_a_subsystem_and_a_message) {
  EXPECT_EQ(type_delete, 0x102);
  EXPECT_EQ(subsystem_of(0x102), NFNL_SUBSYS_CTNETLINK);
  EXPECT_EQ(message_of(0x102), IPCTNL_MSG_CT_DELETE);
  EXPECT_EQ(header(AF_INET6, 0x1234).res_id, big_endian(std::uint16_t{0x1234}));
}

using captured_connections = trivet::testing::captured_test;
INSTANTIATE_CAPTURED_TEST(captured_connections);

std::vector<connection> connections(std::string_view kernel) {
  return trivet::testing::decode_all<connection>(kernel, "conntrack", type_new);
}

// The connections of a protocol to a port, or with that ICMP type.
std::vector<connection> those(const std::vector<connection>& all, int family, int protocol,
                              int destination) {
  std::vector<connection> found;
  std::ranges::copy_if(all, std::back_inserter(found), [&](const connection& c) {
    const tuple_protocol& p = c.original->protocol.value();
    const int number = p.icmp_type.value_or(
        p.icmpv6_type.value_or(static_cast<std::uint8_t>(p.destination_port.value_or(0))));
    const int port = p.destination_port ? *p.destination_port : number;
    return c.family == family && p.number == protocol && port == destination;
  });
  return found;
}

connection only(const std::vector<connection>& all, int family, int protocol, int destination) {
  const auto found = those(all, family, protocol, destination);
  if (found.empty()) throw std::runtime_error("no such connection in the capture");
  return found.front();
}

TEST_P(captured_connections, nothing_is_lost_when_a_message_is_encoded_again) {
  for (const char* name : {"conntrack", "conntrack_events"}) {
    expect_round_trip<connection, ::nfgenmsg>(kernel(), name, {type_new, type_delete});
  }
}

TEST_P(captured_connections, every_attribute_is_known) {
  for (const char* name : {"conntrack", "conntrack_events"}) {
    const auto bytes = capture(kernel(), name);
    for (const message_view& message : messages_of(bytes)) {
      const auto c = connection::decode(message);
      if (!c) continue;
      EXPECT_TRUE(c->others.empty()) << c->others.front().type;
      if (!c->original) continue;
      EXPECT_TRUE(c->original->others.empty() && c->original->addresses->others.empty() &&
                  c->original->protocol->others.empty());
      if (c->state && c->state->tcp) {
        EXPECT_TRUE(c->state->tcp->others.empty());
      }
    }
  }
}

TEST_P(captured_connections, tcp) {
  const auto all = connections(kernel());
  for (const auto& [family, port, host] :
       {std::tuple{AF_INET, 5000, "127.0.0.1"}, std::tuple{AF_INET6, 5001, "::1"}}) {
    const auto two = those(all, family, IPPROTO_TCP, port);
    ASSERT_EQ(two.size(), 2U) << "one that was closed and one that was not";
    for (const connection& c : two) {
      EXPECT_EQ(c.original->addresses->source->to_string(), host);
      EXPECT_EQ(c.original->addresses->destination->to_string(), host);
      EXPECT_EQ(c.reply->protocol->source_port, port);
      EXPECT_EQ(c.mark, 7U);
      EXPECT_TRUE(c.id && c.uses && c.timeout);
      EXPECT_EQ(*c.status & (IPS_SEEN_REPLY | IPS_ASSURED), unsigned{IPS_SEEN_REPLY | IPS_ASSURED});
      EXPECT_GE(c.original_counters->packets, 2U);
      EXPECT_GE(c.original_counters->bytes, 104U);
      EXPECT_TRUE(c.state->tcp->window_scale_original);
      EXPECT_TRUE(c.state->tcp->flags_reply);
      EXPECT_GT(c.times->start, std::uint64_t{1'600'000'000'000'000'000});
      EXPECT_FALSE(c.times->stop);
    }
    EXPECT_NE(two[0].state->tcp->state, two[1].state->tcp->state);
    EXPECT_TRUE(two[0].state->tcp->state == TCP_CONNTRACK_ESTABLISHED ||
                two[1].state->tcp->state == TCP_CONNTRACK_ESTABLISHED);
  }
}

TEST_P(captured_connections, other_protocols) {
  const auto all = connections(kernel());
  const connection udp = only(all, AF_INET, IPPROTO_UDP, 6000);
  EXPECT_NE(*udp.status & IPS_SEEN_REPLY, 0U);
  EXPECT_EQ(udp.reply_counters->packets, 1U);
  EXPECT_FALSE(udp.state);
  const connection ping = only(all, AF_INET, IPPROTO_ICMP, 8);
  EXPECT_EQ(ping.original->protocol->icmp_code, 0);
  EXPECT_EQ(ping.original->protocol->icmp_id, ping.reply->protocol->icmp_id);
  EXPECT_EQ(ping.reply->protocol->icmp_type, 0);
  const connection ping6 = only(all, AF_INET6, IPPROTO_ICMPV6, 128);
  EXPECT_EQ(ping6.reply->protocol->icmpv6_type, 129);
  EXPECT_TRUE(ping6.original->protocol->icmpv6_id);
  EXPECT_FALSE(ping6.original->protocol->icmp_id);
  const connection gre = only(all, AF_INET, IPPROTO_GRE, 7);
  EXPECT_EQ(gre.original->protocol->source_port, 0);
  EXPECT_EQ(gre.reply->protocol->source_port, 7);
  const connection sctp = only(all, AF_INET, IPPROTO_SCTP, 9001);
  EXPECT_TRUE(sctp.state->sctp->state);
  EXPECT_TRUE(sctp.state->sctp->tag_original);
  EXPECT_EQ(*sctp.status & IPS_SEEN_REPLY, 0U);
  EXPECT_FALSE(those(all, AF_INET, 253, 0).empty()) << "a protocol that has no ports";
}

TEST_P(captured_connections, zones_labels_helpers_and_nat) {
  const auto all = connections(kernel());
  EXPECT_EQ(only(all, AF_INET, IPPROTO_UDP, 7000).zone, 9);
  const connection one_way = only(all, AF_INET6, IPPROTO_UDP, 7001);
  EXPECT_FALSE(one_way.zone);
  EXPECT_EQ(one_way.original->zone, 8);
  EXPECT_FALSE(one_way.reply->zone);
  const connection labelled = only(all, AF_INET, IPPROTO_UDP, 7002);
  ASSERT_EQ(labelled.labels->size(), 16U);
  EXPECT_EQ(labelled.labels->at(0), std::byte{1 << 5});
  EXPECT_EQ(only(all, AF_INET, IPPROTO_TCP, 21).helper->name, "ftp");
  const connection expected = only(all, AF_INET, IPPROTO_TCP, 5141);
  ASSERT_TRUE(expected.master);
  EXPECT_EQ(expected.master->protocol->destination_port, 21);
  EXPECT_NE(*expected.status & IPS_EXPECTED, 0U);
  const connection translated = only(all, AF_INET, IPPROTO_TCP, 5009);
  EXPECT_EQ(translated.reply->protocol->source_port, 5002);
  EXPECT_NE(*translated.status & IPS_DST_NAT, 0U);
}

TEST_P(captured_connections, events) {
  std::size_t counts[3] = {};
  std::size_t with_stop = 0;
  const auto bytes = capture(kernel(), "conntrack_events");
  for (const message_view& message : messages_of(bytes)) {
    const auto event = event_of(message);
    ASSERT_TRUE(event);
    ++counts[static_cast<std::size_t>(*event)];
    const auto c = connection::decode(message);
    if (*event == connection_event::added) {
      EXPECT_EQ(message.header.nlmsg_pid, 0U);
      EXPECT_TRUE(c->timeout && c->status);
      EXPECT_FALSE(c->original_counters) << "there is nothing to count yet";
    } else if (*event == connection_event::destroyed) {
      EXPECT_NE(message.header.nlmsg_pid, 0U) << "whoever emptied the table";
      with_stop += c->times && c->times->stop ? 1 : 0;
    }
  }
  for (const std::size_t count : counts) EXPECT_GT(count, 10U);
  EXPECT_GT(with_stop, 10U);
}

TEST_P(captured_connections, how_full_the_table_is) {
  const auto bytes = capture(kernel(), "conntrack_stats");
  const auto list = messages_of(bytes);
  const auto count = connection_count::decode(list.at(0));
  ASSERT_TRUE(count);
  EXPECT_EQ(count->entries, connections(kernel()).size());
  EXPECT_GT(count->most, 1000U);
  EXPECT_FALSE(connection_count::decode(list.at(1)));
}

template <class Number>
Number number_or_zero(int there, Number value) {
  return there != 0 ? value : Number{0};
}

void compare_direction(const std::optional<connection_tuple>& ours, ::nfnl_ct* theirs, int reply) {
  const auto text = [](const ::nl_addr* address) {
    char buffer[128] = "";
    const std::string whole = ::nl_addr2str(address, buffer, sizeof buffer);
    return whole.substr(0, whole.find('/'));
  };
  EXPECT_EQ(ours->addresses->source->to_string(), text(::nfnl_ct_get_src(theirs, reply)));
  EXPECT_EQ(ours->addresses->destination->to_string(), text(::nfnl_ct_get_dst(theirs, reply)));
  const tuple_protocol& p = *ours->protocol;
  EXPECT_EQ(p.source_port.value_or(0), number_or_zero(::nfnl_ct_test_src_port(theirs, reply),
                                                      ::nfnl_ct_get_src_port(theirs, reply)));
  EXPECT_EQ(p.destination_port.value_or(0), number_or_zero(::nfnl_ct_test_dst_port(theirs, reply),
                                                           ::nfnl_ct_get_dst_port(theirs, reply)));
  // libnl has one ICMP for both families.
  const std::uint16_t id = p.icmpv6_id.value_or(p.icmp_id.value_or(0));
  EXPECT_EQ(id, number_or_zero(::nfnl_ct_test_icmp_id(theirs, reply),
                               ::nfnl_ct_get_icmp_id(theirs, reply)));
  const std::uint8_t type = p.icmpv6_type.value_or(p.icmp_type.value_or(0));
  EXPECT_EQ(type, number_or_zero(::nfnl_ct_test_icmp_type(theirs, reply),
                                 ::nfnl_ct_get_icmp_type(theirs, reply)));
}

TEST_P(captured_connections, libnl_reads_the_same) {
  std::size_t count = 0;
  for (const char* name : {"conntrack", "conntrack_events"}) {
    auto bytes = capture(kernel(), name);
    for (const message_view& message : messages_of(bytes)) {
      const auto ours = connection::decode(message);
      if (!ours || !ours->original) continue;
      ::nfnl_ct* parsed = nullptr;
      // NOLINTNEXTLINE(cppcoreguidelines-pro-type-*-cast): the message in its own bytes
      auto* raw = reinterpret_cast<::nlmsghdr*>(
          const_cast<std::byte*>(message.payload.data() - sizeof(::nlmsghdr)));
      ASSERT_EQ(::nfnlmsg_ct_parse(raw, &parsed), 0);
      const std::unique_ptr<::nfnl_ct, decltype(&::nfnl_ct_put)> theirs(parsed, ::nfnl_ct_put);
      EXPECT_EQ(ours->family, ::nfnl_ct_get_family(parsed));
      EXPECT_EQ(ours->original->protocol->number, ::nfnl_ct_get_proto(parsed));
      compare_direction(ours->original, parsed, 0);
      compare_direction(ours->reply, parsed, 1);
      EXPECT_EQ(ours->status.value_or(0),
                number_or_zero(::nfnl_ct_test_status(parsed), ::nfnl_ct_get_status(parsed)));
      EXPECT_EQ(ours->timeout.value_or(0),
                number_or_zero(::nfnl_ct_test_timeout(parsed), ::nfnl_ct_get_timeout(parsed)));
      EXPECT_EQ(ours->mark.value_or(0),
                number_or_zero(::nfnl_ct_test_mark(parsed), ::nfnl_ct_get_mark(parsed)));
      EXPECT_EQ(ours->uses.value_or(0),
                number_or_zero(::nfnl_ct_test_use(parsed), ::nfnl_ct_get_use(parsed)));
      EXPECT_EQ(ours->id, ::nfnl_ct_get_id(parsed));
      EXPECT_EQ(ours->zone.value_or(0),
                number_or_zero(::nfnl_ct_test_zone(parsed), ::nfnl_ct_get_zone(parsed)));
      if (ours->state && ours->state->tcp) {
        EXPECT_EQ(ours->state->tcp->state, ::nfnl_ct_get_tcp_state(parsed));
      }
      if (ours->original_counters) {
        EXPECT_EQ(ours->original_counters->packets, ::nfnl_ct_get_packets(parsed, 0));
        EXPECT_EQ(ours->original_counters->bytes, ::nfnl_ct_get_bytes(parsed, 0));
      }
      if (ours->times && ::nfnl_ct_test_timestamp(parsed) != 0) {
        EXPECT_EQ(ours->times->start, ::nfnl_ct_get_timestamp(parsed)->start);
      }
      ++count;
    }
  }
  EXPECT_GT(count, 60U);
}

TEST(connection, keeps_what_it_does_not_know_and_what_is_too_short) {
  message_builder out(type_new, 0);
  out.structure(header(AF_INET));
  out.attributes().bytes(CTA_STATUS, std::vector<std::byte>(2)).value(99, std::uint32_t{7});
  out.attributes().nested(CTA_SEQ_ADJ_ORIG, [](attribute_writer& in) {
    in.value_big_endian(CTA_SEQADJ_CORRECTION_POS, std::uint32_t{5});
  });
  out.attributes().nested(CTA_TUPLE_ORIG, [](attribute_writer& in) {
    in.nested(CTA_TUPLE_IP, [](attribute_writer& ip) {
      ip.bytes(CTA_IP_V4_SRC, std::vector<std::byte>(3));
      ip.bytes(CTA_IP_V6_DST, std::vector<std::byte>(16));
    });
  });
  const auto bytes = trivet::testing::bytes_of_message(out);
  const message_view message = messages_of(bytes).at(0);
  const auto c = connection::decode(message);
  ASSERT_TRUE(c);
  EXPECT_FALSE(c->status);
  EXPECT_EQ(c->others.size(), 2U);
  EXPECT_TRUE(c->original_sequence_adjustment);
  EXPECT_FALSE(c->original->addresses->source);
  EXPECT_EQ(c->original->addresses->others.size(), 1U);
  EXPECT_EQ(c->original->addresses->destination->to_string(), "::");
  message_builder again(type_new, 0);
  c->encode(again);
  EXPECT_EQ(
      trivet::testing::flatten(
          messages_of(trivet::testing::bytes_of_message(again)).at(0).attributes<::nfgenmsg>())
          .size(),
      4U);
}

TEST(connection, other_messages_and_wrong_lengths_are_none) {
  message_builder stats(type_stats, 0);
  stats.structure(header(AF_UNSPEC));
  const auto bytes = trivet::testing::bytes_of_message(stats);
  EXPECT_FALSE(connection::decode(messages_of(bytes).at(0)));
  EXPECT_FALSE(event_of(messages_of(bytes).at(0)));
  message_builder broken(type_new, 0);
  broken.structure(header(AF_INET)).structure(::nlattr{60, CTA_MARK});
  const auto wrong = trivet::testing::bytes_of_message(broken);
  EXPECT_FALSE(connection::decode(messages_of(wrong).at(0)));
  message_builder empty(type_new, 0);
  const auto short_bytes = trivet::testing::bytes_of_message(empty);
  EXPECT_FALSE(connection::decode(messages_of(short_bytes).at(0)));
}

}  // namespace
}  // namespace trivet::netlink::netfilter
