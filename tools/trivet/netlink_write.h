// The verbs of `trivet netlink` that write, and what their nouns share.
#ifndef TOOLS_TRIVET_NETLINK_WRITE_H_
#define TOOLS_TRIVET_NETLINK_WRITE_H_

#include <cstdint>
#include <functional>
#include <span>
#include <string_view>

#include "tools/trivet/netlink_line.h"
#include "tools/trivet/nouns.h"

namespace trivet::tool {

/// A verb of a noun, and its message.
struct line_verb {
  std::string_view word;
  std::uint16_t type;
  unsigned flags;  ///< NLM_F_
};

/// Takes the verb; as with ip(8) its beginning is enough ("del"), and the first that begins so is
/// meant. Throws usage_error that names those there are.
[[nodiscard]] const line_verb& take_verb(line_words& words, std::string_view noun,
                                         std::span<const line_verb> verbs);

/// The family that was asked for by -4, -6 or -M, once the command line has been parsed.
using family_option = std::function<int()>;

/// Declares the writing verbs of all nouns below `netlink`, and `batch`; nouns are made unless they
/// are there.
void add_netlink_write(CLI::App& netlink, context& ctx, const family_option& family);

/// Declares `trivet netlink batch`.
void add_netlink_batch(CLI::App& netlink, context& ctx, const family_option& family);

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_NETLINK_WRITE_H_
