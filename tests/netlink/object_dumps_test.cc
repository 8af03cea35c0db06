// Dumps that the kernel filters, and headers that it checks.
#include "trivet/netlink/object_dumps.h"

#include <gtest/gtest.h>
#include <linux/rtnetlink.h>

#include <vector>

#include "tests/lab/namespace_test.h"
#include "trivet/netlink/client.h"
#include "trivet/netlink/route/route.h"

namespace trivet::netlink {
namespace {

using object_dumps = trivet::lab::namespace_test;

TEST_F(object_dumps, the_kernel_leaves_out_the_routes_of_other_tables) {
  home().run({"ip", "-batch", "-"},
             "route add blackhole 192.0.2.0/24 table 100\n"
             "route add blackhole 192.0.2.0/24 table 101\n"
             "route add blackhole 198.51.100.0/24 table 100000\n");
  client kernel(NETLINK_ROUTE);
  std::vector<std::uint32_t> tables;
  for_each_dump(objects::route_v4, {100, 100'000}, [&](message_builder& request) {
    const dump_end end = kernel.dump(request, [&](const message_view& message) {
      tables.push_back(rtnl::route::decode(message)->table);
    });
    EXPECT_TRUE(end.clean()) << end.error.message();
    EXPECT_TRUE(end.filtered) << "it sends all of them";
  });
  EXPECT_EQ(tables, (std::vector<std::uint32_t>{100, 100'000}));
}

TEST_F(object_dumps, each_header_is_exact) {
  client kernel(NETLINK_ROUTE);
  for (const objects kind :
       {objects::link, objects::address_v4, objects::address_v6, objects::nexthop,
        objects::route_v4, objects::route_v6, objects::neighbour_v4, objects::neighbour_v6,
        objects::rule_v4, objects::rule_v6}) {
    int dumps = 0;
    for_each_dump(kind, {}, [&](message_builder& request) {
      ++dumps;
      const dump_end end = kernel.dump(request, [](const message_view&) {});
      EXPECT_FALSE(end.error) << static_cast<unsigned>(kind) << ": " << end.error.message() << " "
                              << end.extended.message;
    });
    EXPECT_EQ(dumps, 1);
  }
}

}  // namespace
}  // namespace trivet::netlink
