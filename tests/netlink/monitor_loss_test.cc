// The monitor where notifications are cut, malformed or lost at the worst moment, and where the
// kernel is slower than its event.
#include <gtest/gtest.h>
#include <linux/filter.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <future>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/lab/kernel.h"
#include "tests/lab/namespace_test.h"
#include "tests/lab/privilege.h"
#include "tests/lab/syscall_gate.h"
#include "tests/lab/wait.h"
#include "trivet/base/so.h"
#include "trivet/netlink/monitor.h"
#include "trivet/netlink/socket.h"

namespace trivet::netlink {
namespace {

using namespace std::chrono_literals;

class monitor_loss : public trivet::lab::namespace_test {
 protected:
  // Many commands of ip(8) at once.
  void ip(const std::string& lines) { home().run({"ip", "-batch", "-"}, lines + "\n"); }
};

// Until nothing has come for a while: what is known is then in the state.
void settle(monitor& kernel) {
  while (kernel.next(deadline::after(100ms))) continue;
}

// The next change of a link's MTU; others are passed over, and their kinds noted.
bool wait_for_mtu(monitor& kernel, std::int32_t index, std::uint32_t mtu,
                  std::vector<event_kind>* passed = nullptr) {
  const deadline until = deadline::after(trivet::lab::patience);
  while (const auto e = kernel.next(until)) {
    const auto* link = std::get_if<difference<rtnl::link>>(&e->object);
    if (link != nullptr && link->after && link->after->index == index && link->after->mtu == mtu) {
      return true;
    }
    if (passed != nullptr) passed->push_back(e->kind);
  }
  return false;
}

// A link whose message is longer than 64 KiB, by its alternative names.
std::int32_t add_long_link(const trivet::lab::net_namespace& where) {
  std::string lines = "link add v0 type veth peer name v1\n";
  for (int i = 0; i < 496; ++i) {
    lines += "link property add dev v0 altname n" + std::to_string(1000 + i) +
             std::string(122, 'x') + "\n";
  }
  where.run({"ip", "-batch", "-"}, lines);
  return static_cast<std::int32_t>(::if_nametoindex("v0"));
}

TEST_F(monitor_loss, a_notification_that_does_not_fit_is_lost_and_the_next_one_fits) {
  const std::int32_t index = add_long_link(home());
  monitor kernel({.what = objects::link});
  settle(kernel);
  ASSERT_EQ(kernel.state().links().size(), 3U);
  ASSERT_EQ(kernel.statistics().overruns, 0U);
  ip("link set v0 mtu 1400");
  std::vector<event_kind> passed;
  ASSERT_TRUE(wait_for_mtu(kernel, index, 1400, &passed));
  EXPECT_EQ(kernel.statistics().overruns, 1U) << "it was taken for a whole one";
  EXPECT_EQ(kernel.statistics().malformed, 0U);
  EXPECT_EQ(passed, (std::vector{event_kind::overrun, event_kind::resync_begin}));
  settle(kernel);
  const monitor_statistics before = kernel.statistics();
  ip("link set v0 mtu 1300");
  ASSERT_TRUE(wait_for_mtu(kernel, index, 1300));
  EXPECT_EQ(kernel.statistics().overruns, before.overruns) << "the room for one did not grow";
  EXPECT_EQ(kernel.statistics().readings, before.readings);
}

TEST_F(monitor_loss, what_a_malformed_notification_was_about_is_read) {
  monitor kernel({.what = objects::link});
  settle(kernel);
  // A filter cuts what it lets through: the message says that it is longer than it is.
  const ::sock_filter cut[] = {{BPF_RET | BPF_K, 0, 0, 40}};
  const ::sock_fprog program{1, const_cast<::sock_filter*>(cut)};
  ASSERT_EQ(
      ::setsockopt(kernel.native_handle(), SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program),
      0);
  ip("link set lo mtu 1400");
  EXPECT_TRUE(wait_for_mtu(kernel, 1, 1400));
  EXPECT_EQ(kernel.statistics().malformed, 1U);
  EXPECT_EQ(kernel.statistics().overruns, 0U);
}

// net.core.rmem_max is no bound for root, and the most that others get.
TEST_F(monitor_loss, the_receive_buffer_is_as_large_as_may_be) {
  constexpr int wanted = 8 << 20;
  socket plain(NETLINK_ROUTE);
  const int untouched = plain.get<so::rcvbuf>();
  std::error_code not_permitted;
  plain.set(so::rcvbufforce{wanted}, not_permitted);
  if (not_permitted) plain.set(so::rcvbuf{wanted});  // in a user namespace
  EXPECT_EQ(monitor({.receive_buffer = wanted}).receive_buffer(), plain.get<so::rcvbuf>());
  EXPECT_EQ(trivet::lab::as_nobody([untouched] {
              socket other(NETLINK_ROUTE);
              other.set(so::rcvbuf{wanted});
              const int most = other.get<so::rcvbuf>();
              EXPECT_GT(most, untouched);
              EXPECT_LT(most, 2 * wanted);
              EXPECT_EQ(monitor({.receive_buffer = wanted}).receive_buffer(), most);
              return 0;
            }),
            0);
}

// The kernel counts routes of one prefix when it goes on with a dump: where an earlier one goes in
// between, it passes over one that stays, and flags nothing. The event that would tell is lost.
TEST_F(monitor_loss, what_is_read_during_an_overrun_takes_nothing_away) {
  std::string lines =
      "link add v0 type veth peer name v1\nlink set v0 up\nlink set v1 up\n"
      "addr add 192.0.2.1/24 dev v0\n";
  for (int metric = 1; metric <= 1010; ++metric) {
    lines += "route add 198.51.100.0/24 via 192.0.2.2 metric " + std::to_string(metric) + "\n";
  }
  ip(lines);
  monitor kernel({.what = objects::route_v4, .receive_buffer = 4096});
  settle(kernel);
  const std::size_t known = kernel.state().route_count();

  std::promise<trivet::lab::syscall_gate> opened;
  std::vector<std::uint32_t> removed;
  std::size_t added = 0;
  bool complete = false;
  std::thread reader([&] {
    // Answers come by recvfrom(2), notifications by recvmmsg(2).
    opened.set_value(trivet::lab::syscall_gate(SYS_recvfrom));
    const deadline until = deadline::after(trivet::lab::patience);
    while (!complete) {
      const auto e = kernel.next(until);
      if (!e) return;
      const auto* route = std::get_if<difference<rtnl::route>>(&e->object);
      if (route != nullptr && e->kind == event_kind::removed) {
        removed.push_back(route->newest()->metric.value_or(0));
      }
      added += route != nullptr && e->kind == event_kind::added;
      complete = e->kind == event_kind::resync_end && e->complete;
    }
  });
  trivet::lab::syscall_gate gate = opened.get_future().get();
  ip("link set v0 mtu 1400");  // has the routes read again
  std::string burst;
  for (int i = 0; i < 40; ++i) burst += "link set v1 alias a" + std::to_string(i) + "\n";
  int calls = 0;
  gate.guard([&] {
    // Two of them wait for writers; then the dump is under way, two of its three pieces made.
    if (++calls == 4) ip(burst + "route del 198.51.100.0/24 metric 1");
    return 0;
  });
  reader.join();
  EXPECT_TRUE(complete) << "no overrun";
  EXPECT_GT(calls, 4);
  EXPECT_EQ(removed, std::vector<std::uint32_t>{1}) << "one that stays was taken for gone";
  EXPECT_EQ(added, 0U);
  EXPECT_EQ(kernel.state().route_count(), known - 1);
}

// A program that goes on after an exception has lost nothing: neither what came while the state was
// read nor that it is to be read.
TEST_F(monitor_loss, a_reading_that_fails_is_made_again) {
  ip("link add v0 type veth peer name v1\nlink set v0 up\nlink set v1 up");
  monitor kernel({.what = objects::link | objects::route_v4});
  settle(kernel);
  int failures = 0;
  bool found = false;
  std::promise<trivet::lab::syscall_gate> opened;
  std::thread reader([&] {
    opened.set_value(trivet::lab::syscall_gate(SYS_recvfrom));
    while (!found && failures < 2) {
      try {
        found = wait_for_mtu(kernel, static_cast<std::int32_t>(::if_nametoindex("v1")), 1300);
        if (!found) return;
      } catch (const socket_error& error) {
        EXPECT_EQ(error.code().value(), EIO);
        ++failures;
      }
    }
  });
  trivet::lab::syscall_gate gate = opened.get_future().get();
  ip("link set v0 mtu 1400");  // has the routes read again
  int calls = 0;
  gate.guard([&] {
    // Two of them wait for writers; after the first piece of the dump, what came is taken.
    if (++calls == 3) ip("link set v1 mtu 1300");
    return calls == 4 ? EIO : 0;
  });
  reader.join();
  EXPECT_EQ(failures, 1);
  EXPECT_TRUE(found) << "the notification went with the reading";
}

TEST_F(monitor_loss, a_resync_that_fails_is_begun_again) {
  ip("link add v0 type veth peer name v1\nlink set v0 up\nlink set v1 up");
  monitor kernel({.what = objects::link, .receive_buffer = 4096});
  settle(kernel);
  std::vector<event_kind> seen;
  int failures = 0;
  std::promise<trivet::lab::syscall_gate> opened;
  std::promise<void> overflown;
  std::thread reader([&] {
    opened.set_value(trivet::lab::syscall_gate(SYS_recvfrom));
    overflown.get_future().wait();
    const deadline until = deadline::after(trivet::lab::patience);
    while (failures < 3) {
      try {
        const auto e = kernel.next(until);
        if (!e) return;
        if (!std::holds_alternative<std::monostate>(e->object)) continue;
        seen.push_back(e->kind);
        if (e->kind == event_kind::resync_end) return;
      } catch (const socket_error& error) {
        EXPECT_EQ(error.code().value(), EIO);
        ++failures;
      }
    }
  });
  trivet::lab::syscall_gate gate = opened.get_future().get();
  std::string burst;
  for (int i = 0; i < 40; ++i) burst += "link set v1 alias a" + std::to_string(i) + "\n";
  ip(burst + "link set v1 mtu 1300");
  overflown.set_value();
  int calls = 0;
  gate.guard([&] { return ++calls == 3 || calls == 5 ? EIO : 0; });
  reader.join();
  EXPECT_EQ(failures, 2);
  EXPECT_EQ(seen,
            (std::vector{event_kind::overrun, event_kind::resync_begin, event_kind::resync_end}));
  const rtnl::link* changed =
      kernel.state().find_link(static_cast<std::int32_t>(::if_nametoindex("v1")));
  ASSERT_NE(changed, nullptr);
  EXPECT_EQ(changed->mtu, 1300U);
}

// The link's event comes first; then the kernel deletes its routes, without an event and for longer
// than the monitor waits before it reads them.
TEST_F(monitor_loss, routes_are_read_after_the_kernel_has_deleted_them) {
  // A kernel of one processor does it at one go, whatever their number.
  const std::size_t count = trivet::lab::kernel() == "host" ? 100'000 : 5'000;
  std::string lines = "link set lo up\n";
  for (std::size_t i = 0; i < count; ++i) {
    lines += "route add 10." + std::to_string(i / 65536) + "." + std::to_string(i / 256 % 256) +
             "." + std::to_string(i % 256) + " dev lo\n";
  }
  ip(lines);
  monitor kernel({.what = objects::route_v4, .tables = {RT_TABLE_MAIN}});
  settle(kernel);
  ASSERT_EQ(kernel.state().route_count(), count);
  std::thread writer([&] { ip("link set lo down"); });
  // With the first reading all of them are gone.
  EXPECT_TRUE(kernel.next(deadline::after(trivet::lab::patience)));
  settle(kernel);
  writer.join();
  EXPECT_EQ(kernel.state().route_count(), 0U) << "routes that are gone";
}

}  // namespace
}  // namespace trivet::netlink
