#include "trivet/netlink/route/nexthop_bucket.h"

namespace trivet::netlink::rtnl {
namespace {

constexpr attribute_rule<bucket_state> state_rules[] = {
    rule<&bucket_state::index>(NHA_RES_BUCKET_INDEX, "index"),
    rule<&bucket_state::nexthop>(NHA_RES_BUCKET_NH_ID, "nh-id"),  // in the kernel's order
    rule<&bucket_state::idle_time>(NHA_RES_BUCKET_IDLE_TIME, "idle-time", weight::detail),
};
constexpr attribute_policy<bucket_state> state_policy(state_rules, "NHA_RES_BUCKET_");

constexpr attribute_rule<nexthop_bucket> rules[] = {
    rule<&nexthop_bucket::group>(NHA_ID, "id"),
    rule<&nexthop_bucket::output>(NHA_OIF, "oif"),
    rule<&nexthop_bucket::master>(NHA_MASTER, "master"),
    rule<&nexthop_bucket::bucket>(NHA_RES_BUCKET, "res-bucket"),
};
constexpr attribute_policy<nexthop_bucket> bucket_policy(rules, "NHA_");

}  // namespace

const attribute_policy<bucket_state>& bucket_state::policy() { return state_policy; }
const attribute_policy<nexthop_bucket>& nexthop_bucket::policy() { return bucket_policy; }

std::optional<nexthop_bucket> nexthop_bucket::decode(const message_view& message) {
  if (!message.holds<::nhmsg>()) return std::nullopt;
  const auto header = message.structure<::nhmsg>();
  nexthop_bucket result;
  result.family = header.nh_family;
  result.scope = header.nh_scope;
  result.protocol = header.nh_protocol;
  result.flags = header.nh_flags;
  if (!bucket_policy.decode(message.attributes<::nhmsg>(), result)) return std::nullopt;
  return result;
}

void nexthop_bucket::encode(message_builder& out) const {
  ::nhmsg header{};
  header.nh_family = family;
  header.nh_scope = scope;
  header.nh_protocol = protocol;
  header.nh_flags = flags;
  out.structure(header);
  bucket_policy.encode(out.attributes(), *this);
}

bool same_state(const nexthop_bucket& a, const nexthop_bucket& b) {
  return a.family == b.family && a.scope == b.scope && a.protocol == b.protocol &&
         a.flags == b.flags && bucket_policy.same_state(a, b);
}

}  // namespace trivet::netlink::rtnl
