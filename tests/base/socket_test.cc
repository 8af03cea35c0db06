// The socket base on real sockets of AF_UNIX, which every kernel has.
#include "trivet/unix/socket.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <string>
#include <thread>

#include "trivet/base/so.h"

namespace trivet {
namespace {

using namespace std::chrono_literals;
using unix_domain::address;
using unix_domain::socket;

TEST(socket_base, sends_and_receives_a_message_with_automatic_and_with_the_callers_buffer) {
  auto [a, b] = socket::pair(SOCK_SEQPACKET);
  EXPECT_EQ(a.send(bytes_of("hello")), 5U);
  EXPECT_EQ(text_of(b.receive_message().data), "hello");

  EXPECT_EQ(a.send(bytes_of("truncated")), 9U);
  std::array<std::byte, 5> small;
  const receive_result got = b.receive(small);
  EXPECT_EQ(text_of(small), "trunc");
  EXPECT_EQ(got.size, 5U);
  EXPECT_EQ(got.full_size, 9U);
  EXPECT_TRUE(got.truncated());
}

TEST(socket_base, scatters_and_gathers_with_descriptors) {
  auto [a, b] = socket::pair(SOCK_DGRAM);
  int pipe_fds[2];
  ASSERT_EQ(::pipe2(pipe_fds, O_CLOEXEC), 0);
  const descriptor read_end(pipe_fds[0]);
  const std::array pieces{buffer(bytes_of("one ")), buffer(bytes_of("two"))};
  {
    const descriptor write_end(pipe_fds[1]);
    a.send(pieces, control_writer().add(control::rights{{write_end.get()}}));
  }
  std::array<std::byte, 2> first;
  std::array<std::byte, 16> rest;
  const std::array room{buffer(mutable_bytes(first)), buffer(mutable_bytes(rest))};
  control_buffer control;
  EXPECT_EQ(b.receive(room, control).size, 7U);
  EXPECT_EQ(text_of(rest).substr(0, 5), "e two");
  ASSERT_EQ(control.find<control::rights>()->fds.size(), 1U);
  auto taken = control.take_descriptors();
  ASSERT_EQ(taken.size(), 1U);
  EXPECT_EQ(::fcntl(taken[0].get(), F_GETFD), FD_CLOEXEC);
  EXPECT_EQ(::write(taken[0].get(), "x", 1), 1);
}

TEST(socket_base, closes_descriptors_that_nobody_takes) {
  auto [a, b] = socket::pair(SOCK_DGRAM);
  int pipe_fds[2];
  ASSERT_EQ(::pipe2(pipe_fds, O_CLOEXEC), 0);
  const descriptor read_end(pipe_fds[0]);
  {
    const descriptor write_end(pipe_fds[1]);
    const ::iovec piece = buffer(bytes_of("x"));
    a.send(std::span(&piece, 1), control_writer().add(control::rights{{write_end.get()}}));
    control_buffer control;
    std::array<std::byte, 1> data;
    const ::iovec room = buffer(mutable_bytes(data));
    b.receive(std::span(&room, 1), control);
  }
  char byte = 0;
  EXPECT_EQ(::read(read_end.get(), &byte, 1), 0) << "a write end is still open";
}

TEST(socket_base, times_out_would_block_and_keeps_its_deadline_over_signals) {
  auto [a, b] = socket::pair(SOCK_DGRAM);
  std::array<std::byte, 8> buffer;
  b.set_blocking(false);
  EXPECT_THROW(b.receive(buffer), would_block);
  b.set_timeout(50ms);
  const auto start = std::chrono::steady_clock::now();
  EXPECT_THROW(b.receive(buffer), timed_out);
  EXPECT_GE(std::chrono::steady_clock::now() - start, 50ms);
  b.set_timeout(std::nullopt);
  EXPECT_THROW(b.receive(buffer, {.until = deadline::after(10ms)}), timed_out);
  EXPECT_THROW(b.receive(buffer, {.until = deadline::immediate()}), would_block);

  std::error_code ec;
  b.receive(buffer, ec, {.until = deadline::after(1ms)});
  EXPECT_EQ(ec, std::errc::timed_out);
}

TEST(socket_base, accepts_and_names_both_ends) {
  const address name = address::abstract("trivet-test-" + std::to_string(::getpid()));
  socket server(SOCK_STREAM);
  server.bind(name);
  server.listen();
  socket client(SOCK_STREAM);
  client.connect(name, {.until = deadline::after(1s)});
  auto [connection, peer] = server.accept();
  EXPECT_TRUE(peer.is_unnamed());
  EXPECT_EQ(server.local_address(), name);
  EXPECT_EQ(client.peer_address(), name);
  EXPECT_EQ(connection.get<so::peercred>().pid, ::getpid());
  EXPECT_EQ(client.send_all(bytes_of("stream")), 6U);
  client.shutdown(SHUT_WR);
  EXPECT_EQ(text_of(connection.receive_message().data), "stream");
  EXPECT_EQ(connection.receive_message().size, 0U);
}

TEST(socket_base, names_the_address_in_its_errors) {
  socket client(SOCK_STREAM);
  try {
    client.connect(address("/nonexistent/socket"));
    FAIL() << "connected";
  } catch (const socket_error& e) {
    EXPECT_STREQ(e.what(), "connect /nonexistent/socket: No such file or directory");
  }
}

TEST(socket_base, sends_and_receives_batches) {
  auto [a, b] = socket::pair(SOCK_DGRAM);
  send_batch<address> out;
  for (const char* text : {"one", "three", "fourteen"}) out.add(bytes_of(text));
  EXPECT_EQ(a.send(out), 3U);
  EXPECT_TRUE(out.done());
  receive_batch<address> in(8, 5);
  EXPECT_EQ(b.receive(in), 3U);
  EXPECT_EQ(text_of(in[0].data), "one");
  EXPECT_EQ(text_of(in[1].data), "three");
  EXPECT_EQ(text_of(in[2].data), "fourt");
  EXPECT_TRUE(in[2].truncated());
  EXPECT_EQ(in[2].full_size, 8U);
}

}  // namespace
}  // namespace trivet
