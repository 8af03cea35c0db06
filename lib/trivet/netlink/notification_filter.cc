#include "trivet/netlink/notification_filter.h"

#include <linux/neighbour.h>
#include <linux/netconf.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstddef>
#include <initializer_list>

#include "trivet/base/bytes.h"

namespace trivet::netlink {
namespace {

// A part of a program. Each is entered at its beginning, and left by its end or by a return.
using code = std::vector<::sock_filter>;

constexpr std::uint32_t everything = 0xffffffff;
constexpr std::size_t payload = sizeof(::nlmsghdr);

void append(code& to, const code& more) { to.insert(to.end(), more.begin(), more.end()); }

::sock_filter load(int size, std::size_t offset) {
  return BPF_STMT(static_cast<std::uint16_t>(BPF_LD | size | BPF_ABS),
                  static_cast<std::uint32_t>(offset));
}
::sock_filter accept() { return BPF_STMT(BPF_RET | BPF_K, everything); }
::sock_filter refuse() { return BPF_STMT(BPF_RET | BPF_K, 0); }
// Skips so many of the next instructions.
::sock_filter skip_if(int comparison, std::uint32_t value, std::size_t then,
                      std::size_t otherwise) {
  return BPF_JUMP(static_cast<std::uint16_t>(BPF_JMP | comparison | BPF_K), value,
                  static_cast<std::uint8_t>(then), static_cast<std::uint8_t>(otherwise));
}
::sock_filter skip(std::size_t count) {
  return BPF_STMT(BPF_JMP | BPF_JA, static_cast<std::uint32_t>(count));
}

// Goes on where A is one of few values.
code require(const std::vector<std::uint32_t>& values) {
  code result;
  for (std::size_t i = 0; i < values.size(); ++i) {
    result.push_back(skip_if(BPF_JEQ, values[i], values.size() - i, 0));
  }
  result.push_back(refuse());
  return result;
}

// Goes on where A, of any number of values, is one.
// @param values  in order
code require_any(std::span<const std::uint32_t> values) {
  constexpr std::size_t few = 8;
  if (values.size() <= few) return require({values.begin(), values.end()});
  const std::size_t middle = values.size() / 2;
  code lower = require_any(values.first(middle));
  const code upper = require_any(values.subspan(middle));
  lower.push_back(skip(upper.size()));
  code result{skip_if(BPF_JGE, values[middle], 0, 1), skip(lower.size())};
  append(result, lower);
  append(result, upper);
  return result;
}

// Every message about an object begins with a byte for its family.
code require_family(objects wanted, objects v4, objects v6) {
  std::vector<std::uint32_t> families;
  if (overlap(wanted, v4)) families.push_back(AF_INET);
  if (overlap(wanted, v6)) families.push_back(AF_INET6);
  code result{load(BPF_B, payload)};
  append(result, require(families));
  return result;
}

// A = where an attribute stands, searched from an offset; 0: nowhere.
code find_attribute(std::size_t from, std::uint32_t type) {
  return {BPF_STMT(BPF_LD | BPF_IMM, static_cast<std::uint32_t>(from)),
          BPF_STMT(BPF_LDX | BPF_IMM, type),
          load(BPF_W, static_cast<std::uint32_t>(SKF_AD_OFF + SKF_AD_NLATTR))};
}

code require_table(std::span<const std::uint32_t> tables) {
  if (tables.empty() || tables.size() > most_filtered_tables) return {};
  // Loads are in network byte order, and netlink is in that of the host.
  std::vector<std::uint32_t> values;
  values.reserve(tables.size());
  for (const std::uint32_t table : tables) values.push_back(big_endian(table));
  std::sort(values.begin(), values.end());
  code result = find_attribute(payload + sizeof(::rtmsg), RTA_TABLE);
  append(result,
         {skip_if(BPF_JEQ, 0, 0, 1), accept(),  // no table: for the monitor to judge
          BPF_STMT(BPF_MISC | BPF_TAX, 0), BPF_STMT(BPF_LD | BPF_W | BPF_IND, sizeof(::nlattr))});
  append(result, require_any(values));
  return result;
}

// Of what a sysctl says, what decides on the flags of routes: see table::apply.
code require_linkdown() {
  constexpr std::size_t attributes = payload + NLMSG_ALIGN(sizeof(::netconfmsg));
  code result = find_attribute(attributes, NETCONFA_IGNORE_ROUTES_WITH_LINKDOWN);
  append(result, {skip_if(BPF_JEQ, 0, 0, 1), refuse()});
  append(result, find_attribute(attributes, NETCONFA_FORWARDING));
  append(result, {skip_if(BPF_JEQ, 0, 1, 0), refuse()});
  return result;
}

code refuse_proxies() {
  return {load(BPF_B, payload + offsetof(::ndmsg, ndm_flags)), skip_if(BPF_JSET, NTF_PROXY, 0, 1),
          refuse()};
}

// Accepts messages of these types that pass `checks`; A is the type, and stays so for others.
void accept_types(code& to, std::initializer_list<int> types, std::initializer_list<code> checks) {
  code body;
  for (const code& check : checks) append(body, check);
  body.push_back(accept());
  std::size_t left = types.size();
  for (const int type : types) {
    to.push_back(skip_if(BPF_JEQ, big_endian(static_cast<std::uint16_t>(type)), left--, 0));
  }
  to.push_back(skip(body.size()));
  append(to, body);
}

}  // namespace

std::vector<::sock_filter> notification_filter(objects wanted,
                                               std::span<const std::uint32_t> tables) {
  code program{load(BPF_H, offsetof(::nlmsghdr, nlmsg_type))};
  // What comes in great numbers first.
  if (overlap(wanted, objects::route)) {
    accept_types(
        program, {RTM_NEWROUTE, RTM_DELROUTE},
        {require_family(wanted, objects::route_v4, objects::route_v6), require_table(tables)});
  }
  if (overlap(wanted, objects::neighbour)) {
    accept_types(
        program, {RTM_NEWNEIGH, RTM_DELNEIGH},
        {require_family(wanted, objects::neighbour_v4, objects::neighbour_v6), refuse_proxies()});
  }
  // A bridge tells of its ports as links of AF_BRIDGE.
  accept_types(program, {RTM_NEWLINK, RTM_DELLINK}, {{load(BPF_B, payload)}, require({AF_UNSPEC})});
  // Routes depend on addresses, nexthops and a sysctl.
  if (overlap(wanted, objects::address | objects::route)) {
    accept_types(program, {RTM_NEWADDR, RTM_DELADDR},
                 {require_family(wanted, objects::address_v4 | objects::route_v4,
                                 objects::address_v6 | objects::route_v6)});
  }
  if (overlap(wanted, objects::nexthop | objects::route)) {
    accept_types(program, {RTM_NEWNEXTHOP, RTM_DELNEXTHOP}, {});
  }
  if (overlap(wanted, objects::route)) {
    accept_types(program, {RTM_NEWNETCONF}, {require_linkdown()});
  }
  if (overlap(wanted, objects::rule)) {
    accept_types(program, {RTM_NEWRULE, RTM_DELRULE},
                 {require_family(wanted, objects::rule_v4, objects::rule_v6)});
  }
  // A link names its queueing discipline and the namespace of its peer.
  if (overlap(wanted, objects::link)) {
    accept_types(program, {RTM_NEWQDISC, RTM_DELQDISC, RTM_NEWNSID, RTM_DELNSID}, {});
  }
  program.push_back(refuse());
  return program;
}

}  // namespace trivet::netlink
