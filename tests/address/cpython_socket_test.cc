// CPython's sockets and ours, talking to each other: what one binds to, the other finds, and both
// see the same tuples. TIPC is in cpython_tipc_test.cc, for the kernels that have it.
#include <gtest/gtest.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <unistd.h>

#include <string>

#include "tests/address/cpython_peer.h"
#include "tests/lab/links.h"
#include "tests/lab/namespace_test.h"
#include "trivet/base/so.h"
#include "trivet/base/tuple.h"
#include "trivet/inet/socket.h"
#include "trivet/inet/socket6.h"
#include "trivet/netlink/socket.h"
#include "trivet/packet/socket.h"
#include "trivet/unix/socket.h"

namespace trivet::test {
namespace {

using namespace std::string_literals;

// Python is started in the test's namespace.
class cpython_socket : public lab::namespace_test {
 protected:
  cpython python_;
};

TEST_F(cpython_socket, exchanges_over_unix_paths_and_abstract_names) {
  const std::string path = "/tmp/trivet-cpython-" + std::to_string(::getpid());
  const auto abstract = unix_domain::address::abstract("trivet\0name\0"s);
  {
    unix_domain::socket ours(SOCK_DGRAM);
    ours.bind(abstract);
    python_socket pythons(python_, "unix", "dgram");
    pythons.ask("bind", "'" + path + "'");
    EXPECT_EQ(pythons.name(), "b'" + path + "'");
    expect_datagrams(ours, pythons, quote_bytes(abstract.path()));
  }
  ::unlink(path.c_str());
  for (const auto& [type, name] :
       {std::pair(SOCK_STREAM, "stream"), {SOCK_SEQPACKET, "seqpacket"}}) {
    unix_domain::socket ours(type);
    ours.bind(unix_domain::address(path));
    python_socket pythons(python_, "unix", name);
    pythons.ask("bind", "''");  // a name of the kernel's choice
    EXPECT_TRUE(unix_domain::address::parse(pythons.name()).is_abstract());
    expect_connections(
        python_, "unix", name, [type = type] { return unix_domain::socket(type); }, ours, pythons,
        "'" + path + "'", unix_domain::address::parse(pythons.name()));
    ::unlink(path.c_str());
  }
}

TEST_F(cpython_socket, exchanges_over_inet) {
  inet::socket ours(SOCK_DGRAM);
  ours.bind(inet::address::loopback(0));
  python_socket pythons(python_, "inet", "dgram");
  pythons.ask("bind", "('127.0.0.2', 0)");
  expect_datagrams(ours, pythons);

  inet::socket listening(SOCK_STREAM);
  listening.bind(inet::address::loopback(0));
  python_socket python_listening(python_, "inet", "stream");
  python_listening.ask("bind", "('127.0.0.2', 0)");
  expect_connections(
      python_, "inet", "stream", [] { return inet::socket(SOCK_STREAM); }, listening,
      python_listening, listening.local_address().to_string(),
      inet::address::parse(python_listening.name()));
}

TEST_F(cpython_socket, broadcasts_over_inet) {
  inet::socket ours(SOCK_DGRAM);
  ours.set(so::reuseaddr{true});
  ours.bind(inet::address("", 5000));
  python_socket pythons(python_, "inet", "dgram");
  pythons.ask("bind", "('127.0.0.1', 0)");
  pythons.ask("broadcast");
  pythons.ask("sendto", "('<broadcast>', 5000)", hex_of("to all"));
  const auto got = ours.receive_message(soon());
  EXPECT_EQ(text_of(got.data), "to all");
  EXPECT_EQ(got.from.to_string(), pythons.name());
}

TEST_F(cpython_socket, exchanges_over_inet6) {
  lab::add_address({home(), "lo"}, "fe80::1/64");
  for (const auto& [host, scope] : {std::pair("::1", 0U), {"fe80::1", 1U}}) {
    const inet6::address here(host, 0, 0, scope);
    inet6::socket ours(SOCK_DGRAM);
    ours.bind(here);
    python_socket pythons(python_, "inet6", "dgram");
    pythons.ask("bind", here.to_string());
    expect_datagrams(ours, pythons);

    inet6::socket listening(SOCK_STREAM);
    listening.bind(here);
    python_socket python_listening(python_, "inet6", "stream");
    python_listening.ask("bind", here.to_string());
    expect_connections(
        python_, "inet6", "stream", [] { return inet6::socket(SOCK_STREAM); }, listening,
        python_listening, listening.local_address().to_string(),
        inet6::address::parse(python_listening.name()));
  }
}

TEST_F(cpython_socket, exchanges_over_netlink) {
  netlink::socket ours(NETLINK_USERSOCK);
  ours.bind(netlink::address());
  python_socket pythons(python_, "netlink", "raw");
  pythons.ask("bind", "(0, 0)");
  expect_datagrams(ours, pythons);
}

TEST_F(cpython_socket, sees_the_same_netlink_multicast) {
  netlink::socket ours(NETLINK_USERSOCK);
  ours.bind(netlink::address(0, 1U << 2));
  python_socket pythons(python_, "netlink", "raw");
  pythons.ask("bind", "(0, 4)");
  EXPECT_EQ(netlink::address::parse(pythons.name()).groups(), 4U);
  netlink::socket sender(NETLINK_USERSOCK);
  sender.bind(netlink::address());
  const netlink::address to_group(sender.local_address().pid(), 1U << 2);
  sender.send_to(bytes_of("to group 3"), to_group, soon());  // the port gets it too
  const auto got = ours.receive_message(soon());
  EXPECT_EQ(got.from, to_group);
  const python_answer heard = pythons.answer("recvfrom");
  EXPECT_EQ(heard.word(0), got.from.to_string());
  EXPECT_EQ(heard.word(1), hex_of("to group 3"));
}

TEST_F(cpython_socket, sees_the_same_frames) {
  lab::join({home(), "one"}, {home(), "two"});
  const std::string bound = "('two', ETH_P_802_EX1)";
  packet::socket ours(SOCK_DGRAM);
  ours.bind(packet::address("two", ETH_P_802_EX1));
  python_socket pythons(python_, "packet", "dgram");
  pythons.ask("bind", "('two', 0x88b5)");
  EXPECT_EQ(ours.local_address().to_string(), pythons.name());
  EXPECT_EQ(packet::address::parse(bound), packet::address("two", ETH_P_802_EX1));

  // Both hear what either sends.
  const std::string broadcast = R"(('one', 0x88b5, 0, 0, b'\xff\xff\xff\xff\xff\xff'))";
  packet::socket our_sender(SOCK_DGRAM);
  our_sender.send_to(bytes_of("from Trivet"), packet::address::parse(broadcast), soon());
  python_socket python_sender(python_, "packet", "dgram");
  python_sender.ask("sendto", broadcast, hex_of("from Python"));
  for (const std::string text : {"from Trivet", "from Python"}) {
    const auto got = ours.receive_message(soon());
    const python_answer heard = pythons.answer("recvfrom");
    EXPECT_EQ(text_of(got.data), text);
    EXPECT_EQ(heard.word(1), hex_of(text));
    EXPECT_EQ(got.from.to_string(), heard.word(0));
    EXPECT_EQ(got.from.ifname(), "two");
    EXPECT_EQ(got.from.pkttype(), PACKET_BROADCAST);
  }
}

}  // namespace
}  // namespace trivet::test
