#include "tools/trivet/probe_query.h"

#include <linux/genetlink.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/packet_diag.h>
#include <linux/sock_diag.h>
#include <linux/tipc_sockets_diag.h>
#include <linux/unix_diag.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <chrono>

#include "tools/trivet/probe_trial.h"
#include "trivet/base/error.h"

namespace trivet::tool {
namespace {

constexpr std::uint32_t sequence = 1;

/// The text of an attribute, without its terminator.
std::string text_of_attribute(const_bytes value) {
  const std::string_view text = text_of(value);
  return std::string(text.substr(0, text.find('\0')));
}

/// Where the attributes of an ACK start: behind the errno, for NLMSG_ERROR also behind the echoed
/// request, of which a capped ACK holds only the header.
std::size_t ack_prefix(const ::nlmsghdr& header, const_bytes payload) {
  if (header.nlmsg_type == NLMSG_DONE) return sizeof(int);
  const auto request = load_padded<::nlmsghdr>(payload.subspan(sizeof(int)));
  const bool capped = (header.nlmsg_flags & NLM_F_CAPPED) != 0;
  return sizeof(int) + (capped ? sizeof(::nlmsghdr) : NLMSG_ALIGN(request.nlmsg_len));
}

netlink_end read_end(const ::nlmsghdr& header, const_bytes payload) {
  netlink_end end;
  if (payload.size() < sizeof(int)) return end;
  end.error = -load_padded<int>(payload);
  if ((header.nlmsg_flags & NLM_F_ACK_TLVS) == 0) return end;
  const std::size_t prefix = ack_prefix(header, payload);
  if (prefix > payload.size()) return end;
  for_each_attribute(payload.subspan(prefix), [&end](std::uint16_t type, const_bytes value) {
    if (type == NLMSGERR_ATTR_MSG) end.reason = text_of_attribute(value);
  });
  return end;
}

std::vector<std::byte> request(std::uint16_t type, std::uint16_t flags, const_bytes payload) {
  ::nlmsghdr header{};
  header.nlmsg_len = static_cast<std::uint32_t>(sizeof header + payload.size());
  header.nlmsg_type = type;
  header.nlmsg_flags = static_cast<std::uint16_t>(flags | NLM_F_REQUEST);
  header.nlmsg_seq = sequence;
  std::vector<std::byte> bytes = value_of(header);
  bytes.insert(bytes.end(), payload.begin(), payload.end());
  bytes.resize(NLMSG_ALIGN(bytes.size()));
  return bytes;
}

/// Reads the answer's messages until one ends it.
netlink_end read_answer(trial_socket& socket, const std::function<void(const_bytes)>& visit) {
  std::vector<std::byte> buffer(65536);
  const deadline until = deadline::after(std::chrono::seconds(2));
  while (true) {
    const receive_result got = socket.receive(mutable_bytes(buffer), {.until = until});
    const_bytes rest = const_bytes(buffer).first(got.size);
    while (rest.size() >= sizeof(::nlmsghdr)) {
      const auto header = load_padded<::nlmsghdr>(rest);
      if (header.nlmsg_len < sizeof header || header.nlmsg_len > rest.size()) break;
      const const_bytes payload = rest.first(header.nlmsg_len).subspan(sizeof header);
      rest = rest.subspan(std::min<std::size_t>(NLMSG_ALIGN(header.nlmsg_len), rest.size()));
      if (header.nlmsg_seq != sequence) continue;
      const bool ends = header.nlmsg_type == NLMSG_ERROR || header.nlmsg_type == NLMSG_DONE;
      if (ends) return read_end(header, payload);
      visit(payload);
    }
  }
}

std::vector<std::byte> diag_request(int family, int protocol) {
  const auto family_byte = static_cast<std::uint8_t>(family);
  const auto protocol_byte = static_cast<std::uint8_t>(protocol);
  if (family == AF_INET || family == AF_INET6) {
    ::inet_diag_req_v2 r{};
    r.sdiag_family = family_byte;
    r.sdiag_protocol = protocol_byte;
    r.idiag_states = ~0U;
    return value_of(r);
  }
  if (family == AF_UNIX) {
    ::unix_diag_req r{};
    r.sdiag_family = family_byte;
    r.udiag_states = ~0U;
    return value_of(r);
  }
  if (family == AF_PACKET) {
    ::packet_diag_req r{};
    r.sdiag_family = family_byte;
    return value_of(r);
  }
  // netlink and tipc begin alike and are as long as these four bytes at least
  ::packet_diag_req r{};
  r.sdiag_family = family_byte;
  r.sdiag_protocol = family == AF_NETLINK ? std::uint8_t{255} : std::uint8_t{0};
  std::vector<std::byte> bytes = value_of(r);
  if (family == AF_TIPC) bytes.resize(sizeof(::tipc_sock_diag_req));
  return bytes;
}

/// CTRL_CMD_GETFAMILY: calls `visit` for each attribute of the answer. @return the errno
int ask_family(std::string_view name,
               const std::function<void(std::uint16_t, const_bytes)>& visit) {
  ::genlmsghdr generic{};
  generic.cmd = CTRL_CMD_GETFAMILY;
  generic.version = 1;
  std::vector<std::byte> payload = value_of(generic);
  const ::nlattr attribute{static_cast<std::uint16_t>(sizeof(::nlattr) + name.size() + 1),
                           CTRL_ATTR_FAMILY_NAME};
  const std::vector<std::byte> head = value_of(attribute);
  const const_bytes text = bytes_of(name);
  payload.insert(payload.end(), head.begin(), head.end());
  payload.insert(payload.end(), text.begin(), text.end());
  payload.resize(NLMSG_ALIGN(payload.size() + 1));
  const auto visit_message = [&visit](const_bytes message) {
    if (message.size() >= sizeof(::genlmsghdr)) {
      for_each_attribute(message.subspan(sizeof(::genlmsghdr)), visit);
    }
  };
  return ask_netlink(NETLINK_GENERIC, GENL_ID_CTRL, NLM_F_ACK, payload, visit_message).error;
}

}  // namespace

void for_each_attribute(const_bytes attributes,
                        const std::function<void(std::uint16_t, const_bytes)>& visit) {
  while (attributes.size() >= sizeof(::nlattr)) {
    const auto header = load_padded<::nlattr>(attributes);
    if (header.nla_len < sizeof header || header.nla_len > attributes.size()) return;
    visit(header.nla_type & NLA_TYPE_MASK, attributes.first(header.nla_len).subspan(sizeof header));
    attributes =
        attributes.subspan(std::min<std::size_t>(NLA_ALIGN(header.nla_len), attributes.size()));
  }
}

netlink_end ask_netlink(int protocol, std::uint16_t type, std::uint16_t flags, const_bytes payload,
                        const std::function<void(const_bytes)>& visit) {
  trial_socket socket(AF_NETLINK, SOCK_RAW, protocol);
  std::error_code older_kernel;  // without these the answer only says less
  const auto on = value_of(1);
  socket.set_raw(SOL_NETLINK, NETLINK_EXT_ACK, on, older_kernel);
  socket.set_raw(SOL_NETLINK, NETLINK_GET_STRICT_CHK, on, older_kernel);
  ::sockaddr_nl kernel{};
  kernel.nl_family = AF_NETLINK;
  socket.connect(sockaddr_bytes(kernel));  // from here on nobody else may answer
  socket.send(const_bytes(request(type, flags, payload)));
  return read_answer(socket, visit);
}

capability diag_row(std::string_view name, int family, int protocol) {
  return {"sock_diag", std::string(name), [family, protocol] {
            return attempt("the kernel listed the sockets", [&] {
              const std::vector<std::byte> payload = diag_request(family, protocol);
              const netlink_end end = ask_netlink(NETLINK_SOCK_DIAG, SOCK_DIAG_BY_FAMILY,
                                                  NLM_F_DUMP, payload, [](const_bytes) {});
              if (end.error == ENOENT) {
                throw socket_error(errno_code(ENOENT), "sock_diag",
                                   "no module answers for this family");
              }
              if (end.error != 0) throw_socket_error(errno_code(end.error), "sock_diag");
            });
          }};
}

std::optional<std::vector<std::uint32_t>> generic_commands(std::string_view family) {
  std::vector<std::uint32_t> commands;
  const auto visit_field = [&commands](std::uint16_t type, const_bytes value) {
    if (type == CTRL_ATTR_OP_ID) commands.push_back(load_padded<std::uint32_t>(value));
  };
  const int error = ask_family(family, [&](std::uint16_t type, const_bytes value) {
    if (type != CTRL_ATTR_OPS) return;
    for_each_attribute(
        value, [&](std::uint16_t, const_bytes entry) { for_each_attribute(entry, visit_field); });
  });
  if (error == ENOENT) return std::nullopt;
  if (error != 0) throw_socket_error(errno_code(error), "CTRL_CMD_GETFAMILY");
  return commands;
}

std::uint16_t generic_family(std::string_view name) {
  std::uint16_t number = 0;
  const int error = ask_family(name, [&number](std::uint16_t type, const_bytes value) {
    if (type == CTRL_ATTR_FAMILY_ID) number = load_padded<std::uint16_t>(value);
  });
  return error == 0 ? number : std::uint16_t{0};
}

}  // namespace trivet::tool
