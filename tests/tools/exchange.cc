#include "tests/tools/exchange.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace trivet::testing {

words operator+(words first, const words& more) {
  first.insert(first.end(), more.begin(), more.end());
  return first;
}

/// Where a receiver says that it is bound.
std::string address_of(running_trivet& receiver) {
  const std::string line = receiver.read_error_line();
  const std::string start = "receiving at ";
  EXPECT_EQ(line.find(start), 0U) << line;
  return line.substr(std::min(start.size(), line.size()));
}

/// A receiver that echoes one message, and a sender that waits for the echo.
void exchange(const std::string& family, const std::string& bind_to, const std::string& send_to,
              const words& options) {
  running_trivet receiver(
      words{"socket", "receive", family, bind_to, "--echo", "--count", "1", "--timeout", "10"} +
      options);
  const std::string bound = address_of(receiver);
  const outcome answer =
      run_trivet(words{"socket", "send", family, send_to.empty() ? bound : send_to, "--data",
                       "ping", "--reply", "--timeout", "10"} +
                 options);
  EXPECT_EQ(answer.status, 0) << answer.errors;
  EXPECT_NE(answer.output.find("  4  ping\n"), std::string::npos) << answer.output;
  const outcome got = receiver.wait();
  EXPECT_EQ(got.status, 0) << got.errors;
  EXPECT_NE(got.output.find("  4  ping\n"), std::string::npos) << got.output;
  EXPECT_EQ(got.errors, "1 message, 4 bytes\n");
}

}  // namespace trivet::testing
