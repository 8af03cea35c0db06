// trivet probe: what this kernel gives each family, found by trying.
//
// A family is a table of capabilities, one row each: what kind it is, its name, and a check that
// tries it on a socket of its own and closes it again. No check goes by version numbers, and none
// leaves a socket, a ring, a group or an interface behind. Opening a socket may make the kernel
// load a module, as any program's socket(2) does.
#ifndef TOOLS_TRIVET_PROBE_H_
#define TOOLS_TRIVET_PROBE_H_

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace trivet::tool {

/// What trying a capability showed.
enum class answer {
  yes,
  no,
  needs_privilege,  ///< the kernel may have it, but not for this user
};

/// An answer and its reason, one line.
struct finding {
  answer has;
  std::string reason;
};

/// One row.
struct capability {
  std::string kind;  ///< "socket type", "option", "protocol", "ring" …
  std::string name;  ///< as the kernel's headers spell it, where they do
  std::function<finding()> check;
};

using capability_list = std::vector<capability>;

/// The tables, in the order in which they are printed.
[[nodiscard]] capability_list socket_capabilities();  ///< SOL_SOCKET, of any family
[[nodiscard]] capability_list netlink_capabilities();
[[nodiscard]] capability_list tipc_capabilities();
[[nodiscard]] capability_list packet_capabilities();
[[nodiscard]] capability_list unix_capabilities();
[[nodiscard]] capability_list inet_capabilities();
[[nodiscard]] capability_list inet6_capabilities();
[[nodiscard]] capability_list bluetooth_capabilities();

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_PROBE_H_
