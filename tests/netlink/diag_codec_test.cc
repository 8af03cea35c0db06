// Sockets as two real kernels listed them: known values, and nothing lost when they are encoded
// again.
#include <gtest/gtest.h>
#include <linux/if_packet.h>
#include <linux/sock_diag.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "tests/netlink/codec_check.h"
#include "trivet/netlink/diag/inet.h"
#include "trivet/netlink/diag/local.h"

namespace trivet::netlink::diag {
namespace {

using trivet::testing::decode_all;
using trivet::testing::expect_round_trip;

using captured_sockets = trivet::testing::captured_test;
INSTANTIATE_CAPTURED_TEST(captured_sockets);

// An answer of AF_TIPC has no struct.
struct nothing {
  std::uint32_t family;
};

TEST_P(captured_sockets, nothing_is_lost_when_a_message_is_encoded_again) {
  const std::initializer_list<int> type = {SOCK_DIAG_BY_FAMILY};
  expect_round_trip<inet_socket, ::inet_diag_msg>(kernel(), "diag_inet", type);
  expect_round_trip<unix_socket, ::unix_diag_msg>(kernel(), "diag_unix", type);
  expect_round_trip<netlink_socket, ::netlink_diag_msg>(kernel(), "diag_netlink", type);
  expect_round_trip<packet_socket, ::packet_diag_msg>(kernel(), "diag_packet", type);
}

template <class T, class Match>
T one(const std::vector<T>& list, Match match) {
  const auto found = std::ranges::find_if(list, match);
  if (found == list.end()) throw std::runtime_error("no such socket in the capture");
  return *found;
}

TEST_P(captured_sockets, of_inet) {
  const auto list = decode_all<inet_socket>(kernel(), "diag_inet", SOCK_DIAG_BY_FAMILY);
  const auto listener = [&](int family) {
    return one(list, [=](const inet_socket& s) {
      return s.family == family && s.state == TCP_LISTEN && s.local.port == 5000;
    });
  };
  const inet_socket four = listener(AF_INET);
  EXPECT_EQ(four.local.address.to_string(), "127.0.0.1");
  EXPECT_EQ(four.receive_queue, 1U) << "waits to be accepted";
  EXPECT_EQ(four.send_queue, 9U);
  EXPECT_EQ(four.mark, 7U);
  EXPECT_EQ(four.tos, 0x10);
  EXPECT_TRUE(four.congestion && four.memory);
  const inet_socket six = listener(AF_INET6);
  EXPECT_EQ(six.local.address.to_string(), "::1");
  EXPECT_EQ(six.v6only, 1);
  EXPECT_EQ(six.traffic_class, 0x20);
  const inet_socket server = one(list, [](const inet_socket& s) {
    return s.family == AF_INET && s.state == TCP_ESTABLISHED && s.receive_queue == 8 &&
           s.local.port == 5000;
  });
  EXPECT_EQ(server.shutdown, 1) << "receiving";
  EXPECT_NE(server.peer.port, 0);
  const inet_socket udp = one(list, [](const inet_socket& s) { return s.local.port == 6000; });
  EXPECT_EQ(udp.peer.port, 6000);
  EXPECT_EQ(udp.interface, 1U);
  // Of what has no member, nothing is lost: INET_DIAG_INFO, MD5SIG and so on.
  EXPECT_TRUE(std::ranges::any_of(server.others, [](const raw_attribute& a) {
    return a.type == INET_DIAG_INFO && a.data.size() >= sizeof(::tcp_info) / 2;
  }));
  EXPECT_TRUE(std::ranges::any_of(list, [](const inet_socket& s) {
    return std::ranges::any_of(s.others,
                               [](const raw_attribute& a) { return a.type == INET_DIAG_MD5SIG; });
  }));
}

TEST_P(captured_sockets, of_unix) {
  const auto list = decode_all<unix_socket>(kernel(), "diag_unix", SOCK_DIAG_BY_FAMILY);
  const auto named = [&](std::string_view name, std::uint8_t state) {
    return one(list, [=](const unix_socket& s) {
      return s.name && s.state == state && text_of(*s.name).find(name) != std::string_view::npos;
    });
  };
  const unix_socket listener = named("trivet-listener", TCP_LISTEN);
  EXPECT_EQ(listener.name->at(0), std::byte{0}) << "abstract";
  EXPECT_EQ(listener.queue->udiag_rqueue, 1U);
  EXPECT_EQ(listener.queue->udiag_wqueue, 5U);
  EXPECT_EQ(listener.pending->size(), 4U);
  const unix_socket datagrams = named("trivet-datagrams", TCP_CLOSE);
  EXPECT_EQ(datagrams.type, SOCK_DGRAM);
  EXPECT_NE(datagrams.file->udiag_vfs_ino, 0U);
  const unix_socket half = one(list, [](const unix_socket& s) { return s.shutdown == 2; });
  EXPECT_EQ(half.type, SOCK_SEQPACKET);
  EXPECT_EQ(half.queue->udiag_rqueue, 8U);
  EXPECT_EQ(one(list, [&](const unix_socket& s) { return s.inode == *half.peer; }).shutdown, 1);
}

TEST_P(captured_sockets, of_netlink) {
  const auto list = decode_all<netlink_socket>(kernel(), "diag_netlink", SOCK_DIAG_BY_FAMILY);
  const netlink_socket member =
      one(list, [](const netlink_socket& s) { return s.memberships().size() == 4; });
  EXPECT_EQ(member.memberships(), (std::vector<std::uint32_t>{1, 5, 32, 33}));
  EXPECT_EQ(member.protocol, NETLINK_ROUTE);
  EXPECT_NE(member.port, 0U);
  EXPECT_NE(member.flags.value_or(0) & NDIAG_FLAG_CAP_ACK, 0U);
}

TEST_P(captured_sockets, of_packet) {
  const auto list = decode_all<packet_socket>(kernel(), "diag_packet", SOCK_DIAG_BY_FAMILY);
  const packet_socket ring =
      one(list, [](const packet_socket& s) { return s.rx_ring.has_value(); });
  EXPECT_EQ(ring.type, SOCK_RAW);
  EXPECT_EQ(ring.info->pdi_version, std::uint32_t{TPACKET_V3});
  EXPECT_EQ(ring.rx_ring->pdr_block_size, 65536U);
  EXPECT_EQ(ring.fanout, 9U | 1U << 16);
  const packet_socket sender =
      one(list, [](const packet_socket& s) { return s.tx_ring.has_value(); });
  EXPECT_EQ(sender.tx_ring->pdr_frame_nr, 4U);
  EXPECT_EQ(sender.filter->size(), 8U);
  EXPECT_TRUE(std::ranges::any_of(
      sender.others, [](const raw_attribute& a) { return a.type == PACKET_DIAG_MCLIST; }));
}

// The other kernel has no TIPC.
TEST(captured_sockets, of_tipc) {
  expect_round_trip<tipc_socket, nothing>("linux-6.1", "diag_tipc", {SOCK_DIAG_BY_FAMILY});
  const auto list = decode_all<tipc_socket>("linux-6.1", "diag_tipc", SOCK_DIAG_BY_FAMILY);
  const tipc_socket caller =
      one(list, [](const tipc_socket& s) { return s.connection && s.connection->type == 4712U; });
  EXPECT_EQ(caller.connection->instance, 5U);
  EXPECT_TRUE(caller.connection->named);
  EXPECT_EQ(caller.type, std::uint32_t{SOCK_STREAM});
  EXPECT_EQ(caller.state, std::uint32_t{TCP_ESTABLISHED});
  EXPECT_TRUE(caller.statistics && caller.cookie);
  const tipc_socket other =
      one(list, [&](const tipc_socket& s) { return s.port == caller.connection->port; });
  EXPECT_EQ(other.connection->port, caller.port);
  EXPECT_TRUE(one(list, [](const tipc_socket& s) {
                return s.type == unsigned{SOCK_RDM};
              }).has_publications);
  for (const tipc_socket& s : list) EXPECT_TRUE(s.others.empty());
}

// What no kernel sends yet.
template <class T, class Header>
void expect_kept(const Header& head) {
  message_builder out(SOCK_DIAG_BY_FAMILY, NLM_F_MULTI);
  out.structure(head);
  out.attributes().nested(99, [](attribute_writer& in) { in.value(1, std::uint16_t{7}); });
  const auto bytes = trivet::testing::bytes_of_message(out);
  const auto socket = T::decode(trivet::testing::messages_of(bytes).at(0));
  ASSERT_TRUE(socket);
  ASSERT_EQ(socket->others.size(), 1U);
  message_builder again(SOCK_DIAG_BY_FAMILY, NLM_F_MULTI);
  socket->encode(again);
  EXPECT_EQ(trivet::testing::bytes_of_message(again), bytes);
}

TEST(diag_codec, keeps_attributes_from_the_future) {
  ::inet_diag_msg inet{};
  inet.idiag_family = AF_INET6;
  inet.id.idiag_if = 7;
  expect_kept<inet_socket>(inet);
  expect_kept<unix_socket>(::unix_diag_msg{AF_UNIX, SOCK_STREAM, 1, 0, 5, {6, 7}});
  ::netlink_diag_msg netlink{};
  netlink.ndiag_family = AF_NETLINK;
  netlink.ndiag_dst_group = 3;
  expect_kept<netlink_socket>(netlink);
  ::packet_diag_msg packet{};
  packet.pdiag_family = AF_PACKET;
  packet.pdiag_num = 3;
  expect_kept<packet_socket>(packet);
}

}  // namespace
}  // namespace trivet::netlink::diag
