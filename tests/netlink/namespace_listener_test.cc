// NETLINK_LISTEN_ALL_NSID on a real kernel.
#include "trivet/netlink/namespace_listener.h"

#include <gtest/gtest.h>
#include <linux/capability.h>
#include <linux/rtnetlink.h>

#include <string>
#include <vector>

#include "tests/lab/namespace_test.h"
#include "tests/lab/privilege.h"
#include "trivet/base/error.h"
#include "trivet/netlink/route/namespace_id.h"

namespace trivet::netlink {
namespace {

using namespace std::chrono_literals;
using trivet::lab::net_namespace;
using nsid = std::optional<std::int32_t>;
using result = namespace_listener::result;
using netlink_namespace_listener = trivet::lab::namespace_test;

// The namespace and the MTU of a link that the next message tells of.
std::pair<nsid, std::uint32_t> next_mtu(namespace_listener& all) {
  std::pair<nsid, std::uint32_t> heard{-2, 0};
  EXPECT_EQ(all.next(deadline::after(20s),
                     [&](nsid where, const message_view& message) {
                       EXPECT_EQ(message.type(), RTM_NEWLINK);
                       const auto link = rtnl::link::decode(message);
                       ASSERT_TRUE(link && link->mtu);
                       heard = {where, *link->mtu};
                     }),
            result::some);
  return heard;
}

TEST_F(netlink_namespace_listener, hears_the_own_namespace_and_those_with_a_number) {
  const net_namespace blue("blue"), green("green");
  home().run({"ip", "netns", "set", "blue", "7"});
  namespace_listener all(objects::link);
  green.run({"ip", "link", "set", "lo", "mtu", "1100"});  // has no number: not heard
  blue.run({"ip", "link", "set", "lo", "mtu", "1200"});
  EXPECT_EQ(next_mtu(all), std::pair(nsid(7), 1200U));
  home().run({"ip", "link", "set", "lo", "mtu", "1300"});
  EXPECT_EQ(next_mtu(all), std::pair(nsid(), 1300U));
  blue.run({"ip", "link", "set", "lo", "mtu", "1400"});
  EXPECT_EQ(next_mtu(all), std::pair(nsid(7), 1400U));
  EXPECT_EQ(all.next(deadline::immediate(), [](nsid, const message_view&) {}), result::nothing);
}

TEST_F(netlink_namespace_listener, asks_for_the_links_of_a_number) {
  const net_namespace blue("blue");
  home().run({"ip", "netns", "set", "blue", "7"});
  blue.run({"ip", "link", "add", "v0", "type", "veth", "peer", "name", "v1"});
  client kernel(NETLINK_ROUTE);
  std::vector<std::string> names;
  const dump_end end = dump_links(
      kernel, 7, [&](const rtnl::link& link) { names.push_back(link.name.value_or("?")); });
  EXPECT_FALSE(end.error) << end.error.message();
  EXPECT_EQ(names, (std::vector<std::string>{"lo", "v1", "v0"}));
  EXPECT_TRUE(dump_links(kernel, 8, [](const rtnl::link&) {}).error) << "there is no such number";
}

// What is heard: the MTU of a link that changes, or how many are missing there.
class mtu_log {
 public:
  explicit mtu_log(const net_namespace& home) : home_(home) {}

  void change(int count) {
    std::string lines;
    for (int i = 0; i < count; ++i) lines += "link set lo mtu " + std::to_string(next_++) + "\n";
    home_.run({"ip", "-batch", "-"}, lines);
  }
  // Checks that all that is missing before an MTU was said to be.
  result read(namespace_listener& all) {
    const result got = all.next(deadline::immediate(), [&](nsid, const message_view& message) {
      const auto link = rtnl::link::decode(message);
      ASSERT_TRUE(link && link->mtu);
      EXPECT_EQ(*link->mtu, expected_) << "what is missing is said where it is missing";
      expected_ = *link->mtu + 1;
    });
    if (got == result::lost) {
      losses.push_back(all.lost());
      expected_ += all.lost();
    }
    return got;
  }
  // How many have not been heard of, nor said to be lost.
  [[nodiscard]] std::uint32_t missing() const { return next_ - expected_; }

  std::vector<std::uint32_t> losses;

 private:
  const net_namespace& home_;
  std::uint32_t next_ = 1000;
  std::uint32_t expected_ = next_;
};

TEST_F(netlink_namespace_listener, says_how_many_events_were_lost_and_where) {
  namespace_listener all(objects::link, 16384);
  mtu_log log(home());
  log.change(100);
  for (int i = 0; i < 2; ++i) ASSERT_EQ(log.read(all), result::some) << "older than the loss";
  log.change(20);  // the kernel loses all of them, and says nothing more
  while (log.read(all) != result::nothing) continue;
  ASSERT_EQ(log.losses.size(), 1U);
  EXPECT_GT(log.losses[0], 20U);
  EXPECT_EQ(log.missing(), 0U);
  log.change(3);
  while (log.read(all) != result::nothing) continue;
  EXPECT_EQ(log.missing(), 0U) << "it goes on";
  EXPECT_EQ(log.losses.size(), 1U);
}

TEST_F(netlink_namespace_listener, tells_at_the_end_of_what_nobody_has_read) {
  namespace_listener all(objects::link, 16384);
  mtu_log log(home());
  log.change(100);
  const std::uint32_t waiting = all.most_waiting();
  const std::uint32_t untold = all.untold();
  EXPECT_GT(untold, 0U);
  std::uint32_t heard = 0;
  while (log.read(all) == result::some) ++heard;
  EXPECT_EQ(heard + untold, 100U);
  EXPECT_LE(heard, waiting);
  EXPECT_EQ(all.untold(), 0U) << "it has been told since";
}

TEST_F(netlink_namespace_listener, tells_of_numbers_that_come_and_go) {
  namespace_listener all(objects::link);
  std::vector<std::pair<int, std::int32_t>> told;
  {
    const net_namespace blue("blue");
    home().run({"ip", "netns", "set", "blue", "7"});
  }
  const deadline until = deadline::after(20s);
  while (told.size() < 2 && !until.passed()) {
    all.next(until, [&](nsid where, const message_view& message) {
      const auto number = rtnl::namespace_id::decode(message);
      if (where || !number || !number->id) return;
      told.emplace_back(message.type(), *number->id);
    });
  }
  EXPECT_EQ(told, (std::vector<std::pair<int, std::int32_t>>{{RTM_NEWNSID, 7}, {RTM_DELNSID, 7}}));
}

TEST_F(netlink_namespace_listener, needs_a_privilege_and_names_it) {
  EXPECT_EQ(
      lab::without(
          {CAP_NET_BROADCAST},
          [] {
            try {
              const namespace_listener all;
              ADD_FAILURE() << "it was allowed";
            } catch (const not_permitted& refused) {
              EXPECT_NE(std::string(refused.what()).find("CAP_NET_BROADCAST"), std::string::npos)
                  << refused.what();
            }
            return 0;
          }),
      0);
}

}  // namespace
}  // namespace trivet::netlink
