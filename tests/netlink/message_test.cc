// Messages and attributes: what a kernel sends, and bytes that nobody vouches for.
#include "trivet/netlink/message.h"

#include <gtest/gtest.h>
#include <linux/rtnetlink.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/netlink/captures.h"

namespace trivet::netlink {
namespace {

using trivet::testing::capture;
using trivet::testing::captured_kernels;

std::vector<std::byte> bytes(std::initializer_list<int> values) {
  std::vector<std::byte> list;
  for (const int value : values) list.push_back(static_cast<std::byte>(value));
  return list;
}

// Appends a value in host order.
template <class T>
void append(std::vector<std::byte>& out, T value) {
  const auto raw = std::as_bytes(std::span<const T, 1>(&value, 1));
  out.insert(out.end(), raw.begin(), raw.end());
}

std::vector<std::byte> message(std::uint32_t length, std::size_t payload) {
  std::vector<std::byte> out;
  append(out, ::nlmsghdr{length, RTM_NEWLINK, 0, 7, 9});
  out.resize(out.size() + payload, std::byte{0xaa});
  return out;
}

std::size_t count_messages(const_bytes datagram, bool& failed) {
  std::size_t count = 0;
  message_reader in(datagram);
  for (message_view m; in.next(m);) ++count;
  failed = in.failed();
  return count;
}

TEST(message_reader, reads_several_messages_of_one_datagram) {
  std::vector<std::byte> datagram = message(16 + 6, 8);  // two bytes of padding
  const std::vector<std::byte> second = message(16 + 4, 4);
  datagram.insert(datagram.end(), second.begin(), second.end());
  message_reader in(datagram);
  message_view m;
  ASSERT_TRUE(in.next(m));
  EXPECT_EQ(m.type(), RTM_NEWLINK);
  EXPECT_EQ(m.header.nlmsg_seq, 7U);
  EXPECT_EQ(m.payload.size(), 6U);
  ASSERT_TRUE(in.next(m));
  EXPECT_EQ(m.payload.size(), 4U);
  EXPECT_FALSE(in.next(m));
  EXPECT_FALSE(in.failed());
}

TEST(message_reader, takes_a_last_message_without_its_padding) {
  bool failed = true;
  EXPECT_EQ(count_messages(message(16 + 5, 5), failed), 1U);
  EXPECT_FALSE(failed);
}

TEST(message_reader, trusts_no_length) {
  bool failed = false;
  for (const std::uint32_t length : {0U, 1U, 15U, 16U + 9, 0x7fffffffU, 0xffffffffU}) {
    EXPECT_EQ(count_messages(message(length, 8), failed), 0U) << length;
    EXPECT_TRUE(failed) << length;
  }
  EXPECT_EQ(count_messages(bytes({1, 2, 3, 4, 5}), failed), 0U);
  EXPECT_TRUE(failed) << "a piece of a header";
  EXPECT_EQ(count_messages({}, failed), 0U);
  EXPECT_FALSE(failed);
}

TEST(message_view, fills_a_short_struct_with_zeros) {
  std::vector<std::byte> raw = message(16 + 4, 4);
  message_reader in(raw);
  message_view m;
  ASSERT_TRUE(in.next(m));
  EXPECT_FALSE(m.holds<::ifinfomsg>());
  const auto info = m.structure<::ifinfomsg>();
  EXPECT_EQ(info.ifi_family, 0xaa);
  EXPECT_EQ(info.ifi_index, 0);
  EXPECT_TRUE(m.attributes<::ifinfomsg>().empty());
}

TEST(attribute_reader, masks_the_flags_and_leaves_the_padding_out) {
  std::vector<std::byte> raw;
  append(raw, ::nlattr{4 + 2, NLA_F_NET_BYTEORDER | 5});
  append(raw, std::uint32_t{0x0201});
  append(raw, ::nlattr{4 + 8, NLA_F_NESTED | 6});
  append(raw, std::uint64_t{0x1122334455667788});
  attribute_reader in(raw);
  attribute a;
  ASSERT_TRUE(in.next(a));
  EXPECT_EQ(a.type, 5);
  EXPECT_TRUE(a.network_order);
  EXPECT_FALSE(a.nested);
  EXPECT_EQ(a.number<std::uint16_t>(), 0x0201);
  EXPECT_EQ(a.number<std::uint32_t>(), std::nullopt);
  ASSERT_TRUE(in.next(a));
  EXPECT_EQ(a.type, 6);
  EXPECT_TRUE(a.nested);
  EXPECT_EQ(a.number<std::uint64_t>(), 0x1122334455667788U) << "aligned to four bytes only";
  EXPECT_FALSE(in.next(a));
  EXPECT_FALSE(in.failed());
}

TEST(attribute_reader, tolerates_an_unaligned_tail) {
  for (std::size_t tail = 0; tail < 4; ++tail) {
    std::vector<std::byte> raw;
    append(raw, ::nlattr{5, 1});
    raw.resize(raw.size() + 1 + tail, std::byte{'x'});
    attribute_reader in(raw);
    attribute a;
    ASSERT_TRUE(in.next(a)) << tail;
    EXPECT_EQ(a.text(), "x");
    EXPECT_FALSE(in.next(a)) << tail;
    EXPECT_FALSE(in.failed()) << tail;
  }
}

TEST(attribute_reader, trusts_no_length) {
  for (const int length : {0, 1, 3, 9, 0x7fff, 0xffff}) {
    std::vector<std::byte> raw;
    append(raw, ::nlattr{static_cast<std::uint16_t>(length), 1});
    append(raw, std::uint32_t{0});
    attribute_reader in(raw);
    attribute a;
    EXPECT_FALSE(in.next(a)) << length;
    EXPECT_TRUE(in.failed()) << length;
    EXPECT_FALSE(in.next(a)) << "sticky";
  }
}

TEST(attribute, is_found_by_its_type) {
  byte_buffer out;
  attribute_writer(out).value(7, std::uint8_t{1}).text(9, "first").text(9, "second");
  EXPECT_EQ(find_attribute(out, 9).text(), "first");
  EXPECT_EQ(find_attribute(out, 7).number<std::uint8_t>(), 1);
  EXPECT_TRUE(find_attribute(out, 8).data.empty());
  EXPECT_EQ(find_attribute(const_bytes(out).first(10), 9).text(), "") << "its length is wrong";
}

TEST(attribute, text_ends_at_its_zero_byte_or_at_its_end) {
  const std::vector<std::byte> with = bytes({'a', 'b', 0, 'c'});
  const std::vector<std::byte> without = bytes({'a', 'b'});
  EXPECT_EQ((attribute{1, false, false, with}).text(), "ab");
  EXPECT_EQ((attribute{1, false, false, without}).text(), "ab");
  EXPECT_EQ((attribute{1, false, false, {}}).text(), "");
}

TEST(attribute_writer, writes_what_the_kernel_reads) {
  byte_buffer raw;
  attribute_writer out(raw);
  out.text(1, "abc").value(2, std::uint16_t{0x0102}).flag(3);
  out.nested(4, [](attribute_writer& in) { in.value_big_endian(5, std::uint32_t{1}); });
  EXPECT_FALSE(out.failed());
  EXPECT_EQ(raw.to_vector(), bytes({8,  0, 1, 0,    'a', 'b', 'c', 0,  //
                                    6,  0, 2, 0,    2,   1,   0,   0,  //
                                    4,  0, 3, 0,                       //
                                    12, 0, 4, 0x80, 8,   0,   5,   0, 0, 0, 0, 1}));
}

TEST(attribute_writer, says_that_an_attribute_is_too_long) {
  byte_buffer raw;
  attribute_writer fits(raw);
  fits.bytes(1, std::vector<std::byte>(65531));
  EXPECT_FALSE(fits.failed());
  attribute_writer longer(raw);
  longer.bytes(1, std::vector<std::byte>(65532));
  EXPECT_TRUE(longer.failed());
  byte_buffer nest;
  attribute_writer nested(nest);
  nested.nested(1, [](attribute_writer& in) {
    in.bytes(2, std::vector<std::byte>(40000)).bytes(3, std::vector<std::byte>(40000));
  });
  EXPECT_TRUE(nested.failed());
}

TEST(attribute_writer, is_of_no_use_after_an_exception_in_a_nest) {
  byte_buffer raw;
  attribute_writer out(raw);
  EXPECT_THROW(out.nested(1, [](attribute_writer& /*in*/) { throw std::runtime_error("x"); }),
               std::runtime_error);
  EXPECT_TRUE(out.failed());
}

// What refers to bytes, or may be empty, would be sent as it stands in memory.
static_assert(attribute_value<std::uint32_t>);
static_assert(attribute_value<std::array<std::byte, 6>>);
static_assert(attribute_value<::ifinfomsg>);
static_assert(!attribute_value<const_bytes>);
static_assert(!attribute_value<std::string_view>);
static_assert(!attribute_value<const char*>);
static_assert(!attribute_value<std::optional<std::uint32_t>>);

message_builder request_for(std::string_view link) {
  message_builder out(RTM_GETLINK, NLM_F_REQUEST);
  out.structure(::ifinfomsg{});
  out.attributes().text(IFLA_IFNAME, link);
  return out;
}

TEST(message_builder, can_be_returned_kept_and_gone_on_with) {
  std::vector<message_builder> kept;
  for (const char* const link : {"a", "bb", "ccc"}) kept.push_back(request_for(link));
  kept.front() = request_for("dddd");
  kept.front().attributes().value(IFLA_MTU, std::uint32_t{9000});
  message_builder expected(RTM_GETLINK, NLM_F_REQUEST);
  expected.structure(::ifinfomsg{});
  expected.attributes().text(IFLA_IFNAME, "dddd").value(IFLA_MTU, std::uint32_t{9000});
  EXPECT_TRUE(std::ranges::equal(kept.front().finish(), expected.finish()));
  EXPECT_TRUE(std::ranges::equal(kept.back().finish(), request_for("ccc").finish()));
  kept.back().attributes().bytes(1, std::vector<std::byte>(0x10000));
  const message_builder moved = std::move(kept.back());
  EXPECT_TRUE(moved.failed());
}

TEST(message_builder, fills_in_the_length) {
  message_builder out(RTM_GETLINK, NLM_F_REQUEST | NLM_F_DUMP);
  out.structure(::ifinfomsg{}).attributes().text(IFLA_IFNAME, "eth0");
  const const_bytes raw = out.finish();
  message_reader in(raw);
  message_view m;
  ASSERT_TRUE(in.next(m));
  EXPECT_EQ(m.header.nlmsg_len, 16 + 16 + 12U);
  EXPECT_TRUE(m.has(NLM_F_DUMP));
  attribute_reader attributes(m.attributes<::ifinfomsg>());
  attribute a;
  ASSERT_TRUE(attributes.next(a));
  EXPECT_EQ(a.text(), "eth0");
}

// Walks everything that looks like messages and nested attributes.
void walk(const_bytes attributes, int depth, std::size_t& sum) {
  attribute_reader in(attributes);
  for (attribute a; in.next(a);) {
    for (const std::byte b : a.data) sum += std::to_integer<std::size_t>(b);
    sum += a.text().size();
    if (depth > 0) walk(a.data, depth - 1, sum);
  }
}

void walk_datagram(const_bytes datagram, std::size_t& sum) {
  message_reader in(datagram);
  for (message_view m; in.next(m);) walk(m.attributes<::ifinfomsg>(), 3, sum);
}

TEST(readers, stay_within_the_bytes_whatever_is_cut_or_changed) {
  // Each buffer is exactly as long as what it holds, so that the address sanitizer sees a byte too
  // many.
  std::size_t sum = 0;
  for (const std::string_view kernel : captured_kernels) {
    for (const char* name : {"link", "route6", "error"}) {
      const std::vector<std::byte> whole = capture(kernel, name);
      walk_datagram(whole, sum);
      for (std::size_t size = 0; size < whole.size(); size += 37) {
        walk_datagram(std::vector<std::byte>(whole.begin(), whole.begin() + std::ptrdiff_t(size)),
                      sum);
      }
      for (std::size_t at = 0; at < whole.size(); at += 29) {
        for (const int value : {0, 1, 0x80, 0xff}) {
          std::vector<std::byte> changed = whole;
          changed[at] = static_cast<std::byte>(value);
          walk_datagram(changed, sum);
        }
      }
    }
  }
  EXPECT_GT(sum, 0U);
}

}  // namespace
}  // namespace trivet::netlink
