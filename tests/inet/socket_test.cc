// AF_INET and AF_INET6 sockets on a real kernel, each test in a network namespace of its own.
#include "trivet/inet/socket.h"

#include <gtest/gtest.h>
#include <linux/capability.h>
#include <linux/icmp.h>
#include <netinet/in.h>

#include <array>
#include <string>

#include "tests/lab/links.h"
#include "tests/lab/namespace_test.h"
#include "tests/lab/privilege.h"
#include "trivet/base/so.h"
#include "trivet/inet/option.h"
#include "trivet/inet/socket6.h"

namespace trivet {
namespace {

using namespace std::chrono_literals;

io_options soon() { return {.flags = 0, .until = deadline::after(lab::patience)}; }

class inet_socket : public lab::namespace_test {
 protected:
  // Datagrams in both directions, and the addresses that each end sees.
  template <class Socket, class Address>
  void exchange_datagrams(const Address& here, const Address& there) {
    Socket receiver(SOCK_DGRAM);
    receiver.bind(here);
    const Address name = receiver.local_address();
    EXPECT_NE(name.port(), 0);
    Socket sender(SOCK_DGRAM);
    sender.bind(there);
    sender.send_to(bytes_of("ping"), name, soon());
    const auto got = receiver.receive_message(soon());
    EXPECT_EQ(text_of(got.data), "ping");
    EXPECT_EQ(got.from, sender.local_address());
    receiver.connect(got.from, soon());
    EXPECT_EQ(receiver.peer_address(), got.from);
    receiver.send(bytes_of("pong"), soon());
    std::array<std::byte, 8> buffer;
    const auto answer = sender.receive_from(buffer, soon());
    EXPECT_EQ(answer.size, 4U);
    EXPECT_EQ(answer.from, name);
  }

  template <class Socket, class Address>
  void exchange_on_a_stream(const Address& here) {
    Socket server(SOCK_STREAM);
    server.set(so::reuseaddr{true});
    server.bind(here);
    server.listen();
    Socket client(SOCK_STREAM);
    client.connect(server.local_address(), soon());
    auto [connection, peer] = server.accept(soon());
    EXPECT_EQ(peer, client.local_address());
    EXPECT_EQ(connection.peer_address(), peer);
    EXPECT_EQ(client.peer_address(), server.local_address());
    client.set(tcp::nodelay{true});
    EXPECT_TRUE(client.template get<tcp::nodelay>());
    client.send_all(bytes_of("both ways"), soon());
    EXPECT_EQ(text_of(connection.receive_message(soon()).data), "both ways");
    connection.send_all(bytes_of("and back"), soon());
    EXPECT_EQ(text_of(client.receive_message(soon()).data), "and back");
  }
};

TEST_F(inet_socket, exchanges_datagrams) {
  exchange_datagrams<inet::socket>(inet::address::loopback(0), inet::address("127.0.0.2", 0));
}

TEST_F(inet_socket, exchanges_on_a_stream) {
  exchange_on_a_stream<inet::socket>(inet::address::loopback(0));
}

TEST_F(inet_socket, binds_to_any_address_and_to_a_port_of_choice) {
  inet::socket s(SOCK_DGRAM);
  s.bind(inet::address("", 5000));
  EXPECT_EQ(s.local_address().to_string(), "('0.0.0.0', 5000)");
  inet::socket again(SOCK_DGRAM);
  try {
    again.bind(inet::address::any(5000));
    FAIL() << "bound twice";
  } catch (const address_error& e) {
    EXPECT_STREQ(e.what(), "bind ('0.0.0.0', 5000): Address already in use");
  }
  EXPECT_THROW(again.bind(inet::address("192.0.2.1", 0)), address_error) << "not of this machine";
}

TEST_F(inet_socket, broadcasts_when_it_is_allowed_to) {
  inet::socket receiver(SOCK_DGRAM);
  receiver.bind(inet::address::any(0));
  const auto everyone = inet::address("<broadcast>", receiver.local_address().port());
  inet::socket sender(SOCK_DGRAM);
  sender.bind(inet::address::loopback(0));  // which chooses the interface
  try {
    sender.send_to(bytes_of("x"), everyone);
    FAIL() << "broadcast without so::broadcast";
  } catch (const not_permitted& e) {
    EXPECT_NE(std::string(e.what()).find("so::broadcast"), std::string::npos) << e.what();
  }
  EXPECT_FALSE(sender.get<so::broadcast>());
  sender.set(so::broadcast{true});
  sender.send_to(bytes_of("to all"), everyone, soon());
  const auto got = receiver.receive_message(soon());
  EXPECT_EQ(text_of(got.data), "to all");
  EXPECT_EQ(got.from, sender.local_address());
}

TEST_F(inet_socket, joins_a_multicast_group) {
  const inet::address group("239.1.2.3", 0);
  const ::ip_mreqn membership{.imr_multiaddr = {big_endian(group.host_number())},
                              .imr_address = {big_endian(INADDR_LOOPBACK)},
                              .imr_ifindex = 1};
  inet::socket receiver(SOCK_DGRAM);
  receiver.bind(group);
  receiver.set(ip::add_membership{membership});
  inet::socket sender(SOCK_DGRAM);
  sender.set(ip::multicast_if{membership});
  sender.bind(inet::address::loopback(0));
  sender.send_to(bytes_of("group"), receiver.local_address(), soon());
  EXPECT_EQ(receiver.receive_message(soon()).from, sender.local_address());
}

TEST_F(inet_socket, pings_over_a_raw_socket) {
  inet::socket raw(SOCK_RAW, IPPROTO_ICMP);
  raw.connect(inet::address::loopback(0));
  ::icmphdr request{};
  request.type = ICMP_ECHO;
  request.un.echo.id = 0x1234;
  request.checksum = static_cast<std::uint16_t>(~(ICMP_ECHO + 0x1234));
  raw.send(std::as_bytes(std::span(&request, 1)), soon());
  // The socket hears its own request first.
  for (const int type : {ICMP_ECHO, ICMP_ECHOREPLY}) {
    const auto got = raw.receive_message(soon());
    EXPECT_EQ(got.from, inet::address::loopback(0));
    ASSERT_EQ(got.data.size(), 20 + sizeof request);  // the IP header comes too
    EXPECT_EQ(std::to_integer<int>(got.data[20]), type);
  }
}

TEST_F(inet_socket, says_what_a_low_port_and_a_raw_socket_need) {
  const auto blames = [](const char* what, auto&& function) {
    try {
      function();
    } catch (const not_permitted& e) {
      if (std::string(e.what()).find(what) != std::string::npos) return 0;
      ADD_FAILURE() << e.what();
    }
    return 1;
  };
  EXPECT_EQ(lab::without({CAP_NET_BIND_SERVICE},
                         [&] {
                           return blames("CAP_NET_BIND_SERVICE", [] {
                             inet::socket(SOCK_DGRAM).bind(inet::address::loopback(1));
                           });
                         }),
            0);
  EXPECT_EQ(
      lab::without(
          {CAP_NET_RAW},
          [&] { return blames("CAP_NET_RAW", [] { inet::socket(SOCK_RAW, IPPROTO_ICMP); }); }),
      0);
}

TEST_F(inet_socket, refuses_and_times_out) {
  inet::socket nobody(SOCK_STREAM);
  EXPECT_THROW(nobody.connect(inet::address::loopback(1), soon()), peer_error);
  inet::socket unreachable(SOCK_STREAM);
  EXPECT_THROW(unreachable.connect(inet::address("192.0.2.1", 1), soon()), peer_error);
  inet::socket silent(SOCK_DGRAM);
  silent.bind(inet::address::loopback(0));
  std::array<std::byte, 1> buffer;
  EXPECT_THROW(silent.receive_from(buffer, {.flags = 0, .until = deadline::after(10ms)}),
               timed_out);
}

TEST_F(inet_socket, exchanges_datagrams_on_ipv6) {
  exchange_datagrams<inet6::socket>(inet6::address::loopback(0), inet6::address::loopback(0));
}

TEST_F(inet_socket, exchanges_on_an_ipv6_stream) {
  exchange_on_a_stream<inet6::socket>(inet6::address::loopback(0));
}

TEST_F(inet_socket, finds_a_link_local_peer_by_its_scope) {
  lab::add_address({home(), "lo"}, "fe80::1/64");
  // By the interface's number and by its name.
  exchange_datagrams<inet6::socket>(inet6::address("fe80::1", 0, 0, 1),
                                    inet6::address("fe80::1%lo", 0));
  inet6::socket s(SOCK_DGRAM);
  EXPECT_THROW(s.bind(inet6::address("fe80::1", 0)), socket_error) << "which fe80::1?";
  try {
    s.bind(inet6::address("fe80::1%no-such-if", 7));
    FAIL() << "bound to no interface";
  } catch (const device_error& e) {
    EXPECT_STREQ(e.what(),
                 "bind ('fe80::1%no-such-if', 7, 0, 0): No such device (there is no interface of "
                 "the scope's name or number)");
  }
  s.bind(inet6::address("fe80::1%lo", 0));
  EXPECT_EQ(s.local_address().scopeid(), 1U);
}

TEST_F(inet_socket, takes_ipv4_on_an_ipv6_socket_unless_told_not_to) {
  inet6::socket both(SOCK_DGRAM);
  EXPECT_FALSE(both.get<ip6::v6only>());
  both.bind(inet6::address::any(0));
  inet::socket sender(SOCK_DGRAM);
  sender.bind(inet::address::loopback(0));
  sender.send_to(bytes_of("four"), inet::address::loopback(both.local_address().port()), soon());
  const auto got = both.receive_message(soon());
  EXPECT_EQ(got.from.host(), "::ffff:127.0.0.1");
  EXPECT_EQ(got.from.port(), sender.local_address().port());

  inet6::socket only(SOCK_DGRAM);
  only.set(ip6::v6only{true});
  EXPECT_THROW(only.connect(got.from), socket_error);
}

}  // namespace
}  // namespace trivet
