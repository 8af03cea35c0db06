// The address of AF_PACKET: text, sockaddr and value, without a kernel but for the loopback's name.
#include "trivet/packet/address.h"

#include <gtest/gtest.h>
#include <linux/if_arp.h>
#include <linux/if_packet.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <unordered_set>

#include "trivet/base/error.h"
#include "trivet/unix/socket.h"

namespace trivet::packet {
namespace {

const std::string six_zeros(6, '\0');

std::string field_of_error(std::string_view text) {
  try {
    (void)address::parse(text);
  } catch (const address_error& error) {
    return error.field();
  }
  return "no error";
}

TEST(packet_address, prints_the_tuple_as_cpython_does) {
  EXPECT_EQ(address("lo", ETH_P_ALL, 0, ARPHRD_LOOPBACK, bytes_of(six_zeros)).to_string(),
            R"(('lo', 3, 0, 772, b'\x00\x00\x00\x00\x00\x00'))");
  EXPECT_EQ(address("eth0", ETH_P_TIPC).to_string(), "('eth0', 35018, 0, 0, b'')");
  EXPECT_EQ(address().to_string(), "('', 0, 0, 0, b'')");
  EXPECT_EQ(address("it's", 1, 4, 1, bytes_of("a'\x7f")).to_string(),
            R"(("it's", 1, 4, 1, b"a'\x7f"))");
}

TEST(packet_address, reads_what_it_prints_and_what_is_left_out) {
  const address full("lo", ETH_P_IP, PACKET_OTHERHOST, ARPHRD_ETHER, bytes_of("\x02\x01\xff"));
  EXPECT_EQ(address::parse(full.to_string()), full);
  EXPECT_EQ(address::parse("('lo', 3)"), address("lo", 3));
  EXPECT_EQ(address::parse("lo, 0x88ca"), address("lo", ETH_P_TIPC));
  EXPECT_EQ(address::parse("('', 3, 4, 772)"), address("", 3, PACKET_OUTGOING, 772));
  EXPECT_EQ(address::parse("('0', 3)"), address("0", 3)) << "a quoted number is a name";
  EXPECT_EQ(address::parse("(7, 3)"), address::by_index(7, 3)) << "one without quotes an index";
  EXPECT_EQ(address::parse("(7th, 3)"), address("7th", 3));
  for (const int index : {7, address::removed}) {
    const address one = address::by_index(index, 3);
    EXPECT_EQ(address::parse(one.to_string()), one);
    EXPECT_EQ(address::from_sockaddr(one.to_sockaddr().bytes()), one);
  }
}

TEST(packet_address, reads_names_of_constants_and_addresses_with_colons) {
  EXPECT_EQ(
      address::parse("(eth0, ETH_P_IPV6, PACKET_BROADCAST, ARPHRD_ETHER, 02:00:5E:0:ff:1)"),
      address("eth0", ETH_P_IPV6, 1, 1, bytes_of(std::string_view("\x02\x00\x5e\x00\xff\x01", 6))));
  EXPECT_EQ(address::parse("('eth0', ETH_P_ALL)").protocol(), 3);
  EXPECT_EQ(address::parse("('eth0', 3, 0, 0, b'02:00')").link().size(), 5U) << "quoted: as it is";
}

TEST(packet_address, names_the_field_that_is_wrong) {
  EXPECT_EQ(field_of_error(""), "ifname");
  EXPECT_EQ(field_of_error("('interface-0123456', 3)"), "ifname");
  EXPECT_EQ(field_of_error("('a/b', 3)"), "ifname");
  EXPECT_EQ(field_of_error("('a b', 3)"), "ifname");
  EXPECT_EQ(field_of_error("('a\\0', 3)"), "ifname");
  EXPECT_EQ(field_of_error("('lo')"), "proto");
  EXPECT_EQ(field_of_error("('lo', 65536)"), "proto");
  EXPECT_EQ(field_of_error("('lo', -1)"), "proto");
  EXPECT_EQ(field_of_error("('lo', ETH_P_NOTHING)"), "proto");
  EXPECT_EQ(field_of_error("('lo', 3, 256)"), "pkttype");
  EXPECT_EQ(field_of_error("('lo', 3, 0, 65536)"), "hatype");
  EXPECT_EQ(field_of_error("('lo', 3, 0, 1, 02:xx)"), "addr");
  EXPECT_EQ(field_of_error("('lo', 3, 0, 1, b'" + std::string(33, 'x') + "')"), "addr");
  EXPECT_EQ(field_of_error("('lo', 3, 0, 1, b'', 9)"), "tuple");
  EXPECT_EQ(field_of_error("('lo', 3"), "tuple");
}

TEST(packet_address, has_the_bytes_of_sockaddr_ll) {
  const sockaddr_bytes bytes = address::by_index(7, ETH_P_IP, PACKET_OUTGOING, ARPHRD_ETHER,
                                                 bytes_of("\x02\x03\x04\x05\x06\x07"))
                                   .to_sockaddr();
  ASSERT_EQ(bytes.size(), sizeof(::sockaddr_ll));
  const auto raw = load_padded<::sockaddr_ll>(bytes.bytes());
  EXPECT_EQ(raw.sll_family, AF_PACKET);
  EXPECT_EQ(raw.sll_protocol, big_endian<std::uint16_t>(ETH_P_IP));
  EXPECT_EQ(raw.sll_ifindex, 7);
  EXPECT_EQ(raw.sll_pkttype, PACKET_OUTGOING);
  EXPECT_EQ(raw.sll_hatype, ARPHRD_ETHER);
  EXPECT_EQ(raw.sll_halen, 6);
  EXPECT_EQ(std::memcmp(raw.sll_addr, "\x02\x03\x04\x05\x06\x07\0\0", 8), 0);
  EXPECT_EQ(address::from_sockaddr(bytes.bytes()).index(), 7);
}

TEST(packet_address, keeps_link_layer_addresses_of_32_bytes) {
  const std::string infiniband = "0123456789abcdefghijABCDEFGHIJ+-";
  const address wide = address::by_index(1, 3, 0, ARPHRD_INFINIBAND, bytes_of(infiniband));
  const sockaddr_bytes bytes = wide.to_sockaddr();
  EXPECT_EQ(bytes.size(), 12U + 32U);
  EXPECT_EQ(address::from_sockaddr(bytes.bytes()), wide);
  EXPECT_EQ(address::parse(wide.to_string()), wide);
}

TEST(packet_address, takes_no_sockaddr_with_a_wrong_length) {
  const address one = address::by_index(1, 3, 0, 1, bytes_of("123456"));
  const sockaddr_bytes good = one.to_sockaddr();
  const std::vector<std::byte> bytes(good.bytes().begin(), good.bytes().end());
  std::error_code ec;
  for (std::size_t size = 0; size <= bytes.size(); ++size) {
    const address got = address::from_sockaddr(const_bytes(bytes).first(size), ec);
    EXPECT_EQ(!ec, size >= 18) << size;  // the kernel's own getsockname answers 18 bytes
    if (!ec) {
      EXPECT_EQ(got, one);
    }
  }
  std::vector<std::byte> wrong = bytes;
  wrong[11] = std::byte{33};  // sll_halen
  EXPECT_THROW((void)address::from_sockaddr(wrong), address_error);
  wrong = bytes;
  wrong[0] = std::byte{AF_INET};
  EXPECT_THROW((void)address::from_sockaddr(wrong), address_error);
  wrong = bytes;
  wrong[7] = std::byte{0xff};  // sll_ifindex: far below 0
  EXPECT_THROW((void)address::from_sockaddr(wrong), address_error);
}

TEST(packet_address, is_a_regular_value_with_structured_bindings) {
  const address a("a", 1), b("b", 1);
  EXPECT_LT(a, b);
  EXPECT_LT(a, address("a", 2));
  EXPECT_NE(a, address("a", 1, 1));
  EXPECT_NE(address("a", 1, 0, 0, bytes_of(std::string_view("\0", 1))), a);
  EXPECT_EQ(std::unordered_set<address>({a, b, a}).size(), 2U);
  const auto [ifname, protocol, pkttype, hatype, link] = address("lo", 3, 4, 772, bytes_of("\x02"));
  EXPECT_EQ(ifname, "lo");
  EXPECT_EQ(protocol, 3);
  EXPECT_EQ(pkttype, 4);
  EXPECT_EQ(hatype, 772);
  EXPECT_EQ(text_of(link), "\x02");
}

TEST(packet_address, asks_a_socket_for_the_index_and_for_the_name) {
  const auto [any, other] = unix_domain::socket::pair();
  const int fd = any.native_handle();
  const address lo = address("lo", 3).with_index(fd);
  EXPECT_EQ(lo.index(), 1) << "the loopback is the first interface of every namespace";
  EXPECT_EQ(address::by_index(1, 3).with_name(fd), lo);
  EXPECT_EQ(address::by_index(2'000'000'000, 3).with_name(fd).ifname(), "");
}

// Index 0 would bind to every interface.
TEST(packet_address, never_becomes_every_interface_when_its_name_is_unknown) {
  const auto [any, other] = unix_domain::socket::pair();
  const address missing = address("nosuch0", 3).with_index(any.native_handle());
  EXPECT_EQ(missing, address("nosuch0", 3));
  EXPECT_EQ(load_padded<::sockaddr_ll>(missing.to_sockaddr().bytes()).sll_ifindex, -1);
  EXPECT_EQ(load_padded<::sockaddr_ll>(address("", 3).to_sockaddr().bytes()).sll_ifindex, 0);
}

}  // namespace
}  // namespace trivet::packet
