// trivet socket over Bluetooth, between two controllers.
#include "tests/tools/command.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/bluetooth/controllers.h"
#include "tests/tools/exchange.h"

namespace trivet::testing {
namespace {

class bluetooth_command : public ::testing::Test {
 protected:
  [[nodiscard]] std::string here(int number) const { return at(0, number); }
  [[nodiscard]] std::string there(int number) const { return at(1, number); }

 private:
  [[nodiscard]] std::string at(std::size_t which, int number) const {
    return fmt::format("('{}', {})", controllers_.address(which).to_string(), number);
  }

  test::controllers controllers_;
};

TEST_F(bluetooth_command, sends_and_receives) {
  struct way {
    const char* family;
    int number;
  };
  for (const auto& [family, number] :
       {way{"bluetooth-l2cap", 0x1001}, way{"bluetooth-rfcomm", 7}}) {
    SCOPED_TRACE(family);
    running_trivet receiver(
        {"socket", "receive", family, there(number), "--echo", "--count", "1", "--timeout", "30"});
    EXPECT_EQ(address_of(receiver).find(there(number).substr(0, 20)), 0U);
    const outcome answer = run_trivet({"socket", "send", family, there(number), "--from", here(0),
                                       "--data", "ping", "--reply", "--timeout", "30"});
    EXPECT_EQ(answer.status, 0) << answer.errors;
    EXPECT_NE(answer.output.find("  4  ping\n"), std::string::npos) << answer.output;
    const outcome got = receiver.wait();
    EXPECT_EQ(got.status, 0) << got.errors;
    EXPECT_NE(got.output.find("  4  ping\n"), std::string::npos) << got.output;
  }

  const outcome refused = run_trivet({"socket", "send", "bluetooth-l2cap", there(0x1003), "--from",
                                      here(0), "--data", "x", "--timeout", "30"});
  EXPECT_EQ(refused.status, 1);
  EXPECT_NE(refused.errors.find("Connection refused"), std::string::npos) << refused.errors;
  EXPECT_EQ(line_count(refused.errors), 1U);
}

}  // namespace
}  // namespace trivet::testing
