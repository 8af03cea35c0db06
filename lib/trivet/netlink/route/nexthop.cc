#include "trivet/netlink/route/nexthop.h"

#include "trivet/netlink/route/encapsulation.h"
#include "trivet/netlink/route/nexthop_bucket.h"
#include "trivet/netlink/route/nexthop_header.h"
#include "trivet/netlink/route/route_structures.h"
#include "trivet/netlink/route/route_values.h"

namespace trivet::netlink {
namespace {

// struct nexthop_grp with names of our own: its third member was called resvd1, and has been the
// upper half of the weight, weight_high, since 6.12; Debian's 6.1 headers had it renamed on the
// way.
struct group_entry {
  std::uint32_t id;
  std::uint8_t weight_low;  // both halves: the weight less one
  std::uint8_t weight_high;
  std::uint16_t reserved;
};
static_assert(sizeof(group_entry) == sizeof(::nexthop_grp));

}  // namespace

bool attribute_codec<rtnl::nexthop_group>::decode(const attribute& a, rtnl::nexthop_group& into) {
  if (a.data.size() % sizeof(group_entry) != 0) return false;
  byte_reader in(a.data);
  while (!in.rest().empty()) {
    const auto entry = in.read<group_entry>();
    const unsigned less_one = static_cast<unsigned>(entry.weight_high) << 8 | entry.weight_low;
    into.members.push_back({entry.id, static_cast<std::uint16_t>(less_one + 1), entry.reserved});
  }
  return true;
}

void attribute_codec<rtnl::nexthop_group>::encode(attribute_writer& out, std::uint16_t type,
                                                  const rtnl::nexthop_group& value) {
  std::vector<group_entry> entries;
  for (const rtnl::nexthop_member& member : value.members) {
    const auto less_one = static_cast<std::uint16_t>(member.weight - 1);
    entries.push_back({member.id, static_cast<std::uint8_t>(less_one & 0xff),
                       static_cast<std::uint8_t>(less_one >> 8), member.reserved});
  }
  out.bytes(type, std::as_bytes(std::span(entries)));
}

}  // namespace trivet::netlink

namespace trivet::netlink::rtnl {
namespace {

constexpr std::uint16_t nha_op_flags = 14;  // 6.9

constexpr attribute_rule<resilient_group> resilient_rules[] = {
    rule<&resilient_group::buckets>(NHA_RES_GROUP_BUCKETS, "buckets"),
    rule<&resilient_group::idle_timer>(NHA_RES_GROUP_IDLE_TIMER, "idle-timer"),
    rule<&resilient_group::unbalanced_timer>(NHA_RES_GROUP_UNBALANCED_TIMER, "unbalanced-timer"),
    rule<&resilient_group::unbalanced_time>(NHA_RES_GROUP_UNBALANCED_TIME, "unbalanced-time",
                                            weight::detail),
};
constexpr attribute_policy<resilient_group> resilient_policy(resilient_rules, "NHA_RES_GROUP_");

constexpr attribute_rule<nexthop> rules[] = {
    rule<&nexthop::id>(NHA_ID, "id"),
    rule<&nexthop::group>(NHA_GROUP, "group").as(form::array_of(structures::nexthop_grp)),
    rule<&nexthop::group_type>(NHA_GROUP_TYPE, "group-type")
        .as(form::number_of(values::group_types)),
    rule<&nexthop::blackhole, presence>(NHA_BLACKHOLE, "blackhole"),
    rule<&nexthop::output>(NHA_OIF, "oif"),
    rule<&nexthop::gateway>(NHA_GATEWAY, "gateway"),
    rule<&nexthop::encap_type>(NHA_ENCAP_TYPE, "encap-type")
        .as(form::number_of(values::encapsulations)),
    encapsulation_rule<nexthop>(NHA_ENCAP),
    rule<&nexthop::groups_only, presence>(NHA_GROUPS, "groups"),
    rule<&nexthop::master>(NHA_MASTER, "master"),
    rule<&nexthop::forwarding, presence>(NHA_FDB, "fdb"),
    rule<&nexthop::resilient>(NHA_RES_GROUP, "res-group"),
    rule<&nexthop::operation>(nha_op_flags, "op-flags", weight::detail),
    named<nexthop>(NHA_RES_BUCKET, "res-bucket", form::nest, &policy_names<bucket_state>),
};
constexpr attribute_policy<nexthop> nexthop_policy(rules, "NHA_");

}  // namespace

const attribute_policy<resilient_group>& resilient_group::policy() { return resilient_policy; }
const attribute_policy<nexthop>& nexthop::policy() { return nexthop_policy; }

std::optional<nexthop> nexthop::decode(const message_view& message) {
  return decode_behind_nhmsg<nexthop>(message);
}

void nexthop::encode(message_builder& out) const { encode_behind_nhmsg(out, *this); }

bool same_state(const nexthop& a, const nexthop& b) { return same_behind_nhmsg(a, b); }

}  // namespace trivet::netlink::rtnl
