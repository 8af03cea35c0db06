// What comes beside the data, on real sockets: stamps, credentials, marks, drops, descriptors, and
// the error queue.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/errqueue.h>
#include <linux/net_tstamp.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "tests/base/testing.h"
#include "tests/lab/command.h"
#include "tests/lab/namespace_test.h"
#include "trivet/base/error.h"
#include "trivet/base/error_queue.h"
#include "trivet/base/so.h"
#include "trivet/inet/option.h"
#include "trivet/inet/socket.h"
#include "trivet/unix/socket.h"

namespace trivet {
namespace {

using namespace std::chrono_literals;
using test::at_once;
using test::soon;
using test::stopwatch;
using test::within;

using microseconds = std::chrono::microseconds;
using nanoseconds = std::chrono::nanoseconds;

nanoseconds time_of(const ::timespec& t) {
  return std::chrono::seconds(t.tv_sec) + nanoseconds(t.tv_nsec);
}

nanoseconds real_time() {
  ::timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  return time_of(now);
}

class ancillary : public lab::namespace_test {
 protected:
  void SetUp() override {
    receiver_.bind(inet::address::loopback(0));
    sender_.connect(receiver_.local_address());
  }

  // Sends one message and receives it with what comes beside it.
  void exchange(const control_writer& out = {}) {
    const ::iovec piece = buffer(bytes_of("data"));
    before_ = real_time();
    sender_.send(std::span(&piece, 1), out);
    std::array<std::byte, 16> data;
    EXPECT_EQ(receiver_.receive_from(data, control_, soon()).size, 4U);
    after_ = real_time();
  }

  // Whether this kernel knows an option; ENOPROTOOPT is the only way to say that it does not.
  template <class O>
  bool turn_on(socket_base& socket) {
    std::error_code ec;
    socket.set(O{{true}}, ec);
    EXPECT_TRUE(!ec || ec == std::errc::no_protocol_option) << ec.message();
    return !ec;
  }

  void expect_now(nanoseconds stamp, nanoseconds precision = 1ns) const {
    EXPECT_GE(stamp + precision, before_);
    EXPECT_LE(stamp, after_);
  }

  inet::socket receiver_{SOCK_DGRAM};
  inet::socket sender_{SOCK_DGRAM};
  control_buffer control_;
  nanoseconds before_{};
  nanoseconds after_{};
};

TEST_F(ancillary, nothing_comes_that_was_not_asked_for) {
  exchange();
  EXPECT_TRUE(control_.messages().empty());
  EXPECT_FALSE(control_.truncated());
}

TEST_F(ancillary, stamps_say_when_a_message_came) {
  receiver_.set(so::timestamp{{true}});
  exchange();
  const auto coarse = control_.find<control::timestamp>();
  ASSERT_TRUE(coarse);
  expect_now(std::chrono::seconds(coarse->value.tv_sec) + microseconds(coarse->value.tv_usec), 1us);

  receiver_.set(so::timestampns{{true}});
  exchange();
  ASSERT_TRUE(control_.find<control::timestampns>());
  expect_now(time_of(control_.find<control::timestampns>()->value));
  EXPECT_FALSE(control_.find<control::timestamp>()) << "of the message before";

  receiver_.set(so::timestampns{{false}});
  receiver_.set(so::timestamping{{SOF_TIMESTAMPING_SOFTWARE | SOF_TIMESTAMPING_RX_SOFTWARE, 0}});
  // The kernel turns the stamps of all packets on a little later.
  const deadline end = deadline::after(test::patience);
  std::optional<control::timestamping> stamps;
  while (!stamps && !end.passed()) {
    exchange();
    stamps = control_.find<control::timestamping>();
  }
  ASSERT_TRUE(stamps);
  expect_now(time_of(stamps->value[0]));
  EXPECT_EQ(time_of(stamps->value[2]), 0ns) << "loopback has no hardware clock";
}

TEST_F(ancillary, a_stamp_without_room_is_reported_as_truncated) {
  receiver_.set(so::timestampns{{true}});
  sender_.send(bytes_of("data"));
  std::array<std::byte, 16> data;
  const receive_result got = receiver_.receive_from(data, soon());
  EXPECT_EQ(got.size, 4U);
  EXPECT_TRUE(got.control_truncated());
  EXPECT_FALSE(got.truncated());
  sender_.send(bytes_of("data"));
  EXPECT_EQ(receiver_.receive(data, soon()).flags, 0) << "recv(2) does not tell";
}

TEST_F(ancillary, marks_and_priorities_come_with_the_packet) {
  if (!turn_on<so::rcvmark>(receiver_)) return;
  sender_.set(so::mark{{0xabcd}});
  exchange();
  ASSERT_TRUE(control_.find<control::mark>());
  EXPECT_EQ(control_.find<control::mark>()->value, 0xabcdU);
  control::mark other;
  other.value = 7;
  exchange(control_writer().add(other));
  EXPECT_EQ(control_.find<control::mark>()->value, 7U) << "of this packet alone";

  if (!turn_on<so::rcvpriority>(receiver_)) return;
  control::priority priority;
  priority.value = 5;
  exchange(control_writer().add(priority));
  ASSERT_TRUE(control_.find<control::priority>());
  EXPECT_EQ(control_.find<control::priority>()->value, 5U);
}

TEST_F(ancillary, drops_are_counted_beside_the_next_message) {
  receiver_.set(so::rcvbuf{{1}});
  receiver_.set(so::rxq_ovfl{{true}});
  for (int i = 0; i < 100; ++i) sender_.send(bytes_of("drop"));
  std::array<std::byte, 16> data;
  std::error_code ec;
  unsigned received = 0;
  const deadline end = deadline::after(test::patience);
  while (received + receiver_.get<so::meminfo>()[SK_MEMINFO_DROPS] < 100 && !end.passed()) {
    receiver_.receive(data, ec, at_once());
    if (!ec) ++received;
  }
  exchange();
  const auto drops = control_.find<control::rxq_ovfl>();
  ASSERT_TRUE(drops);
  EXPECT_EQ(drops->value, 100U - received);
}

TEST_F(ancillary, a_control_message_that_the_kernel_does_not_take_is_an_error) {
  const ::iovec piece = buffer(bytes_of("data"));
  const std::span<const ::iovec> pieces(&piece, 1);
  control_writer unknown;
  unknown.append(SOL_SOCKET, 9999, {});
  EXPECT_THROW(sender_.send(pieces, unknown), socket_error);
  control::txtime when;
  when.value = 1;
  EXPECT_THROW(sender_.send(pieces, control_writer().add(when)), socket_error)
      << "so::txtime is not set";
  sender_.set(so::txtime{{CLOCK_MONOTONIC, 0}});
  exchange(control_writer().add(when));
}

// ---- The error queue.

TEST_F(ancillary, a_refused_datagram_comes_back_with_its_reason) {
  const inet::address target = receiver_.local_address();
  receiver_.close();
  sender_.set(ip::recverr{{true}});
  sender_.send(bytes_of("to nobody"));
  std::array<std::byte, 64> data;
  const ::iovec piece = buffer(mutable_bytes(data));
  const auto got =
      sender_.receive_from(std::span(&piece, 1), control_, {MSG_ERRQUEUE, deadline::after(5s)});
  EXPECT_EQ(text_of(const_bytes(data).first(got.size)), "to nobody");
  EXPECT_EQ(got.from, target);
  EXPECT_NE(got.flags & MSG_ERRQUEUE, 0);
  const auto error = find_extended_error(control_);
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), std::errc::connection_refused);
  EXPECT_EQ(error->origin, SO_EE_ORIGIN_ICMP);
  EXPECT_EQ(error->type, 3) << "destination unreachable";
  EXPECT_EQ(error->detail, 3) << "port unreachable";
  EXPECT_EQ(inet::address::from_sockaddr(error->offender.bytes()).host(), "127.0.0.1");
}

TEST_F(ancillary, a_message_too_long_is_reported_with_the_mtu) {
  lab::run({"ip", "link", "set", "lo", "mtu", "1500"});
  sender_.set(ip::recverr{{true}});
  sender_.set(ip::mtu_discover{{IP_PMTUDISC_DO}});
  const std::vector<std::byte> data(3000);
  std::error_code ec;
  sender_.send(data, ec);
  ASSERT_EQ(ec, std::errc::message_size);
  std::array<std::byte, 1> room;
  const ::iovec piece = buffer(mutable_bytes(room));
  sender_.receive(std::span(&piece, 1), control_, {MSG_ERRQUEUE, deadline::after(5s)});
  const auto error = find_extended_error(control_);
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), std::errc::message_size);
  EXPECT_EQ(error->origin, SO_EE_ORIGIN_LOCAL);
  EXPECT_EQ(static_cast<int>(error->info), sender_.get<ip::mtu>());
  EXPECT_EQ(error->offender.size(), 0U);
}

TEST_F(ancillary, a_receive_from_the_error_queue_waits_for_an_entry) {
  EXPECT_THROW(
      (void)sender_.receive_message({.flags = MSG_ERRQUEUE, .until = deadline::after(50ms)}),
      timed_out);
  EXPECT_THROW((void)sender_.receive_message({MSG_ERRQUEUE, deadline::immediate()}), would_block);
  receiver_.send_to(bytes_of("plain"), sender_.local_address());
  stopwatch watch;
  EXPECT_THROW((void)sender_.receive_message({MSG_ERRQUEUE, deadline::after(50ms)}), timed_out)
      << "data that is there is not what it waits for";
  EXPECT_GE(watch.elapsed(), 50ms);
}

TEST_F(ancillary, stamps_of_sent_packets_come_one_by_one) {
  sender_.set(so::timestamping{{SOF_TIMESTAMPING_SOFTWARE | SOF_TIMESTAMPING_OPT_ID, 0}});
  control::timestamping_request request;
  request.value = SOF_TIMESTAMPING_TX_SOFTWARE;
  exchange();
  exchange(control_writer().add(request));
  exchange(control_writer().add(request));
  for (unsigned expected = 1; expected <= 2; ++expected) {
    std::array<std::byte, 256> data;
    const ::iovec piece = buffer(mutable_bytes(data));
    sender_.receive(std::span(&piece, 1), control_, {MSG_ERRQUEUE, deadline::after(5s)});
    const auto error = find_extended_error(control_);
    ASSERT_TRUE(error);
    EXPECT_EQ(error->origin, SO_EE_ORIGIN_TIMESTAMPING);
    EXPECT_EQ(error->code().value(), ENOMSG);
    EXPECT_EQ(error->info, static_cast<unsigned>(SCM_TSTAMP_SND));
    const auto stamps = control_.find<control::timestamping>();
    ASSERT_TRUE(stamps);
    EXPECT_GT(time_of(stamps->value[0]), 0ns);
    EXPECT_LE(time_of(stamps->value[0]), real_time());
  }
  EXPECT_THROW((void)sender_.receive_message({MSG_ERRQUEUE, deadline::immediate()}), would_block);
}

TEST_F(ancillary, receive_message_takes_an_entry_of_the_error_queue_whole) {
  receiver_.close();
  sender_.set(ip::recverr{{true}});
  for (const char* text : {"first", "second"}) {
    std::error_code ec;
    sender_.send(bytes_of(text), ec);
    if (ec) sender_.send(bytes_of(text));  // the first refusal may be told by the second send
  }
  for (const char* text : {"first", "second"}) {
    const auto got = sender_.receive_message({MSG_ERRQUEUE, deadline::after(5s)});
    EXPECT_EQ(text_of(got.data), text);
  }
}

// POLLERR stays up as long as the error queue holds something: poll(2) then returns at once, again
// and again.
TEST_F(ancillary, an_error_queue_that_nobody_reads_neither_burns_the_cpu_nor_stops_the_clock) {
  sender_.set(so::timestamping{{SOF_TIMESTAMPING_SOFTWARE | SOF_TIMESTAMPING_TX_SOFTWARE, 0}});
  exchange();
  EXPECT_EQ(sender_.poll(POLLIN, deadline::after(5s)), POLLERR);
  std::array<std::byte, 16> data;
  stopwatch watch;
  ::rusage before{};
  ::rusage after{};
  ASSERT_EQ(::getrusage(RUSAGE_THREAD, &before), 0);
  EXPECT_THROW(sender_.receive(data, within(500ms)), timed_out);
  ASSERT_EQ(::getrusage(RUSAGE_THREAD, &after), 0);
  EXPECT_GE(watch.elapsed(), 500ms);
  EXPECT_LT(watch.elapsed(), 10s);
  EXPECT_GE(after.ru_nvcsw - before.ru_nvcsw, 20) << "it never gave the CPU up of its own accord";
  receiver_.send_to(bytes_of("data"), sender_.local_address());
  EXPECT_EQ(sender_.receive(data, soon()).size, 4U);
}

// ---- AF_UNIX.

class unix_ancillary : public test::leaves_nothing_open {
 protected:
  receive_result exchange(const control_writer& out = {}, int type = SOCK_DGRAM,
                          std::string_view text = "x") {
    const ::iovec piece = buffer(bytes_of(text));
    if (type == SOCK_DGRAM) {
      datagrams_.first.send(std::span(&piece, 1), out);
    } else {
      streams_.first.send(std::span(&piece, 1), out);
    }
    const ::iovec room = buffer(mutable_bytes(data_));
    return (type == SOCK_DGRAM ? datagrams_ : streams_)
        .second.receive(std::span(&room, 1), control_);
  }

  std::array<std::byte, 2> data_{};
  socket_pair<unix_domain::socket> datagrams_ = unix_domain::socket::pair(SOCK_DGRAM);
  socket_pair<unix_domain::socket> streams_ = unix_domain::socket::pair(SOCK_STREAM);
  control_buffer control_;

  void TearDown() override {
    datagrams_.first.close();
    datagrams_.second.close();
    streams_.first.close();
    streams_.second.close();
    control_.clear();
    leaves_nothing_open::TearDown();
  }
};

TEST_F(unix_ancillary, credentials_come_with_every_message_and_cannot_be_forged) {
  datagrams_.second.set(so::passcred{{true}});
  exchange();
  const auto credentials = control_.find<control::credentials>();
  ASSERT_TRUE(credentials);
  EXPECT_EQ(credentials->value.pid, ::getpid());
  EXPECT_EQ(credentials->value.uid, ::geteuid());
  control::credentials wrong;
  wrong.value = {::getpid(), ::geteuid(), ::getegid()};
  exchange(control_writer().add(wrong));
  wrong.value.pid = 0x7fffffff;
  EXPECT_THROW(exchange(control_writer().add(wrong)), socket_error);
}

TEST_F(unix_ancillary, a_pidfd_of_the_sender_is_owned) {
  std::error_code ec;
  datagrams_.second.set(so::passpidfd{{true}}, ec);
  if (ec) {
    EXPECT_EQ(ec, std::errc::no_protocol_option);
    return;
  }
  exchange();
  ASSERT_TRUE(control_.find<control::pidfd>());
  const descriptor pidfd = control_.take_pidfd();
  ASSERT_TRUE(pidfd);
  EXPECT_EQ(::fcntl(pidfd.get(), F_GETFD), FD_CLOEXEC);
  EXPECT_TRUE(control_.take_descriptors().empty());
  exchange();  // and one that nobody takes, which the fixture would miss
}

TEST_F(unix_ancillary, the_bytes_that_are_left_come_with_a_stream) {
  std::error_code ec;
  streams_.second.set(so::inq{{true}}, ec);
  if (ec) {
    EXPECT_EQ(ec, std::errc::no_protocol_option);
    return;
  }
  exchange({}, SOCK_STREAM, "12345");
  ASSERT_TRUE(control_.find<control::inq>());
  EXPECT_EQ(control_.find<control::inq>()->value, 3) << "two of five were received";
}

TEST_F(unix_ancillary, as_many_descriptors_come_as_the_kernel_passes) {
  constexpr std::size_t most = 253;  // SCM_MAX_FD
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  const descriptor read_end(ends[0]);
  const descriptor write_end(ends[1]);
  const control::rights many{std::vector<int>(most, write_end.get())};
  const receive_result got = exchange(control_writer().add(many));
  EXPECT_FALSE(got.control_truncated());
  auto taken = control_.take_descriptors();
  ASSERT_EQ(taken.size(), most);
  for (const descriptor& fd : taken) ASSERT_EQ(::fcntl(fd.get(), F_GETFD), FD_CLOEXEC);
  EXPECT_THROW(exchange(control_writer().add(control::rights{std::vector<int>(most + 1)})),
               socket_error);
  EXPECT_THROW(exchange(control_writer().add(control::rights{{-1}})), socket_error);
}

TEST_F(unix_ancillary, a_peek_gives_descriptors_of_its_own) {
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  const descriptor read_end(ends[0]);
  {
    const descriptor write_end(ends[1]);
    const ::iovec piece = buffer(bytes_of("x"));
    datagrams_.first.send(std::span(&piece, 1),
                          control_writer().add(control::rights{{write_end.get()}}));
  }
  const ::iovec room = buffer(mutable_bytes(data_));
  datagrams_.second.receive(std::span(&room, 1), control_, {.flags = MSG_PEEK});
  EXPECT_EQ(control_.find<control::rights>()->fds.size(), 1U);
  datagrams_.second.receive(std::span(&room, 1), control_);
  EXPECT_EQ(control_.find<control::rights>()->fds.size(), 1U);
  control_.clear();
  char byte = 0;
  EXPECT_EQ(::read(read_end.get(), &byte, 1), 0) << "a write end is still open";
}

TEST_F(unix_ancillary, descriptors_without_room_are_reported_and_closed) {
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  const descriptor read_end(ends[0]);
  {
    const descriptor write_end(ends[1]);
    const ::iovec piece = buffer(bytes_of("x"));
    for (int i = 0; i < 2; ++i) {
      datagrams_.first.send(std::span(&piece, 1),
                            control_writer().add(control::rights{{write_end.get()}}));
    }
  }
  EXPECT_TRUE(datagrams_.second.receive_from(data_).control_truncated());
  EXPECT_EQ(datagrams_.second.receive(data_).size, 1U);
  char byte = 0;
  EXPECT_EQ(::read(read_end.get(), &byte, 1), 0) << "a write end is still open";
}

}  // namespace
}  // namespace trivet
