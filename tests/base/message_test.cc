// Messages of every length through every receive, batches, and what each says of truncation.
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>
#include <chrono>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "tests/base/testing.h"
#include "trivet/base/batch.h"
#include "trivet/base/error.h"
#include "trivet/base/so.h"
#include "trivet/inet/socket.h"
#include "trivet/unix/socket.h"

namespace trivet {
namespace {

using test::at_once;
using test::soon;
using unix_domain::address;
using unix_domain::socket;

using messages = test::leaves_nothing_open;

static_assert(std::is_nothrow_move_constructible_v<socket> &&
              !std::is_copy_constructible_v<socket>);
static_assert(!std::is_copy_constructible_v<receive_batch<address>>);
static_assert(std::is_nothrow_move_constructible_v<receive_batch<address>>);
static_assert(noexcept(std::declval<socket&>().send(const_bytes(),
                                                    std::declval<std::error_code&>())));
static_assert(noexcept(std::declval<socket&>().receive(mutable_bytes(),
                                                       std::declval<std::error_code&>())));
static_assert(noexcept(std::declval<socket&>().connect(address(),
                                                       std::declval<std::error_code&>())));
static_assert(noexcept(std::declval<socket&>().bind(address(), std::declval<std::error_code&>())));
static_assert(noexcept(std::declval<socket&>().accept(std::declval<std::error_code&>())));

std::vector<std::byte> pattern(std::size_t size) {
  std::vector<std::byte> data(size);
  for (std::size_t i = 0; i < size; ++i) data[i] = static_cast<std::byte>(i * 7 + i / 251);
  return data;
}

TEST_F(messages, of_any_length_come_whole_into_a_buffer_made_for_them) {
  for (const int type : {SOCK_DGRAM, SOCK_SEQPACKET}) {
    auto [a, b] = socket::pair(type);
    for (const std::size_t size : {1UL, 2UL, 255UL, 4096UL, 65535UL, 65536UL, 65537UL, 100'000UL}) {
      const auto data = pattern(size);
      ASSERT_EQ(a.send(data), size);
      const auto got = b.receive_message(soon());
      EXPECT_EQ(got.data, data) << size;
      EXPECT_EQ(got.size, size);
      EXPECT_EQ(got.full_size, size);
      EXPECT_FALSE(got.truncated());
    }
  }
  auto [a, b] = socket::pair(SOCK_DGRAM);
  EXPECT_EQ(a.send(const_bytes()), 0U);
  EXPECT_EQ(b.receive_message(soon()).data.size(), 0U) << "an empty message is a message";
  EXPECT_THROW((void)b.receive_message(at_once()), would_block) << "and it has been taken";
}

TEST_F(messages, that_are_too_long_say_how_long_they_were_in_every_receive) {
  auto [a, b] = socket::pair(SOCK_DGRAM);
  const auto data = pattern(1000);
  std::array<std::byte, 10> small;
  const auto expect_cut = [](const receive_result& got) {
    EXPECT_EQ(got.size, 10U);
    EXPECT_EQ(got.full_size, 1000U);
    EXPECT_TRUE(got.truncated());
  };
  std::error_code ec;
  control_buffer control;
  const std::array pieces{buffer(mutable_bytes(small).first(4)),
                          buffer(mutable_bytes(small).subspan(4))};
  for (int way = 0; way < 7; ++way) {
    a.send(data);
    if (way == 0) expect_cut(b.receive(small));
    if (way == 1) expect_cut(b.receive(small, ec));
    if (way == 2) expect_cut(b.receive(pieces, control));
    if (way == 3) expect_cut(b.receive_from(small));
    if (way == 4) expect_cut(b.receive_from(pieces, control, ec));
    if (way == 5) {
      expect_cut(b.receive(small, {.flags = MSG_PEEK}));
      EXPECT_EQ(b.receive_message(soon()).data, data) << "a peek takes nothing";
    }
    if (way == 6) {
      receive_batch<address> batch(2, 10);
      EXPECT_EQ(b.receive(batch), 1U);
      expect_cut(batch[0]);
    }
    EXPECT_FALSE(ec);
  }
  a.send(data);
  const receive_result none = b.receive({}, {.flags = MSG_PEEK});
  EXPECT_EQ(none.size, 0U);
  EXPECT_EQ(none.full_size, 1000U);
  EXPECT_TRUE(b.receive({}).truncated()) << "no buffer at all";
  EXPECT_THROW(b.receive(small, at_once()), would_block);
}

TEST_F(messages, of_a_stream_are_what_is_there) {
  auto [a, b] = socket::pair(SOCK_STREAM);
  a.send_all(pattern(100'000));
  const auto first = b.receive_message(soon());
  EXPECT_GT(first.data.size(), 0U);
  EXPECT_LE(first.data.size(), 65536U);
  EXPECT_EQ(first.data.size(), first.size);
  EXPECT_LE(first.data.capacity(), 65536U);
  EXPECT_FALSE(first.truncated());
  EXPECT_EQ(first.full_size, first.size);
  std::size_t total = first.size;
  while (total < 100'000) total += b.receive_message(soon()).size;
  EXPECT_EQ(total, 100'000U);

  a.send(bytes_of("short"));
  EXPECT_LT(b.receive_message(soon()).data.capacity(), 100U) << "no room is kept for nothing";
  std::array<std::byte, 3> small;
  a.send(bytes_of("hello"));
  EXPECT_EQ(b.receive(small).size, 3U);
  EXPECT_EQ(b.receive(small).size, 2U) << "the rest of a stream is not lost";
  a.shutdown(SHUT_WR);
  EXPECT_EQ(b.receive(small).size, 0U);
  EXPECT_EQ(b.receive_message(soon()).size, 0U);
}

TEST_F(messages, urgent_data_is_waited_for) {
  inet::socket listener;
  listener.bind(inet::address::loopback(0));
  listener.listen();
  inet::socket client;
  client.connect(listener.local_address(), soon());
  auto [server, peer] = listener.accept(soon());
  std::error_code ec;
  (void)server.receive_message(ec, {MSG_OOB, deadline::after(std::chrono::milliseconds(10))});
  EXPECT_TRUE(ec) << "there is none";
  client.send(bytes_of("!"), {.flags = MSG_OOB});
  EXPECT_NE(server.poll(POLLPRI, deadline::after(test::patience)) & POLLPRI, 0);
  EXPECT_EQ(text_of(server.receive_message({MSG_OOB, deadline::after(test::patience)}).data), "!");
}

TEST_F(messages, in_pieces_are_one_message) {
  auto [a, b] = socket::pair(SOCK_DGRAM);
  const std::array out{buffer(bytes_of("ab")), buffer(bytes_of("")), buffer(bytes_of("cde"))};
  EXPECT_EQ(a.send(out), 5U);
  std::array<std::byte, 1> one;
  std::array<std::byte, 9> rest;
  const std::array in{buffer(mutable_bytes(one)), buffer(mutable_bytes(rest))};
  control_buffer control;
  EXPECT_EQ(b.receive(in, control).size, 5U);
  EXPECT_EQ(text_of(one), "a");
  EXPECT_EQ(text_of(const_bytes(rest).first(4)), "bcde");
  EXPECT_EQ(a.send(std::span<const ::iovec>()), 0U);
  EXPECT_EQ(b.receive_message(soon()).size, 0U) << "no piece at all is an empty message";
}

TEST_F(messages, name_their_sender_where_it_has_a_name) {
  socket receiver(SOCK_DGRAM);
  receiver.bind(test::unique_name());
  socket named(SOCK_DGRAM);
  named.bind(test::unique_name());
  const socket unnamed(SOCK_DGRAM);
  named.send_to(bytes_of("x"), receiver.local_address());
  EXPECT_EQ(receiver.receive_message(soon()).from, named.local_address());
  socket(SOCK_DGRAM).send_to(bytes_of("x"), receiver.local_address());
  EXPECT_TRUE(receiver.receive_message(soon()).from.is_unnamed());
  std::array<std::byte, 4> room;
  control_buffer control;
  named.send_to(bytes_of("x"), receiver.local_address());
  EXPECT_EQ(receiver.receive_from(room, control).from, named.local_address());
}

TEST_F(messages, to_nobody_name_the_address) {
  socket sender(SOCK_DGRAM);
  try {
    sender.send_to(bytes_of("x"), address("/no/such/socket"));
    FAIL() << "sent";
  } catch (const socket_error& e) {
    EXPECT_STREQ(e.what(), "send to /no/such/socket: No such file or directory");
  }
  std::error_code ec;
  EXPECT_EQ(sender.send_to(bytes_of("x"), test::unique_name(), ec), 0U);
  EXPECT_EQ(ec, std::errc::connection_refused);
  EXPECT_THROW(sender.send(bytes_of("x")), peer_error) << "it is not connected";
  const std::vector<std::byte> huge(10'000'000);
  auto [a, b] = socket::pair(SOCK_DGRAM);
  EXPECT_EQ(a.send(huge, ec), 0U);
  EXPECT_EQ(ec, std::errc::message_size);
}

TEST_F(messages, in_batches_go_on_after_an_error_where_they_stopped) {
  socket first(SOCK_DGRAM);
  first.bind(test::unique_name());
  socket sender(SOCK_DGRAM);
  const address late = test::unique_name();
  send_batch<address> out(3);
  out.add(bytes_of("one"), first.local_address());
  out.add(bytes_of("two"), late);
  out.add(bytes_of("three"), first.local_address());
  std::error_code ec;
  EXPECT_EQ(sender.send(out, ec), 1U);
  EXPECT_FALSE(ec) << "what was sent is told first";
  EXPECT_EQ(sender.send(out, ec), 0U);
  EXPECT_EQ(ec, std::errc::connection_refused);
  EXPECT_EQ(out.sent(), 1U);
  EXPECT_FALSE(out.done());
  socket second(SOCK_DGRAM);
  second.bind(late);
  EXPECT_EQ(sender.send(out), 2U);
  EXPECT_TRUE(out.done());
  EXPECT_EQ(sender.send(out), 0U) << "nothing is left";
  EXPECT_EQ(text_of(second.receive_message(soon()).data), "two");

  receive_batch<address> in(8, 16);
  EXPECT_EQ(first.receive(in), 2U);
  EXPECT_EQ(text_of(in[0].data), "one");
  EXPECT_EQ(text_of(in[1].data), "three");
  EXPECT_TRUE(in[0].from.is_unnamed());
  out.clear();
  EXPECT_TRUE(out.done());
  EXPECT_EQ(out.size(), 0U);
}

TEST_F(messages, in_batches_longer_than_the_kernel_takes_at_once_all_go) {
  inet::socket receiver(SOCK_DGRAM);
  receiver.set(so::rcvbufforce{{8 << 20}});
  receiver.bind(inet::address::loopback(0));
  inet::socket sender(SOCK_DGRAM);
  sender.bind(inet::address::loopback(0));
  constexpr std::size_t count = 2500;
  std::vector<std::uint32_t> numbers(count);
  send_batch<inet::address> out;
  for (std::uint32_t i = 0; i < count; ++i) {
    numbers[i] = i;
    out.add(std::as_bytes(std::span(&numbers[i], 1)), receiver.local_address());
  }
  int calls = 0;
  while (!out.done()) {
    EXPECT_GT(sender.send(out), 0U);
    ++calls;
  }
  EXPECT_EQ(calls, 3) << "1024 at once";
  receive_batch<inet::address> in(64, 16);
  std::uint32_t next = 0;
  while (next < count) {
    receiver.receive(in, soon());
    for (std::size_t i = 0; i < in.size(); ++i) {
      ASSERT_EQ(load_padded<std::uint32_t>(in[i].data), next++);
      ASSERT_EQ(in[i].from, sender.local_address());
    }
  }
}

TEST_F(messages, in_a_batch_that_was_moved_are_still_there) {
  auto [a, b] = socket::pair(SOCK_DGRAM);
  receive_batch<address> first(2, 8);
  a.send(bytes_of("one"));
  b.receive(first);
  receive_batch<address> second(std::move(first));
  EXPECT_EQ(second.size(), 1U);
  EXPECT_EQ(text_of(second[0].data), "one");
  EXPECT_EQ(first.size(), 0U);  // NOLINT(bugprone-use-after-move): that is what is tested
  a.send(bytes_of("two"));
  b.receive(second);
  EXPECT_EQ(text_of(second[0].data), "two");

  send_batch<address> out;
  out.add(bytes_of("x"));
  a.send(out);
  send_batch<address> taken(std::move(out));
  EXPECT_TRUE(taken.done());
  EXPECT_TRUE(out.done());  // NOLINT(bugprone-use-after-move): that is what is tested
  std::error_code ec;
  EXPECT_EQ(a.send(out, ec), 0U);  // NOLINT(bugprone-use-after-move): that is what is tested
}

TEST_F(messages, of_a_closed_socket_are_errors) {
  socket closed(SOCK_DGRAM);
  closed.close();
  std::array<std::byte, 4> room;
  std::error_code ec;
  EXPECT_THROW(closed.send(bytes_of("x")), socket_error);
  EXPECT_THROW(closed.receive(room), socket_error);
  EXPECT_THROW((void)closed.receive_message(), socket_error);
  EXPECT_THROW((void)closed.local_address(), socket_error);
  EXPECT_EQ(closed.receive(room, ec).size, 0U);
  EXPECT_EQ(ec, std::errc::bad_file_descriptor);
  EXPECT_EQ(closed.poll(POLLIN, deadline::never(), ec), 0);
  EXPECT_EQ(ec, std::errc::bad_file_descriptor) << "and not for ever";
  receive_batch<address> batch(1, 1);
  EXPECT_THROW(closed.receive(batch), socket_error);
}

}  // namespace
}  // namespace trivet
