// AF_UNIX, AF_INET, AF_INET6 and AF_BLUETOOTH: socket types, protocols, and who lists them.
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstddef>

#include "tools/trivet/probe_query.h"
#include "tools/trivet/probe_trial.h"
#include "trivet/base/so.h"

namespace trivet::tool {
namespace {

#ifndef IPPROTO_MPTCP
#define IPPROTO_MPTCP 262
#endif

capability autobind_row() {
  return {"address", "autobind", [] {
            return attempt("the kernel gave an abstract name", [] {
              trial_socket socket(AF_UNIX, SOCK_DGRAM, 0);
              socket.bind(sockaddr_bytes(::sa_family_t{AF_UNIX}));
            });
          }};
}

capability ping_row(int family, int icmp) {
  return {"protocol", "ping socket", [=] {
            return attempt(
                "a socket was opened", [=] { const trial_socket opened(family, SOCK_DGRAM, icmp); },
                "a group in the sysctl net.ipv4.ping_group_range");
          }};
}

/// The rows that IPv4 and IPv6 share.
capability_list internet_capabilities(int family, int icmp) {
  const struct {
    std::string_view kind;
    std::string_view name;
    int type;
    int protocol;
  } kinds[] = {
      {"socket type", "SOCK_STREAM", SOCK_STREAM, 0},
      {"socket type", "SOCK_DGRAM", SOCK_DGRAM, 0},
      {"socket type", "SOCK_RAW", SOCK_RAW, icmp},
      {"protocol", "IPPROTO_UDPLITE", SOCK_DGRAM, IPPROTO_UDPLITE},
      {"protocol", "IPPROTO_DCCP", SOCK_DCCP, IPPROTO_DCCP},
      {"protocol", "IPPROTO_SCTP", SOCK_SEQPACKET, IPPROTO_SCTP},
      {"protocol", "IPPROTO_MPTCP", SOCK_STREAM, IPPROTO_MPTCP},
  };
  capability_list rows = {family_row({family, SOCK_DGRAM, 0})};
  for (const auto& k : kinds) {
    rows.push_back(socket_row(k.kind, k.name, {family, k.type, k.protocol}));
  }
  rows.push_back(ping_row(family, icmp));
  rows.push_back(diag_row("tcp_diag", family, IPPROTO_TCP));
  rows.push_back(diag_row("udp_diag", family, IPPROTO_UDP));
  return rows;
}

}  // namespace

capability_list unix_capabilities() {
  const socket_kind dgram = {AF_UNIX, SOCK_DGRAM, 0};
  return {
      family_row(dgram),
      socket_row("socket type", "SOCK_STREAM", {AF_UNIX, SOCK_STREAM, 0}),
      socket_row("socket type", "SOCK_DGRAM", dgram),
      socket_row("socket type", "SOCK_SEQPACKET", {AF_UNIX, SOCK_SEQPACKET, 0}),
      autobind_row(),
      option_row("option", dgram, {"SO_PASSCRED", SOL_SOCKET, SO_PASSCRED, value_of(1)}),
      option_row("option", dgram, {"SO_PASSSEC", SOL_SOCKET, SO_PASSSEC, value_of(1)}),
      option_row("option", dgram, {"SO_PASSPIDFD", SOL_SOCKET, SO_PASSPIDFD, value_of(1)}),
      option_row("option", dgram, {"SO_PEERCRED", SOL_SOCKET, SO_PEERCRED, {}, sizeof(::ucred)}),
      option_row("option", dgram, {"SO_PEEK_OFF", SOL_SOCKET, SO_PEEK_OFF, value_of(0)}),
      diag_row("unix_diag", AF_UNIX),
  };
}

capability_list inet_capabilities() { return internet_capabilities(AF_INET, IPPROTO_ICMP); }

capability_list inet6_capabilities() { return internet_capabilities(AF_INET6, IPPROTO_ICMPV6); }

capability_list bluetooth_capabilities() {
  // Numbers of bluetooth/bluetooth.h (BTPROTO_), which are the kernel's ABI.
  return {
      family_row({AF_BLUETOOTH, SOCK_SEQPACKET, 0}),
      socket_row("protocol", "BTPROTO_L2CAP", {AF_BLUETOOTH, SOCK_SEQPACKET, 0}),
      socket_row("protocol", "BTPROTO_HCI", {AF_BLUETOOTH, SOCK_RAW, 1}),
      socket_row("protocol", "BTPROTO_SCO", {AF_BLUETOOTH, SOCK_SEQPACKET, 2}),
      socket_row("protocol", "BTPROTO_RFCOMM", {AF_BLUETOOTH, SOCK_STREAM, 3}),
      socket_row("protocol", "BTPROTO_BNEP", {AF_BLUETOOTH, SOCK_RAW, 4}),
      socket_row("protocol", "BTPROTO_ISO", {AF_BLUETOOTH, SOCK_SEQPACKET, 8}),
  };
}

}  // namespace trivet::tool
