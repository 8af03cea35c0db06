// AF_TIPC: socket types, options, groups, the topology server, and what its configuration offers.
#include <fmt/core.h>
#include <linux/genetlink.h>
#include <linux/sockios.h>
#include <linux/tipc.h>
#include <linux/tipc_netlink.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "tools/trivet/probe_query.h"
#include "tools/trivet/probe_trial.h"

namespace trivet::tool {
namespace {

constexpr socket_kind rdm = {AF_TIPC, SOCK_RDM, 0};
constexpr socket_kind stream = {AF_TIPC, SOCK_STREAM, 0};

option_trial set(std::string_view name, int number, int value) {
  return {name, SOL_TIPC, number, value_of(value)};
}

option_trial get(std::string_view name, int number) {
  return {name, SOL_TIPC, number, {}, sizeof(int)};
}

/// A service type that nobody uses, with this process's number as instance.
constexpr std::uint32_t own_type = 0x74726976;

/// Joins with node scope: no other node sees the member come and go.
capability group_row() {
  return {"group", "TIPC_GROUP_JOIN", [] {
            return attempt("a group was joined and left", [] {
              trial_socket socket(AF_TIPC, SOCK_RDM, 0);
              ::tipc_group_req group{};
              group.type = own_type;
              group.instance = static_cast<std::uint32_t>(::getpid());
              group.scope = TIPC_NODE_SCOPE;
              socket.set_option(SOL_TIPC, TIPC_GROUP_JOIN, group);
              socket.set_bytes(SOL_TIPC, TIPC_GROUP_LEAVE, {});
            });
          }};
}

sockaddr_bytes topology_server() {
  ::sockaddr_tipc address{};
  address.family = AF_TIPC;
  address.addrtype = TIPC_SERVICE_ADDR;
  address.addr.name.name.type = TIPC_TOP_SRV;
  address.addr.name.name.instance = TIPC_TOP_SRV;
  return sockaddr_bytes(address);
}

/// Subscribes for a millisecond to a service that is not there, which ends with a time-out event.
void subscribe() {
  trial_socket socket(AF_TIPC, SOCK_SEQPACKET, 0);
  socket.connect(topology_server());
  ::tipc_subscr subscription{};
  subscription.seq.type = own_type;
  subscription.timeout = 1;
  subscription.filter = TIPC_SUB_SERVICE;
  socket.send(const_bytes(value_of(subscription)));
  ::tipc_event event{};
  const deadline until = deadline::after(std::chrono::seconds(2));
  (void)socket.receive(std::as_writable_bytes(std::span(&event, 1)), {.until = until});
}

capability topology_row() {
  return {"topology server", "TIPC_TOP_SRV",
          [] { return attempt("a subscription was made and answered", subscribe); }};
}

/// Asks for the name of a node that there is not: EADDRNOTAVAIL comes from the code that looks.
capability ioctl_row(std::string_view name, unsigned long request) {
  return {"ioctl", std::string(name), [request] {
            return attempt("the kernel looked for a node", [=] {
              const trial_socket socket(AF_TIPC, SOCK_RDM, 0);
              std::array<std::byte, 256> argument{};
              if (::ioctl(socket.native_handle(), request, argument.data()) < 0 &&
                  errno != EADDRNOTAVAIL) {
                throw_socket_error(errno_code(errno), "ioctl");
              }
            });
          }};
}

[[noreturn]] void refuse(const std::string& what, const char* why) {
  throw socket_error(errno_code(EOPNOTSUPP), what, why);
}

/// Whether a command is among those that the family TIPCv2 says it has.
capability command_row(std::string_view kind, std::string_view name, std::uint32_t command,
                       const char* without) {
  return {std::string(kind), std::string(name), [command, without, name = std::string(name)] {
            return attempt("the family TIPCv2 lists the command", [&] {
              const auto commands = generic_commands(TIPC_GENL_V2_NAME);
              if (!commands) refuse(TIPC_GENL_V2_NAME, "there is no such family");
              if (std::find(commands->begin(), commands->end(), command) == commands->end()) {
                refuse(name, without);
              }
            });
          }};
}

/// The names of the media that bearers may be on.
std::vector<std::string> media() {
  const std::uint16_t family = generic_family(TIPC_GENL_V2_NAME);
  if (family == 0) refuse(TIPC_GENL_V2_NAME, "there is no such family");
  ::genlmsghdr header{};
  header.cmd = TIPC_NL_MEDIA_GET;
  header.version = TIPC_GENL_V2_VERSION;
  std::vector<std::string> names;
  const auto visit_field = [&names](std::uint16_t type, const_bytes value) {
    const std::string_view text = text_of(value);
    if (type == TIPC_NLA_MEDIA_NAME) names.emplace_back(text.substr(0, text.find('\0')));
  };
  const netlink_end end =
      ask_netlink(NETLINK_GENERIC, family, NLM_F_DUMP, value_of(header), [&](const_bytes message) {
        if (message.size() < sizeof header) return;
        for_each_attribute(message.subspan(sizeof header),
                           [&](std::uint16_t type, const_bytes value) {
                             if (type == TIPC_NLA_MEDIA) for_each_attribute(value, visit_field);
                           });
      });
  if (end.error != 0) throw_socket_error(errno_code(end.error), "TIPC_NL_MEDIA_GET");
  return names;
}

capability medium_row(const char* name) {
  return {"bearer", name, [name] {
            return attempt("the kernel lists the medium", [&] {
              const auto names = media();
              if (std::find(names.begin(), names.end(), name) == names.end()) {
                refuse(fmt::format("medium {}", name), "the kernel does not list it");
              }
            });
          }};
}

}  // namespace

capability_list tipc_capabilities() {
  return {
      family_row(rdm),
      socket_row("socket type", "SOCK_STREAM", stream),
      socket_row("socket type", "SOCK_SEQPACKET", {AF_TIPC, SOCK_SEQPACKET, 0}),
      socket_row("socket type", "SOCK_RDM", rdm),
      socket_row("socket type", "SOCK_DGRAM", {AF_TIPC, SOCK_DGRAM, 0}),
      option_row("option", rdm, set("TIPC_IMPORTANCE", TIPC_IMPORTANCE, TIPC_HIGH_IMPORTANCE)),
      option_row("option", rdm, set("TIPC_SRC_DROPPABLE", TIPC_SRC_DROPPABLE, 1)),
      option_row("option", rdm, set("TIPC_DEST_DROPPABLE", TIPC_DEST_DROPPABLE, 0)),
      option_row("option", stream, set("TIPC_CONN_TIMEOUT", TIPC_CONN_TIMEOUT, 8000)),
      option_row("option", rdm, get("TIPC_NODE_RECVQ_DEPTH", TIPC_NODE_RECVQ_DEPTH)),
      option_row("option", rdm, get("TIPC_SOCK_RECVQ_DEPTH", TIPC_SOCK_RECVQ_DEPTH)),
      option_row("option", rdm, get("TIPC_SOCK_RECVQ_USED", TIPC_SOCK_RECVQ_USED)),
      option_row("option", rdm, {"TIPC_MCAST_BROADCAST", SOL_TIPC, TIPC_MCAST_BROADCAST, {}}),
      option_row("option", rdm, {"TIPC_MCAST_REPLICAST", SOL_TIPC, TIPC_MCAST_REPLICAST, {}}),
      option_row("option", stream, set("TIPC_NODELAY", TIPC_NODELAY, 1)),
      group_row(),
      topology_row(),
      ioctl_row("SIOCGETLINKNAME", SIOCGETLINKNAME),
      ioctl_row("SIOCGETNODEID", SIOCGETNODEID),
      medium_row("eth"),
      medium_row("udp"),
      medium_row("ib"),
      command_row("configuration", "TIPC_NL_BEARER_ENABLE", TIPC_NL_BEARER_ENABLE,
                  "this kernel does not list the command"),
      command_row("monitoring", "TIPC_NL_MON_GET", TIPC_NL_MON_GET,
                  "this kernel does not list the command"),
      command_row("crypto", "TIPC_NL_KEY_SET", TIPC_NL_KEY_SET,
                  "this kernel was built without CONFIG_TIPC_CRYPTO"),
      diag_row("tipc_diag", AF_TIPC),
  };
}

}  // namespace trivet::tool
