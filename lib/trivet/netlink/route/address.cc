#include "trivet/netlink/route/address.h"

#include "trivet/netlink/route/route_structures.h"
#include "trivet/netlink/route/route_values.h"

namespace trivet::netlink::rtnl {
namespace {

constexpr std::uint32_t forever = 0xffffffff;

constexpr attribute_rule<address> rules[] = {
    rule<&address::peer>(IFA_ADDRESS, "address"),
    rule<&address::local>(IFA_LOCAL, "local"),
    rule<&address::label>(IFA_LABEL, "label"),
    rule<&address::broadcast>(IFA_BROADCAST, "broadcast"),
    rule<&address::anycast>(IFA_ANYCAST, "anycast"),
    rule<&address::cache>(IFA_CACHEINFO, "cacheinfo", weight::detail)
        .as(form::structure(structures::ifa_cacheinfo)),
    rule<&address::flags>(IFA_FLAGS, "flags").as(form::number_of(values::address_flags)),
    rule<&address::metric>(IFA_RT_PRIORITY, "rt-priority"),
    rule<&address::protocol>(IFA_PROTO, "proto"),
    named<address>(IFA_MULTICAST, "multicast", form::address),
    named<address>(IFA_TARGET_NETNSID, "target-netnsid", form::signed_number),
};
constexpr attribute_policy<address> address_policy(rules, "IFA_");

// Which of the two lifetimes end.
std::uint32_t endings(const address& a) {
  if (!a.cache) return 0;
  return (a.cache->ifa_valid != forever ? 1U : 0U) | (a.cache->ifa_prefered != forever ? 2U : 0U);
}

}  // namespace

const attribute_policy<address>& address::policy() { return address_policy; }

std::optional<address> address::decode(const message_view& message) {
  if (!message.holds<::ifaddrmsg>()) return std::nullopt;
  const auto header = message.structure<::ifaddrmsg>();
  address result;
  result.family = header.ifa_family;
  result.prefix_length = header.ifa_prefixlen;
  result.scope = header.ifa_scope;
  result.flags = header.ifa_flags;
  result.index = header.ifa_index;
  if (!address_policy.decode(message.attributes<::ifaddrmsg>(), result)) return std::nullopt;
  return result;
}

void address::encode(message_builder& out) const {
  ::ifaddrmsg header{};
  header.ifa_family = family;
  header.ifa_prefixlen = prefix_length;
  header.ifa_flags = static_cast<std::uint8_t>(flags);
  header.ifa_scope = scope;
  header.ifa_index = index;
  out.structure(header);
  address_policy.encode(out.attributes(), *this);
}

bool same_state(const address& a, const address& b) {
  return a.family == b.family && a.prefix_length == b.prefix_length && a.scope == b.scope &&
         a.index == b.index && endings(a) == endings(b) && address_policy.same_state(a, b);
}

}  // namespace trivet::netlink::rtnl
