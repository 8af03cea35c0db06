#include "trivet/tipc/socket.h"

#include <fmt/core.h>
#include <linux/tipc.h>
#include <poll.h>

#include <cerrno>

namespace trivet::tipc {
namespace {

constexpr std::string_view unbind_advice =
    "no such binding: type, lower and upper end and scope must be the same; of bindings that "
    "differ only in the upper end, the latest must go first";

void check_room(std::size_t size) {
  if (size == 0) {
    throw socket_error(errno_code(EINVAL), "receive into 0 bytes",
                       "TIPC receives into 1 byte or more");
  }
}

void check_room(std::span<const ::iovec> pieces) {
  std::size_t size = 0;
  for (const ::iovec& piece : pieces) size += piece.iov_len;
  check_room(size);
}

}  // namespace

void socket::unbind(const address& local) {
  std::error_code ec;
  unbind(local, ec);
  if (ec) throw_socket_error(ec, "unbind " + local.to_string(), advice_for("unbind", ec));
}

void socket::unbind(const address& local, std::error_code& ec) noexcept {
  const sockaddr_bytes bytes = local.to_sockaddr();
  auto raw = load_padded<::sockaddr_tipc>(bytes.bytes());
  // No scope at all is taken as cluster, but its negative would bind.
  raw.scope = static_cast<signed char>(raw.scope == 0 ? -TIPC_CLUSTER_SCOPE : -raw.scope);
  const sockaddr_bytes negated(raw);
  bind_raw(negated.get(), negated.size(), ec);
}

void socket::unbind_all() {
  std::error_code ec;
  unbind_all(ec);
  if (ec) throw_socket_error(ec, "unbind all", advice_for("unbind", ec));
}

void socket::unbind_all(std::error_code& ec) noexcept { bind_raw(nullptr, 0, ec); }

void socket::join(const group_request& group) {
  std::error_code ec;
  join(group, ec);
  if (ec) throw_socket_error(ec, fmt::format("join group {}", group.type), advice_for("join", ec));
}

void socket::join(const group_request& group, std::error_code& ec) noexcept {
  set(option::group_join{group}, ec);
}

void socket::leave() {
  std::error_code ec;
  leave(ec);
  if (ec) throw_socket_error(ec, "leave the group", advice_for("leave", ec));
}

void socket::leave(std::error_code& ec) noexcept { set(option::group_leave{}, ec); }

void socket::shutdown(int how) {
  if (how != SHUT_RDWR) {
    throw socket_error(errno_code(EINVAL), how == SHUT_WR ? "shutdown SHUT_WR" : "shutdown SHUT_RD",
                       "TIPC shuts down both directions at once: SHUT_RDWR");
  }
  basic_socket::shutdown(how);
}

receive_result socket::receive(mutable_bytes into, io_options io) {
  check_room(into.size());
  return basic_socket::receive(into, io);
}

receive_result socket::receive(std::span<const ::iovec> pieces, control_buffer& control,
                               io_options io) {
  check_room(pieces);
  return basic_socket::receive(pieces, control, io);
}

received<address> socket::receive_from(mutable_bytes into, io_options io) {
  check_room(into.size());
  return basic_socket::receive_from(into, io);
}

received<address> socket::receive_from(mutable_bytes into, control_buffer& control, io_options io) {
  check_room(into.size());
  return basic_socket::receive_from(into, control, io);
}

received<address> socket::receive_from(std::span<const ::iovec> pieces, control_buffer& control,
                                       io_options io) {
  check_room(pieces);
  return basic_socket::receive_from(pieces, control, io);
}

received_event socket::receive_event(event_buffer& buffer, io_options io) {
  std::error_code ec;
  received_event result = receive_event(buffer, ec, io);
  if (ec) throw_socket_error(ec, "receive", advice_for("receive", ec));
  return result;
}

received_event socket::receive_event(event_buffer& buffer, std::error_code& ec,
                                     io_options io) noexcept {
  sockaddr_bytes name;
  const ::iovec piece = trivet::buffer(buffer.data());
  ::msghdr header{};
  buffer.control().clear();
  header.msg_name = name.get();
  header.msg_namelen = sockaddr_bytes::capacity;
  header.msg_iov = const_cast<::iovec*>(&piece);
  header.msg_iovlen = 1;
  header.msg_control = buffer.control().storage().data();
  header.msg_controllen = buffer.control().storage().size();
  const receive_result got = receive_header(header, ec, io);
  buffer.control().filled(header.msg_controllen, got.control_truncated());
  if (ec) {
    // A connection that has ended is never readable again, yet always ready: say so instead.
    std::error_code ignored;
    const bool waited = ec.value() == EAGAIN || ec.value() == ETIMEDOUT;
    if (waited && is_connected_type() && (poll(POLLIN, deadline::immediate(), ignored) & POLLHUP)) {
      ec = errno_code(ENOTCONN);
    }
    return {};
  }
  name.set_size(header.msg_namelen);
  received_event result =
      interpret(is_connected_type(), got, buffer.data(), name.bytes(), buffer.control());
  // The kernel reports the end once; every receive after that would wait for ever.
  if (std::holds_alternative<disconnection>(result) && (io.flags & MSG_PEEK) == 0) {
    (void)::shutdown(native_handle(), SHUT_RDWR);
  }
  return result;
}

std::string_view socket::advice_for(std::string_view call, std::error_code ec) noexcept {
  const int error = ec.value();
  if (call == "unbind" && error == EINVAL) return unbind_advice;
  if ((call == "bind" || call == "unbind") && error == EACCES) {
    return "types below 64 are the kernel's own, and a member of a group cannot bind";
  }
  if (call == "bind" && error == EAFNOSUPPORT) {
    return "a socket address is the kernel's choice: bind a service or a range";
  }
  if (call == "join" && error == EACCES) {
    return "types below 64 are the kernel's own, and a socket is in one group at a time";
  }
  if (call == "leave" && error == EINVAL) return "the socket is in no group";
  if (call == "connect" && error == EINVAL) {
    return "not to a service range, and not from a listening socket or a member of a group";
  }
  if (call == "connect" && error == ETIMEDOUT) {
    return "the other side did not accept in time: listening alone does not complete a connection";
  }
  if (error == EHOSTUNREACH) return "no socket is bound to it, as far as this node knows";
  if (call == "connect" && error == ECONNREFUSED) {
    return "no listening socket of the same type has that address";
  }
  if (call == "receive" && error == ENOTCONN) return "the connection has ended, or never began";
  if (error == EMSGSIZE) return "a TIPC message has 66000 bytes at most; a stream takes any amount";
  return {};
}

}  // namespace trivet::tipc
