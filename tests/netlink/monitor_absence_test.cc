// The monitor where what is gone has to be found while other objects of its kind keep changing.
#include <fmt/core.h>
#include <gtest/gtest.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <atomic>
#include <functional>
#include <future>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/lab/links.h"
#include "tests/lab/namespace_test.h"
#include "tests/lab/syscall_gate.h"
#include "tests/netlink/monitor_lab.h"
#include "trivet/netlink/monitor.h"

namespace trivet::netlink {
namespace {

using namespace std::chrono_literals;

constexpr std::uint32_t many = 3000;  // routes; their dump has several pieces
constexpr std::uint32_t restless = 1U << 20;
constexpr std::uint32_t silent = 1U << 21;

class monitor_absence : public trivet::lab::namespace_test {
 protected:
  void SetUp() override {
    ip("link add v0 type veth peer name v1\nlink add w0 type veth peer name w1\n"
       "link set v1 up\nlink set v0 up\nlink set w1 up\nlink set w0 up\n"
       "addr add 192.0.2.1/24 dev v0\naddr add 2001:db8:ffff::1/64 dev w0 nodad");
    for (const char* name : {"v0", "v1", "w0", "w1"}) {
      trivet::lab::wait_until_running({home(), name});
    }
  }
  // Many commands of ip(8) at once.
  void ip(const std::string& lines) { home().run({"ip", "-batch", "-"}, lines + "\n"); }
};

// Until nothing is to come.
void settle(monitor& kernel) {
  do {
    while (kernel.next(deadline::after(50ms))) continue;
  } while (!kernel.wake_up().is_never());
}

bool is_removed_route(const event& e) {
  return e.kind == event_kind::removed && std::holds_alternative<difference<rtnl::route>>(e.object);
}

// Runs `read` in a thread, and `meanwhile` before each piece of an answer that the thread reads.
void with_changes(const std::function<void()>& read, const std::function<void()>& meanwhile) {
  std::promise<trivet::lab::syscall_gate> opened;
  std::thread reader([&] {
    // Answers come by recvfrom(2), notifications by recvmmsg(2).
    opened.set_value(trivet::lab::syscall_gate(SYS_recvfrom));
    read();
  });
  trivet::lab::syscall_gate gate = opened.get_future().get();
  gate.guard([&] {
    meanwhile();
    return 0;
  });
  reader.join();
}

TEST_F(monitor_absence, routes_of_a_link_that_goes_down_are_told_while_another_one_comes_and_goes) {
  route_maker staying(AF_INET, "w0"), going(AF_INET, "v0");
  staying.add(0, many);
  going.add(silent, 100);
  monitor kernel({.what = objects::route_v4});
  settle(kernel);
  const auto before = kernel.statistics().readings;
  ip("link set v0 down");
  std::size_t removed = 0;
  with_changes(
      [&] {
        const deadline until = deadline::after(20s);
        while (removed < 100) {
          const auto e = kernel.next(until);
          if (!e) return;
          const auto* const route = std::get_if<difference<rtnl::route>>(&e->object);
          removed += is_removed_route(*e) && route->before->destination->to_string() >= "10.32.";
        }
      },
      [&] { staying.toggle(restless); });
  EXPECT_EQ(removed, 100U);
  EXPECT_LE(kernel.statistics().readings - before, 3U);
  settle(kernel);
  EXPECT_EQ(difference_from_kernel(kernel.state()), "");
}

TEST_F(monitor_absence, links_neighbours_rules_and_nexthops_that_were_lost_are_told_likewise) {
  // As many as take several pieces.
  std::string add, remove, toggle[2];
  for (int i = 0; i < 700; ++i) {
    const std::string n = std::to_string(i / 250) + "." + std::to_string(i % 250);
    add += fmt::format(
        "neigh add 10.9.{} lladdr 02:00:00:00:00:01 dev w0 nud permanent\n"
        "rule add pref {} lookup 77\nnexthop add id {} dev w0\n",
        n, 1000 + i, i + 1);
    if (i % 100 == 50) {
      remove += fmt::format("neigh del 10.9.{} dev w0\nrule del pref {}\nnexthop del id {}\n", n,
                            1000 + i, i + 1);
    }
  }
  for (int i = 0; i < 2; ++i) {
    const std::string verb = i == 0 ? "add" : "del";
    toggle[i] = fmt::format(
        "neigh {0} 10.8.0.1 lladdr 02:00:00:00:00:01 dev w0\nrule {0} pref 500 lookup 78\n"
        "nexthop {0} id 5000{1}\nlink set w1 mtu 140{2}",
        verb, i == 0 ? " dev w0" : "", i);
  }
  ip(add + "link add gone type bridge");
  monitor kernel({.what = objects::all, .receive_buffer = 16384});
  settle(kernel);
  const auto readings = kernel.statistics().readings;
  std::string burst;
  for (int i = 0; i < 40; ++i) burst += "link set w1 alias a" + std::to_string(i) + "\n";
  ip(burst + remove + "link del gone");  // nobody reads the events
  int ends = 0, calls = 0;
  std::size_t removed = 0;
  with_changes(
      [&] {
        const deadline until = deadline::after(20s);
        while (removed < 3 * 7 + 1) {
          const auto e = kernel.next(until);
          if (!e) return;
          ends += e->kind == event_kind::resync_end;
          if (e->kind != event_kind::removed) continue;
          const auto* const rule = std::get_if<difference<rtnl::rule>>(&e->object);
          const auto* const nexthop = std::get_if<difference<rtnl::nexthop>>(&e->object);
          const auto* const neigh = std::get_if<difference<rtnl::neighbour>>(&e->object);
          const auto* const link = std::get_if<difference<rtnl::link>>(&e->object);
          removed += (rule != nullptr && rule->before->priority != 500U) ||
                     (nexthop != nullptr && nexthop->before->id != 5000U) ||
                     (neigh != nullptr && neigh->before->destination->to_string() != "10.8.0.1") ||
                     link != nullptr;
        }
      },
      [&] {
        if (++calls % 4 == 0) ip(toggle[(calls / 4 + 1) % 2]);
      });
  EXPECT_EQ(removed, 3 * 7 + 1U);
  EXPECT_LE(kernel.statistics().readings - readings, 9U) << ends << " resyncs";
  settle(kernel);
  EXPECT_EQ(difference_from_kernel(kernel.state()), "");
}

TEST_F(monitor_absence, a_resync_that_is_not_complete_is_followed_by_one_that_is) {
  route_maker routes(AF_INET, "w0");
  routes.add(0, many);
  monitor kernel({.what = objects::route_v4, .receive_buffer = 4096});
  settle(kernel);
  const auto before = kernel.statistics();
  routes.remove(1000, 1000);  // nobody reads the events
  std::atomic<bool> restless_now = true;
  std::size_t gone = 0;
  std::uint64_t lost = 0, sent = 1000;
  std::vector<event_kind> seen;
  std::vector<bool> complete;
  with_changes(
      [&] {
        const deadline until = deadline::after(20s);
        while (complete.empty() || !complete.back()) {
          const auto e = kernel.next(until);
          if (!e) return;
          gone += is_removed_route(*e);
          lost += e->lost;
          if (std::holds_alternative<std::monostate>(e->object)) seen.push_back(e->kind);
          if (e->kind != event_kind::resync_end) continue;
          complete.push_back(e->complete);
          EXPECT_GE(gone, 1000U) << "told with the first";
          restless_now = false;
        }
      },
      [&] {
        if (!restless_now) return;
        routes.toggle(restless);
        ++sent;
      });
  EXPECT_EQ(complete, (std::vector{false, true}));
  using enum event_kind;
  EXPECT_EQ(seen, (std::vector{overrun, resync_begin, resync_end, resync_begin, resync_end}));
  EXPECT_LE(kernel.statistics().readings - before.readings, 6U);
  settle(kernel);
  EXPECT_EQ(kernel.statistics().messages - before.messages + lost, sent);
  EXPECT_EQ(difference_from_kernel(kernel.state()), "");
}

TEST_F(monitor_absence, losses_without_end_take_few_readings_and_each_is_told) {
  route_maker routes(AF_INET, "w0");
  routes.add(0, many);
  monitor kernel({.what = objects::route_v4, .receive_buffer = 4096});
  settle(kernel);
  const auto before = kernel.statistics();
  std::uint64_t lost = 0, told = 0, sent = 0, begins = 0, ends = 0;
  bool complete = true;
  const auto take = [&](deadline until) {
    while (const auto e = kernel.next(until)) {
      lost += e->lost;
      told += e->kind == event_kind::overrun;
      begins += e->kind == event_kind::resync_begin;
      ends += e->kind == event_kind::resync_end;
      if (e->kind == event_kind::resync_end) complete = e->complete;
    }
  };
  constexpr std::uint64_t bursts = 100;
  for (std::uint64_t i = 0; i < bursts; ++i) {
    routes.add(restless, 64);
    routes.remove(restless, 64);
    sent += 128;
    take(deadline::immediate());
  }
  const auto after = kernel.statistics();
  EXPECT_EQ(after.overruns - before.overruns, bursts);
  EXPECT_EQ(told, bursts) << "at once";
  EXPECT_EQ(after.messages - before.messages + lost, sent) << "each is read, or counted as lost";
  EXPECT_LE(after.readings - before.readings, bursts / 4);
  do {
    take(deadline::after(50ms));
  } while (!kernel.wake_up().is_never());
  EXPECT_TRUE(complete);
  EXPECT_EQ(begins, ends);
  EXPECT_EQ(difference_from_kernel(kernel.state()), "");
}

// An addition has the kernel go back as many IPv6 routes as were added before its place.
TEST_F(monitor_absence, a_dump_that_never_ends_is_given_up) {
  route_maker later(AF_INET6, "w0"), earlier(AF_INET6, "w0");
  later.add(1U << 20, 1000);
  monitor kernel({.what = objects::route_v6});
  settle(kernel);
  const auto before = kernel.statistics().readings;
  ip("link set w0 mtu 1400");  // has the routes read again
  std::atomic<bool> over = false;
  std::uint32_t added = 0;
  with_changes(
      [&] {
        const deadline until = deadline::after(20s);
        while (kernel.statistics().readings == before && kernel.next(until)) continue;
        over = true;
      },
      [&] {
        if (over || added >= 100'000) return;
        earlier.add(std::exchange(added, added + 500), 500);
      });
  EXPECT_EQ(kernel.statistics().readings, before + 1);
  EXPECT_LT(added, 50'000U) << "it went on for as long as routes were added";
  settle(kernel);
  EXPECT_EQ(difference_from_kernel(kernel.state()), "");
}

}  // namespace
}  // namespace trivet::netlink
