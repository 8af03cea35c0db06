#include <gtest/gtest.h>
#include <net/if.h>

#include "tests/lab/kernel.h"

namespace {

TEST(lab, says_on_which_kernel_the_test_runs) { EXPECT_NE(trivet::lab::kernel(), ""); }

TEST(lab, gives_a_fresh_network_namespace) {
  struct if_nameindex* interfaces = if_nameindex();
  ASSERT_NE(interfaces, nullptr);
  EXPECT_STREQ(interfaces[0].if_name, "lo");
  EXPECT_EQ(interfaces[1].if_index, 0U) << interfaces[1].if_name;
  if_freenameindex(interfaces);
}

}  // namespace
