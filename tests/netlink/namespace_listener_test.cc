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

TEST_F(netlink_namespace_listener, says_that_events_were_lost) {
  namespace_listener all(objects::link, 4096);
  for (int i = 0; i < 100; ++i) {
    home().run({"ip", "link", "set", "lo", "mtu", std::to_string(1000 + i)});
  }
  std::size_t lost = 0;
  for (result got = result::some; got != result::nothing;) {
    got = all.next(deadline::immediate(), [](nsid, const message_view&) {});
    lost += got == result::lost;
  }
  EXPECT_GT(lost, 0U);
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
