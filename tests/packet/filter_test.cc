// Filters as programs, run by libpcap's interpreter; tests/packet/socket_test.cc has the kernel
// run them.
#include "trivet/packet/filter.h"

#include <gtest/gtest.h>
#include <linux/if_arp.h>

#include <string>
#include <vector>

namespace trivet::packet {
namespace {

const filter_options ethernet{.link = link_layer_of(ARPHRD_ETHER), .snaplen = 262144};

std::string message_of(std::string_view expression, const filter_options& options = ethernet) {
  try {
    (void)filter::compile(expression, options);
  } catch (const filter_error& error) {
    return error.what();
  }
  return "no error";
}

TEST(packet_filter, returns_the_snaplen) {
  const filter all = filter::compile("", {.link = ethernet.link, .snaplen = 64});
  ASSERT_EQ(all.program().size(), 1U);
  EXPECT_EQ(all.program()[0].code, BPF_RET | BPF_K);
  EXPECT_EQ(all.program()[0].k, 64U);
  EXPECT_EQ(filter::drop_all().program()[0].k, 0U);
}

TEST(packet_filter, says_what_libpcap_says) {
  EXPECT_NE(message_of("tcp prot 80").find("'tcp prot 80'"), std::string::npos);
  EXPECT_NE(message_of("tcp prot 80").find("syntax error"), std::string::npos);
  EXPECT_NE(message_of("port nosuchport").find("nosuchport"), std::string::npos);
  EXPECT_NE(message_of("ip broadcast").find("netmask"), std::string::npos);
  EXPECT_EQ(message_of("ip broadcast", {.link = ethernet.link, .netmask = big_endian(0xffffff00U)}),
            "no error");
}

TEST(packet_filter, knows_the_front_of_frames_by_their_hardware_type) {
  EXPECT_EQ(link_layer_of(ARPHRD_LOOPBACK).linktype, 1);
  EXPECT_EQ(link_layer_of(ARPHRD_TUNNEL).linktype, 101);
  EXPECT_EQ(link_layer_of(ARPHRD_NONE).linktype, 101);
  EXPECT_EQ(link_layer_of(ARPHRD_INFINIBAND), cooked_link_layer);
  // The same expression is another program where no Ethernet header stands in front.
  const auto program_for = [](link_layer link) {
    const filter ip = filter::compile("ip", {.link = link});
    return std::vector(ip.program().begin(), ip.program().end());
  };
  EXPECT_EQ(program_for(ethernet.link).front().k, 12U);
  EXPECT_EQ(program_for(link_layer_of(ARPHRD_NONE)).front().k, 0U);
}

TEST(packet_filter, asks_the_kernel_for_what_a_cooked_frame_has_not_got) {
  const filter arp = filter::compile("arp", {.link = cooked_link_layer});
  EXPECT_EQ(arp.program()[0].k, static_cast<std::uint32_t>(SKF_AD_OFF + SKF_AD_PROTOCOL));
  const filter port = filter::compile("udp port 53", {.link = cooked_link_layer});
  for (const ::sock_filter& i : port.program()) {
    const bool is_load = BPF_CLASS(i.code) == BPF_LD && BPF_MODE(i.code) == BPF_ABS;
    if (is_load && i.k < 0x1000) {
      EXPECT_LT(i.k, 60U) << "counts from the network header";
    }
  }
  EXPECT_NE(message_of("link[1] = 0", {.link = cooked_link_layer}).find("header"),
            std::string::npos);
}

TEST(packet_filter, looks_at_tagged_frames_again_once_the_tag_is_back) {
  const filter vlan5 = filter::compile("vlan 5 and arp", ethernet);
  ASSERT_TRUE(vlan5.rechecks_tagged());
  const std::string addresses(12, 'x');
  const auto matches = [&](std::string_view rest) {
    const std::string frame = addresses + std::string(rest) + std::string(50, '\0');
    return vlan5.matches(bytes_of(frame), 64);
  };
  EXPECT_TRUE(matches(std::string_view("\x81\x00\x00\x05\x08\x06", 6)));
  EXPECT_TRUE(matches(std::string_view("\x81\x00\x20\x05\x08\x06", 6))) << "priority 1";
  EXPECT_FALSE(matches(std::string_view("\x81\x00\x00\x06\x08\x06", 6)));
  EXPECT_FALSE(matches(std::string_view("\x81\x00\x00\x05\x08\x00", 6)));
  EXPECT_FALSE(matches(std::string_view("\x08\x06", 2)));
}

TEST(packet_filter, does_so_for_the_word_vlan_alone) {
  for (const char* const expression : {"vlan", "(vlan 5)", "not vlan", "tcp or vlan and udp"}) {
    EXPECT_TRUE(filter::compile(expression, ethernet).rechecks_tagged()) << expression;
  }
  for (const char* const expression : {"", "arp", "tcp port 80", "ether proto 0x8100"}) {
    const filter other = filter::compile(expression, ethernet);
    EXPECT_FALSE(other.rechecks_tagged()) << expression;
    EXPECT_TRUE(other.matches({}, 0));
  }
  EXPECT_NE(message_of("vlan and inbound").find("inbound"), std::string::npos);
}

}  // namespace
}  // namespace trivet::packet
