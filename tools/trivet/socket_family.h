// The families of `trivet socket`, one row each.
#ifndef TOOLS_TRIVET_SOCKET_FAMILY_H_
#define TOOLS_TRIVET_SOCKET_FAMILY_H_

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tools/trivet/socket_options.h"

namespace trivet::tool {

struct context;

/// A name and its number: a socket type, a protocol.
struct named_value {
  std::string_view name;
  int value;
};

/// A family as the command line names it, and its verbs.
struct socket_family {
  std::string_view name;
  std::string_view form;               ///< how its addresses are written
  std::span<const named_value> types;  ///< the first one is taken where --type is not given
  void (*show_address)(context& ctx, const std::string& text);
  void (*send)(context& ctx, const socket_options& options);
  void (*receive)(context& ctx, const socket_options& options);
};

/// All of them, in the order of --help.
[[nodiscard]] std::span<const socket_family> socket_families();

/// The row of a name. Throws usage_error with the names there are.
[[nodiscard]] const socket_family& socket_family_of(std::string_view name);

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_SOCKET_FAMILY_H_
