// Rules, nexthops and neighbours that come and go at random: at each quiet point the monitor has
// what `ip` shows, and its events account for every difference.
#include <gtest/gtest.h>
#include <linux/fib_rules.h>
#include <sys/socket.h>

#include <algorithm>
#include <functional>
#include <map>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "tests/lab/links.h"
#include "tests/lab/namespace_test.h"
#include "tests/netlink/monitor_lab.h"
#include "trivet/netlink/client.h"
#include "trivet/netlink/monitor.h"

namespace trivet::netlink {
namespace {

using namespace std::chrono_literals;
using texts = std::vector<std::string>;

// One line each, cut by `read` to what is compared; lines that it leaves empty do not count.
texts lines_of(const std::string& output, const std::function<std::string(const texts&)>& read) {
  texts list;
  std::istringstream in(output);
  for (std::string line; std::getline(in, line);) {
    std::istringstream words_in(line);
    texts words;
    for (std::string word; words_in >> word;) words.push_back(word);
    std::string text = read(words);
    if (!text.empty()) list.push_back(std::move(text));
  }
  return list;
}

// The word behind a word.
std::string behind(const texts& words, const std::string& word) {
  const auto found = std::find(words.begin(), words.end(), word);
  return found == words.end() || found + 1 == words.end() ? "" : *(found + 1);
}

texts rules_of_ip(const char* family) {
  return lines_of(trivet::lab::run({"ip", family, "-N", "rule"}),
                  [](const texts& words) { return words.at(0) + " " + behind(words, "lookup"); });
}

texts rules_of(const rule_list& rules) {
  texts list;
  for (const auto& rule : rules) {
    list.push_back(std::to_string(rule->priority.value_or(0)) + ": " + std::to_string(rule->table));
  }
  return list;
}

texts sorted(texts list) {
  std::sort(list.begin(), list.end());
  return list;
}

texts nexthops_of_ip() {
  return sorted(lines_of(trivet::lab::run({"ip", "nexthop"}), [](const texts& words) {
    return words.at(1) + " " + behind(words, "via") + behind(words, "group");
  }));
}

texts nexthops_of(const table& state) {
  texts list;
  for (const auto& [id, nexthop] : state.nexthops()) {
    std::string text = std::to_string(id) + " ";
    if (nexthop->gateway) text += nexthop->gateway->to_string();
    if (nexthop->group) {
      std::string members;
      for (const auto& member : nexthop->group->members) {
        members += (members.empty() ? "" : "/") + std::to_string(member.id);
        if (member.weight != 1) members += "," + std::to_string(member.weight);
      }
      text += members;
    }
    list.push_back(text);
  }
  return sorted(list);
}

texts neighbours_of_ip() {
  return sorted(lines_of(trivet::lab::run({"ip", "neigh"}), [](const texts& words) {
    return words.back() == "PERMANENT" ? words.at(0) + " " + behind(words, "lladdr") : "";
  }));
}

texts neighbours_of(const table& state) {
  texts list;
  for (const auto& [key, neighbour] : state.neighbours()) {
    if ((neighbour->state & NUD_PERMANENT) == 0) continue;
    list.push_back(key.destination.to_string() + " " +
                   neighbour->link_address.value_or(rtnl::hardware_address()).to_string(1));
  }
  return sorted(list);
}

template <class T>
std::size_t kind_of() {
  return any_difference(difference<T>()).index();
}

long count(std::size_t size) { return static_cast<long>(size); }

class churn : public trivet::lab::namespace_test, public ::testing::WithParamInterface<int> {
 protected:
  void SetUp() override {
    // An address that is found to be unique changes by itself, a second later.
    home().run(
        {"sysctl", "-qw", "net.ipv6.conf.all.accept_dad=0", "net.ipv6.conf.default.accept_dad=0"});
    home().run({"ip", "-batch", "-"},
               "link add v0 type veth peer name v1\nlink set v1 up\nlink set v0 up\n"
               "addr add 192.0.2.1/24 dev v0\naddr add 2001:db8::1/64 dev v0 nodad\n");
    trivet::lab::wait_until_running({home(), "v0"});
  }

  // NLM_F_REPLACE on a rule adds one, also one that is there.
  void add_rule_twice(std::uint32_t priority) {
    rtnl::rule rule;
    rule.family = AF_INET;
    rule.action = FR_ACT_TO_TBL;
    rule.table = 99;
    rule.priority = priority;
    for (int i = 0; i < 2; ++i) {
      message_builder request(RTM_NEWRULE, NLM_F_REQUEST | NLM_F_CREATE | NLM_F_REPLACE);
      rule.encode(request);
      kernel_.request(request).check("RTM_NEWRULE");
    }
  }

  std::string random_line() {
    const auto below = [&](unsigned most) { return std::to_string(random_() % most); };
    const std::string verb = random_() % 2 == 0 ? "add" : "del";
    switch (random_() % 6) {
      case 0:
      case 1:
        return "rule " + verb + " pref 10" + below(8) + " table 7" + below(3);
      case 2:
        return "nexthop replace id " + std::to_string(1 + random_() % 6) + " via 192.0.2." +
               std::to_string(10 + random_() % 5) + " dev v0";
      case 3:
        return random_() % 3 == 0 ? "nexthop del id " + std::to_string(1 + random_() % 6)
                                  : "nexthop replace id 9" + below(2) + " group 1/2,3/3";
      case 4:
        return "neigh " + std::string(random_() % 3 == 0 ? "del" : "replace") + " 192.0.2.5" +
               below(8) + (random_() % 3 == 0 ? "" : " lladdr 02:00:00:00:00:0" + below(8)) +
               " dev v0 nud permanent";
      default:
        return random_() % 8 != 0 ? "rule " + verb + " pref 3000" + below(5) + " table 8"
                                  : std::string("link set v0 down\nlink set v0 up");
    }
  }

  void change() {
    std::string lines;
    for (int i = 0; i < 60; ++i) lines += random_line() + "\n";
    try {
      home().run({"ip", "-force", "-batch", "-"}, lines);
    } catch (const trivet::lab::command_error&) {
      // Some were refused.
    }
    add_rule_twice(static_cast<std::uint32_t>(500 + random_() % 3));
  }

  // Reads until nothing is to come.
  void settle(monitor& kernel) {
    do {
      while (const auto event = kernel.next(deadline::after(50ms))) {
        if (event->kind == event_kind::overrun) ++overruns_;
        if (event->kind == event_kind::added) ++balance_[event->object.index()];
        if (event->kind == event_kind::removed) --balance_[event->object.index()];
      }
    } while (!kernel.wake_up().is_never());
  }

  std::mt19937 random_{42};
  client kernel_{NETLINK_ROUTE};
  std::map<std::size_t, long> balance_;
  int overruns_ = 0;
};

TEST_P(churn, leaves_the_monitor_with_what_the_kernel_has) {
  monitor kernel({.what = objects::all, .receive_buffer = GetParam()});
  const auto sizes = [&] {
    const table& now = kernel.state();
    return std::map<std::size_t, long>{
        {kind_of<rtnl::neighbour>(), count(now.neighbours().size())},
        {kind_of<rtnl::rule>(), count(now.rules_v4().size() + now.rules_v6().size())},
        {kind_of<rtnl::nexthop>(), count(now.nexthops().size())},
        {kind_of<rtnl::route>(), count(now.route_count())}};
  };
  const auto before = sizes();
  for (int round = 0; round < 12 && !HasFailure(); ++round) {
    change();
    settle(kernel);
    EXPECT_EQ(rules_of(kernel.state().rules_v4()), rules_of_ip("-4")) << round;
    EXPECT_EQ(rules_of(kernel.state().rules_v6()), rules_of_ip("-6")) << round;
    EXPECT_EQ(nexthops_of(kernel.state()), nexthops_of_ip()) << round;
    EXPECT_EQ(neighbours_of(kernel.state()), neighbours_of_ip()) << round;
    EXPECT_EQ(difference_from_kernel(kernel.state()), "") << round;
    for (const auto& [kind, size] : sizes()) {
      EXPECT_EQ(size - before.at(kind), balance_[kind]) << "events of kind " << kind;
    }
  }
  EXPECT_GT(kernel.state().rules_v4().size(), 10U);
  EXPECT_EQ(overruns_ > 0, GetParam() == 4096) << overruns_;
  EXPECT_EQ(static_cast<std::uint64_t>(overruns_), kernel.statistics().overruns);
}

INSTANTIATE_TEST_SUITE_P(buffers, churn, ::testing::Values(4096, 8 << 20));

}  // namespace
}  // namespace trivet::netlink
