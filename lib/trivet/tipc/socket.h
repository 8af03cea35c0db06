// AF_TIPC sockets: messages between the nodes of a cluster, addressed by service.
//
//   tipc::socket server(SOCK_RDM);
//   server.bind(tipc::service_range{.type = 4711, .lower = 0, .upper = 99});
//   auto [_, from] = server.receive_from(buffer);
//
//   tipc::socket client(SOCK_RDM);
//   client.send_to(bytes_of("hello"), tipc::service{.type = 4711, .instance = 7});
//
// Not here: what is bound where, and who comes and goes (topology.h).
#ifndef TRIVET_TIPC_SOCKET_H_
#define TRIVET_TIPC_SOCKET_H_

#include <string_view>

#include "trivet/base/basic_socket.h"
#include "trivet/tipc/address.h"
#include "trivet/tipc/event.h"
#include "trivet/tipc/option.h"

namespace trivet::tipc {

/// socket(AF_TIPC). Messages of at most 66000 bytes (EMSGSIZE); a STREAM takes any amount. Thread
/// safety as socket_base. What differs from other families:
///   - connect(2) returns when the other side accepts: listening is not enough.
///   - An empty message is swallowed; receiving 0 bytes means a rejected message, a group's event
///     or the end of a connection: receive_event tells them apart.
///   - The peer's close(2) without shutdown(2) makes receive fail with ECONNRESET; receive_event
///     gives a disconnection.
///   - The kernel does not say how long a truncated message was. With MSG_EOR in io_options::flags
///     a short buffer takes a part, and the next receive goes on; the last part has MSG_EOR set.
///   - An RDM or DGRAM receiver has no way to slow a sender down: when its queue is full, messages
///     come back, or vanish where dest_droppable is on, as it is by default.
/// Source: linux/tipc.h and the kernel's net/tipc/socket.c
class socket final : public basic_socket<socket, address> {
 public:
  /// @param type  SOCK_STREAM, SOCK_SEQPACKET, SOCK_RDM or SOCK_DGRAM; SOCK_NONBLOCK may be added
  /// Throws family_unavailable with the reason where this kernel has no TIPC.
  explicit socket(int type) : basic_socket(type, 0) {}

  /// Takes over an open AF_TIPC socket.
  explicit socket(descriptor fd) : basic_socket(std::move(fd)) {}

  /// socketpair(2).
  [[nodiscard]] static socket_pair<socket> pair(int type) { return open_pair(type, 0); }

  /// bind(2) with the scope negated: withdraws one binding of the same form, numbers and scope.
  /// Throws socket_error EINVAL where there is none; but where nothing at all is bound any more,
  /// the kernel reports success. The kernel searches from the latest binding and gives up at one
  /// that has the same type, scope and lower end and another upper end: unbind that first.
  void unbind(const address& local);
  void unbind(const address& local, std::error_code& ec) noexcept;

  /// bind(2) of nothing: withdraws every binding.
  void unbind_all();
  void unbind_all(std::error_code& ec) noexcept;

  /// setsockopt(TIPC_GROUP_JOIN): joins a communication group, as option::group_join. In a group
  /// send is a broadcast, send_to a service address reaches one member of that number, a range all
  /// of them, a socket address that member; the type of such an address is not looked at. A member
  /// that does not read holds the others' broadcasts up. Where a network namespace ends within
  /// milliseconds of a member in it, Linux 6.1 can panic.
  void join(const group_request& group);
  void join(const group_request& group, std::error_code& ec) noexcept;

  /// setsockopt(TIPC_GROUP_LEAVE).
  void leave();
  void leave(std::error_code& ec) noexcept;

  /// shutdown(2) of both directions, the only way that TIPC knows: the other side receives what was
  /// sent and then a disconnection; what was not received here is gone.
  /// @param how  SHUT_RDWR; else throws socket_error EINVAL before the kernel is asked
  void shutdown(int how = SHUT_RDWR);

  /// recvmsg(2) as socket_base and basic_socket have it. An empty buffer throws socket_error
  /// EINVAL: TIPC does not take one.
  using basic_socket::receive;
  using basic_socket::receive_from;
  receive_result receive(mutable_bytes into, io_options io = {});
  receive_result receive(std::span<const ::iovec> pieces, control_buffer& control,
                         io_options io = {});
  received<address> receive_from(mutable_bytes into, io_options io = {});
  received<address> receive_from(mutable_bytes into, control_buffer& control, io_options io = {});
  received<address> receive_from(std::span<const ::iovec> pieces, control_buffer& control,
                                 io_options io = {});

  /// recvmsg(2): the next event, whichever it is; its views are valid as long as the buffer. After
  /// a disconnection the socket is shut down, and the next call fails with ENOTCONN; without that
  /// the kernel would wait for ever.
  received_event receive_event(event_buffer& buffer, io_options io = {});
  received_event receive_event(event_buffer& buffer, std::error_code& ec,
                               io_options io = {}) noexcept;

  // For basic_socket: what to do about an errno.
  [[nodiscard]] static std::string_view advice_for(std::string_view call,
                                                   std::error_code ec) noexcept;

 private:
  [[nodiscard]] bool is_connected_type() const noexcept {
    return type() == SOCK_STREAM || type() == SOCK_SEQPACKET;
  }
};

}  // namespace trivet::tipc

#endif  // TRIVET_TIPC_SOCKET_H_
