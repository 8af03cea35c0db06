// struct nhmsg, which nexthops and their buckets have alike.
#ifndef TRIVET_NETLINK_ROUTE_NEXTHOP_HEADER_H_
#define TRIVET_NETLINK_ROUTE_NEXTHOP_HEADER_H_

#include <linux/nexthop.h>
#include <linux/rtnetlink.h>

#include <optional>

#include "trivet/netlink/message.h"
#include "trivet/netlink/policy.h"

namespace trivet::netlink::rtnl {

// `Object` has the members family, scope, protocol and flags, and a policy(). Pure functions.
// Source: linux/nexthop.h

/// The object that a message holds; nullopt where the message is shorter than its struct or a
/// length in it is wrong.
template <class Object>
[[nodiscard]] std::optional<Object> decode_behind_nhmsg(const message_view& message) {
  if (!message.holds<::nhmsg>()) return std::nullopt;
  const auto header = message.structure<::nhmsg>();
  Object result;
  result.family = header.nh_family;
  result.scope = header.nh_scope;
  result.protocol = header.nh_protocol;
  result.flags = header.nh_flags;
  if (!Object::policy().decode(message.attributes<::nhmsg>(), result)) return std::nullopt;
  return result;
}

/// Appends the header and the attributes, those that are not known included.
template <class Object>
void encode_behind_nhmsg(message_builder& out, const Object& object) {
  ::nhmsg header{};
  header.nh_family = object.family;
  header.nh_scope = object.scope;
  header.nh_protocol = object.protocol;
  header.nh_flags = object.flags;
  out.structure(header);
  Object::policy().encode(out.attributes(), object);
}

/// Whether two are the same but for running times and unknown attributes.
template <class Object>
[[nodiscard]] bool same_behind_nhmsg(const Object& a, const Object& b) {
  return a.family == b.family && a.scope == b.scope && a.protocol == b.protocol &&
         a.flags == b.flags && Object::policy().same_state(a, b);
}

}  // namespace trivet::netlink::rtnl

#endif  // TRIVET_NETLINK_ROUTE_NEXTHOP_HEADER_H_
