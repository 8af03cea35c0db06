#include "tools/trivet/netlink_tunnel_data.h"

#include <linux/if_link.h>
#include <sys/socket.h>

#include <utility>

namespace trivet::tool {

using netlink::attribute;
using netlink::attribute_reader;

tunnel_data::tunnel_data(const tunnel_kind& kind, const_bytes present)
    : to(kind.attributes), v6(kind.family == AF_INET6) {
  if (present.empty()) begin();
  attribute_reader in(present);
  for (attribute a; in.next(a);) {
    if (!begin_with(a)) kept_.push_back(netlink::raw_attribute::of(a));
  }
}

// What ip(8) says of a new tunnel where nobody says otherwise.
void tunnel_data::begin() {
  if (v6 && to.ttl != 0) {
    ttl = 64;
    encap_limit = 4;
    flow_info = 0;
  }
  if (is_ip()) {
    protocol = 0;  // any
    if (!v6) ttl = 0;
  }
}

// What is a member here.
bool tunnel_data::begin_with(const attribute& a) {
  const auto is = [&](std::uint16_t type) { return type != 0 && a.type == type; };
  if (is(to.ttl)) {
    ttl = a.number<std::uint8_t>();
  } else if (is(to.encap_limit) && v6) {
    encap_limit = a.number<std::uint8_t>();
  } else if (is(to.flow_info)) {
    flow_info = big_endian(a.number<std::uint32_t>().value_or(0));
  } else if (is(to.encap_flags)) {
    encap_flags = a.number<std::uint16_t>();
  } else if (is(to.flags)) {
    flags = a.number<std::uint32_t>().value_or(a.number<std::uint16_t>().value_or(0));
  } else if (is_ip() && is(IFLA_IPTUN_PROTO)) {
    protocol = a.number<std::uint8_t>();
  } else if (is_gre() && is(IFLA_GRE_IFLAGS)) {
    input_flags_ = big_endian(a.number<std::uint16_t>().value_or(0));
  } else if (is_gre() && is(IFLA_GRE_OFLAGS)) {
    output_flags_ = big_endian(a.number<std::uint16_t>().value_or(0));
  } else {
    external = external || is(to.external);
    return false;
  }
  return true;
}

void tunnel_data::forget(std::uint16_t type) {
  std::erase_if(kept_, [&](const auto& kept) { return (kept.type & NLA_TYPE_MASK) == type; });
}

void tunnel_data::mark(std::uint16_t bit, bool in, bool out_too) {
  if (in) input_flags_ |= bit;
  if (out_too) output_flags_ |= bit;
}

void tunnel_data::unmark(std::uint16_t bit, bool in, bool out_too) {
  if (in) input_flags_ = static_cast<std::uint16_t>(input_flags_ & ~bit);
  if (out_too) output_flags_ = static_cast<std::uint16_t>(output_flags_ & ~bit);
  if (bit == gre_key && in) forget(to.input_key);
  if (bit == gre_key && out_too) forget(to.output_key);
}

void tunnel_data::write_members() {
  if (ttl) out.value(to.ttl, *ttl);
  if (encap_limit && v6) out.value(to.encap_limit, *encap_limit);
  if (flow_info) out.value_big_endian(to.flow_info, *flow_info);
  if (protocol) out.value(IFLA_IPTUN_PROTO, *protocol);
  if (encap_flags) out.value(to.encap_flags, *encap_flags);
  if (v6 && to.flags != 0) {
    out.value(to.flags, flags);
  } else if (flags != 0) {
    out.value(to.flags, static_cast<std::uint16_t>(flags));
  }
  if (!is_gre()) return;
  if (input_flags_ != 0) out.value_big_endian(IFLA_GRE_IFLAGS, input_flags_);
  if (output_flags_ != 0) out.value_big_endian(IFLA_GRE_OFLAGS, output_flags_);
}

std::vector<std::byte> tunnel_data::finish() {
  if (!external) write_members();
  // What words have replaced is not kept.
  std::erase_if(kept_, [&](const netlink::raw_attribute& kept) {
    attribute_reader in(bytes_);
    for (attribute a; in.next(a);) {
      if (a.type == (kept.type & NLA_TYPE_MASK)) return true;
    }
    return false;
  });
  for (const netlink::raw_attribute& kept : kept_) out.raw(kept);
  return bytes_.to_vector();
}

}  // namespace trivet::tool
