// The monitor of many namespaces on a real kernel.
#include "trivet/netlink/namespace_monitor.h"

#include <gtest/gtest.h>
#include <linux/capability.h>
#include <poll.h>
#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <random>
#include <string>
#include <thread>

#include "tests/lab/command.h"
#include "tests/lab/links.h"
#include "tests/lab/namespace_test.h"
#include "tests/lab/privilege.h"

namespace trivet::netlink {
namespace {

using namespace std::chrono_literals;
using kind = namespace_event_kind;
using trivet::lab::net_namespace;

using netlink_namespace_monitor = trivet::lab::namespace_test;

// "blue: added link v0", "blue: appeared", "lab1: overrun"
std::string text(const std::optional<namespace_event>& told) {
  if (!told) return "nothing";
  const std::string where = told->where->label() + ": ";
  switch (told->kind) {
    case kind::appeared:
      return where + "appeared";
    case kind::vanished:
      return where + "vanished";
    case kind::renamed:
      return where + "renamed";
    case kind::failed:
      return where + "failed";
    case kind::inside:
      break;
  }
  switch (told->inside.kind) {
    case event_kind::overrun:
      return where + "overrun";
    case event_kind::resync_begin:
      return where + "resync";
    case event_kind::resync_end:
      return where + "resynced";
    default:
      break;
  }
  const std::string word = told->inside.kind == event_kind::added     ? "added"
                           : told->inside.kind == event_kind::removed ? "removed"
                                                                      : "changed";
  if (const auto* link = std::get_if<difference<rtnl::link>>(&told->inside.object)) {
    return where + word + " link " + link->newest()->name.value_or("?");
  }
  if (const auto* address = std::get_if<difference<rtnl::address>>(&told->inside.object)) {
    return where + word + " addr " + address->newest()->own()->to_string();
  }
  return where + word;
}

std::string wait_for(namespace_monitor& all, const std::string& wanted) {
  const deadline until = deadline::after(20s);
  std::string passed = "not among:";
  while (const auto told = all.next(until)) {
    std::string got = text(told);
    if (got == wanted) return got;
    passed += " " + got + ",";
  }
  return passed;
}

// All that there is to tell, and what was put in doubt settled.
std::vector<std::string> tell_all(namespace_monitor& all) {
  std::vector<std::string> list;
  do {
    while (const auto told = all.next(deadline::after(50ms))) list.push_back(text(told));
  } while (!all.wake_up().is_never());
  return list;
}

// `ip -n NAME` with the words of a line.
void ip(const net_namespace& space, const std::string& line) {
  space.run({"ip", "-batch", "-"}, line + "\n");
}

// What a monitor made now in the namespace knows, and the other does not, or the other way round.
differences differing(const table& known, const net_namespace& space) {
  const monitor fresh = network_namespace::by_name(space.name()).run([] { return monitor(); });
  table state = known;
  differences list;
  state.replace(objects::basic, table(fresh.state()), objects::none, list);
  return list;
}

std::size_t lines_of_ip(const net_namespace& space, const lab::arguments& words) {
  lab::arguments argv = {"ip", "-n", space.name(), "-o"};
  argv.insert(argv.end(), words.begin(), words.end());
  const std::string lines = lab::run(argv);
  return static_cast<std::size_t>(std::count(lines.begin(), lines.end(), '\n'));
}

// What is not as `ip` and a new monitor have it; nothing where all is.
std::string difference_to(const namespace_monitor& all, const net_namespace& space) {
  const table* const known = all.find(space.name());
  if (known == nullptr) return space.name() + " is not watched";
  std::string result;
  const auto compare = [&](const char* what, std::size_t here, std::size_t there) {
    if (here == there) return;
    result += " " + std::to_string(here) + " " + what + " and not " + std::to_string(there);
  };
  compare("differences", differing(*known, space).size(), 0);
  compare("links", known->links().size(), lines_of_ip(space, {"link"}));
  compare("addresses", known->addresses().size(), lines_of_ip(space, {"addr"}));
  compare("IPv4 routes", known->routes_v4().size(),
          lines_of_ip(space, {"-4", "route", "show", "table", "all"}));
  compare("IPv6 routes", known->routes_v6().size(),
          lines_of_ip(space, {"-6", "route", "show", "table", "all"}));
  return result.empty() ? result : space.name() + ":" + result;
}

TEST_F(netlink_namespace_monitor, knows_the_state_of_all_of_them_and_tells_where_it_changes) {
  const net_namespace blue("blue"), green("green");
  ip(blue, "link set lo mtu 1234");
  namespace_monitor all;
  EXPECT_EQ(tell_all(all), std::vector<std::string>()) << "the beginning is no news";
  ASSERT_EQ(all.spaces().size(), 3U);
  for (const auto& space : all.spaces()) ASSERT_NE(space.state, nullptr);
  EXPECT_EQ(all.find("blue")->find_link(1)->mtu, 1234U);
  EXPECT_EQ(all.find("nowhere"), nullptr);
  EXPECT_EQ(difference_to(all, blue), "");
  EXPECT_EQ(difference_to(all, home()), "");
  ip(green, "link set lo mtu 1400");
  EXPECT_EQ(text(all.next(deadline::after(20s))), "green: changed link lo");
  ip(home(), "link set lo mtu 1400");
  EXPECT_EQ(text(all.next(deadline::after(20s))), home().name() + ": changed link lo");
  ip(blue, "addr add 192.0.2.1/32 dev lo");
  EXPECT_EQ(wait_for(all, "blue: added addr 192.0.2.1"), "blue: added addr 192.0.2.1");
  EXPECT_EQ(all.statistics().appeared, 3U);
}

TEST_F(netlink_namespace_monitor, tells_of_those_that_come_what_is_in_them_and_of_those_that_go) {
  namespace_monitor all({.each = {.what = objects::link | objects::address_v4}});
  {
    const net_namespace blue("blue");
    EXPECT_EQ(tell_all(all), (std::vector<std::string>{"blue: appeared", "blue: added link lo",
                                                       "blue: added addr 127.0.0.1"}));
    ip(blue, "addr add 192.0.2.1/32 dev lo");
    // Nobody has read that when the namespace goes.
  }
  EXPECT_EQ(tell_all(all),
            (std::vector<std::string>{"blue: added addr 192.0.2.1", "blue: vanished"}));
  EXPECT_EQ(all.find("blue"), nullptr);
  EXPECT_EQ(all.statistics().appeared, 2U);
  EXPECT_EQ(all.statistics().vanished, 1U);
}

TEST_F(netlink_namespace_monitor, tells_the_names_of_a_namespace) {
  namespace_monitor all({.each = {.what = objects::link}});
  const net_namespace blue("blue");
  EXPECT_EQ(wait_for(all, "blue: added link lo"), "blue: added link lo");
  lab::run({"sh", "-c", "touch /run/netns/azure && mount --bind /run/netns/blue /run/netns/azure"});
  EXPECT_EQ(text(all.next(deadline::after(20s))), "azure: renamed");
  EXPECT_NE(all.find("blue"), nullptr);
  EXPECT_EQ(all.find("blue"), all.find("azure"));
  ip(blue, "link set lo mtu 1234");
  EXPECT_EQ(text(all.next(deadline::after(20s))), "azure: changed link lo");
  lab::run({"sh", "-c", "umount -l /run/netns/azure && rm /run/netns/azure"});
  EXPECT_EQ(text(all.next(deadline::after(20s))), "blue: renamed");
}

TEST_F(netlink_namespace_monitor, has_the_number_of_a_namespace) {
  const net_namespace blue("blue");
  home().run({"ip", "netns", "set", "blue", "77"});
  namespace_monitor all;
  for (const auto& space : all.spaces()) {
    EXPECT_EQ(space.where->id,
              space.where->own ? std::optional<std::int32_t>() : std::optional<std::int32_t>(77));
    EXPECT_EQ(space.where->identity.inode,
              network_namespace::by_name(space.where->label()).inode());
  }
}

TEST_F(netlink_namespace_monitor, has_the_number_that_a_namespace_got_later) {
  namespace_monitor all({.each = {.what = objects::link}});
  std::vector<std::optional<std::int32_t>> numbers;
  const auto wait_for_kind = [&](kind wanted) {
    const deadline until = deadline::after(20s);
    std::optional<namespace_event> told;
    while ((told = all.next(until)) && told->kind != wanted) continue;
    ASSERT_TRUE(told);
    numbers.push_back(told->where->id);
  };
  {
    const net_namespace blue("blue");
    wait_for_kind(kind::appeared);
    home().run({"ip", "netns", "set", "blue", "77"});
    lab::run(
        {"sh", "-c", "touch /run/netns/azure && mount --bind /run/netns/blue /run/netns/azure"});
    wait_for_kind(kind::renamed);
    lab::run({"sh", "-c", "umount -l /run/netns/azure && rm /run/netns/azure"});
    wait_for_kind(kind::renamed);
  }
  wait_for_kind(kind::vanished);
  EXPECT_EQ(numbers, (std::vector<std::optional<std::int32_t>>{{}, 77, 77, 77}));
}

TEST_F(netlink_namespace_monitor, keeps_no_namespace_alive) {
  namespace_monitor all({.each = {.what = objects::link}});
  {
    const net_namespace blue("blue");
    ip(home(), "link add v0 type veth peer name v1 netns blue");
    EXPECT_EQ(wait_for(all, "blue: added link v1"), "blue: added link v1");
  }
  // The link goes with its peer, which goes with its namespace.
  EXPECT_EQ(wait_for(all, "blue: vanished"), "blue: vanished");
  EXPECT_EQ(wait_for(all, home().name() + ": removed link v0"),
            home().name() + ": removed link v0");
}

TEST_F(netlink_namespace_monitor, lets_go_of_a_namespace_that_a_process_is_still_in) {
  auto blue = std::make_unique<net_namespace>("blue");
  const auto process = blue->start({"sh", "-c", "exec sleep 1000"});
  namespace_monitor all({.each = {.what = objects::link}});
  EXPECT_EQ(all.spaces().size(), 2U);
  blue.reset();
  EXPECT_EQ(tell_all(all), std::vector<std::string>{"blue: vanished"});
}

TEST_F(netlink_namespace_monitor, lets_a_storm_in_one_not_keep_back_another) {
  const net_namespace blue("blue"), green("green");
  namespace_monitor all({.each = {.what = objects::address}});
  std::string lines;
  for (int i = 0; i < 5000; ++i) {
    lines +=
        "addr add 10.0." + std::to_string(i / 250) + "." + std::to_string(i % 250) + "/32 dev lo\n";
  }
  home().run({"ip", "-batch", "-"}, lines);
  ip(blue, "addr add 192.0.2.1/32 dev lo");
  ip(green, "addr add 192.0.2.2/32 dev lo");
  std::size_t place = 0, last = 0, seen = 0;
  while (const auto told = all.next(deadline::after(100ms))) {
    ++place;
    if (text(told) == "blue: added addr 192.0.2.1" || text(told) == "green: added addr 192.0.2.2") {
      last = place;
      ++seen;
    }
  }
  EXPECT_GE(place, 5002U);
  EXPECT_EQ(seen, 2U);
  EXPECT_LE(last, 600U);
}

TEST_F(netlink_namespace_monitor, loses_and_reads_again_only_what_it_has_to) {
  const net_namespace blue("blue"), green("green");
  namespace_monitor all({.each = {.what = objects::address, .receive_buffer = 4096}});
  std::string lines;
  for (int i = 0; i < 500; ++i)
    lines += "addr add 10.0.1." + std::to_string(i % 250) + "/3" + std::to_string(1 + i / 250) +
             " dev lo\n";
  blue.run({"ip", "-batch", "-"}, lines);
  ip(green, "addr add 192.0.2.2/32 dev lo");
  const auto told = tell_all(all);
  EXPECT_EQ(std::count(told.begin(), told.end(), "blue: overrun"), 1);
  EXPECT_EQ(std::count(told.begin(), told.end(), "blue: resync"), 1);
  EXPECT_EQ(std::count(told.begin(), told.end(), "blue: resynced"), 1);
  EXPECT_EQ(std::count(told.begin(), told.end(), "green: added addr 192.0.2.2"), 1);
  EXPECT_EQ(std::count_if(told.begin(), told.end(),
                          [](const std::string& one) { return one.starts_with("green"); }),
            1);
  EXPECT_EQ(all.statistics().inside.overruns, 1U);
  EXPECT_EQ(all.find("blue")->addresses().size(), 502U);
}

TEST_F(netlink_namespace_monitor, without_privilege_watches_its_own_and_names_the_others) {
  const net_namespace blue("blue");
  EXPECT_EQ(
      lab::without({CAP_SYS_ADMIN},
                   [&] {
                     namespace_monitor all;
                     const auto refused = all.next(deadline::immediate());
                     EXPECT_EQ(text(refused), "blue: failed");
                     EXPECT_EQ(refused->error.value(), EPERM);
                     EXPECT_NE(refused->problem.find("enter network namespace"), std::string::npos)
                         << refused->problem;
                     EXPECT_NE(refused->problem.find("CAP_SYS_ADMIN"), std::string::npos);
                     EXPECT_EQ(all.next(deadline::immediate()), std::nullopt);
                     EXPECT_TRUE(all.wake_up().is_never()) << "it would fail again";
                     EXPECT_EQ(all.find("blue"), nullptr);
                     EXPECT_EQ(all.spaces().size(), 2U);
                     lab::run({"ip", "link", "set", "lo", "mtu", "1300"});
                     EXPECT_EQ(text(all.next(deadline::after(20s))),
                               home().name() + ": changed link lo");
                     EXPECT_EQ(all.statistics().failed, 1U);
                     return 0;
                   }),
      0);
}

std::ptrdiff_t open_files() {
  return std::distance(std::filesystem::directory_iterator("/proc/self/fd"),
                       std::filesystem::directory_iterator());
}

// UBSan's check of a class opens a pipe when it first sees an object of it; later it knows the
// class.
void show_errors_to_the_sanitizer() {
  try {
    throw_socket_error(std::error_code(EMFILE, std::system_category()), "a socket");
  } catch (const std::system_error& error) {
    EXPECT_NE(error.what(), error.code().message());
  }
}

TEST_F(netlink_namespace_monitor, out_of_descriptors_says_so_and_tries_again) {
  EXPECT_EQ(lab::in_child([&] {
              show_errors_to_the_sanitizer();
              namespace_monitor all({.each = {.what = objects::link}});
              const net_namespace blue("blue");
              ::rlimit limit{};
              ::getrlimit(RLIMIT_NOFILE, &limit);
              const auto enough = limit.rlim_cur;
              const int next = ::dup(0);
              ::close(next);
              limit.rlim_cur = static_cast<::rlim_t>(next) + 2;  // one short of what it takes
              ::setrlimit(RLIMIT_NOFILE, &limit);
              const auto refused = all.next(deadline::after(20s));
              EXPECT_EQ(text(refused), "blue: failed");
              EXPECT_EQ(refused->error.value(), EMFILE) << refused->problem;
              limit.rlim_cur = enough;
              ::setrlimit(RLIMIT_NOFILE, &limit);
              EXPECT_EQ(text(all.next(deadline::after(20s))), "blue: appeared");
              EXPECT_EQ(text(all.next(deadline::after(20s))), "blue: added link lo");
              return 0;
            }),
            0);
}

TEST_F(netlink_namespace_monitor, wakes_an_event_loop_and_is_idle_where_nothing_happens) {
  namespace_monitor all;
  const auto readable = [&](int milliseconds) {
    ::pollfd file{all.native_handle(), POLLIN, 0};
    return ::poll(&file, 1, milliseconds);
  };
  while (all.next(deadline::after(50ms))) continue;
  EXPECT_TRUE(all.wake_up().is_never());
  EXPECT_EQ(readable(50), 0);
  std::thread other([] { lab::run({"ip", "netns", "add", "blue"}); });
  std::string told;
  while (told.find("blue: appeared") == std::string::npos) {
    ASSERT_EQ(readable(20'000), 1) << told;
    while (const auto event = all.next(deadline::immediate())) told += text(event) + ",";
  }
  other.join();
  lab::run({"ip", "netns", "del", "blue"});
  ASSERT_EQ(readable(20'000), 1);
  EXPECT_EQ(wait_for(all, "blue: vanished"), "blue: vanished");
}

// Namespaces come and go while links flap and routes are added in others.
class namespace_churn : public lab::namespace_test, public testing::WithParamInterface<int> {
 protected:
  std::string below(unsigned most) { return std::to_string(random_() % most); }

  void change(const net_namespace& space) {
    std::string lines;
    for (int i = 0; i < 40; ++i) {
      switch (random_() % 5) {
        case 0:
          lines += "link set v0 down\nlink set v0 up\n";
          break;
        case 1:
          lines += "addr " + std::string(random_() % 2 == 0 ? "add" : "del") + " 192.0.2." +
                   below(20) + "/24 dev v0\n";
          break;
        default:
          lines += "route " + std::string(random_() % 3 == 0 ? "del" : "replace") + " 10." +
                   below(4) + "." + below(100) + ".0/24 dev v" + below(2) + "\n";
          break;
      }
    }
    (void)space.try_run({"ip", "-force", "-batch", "-"}, lines);
  }

  void appear() {
    auto space = std::make_unique<net_namespace>("c" + std::to_string(count_++));
    ip(*space, "link add v0 type veth peer name v1\nlink set v0 up\nlink set v1 up");
    living_.push_back(std::move(space));
  }

  std::mt19937 random_{42};
  std::vector<std::unique_ptr<net_namespace>> living_;
  int count_ = 0;
};

TEST_P(namespace_churn, leaves_every_table_as_the_kernel_has_it) {
  // A program takes its time to start on an emulated kernel.
  const char* const kernel = std::getenv("TRIVET_LAB_KERNEL");
  const int rounds = kernel != nullptr && std::string(kernel) == "host" ? 4 : 1;
  const auto files = open_files();
  std::map<std::string, long> links;  // as the events add up
  long overruns = 0, resyncs = 0;
  {
    for (int i = 0; i < 4; ++i) appear();
    namespace_monitor all({.each = {.receive_buffer = GetParam()}});
    for (const auto& space : all.spaces()) {
      links[space.where->label()] = static_cast<long>(space.state->links().size());
    }
    const auto read = [&](const namespace_event& told) {
      const std::string name = told.where->label();
      if (told.kind == kind::appeared) links[name] = 0;
      if (told.kind == kind::vanished) links.erase(name);
      overruns += told.inside.kind == event_kind::overrun && told.kind == kind::inside;
      resyncs += told.inside.kind == event_kind::resync_end;
      if (std::holds_alternative<difference<rtnl::link>>(told.inside.object)) {
        EXPECT_EQ(links.count(name), 1U) << "told of " << name << " before it appeared";
        links[name] += told.inside.kind == event_kind::added;
        links[name] -= told.inside.kind == event_kind::removed;
      }
    };
    for (int round = 0; round < rounds && !HasFailure(); ++round) {
      for (int i = 0; i < 6; ++i) {
        change(*living_[random_() % living_.size()]);
        if (random_() % 2 == 0) appear();
        if (living_.size() > 3 && random_() % 2 == 0) {
          living_.erase(living_.begin() + static_cast<long>(random_() % living_.size()));
        }
        if (random_() % 2 == 0) {
          for (int some = 0; some < 100; ++some) {
            const auto told = all.next(deadline::immediate());
            if (!told) break;
            read(*told);
          }
        }
      }
      // IPv6 addresses and carriers take their time.
      const auto patience = lab::after(lab::patience);
      std::string differs;
      do {
        do {
          while (const auto told = all.next(deadline::after(20ms))) read(*told);
        } while (!all.wake_up().is_never());
        differs.clear();
        for (const auto& space : living_) differs += difference_to(all, *space);
      } while (!differs.empty() && std::chrono::steady_clock::now() < patience);
      ASSERT_EQ(differs, "") << "in round " << round;
      ASSERT_EQ(all.spaces().size(), living_.size() + 1) << round;
      for (const auto& space : living_) {
        EXPECT_EQ(links[space->name()], static_cast<long>(all.find(space->name())->links().size()));
      }
    }
    EXPECT_EQ(static_cast<std::uint64_t>(overruns), all.statistics().inside.overruns);
    EXPECT_EQ(all.statistics().failed, 0U);
    EXPECT_EQ(all.statistics().vanished + living_.size() + 1, all.statistics().appeared);
    EXPECT_GT(count_, 4);
  }
  if (GetParam() == 4096) {
    EXPECT_GT(overruns, 0);
    EXPECT_GT(resyncs, 0);
  }
  living_.clear();
  EXPECT_EQ(open_files(), files);
}

INSTANTIATE_TEST_SUITE_P(buffers, namespace_churn, testing::Values(4096, 65536, 8 << 20));

}  // namespace
}  // namespace trivet::netlink
