// tipc::socket on a kernel: every type, every form of an address, and what comes back.
#include <gtest/gtest.h>
#include <poll.h>

#include <set>
#include <string>
#include <vector>

#include "tests/tipc/testing.h"
#include "trivet/base/batch.h"
#include "trivet/base/so.h"
#include "trivet/tipc/option.h"
#include "trivet/tipc/socket.h"

namespace trivet::tipc {
namespace {

using namespace std::chrono_literals;
using testing::connect_to;
using testing::errno_of;
using testing::error_of;
using testing::is_quiet;
using testing::next_text;
using testing::receive_as;
using testing::soon;

socket bound(const address& local, int type = SOCK_RDM) {
  socket result(type);
  result.bind(local);
  return result;
}

class each_type : public ::testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(tipc, each_type,
                         ::testing::Values(SOCK_STREAM, SOCK_SEQPACKET, SOCK_RDM, SOCK_DGRAM));

TEST_P(each_type, opens_with_its_own_domain_and_type) {
  const socket socket(GetParam());
  EXPECT_EQ(socket.get<so::domain>(), AF_TIPC);
  EXPECT_EQ(socket.get<so::type>(), GetParam());
  EXPECT_EQ(socket.local_address().form(), address_form::socket);
}

TEST_P(each_type, comes_in_pairs) {
  auto [a, b] = socket::pair(GetParam());
  a.send(bytes_of("there"));
  EXPECT_EQ(next_text(b), "there");
  b.send(bytes_of("back"));
  EXPECT_EQ(next_text(a), "back");
  EXPECT_EQ(a.peer_address(), b.local_address());
}

TEST_P(each_type, takes_no_empty_receive_buffer) {
  auto [a, b] = socket::pair(GetParam());
  a.send(bytes_of("x"));
  EXPECT_EQ(error_of([&b = b] { b.receive(mutable_bytes()); }),
            "receive into 0 bytes: Invalid argument (TIPC receives into 1 byte or more)");
  control_buffer control;
  EXPECT_EQ(errno_of([&b = b] { b.receive_from(mutable_bytes()); }), EINVAL);
  EXPECT_EQ(errno_of([&b = b, &control] { b.receive_from(mutable_bytes(), control); }), EINVAL);
  EXPECT_EQ(errno_of([&b = b, &control] { b.receive(std::span<const ::iovec>(), control); }),
            EINVAL);
  EXPECT_EQ(errno_of([&b = b, &control] { b.receive_from(std::span<const ::iovec>(), control); }),
            EINVAL);
  std::error_code ec;
  b.receive(mutable_bytes(), ec);
  EXPECT_EQ(ec.value(), EINVAL) << "the kernel itself";
  EXPECT_EQ(next_text(b), "x") << "nothing was lost";
}

TEST_P(each_type, does_not_shut_down_one_direction) {
  auto [a, b] = socket::pair(GetParam());
  EXPECT_EQ(error_of([&a = a] { a.shutdown(SHUT_WR); }),
            "shutdown SHUT_WR: Invalid argument (TIPC shuts down both directions at once: "
            "SHUT_RDWR)");
  EXPECT_EQ(errno_of([&a = a] { a.shutdown(SHUT_RD); }), EINVAL);
  a.send(bytes_of("still open"));
  EXPECT_EQ(next_text(b), "still open");
}

class connectionless : public ::testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(tipc, connectionless, ::testing::Values(SOCK_RDM, SOCK_DGRAM));

TEST_P(connectionless, answers_the_sender_of_a_message) {
  const service name{10000 + static_cast<std::uint32_t>(GetParam()), 7};
  auto server = bound(name, GetParam());
  socket client(GetParam());
  EXPECT_EQ(client.send_to(bytes_of("question"), name), 8U);
  const auto question = server.receive_message(soon());
  EXPECT_EQ(text_of(question.data), "question");
  EXPECT_EQ(question.from, client.local_address());
  server.send_to(bytes_of("answer"), question.from);
  const auto answer = client.receive_message(soon());
  EXPECT_EQ(text_of(answer.data), "answer");
  EXPECT_EQ(answer.from, server.local_address());
}

TEST_P(connectionless, keeps_a_peer_that_it_was_connected_to) {
  const service name{10010 + static_cast<std::uint32_t>(GetParam()), 7};
  auto server = bound(name, GetParam());
  socket client(GetParam());
  client.connect(name);
  client.send(bytes_of("no address"));
  EXPECT_EQ(next_text(server), "no address");
}

TEST_P(connectionless, refuses_a_message_of_66001_bytes_and_takes_one_of_66000) {
  const service name{10020 + static_cast<std::uint32_t>(GetParam()), 7};
  auto server = bound(name, GetParam());
  socket client(GetParam());
  const std::vector<std::byte> data(address::max_message + 1, std::byte{7});
  EXPECT_EQ(errno_of([&] { client.send_to(data, name); }), EMSGSIZE);
  client.send_to(const_bytes(data).first(address::max_message), name);
  const auto got = server.receive_message(soon());
  EXPECT_EQ(got.data.size(), address::max_message);
  EXPECT_FALSE(got.truncated());
}

class connected : public ::testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(tipc, connected, ::testing::Values(SOCK_STREAM, SOCK_SEQPACKET));

TEST_P(connected, talks_both_ways) {
  const service name{11000 + static_cast<std::uint32_t>(GetParam()), 7};
  auto [client, server] = connect_to(name, GetParam());
  EXPECT_EQ(client.peer_address(), server.local_address());
  client.send(bytes_of("question"));
  event_buffer buffer;
  const auto question = receive_as<delivery>(server, buffer);
  ASSERT_TRUE(question);
  EXPECT_EQ(text_of(question->data), "question");
  EXPECT_EQ(question->from, client.local_address().as_socket());
  EXPECT_EQ(question->destination, (service_range{name.type, 7, 7})) << "what was connected to";
  server.send(bytes_of("answer"));
  EXPECT_EQ(next_text(client), "answer");
}

TEST_P(connected, by_a_socket_address) {
  socket listener(GetParam());
  listener.listen();
  socket client(GetParam());
  client.set_blocking(false);
  std::error_code ec;
  client.connect(listener.local_address(), ec);
  EXPECT_EQ(ec.value(), EINPROGRESS);
  auto [server, from] = listener.accept(soon());
  EXPECT_EQ(from, client.local_address());
}

TEST_P(connected, ends_with_a_shutdown) {
  auto [client, server] =
      connect_to({11010 + static_cast<std::uint32_t>(GetParam()), 1}, GetParam());
  client.send(bytes_of("last words"));
  client.shutdown();
  EXPECT_EQ(next_text(server), "last words");
  event_buffer buffer;
  const auto end = receive_as<disconnection>(server, buffer);
  ASSERT_TRUE(end);
  EXPECT_EQ(end->reason, reject_reason::connection_shutdown);
  EXPECT_TRUE(end->orderly());
  EXPECT_TRUE(end->returned.empty());
  EXPECT_EQ(end->peer.ref, client.local_address().as_socket()->ref);
}

TEST_P(connected, ends_with_a_close) {
  auto [client, server] =
      connect_to({11020 + static_cast<std::uint32_t>(GetParam()), 1}, GetParam());
  client.close();
  event_buffer buffer;
  const auto end = receive_as<disconnection>(server, buffer);
  ASSERT_TRUE(end);
  EXPECT_EQ(end->reason, reject_reason::no_port);
  EXPECT_TRUE(end->orderly());
}

TEST_P(connected, without_room_for_control_messages_a_close_is_a_reset) {
  auto [client, server] =
      connect_to({11030 + static_cast<std::uint32_t>(GetParam()), 1}, GetParam());
  client.close();
  EXPECT_EQ(errno_of([&server = server] { server.receive_message(soon()); }), ECONNRESET);
}

TEST_P(connected, hands_back_the_first_message_that_the_peer_did_not_read) {
  auto [client, server] =
      connect_to({11040 + static_cast<std::uint32_t>(GetParam()), 1}, GetParam());
  server.send(bytes_of("unread"));
  server.send(bytes_of("unread too"));
  client.shutdown();
  event_buffer buffer;
  const auto end = receive_as<disconnection>(server, buffer);
  ASSERT_TRUE(end);
  EXPECT_EQ(text_of(end->returned), "unread");
}

TEST_P(connected, says_that_it_has_ended_and_does_not_wait_for_ever) {
  auto [client, server] =
      connect_to({11050 + static_cast<std::uint32_t>(GetParam()), 1}, GetParam());
  client.shutdown();
  event_buffer buffer;
  ASSERT_TRUE(receive_as<disconnection>(server, buffer));
  EXPECT_EQ(errno_of([&, &s = server] { s.receive_event(buffer); }), ENOTCONN) << "blocking";
  EXPECT_EQ(
      errno_of([&, &s = server] { s.receive_event(buffer, {.until = deadline::after(10ms)}); }),
      ENOTCONN)
      << "with a deadline";
  server.set_blocking(false);
  EXPECT_EQ(errno_of([&, &s = server] { s.receive_event(buffer); }), ENOTCONN) << "non-blocking";
}

TEST_P(connected, peeking_at_the_end_leaves_it_there) {
  auto [client, server] =
      connect_to({11060 + static_cast<std::uint32_t>(GetParam()), 1}, GetParam());
  client.shutdown();
  event_buffer buffer;
  const auto peeked = server.receive_event(buffer, {.flags = MSG_PEEK, .until = soon().until});
  EXPECT_TRUE(std::holds_alternative<disconnection>(peeked));
  EXPECT_TRUE(receive_as<disconnection>(server, buffer));
}

TEST_P(connected, waits_for_accept_and_not_just_for_listen) {
  const service name{11070 + static_cast<std::uint32_t>(GetParam()), 1};
  auto listener = bound(name, GetParam());
  listener.listen();
  {
    socket client(GetParam());
    client.set(option::conn_timeout{100ms});
    EXPECT_EQ(errno_of([&] { client.connect(name); }), ETIMEDOUT);
  }
  // What timed out is still in the queue; it turns out to be dead.
  auto [stale, from] = listener.accept(soon());
  event_buffer buffer;
  const auto end = receive_as<disconnection>(stale, buffer);
  ASSERT_TRUE(end);
  EXPECT_EQ(end->reason, reject_reason::no_port);
}

TEST_P(connected, refuses_a_range_and_an_absent_service) {
  socket client(GetParam());
  EXPECT_EQ(errno_of([&] { client.connect(service_range{11080, 0, 9}); }), EINVAL);
  EXPECT_EQ(error_of([&] {
              client.connect(service{11080, 1});
            }),
            "connect (2, 11080, 1, 0, 2): No route to host (no socket is bound to it, as far as "
            "this node knows)");
}

TEST_P(connected, connects_with_the_first_message) {
  const service name{11090 + static_cast<std::uint32_t>(GetParam()), 1};
  auto listener = bound(name, GetParam());
  listener.listen();
  socket client(GetParam());
  client.set_blocking(false);
  EXPECT_EQ(client.send_to(bytes_of("first"), name), 5U);
  auto server = listener.accept(soon()).socket;
  EXPECT_EQ(next_text(server), "first");
  server.send(bytes_of("welcome"));
  EXPECT_EQ(next_text(client), "welcome");
}

TEST_P(connected, a_bound_socket_does_not_connect_with_its_first_message) {
  const service name{11100 + static_cast<std::uint32_t>(GetParam()), 1};
  auto listener = bound(name, GetParam());
  listener.listen();
  auto client = bound(service{11109, 1}, GetParam());
  client.set_blocking(false);
  EXPECT_EQ(errno_of([&] { client.send_to(bytes_of("first"), name); }), EOPNOTSUPP);
}

TEST(tipc_socket, a_stream_can_queue_at_a_seqpacket_listener) {
  const service name{11200, 1};
  auto listener = bound(name, SOCK_SEQPACKET);
  listener.listen();
  socket client(SOCK_STREAM);
  client.set_blocking(false);
  std::error_code ec;
  client.connect(name, ec);
  auto server = listener.accept(soon()).socket;
  client.set_blocking(true);
  client.send(bytes_of("stream"));
  EXPECT_EQ(next_text(server), "stream");
}

TEST(tipc_socket, a_stream_takes_any_amount) {
  auto [client, server] = connect_to({11210, 1}, SOCK_STREAM);
  const std::vector<std::byte> data(200'000, std::byte{7});
  std::size_t sent = 0;
  std::size_t got = 0;
  client.set_blocking(false);
  std::vector<std::byte> buffer(1 << 20);
  while (got < data.size()) {
    std::error_code ec;
    if (sent < data.size()) sent += client.send(const_bytes(data).subspan(sent), ec);
    got += server.receive(buffer, soon()).size;
  }
  EXPECT_EQ(got, data.size());
}

TEST(tipc_socket, a_seqpacket_keeps_messages_apart) {
  auto [client, server] = connect_to({11220, 1}, SOCK_SEQPACKET);
  client.send(bytes_of("one"));
  client.send(bytes_of("two"));
  EXPECT_EQ(next_text(server), "one");
  EXPECT_EQ(next_text(server), "two");
}

// Addresses.

TEST(tipc_socket, a_range_is_a_multicast_to_everyone_in_it) {
  auto one = bound(service_range{12000, 0, 9});
  auto two = bound(service{12000, 5});
  auto outside = bound(service{12000, 20});
  socket client(SOCK_RDM);
  client.send_to(bytes_of("all"), service_range{12000, 5, 9});
  event_buffer buffer;
  const auto first = receive_as<delivery>(one, buffer);
  ASSERT_TRUE(first);
  EXPECT_EQ(text_of(first->data), "all");
  EXPECT_EQ(first->destination, (service_range{12000, 5, 9}));
  EXPECT_EQ(next_text(two), "all");
  EXPECT_TRUE(is_quiet(outside));
}

TEST(tipc_socket, a_service_is_one_of_those_bound_to_it_in_turn) {
  auto one = bound(service{12010, 1});
  auto two = bound(service{12010, 1});
  socket client(SOCK_RDM);
  client.send_to(bytes_of("a"), service{12010, 1});
  client.send_to(bytes_of("b"), service{12010, 1});
  EXPECT_EQ((std::set{next_text(one), next_text(two)}), (std::set<std::string>{"a", "b"}));
  EXPECT_TRUE(is_quiet(one) && is_quiet(two));
}

TEST(tipc_socket, a_socket_address_has_no_destination_name) {
  socket server(SOCK_RDM);
  socket client(SOCK_RDM);
  client.send_to(bytes_of("direct"), server.local_address());
  event_buffer buffer;
  const auto got = receive_as<delivery>(server, buffer);
  ASSERT_TRUE(got);
  EXPECT_FALSE(got->destination);
  EXPECT_EQ(got->from, client.local_address().as_socket());
}

TEST(tipc_socket, binds_in_every_scope) {
  for (const scope where : {scope::none, scope::zone, scope::cluster, scope::node}) {
    const address name(service{12020, static_cast<std::uint32_t>(where)}, where);
    auto server = bound(name);
    socket client(SOCK_RDM);
    client.send_to(bytes_of("x"), name);
    EXPECT_EQ(next_text(server), "x") << name;
    server.unbind(name);
    EXPECT_EQ(errno_of([&] { client.send_to(bytes_of("x"), name); }), EHOSTUNREACH) << name;
  }
}

TEST(tipc_socket, looks_a_service_up_on_the_node_that_the_domain_names) {
  // Without an identity this node has the number 0; no other one is there.
  auto server = bound(service{12030, 1});
  socket client(SOCK_RDM);
  client.set(option::dest_droppable{false});
  client.send_to(bytes_of("here"), service{12030, 1, 0});
  EXPECT_EQ(next_text(server), "here");
  EXPECT_EQ(errno_of([&] {
              client.send_to(bytes_of("there"), service{12030, 1, 99});
            }),
            EHOSTUNREACH);
  EXPECT_TRUE(is_quiet(server));
}

TEST(tipc_socket, binds_neither_a_socket_address_nor_the_kernels_types) {
  socket socket(SOCK_RDM);
  EXPECT_EQ(error_of([&] {
              socket.bind(socket_id{0, 1});
            }),
            "bind (3, 0, 1, 0, 0): Address family not supported by protocol (a socket address is "
            "the kernel's choice: bind a service or a range)");
  EXPECT_EQ(error_of([&] {
              socket.bind(service{63, 1});
            }),
            "bind (2, 63, 1, 0, 2): Permission denied (types below 64 are the kernel's own, and a "
            "member of a group cannot bind)");
  socket.bind(service{64, 1});
}

TEST(tipc_socket, one_address_may_be_bound_twice) {
  auto server = bound(service{12040, 1});
  server.bind(service{12040, 1});
  server.unbind(service{12040, 1});
  socket client(SOCK_RDM);
  client.send_to(bytes_of("once more"), service{12040, 1});
  EXPECT_EQ(next_text(server), "once more");
}

// Unbinding.

bool reachable(const service& name) {
  socket client(SOCK_RDM);
  return errno_of([&] { client.send_to(bytes_of("?"), name); }) == 0;
}

TEST(tipc_socket, unbinds_what_it_is_told_and_nothing_else) {
  auto server = bound(service{13000, 1});
  server.bind(service{13000, 2});
  server.bind(service_range{13000, 10, 19});
  server.unbind(service{13000, 1});
  EXPECT_FALSE(reachable({13000, 1}));
  EXPECT_TRUE(reachable({13000, 2}));
  server.unbind(service_range{13000, 10, 19});
  EXPECT_FALSE(reachable({13000, 15}));
  EXPECT_TRUE(reachable({13000, 2}));
}

TEST(tipc_socket, unbinds_without_a_scope_as_it_binds) {
  auto server = bound(address(service{13010, 1}, scope::none));
  server.bind(service{13011, 1});
  server.unbind(address(service{13010, 1}, scope::none));
  EXPECT_FALSE(reachable({13010, 1})) << "the negative of no scope would have bound it again";
}

TEST(tipc_socket, unbinding_another_scope_or_range_is_an_error) {
  auto server = bound(service_range{13020, 5, 7});
  EXPECT_EQ(errno_of([&] {
              server.unbind(address(service_range{13020, 5, 7}, scope::node));
            }),
            EINVAL);
  EXPECT_EQ(errno_of([&] { server.unbind(service_range{13020, 5, 8}); }), EINVAL);
  EXPECT_TRUE(reachable({13020, 6}));
  server.unbind(service_range{13020, 5, 7});
  EXPECT_FALSE(reachable({13020, 6}));
  // With nothing left the kernel calls everything a success.
  server.unbind(service_range{13020, 5, 7});
}

TEST(tipc_socket, of_ranges_with_one_lower_end_the_latest_is_unbound_first) {
  auto server = bound(service_range{13030, 5, 7});
  server.bind(service_range{13030, 5, 9});
  EXPECT_EQ(errno_of([&] { server.unbind(service_range{13030, 5, 7}); }), EINVAL);
  server.unbind(service_range{13030, 5, 9});
  server.unbind(service_range{13030, 5, 7});
  EXPECT_FALSE(reachable({13030, 5}));
}

TEST(tipc_socket, unbinds_everything) {
  auto server = bound(service{13040, 1});
  server.bind(address(service{13041, 1}, scope::node));
  server.unbind_all();
  EXPECT_FALSE(reachable({13040, 1}));
  EXPECT_FALSE(reachable({13041, 1}));
}

// Lengths.

TEST(tipc_socket, says_that_a_message_was_truncated) {
  auto [a, b] = socket::pair(SOCK_RDM);
  a.send(bytes_of("0123456789"));
  a.send(bytes_of("next"));
  event_buffer small(4);
  const auto got = receive_as<delivery>(b, small);
  ASSERT_TRUE(got);
  EXPECT_EQ(text_of(got->data), "0123");
  EXPECT_TRUE(got->truncated());
  EXPECT_EQ(got->full_size, 4U) << "the kernel does not tell that it was 10";
  const auto next = receive_as<delivery>(b, small);
  EXPECT_EQ(text_of(next->data), "next");
  EXPECT_FALSE(next->truncated());
}

TEST(tipc_socket, takes_a_message_in_parts) {
  auto [a, b] = socket::pair(SOCK_SEQPACKET);
  a.send(bytes_of("0123456789"));
  event_buffer small(4);
  std::string all;
  int parts = 0;
  for (bool last = false; !last; ++parts) {
    const auto got = b.receive_event(small, {.flags = MSG_EOR, .until = soon().until});
    const auto& part = std::get<delivery>(got);
    all += text_of(part.data);
    EXPECT_FALSE(part.truncated());
    last = (part.flags & MSG_EOR) != 0;
  }
  EXPECT_EQ(all, "0123456789");
  EXPECT_EQ(parts, 3);
}

TEST(tipc_socket, an_empty_message_never_arrives) {
  auto [a, b] = socket::pair(SOCK_RDM);
  a.send(const_bytes());
  a.send(bytes_of("after"));
  EXPECT_EQ(next_text(b), "after");
}

TEST(tipc_socket, sends_and_receives_many_at_once) {
  auto server = bound(service{14000, 1});
  socket client(SOCK_RDM);
  send_batch<address> out(3);
  for (const char* text : {"one", "two", "three"}) out.add(bytes_of(text), service{14000, 1});
  EXPECT_EQ(client.send(out), 3U);
  receive_batch<address> in(8, 100);
  EXPECT_EQ(server.receive(in, soon()), 3U);
  EXPECT_EQ(text_of(in[2].data), "three");
  EXPECT_EQ(in[2].from, client.local_address());
}

// What comes back.

TEST(tipc_socket, a_message_nobody_reads_comes_back_with_its_first_1024_bytes) {
  socket client(SOCK_RDM);
  client.set(option::dest_droppable{false});
  const std::string longer(3000, 'A');
  socket_id reached;
  {
    const auto server = bound(service{15000, 7});
    reached = *server.local_address().as_socket();
    client.send_to(bytes_of(longer), service{15000, 7});
    client.send_to(bytes_of("short"), service{15000, 7});
  }
  event_buffer buffer;
  const auto cut = receive_as<rejection>(client, buffer);
  ASSERT_TRUE(cut);
  EXPECT_EQ(cut->reason, reject_reason::no_port);
  EXPECT_EQ(text_of(cut->returned), longer.substr(0, 1024));
  EXPECT_TRUE(cut->may_be_cut());
  EXPECT_EQ(cut->destination, (service_range{15000, 7, 7}));
  EXPECT_EQ(cut->from, reached);
  const auto whole = receive_as<rejection>(client, buffer);
  ASSERT_TRUE(whole);
  EXPECT_EQ(text_of(whole->returned), "short");
  EXPECT_FALSE(whole->may_be_cut());
}

TEST(tipc_socket, by_default_a_message_nobody_reads_is_gone) {
  socket client(SOCK_RDM);
  {
    const auto server = bound(service{15010, 7});
    client.send_to(bytes_of("lost"), service{15010, 7});
  }
  EXPECT_TRUE(is_quiet(client));
}

TEST(tipc_socket, a_message_to_a_closed_socket_comes_back) {
  socket client(SOCK_RDM);
  client.set(option::dest_droppable{false});
  const address gone = socket(SOCK_RDM).local_address();
  client.send_to(bytes_of("anyone?"), gone);
  event_buffer buffer;
  const auto back = receive_as<rejection>(client, buffer);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->reason, reject_reason::no_port);
  EXPECT_EQ(text_of(back->returned), "anyone?");
  EXPECT_FALSE(back->destination);
}

TEST(tipc_socket, a_full_receiver_sends_messages_back_and_never_slows_the_sender) {
  auto server = bound(service{15020, 7});
  socket client(SOCK_RDM);
  client.set(option::dest_droppable{false});
  client.set_blocking(false);
  const std::string data(4000, 'x');
  constexpr int count = 3000;
  for (int i = 0; i < count; ++i)
    ASSERT_EQ(client.send_to(bytes_of(data), service{15020, 7}), 4000U);
  event_buffer buffer;
  int came_back = 0;
  while (!is_quiet(client)) {
    const auto back = receive_as<rejection>(client, buffer);
    ASSERT_TRUE(back);
    EXPECT_EQ(back->reason, reject_reason::overload);
    ++came_back;
  }
  int arrived = 0;
  for (; !is_quiet(server); ++arrived) ASSERT_TRUE(receive_as<delivery>(server, buffer));
  EXPECT_GT(came_back, 0);
  EXPECT_EQ(arrived + came_back, count) << "none is lost in silence";
}

TEST(tipc_socket, a_receive_gives_up_at_its_deadline) {
  socket alone(SOCK_RDM);
  event_buffer buffer;
  EXPECT_THROW(alone.receive_event(buffer, {.until = deadline::after(10ms)}), timed_out);
  alone.set_blocking(false);
  EXPECT_THROW(alone.receive_event(buffer), would_block);
}

}  // namespace
}  // namespace trivet::tipc
