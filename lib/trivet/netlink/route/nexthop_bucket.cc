#include "trivet/netlink/route/nexthop_bucket.h"

#include "trivet/netlink/route/nexthop_header.h"

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
  return decode_behind_nhmsg<nexthop_bucket>(message);
}

void nexthop_bucket::encode(message_builder& out) const { encode_behind_nhmsg(out, *this); }

bool same_state(const nexthop_bucket& a, const nexthop_bucket& b) {
  return same_behind_nhmsg(a, b);
}

}  // namespace trivet::netlink::rtnl
