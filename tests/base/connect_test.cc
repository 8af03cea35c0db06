// Connecting and accepting in time: full backlogs, signals, several threads on one listener.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "tests/base/testing.h"
#include "tests/lab/namespace_test.h"
#include "trivet/base/error.h"
#include "trivet/base/so.h"
#include "trivet/inet/socket.h"
#include "trivet/unix/socket.h"

namespace trivet {
namespace {

using namespace std::chrono_literals;
using test::at_once;
using test::signal_storm;
using test::soon;
using test::stopwatch;
using test::unique_name;
using test::within;

constexpr auto limit = 60ms;

bool is_nonblocking(const socket_base& s) {
  return (::fcntl(s.native_handle(), F_GETFL) & O_NONBLOCK) != 0;
}

// A listener that takes no further connection, with those that fill it.
template <class Socket, class Address>
struct full_listener {
  full_listener(const Address& name, int type) : listener(type) {
    listener.bind(name);
    listener.listen(0);
    address = listener.local_address();
    std::error_code ec;
    while (!ec) {
      Socket client(type);
      client.connect(address, ec, within(std::chrono::milliseconds(200)));
      if (!ec) clients.push_back(std::move(client));
    }
    EXPECT_EQ(ec, std::errc::timed_out);
    EXPECT_FALSE(clients.empty());
  }

  Socket listener;
  Address address;
  std::vector<Socket> clients;
};

using full_unix_listener = full_listener<unix_domain::socket, unix_domain::address>;
using full_tcp_listener = full_listener<inet::socket, inet::address>;

class connecting : public lab::namespace_test {
 protected:
  void SetUp() override { before_ = test::open_descriptors(); }
  void TearDown() override { EXPECT_EQ(test::open_descriptors(), before_); }

 private:
  std::map<int, std::string> before_;
};

TEST_F(connecting, to_a_full_backlog_ends_in_time) {
  const signal_storm storm;
  for (const int type : {SOCK_STREAM, SOCK_SEQPACKET}) {
    const full_unix_listener full(unique_name(), type);
    unix_domain::socket client(type);
    stopwatch watch;
    EXPECT_THROW(client.connect(full.address, within(limit)), timed_out);
    EXPECT_GE(watch.elapsed(), limit);
    EXPECT_LT(watch.elapsed(), limit + 10s);
    EXPECT_FALSE(is_nonblocking(client)) << "as it was";
    EXPECT_EQ(client.get<so::sndtimeo>(), 0us) << "as it was";

    client.set(so::sndtimeo{7s});
    client.set_timeout(limit);
    watch = stopwatch();
    EXPECT_THROW(client.connect(full.address), timed_out);
    EXPECT_GE(watch.elapsed(), limit);
    EXPECT_TRUE(is_nonblocking(client));
    EXPECT_EQ(client.get<so::sndtimeo>(), 7s) << "as it was";

    EXPECT_THROW(client.connect(full.address, at_once()), would_block);
    client.set_blocking(true);
    EXPECT_THROW(client.connect(full.address, at_once()), would_block);
    EXPECT_FALSE(is_nonblocking(client));
    EXPECT_THROW(client.connect(full.address, {.flags = MSG_DONTWAIT}), would_block);
    client.set_blocking(false);
    EXPECT_THROW(client.connect(full.address), would_block);
  }
}

// The kernel forgets an AF_UNIX connect that a signal interrupts: to take it for one that goes on
// by itself would give a socket that is not connected.
TEST_F(connecting, through_signals_is_connected_in_the_end) {
  for (const bool timed : {false, true}) {
    full_unix_listener full(unique_name(), SOCK_STREAM);
    unix_domain::socket client;
    std::vector<unix_domain::socket> accepted;
    {
      const signal_storm storm;
      const std::jthread server([&] {
        storm.wait_for(20);
        for (std::size_t i = 0; i <= full.clients.size(); ++i) {
          accepted.push_back(full.listener.accept(soon()).socket);
        }
      });
      client.connect(full.address, timed ? soon() : io_options());
      EXPECT_GE(storm.count(), 20) << "it must have waited";
    }
    EXPECT_EQ(client.send(bytes_of("connected")), 9U);
    EXPECT_EQ(text_of(accepted.back().receive_message(soon()).data), "connected");
  }
}

TEST_F(connecting, over_tcp_to_a_full_backlog_ends_in_time_and_can_go_on) {
  full_tcp_listener full(inet::address::loopback(0), SOCK_STREAM);
  inet::socket client;
  const signal_storm storm;
  stopwatch watch;
  EXPECT_THROW(client.connect(full.address, within(limit)), timed_out);
  EXPECT_GE(watch.elapsed(), limit);
  EXPECT_LT(watch.elapsed(), limit + 10s);
  EXPECT_FALSE(is_nonblocking(client));
  EXPECT_THROW(client.connect(full.address, at_once()), would_block) << "it is under way still";
  watch = stopwatch();
  EXPECT_THROW(client.connect(full.address, within(limit)), timed_out);
  EXPECT_GE(watch.elapsed(), limit) << "waiting for the same attempt";
  while (!full.clients.empty()) {
    (void)full.listener.accept(soon());
    full.clients.pop_back();
  }
  client.connect(full.address, soon());
  EXPECT_EQ(client.peer_address(), full.address);
}

TEST_F(connecting, over_tcp_that_is_interrupted_goes_on_by_itself) {
  full_tcp_listener full(inet::address::loopback(0), SOCK_STREAM);
  inet::socket client;
  const signal_storm storm;
  const std::jthread server([&] {
    storm.wait_for(20);
    for (std::size_t i = 0; i < full.clients.size(); ++i) (void)full.listener.accept(soon());
  });
  client.connect(full.address);  // as long as it takes
  EXPECT_EQ(client.peer_address(), full.address);
}

TEST_F(connecting, is_refused_where_nobody_listens) {
  inet::socket placeholder;
  placeholder.bind(inet::address::loopback(0));
  const inet::address name = placeholder.local_address();
  for (const auto& io : {io_options(), soon()}) {
    inet::socket client;
    try {
      client.connect(name, io);
      FAIL() << "connected";
    } catch (const peer_error& e) {
      EXPECT_EQ(e.code(), std::errc::connection_refused);
      EXPECT_EQ(std::string(e.what()), "connect " + name.to_string() + ": Connection refused");
    }
    EXPECT_FALSE(is_nonblocking(client));
    EXPECT_THROW((void)client.peer_address(), peer_error);
  }
  unix_domain::socket client;
  EXPECT_THROW(client.connect(unique_name()), peer_error);
  EXPECT_THROW(client.connect(unique_name(), soon()), peer_error);
}

TEST_F(connecting, a_datagram_socket_never_waits) {
  inet::socket client(SOCK_DGRAM);
  client.connect(inet::address::loopback(9), at_once());
  EXPECT_EQ(client.peer_address(), inet::address::loopback(9));
  EXPECT_FALSE(is_nonblocking(client));
}

TEST_F(connecting, an_accept_ends_in_time) {
  unix_domain::socket listener;
  listener.bind(unique_name());
  listener.listen();
  EXPECT_THROW((void)listener.accept(at_once()), would_block);
  EXPECT_THROW((void)listener.accept({.flags = MSG_DONTWAIT}), would_block);
  const signal_storm storm;
  stopwatch watch;
  EXPECT_THROW((void)listener.accept(within(limit)), timed_out);
  EXPECT_GE(watch.elapsed(), limit);
  EXPECT_LT(watch.elapsed(), limit + 10s);
  listener.set_timeout(limit);
  watch = stopwatch();
  std::error_code ec;
  EXPECT_FALSE(listener.accept(ec));
  EXPECT_EQ(ec, std::errc::timed_out);
  EXPECT_GE(watch.elapsed(), limit);
  listener.set_blocking(true);
  EXPECT_FALSE(is_nonblocking(listener));
}

TEST_F(connecting, an_accept_without_limit_waits_after_one_with_a_limit) {
  unix_domain::socket listener;
  const auto name = unique_name();
  listener.bind(name);
  listener.listen();
  EXPECT_THROW((void)listener.accept(within(1ms)), timed_out);
  unix_domain::socket client;
  const signal_storm storm;
  const std::jthread connector([&] {
    storm.wait_for(3);
    client.connect(name);
  });
  auto [connection, peer] = listener.accept();
  EXPECT_EQ(connection.timeout(), std::nullopt) << "what is accepted blocks";
  EXPECT_FALSE(is_nonblocking(connection));
}

// Each has a deadline of its own on a listener that blocks: none may make another wait for ever.
TEST_F(connecting, many_threads_accept_on_one_listener) {
  unix_domain::socket listener;
  const auto name = unique_name();
  listener.bind(name);
  listener.listen();
  constexpr int rounds = 50;
  std::atomic<int> accepted{0};
  std::atomic<int> late{0};
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      for (int round = 0; round < rounds; ++round) {
        std::error_code ec;
        if (listener.accept(ec, within(std::chrono::microseconds(200 * (i + 1))))) ++accepted;
        if (ec == std::errc::timed_out) ++late;
      }
    });
  }
  std::vector<unix_domain::socket> clients(5);
  for (auto& client : clients) client.connect(name, soon());
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(accepted + late, 4 * rounds);
  while (accepted < 5) {
    (void)listener.accept(soon());
    ++accepted;
  }
  EXPECT_THROW((void)listener.accept(at_once()), would_block);
}

TEST_F(connecting, an_accept_reports_what_went_wrong) {
  unix_domain::socket listener;
  std::error_code ec;
  EXPECT_FALSE(listener.accept(ec));
  EXPECT_EQ(ec, std::errc::invalid_argument) << "it does not listen";
  listener.close();
  EXPECT_FALSE(listener.accept(ec, soon()));
  EXPECT_EQ(ec, std::errc::bad_file_descriptor);
  listener.listen(1, ec);
  EXPECT_EQ(ec, std::errc::bad_file_descriptor);
  listener.shutdown(SHUT_RDWR, ec);
  EXPECT_EQ(ec, std::errc::bad_file_descriptor);
  listener.bind(unique_name(), ec);
  EXPECT_EQ(ec, std::errc::bad_file_descriptor);
  listener.connect(unique_name(), ec, soon());
  EXPECT_EQ(ec, std::errc::bad_file_descriptor);
  EXPECT_THROW(listener.set_timeout(1s), socket_error);
}

TEST_F(connecting, a_name_in_use_is_an_address_error) {
  const auto name = unique_name();
  unix_domain::socket first, second;
  first.bind(name);
  EXPECT_THROW(second.bind(name), address_error);
  inet::socket remote;
  EXPECT_THROW(remote.bind(inet::address("192.0.2.1", 0)), address_error);
  EXPECT_THROW(remote.connect(inet::address("192.0.2.1", 9), soon()), peer_error)
      << "there is no route out of this namespace";
}

}  // namespace
}  // namespace trivet
