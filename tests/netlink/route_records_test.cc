// Routes that are kept as what they have in common and their prefix: what comes out is what
// went in, byte for byte.
#include "trivet/netlink/route_records.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>
#include <cstring>
#include <random>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "trivet/netlink/record_runs.h"

namespace trivet::netlink {
namespace {

using rtnl::network_address;
using rtnl::route;
using bytes = std::vector<std::byte>;

bytes copy_of(const_bytes b) { return {b.begin(), b.end()}; }

bytes payload_of(const route& r) { return copy_of(route_record(r).bytes()); }

route over(const std::string& gateway, std::uint8_t length) {
  route r;
  r.gateway = network_address::parse(gateway);
  r.family = static_cast<std::uint8_t>(r.gateway->family);
  r.destination_length = length;
  r.table = RT_TABLE_MAIN;
  r.type = RTN_UNICAST;
  r.output = 2;
  return r;
}

// A /24 of 10.0.0.0/8.
bytes v4(std::uint32_t number, std::uint32_t gateway) {
  route r = over("192." + std::to_string(gateway >> 16) + "." + std::to_string(gateway >> 8 & 255) +
                     "." + std::to_string(gateway & 255),
                 24);
  const std::uint32_t address = big_endian(0x0a000000U + (number << 8));
  r.destination = {AF_INET, rtnl::short_bytes(std::as_bytes(std::span(&address, 1)))};
  return payload_of(r);
}

bytes v6(std::uint32_t number, std::uint32_t metric) {
  route r = over("fe80::1", 64);
  r.destination = network_address::parse("2001:db8:" + std::to_string(number % 1'000) + "::");
  r.metric = metric;
  return payload_of(r);
}

bytes bytes_at(const route_records& records, record_handle h) {
  const route_view view = records.at(h);
  return copy_of(view.bytes());
}

void expect_whole(const route_records& records, record_handle h, const bytes& payload) {
  EXPECT_EQ(bytes_at(records, h), payload);
  route_key key;
  ASSERT_TRUE(route_key::read(payload, key));
  EXPECT_EQ(records.key(h), key);
  const route_view view = records.at(h);
  const route_view copied = view;  // has bytes of its own, too
  EXPECT_EQ(copy_of(copied.bytes()), payload);
  EXPECT_EQ(copied.attributes().size(), payload.size() - sizeof(::rtmsg));
}

TEST(route_records, give_back_what_they_were_given) {
  route_records records;
  std::mt19937 random(3);
  std::vector<std::pair<record_handle, bytes>> known;
  for (int round = 0; round < 20'000; ++round) {
    if (random() % 3 == 0 && !known.empty()) {
      auto& gone = known[random() % known.size()];
      expect_whole(records, gone.first, gone.second);
      records.remove(gone.first);
      gone = std::move(known.back());
      known.pop_back();
    } else {
      const auto number = static_cast<std::uint32_t>(random() % 50'000);
      const auto other = static_cast<std::uint32_t>(random() % 3);
      const bytes payload = random() % 2 == 0 ? v4(number, other) : v6(number, other);
      known.emplace_back(records.add(payload), payload);
    }
  }
  const route_records copy = records;
  for (const auto& [h, payload] : known) {
    expect_whole(records, h, payload);
    records.remove(h);
  }
  for (const auto& [h, payload] : known) expect_whole(copy, h, payload);
}

TEST(route_records, move_with_what_they_have_in_common) {
  constexpr std::uint32_t count = 400'000;  // three chunks
  route_records records;
  bytes payload = v4(0, 1);
  const std::size_t destination = sizeof(::rtmsg) + 8 + 4;  // behind RTA_TABLE
  const auto number = [&](std::uint32_t i) {
    std::memcpy(payload.data() + destination, &i, sizeof i);
    return payload;
  };
  std::unordered_map<record_handle, std::uint32_t> known;
  for (std::uint32_t i = 0; i < count; ++i) known[records.add(number(i))] = i;
  std::erase_if(known, [&](const auto& one) {
    if (one.second % 5 == 0) return false;
    records.remove(one.first);
    return true;
  });
  const std::size_t before = records.memory();
  ASSERT_TRUE(records.thin());
  while (records.thin()) {
    records.evacuate([&](record_handle from, record_handle to) {
      known[to] = known.at(from);
      known.erase(from);
    });
  }
  EXPECT_EQ(known.size(), count / 5);
  EXPECT_LT(records.memory(), before / 2);
  for (const auto& [h, i] : known) {
    ASSERT_EQ(records.fits(h, payload), i == 0) << "all but the first are without the rest";
    ASSERT_EQ(bytes_at(records, h), number(i));
  }
}

TEST(route_records, take_less_memory_where_routes_are_alike) {
  route_records alike;
  for (std::uint32_t i = 0; i < 100'000; ++i) (void)alike.add(v4(i % 65'536, 1));
  EXPECT_LT(alike.memory(), 100'000U * 20);
  // What occurs once is no shape: no more memory than its bytes and eight.
  route_records different;
  const std::size_t size = v4(1, 1).size();
  for (std::uint32_t i = 0; i < 4'000; ++i) (void)different.add(v4(1, i));
  EXPECT_LT(different.memory(), 4'000U * (size + 8) + 4'096);
}

TEST(route_records, keep_routes_whole_where_shapes_are_too_many) {
  route_records records;
  std::vector<std::pair<record_handle, bytes>> known;
  const auto fill = [&] {
    for (std::uint32_t i = 0; i < 15'000; ++i) {
      const bytes payload = v4(i, i / 3);  // 5,000 gateways
      known.emplace_back(records.add(payload), payload);
    }
  };
  fill();
  for (const auto& [h, payload] : known) expect_whole(records, h, payload);
  // Those that no route has are forgotten, and there is room for others.
  for (const auto& [h, payload] : known) records.remove(h);
  known.clear();
  const std::size_t before = records.memory();
  for (std::uint32_t i = 0; i < 15'000; ++i) {
    const bytes payload = v4(i, 100'000 + i / 5'000);
    known.emplace_back(records.add(payload), payload);
  }
  for (const auto& [h, payload] : known) expect_whole(records, h, payload);
  EXPECT_LT(records.memory(), before + std::size_t{15'000} * 20);
}

TEST(route_records, keep_odd_routes_as_they_are) {
  const bytes plain = v4(1, 1);
  bytes twice = plain;
  const auto destination = plain.begin() + sizeof(::rtmsg) + 8;  // behind RTA_TABLE
  ASSERT_EQ(destination[2], std::byte{RTA_DST});
  twice.insert(twice.end(), destination, destination + 8);
  bytes shorter = plain;
  shorter.erase(shorter.begin() + (destination - plain.begin()) + 6,
                shorter.begin() + (destination - plain.begin()) + 8);
  bytes other_family = plain;
  other_family[0] = std::byte{28};  // AF_MPLS
  bytes long_one = plain;
  long_one.resize(plain.size() + 200);
  long_one[plain.size()] = std::byte{200};
  long_one[plain.size() + 2] = std::byte{100};
  bytes none = plain;
  none.erase(none.begin() + (destination - plain.begin()),
             none.begin() + (destination - plain.begin()) + 8);
  route_records records;
  for (const bytes& odd :
       {twice, other_family, long_one, none, copy_of(const_bytes(plain).first(12))}) {
    for (int i = 0; i < 3; ++i) {
      const record_handle h = records.add(odd);
      EXPECT_EQ(bytes_at(records, h), odd);
      bytes other = odd;
      other.back() ^= std::byte{1};
      EXPECT_TRUE(records.fits(h, other)) << "is kept whole";
    }
  }
  // Bytes that cannot be read are kept, too; nobody asks for their identity.
  for (int i = 0; i < 3; ++i) EXPECT_EQ(bytes_at(records, records.add(shorter)), shorter);
}

TEST(route_records, of_other_lengths_and_metrics_are_not_taken_for_alike) {
  route_records records;
  std::vector<std::pair<record_handle, bytes>> known;
  for (std::uint32_t i = 0; i < 3'000; ++i) {
    bytes payload = i % 2 == 0 ? v6(i, 100 + i / 500) : v4(i, 7);
    payload[1] = static_cast<std::byte>(20 + i / 4 % 5);  // rtm_dst_len
    payload[8] = static_cast<std::byte>(i / 64 % 2);      // rtm_flags
    known.emplace_back(records.add(payload), payload);
  }
  for (const auto& [h, payload] : known) expect_whole(records, h, payload);
}

TEST(route_records, are_alike_where_others_stand_between) {
  route_records records;
  for (std::uint32_t i = 0; i < 30'000; ++i) (void)records.add(v4(i, i % 10));
  EXPECT_LT(records.memory(), 30'000U * 20);
}

TEST(route_records, that_are_told_again_take_no_room) {
  route_records records;
  record_handle h = no_record;
  for (std::uint32_t i = 0; i < 3; ++i) h = records.add(v4(i, 1));
  EXPECT_TRUE(records.fits(h, v4(2, 1)));
  records.overwrite(h, v4(2, 1));
  expect_whole(records, h, v4(2, 1));
  EXPECT_FALSE(records.fits(h, v4(2, 2)));
  EXPECT_FALSE(records.fits(h, v4(1, 1)));
}

// Routes that are told one after the other, and what differs in this and that.
class rows : public ::testing::Test {
 protected:
  void expect_whole(const_bytes payload) {
    route_key expected;
    const bool is_read = route_key::read(payload, expected);
    const auto like = records_.like_last(payload);
    if (like != route_shapes::none) {
      ++alike_;
      ASSERT_TRUE(is_read);
      ASSERT_EQ(records_.key_like(like, payload), expected);
    }
    const record_handle h = records_.add(payload, like);
    ASSERT_EQ(bytes_at(records_, h), copy_of(payload));
    if (is_read) {
      ASSERT_EQ(records_.key(h), expected);
    }
    if (++told_ % 3 == 0) records_.remove(h);
  }

  static bytes one(int family, std::uint32_t number, std::uint32_t table = RT_TABLE_MAIN,
                   std::uint32_t metric = 0) {
    ::rtmsg header{};
    header.rtm_family = static_cast<std::uint8_t>(family);
    header.rtm_dst_len = family == AF_INET ? 24 : 64;
    header.rtm_table = static_cast<std::uint8_t>(table > 255 ? RT_TABLE_COMPAT : table);
    byte_buffer payload;
    attribute_writer out(payload);
    out.plain(std::as_bytes(std::span<const ::rtmsg, 1>(&header, 1)));
    out.value(RTA_TABLE, table);
    if (family == AF_INET) {
      out.value(RTA_DST, number);
    } else {
      out.value(RTA_DST, std::array<std::uint32_t, 4>{number, number, 0, 0});
    }
    if (metric != 0) out.value(RTA_PRIORITY, metric);
    out.value(RTA_OIF, std::uint32_t{2});
    return payload.to_vector();
  }

  route_records records_;
  int told_ = 0;
  int alike_ = 0;
};

TEST_F(rows, of_prefixes_tables_and_metrics) {
  for (const int family : {AF_INET, AF_INET6}) {
    for (std::uint32_t i = 0; i < 10; ++i) expect_whole(one(family, i));
    EXPECT_GE(alike_, 8) << "all but the first two";
    for (std::uint32_t i = 0; i < 10; ++i) expect_whole(one(family, 1, i));
    for (std::uint32_t i = 0; i < 10; ++i) expect_whole(one(family, 1, 1000 + i, i / 3));
    alike_ = 0;
  }
}

TEST_F(rows, of_prefixes_of_any_length_over_a_few_gateways_are_alike) {
  for (std::uint32_t i = 0; i < 1'000; ++i) {
    bytes payload = one(AF_INET, i, RT_TABLE_MAIN, 1 + i * 7 % 4);
    payload[1] = static_cast<std::byte>(i % 33);  // rtm_dst_len
    expect_whole(payload);
  }
  EXPECT_GE(alike_, 900);
}

// Any byte may be any other; the lengths of attributes are among them.
TEST_F(rows, whatever_byte_changes) {
  std::mt19937 random(20260101);
  for (const int family : {AF_INET, AF_INET6}) {
    const bytes first = one(family, 0x01020304, 300, 7);
    for (std::size_t at = 0; at < first.size(); ++at) {
      for (int turn = 0; turn < 64; ++turn) {
        expect_whole(first);
        bytes other = first;
        other[at] = static_cast<std::byte>(random());
        expect_whole(other);
        other.resize(sizeof(::rtmsg) + random() % (other.size() - sizeof(::rtmsg) + 1));
        expect_whole(other);
      }
    }
    bytes changing = first;
    for (int turn = 0; turn < 20'000; ++turn) {
      changing[random() % changing.size()] = static_cast<std::byte>(random() % 40);
      expect_whole(changing);
      if (turn % 8 == 0) changing = first;
    }
  }
  EXPECT_GE(alike_, 1'000);
}

TEST_F(rows, of_long_payloads) {
  for (std::size_t more = 0; more < 120; more += 4) {
    byte_buffer buffer(one(AF_INET6, 5));
    attribute_writer(buffer).bytes(RTA_METRICS, bytes(more));
    bytes payload = buffer.to_vector();
    for (std::uint32_t i = 0; i < 3; ++i) {
      payload[sizeof(::rtmsg) + 12] = static_cast<std::byte>(i);
      expect_whole(payload);
    }
  }
}

// Whoever forges routes of no length makes them no slower to find.
TEST(route_keys, have_hashes_in_which_halves_do_not_cancel) {
  std::unordered_set<std::uint32_t> hashes;
  for (std::uint64_t i = 1; i <= 1'000; ++i) {
    route_key key;
    key.family = AF_INET6;
    const std::uint64_t halves[] = {big_endian(i), i << 32};
    std::memcpy(key.destination.data(), halves, sizeof halves);
    hashes.insert(key.hash());
  }
  EXPECT_GT(hashes.size(), 990U);
}

TEST(route_keys, have_hashes_over_what_stands_behind_the_prefix) {
  for (const int length : {0, 8, 24, 33, 64, 65, 100, 128, 129, 200, 255}) {
    std::unordered_set<std::uint32_t> hashes;
    for (std::uint32_t i = 0; i < 1'000; ++i) {
      for (const std::size_t at : {0U, 4U, 8U, 12U}) {
        route_key key;
        key.family = AF_INET6;
        key.destination_length = static_cast<std::uint8_t>(length);
        std::memcpy(key.destination.data() + at, &i, sizeof i);
        hashes.insert(key.hash());
      }
    }
    EXPECT_GT(hashes.size(), 3'900U) << length;
  }
}

TEST(record_runs, have_all_in_order_over_chunks) {
  record_arena arena;
  std::vector<record_handle> expected;
  const bytes small(60'000);
  const bytes huge(3U << 20);  // a chunk of its own
  record_runs runs;
  for (std::uint32_t i = 0; i < 200; ++i) {
    runs.reserve();
    expected.push_back(arena.add(i % 50 == 20 ? huge : small));
    arena.set_next(expected.back(), i);
    runs.push_back(expected.back());
  }
  std::vector<record_handle> taken;
  for (std::size_t most = 1; runs.size() > 0; most = most % 7 + 1) {
    const std::size_t before = taken.size();
    runs.take(arena, most, [&](record_handle h, std::uint32_t next) {
      EXPECT_EQ(next, taken.size());
      taken.push_back(h);
      arena.remove(h);
    });
    ASSERT_GT(taken.size(), before);
    ASSERT_LE(taken.size(), before + most);
    ASSERT_EQ(runs.size(), expected.size() - taken.size());
  }
  EXPECT_EQ(taken, expected);
  runs.take(arena, 1, [](record_handle, record_handle) { ADD_FAILURE() << "there is none"; });
}

}  // namespace
}  // namespace trivet::netlink
