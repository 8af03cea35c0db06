// How frames are told in a line: the words of tcpdump.
#include <gtest/gtest.h>

#include <string>

#include "tools/trivet/packet_describe.h"

namespace trivet::tool {
namespace {

using namespace std::literals;

std::string from_hex(std::string_view hex) {
  std::string bytes;
  std::string digits;
  for (const char c : hex) {
    if (c == ' ') continue;
    digits += c;
    if (digits.size() == 2) {
      bytes += static_cast<char>(std::stoi(digits, nullptr, 16));
      digits.clear();
    }
  }
  return bytes;
}

packet_description describe(const std::string& frame, std::uint16_t linktype = 1) {
  return describe_packet(linktype, bytes_of(frame), static_cast<std::uint32_t>(frame.size()));
}

const std::string ethernet = from_hex("020000000002 020000000001");
const std::string arp_request =
    from_hex("0806 0001 0800 06 04 0001 020000000001 0a090001 000000000000 0a090002");
const std::string ping =
    from_hex("0800 45000020 00014000 40010000 0a090001 0a090002 0800 0000 0007 0002 61626364");
const std::string syn = from_hex(
    "0800 45000028 00014000 40060000 0a090001 0a090002"
    "04d2 0050 00000064 00000000 5002 0200 0000 0000");

TEST(packet_words, of_arp) {
  const auto got = describe(ethernet + arp_request);
  EXPECT_EQ(got.text, "ARP, Request who-has 10.9.0.2 tell 10.9.0.1");
  EXPECT_EQ(got.protocols, (std::vector<std::string>{"eth", "arp"}));
  EXPECT_EQ(got.source, "10.9.0.1");
}

TEST(packet_words, of_icmp) {
  const auto got = describe(ethernet + ping);
  EXPECT_EQ(got.text, "IP 10.9.0.1 > 10.9.0.2: ICMP echo request, id 7, seq 2, length 12");
  EXPECT_EQ(got.protocols, (std::vector<std::string>{"eth", "ip", "icmp"}));
}

TEST(packet_words, of_tcp_and_udp) {
  const auto tcp = describe(ethernet + syn);
  EXPECT_EQ(tcp.text, "IP 10.9.0.1.1234 > 10.9.0.2.80: Flags [S], seq 100, win 512, length 0");
  EXPECT_EQ(tcp.source_port, 1234);
  EXPECT_EQ(tcp.destination_port, 80);
  const auto udp = describe(
      ethernet + from_hex("86dd 60000000 000c 1140 fe800000000000000000000000000001"
                          "ff020000000000000000000000000001 14e9 14e9 000c 0000 61626364"));
  EXPECT_EQ(udp.text, "IP6 fe80::1.5353 > ff02::1.5353: UDP, length 4");
  EXPECT_EQ(udp.protocols, (std::vector<std::string>{"eth", "ip6", "udp"}));
}

TEST(packet_words, of_fragments) {
  EXPECT_EQ(describe(ethernet + from_hex("0800 4500001c 00012000 40110000 0a090001 0a090002"
                                         "0000000000000000"))
                .text,
            "IP 10.9.0.1 > 10.9.0.2: udp, fragment at 0, length 8");
  EXPECT_EQ(describe(ethernet + from_hex("0800 4500001c 000100b9 40110000 0a090001 0a090002"
                                         "0000000000000000"))
                .text,
            "IP 10.9.0.1 > 10.9.0.2: udp, fragment at 1480, length 8");
}

TEST(packet_words, of_headers_with_options_and_frames_with_padding) {
  const auto got = describe(ethernet +
                            from_hex("0800 46000020 00014000 40110000 0a090001 0a090002 94040000"
                                     "04d2 0035 0008 0000") +
                            std::string(14, '\0'));
  EXPECT_EQ(got.text, "IP 10.9.0.1.1234 > 10.9.0.2.53: UDP, length 0");
  EXPECT_EQ(describe(ethernet + from_hex("0800 65000014 00014000 40110000 0a090001 0a090002")).text,
            "IP 10.9.0.1 > 10.9.0.2: malformed, length 20")
      << "IP, but not version 4";
}

TEST(packet_words, of_lengths_that_the_device_fills_in) {
  const std::string segment = from_hex(
      "0800 45000000 00014000 40060000 0a090001 0a090002"
      "04d2 0050 fffffffc 00000001 5018 0200 0000 0000");
  EXPECT_EQ(describe_packet(1, bytes_of(ethernet + segment), 14 + 40 + 10).text,
            "IP 10.9.0.1.1234 > 10.9.0.2.80: Flags [P.], seq 4294967292:6, ack 1, win 512, "
            "length 10");
  const std::string nothing = from_hex(
      "86dd 60000000 0000 3b40 fe800000000000000000000000000001 fe800000000000000000000000000002");
  EXPECT_EQ(describe(ethernet + nothing + std::string(6, '\0')).text,
            "IP6 fe80::1 > fe80::2: no next header, length 0");
}

// Addresses fe80::1 and fe80::2 behind a payload length and a next header.
std::string ip6(std::string_view length_and_next, std::string_view payload) {
  return ethernet + from_hex("86dd 60000000") + from_hex(length_and_next) +
         from_hex("40 fe800000000000000000000000000001 fe800000000000000000000000000002") +
         from_hex(payload);
}

TEST(packet_words, of_extension_headers) {
  EXPECT_EQ(describe(ip6("0010 00", "3a00050200000000 8f00000000000001")).text,
            "IP6 fe80::1 > fe80::2: ICMP6, multicast listener report v2, length 8")
      << "hop by hop";
  EXPECT_EQ(describe(ip6("0020 3c",
                         "3300000000000000 1102000000000001 00000001 00000000"
                         "04d2 0035 0008 0000"))
                .text,
            "IP6 fe80::1.1234 > fe80::2.53: UDP, length 0")
      << "destination options, and an authentication header, which counts by fours";
  EXPECT_EQ(describe(ip6("0010 2c", "1100000000000001 04d2003500080000")).text,
            "IP6 fe80::1.1234 > fe80::2.53: UDP, length 0")
      << "a fragment that is the whole";
  EXPECT_EQ(describe(ip6("0010 2c", "1100000100000001 04d2003500080000")).text,
            "IP6 fe80::1 > fe80::2: udp, fragment at 0, length 8");
  EXPECT_EQ(describe(ip6("0010 2c", "110005a800000001 04d2003500080000")).text,
            "IP6 fe80::1 > fe80::2: udp, fragment at 1448, length 8");
  EXPECT_EQ(describe(ip6("0008 00", "3a01050200000000")).text,
            "IP6 fe80::1 > fe80::2: malformed, length 48")
      << "longer than the packet";
}

TEST(packet_words, of_neighbours) {
  EXPECT_EQ(describe(ip6("0018 3a", "87000000 00000000 fe800000000000000000000000000002")).text,
            "IP6 fe80::1 > fe80::2: ICMP6, neighbor solicitation, who has fe80::2, length 24");
  EXPECT_EQ(describe(ip6("0018 3a", "88000000 60000000 fe800000000000000000000000000001")).text,
            "IP6 fe80::1 > fe80::2: ICMP6, neighbor advertisement, tgt is fe80::1, length 24");
  EXPECT_EQ(describe(ip6("0010 3a", "87000000 00000000 fe80000000000000")).text,
            "IP6 fe80::1 > fe80::2: malformed, length 56");
  EXPECT_EQ(
      describe(ethernet + from_hex("0806 0020 0800 14 04 0002") + std::string(48, 'x')).text,
      "ARP, Reply 120.120.120.120 is-at " +
          [] {
            std::string twenty = "78";
            for (int i = 1; i < 20; ++i) twenty += ":78";
            return twenty;
          }())
      << "InfiniBand";
  EXPECT_EQ(describe(ethernet + from_hex("0806 0001 86dd 06 10 0001") + std::string(44, 'x')).text,
            "ARP, hardware 1, protocol 0x86dd, operation 1");
}

TEST(packet_words, of_tags) {
  const auto got = describe(ethernet + from_hex("88a8 0064 8100 2005") + arp_request);
  EXPECT_EQ(got.text, "vlan 100, p 0, vlan 5, p 1, ARP, Request who-has 10.9.0.2 tell 10.9.0.1");
  EXPECT_EQ(got.protocols, (std::vector<std::string>{"eth", "vlan", "vlan", "arp"}));
  ASSERT_EQ(got.vlans.size(), 2U);
  EXPECT_EQ(got.vlans[0], (packet::vlan_tag{0x88a8, 100}));
  EXPECT_EQ(got.vlans[1], (packet::vlan_tag{0x8100, 0x2005}));
}

TEST(packet_words, of_what_is_known_by_name_or_by_number_only) {
  EXPECT_EQ(describe(ethernet + from_hex("88ca 4a000038") + "message").text,
            "TIPC 02:00:00:00:00:01 > 02:00:00:00:00:02, length 11");
  EXPECT_EQ(describe(ethernet + from_hex("88ca 00")).protocols,
            (std::vector<std::string>{"eth", "tipc"}));
  EXPECT_EQ(describe(ethernet + from_hex("1234 00")).text,
            "ethertype 0x1234 02:00:00:00:00:01 > 02:00:00:00:00:02, length 1");
  EXPECT_EQ(describe(ethernet + from_hex("0026 42 42 03 0000")).text,
            "STP 02:00:00:00:00:01 > 02:00:00:00:00:02, length 38");
  EXPECT_EQ(describe("abc", 147).text, "link type 147, length 3");
}

TEST(packet_words, of_other_link_layers) {
  EXPECT_EQ(describe(ping.substr(2), 101).text,
            "IP 10.9.0.1 > 10.9.0.2: ICMP echo request, id 7, seq 2, length 12");
  const std::string cooked = from_hex("0800 0000 00000007 0001 00 06 0200000000010000");
  const auto got = describe(cooked + ping.substr(2), 276);
  EXPECT_EQ(got.text, "IP 10.9.0.1 > 10.9.0.2: ICMP echo request, id 7, seq 2, length 12");
  EXPECT_EQ(got.protocols, (std::vector<std::string>{"sll", "ip", "icmp"}));
}

// Whatever is cut off, and whatever stands there, there is a line.
TEST(packet_words, of_frames_that_are_cut_anywhere) {
  std::string tagged = ethernet;
  tagged.append(from_hex("8100 0005")).append(ping);
  for (const std::string& whole :
       {ethernet + arp_request, ethernet + ping, ethernet + syn, tagged}) {
    for (std::size_t size = 0; size < whole.size(); ++size) {
      for (const std::uint16_t linktype : std::initializer_list<std::uint16_t>{1, 101, 276}) {
        const auto got = describe_packet(linktype, bytes_of(whole).first(size),
                                         static_cast<std::uint32_t>(whole.size()));
        EXPECT_FALSE(got.text.empty()) << size;
      }
    }
  }
  const auto got = describe_packet(1, bytes_of(ethernet + syn).first(40), 54);
  EXPECT_EQ(got.text, "IP 10.9.0.1 > 10.9.0.2: cut, length 40");
  const auto wrong = describe(ethernet + from_hex("0800 4f000028 00014000 40060000 0a090001") +
                              from_hex("0a090002"));
  EXPECT_EQ(wrong.text, "IP 10.9.0.1 > 10.9.0.2: malformed, length 20");
}

}  // namespace
}  // namespace trivet::tool
