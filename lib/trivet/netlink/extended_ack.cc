#include "trivet/netlink/extended_ack.h"

#include "trivet/base/error.h"

namespace trivet::netlink {
namespace {

// The kernel sends the errno negated. What is no errno becomes EPROTO instead of a made-up code.
std::error_code error_of(int negated) {
  if (negated == 0) return {};
  constexpr int highest_errno = 4095;
  return errno_code(negated < 0 && negated >= -highest_errno ? -negated : EPROTO);
}

std::vector<std::byte> copy(const_bytes bytes) { return {bytes.begin(), bytes.end()}; }

}  // namespace

extended_ack extended_ack::decode(const_bytes attributes) {
  extended_ack result;
  attribute_reader in(attributes);
  for (attribute a; in.next(a);) {
    switch (a.type) {
      case NLMSGERR_ATTR_MSG:
        result.message = a.text();
        break;
      case NLMSGERR_ATTR_OFFS:
        result.offset = a.number<std::uint32_t>();
        break;
      case NLMSGERR_ATTR_COOKIE:
        result.cookie = copy(a.data);
        break;
      case NLMSGERR_ATTR_POLICY:
        result.policy = copy(a.data);
        break;
      case NLMSGERR_ATTR_MISS_TYPE:
        result.missing_type = a.number<std::uint32_t>();
        break;
      case NLMSGERR_ATTR_MISS_NEST:
        result.missing_nest = a.number<std::uint32_t>();
        break;
      default:
        break;
    }
  }
  return result;
}

std::optional<acknowledgement> acknowledgement::decode(const message_view& message) {
  if (!message.holds<::nlmsgerr>()) return std::nullopt;
  const auto raw = message.structure<::nlmsgerr>();
  acknowledgement result{error_of(raw.error), raw.msg, {}};
  if (!message.has(NLM_F_ACK_TLVS)) return result;
  std::size_t start = sizeof(::nlmsgerr);
  if (!message.has(NLM_F_CAPPED)) {
    // The length is that of our own request, as the kernel echoes it; it is not trusted more for
    // that.
    if (raw.msg.nlmsg_len < sizeof(::nlmsghdr)) return result;
    start += align4(raw.msg.nlmsg_len - sizeof(::nlmsghdr));
  }
  if (start < message.payload.size()) {
    result.extended = extended_ack::decode(message.payload.subspan(start));
  }
  return result;
}

dump_done dump_done::decode(const message_view& message) {
  dump_done result{error_of(message.structure<int>()), {}};
  if (message.has(NLM_F_ACK_TLVS)) {
    result.extended = extended_ack::decode(message.attributes<int>());
  }
  return result;
}

}  // namespace trivet::netlink
