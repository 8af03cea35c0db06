#include "trivet/netlink/diag/inet.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <bit>

#include "trivet/netlink/diag/structures.h"

namespace trivet::netlink::diag {
namespace {

constexpr attribute_rule<inet_socket> rules[] = {
    rule<&inet_socket::memory>(INET_DIAG_SKMEMINFO, "skmeminfo", weight::detail)
        .as(form::numbers(4, values::memory)),
    rule<&inet_socket::shutdown>(INET_DIAG_SHUTDOWN, "shutdown"),
    rule<&inet_socket::tos>(INET_DIAG_TOS, "tos"),
    rule<&inet_socket::traffic_class>(INET_DIAG_TCLASS, "tclass"),
    rule<&inet_socket::v6only>(INET_DIAG_SKV6ONLY, "v6only"),
    rule<&inet_socket::congestion>(INET_DIAG_CONG, "cong"),
    rule<&inet_socket::protocol>(INET_DIAG_PROTOCOL, "protocol")
        .as(form::number_of(values::ip_protocols)),
    rule<&inet_socket::mark>(INET_DIAG_MARK, "mark"),
    rule<&inet_socket::cgroup>(INET_DIAG_CGROUP_ID, "cgroup-id"),
    // Nobody reads these into a socket, and a decoder names them.
    named<inet_socket>(INET_DIAG_MEMINFO, "meminfo", form::bytes),
    named<inet_socket>(INET_DIAG_INFO, "info", form::bytes),
    named<inet_socket>(INET_DIAG_VEGASINFO, "vegasinfo", form::bytes),
    named<inet_socket>(INET_DIAG_DCTCPINFO, "dctcpinfo", form::bytes),
    named<inet_socket>(INET_DIAG_LOCALS, "locals", form::bytes),
    named<inet_socket>(INET_DIAG_PEERS, "peers", form::bytes),
    named<inet_socket>(INET_DIAG_PAD, "pad", form::bytes),
    named<inet_socket>(INET_DIAG_BBRINFO, "bbrinfo", form::bytes),
    named<inet_socket>(INET_DIAG_CLASS_ID, "class-id", form::number),
    named<inet_socket>(INET_DIAG_MD5SIG, "md5sig", form::bytes),
    named<inet_socket>(INET_DIAG_ULP_INFO, "ulp-info", form::nest),
    named<inet_socket>(INET_DIAG_SK_BPF_STORAGES, "sk-bpf-storages", form::nest),
    named<inet_socket>(INET_DIAG_SOCKOPT, "sockopt", form::bytes),
};
constexpr attribute_policy<inet_socket> socket_policy(rules, "INET_DIAG_");

inet_endpoint endpoint_of(std::uint8_t family, const __be32 (&words)[4], __be16 port) {
  const const_bytes bytes = std::as_bytes(std::span(words));
  const std::size_t size = family == AF_INET ? 4 : 16;
  return {{family, rtnl::short_bytes(bytes.first(size))}, big_endian(port)};
}

void copy_address(__be32 (&words)[4], const rtnl::network_address& address) {
  const const_bytes bytes = address.bytes();
  std::memcpy(words, bytes.data(), std::min(bytes.size(), sizeof words));
}

}  // namespace

const attribute_policy<inet_socket>& inet_socket::policy() { return socket_policy; }

std::optional<inet_socket> inet_socket::decode(const message_view& message) {
  if (!message.holds<::inet_diag_msg>()) return std::nullopt;
  const auto raw = message.structure<::inet_diag_msg>();
  if (raw.idiag_family != AF_INET && raw.idiag_family != AF_INET6) return std::nullopt;
  inet_socket result;
  result.family = raw.idiag_family;
  result.state = raw.idiag_state;
  result.timer = raw.idiag_timer;
  result.retransmits = raw.idiag_retrans;
  result.local = endpoint_of(raw.idiag_family, raw.id.idiag_src, raw.id.idiag_sport);
  result.peer = endpoint_of(raw.idiag_family, raw.id.idiag_dst, raw.id.idiag_dport);
  result.interface = raw.id.idiag_if;
  result.cookie = std::uint64_t{raw.id.idiag_cookie[1]} << 32 | raw.id.idiag_cookie[0];
  result.expires = raw.idiag_expires;
  result.receive_queue = raw.idiag_rqueue;
  result.send_queue = raw.idiag_wqueue;
  result.uid = raw.idiag_uid;
  result.inode = raw.idiag_inode;
  if (!socket_policy.decode(message.attributes<::inet_diag_msg>(), result)) return std::nullopt;
  return result;
}

void inet_socket::encode(message_builder& out) const {
  ::inet_diag_msg raw{};
  raw.idiag_family = family;
  raw.idiag_state = state;
  raw.idiag_timer = timer;
  raw.idiag_retrans = retransmits;
  copy_address(raw.id.idiag_src, local.address);
  copy_address(raw.id.idiag_dst, peer.address);
  raw.id.idiag_sport = big_endian(local.port);
  raw.id.idiag_dport = big_endian(peer.port);
  raw.id.idiag_if = interface;
  raw.id.idiag_cookie[0] = static_cast<std::uint32_t>(cookie);
  raw.id.idiag_cookie[1] = static_cast<std::uint32_t>(cookie >> 32);
  raw.idiag_expires = expires;
  raw.idiag_rqueue = receive_queue;
  raw.idiag_wqueue = send_queue;
  raw.idiag_uid = uid;
  raw.idiag_inode = inode;
  out.structure(raw);
  socket_policy.encode(out.attributes(), *this);
}

void ask_for_inet(message_builder& request, std::uint8_t family, std::uint8_t protocol) {
  ::inet_diag_req_v2 raw{};
  raw.sdiag_family = family;
  raw.sdiag_protocol = protocol;
  raw.idiag_ext = 1U << (INET_DIAG_SKMEMINFO - 1) | 1U << (INET_DIAG_CONG - 1) |
                  1U << (INET_DIAG_TOS - 1) | 1U << (INET_DIAG_TCLASS - 1);
  raw.idiag_states = ~0U;
  request.structure(raw);
}

}  // namespace trivet::netlink::diag
