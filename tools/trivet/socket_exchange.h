// The verbs of `trivet socket`, once for all families. A family is a struct like this:
//
//   struct unix_family {
//     using address = unix_domain::address;
//     static constexpr std::string_view name = "unix";
//     static constexpr std::string_view form = "PATH, @ABSTRACT or '' for none";
//     static constexpr named_value types[] = {{"dgram", SOCK_DGRAM}, …};   // default first
//     static constexpr std::span<const named_value> protocols = {};  // names of --protocol; empty
//                                                          // where there is nothing to choose
//     static constexpr int protocol = 0;                   // where none is given
//     static constexpr bool can_echo = true;
//     static unix_domain::socket open(int type, int protocol);
//     static constexpr bool needs_name_for_reply = true;   // an unbound sender has no address
//     static void prepare_send(unix_domain::socket& socket);    // before sending; may be left out
//     static void finish_send(unix_domain::socket& socket);     // before closing; may be left out
//     static void remove_name(const address& local) noexcept;   // after bind; may be left out
//   };
//
// Streams and sequenced packets connect, or listen and accept; the other types send and receive
// messages without a connection.
#ifndef TOOLS_TRIVET_SOCKET_EXCHANGE_H_
#define TOOLS_TRIVET_SOCKET_EXCHANGE_H_

#include <fmt/core.h>
#include <sys/socket.h>

#include <string>
#include <utility>

#include "tools/trivet/context.h"
#include "tools/trivet/failure.h"
#include "tools/trivet/json.h"
#include "tools/trivet/socket_family.h"
#include "tools/trivet/socket_input.h"
#include "tools/trivet/socket_print.h"
#include "trivet/base/bytes.h"
#include "trivet/base/deadline.h"
#include "trivet/unix/socket.h"

namespace trivet::tool {

/// Whether a type has connections.
[[nodiscard]] inline bool connects(int type) {
  return type == SOCK_STREAM || type == SOCK_SEQPACKET;
}

/// When --timeout passes, counted from now.
[[nodiscard]] inline deadline give_up_at(const socket_options& options) {
  return options.timeout ? deadline::after(*options.timeout) : deadline::never();
}

/// Opens the family's socket in the namespace of --netns.
template <class Family>
[[nodiscard]] auto open_socket(const context& ctx, const socket_options& options) {
  const int type = parse_type(options.type, Family::name, Family::types);
  if (options.protocol && Family::protocols.empty()) {
    throw usage_error(fmt::format("--protocol: {} has no choice of one", Family::name));
  }
  const int protocol = parse_protocol(options.protocol, Family::protocols, Family::protocol);
  return ctx.open([=] { return Family::open(type, protocol); });
}

[[noreturn]] inline void no_interface(std::string_view name) {
  throw failure(fmt::format("interface {}", name), "there is none of that name",
                "`ip link` in that network namespace shows those that there are");
}

/// Fills in what an address needs to know of its namespace. Throws failure where the interface
/// that it names is not there.
template <class Address>
[[nodiscard]] Address in_namespace(const Address& address, int fd) {
  if constexpr (requires(std::error_code ec) { address.with_index(fd, ec); }) {
    std::error_code ec;
    const Address found = address.with_index(fd, ec);
    if (ec) no_interface(address.scope_name());
    return found;
  } else if constexpr (requires { address.with_index(fd); }) {
    const Address found = address.with_index(fd);
    if (found.index() == 0 && !found.ifname().empty()) no_interface(found.ifname());
    return found;
  } else {
    return address;
  }
}

/// trivet socket address
template <class Family>
void show_address(context& ctx, const std::string& text) {
  const auto parsed = Family::address::parse(text);
  // Any socket tells the interfaces of its namespace.
  const auto any = ctx.open([] { return unix_domain::socket(SOCK_DGRAM); });
  const auto address = in_namespace(parsed, any.native_handle());
  print_address(ctx, Family::name, address.to_string(), text_of(address.to_sockaddr().bytes()));
}

/// The answer to what was sent, printed.
template <class Socket>
void receive_reply(context& ctx, Socket& socket, const std::string& peer, deadline until) {
  const auto message = socket.receive_message({.until = until});
  if (message.data.empty() && connects(socket.type())) {
    throw failure("receive from " + peer, "the peer closed without an answer");
  }
  if (message.data.empty() && Socket::address_type::family == AF_TIPC) {
    throw failure("receive from " + peer, "the message came back: nobody took it");
  }
  const std::string from = connects(socket.type()) ? peer : message.from.to_string();
  print_message(ctx, {from, text_of(message.data), message.truncated()});
}

/// Sends the data of --data; all of standard input where it is "-". @return bytes sent
template <class Socket, class Address>
std::size_t send_data(Socket& socket, const Address& to, const socket_options& options,
                      deadline until) {
  if (!connects(socket.type())) {
    const std::string data = options.data == "-" ? read_input() : options.data;
    return socket.send_to(bytes_of(data), to, {.until = until});
  }
  if (socket.type() != SOCK_STREAM || options.data != "-") {
    const std::string data = options.data == "-" ? read_input() : options.data;
    return socket.send_all(bytes_of(data), {.until = until});
  }
  std::size_t sent = 0;
  for (std::string piece = read_input_piece(); !piece.empty(); piece = read_input_piece()) {
    sent += socket.send_all(bytes_of(piece), {.until = until});
  }
  return sent;
}

/// trivet socket send
template <class Family>
void send(context& ctx, const socket_options& options) {
  using address = typename Family::address;
  const address to = address::parse(options.address);
  std::optional<address> from;
  if (options.from) from = address::parse(*options.from);
  auto socket = open_socket<Family>(ctx, options);
  if constexpr (requires { Family::prepare_send(socket); }) Family::prepare_send(socket);
  if (from) {
    socket.bind(*from);
  } else if (options.reply && Family::needs_name_for_reply && !connects(socket.type())) {
    socket.bind(address());
  }
  const deadline until = give_up_at(options);
  if (connects(socket.type())) socket.connect(to, {.until = until});
  const std::size_t sent = send_data(socket, to, options, until);
  if (ctx.json && !options.reply) {
    json_writer json;
    json.begin_object().member("to", to.to_string()).member("length", sent).end_object();
    ctx.out.line(json.take());
  }
  if (options.reply) receive_reply(ctx, socket, to.to_string(), until);
  if constexpr (requires { Family::finish_send(socket); }) Family::finish_send(socket);
}

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_SOCKET_EXCHANGE_H_
