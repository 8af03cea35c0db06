// The store of routes against a map, with thousands of changes at random.
#include "trivet/netlink/route_store.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <random>
#include <string>

namespace trivet::netlink {
namespace {

using rtnl::network_address;
using rtnl::route;
using bytes = std::vector<std::byte>;

route plain(std::uint32_t number, std::uint8_t gateway, std::uint32_t table = RT_TABLE_MAIN) {
  route r;
  r.family = AF_INET;
  r.destination_length = 24;
  r.table = table;
  r.type = RTN_UNICAST;
  const std::uint32_t address = big_endian(0x0a000000U + (number << 8));
  r.destination = {AF_INET, rtnl::short_bytes(std::as_bytes(std::span(&address, 1)))};
  r.gateway = network_address::parse("192.0.2." + std::to_string(gateway));
  r.output = 2;
  return r;
}

bytes payload_of(const route& r) {
  const route_record record(r);
  return {record.bytes().begin(), record.bytes().end()};
}

// The payloads of plain(number, 1), without encoding each.
class plain_payload {
 public:
  const_bytes operator()(std::uint32_t number) {
    const std::uint32_t address = big_endian(0x0a000000U + (number << 8));
    std::memcpy(payload_.data() + destination, &address, sizeof address);
    return payload_;
  }

 private:
  static constexpr std::size_t destination = sizeof(::rtmsg) + 8 + 4;  // behind RTA_TABLE
  bytes payload_ = payload_of(plain(0, 1));
};

class stores : public ::testing::Test {
 protected:
  certainty apply(const route& r, std::uint16_t type, unsigned flags = NLM_F_CREATE | NLM_F_EXCL) {
    return apply(payload_of(r), type, flags);
  }
  certainty apply(const_bytes payload, std::uint16_t type,
                  unsigned flags = NLM_F_CREATE | NLM_F_EXCL) {
    changes_.clear();
    message_view event;
    event.header.nlmsg_type = type;
    event.header.nlmsg_flags = static_cast<std::uint16_t>(flags);
    event.payload = payload;
    return store_.apply(event, route_view(payload).key(), changes_);
  }
  static void load(route_store& into, const_bytes payload) {
    into.load(route_view(payload).key(), payload);
  }
  static void load(route_store& into, const route& r) { load(into, payload_of(r)); }
  static std::vector<bytes> sorted(const route_store& store) {
    std::vector<bytes> list;
    for (const route_view r : store) list.emplace_back(r.bytes().begin(), r.bytes().end());
    std::sort(list.begin(), list.end());
    return list;
  }

  route_store store_;
  differences changes_;
};

TEST_F(stores, hold_what_a_map_holds_after_thousands_of_changes) {
  std::mt19937 random(20250722);
  std::map<std::uint32_t, bytes> expected;
  for (int i = 0; i < 24'000; ++i) {
    // Waves: most are added for a while, and most are deleted then.
    const bool adding = random() % 100 < (i / 6'000 % 2 == 0 ? 80 : 20);
    const auto number = static_cast<std::uint32_t>(random() % 10'000);
    route r = plain(number, static_cast<std::uint8_t>(random() % 250));
    if (random() % 3 == 0) r.mark = number;  // of another length
    const auto known = expected.find(number);
    if (adding) {
      ASSERT_EQ(apply(r, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE), certainty::sure);
      if (!changes_.empty()) {
        const auto& d = std::get<difference<route>>(changes_[0]);
        EXPECT_EQ(static_cast<bool>(d.before), known != expected.end());
      }
      expected[number] = payload_of(r);
    } else if (known != expected.end()) {
      ASSERT_EQ(apply(route_view(known->second).decode(), RTM_DELROUTE), certainty::sure);
      ASSERT_EQ(changes_.size(), 1U);
      expected.erase(known);
    }
    if (i % 4'000 != 3'999) continue;
    std::vector<bytes> list;
    list.reserve(expected.size());
    for (const auto& [key, value] : expected) list.push_back(value);
    std::sort(list.begin(), list.end());
    ASSERT_EQ(sorted(store_), list) << i;
    ASSERT_EQ(store_.size(), expected.size());
  }
  EXPECT_GT(expected.size(), 1000U);
  for (const auto& [number, value] : expected) {
    const auto found = store_.find(route_view(value).key());
    ASSERT_EQ(found.size(), 1U);
    EXPECT_TRUE(same_state(found[0], route_view(value)));
  }
}

TEST_F(stores, give_memory_back) {
  constexpr std::uint32_t count = 200'000;
  plain_payload route_of;
  for (std::uint32_t i = 0; i < count; ++i) load(store_, route_of(i));
  const std::size_t full = store_.memory();
  EXPECT_LT(full / count, 110U);
  EXPECT_EQ(store_.size(), count);
  // Nine of ten, all over the place.
  for (std::uint32_t i = 0; i < count; ++i) {
    if (i % 10 != 0) apply(route_of(i), RTM_DELROUTE);
  }
  EXPECT_EQ(store_.size(), count / 10);
  EXPECT_LT(store_.memory(), full / 3);
  for (std::uint32_t i = 0; i < count; i += 10) {
    ASSERT_EQ(store_.find(route_view(route_of(i)).key()).size(), 1U) << i;
    apply(route_of(i), RTM_DELROUTE);
  }
  EXPECT_TRUE(store_.empty());
  EXPECT_TRUE(store_.begin() == store_.end());
  EXPECT_LT(store_.memory(), 16384U);
}

TEST_F(stores, keep_those_of_one_identity_in_the_kernels_order_when_they_move) {
  // Enough around them for the records to be moved.
  plain_payload route_of;
  const auto add = [&](std::uint32_t i) {
    apply(plain(i, 1), RTM_NEWROUTE);
    apply(plain(i, 2), RTM_NEWROUTE, NLM_F_CREATE | NLM_F_APPEND);
    apply(plain(i, 3), RTM_NEWROUTE, NLM_F_CREATE);
    for (std::uint32_t other = 0; other < 100; ++other) {
      apply(route_of(1000 + i * 100 + other), RTM_NEWROUTE);
    }
  };
  constexpr std::uint32_t count = 500;
  for (std::uint32_t i = 0; i < count; ++i) add(i);
  EXPECT_EQ(store_.size(), count * 103);
  for (std::uint32_t i = 0; i < count * 100; ++i) apply(route_of(1000 + i), RTM_DELROUTE);
  EXPECT_EQ(store_.size(), count * 3);
  std::size_t seen = 0;
  for (const route_view r : store_) {
    const char* const gateways[] = {"192.0.2.3", "192.0.2.1", "192.0.2.2"};
    ASSERT_EQ(r.decode().gateway->to_string(), gateways[seen % 3]) << seen;
    ++seen;
  }
  EXPECT_EQ(seen, count * 3);
  for (std::uint32_t i = 0; i < count; ++i) {
    ASSERT_EQ(apply(plain(i, 1), RTM_DELROUTE), certainty::sure);
    ASSERT_EQ(store_.find(route_view(payload_of(plain(i, 1))).key()).size(), 2U);
  }
}

// A route of IPv6 over a link, as each link that is up has one to fe80::/64.
route over(std::uint32_t link, std::uint32_t flags = 0) {
  route r;
  r.family = AF_INET6;
  r.destination_length = 64;
  r.table = RT_TABLE_MAIN;
  r.type = RTN_UNICAST;
  r.metric = 256;
  r.destination = network_address::parse("fe80::");
  r.output = link;
  r.flags = flags;
  return r;
}

// Each comparison of one with all others would take minutes here.
TEST_F(stores, hold_as_many_of_one_identity_as_there_are_links) {
  constexpr std::uint32_t count = 5'000;
  std::mt19937 random(20260101);
  route_store::loader first(store_);
  for (int again = 0; again < 2; ++again) {
    for (std::uint32_t i = 1; i <= count; ++i) {
      const bytes one = payload_of(over(i));
      first.load(one);
    }
  }
  first.finish();
  ASSERT_EQ(store_.size(), count);
  std::map<std::uint32_t, std::uint32_t> expected;  // a link's flags
  for (std::uint32_t i = 1; i <= count; ++i) expected[i] = 0;
  for (int i = 0; i < 300; ++i) {
    const auto link = static_cast<std::uint32_t>(random() % count + 1);
    const auto known = expected.find(link);
    route r = over(link, random() % 2 == 0 ? 0 : RTNH_F_LINKDOWN);
    if (random() % 2 == 0) {
      ASSERT_EQ(apply(r, RTM_NEWROUTE), certainty::sure);
      const bool news = known == expected.end() || known->second != r.flags;
      ASSERT_EQ(changes_.size(), news ? 1U : 0U);
      expected[link] = r.flags;
    } else if (known != expected.end()) {
      r.flags = 0;  // those of a removal may be others
      ASSERT_EQ(apply(r, RTM_DELROUTE), certainty::sure);
      ASSERT_EQ(changes_.size(), 1U);
      expected.erase(known);
    }
    ASSERT_EQ(store_.size(), expected.size());
  }
  std::map<std::uint32_t, std::uint32_t> held;
  for (const route_view r : store_) held[*r.decode().output] = r.header().rtm_flags;
  EXPECT_EQ(held, expected);

  // All links lose their carrier at once, one goes and one comes.
  route_store newer;
  route_store::loader second(newer);
  for (std::uint32_t i = 2; i <= count + 1; ++i) {
    const bytes one = payload_of(over(i, RTNH_F_LINKDOWN));
    second.load(one);
  }
  second.finish();
  differences out;
  store_.replace(std::move(newer), nullptr, out);
  std::size_t added = 0, removed = 0, changed = 0;
  for (const any_difference& one : out) {
    const auto& d = std::get<difference<route>>(one);
    added += !d.before;
    removed += !d.after;
    changed += d.before && d.after;
  }
  EXPECT_EQ(store_.size(), count);
  std::size_t down = 0;
  for (const auto& [link, flags] : expected) down += link != 1 && flags == RTNH_F_LINKDOWN;
  const std::size_t stayed = expected.size() - expected.count(1);
  EXPECT_EQ(changed, stayed - down);
  EXPECT_EQ(removed, expected.count(1));
  EXPECT_EQ(added, count - stayed);
}

// The kernel counts the routes of one prefix when it goes on with a dump.
TEST_F(stores, a_reading_that_may_have_missed_some_of_one_identity_takes_none_away) {
  for (const std::uint32_t link : {1U, 2U, 3U}) load(store_, over(link));
  const auto read = [&](std::initializer_list<std::uint32_t> links, bool absent_stay) {
    route_store newer;
    for (const std::uint32_t link : links) load(newer, over(link));
    differences out;
    absences first;
    store_.replace(std::move(newer), absent_stay ? &first : nullptr, out);
    std::vector<std::pair<std::uint32_t, std::uint32_t>> told;
    for (const any_difference& one : out) {
      const auto& d = std::get<difference<route>>(one);
      told.emplace_back(d.before ? d.before->output.value() : 0,
                        d.after ? d.after->output.value() : 0);
    }
    return told;
  };
  using list = std::vector<std::pair<std::uint32_t, std::uint32_t>>;
  EXPECT_EQ(read({1, 3, 4}, true), (list{{0, 4}}));
  EXPECT_EQ(store_.size(), 4U);
  EXPECT_EQ(read({1, 3, 4}, false), (list{{2, 0}}));
  EXPECT_EQ(read({5}, true), (list{{0, 5}}));
  EXPECT_EQ(store_.size(), 4U);
  EXPECT_EQ(read({5}, false).size(), 3U);
  EXPECT_EQ(read({6}, false), (list{{5, 6}})) << "one against one";
}

TEST_F(stores, a_removal_may_be_about_another_route_than_it_names) {
  for (const char* gateway : {"fe80::1", "fe80::2"}) {
    route r = over(3);
    r.gateway = network_address::parse(gateway);
    apply(r, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_APPEND);
  }
  apply(over(7), RTM_NEWROUTE, NLM_F_CREATE | NLM_F_APPEND);
  ASSERT_GE(store_.size(), 2U);
  const std::size_t before = store_.size();
  EXPECT_EQ(apply(over(8), RTM_DELROUTE), certainty::doubtful);
  EXPECT_EQ(store_.size(), before);
  EXPECT_EQ(apply(over(7), RTM_DELROUTE), certainty::sure);
  EXPECT_EQ(store_.size(), before - 1);
}

TEST_F(stores, copies_are_states_of_their_own) {
  plain_payload route_of;
  for (std::uint32_t i = 0; i < 300'000; ++i) load(store_, route_of(i));
  const route_store copy = store_;
  const std::vector<bytes> before = sorted(store_);
  for (std::uint32_t i = 0; i < 300'000; i += 2) apply(route_of(i), RTM_DELROUTE);
  apply(plain(1, 7), RTM_NEWROUTE, NLM_F_REPLACE);
  EXPECT_EQ(store_.size(), 150'000U);
  EXPECT_EQ(sorted(copy), before);
  EXPECT_EQ(copy.find(route_view(route_of(1)).key())[0].decode().gateway->to_string(), "192.0.2.1");
  store_ = copy;
  EXPECT_EQ(sorted(store_), before);
}

TEST_F(stores, a_loader_has_all_of_them_when_it_ends_and_each_once) {
  route_store::loader loader(store_);
  for (int twice = 0; twice < 2; ++twice) {
    for (std::uint32_t i = 0; i < 5; ++i) {
      const bytes payload = payload_of(plain(i, 1));
      loader.load(payload);
      loader.load(payload);
    }
  }
  loader.finish();
  EXPECT_EQ(store_.size(), 5U);
}

TEST_F(stores, a_loader_goes_on_after_it_has_finished) {
  route_store::loader loader(store_);
  for (std::uint32_t i = 0; i < 300; ++i) {
    const bytes payload = payload_of(plain(i, 1));
    loader.load(payload);
    if (i % 100 == 50) loader.finish();
  }
  loader.finish();
  EXPECT_EQ(store_.size(), 300U);
  EXPECT_EQ(sorted(store_).size(), 300U);
}

// Routes of the same and of other shapes, prefixes of any length, some told twice, some unwanted.
TEST_F(stores, a_loader_takes_each_as_it_is) {
  std::mt19937 random(20260402);
  route_store expected;
  route_store::loader loader(store_);
  for (int i = 0; i < 20'000; ++i) {
    // In rows, now and then.
    const bool other = i % 100 < 50 || random() % 10 == 0;
    route r = plain(static_cast<std::uint32_t>(random() % 3'000),
                    other ? static_cast<std::uint8_t>(random() % 7) : std::uint8_t{1},
                    1'000 + (other ? static_cast<std::uint32_t>(random() % 3) : 0U));
    r.destination_length = static_cast<std::uint8_t>(24 + random() % 9);
    if (other && random() % 4 == 0) r.metric = 7;
    const bytes payload = payload_of(r);
    loader.load(payload, [](const route_key& key) { return key.table != 1'001; });
    if (r.table != 1'001) load(expected, payload);
    if (random() % 5'000 == 0) loader.finish();
  }
  bytes cut = payload_of(plain(1, 1));
  cut.resize(cut.size() - 3);
  loader.load(cut);
  loader.finish();
  EXPECT_GT(store_.size(), 10'000U);
  EXPECT_EQ(store_.size(), expected.size());
  EXPECT_EQ(store_.table_count(), 2U);
  EXPECT_EQ(sorted(store_), sorted(expected));
}

// An IPv6 dump may tell of the same routes again and again.
TEST_F(stores, a_loader_does_not_keep_what_is_repeated_without_end) {
  route_store::loader loader(store_);
  plain_payload payload;
  for (std::uint32_t i = 0; i < 2'200'000; ++i) {
    const const_bytes one = payload(i % 1'000);
    loader.load(one);
  }
  loader.finish();
  EXPECT_EQ(store_.size(), 1'000U);
  EXPECT_EQ(store_.table_count(), 1U);
  EXPECT_LT(store_.memory(), std::size_t{16} << 20);
}

TEST_F(stores, forget_tables_without_routes) {
  route_store::loader loader(store_);
  for (int twice = 0; twice < 2; ++twice) {
    for (std::uint32_t i = 0; i < 100; ++i) {
      const bytes payload = payload_of(plain(i % 10, static_cast<std::uint8_t>(i % 3), 1000 + i));
      loader.load(payload);
    }
  }
  loader.finish();
  load(store_, plain(1, 1, 1001));
  EXPECT_EQ(store_.table_count(), 100U);
  for (std::uint32_t i = 0; i < 100; ++i) {
    (void)apply(plain(i % 10, static_cast<std::uint8_t>(i % 3), 1000 + i), RTM_DELROUTE);
  }
  EXPECT_EQ(store_.size(), 0U);
  EXPECT_EQ(store_.table_count(), 0U);
}

TEST_F(stores, a_loader_that_does_not_finish_leaves_nothing) {
  load(store_, plain(7, 1));
  {
    route_store::loader loader(store_);
    for (std::uint32_t i = 0; i < 100; ++i) {
      const bytes payload = payload_of(plain(i, 2, 1000 + i));
      loader.load(payload);
    }
  }
  EXPECT_EQ(store_.size(), 1U);
  EXPECT_EQ(store_.table_count(), 1U);
  ASSERT_EQ(sorted(store_).size(), 1U);
  const auto address = network_address::parse("10.0.7.1");
  EXPECT_TRUE(store_.lookup(RT_TABLE_MAIN, address.bytes()));
}

TEST_F(stores, tell_what_a_reading_changes_and_no_more) {
  route_store newer;
  for (std::uint32_t i = 0; i < 100; ++i) load(store_, plain(i, 1));
  for (std::uint32_t i = 10; i < 110; ++i) load(newer, plain(i, i == 50 ? 2 : 1));
  route_store cautious = store_;
  const route_store same = newer;

  store_.replace(route_store(newer), nullptr, changes_);
  std::map<event_kind, int> counts;
  for (const any_difference& d : changes_) ++counts[std::get<difference<route>>(d).kind()];
  EXPECT_EQ(counts[event_kind::removed], 10);
  EXPECT_EQ(counts[event_kind::added], 10);
  EXPECT_EQ(counts[event_kind::changed], 1);
  EXPECT_EQ(sorted(store_), sorted(same));

  changes_.clear();
  absences first;
  cautious.replace(route_store(newer), &first, changes_);
  EXPECT_EQ(changes_.size(), 11U);
  EXPECT_EQ(cautious.size(), 110U);
}

TEST_F(stores, hold_routes_longer_than_a_chunk) {
  route huge = plain(1, 1);
  huge.others.push_back({100, bytes(60'000, std::byte{7})});
  for (int i = 0; i < 40; ++i) huge.others.push_back({101, bytes(60'000, std::byte{8})});
  load(store_, huge);
  load(store_, plain(2, 1));
  const auto found = store_.find(route_view(payload_of(huge)).key());
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].decode().others, huge.others);
  apply(huge, RTM_DELROUTE);
  EXPECT_EQ(store_.size(), 1U);
}

TEST(route_records, are_as_long_as_their_route) {
  route longer = plain(1, 1);
  longer.metrics.emplace();
  longer.metrics->data.resize(200);
  for (const route& r : {plain(1, 1), longer}) {
    const route_record one(r);
    route_record moved = route_record(one);
    EXPECT_TRUE(same_state(one.view(), moved.view()));
    const route_record other = std::move(moved);
    EXPECT_EQ(other->gateway->to_string(), "192.0.2.1");
    EXPECT_TRUE(rtnl::same_state(*other, r));
  }
  EXPECT_FALSE(route_record());
}

TEST(route_keys, are_read_as_the_codec_reads_them) {
  route r = plain(300, 1, 100'000);
  r.metric = 7;
  r.tos = 4;
  const route_record record(r);
  const route_key key = record.view().key();
  EXPECT_EQ(key.table, 100'000U);
  EXPECT_EQ(key.metric, 7U);
  EXPECT_EQ(key.tos, 4);
  EXPECT_EQ(key.destination_length, 24);
  EXPECT_TRUE(std::equal(key.destination.begin(), key.destination.begin() + 4,
                         r.destination->bytes().begin()));
  route_key broken;
  EXPECT_FALSE(route_key::read(record.bytes().first(8), broken)) << "shorter than its struct";
  EXPECT_FALSE(route_key::read(record.bytes().first(18), broken)) << "a cut attribute";
}

}  // namespace
}  // namespace trivet::netlink
