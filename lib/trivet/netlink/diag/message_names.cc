#include "trivet/netlink/diag/message_names.h"

#include <linux/sock_diag.h>
#include <linux/tipc_netlink.h>

#include "trivet/netlink/diag/inet.h"
#include "trivet/netlink/diag/local.h"
#include "trivet/netlink/diag/structures.h"
#include "trivet/netlink/policy.h"

namespace trivet::netlink::diag {
namespace {

constexpr value_name list[] = {{TCPDIAG_GETSOCK, "TCPDIAG_GETSOCK"},
                               {DCCPDIAG_GETSOCK, "DCCPDIAG_GETSOCK"},
                               {SOCK_DIAG_BY_FAMILY, "SOCK_DIAG_BY_FAMILY"},
                               {SOCK_DESTROY, "SOCK_DESTROY"}};
constexpr value_names names{"", list};

constexpr attribute_rule<unread> question_rules[] = {
    named<unread>(INET_DIAG_REQ_BYTECODE, "bytecode", form::bytes),
    named<unread>(INET_DIAG_REQ_SK_BPF_STORAGES, "sk-bpf-storages", form::nest),
    named<unread>(INET_DIAG_REQ_PROTOCOL, "protocol", form::number_of(values::ip_protocols)),
};
constexpr attribute_policy<unread> question_policy(question_rules, "INET_DIAG_REQ_");

template <class S, const structure_form& Structure>
constexpr attribute_names names_behind{&name_in_policy<S>, Structure.size, nest_layout::attributes,
                                       &Structure};

constexpr attribute_names question_names{&name_among<question_policy>,
                                         structures::inet_diag_req_v2.size, nest_layout::attributes,
                                         &structures::inet_diag_req_v2};

attribute_name name_of_socket(std::uint16_t type, const_bytes /*beside*/) {
  if (type != TIPC_NLA_SOCK) return {};
  return {"sock", &policy_names<tipc_socket>, form::nest, "TIPC_NLA_"};
}
constexpr attribute_names tipc_names{&name_of_socket};

message_parts question(std::uint8_t family) {
  switch (family) {
    case AF_INET:
    case AF_INET6:
      return {&structures::inet_diag_req_v2, &question_names};
    case AF_UNIX:
      return {&structures::unix_diag_req, nullptr};
    case AF_NETLINK:
      return {&structures::netlink_diag_req, nullptr};
    case AF_PACKET:
      return {&structures::packet_diag_req, nullptr};
    case AF_TIPC:
      return {&structures::tipc_sock_diag_req, nullptr};
    default:
      return {};
  }
}

message_parts answer(std::uint8_t family) {
  switch (family) {
    case AF_INET:
    case AF_INET6:
      return {&structures::inet_diag_msg, &names_behind<inet_socket, structures::inet_diag_msg>};
    case AF_UNIX:
      return {&structures::unix_diag_msg, &names_behind<unix_socket, structures::unix_diag_msg>};
    case AF_NETLINK:
      return {&structures::netlink_diag_msg,
              &names_behind<netlink_socket, structures::netlink_diag_msg>};
    case AF_PACKET:
      return {&structures::packet_diag_msg,
              &names_behind<packet_socket, structures::packet_diag_msg>};
    default:
      return {};
  }
}

// An answer of AF_TIPC is one nest as long as the payload: its first byte is no family. The kernel
// does not mark it (net/tipc/socket.c, tipc_sk_fill_sock_diag).
bool is_tipc(const_bytes payload) {
  const auto header = load_padded<::nlattr>(payload);
  return (header.nla_type & NLA_TYPE_MASK) == TIPC_NLA_SOCK && header.nla_len == payload.size();
}

}  // namespace

const value_names& message_names() noexcept { return names; }

message_parts parts_of_message(std::uint16_t type, bool is_question, const_bytes payload) {
  if (type != SOCK_DIAG_BY_FAMILY && type != SOCK_DESTROY) return {};
  if (payload.empty()) return {};
  const auto family = std::to_integer<std::uint8_t>(payload[0]);
  if (is_question) return question(family);
  return is_tipc(payload) ? message_parts{nullptr, &tipc_names} : answer(family);
}

}  // namespace trivet::netlink::diag
