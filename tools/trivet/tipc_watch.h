// trivet tipc watch: the stream of the topology server's events.
#ifndef TOOLS_TRIVET_TIPC_WATCH_H_
#define TOOLS_TRIVET_TIPC_WATCH_H_

#include <string>
#include <string_view>
#include <vector>

#include "trivet/tipc/address.h"

namespace trivet::tool {

struct context;

/// What to watch.
struct watch_options {
  /// As written: "nodes", "links", TYPE[:LOWER[-UPPER]].
  std::vector<std::string> subjects = {"nodes", "links"};
  bool once = false;  ///< print what is there and end
};

/// TYPE[:LOWER[-UPPER]], each in decimal or with 0x: without LOWER all instances, without UPPER
/// one. Throws usage_error, which names the wrong part.
[[nodiscard]] tipc::service_range parse_service_range(std::string_view text);

/// Runs until it is stopped, or the present state has been printed.
void watch(context& ctx, const watch_options& options);

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_TIPC_WATCH_H_
