// Lists of rules against plain ones, and thousands of rules.
#include "trivet/netlink/rule_list.h"

#include <gtest/gtest.h>
#include <linux/fib_rules.h>
#include <sys/socket.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

namespace trivet::netlink {
namespace {

using rtnl::rule;

rule about(std::uint32_t number, std::uint32_t priority) {
  rule r;
  r.family = AF_INET;
  r.action = FR_ACT_TO_TBL;
  r.table = 100 + number % 50;
  r.priority = priority;
  r.source_length = 24;
  r.source = rtnl::network_address::parse("10." + std::to_string(number >> 8) + "." +
                                          std::to_string(number & 255) + ".0");
  return r;
}

// In the kernel's order: behind those of its priority.
void add(std::vector<rule>& list, const rule& r) {
  const auto place = std::find_if(list.begin(), list.end(),
                                  [&](const rule& one) { return *one.priority > *r.priority; });
  list.insert(place, r);
}

void expect_same(const rule_list& ours, const std::vector<rule>& expected) {
  ASSERT_EQ(ours.size(), expected.size());
  auto one = ours.begin();
  for (const rule& r : expected) {
    ASSERT_TRUE(rtnl::same_state(**one, r));
    ++one;
  }
}

TEST(rule_lists, hold_what_a_plain_list_holds) {
  std::mt19937 random(3);
  rule_list ours;
  std::vector<rule> expected;
  differences out;
  for (int i = 0; i < 5'000; ++i) {
    rule r =
        about(static_cast<std::uint32_t>(random() % 12), static_cast<std::uint32_t>(random() % 4));
    if (random() % 3 == 0) r.input = "eth" + std::to_string(random() % 2);
    if (random() % 5 == 0) r.target = static_cast<std::uint32_t>(random() % 4);
    if (random() % 4 == 0) r.flags = FIB_RULE_IIF_DETACHED;
    const auto same = [&](const rule& one) { return rtnl::same_rule(one, r); };
    const auto known = std::find_if(expected.begin(), expected.end(), same);
    ASSERT_EQ(ours.contains(r), known != expected.end());
    out.clear();
    if (random() % 2 == 0) {
      add(expected, r);
      ours.add(rule(r), out);
      ASSERT_EQ(out.size(), 1U);
    } else {
      ASSERT_EQ(ours.remove(r, out), known != expected.end());
      ASSERT_EQ(out.size(), known != expected.end() ? 1U : 0U);
      if (known != expected.end()) expected.erase(known);
    }
    if (i % 20 != 0) continue;
    ASSERT_NO_FATAL_FAILURE(expect_same(ours, expected)) << i;
    for (const std::uint32_t priority : {0U, 1U, 2U, 3U}) {
      const auto goes = [=](const rule& one) { return one.target == priority; };
      ASSERT_EQ(ours.any_goes_to(priority), std::any_of(expected.begin(), expected.end(), goes));
    }
    for (const char* const name : {"eth0", "eth1"}) {
      const auto names = [=](const rule& one) { return one.input == name; };
      ASSERT_EQ(ours.any_names(name), std::any_of(expected.begin(), expected.end(), names));
    }
  }
  EXPECT_GT(expected.size(), 10U);
}

TEST(rule_lists, tell_how_they_differ_from_a_newer_one) {
  rule_list ours, newer;
  differences out;
  rule detached = about(3, 3);
  detached.flags = FIB_RULE_IIF_DETACHED;
  for (const rule& r : {about(1, 1), about(2, 2), about(2, 2), about(3, 3)}) {
    ours.add(rule(r), out);
  }
  for (const rule& r : {about(2, 2), detached, about(4, 4)}) newer.add(rule(r), out);
  out.clear();
  ours.replace(std::move(newer), nullptr, out);
  std::vector<event_kind> told;
  for (const any_difference& one : out) told.push_back(std::get<difference<rule>>(one).kind());
  EXPECT_EQ(told, (std::vector{event_kind::removed, event_kind::removed, event_kind::changed,
                               event_kind::added}));
  expect_same(ours, {about(2, 2), detached, about(4, 4)});
}

// Others came between two of its pieces: it lacks one rule and has another twice.
TEST(rule_lists, keep_what_a_doubtful_dump_lacks_until_the_next_lacks_it_too) {
  rule_list ours;
  differences out;
  for (const std::uint32_t number : {1U, 2U, 3U}) ours.add(about(number, number), out);
  absences doubtful;
  for (const bool again : {false, true}) {
    rule_list dumped;
    for (const std::uint32_t number : {1U, 3U, 3U}) dumped.add(about(number, number), out);
    out.clear();
    doubtful.begin(2);
    ours.replace(std::move(dumped), &doubtful, out);
    doubtful.end();
    if (again) {
      expect_same(ours, {about(1, 1), about(3, 3)});
      ASSERT_EQ(out.size(), 1U);
      EXPECT_EQ(std::get<difference<rule>>(out.front()).kind(), event_kind::removed);
    } else {
      expect_same(ours, {about(1, 1), about(2, 2), about(3, 3)});
      EXPECT_TRUE(out.empty());
    }
  }
}

// To compare each with all others would take minutes.
TEST(rule_lists, take_the_same_time_with_forty_thousand_as_with_one) {
  constexpr std::uint32_t count = 40'000;
  rule_list ours, again;
  differences out;
  for (std::uint32_t i = 0; i < count; ++i) {
    const rule r = about(i, i % 3 == 0 ? 7 : 1'000 + i);
    ASSERT_FALSE(ours.contains(r));
    ASSERT_FALSE(ours.any_goes_to(i));
    ours.add(rule(r), out);
    again.add(rule(r), out);
  }
  out.clear();
  ours.replace(std::move(again), nullptr, out);
  EXPECT_TRUE(out.empty());
  for (std::uint32_t i = 0; i < count; ++i) {
    ASSERT_TRUE(ours.remove(about(i, i % 3 == 0 ? 7 : 1'000 + i), out));
  }
  EXPECT_EQ(ours.size(), 0U);
}

}  // namespace
}  // namespace trivet::netlink
