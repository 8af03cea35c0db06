// How `trivet socket` shows addresses and messages.
#ifndef TOOLS_TRIVET_SOCKET_PRINT_H_
#define TOOLS_TRIVET_SOCKET_PRINT_H_

#include <string>
#include <string_view>

namespace trivet::tool {

struct context;

/// A message that came, whatever its family.
struct arrived_message {
  std::string from;  ///< the sender's tuple
  std::string_view data;
  bool truncated = false;
};

/// One line: the sender, the length, the data; text escaped, other bytes in hexadecimal.
/// JSON: "from", "length", "data", "hex", and "truncated" where it is true.
void print_message(context& ctx, const arrived_message& message);

/// The canonical tuple and the bytes of the sockaddr.
void print_address(context& ctx, std::string_view family, std::string_view tuple,
                   std::string_view sockaddr);

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_SOCKET_PRINT_H_
