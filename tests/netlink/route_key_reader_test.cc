// The reader of many keys against route_key::read, over payloads that differ in this and that.
#include "trivet/netlink/route_key_reader.h"

#include <gtest/gtest.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <array>
#include <cstring>
#include <random>
#include <vector>

#include "trivet/netlink/attribute.h"

namespace trivet::netlink {
namespace {

using bytes = std::vector<std::byte>;

class keys : public ::testing::Test {
 protected:
  void expect_same(const_bytes payload) {
    route_key expected;
    const bool there = route_key::read(payload, expected);
    const route_key* const got = reader_.read(payload);
    ASSERT_EQ(got != nullptr, there);
    if (there) {
      ASSERT_EQ(*got, expected);
    }
  }

  bytes one(int family, std::uint32_t number, std::uint32_t table = RT_TABLE_MAIN,
            std::uint32_t metric = 0) {
    bytes payload(sizeof(::rtmsg));
    ::rtmsg header{};
    header.rtm_family = static_cast<std::uint8_t>(family);
    header.rtm_dst_len = family == AF_INET ? 24 : 64;
    header.rtm_table = static_cast<std::uint8_t>(table > 255 ? RT_TABLE_COMPAT : table);
    std::memcpy(payload.data(), &header, sizeof header);
    attribute_writer out(payload);
    out.value(RTA_TABLE, table);
    if (family == AF_INET) {
      out.value(RTA_DST, number);
    } else {
      out.value(RTA_DST, std::array<std::uint32_t, 4>{number, number, 0, 0});
    }
    if (metric != 0) out.value(RTA_PRIORITY, metric);
    out.value(RTA_OIF, std::uint32_t{2});
    return payload;
  }

  route_key_reader reader_;
};

TEST_F(keys, are_read_where_one_route_is_like_the_other) {
  for (const int family : {AF_INET, AF_INET6}) {
    for (std::uint32_t i = 0; i < 10; ++i) expect_same(one(family, i));
    for (std::uint32_t i = 0; i < 10; ++i) expect_same(one(family, 1, i));
    for (std::uint32_t i = 0; i < 10; ++i) expect_same(one(family, 1, 1000 + i, i / 3));
  }
}

TEST_F(keys, are_read_where_an_attribute_is_missing_or_stands_twice) {
  bytes without(sizeof(::rtmsg));
  without[0] = std::byte{AF_INET};
  bytes twice = one(AF_INET, 1);
  attribute_writer(twice).value(RTA_DST, std::uint32_t{99});
  bytes odd = one(AF_INET, 1);
  attribute_writer(odd).bytes(RTA_DST, bytes(3));
  bytes mpls(without);
  mpls[0] = std::byte{AF_MPLS};
  attribute_writer(mpls).value(RTA_DST, std::uint32_t{7});
  for (const bytes& payload : {without, twice, odd, mpls, bytes(3), bytes()}) {
    for (int again = 0; again < 2; ++again) expect_same(payload);
  }
}

// Any byte may be any other; the lengths of attributes are among them.
TEST_F(keys, are_read_whatever_byte_changes) {
  std::mt19937 random(20260101);
  for (const int family : {AF_INET, AF_INET6}) {
    const bytes first = one(family, 0x01020304, 300, 7);
    for (std::size_t at = 0; at < first.size(); ++at) {
      for (int turn = 0; turn < 64; ++turn) {
        expect_same(first);
        bytes other = first;
        other[at] = static_cast<std::byte>(random());
        expect_same(other);
        other.resize(random() % (other.size() + 1));
        expect_same(other);
      }
    }
    bytes changing = first;
    for (int turn = 0; turn < 20'000; ++turn) {
      changing[random() % changing.size()] = static_cast<std::byte>(random() % 40);
      expect_same(changing);
      if (turn % 8 == 0) changing = first;
    }
  }
}

TEST_F(keys, of_long_payloads_are_read) {
  for (std::size_t more = 0; more < 120; more += 4) {
    bytes payload = one(AF_INET6, 5);
    attribute_writer(payload).bytes(RTA_METRICS, bytes(more));
    for (std::uint32_t i = 0; i < 3; ++i) {
      payload[sizeof(::rtmsg) + 12] = static_cast<std::byte>(i);
      expect_same(payload);
    }
  }
}

}  // namespace
}  // namespace trivet::netlink
