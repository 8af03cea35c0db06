#include "tools/trivet/netlink_sockets.h"

#include <fmt/format.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <utility>
#include <vector>

#include "tools/trivet/command.h"
#include "tools/trivet/context.h"
#include "tools/trivet/failure.h"
#include "tools/trivet/netlink_show.h"
#include "tools/trivet/options.h"
#include "tools/trivet/processes.h"
#include "tools/trivet/socket_raw.h"
#include "tools/trivet/socket_row.h"
#include "tools/trivet/text.h"
#include "trivet/base/interface.h"
#include "trivet/netlink/client.h"

namespace trivet::tool {
namespace {

namespace diag = netlink::diag;

constexpr help_text help = {
    .summary = "list open sockets and who has them",
    .details =
        "Asks the kernel for the sockets of the network namespace, as `ss -a -n -p` does: of\n"
        "the families named, else of all that this kernel lists. Queues are in bytes; those\n"
        "of a listener are connections that wait and its backlog. The last column is what\n"
        "the family adds: groups of netlink sockets, rings, fanout and filters of packet\n"
        "sockets, messages that were dropped; and the processes. Without privilege those of\n"
        "other users are not seen. -4 and -6 choose sockets of inet.\n"
        "\n"
        "JSON: netid, state, recv_q, send_q, inode, uid (not of netlink), users (name, pid,\n"
        "fd) and what the family has: local, local_port, peer, peer_port, path, groups,\n"
        "peer_pid, rx_ring, node …",
    .examples =
        "trivet netlink sockets\n"
        "trivet netlink sockets packet netlink\n"
        "trivet netlink sockets tipc --netns blue -j\n"
        "# which netlink sockets lose messages\n"
        "trivet netlink sockets netlink -j | jq -c '.[] | select(.drops > 0)'\n"};

/// One request of a family.
struct question {
  std::string_view family;
  std::string_view module;  ///< what the kernel needs to answer: one or more
  std::string_view netid;
  std::uint8_t protocol_family;
  std::uint8_t protocol;
};

constexpr question questions[] = {
    {"inet", "tcp_diag", "tcp", AF_INET, IPPROTO_TCP},
    {"inet", "tcp_diag", "tcp", AF_INET6, IPPROTO_TCP},
    {"inet", "udp_diag", "udp", AF_INET, IPPROTO_UDP},
    {"inet", "udp_diag", "udp", AF_INET6, IPPROTO_UDP},
    {"inet", "raw_diag", "raw", AF_INET, IPPROTO_RAW},
    {"inet", "raw_diag", "raw", AF_INET6, IPPROTO_RAW},
    {"unix", "unix_diag", "", AF_UNIX, 0},
    {"netlink", "netlink_diag", "", AF_NETLINK, 0},
    {"packet", "af_packet_diag", "", AF_PACKET, 0},
    {"tipc", "tipc diag", "", AF_TIPC, 0},  // net/tipc/diag.ko has no other name
};

template <class Socket, class Add>
void add_decoded(const netlink::message_view& message, Add add) {
  // What cannot be read is not passed over in silence.
  const auto s = Socket::decode(message);
  if (!s) throw failure("sock_diag", "the kernel's answer has a length that is wrong");
  add(*s);
}

void ask(netlink::message_builder& request, const question& what) {
  switch (what.protocol_family) {
    case AF_UNIX:
      return diag::ask_for_unix(request);
    case AF_NETLINK:
      return diag::ask_for_netlink(request);
    case AF_PACKET:
      return diag::ask_for_packet(request);
    case AF_TIPC:
      return diag::ask_for_tipc(request);
    default:
      return diag::ask_for_inet(request, what.protocol_family, what.protocol);
  }
}

void add_row(const netlink::message_view& message, const question& what, const row_names& names,
             std::vector<socket_row>& rows) {
  const auto add = [&](const auto& s) { rows.push_back(row_of(s)); };
  switch (what.protocol_family) {
    case AF_UNIX:
      return add_decoded<diag::unix_socket>(message, add);
    case AF_NETLINK:
      // The kernel lists members of groups twice.
      return add_decoded<diag::netlink_socket>(message, [&](const auto& s) {
        socket_row row = row_of(s);
        const bool known =
            s.inode != 0 && std::any_of(rows.begin(), rows.end(),
                                        [&](const auto& r) { return r.inode == row.inode; });
        if (!known) rows.push_back(std::move(row));
      });
    case AF_PACKET:
      return add_decoded<diag::packet_socket>(
          message, [&](const auto& s) { rows.push_back(row_of(s, names)); });
    case AF_TIPC:
      return add_decoded<diag::tipc_socket>(message, add);
    default:
      return add_decoded<diag::inet_socket>(message, [&](const auto& s) {
        rows.push_back(row_of(s, std::string(what.netid), names));
      });
  }
}

bool is_missing(const std::error_code& error) {
  return error.value() == ENOENT || error.value() == EOPNOTSUPP || error.value() == EINVAL;
}

/// @return whether this kernel lists such sockets
bool list(netlink::client& kernel, const question& what, const row_names& names,
          std::vector<socket_row>& rows) {
  netlink::message_builder request(SOCK_DIAG_BY_FAMILY);
  ask(request, what);
  const std::size_t before = rows.size();
  constexpr unsigned attempts = 5;
  const netlink::dump_end end =
      kernel.dump(request, [&](const netlink::message_view& m) { add_row(m, what, names, rows); },
                  {.attempts = attempts, .restart = [&] { rows.resize(before); }});
  if (is_missing(end.error)) return false;
  end.check(fmt::format("SOCK_DIAG_BY_FAMILY {}", what.family));
  if (end.interrupted) {
    print_error_line(fmt::format(
        "trivet: {} sockets: changes came during each of {} attempts: some may be missing",
        what.netid, end.attempts));
  }
  return true;
}

/// Many kernels are built without raw_diag, and have a file instead.
/// @return whether they could be listed
bool list_raw(const context& ctx, const question& what, const row_names& names,
              std::vector<socket_row>& rows) {
  const auto found = ctx.open([&] { return find_raw_sockets(what.protocol_family); });
  if (!found) return false;
  for (const diag::inet_socket& s : *found) {
    rows.push_back(row_of(s, std::string(what.netid), names));
  }
  return true;
}

std::string users_text(const std::vector<socket_user>& users) {
  std::vector<std::string> words;
  words.reserve(users.size());
  for (const auto& [name, pid, fd] : users) {
    words.push_back(fmt::format("(\"{}\",pid={},fd={})", printable(name), pid, fd));
  }
  return words.empty() ? "" : fmt::format(" users:({})", fmt::join(words, ","));
}

const std::vector<socket_user>& users_of(const socket_users& users, const socket_row& row) {
  static const std::vector<socket_user> nobody;
  const auto found = users.find(row.inode);
  return row.inode == 0 || found == users.end() ? nobody : found->second;
}

void print_text(context& ctx, const std::vector<socket_row>& rows, const socket_users& users) {
  std::size_t local_width = std::string_view("Local Address:Port").size();
  std::size_t peer_width = std::string_view("Peer Address:Port").size();
  for (const socket_row& row : rows) {
    local_width = std::max(local_width, row.local.size());
    peer_width = std::max(peer_width, row.peer.size());
  }
  // One long path must not push everything off the screen.
  local_width = std::min<std::size_t>(local_width, 40);
  peer_width = std::min<std::size_t>(peer_width, 40);
  ctx.out.line(fmt::format("{:<5} {:<10} {:>7} {:>7} {:<{}} {:<{}} {}", "Netid", "State", "Recv-Q",
                           "Send-Q", "Local Address:Port", local_width, "Peer Address:Port",
                           peer_width, "Process"));
  for (const socket_row& row : rows) {
    std::string line =
        fmt::format("{:<5} {:<10} {:>7} {:>7} {:<{}} {:<{}}{}{}", row.netid, row.state,
                    row.receive_queue, row.send_queue, row.local, local_width, row.peer, peer_width,
                    row.more, users_text(users_of(users, row)));
    line.erase(line.find_last_not_of(' ') + 1);
    ctx.out.line(line);
  }
}

void print_json(context& ctx, const std::vector<socket_row>& rows, const socket_users& users) {
  json_writer json;
  json.begin_array();
  for (const socket_row& row : rows) {
    json.begin_object().member("netid", row.netid).member("state", row.state);
    json.member("recv_q", row.receive_queue).member("send_q", row.send_queue);
    row.members(json);
    json.member("inode", row.inode);
    if (row.uid) json.member("uid", *row.uid);
    json.key("users").begin_array();
    for (const auto& [name, pid, fd] : users_of(users, row)) {
      json.begin_object().member("name", valid_utf8(name)).member("pid", pid);
      json.member("fd", fd).end_object();
    }
    json.end_array().end_object();
  }
  ctx.out.line(json.end_array().take());
}

std::vector<std::string> checked(std::vector<std::string> families) {
  for (const std::string& family : families) {
    const bool known = std::any_of(std::begin(questions), std::end(questions),
                                   [&](const question& q) { return q.family == family; });
    if (!known) {
      throw usage_error(
          fmt::format("FAMILY: '{}' is none of inet, unix, netlink, packet, tipc", family));
    }
  }
  return families;
}

/// @param of  AF_INET or AF_INET6: of inet these alone; AF_UNSPEC: both
bool is_of_family(const question& what, int of) {
  return what.family != "inet" || of == AF_UNSPEC || what.protocol_family == of;
}

void show(context& ctx, const std::vector<std::string>& words, int of) {
  if (of != AF_UNSPEC && of != AF_INET && of != AF_INET6) {
    throw usage_error("-M, -0, -B, -f: sockets of inet are of IPv4 or of IPv6");
  }
  const std::vector<std::string> families = checked(words);
  auto kernel = ctx.open([] { return netlink::client(NETLINK_SOCK_DIAG); });
  const int fd = kernel.underlying().native_handle();
  const row_names names{[fd](std::uint32_t index) {
    return interface_name(fd, static_cast<int>(index)).value_or(fmt::format("if{}", index));
  }};
  std::vector<socket_row> rows;
  std::vector<std::string_view> unlisted;
  std::error_code nobody_found;
  bool listed = false;
  for (const question& what : questions) {
    const bool asked = std::find(families.begin(), families.end(), what.family) != families.end();
    if (!asked && !families.empty()) continue;
    if (!is_of_family(what, of)) continue;
    const bool done = list(kernel, what, names, rows) ||
                      (what.protocol == IPPROTO_RAW && list_raw(ctx, what, names, rows));
    listed |= done;
    if (!done && asked &&
        std::find(unlisted.begin(), unlisted.end(), what.module) == unlisted.end()) {
      unlisted.push_back(what.module);
    }
  }
  if (listed || unlisted.empty()) {
    const socket_users users = find_socket_users(nobody_found);
    if (ctx.json) {
      print_json(ctx, rows, users);
    } else {
      print_text(ctx, rows, users);
    }
  }
  // What there is has been printed: scripts see by the status that it is not all.
  if (!unlisted.empty()) {
    const std::string modules = fmt::format("{}", fmt::join(unlisted, " "));
    throw failure(
        fmt::format("{} sockets", fmt::join(families, ", ")),
        listed ? fmt::format("not all are listed: this kernel lacks {}", modules)
               : "this kernel does not list them",
        (modules.find(' ') == std::string::npos ? "modprobe " : "modprobe -a ") + modules);
  }
  if (nobody_found) {
    const bool missing = nobody_found == std::errc::no_such_file_or_directory;
    throw failure("/proc", "not all processes could be looked at: " + nobody_found.message(),
                  missing ? "is it mounted?" : "ulimit -n");
  }
}

}  // namespace

void add_netlink_sockets(CLI::App& noun, context& ctx, const shared_options& options) {
  auto families = std::make_shared<std::vector<std::string>>();
  CLI::App& verb = add_verb(noun, ctx, "sockets", help,
                            [&ctx, options, families] { show(ctx, *families, options->family); });
  add_option(verb, "FAMILY", *families, "inet, unix, netlink, packet or tipc; all without it")
      .type_name("{inet,unix,netlink,packet,tipc}")
      .expected(0, 5);
}

}  // namespace trivet::tool
