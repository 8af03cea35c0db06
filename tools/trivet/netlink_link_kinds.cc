#include "tools/trivet/netlink_link_kinds.h"

#include <linux/if_link.h>

#include <cstddef>
#include <string_view>
#include <vector>

#include "tools/trivet/netlink_kind_words.h"
#include "tools/trivet/netlink_link_data.h"

namespace trivet::tool {
namespace {

using netlink::attribute_writer;

void write_data(const std::string& kind, line_words& words, line_resolver& resolver,
                const std::string& changed, attribute_writer& out) {
  if (write_stacked_data(kind, words, resolver, out)) return;
  if (write_bond_data(kind, words, resolver, out)) return;
  if (write_bridge_data(kind, words, resolver, out)) return;
  if (write_overlay_data(kind, words, resolver, changed, out)) return;
  if (write_tunnel_data(kind, words, resolver, changed, out)) return;
  if (!words.empty()) fail_word(kind, words);
}

}  // namespace

void write_link_kind(const std::string& kind, line_words& words, line_resolver& resolver,
                     const std::string& changed, attribute_writer& out) {
  constexpr std::string_view suffix = "_slave";
  const bool slave = kind.ends_with(suffix);
  const std::string name = slave ? kind.substr(0, kind.size() - suffix.size()) : kind;
  byte_buffer bytes;
  attribute_writer data(bytes);
  write_data(kind, words, resolver, changed, data);
  // Not marked as nests: iproute2 never did, and old kernels' readers do not mask the flag.
  out.nested_unmarked(IFLA_LINKINFO, [&](attribute_writer& info) {
    info.text(static_cast<std::uint16_t>(slave ? IFLA_INFO_SLAVE_KIND : IFLA_INFO_KIND), name);
    if (bytes.empty()) return;
    info.bytes(static_cast<std::uint16_t>(slave ? IFLA_INFO_SLAVE_DATA : IFLA_INFO_DATA), bytes);
  });
}

}  // namespace trivet::tool
