#include "tools/trivet/conntrack_print.h"

#include <fmt/core.h>
#include <linux/netfilter/nf_conntrack_common.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cctype>
#include <iterator>
#include <span>
#include <vector>

#include "tools/trivet/json.h"
#include "tools/trivet/text.h"

namespace trivet::tool {
namespace {

using netlink::netfilter::connection;
using netlink::netfilter::connection_event;
using netlink::netfilter::connection_tuple;
using netlink::netfilter::direction_counters;
using netlink::netfilter::tuple_addresses;
using netlink::netfilter::tuple_protocol;

struct named_number {
  std::uint32_t number;
  std::string_view name;
};

constexpr named_number protocol_names[] = {
    {IPPROTO_ICMP, "icmp"}, {IPPROTO_TCP, "tcp"},         {IPPROTO_UDP, "udp"},
    {IPPROTO_DCCP, "dccp"}, {IPPROTO_GRE, "gre"},         {IPPROTO_ICMPV6, "icmpv6"},
    {IPPROTO_SCTP, "sctp"}, {IPPROTO_UDPLITE, "udplite"},
};

// The protocols whose tuples have ports.
constexpr std::uint8_t with_ports[] = {IPPROTO_TCP, IPPROTO_UDP, IPPROTO_DCCP, IPPROTO_SCTP,
                                       IPPROTO_UDPLITE};

// Source: linux/netfilter/nf_conntrack_tcp.h, nf_conntrack_sctp.h, RFC 4340
constexpr std::string_view tcp_names[] = {"NONE",     "SYN_SENT",   "SYN_RECV", "ESTABLISHED",
                                          "FIN_WAIT", "CLOSE_WAIT", "LAST_ACK", "TIME_WAIT",
                                          "CLOSE",    "SYN_SENT2"};
constexpr std::string_view sctp_names[] = {
    "NONE",          "CLOSED",        "COOKIE_WAIT",       "COOKIE_ECHOED",  "ESTABLISHED",
    "SHUTDOWN_SENT", "SHUTDOWN_RECD", "SHUTDOWN_ACK_SENT", "HEARTBEAT_SENT", "HEARTBEAT_ACKED"};
constexpr std::string_view dccp_names[] = {"NONE",   "REQUEST",  "RESPOND", "PARTOPEN",
                                           "OPEN",   "CLOSEREQ", "CLOSING", "TIMEWAIT",
                                           "IGNORE", "INVALID"};

constexpr named_number status_names[] = {
    {IPS_EXPECTED, "expected"},
    {IPS_SEEN_REPLY, "seen_reply"},
    {IPS_ASSURED, "assured"},
    {IPS_CONFIRMED, "confirmed"},
    {IPS_SRC_NAT, "src_nat"},
    {IPS_DST_NAT, "dst_nat"},
    {IPS_SEQ_ADJUST, "seq_adjust"},
    {IPS_SRC_NAT_DONE, "src_nat_done"},
    {IPS_DST_NAT_DONE, "dst_nat_done"},
    {IPS_DYING, "dying"},
    {IPS_FIXED_TIMEOUT, "fixed_timeout"},
    {IPS_TEMPLATE, "template"},
    {IPS_UNTRACKED, "untracked"},
    {IPS_HELPER, "helper"},
    {IPS_OFFLOAD, "offload"},
    {IPS_HW_OFFLOAD, "hw_offload"},
};

constexpr std::uint64_t nanoseconds = 1'000'000'000;

std::string_view protocol_name(std::uint8_t number) {
  const auto* const found = std::find_if(std::begin(protocol_names), std::end(protocol_names),
                                         [&](const auto& p) { return p.number == number; });
  return found == std::end(protocol_names) ? "unknown" : found->name;
}

std::uint8_t protocol_of(const connection& c) {
  if (!c.original || !c.original->protocol) return 0;
  return c.original->protocol->number.value_or(0);
}

std::string state_word(std::span<const std::string_view> names, std::optional<std::uint8_t> state) {
  if (!state) return "";
  return *state < names.size() ? std::string(names[*state]) : std::to_string(*state);
}

std::string state_of(const connection& c) {
  if (!c.state) return "";
  if (c.state->tcp) return state_word(tcp_names, c.state->tcp->state);
  if (c.state->sctp) return state_word(sctp_names, c.state->sctp->state);
  if (c.state->dccp) return state_word(dccp_names, c.state->dccp->state);
  return "";
}

/// An ICMP tuple of either family.
struct icmp_numbers {
  unsigned type;
  unsigned code;
  unsigned id;
};

std::optional<icmp_numbers> icmp_of(const tuple_protocol& p) {
  if (p.icmp_type)
    return icmp_numbers{*p.icmp_type, p.icmp_code.value_or(0), p.icmp_id.value_or(0)};
  if (!p.icmpv6_type) return std::nullopt;
  return icmp_numbers{*p.icmpv6_type, p.icmpv6_code.value_or(0), p.icmpv6_id.value_or(0)};
}

void append_protocol(std::string& out, const tuple_protocol& p) {
  const std::uint8_t number = p.number.value_or(0);
  const unsigned source = p.source_port.value_or(0);
  const unsigned destination = p.destination_port.value_or(0);
  if (std::ranges::find(with_ports, number) != std::end(with_ports)) {
    out += fmt::format("sport={} dport={} ", source, destination);
  } else if (number == IPPROTO_GRE) {
    out += fmt::format("srckey={:#x} dstkey={:#x} ", source, destination);
  } else if (const auto icmp = icmp_of(p)) {
    out += fmt::format("type={} code={} id={} ", icmp->type, icmp->code, icmp->id);
  }
}

void append_direction(std::string& out, std::string_view name,
                      const std::optional<connection_tuple>& tuple,
                      const std::optional<direction_counters>& counters) {
  if (tuple) {
    if (tuple->addresses) {
      const tuple_addresses& a = *tuple->addresses;
      if (a.source) out += fmt::format("src={} ", a.source->to_string());
      if (a.destination) out += fmt::format("dst={} ", a.destination->to_string());
    }
    if (tuple->protocol) append_protocol(out, *tuple->protocol);
    if (tuple->zone) out += fmt::format("zone-{}={} ", name, *tuple->zone);
  }
  if (!counters) return;
  out += fmt::format("packets={} bytes={} ", counters->packets.value_or(0),
                     counters->bytes.value_or(0));
}

std::string_view lasting(std::uint32_t status) {
  if ((status & IPS_HW_OFFLOAD) != 0) return "[HW_OFFLOAD] ";
  if ((status & IPS_OFFLOAD) != 0) return "[OFFLOAD] ";
  return (status & IPS_ASSURED) != 0 ? "[ASSURED] " : "";
}

std::string_view family_name(std::uint8_t family) {
  return family == AF_INET ? "ipv4" : family == AF_INET6 ? "ipv6" : "unknown";
}

void write_direction(json_writer& json, std::string_view key,
                     const std::optional<connection_tuple>& tuple,
                     const std::optional<direction_counters>& counters) {
  if (!tuple && !counters) return;
  json.key(key).begin_object();
  if (tuple && tuple->addresses) {
    const tuple_addresses& a = *tuple->addresses;
    if (a.source) json.member("src", a.source->to_string());
    if (a.destination) json.member("dst", a.destination->to_string());
  }
  if (tuple && tuple->protocol) {
    const tuple_protocol& p = *tuple->protocol;
    const bool keys = p.number == IPPROTO_GRE;
    json.member(keys ? "srckey" : "sport", p.source_port);
    json.member(keys ? "dstkey" : "dport", p.destination_port);
    if (const auto icmp = icmp_of(p)) {
      json.member("type", icmp->type).member("code", icmp->code).member("id", icmp->id);
    }
  }
  if (tuple) json.member("zone", tuple->zone);
  if (counters) json.member("packets", counters->packets).member("bytes", counters->bytes);
  json.end_object();
}

void write_labels(json_writer& json, const std::vector<std::byte>& bytes) {
  json.key("labels").begin_array();
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    if ((std::to_integer<unsigned>(bytes[bit / 8]) >> (bit % 8) & 1) != 0) json.value(bit);
  }
  json.end_array();
}

std::string lower(std::string_view word) {
  std::string text(word);
  std::ranges::transform(text, text.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

}  // namespace

std::string_view name_of(connection_event event) noexcept {
  switch (event) {
    case connection_event::added:
      return "NEW";
    case connection_event::updated:
      return "UPDATE";
    default:
      return "DESTROY";
  }
}

std::string connection_text(const connection& c, std::uint64_t now) {
  const std::uint8_t protocol = protocol_of(c);
  std::string out = fmt::format("{:<8} {} ", protocol_name(protocol), protocol);
  if (c.timeout) out += fmt::format("{} ", *c.timeout);
  if (const std::string state = state_of(c); !state.empty()) out += state + " ";
  append_direction(out, "orig", c.original, c.original_counters);
  if (c.status && (*c.status & IPS_SEEN_REPLY) == 0) out += "[UNREPLIED] ";
  append_direction(out, "reply", c.reply, c.reply_counters);
  if (c.status) out += lasting(*c.status);
  if (c.mark) out += fmt::format("mark={} ", *c.mark);
  if (c.security && c.security->name) {
    out += fmt::format("secctx={} ", printable(*c.security->name));
  }
  if (c.zone) out += fmt::format("zone={} ", *c.zone);
  if (c.times && c.times->start) {
    const std::uint64_t end = c.times->stop.value_or(now);
    out += fmt::format("delta-time={} ", (end - std::min(end, *c.times->start)) / nanoseconds);
  }
  if (c.helper && c.helper->name) out += fmt::format("helper={} ", printable(*c.helper->name));
  if (c.uses) out += fmt::format("use={} ", *c.uses);
  out.erase(out.find_last_not_of(' ') + 1);
  return out;
}

std::string connection_json(const connection& c, std::optional<connection_event> event,
                            std::uint32_t port, std::string_view stamp) {
  json_writer json;
  json.begin_object();
  if (event) json.member("event", lower(name_of(*event)));
  if (!stamp.empty()) json.member("timestamp", stamp);
  json.member("l3proto", family_name(c.family));
  if (c.original && c.original->protocol) {
    json.member("l4proto", protocol_name(protocol_of(c))).member("protonum", protocol_of(c));
  }
  if (const std::string state = state_of(c); !state.empty()) json.member("state", state);
  json.member("timeout", c.timeout);
  write_direction(json, "original", c.original, c.original_counters);
  write_direction(json, "reply", c.reply, c.reply_counters);
  write_direction(json, "master", c.master, {});
  if (c.status) {
    json.key("status").begin_array();
    for (const auto& [flag, name] : status_names) {
      if ((*c.status & flag) != 0) json.value(name);
    }
    json.end_array();
  }
  json.member("mark", c.mark);
  if (c.security && c.security->name) json.member("secctx", valid_utf8(*c.security->name));
  json.member("zone", c.zone);
  if (c.helper && c.helper->name) json.member("helper", valid_utf8(*c.helper->name));
  if (c.labels) write_labels(json, *c.labels);
  if (c.times) json.member("start", c.times->start).member("stop", c.times->stop);
  json.member("use", c.uses).member("id", c.id);
  if (port != 0) json.member("portid", port);
  return json.end_object().take();
}

std::optional<std::uint8_t> connection_protocol(std::string_view name) {
  const auto* const found = std::find_if(std::begin(protocol_names), std::end(protocol_names),
                                         [&](const auto& p) { return p.name == name; });
  if (found == std::end(protocol_names)) return std::nullopt;
  return static_cast<std::uint8_t>(found->number);
}

}  // namespace trivet::tool
