// What an nlmon device saw of some forty commands, decoded: nothing is malformed, everything has a
// name, and every answer finds its request.
#include <gtest/gtest.h>
#include <linux/netlink.h>

#include <fstream>
#include <initializer_list>
#include <iterator>
#include <map>
#include <string>

#include "tools/trivet/netlink_decode_input.h"
#include "tools/trivet/netlink_message.h"
#include "trivet/base/bytes.h"
#include "trivet/netlink/conversation.h"
#include "trivet/netlink/describe.h"

namespace trivet::tool {
namespace {

using netlink::role_kind;

std::string capture() {
  std::ifstream file("tests/data/netlink/linux-6.1/nlmon.pcapng", std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

struct talk {
  std::map<role_kind, int> roles;
  std::map<std::string, int> names;
  std::map<int, int> errors;
  int flawed = 0;
  int unknown = 0;
  std::uint64_t unanswered = 0;
  std::string text;
};

talk talk_of(const std::string& file) {
  talk result;
  netlink::describer words;
  netlink::conversation conversation(words);
  std::uint64_t number = 0;
  const auto ending = each_datagram("nlmon", file, [&](const netlink_datagram& datagram) {
    EXPECT_EQ(datagram.cut, 0U);
    for (auto& what : words.describe_datagram(datagram.protocol, datagram.bytes)) {
      shown_message shown;
      shown.number = ++number;
      shown.time = datagram.time;
      const const_bytes bytes = datagram.bytes.subspan(what.offset);
      words.learn(datagram.protocol, bytes);
      shown.role = conversation.take(
          {.number = number, .protocol = datagram.protocol, .bytes = bytes, .time = datagram.time});
      ++result.roles[shown.role.kind];
      ++result.names[what.name];
      if (what.flawed()) ++result.flawed;
      if (!what.known) ++result.unknown;
      if (shown.role.end) ++result.errors[shown.role.end->error.value()];
      shown.what = std::move(what);
      result.text += message_text(shown, palette(false)) + "\n";
    }
  });
  EXPECT_EQ(ending.others, 0U);
  EXPECT_EQ(ending.error, "");
  result.unanswered = conversation.unanswered();
  return result;
}

TEST(decode_capture, pairs_everything) {
  const talk got = talk_of(capture());
  EXPECT_EQ(got.flawed, 0);
  EXPECT_EQ(got.unknown, 0);
  EXPECT_EQ(got.roles.count(role_kind::stray), 0U);
  EXPECT_GT(got.roles.at(role_kind::request), 100);
  EXPECT_GT(got.roles.at(role_kind::notification), 50);
  EXPECT_GT(got.errors.at(ENODEV), 1);
  EXPECT_EQ(got.errors.at(ENETUNREACH), 1);
  EXPECT_EQ(got.unanswered, 0U);
  EXPECT_GT(got.names.at("nlctrl CTRL_CMD_GETPOLICY"), 10);
  EXPECT_NE(got.text.find(": ENETUNREACH after "), std::string::npos);
  EXPECT_NE(got.text.find(": Nexthop has invalid gateway"), std::string::npos);
}

TEST(decode_capture, tells_a_capture_that_is_cut_from_one_that_ends) {
  const std::string whole = capture();
  const auto got = each_datagram("x", std::string_view(whole).substr(0, whole.size() - 100),
                                 [](const netlink_datagram&) {});
  EXPECT_NE(got.error, "");
}

// A pcap file of a link type 253 with packets of these lengths, of which nothing is missing.
std::string capture_of(std::initializer_list<std::uint32_t> lengths, std::uint32_t magic) {
  std::string file;
  const auto put = [&](auto value) {
    file.append(reinterpret_cast<const char*>(&value), sizeof value);  // NOLINT
  };
  for (const std::uint32_t word : {magic, 0x00040002U, 0U, 0U, 65535U, 253U}) put(word);
  const bool is_modified = magic == 0xa1b2cd34;
  for (const std::uint32_t length : lengths) {
    for (const std::uint32_t word : {0U, 0U, length, length + 8}) put(word);
    if (is_modified) file.append(8, '\0');
    std::string packet("\0\4\3\x38\0\0\0\0\0\0\0\0\0\0\0\0", 16);
    packet.resize(length);
    file += packet;
  }
  return file;
}

TEST(decode_capture, counts_packets_that_end_before_their_message) {
  std::size_t datagrams = 0;
  const auto got = each_datagram("x", capture_of({8, 16, 20}, 0xa1b2c3d4),
                                 [&](const netlink_datagram& d) { datagrams += d.bytes.size(); });
  EXPECT_EQ(got.error, "");
  EXPECT_EQ(got.others, 0U);
  EXPECT_EQ(got.short_packets, 2U);
  EXPECT_EQ(datagrams, 4U);
}

TEST(decode_capture, reads_the_modified_form_of_pcap) {
  const std::string file = capture_of({20}, 0xa1b2cd34);
  ASSERT_TRUE(is_capture(bytes_of(file)));
  std::size_t datagrams = 0;
  (void)each_datagram("x", file, [&](const netlink_datagram& d) { datagrams += d.bytes.size(); });
  EXPECT_EQ(datagrams, 4U);
}

TEST(decode_text, does_not_say_of_an_answer_that_is_cut_how_it_ended) {
  netlink::request_end end;
  end.cut = true;
  shown_message shown;
  shown.role = {.kind = role_kind::acknowledgement,
                .request = netlink::request_reference{1, "RTM_NEWLINK"},
                .end = end};
  const std::string text = message_text(shown, palette(false));
  EXPECT_NE(text.find("answers 1 RTM_NEWLINK: how it ended was not captured"), std::string::npos)
      << text;
  EXPECT_EQ(message_json(shown).find("\"error\""), std::string::npos) << message_json(shown);
}

TEST(decode_input, refuses_columns_of_offsets_and_says_what_prints_none) {
  for (const char* dump :
       {"000000 14 00 00 00\n", "00000000: 1400 0000 1200 0103  ........\n",
        "00000000  14 00 00 00 12 00 01 03  |........|\n", "0000000 14 00 00 00\n"}) {
    try {
      (void)datagrams_of_hex("x", dump);
      ADD_FAILURE() << dump;
    } catch (const std::exception& error) {
      EXPECT_NE(std::string(error.what()).find("xxd -p"), std::string::npos) << error.what();
    }
  }
  EXPECT_EQ(datagrams_of_hex("x", "000000000000\n").at(0).size(), 6U);
}

TEST(decode_input, reads_hexadecimal_as_programs_print_it) {
  using list = std::vector<std::vector<std::byte>>;
  const list expected = {{std::byte{0x14}, std::byte{0}, std::byte{0xab}}};
  for (const char* text : {"1400ab", "14 00 AB\n", "\\x14\\x00\\xab", "\"\\x14\\x00\\xab\"",
                           "0x14, 0x00, 0xab", "14:00:ab # why\n\n\n", "# first\n14\n00\nab"}) {
    EXPECT_EQ(datagrams_of_hex("x", text), expected) << text;
  }
  EXPECT_EQ(datagrams_of_hex("x", "14\n\n15\n").size(), 2U) << "an empty line stands between";
  EXPECT_TRUE(datagrams_of_hex("x", " \n").empty());
  for (const char* wrong : {"1", "14 0", "zz", "14 00 ab xyz"}) {
    EXPECT_ANY_THROW((void)datagrams_of_hex("x", wrong)) << wrong;
  }
}

TEST(decode_input, reads_the_headers_of_netlink_devices) {
  const auto bytes = [](std::string_view hex) { return datagrams_of_hex("x", hex).at(0); };
  const auto own = bytes("0004 0338 0000 0000000000000000 0010 aabb");
  const auto got = datagram_of_packet(253, own);
  ASSERT_TRUE(got);
  EXPECT_EQ(got->protocol, NETLINK_GENERIC);
  EXPECT_EQ(got->way, netlink::direction::unknown) << "an outgoing packet tells nothing";
  EXPECT_EQ(got->bytes.size(), 2U);
  const auto sll2 = bytes("0010 0000 00000002 0338 07 00 0000000000000000 aabb");
  ASSERT_TRUE(datagram_of_packet(276, sll2));
  EXPECT_EQ(datagram_of_packet(276, sll2)->protocol, NETLINK_GENERIC);
  EXPECT_EQ(datagram_of_packet(276, sll2)->way, netlink::direction::to_kernel);
  EXPECT_FALSE(datagram_of_packet(253, bytes("0004 0001 0000 0000000000000000 0800 aabb")));
  EXPECT_FALSE(datagram_of_packet(253, const_bytes(own).first(15)));
  EXPECT_FALSE(datagram_of_packet(1, own));
}

}  // namespace
}  // namespace trivet::tool
