// The store where there is no memory: an event that fails has changed nothing.
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstdlib>
#include <new>
#include <set>
#include <string>
#include <vector>

#include "trivet/netlink/prefix_lengths.h"
#include "trivet/netlink/route_store.h"

namespace {

// As many allocations succeed; negative: all do.
long allocations_left = -1;

}  // namespace

void* operator new(std::size_t size) {
  if (allocations_left == 0) throw std::bad_alloc();
  if (allocations_left > 0) --allocations_left;
  if (void* const memory = std::malloc(size > 0 ? size : 1)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace trivet::netlink {
namespace {

using rtnl::network_address;
using rtnl::route;

route v4(std::uint32_t gateway, std::uint32_t table = RT_TABLE_MAIN) {
  route r;
  r.family = AF_INET;
  r.destination_length = 24;
  r.table = table;
  r.destination = network_address::parse("198.51.100.0");
  r.gateway = network_address::parse("192.0.2." + std::to_string(gateway));
  r.output = 2;
  return r;
}

std::vector<std::vector<std::byte>> routes_of(const route_store& store) {
  std::vector<std::vector<std::byte>> list;
  for (const route_view r : store) list.emplace_back(r.bytes().begin(), r.bytes().end());
  return list;
}

// Lets one allocation of an event fail after another, until none does.
// @return how many failed
int expect_all_or_nothing(route_store& store, const route& r, std::uint16_t type, unsigned flags) {
  const route_record record(r);
  message_view event;
  event.header.nlmsg_type = type;
  event.header.nlmsg_flags = static_cast<std::uint16_t>(flags);
  event.payload = record.bytes();
  const route_key key = record.view().key();
  for (int fails = 0;; ++fails) {
    const auto before = routes_of(store);
    differences out;
    bool failed = false;
    allocations_left = fails;
    try {
      (void)store.apply(event, key, out);
    } catch (const std::bad_alloc&) {
      failed = true;
    }
    allocations_left = -1;
    if (!failed) return fails;
    EXPECT_EQ(routes_of(store), before) << "after " << fails << " allocations";
    EXPECT_TRUE(out.empty());
    EXPECT_EQ(store.size(), before.size());
    EXPECT_EQ(store.find(key).size(), before.size()) << "what is iterated is indexed";
  }
}

TEST(memory, that_is_missing_leaves_the_routes_as_they_are) {
  for (const std::uint32_t many : {1U, 2U, 10U, 60U}) {
    route_store store;
    int failures = 0;
    for (std::uint32_t i = 0; i < many; ++i) {
      failures += expect_all_or_nothing(store, v4(i), RTM_NEWROUTE, NLM_F_CREATE | NLM_F_APPEND);
    }
    ASSERT_EQ(store.size(), many);
    route longer = v4(0);
    longer.metrics.emplace();
    longer.metrics->data.resize(100);
    failures += expect_all_or_nothing(store, longer, RTM_NEWROUTE, NLM_F_REPLACE);
    failures += expect_all_or_nothing(store, v4(200), RTM_NEWROUTE, NLM_F_CREATE);
    failures += expect_all_or_nothing(store, v4(200), RTM_DELROUTE, 0);
    failures += expect_all_or_nothing(store, v4(201), RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL);
    EXPECT_EQ(store.size(), 1U);
    EXPECT_GT(failures, 0);
  }
}

// Some of many gateways, some in rows that differ in their prefix alone, and two that are the same
// but for the order of their attributes, which only decoding tells.
std::vector<std::vector<std::byte>> many_routes(std::uint32_t tables) {
  std::vector<std::vector<std::byte>> list;
  const auto add = [&](const route& r) {
    const route_record record(r);
    list.emplace_back(record.bytes().begin(), record.bytes().end());
  };
  for (std::uint32_t i = 0; i < 200; ++i) {
    add(v4(i / 2 % 40, 100 + i / 2 % tables));  // each five times, two in a row
  }
  for (std::uint32_t i = 0; i < 60; ++i) {
    route r = v4(1, 100 + i / 20 % tables);
    r.destination = network_address::parse("192.0." + std::to_string(i % 15) + ".0");
    add(r);
  }
  add(v4(7, 300));
  byte_buffer longer(list.back());
  attribute_writer(longer).value(200, std::uint32_t{1});
  std::vector<std::byte> one = longer.to_vector();
  list.push_back(one);
  std::rotate(one.begin() + sizeof(::rtmsg), one.end() - 8, one.end());
  list.push_back(one);
  return list;
}

// One that ends early has said so; what is there is whole.
TEST(memory, that_is_missing_ends_a_loading) {
  for (const std::uint32_t tables : {1U, 2U, 40U}) {
    const auto routes = many_routes(tables);
    std::vector<route_key> keys;
    for (const auto& one : routes) {
      const route_key key = route_view(one).key();
      if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(key);
    }
    int failed_loads = 0;
    int failed_ends = 0;
    bool failed = true;
    for (int fails = 0; failed; ++fails) {
      route_store store;
      failed = false;
      int* step = &failed_loads;
      allocations_left = fails;
      try {
        route_store::loader loader(store);
        for (const auto& one : routes) loader.load(one);
        step = &failed_ends;
        loader.finish();
      } catch (const std::bad_alloc&) {
        failed = true;
        ++*step;
      }
      allocations_left = -1;
      std::size_t found = 0;
      std::set<std::uint32_t> held;
      for (const route_key& key : keys) {
        const std::size_t count = store.find(key).size();
        found += count;
        if (count > 0) held.insert(key.table);
      }
      ASSERT_EQ(store.size(), found);
      ASSERT_EQ(routes_of(store).size(), found) << "what is iterated is indexed";
      ASSERT_EQ(store.table_count(), held.size()) << "what was lost is not counted";
      // What was given back can be taken again.
      for (const auto& one : routes) store.load(route_view(one).key(), one);
      ASSERT_EQ(store.size(), 40U + 15 * std::min(tables, 3U) + 1) << "the last are one route";
    }
    EXPECT_GT(failed_loads, 2);
    EXPECT_GT(failed_ends, 0);
  }
}

TEST(prefixes, of_tables_without_routes_are_forgotten) {
  prefix_lengths lengths;
  for (std::uint32_t table = 1; table <= 1'000; ++table) {
    lengths.add(table, 24);
    lengths.add(table, 24);
    lengths.remove(table, 24);
    ASSERT_NE(lengths.find(table), nullptr);
    lengths.remove(table, 24);
    ASSERT_EQ(lengths.find(table), nullptr);
  }
  EXPECT_EQ(lengths.size(), 0U);
  lengths.add(1, 8);
  prefix_lengths copy = lengths;
  copy.add(1, 9);
  copy.remove(1, 8);
  ASSERT_NE(lengths.find(1), nullptr);
  EXPECT_EQ((*lengths.find(1))[8], 1U);
  EXPECT_EQ((*copy.find(1))[9], 1U);
}

}  // namespace
}  // namespace trivet::netlink
