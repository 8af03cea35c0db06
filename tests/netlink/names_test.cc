#include "trivet/netlink/route/names.h"

#include <gtest/gtest.h>
#include <linux/if_arp.h>
#include <linux/rtnetlink.h>

namespace trivet::netlink::rtnl {
namespace {

TEST(name_table, reads_lines_and_passes_over_the_rest) {
  name_table table;
  table.read(
      "# a comment\n0x10 hexadecimal\n 7\tseven  # why\nbroken\n8\n99999999999 large\n9 nine");
  EXPECT_EQ(table(16), "hexadecimal");
  EXPECT_EQ(table(7), "seven");
  EXPECT_EQ(table(8), "8");
  EXPECT_EQ(table(9), "nine");
  table.read("7 other\n");
  EXPECT_EQ(table(7), "other");
}

TEST(names, are_there_without_a_file) {
  const names known = names::built_in();
  EXPECT_EQ(known.protocols(RTPROT_KERNEL), "kernel");
  EXPECT_EQ(known.tables(RT_TABLE_LOCAL), "local");
  EXPECT_EQ(known.tables(1234), "1234");
  EXPECT_EQ(known.scopes(RT_SCOPE_UNIVERSE), "global");
  EXPECT_EQ(known.groups(0), "default");
  EXPECT_EQ(known.tos_name(0x11), "0x11");
}

TEST(names, numbers_are_preferred_where_that_is_asked_for) {
  names known = names::built_in();
  known.tos.set(0x10, "low-delay");
  EXPECT_EQ(known.tos_name(0x10), "low-delay");
  known.prefer_numbers();
  EXPECT_EQ(known.protocols(RTPROT_KERNEL), "2");
  EXPECT_EQ(known.tables(RT_TABLE_LOCAL), "255");
  EXPECT_EQ(known.groups(0), "0");
  EXPECT_EQ(known.tos_name(0x10), "0x10");
  EXPECT_EQ(known.tables.number("local"), RT_TABLE_LOCAL);
}

TEST(names, of_types) {
  EXPECT_EQ(route_type_name(RTN_BLACKHOLE), "blackhole");
  EXPECT_EQ(route_type_name(200), "200");
  EXPECT_EQ(link_type_name(ARPHRD_ETHER), "ether");
  EXPECT_EQ(link_type_name(ARPHRD_NONE), "none");
  EXPECT_EQ(link_type_name(60000), "[60000]");
}

}  // namespace
}  // namespace trivet::netlink::rtnl
