// What `trivet tipc watch` says of a command line that means nothing.
#include <gtest/gtest.h>

#include <string>

#include "tests/tools/command.h"

namespace trivet::testing {
namespace {

std::string complaint(const std::string& subject) {
  const outcome got = run_trivet({"tipc", "watch", subject});
  EXPECT_EQ(got.status, 2) << subject;
  EXPECT_EQ(got.output, "");
  return got.errors.substr(0, got.errors.find(';'));
}

TEST(tipc_watch_usage, names_the_part_of_a_subject_that_is_wrong) {
  EXPECT_EQ(complaint("node"), "trivet: 'node': TYPE 'node' is no number of 0 to 4294967295");
  EXPECT_EQ(complaint(""), "trivet: '': TYPE '' is no number of 0 to 4294967295");
  EXPECT_EQ(complaint("4294967296"),
            "trivet: '4294967296': TYPE '4294967296' is no number of 0 to 4294967295");
  EXPECT_EQ(complaint("1:"), "trivet: '1:': LOWER '' is no number of 0 to 4294967295");
  EXPECT_EQ(complaint("1:-2"), "trivet: '1:-2': LOWER '' is no number of 0 to 4294967295");
  EXPECT_EQ(complaint("1:2-"), "trivet: '1:2-': UPPER '' is no number of 0 to 4294967295");
  EXPECT_EQ(complaint("1:0x5-0xg"),
            "trivet: '1:0x5-0xg': UPPER '0xg' is no number of 0 to "
            "4294967295");
  EXPECT_EQ(complaint("1:3-2"),
            "trivet: '1:3-2': UPPER 2 is below LOWER 3\nTry 'trivet tipc watch --help'.\n");
}

}  // namespace
}  // namespace trivet::testing
