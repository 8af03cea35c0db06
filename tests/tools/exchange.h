// `trivet socket receive --echo` and `trivet socket send --reply` against each other.
#ifndef TESTS_TOOLS_EXCHANGE_H_
#define TESTS_TOOLS_EXCHANGE_H_

#include <string>
#include <vector>

#include "tests/tools/command.h"

namespace trivet::testing {

/// A command line, or a part of one.
using words = std::vector<std::string>;

[[nodiscard]] words operator+(words first, const words& more);

/// Waits until a receiver is bound; returns the address that it says.
[[nodiscard]] std::string address_of(running_trivet& receiver);

/// One message there and back; a failed expectation where anything else happens.
/// @param send_to  where the sender sends; empty for the address that the receiver says
void exchange(const std::string& family, const std::string& bind_to, const std::string& send_to,
              const words& options = {});

}  // namespace trivet::testing

#endif  // TESTS_TOOLS_EXCHANGE_H_
