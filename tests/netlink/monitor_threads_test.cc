// Snapshots that several threads read while a monitor goes on, and another thread changes the
// kernel's state. What thread sanitizer says of it counts.
#include <fmt/core.h>
#include <gtest/gtest.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/lab/links.h"
#include "tests/lab/namespace_test.h"
#include "tests/netlink/monitor_lab.h"
#include "trivet/netlink/monitor.h"

namespace trivet::netlink {
namespace {

using namespace std::chrono_literals;

class monitor_threads : public trivet::lab::namespace_test {};

// What reading all of a state comes to; it must not change.
std::size_t measure(const table& state) {
  std::size_t sum = 0;
  for (const auto& [index, link] : state.links()) sum += link->name.value_or("").size();
  for (const auto& [key, address] : state.addresses()) sum += address->prefix_length;
  for (const auto& [key, neighbour] : state.neighbours())
    sum += neighbour->destination->bytes().size();
  for (const auto& [id, nexthop] : state.nexthops()) sum += id;
  for (const auto& rule : state.rules_v4()) sum += rule->priority.value_or(0);
  for (const auto& rule : state.rules_v6()) sum += rule->priority.value_or(0);
  for (const route_view r : state.routes_v4()) sum += r.decode().destination_length;
  for (const route_view r : state.routes_v6()) sum += r.decode().destination_length;
  sum += state.lookup(RT_TABLE_MAIN, rtnl::network_address::parse("192.0.2.7")).has_value();
  return sum;
}

TEST_F(monitor_threads, snapshots_stay_as_they_are_while_the_state_changes) {
  home().run({"ip", "-batch", "-"},
             "link add v0 type veth peer name v1\nlink set v1 up\nlink set v0 up\n"
             "addr add 192.0.2.1/24 dev v0\n");
  trivet::lab::wait_until_running({home(), "v0"});
  monitor kernel({.what = objects::all});
  std::mutex guard;
  std::shared_ptr<const table> latest = kernel.state().snapshot();
  std::atomic<bool> over = false;
  std::atomic<int> rounds_read = 0;

  std::thread writer([&] {
    route_maker routes(AF_INET, "v0");
    for (int round = 0; round < 12; ++round) {
      std::string lines = fmt::format(
          "link set v1 mtu {}\nlink add d{} type bridge\nrule add pref 50{} lookup 77\n"
          "neigh add 192.0.2.1{} lladdr 02:00:00:00:00:01 dev v0\nnexthop add id {} dev v0\n",
          1410 + round, round, round, round, round + 1);
      if (round % 3 == 2) {
        lines += fmt::format("link set v1 down\nlink set v1 up\nlink del d{}\n", round);
      }
      home().run({"ip", "-batch", "-"}, lines);
      const auto first = static_cast<std::uint32_t>(100 * round);
      routes.add(first, 100);
      routes.remove(first, 50);
      // So that each round is read by somebody.
      const int before = rounds_read;
      while (rounds_read < before + 3) std::this_thread::yield();
    }
    over = true;
  });
  std::vector<std::thread> readers;
  readers.reserve(3);
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&] {
      while (!over) {
        std::shared_ptr<const table> mine;
        {
          const std::lock_guard lock(guard);
          mine = latest;
        }
        const std::size_t once = measure(*mine);
        EXPECT_EQ(measure(*mine), once);
        ++rounds_read;
      }
    });
  }
  const auto publish = [&] {
    auto now = kernel.state().snapshot();
    const std::lock_guard lock(guard);
    latest = std::move(now);
  };
  while (!over) {
    for (int i = 0; i < 100 && kernel.next(deadline::after(10ms)); ++i) continue;
    publish();
  }
  writer.join();
  for (std::thread& reader : readers) reader.join();
  do {
    while (kernel.next(deadline::after(50ms))) continue;
  } while (!kernel.wake_up().is_never());
  EXPECT_EQ(difference_from_kernel(kernel.state()), "");
}

}  // namespace
}  // namespace trivet::netlink
