#include "tools/trivet/netlink_rule_removal.h"

#include <fmt/core.h>
#include <linux/fib_rules.h>

#include <algorithm>
#include <optional>

#include "tools/trivet/failure.h"
#include "trivet/netlink/attribute.h"

namespace trivet::tool {
namespace {

using netlink::attribute;
using netlink::attribute_reader;

std::optional<attribute> find(const_bytes payload, std::uint16_t type) {
  attribute_reader in(payload.subspan(sizeof(::fib_rule_hdr)));
  for (attribute a; in.next(a);) {
    if (a.type == type) return a;
  }
  return std::nullopt;
}

/// Whether the kernel passes over what an attribute says when it looks for the rule.
bool any(const attribute& a) {
  switch (a.type) {
    case FRA_PRIORITY:  // the caller's
    case FRA_GOTO:
    case FRA_PAD:
      return true;
    case FRA_TABLE:
    case FRA_FWMARK:
    case FRA_FWMASK:
      return a.number<std::uint32_t>() == 0U;
    case FRA_PROTOCOL:
      return a.number<std::uint8_t>() == 0;
    case FRA_SUPPRESS_PREFIXLEN:
    case FRA_SUPPRESS_IFGROUP:
      return a.number<std::uint32_t>() == ~0U;
    default:
      return false;
  }
}

/// Whether a request to remove the one rule would find the other as well; both are payloads of
/// RTM_NEWRULE in a dump.
bool removal_finds(const_bytes request, const_bytes other) {
  const auto asked = load_padded<::fib_rule_hdr>(request);
  const auto has = load_padded<::fib_rule_hdr>(other);
  const auto differs = [](auto wanted, auto value) { return wanted != 0 && wanted != value; };
  if (asked.family != has.family || differs(asked.action, has.action) ||
      differs(asked.src_len, has.src_len) || differs(asked.dst_len, has.dst_len) ||
      differs(asked.tos, has.tos)) {
    return false;
  }
  attribute_reader in(request.subspan(sizeof(::fib_rule_hdr)));
  for (attribute a; in.next(a);) {
    if (any(a)) continue;
    const auto same = find(other, a.type);
    if (!same || !std::ranges::equal(a.data, same->data)) return false;
  }
  return true;
}

}  // namespace

void rule_removal::keep(std::uint32_t priority, const_bytes payload) {
  if (priority != priority_) kept_.clear();
  priority_ = priority;
  kept_.emplace_back(payload.begin(), payload.end());
}

const_bytes rule_removal::remove(std::uint32_t priority, const_bytes payload) {
  if (priority == priority_) {
    for (const auto& other : kept_) {
      if (!removal_finds(payload, other)) continue;
      throw failure(
          "RTM_DELRULE",
          fmt::format("of priority {} the kernel would remove a rule that does not match, "
                      "because it comes first and says all that another says, and more",
                      priority),
          "remove the first one, flush, and add it again");
    }
  }
  request_.shrink(0);
  netlink::attribute_writer out(request_);
  out.plain(payload);
  // A dump leaves the priority 0 out, and a request without one is about any.
  if (priority == 0) out.value(FRA_PRIORITY, priority);
  return request_;
}

}  // namespace trivet::tool
