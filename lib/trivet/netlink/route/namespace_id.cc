#include "trivet/netlink/route/namespace_id.h"

#include <sys/socket.h>

namespace trivet::netlink::rtnl {
namespace {

constexpr attribute_rule<namespace_id> rules[] = {
    rule<&namespace_id::id>(NETNSA_NSID, "nsid"),
    rule<&namespace_id::process>(NETNSA_PID, "pid"),
    rule<&namespace_id::file>(NETNSA_FD, "fd"),
    rule<&namespace_id::target>(NETNSA_TARGET_NSID, "target-nsid"),
    rule<&namespace_id::current>(NETNSA_CURRENT_NSID, "current-nsid"),
};
constexpr attribute_policy<namespace_id> id_policy(rules, "NETNSA_");

}  // namespace

const attribute_policy<namespace_id>& namespace_id::policy() { return id_policy; }

std::optional<namespace_id> namespace_id::decode(const message_view& message) {
  if (!message.holds<::rtgenmsg>()) return std::nullopt;
  namespace_id result;
  if (!id_policy.decode(message.attributes<::rtgenmsg>(), result)) return std::nullopt;
  return result;
}

void namespace_id::encode(message_builder& out) const {
  ::rtgenmsg header{};
  header.rtgen_family = AF_UNSPEC;
  out.structure(header);
  id_policy.encode(out.attributes(), *this);
}

bool same_state(const namespace_id& a, const namespace_id& b) { return id_policy.same_state(a, b); }

}  // namespace trivet::netlink::rtnl
