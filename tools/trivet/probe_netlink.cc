// AF_NETLINK: protocols, options, groups, and whether errors carry their reason.
#include <linux/if_addr.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <cerrno>

#include "tools/trivet/probe_query.h"
#include "tools/trivet/probe_trial.h"

namespace trivet::tool {
namespace {

constexpr socket_kind route = {AF_NETLINK, SOCK_RAW, NETLINK_ROUTE};

// Those of linux/netlink.h that a kernel has registered in the last ten years.
constexpr std::pair<std::string_view, int> protocols[] = {
    {"NETLINK_ROUTE", NETLINK_ROUTE},
    {"NETLINK_USERSOCK", NETLINK_USERSOCK},
    {"NETLINK_SOCK_DIAG", NETLINK_SOCK_DIAG},
    {"NETLINK_XFRM", NETLINK_XFRM},
    {"NETLINK_SELINUX", NETLINK_SELINUX},
    {"NETLINK_ISCSI", NETLINK_ISCSI},
    {"NETLINK_AUDIT", NETLINK_AUDIT},
    {"NETLINK_FIB_LOOKUP", NETLINK_FIB_LOOKUP},
    {"NETLINK_CONNECTOR", NETLINK_CONNECTOR},
    {"NETLINK_NETFILTER", NETLINK_NETFILTER},
    {"NETLINK_KOBJECT_UEVENT", NETLINK_KOBJECT_UEVENT},
    {"NETLINK_GENERIC", NETLINK_GENERIC},
    {"NETLINK_SCSITRANSPORT", NETLINK_SCSITRANSPORT},
    {"NETLINK_RDMA", NETLINK_RDMA},
    {"NETLINK_CRYPTO", NETLINK_CRYPTO},
    {"NETLINK_SMC", NETLINK_SMC},
};

constexpr std::pair<std::string_view, int> switches[] = {
    {"NETLINK_GET_STRICT_CHK", NETLINK_GET_STRICT_CHK},
    {"NETLINK_EXT_ACK", NETLINK_EXT_ACK},
    {"NETLINK_CAP_ACK", NETLINK_CAP_ACK},
    {"NETLINK_LISTEN_ALL_NSID", NETLINK_LISTEN_ALL_NSID},
    {"NETLINK_NO_ENOBUFS", NETLINK_NO_ENOBUFS},
    {"NETLINK_BROADCAST_ERROR", NETLINK_BROADCAST_ERROR},
    {"NETLINK_PKTINFO", NETLINK_PKTINFO},
};

// Groups of NETLINK_ROUTE that came one by one; the numbers above 33 are partly younger than
// Debian 12's headers. Those below are in every kernel that is maintained.
constexpr std::pair<std::string_view, int> route_groups[] = {
    {"RTNLGRP_LINK", 1},         {"RTNLGRP_NEIGH", 3},        {"RTNLGRP_TC", 4},
    {"RTNLGRP_IPV4_IFADDR", 5},  {"RTNLGRP_IPV4_ROUTE", 7},   {"RTNLGRP_IPV4_RULE", 8},
    {"RTNLGRP_IPV6_IFADDR", 9},  {"RTNLGRP_IPV6_ROUTE", 11},  {"RTNLGRP_IPV6_RULE", 19},
    {"RTNLGRP_MDB", 26},         {"RTNLGRP_NSID", 28},        {"RTNLGRP_NEXTHOP", 32},
    {"RTNLGRP_BRVLAN", 33},      {"RTNLGRP_MCTP_IFADDR", 34}, {"RTNLGRP_TUNNEL", 35},
    {"RTNLGRP_STATS", 36},       {"RTNLGRP_IPV4_MCADDR", 37}, {"RTNLGRP_IPV6_MCADDR", 38},
    {"RTNLGRP_IPV6_ACADDR", 39},
};

capability group_row(std::string_view name, int number) {
  return {"group", std::string(name), [number] {
            return attempt("the group was joined", [number] {
              trial_socket socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
              std::error_code ec;
              socket.set_raw(SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, value_of(number), ec);
              if (ec.value() == EINVAL) {
                throw socket_error(ec, "NETLINK_ADD_MEMBERSHIP",
                                   "this kernel's groups end before it");
              }
              if (ec) throw_socket_error(ec, "NETLINK_ADD_MEMBERSHIP");
            });
          }};
}

/// Asks for a dump whose header says what no dump's header may say.
netlink_end ask_wrongly() {
  ::ifaddrmsg header{};
  header.ifa_family = AF_INET;
  header.ifa_prefixlen = 1;
  return ask_netlink(NETLINK_ROUTE, RTM_GETADDR, NLM_F_DUMP, value_of(header), [](const_bytes) {});
}

capability strict_row() {
  return {"check", "strict checking", [] {
            netlink_end end;
            finding found =
                attempt("a dump with a wrong header was refused", [&] { end = ask_wrongly(); });
            if (found.has == answer::yes && end.error == 0) {
              return finding{answer::no, "a dump with a wrong header was answered all the same"};
            }
            return found;
          }};
}

capability extended_ack_row() {
  return {"check", "extended ACK", [] {
            netlink_end end;
            finding found = attempt("", [&] { end = ask_wrongly(); });
            if (found.has != answer::yes) return found;
            if (end.reason.empty()) {
              return finding{answer::no, "the kernel refused a dump without saying why"};
            }
            return finding{answer::yes, "the kernel said: " + end.reason};
          }};
}

}  // namespace

capability_list netlink_capabilities() {
  capability_list rows = {
      family_row(route),
      socket_row("socket type", "SOCK_RAW", route),
      socket_row("socket type", "SOCK_DGRAM", {AF_NETLINK, SOCK_DGRAM, NETLINK_ROUTE}),
  };
  for (const auto& [name, number] : protocols) {
    rows.push_back(socket_row("protocol", name, {AF_NETLINK, SOCK_RAW, number}));
  }
  for (const auto& [name, number] : switches) {
    rows.push_back(option_row("option", route,
                              {name, SOL_NETLINK, number, value_of(1), 0, 0, "CAP_NET_BROADCAST"}));
  }
  rows.push_back(option_row(
      "option", route,
      {"NETLINK_LIST_MEMBERSHIPS", SOL_NETLINK, NETLINK_LIST_MEMBERSHIPS, {}, sizeof(int)}));
  for (const auto& [name, number] : route_groups) rows.push_back(group_row(name, number));
  rows.push_back(strict_row());
  rows.push_back(extended_ack_row());
  rows.push_back(diag_row("netlink_diag", AF_NETLINK));
  return rows;
}

}  // namespace trivet::tool
