// socket_base with a family's addresses: what each family's socket derives from.
//
//   class socket final : public basic_socket<socket, address> { … };
//
// Throwing calls name the address in their error; calls with a std::error_code& are noexcept, but
// for receive_message, which allocates. Threads: as socket_base.h says.
#ifndef TRIVET_BASE_BASIC_SOCKET_H_
#define TRIVET_BASE_BASIC_SOCKET_H_

#include <cerrno>
#include <cstddef>
#include <memory>
#include <new>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "trivet/base/address.h"
#include "trivet/base/batch.h"
#include "trivet/base/socket_base.h"

namespace trivet {

/// A connection that was accepted, and who made it.
template <class Socket, class Address>
struct accepted {
  Socket socket;  ///< blocking
  Address peer;   ///< with the interface's name, where the family has one
};

/// Two connected sockets of socketpair(2).
template <class Socket>
struct socket_pair {
  Socket first;
  Socket second;
};

/// socket_base with one family's addresses.
/// @tparam Socket   the family's final class
/// @tparam Address  its address. Optional members that are used where they exist:
///   a.with_index(fd)   before a system call: resolves what needs the socket's namespace;
///   a.with_index(fd, ec)   the same, where that may fail: then there is no system call
///   a.with_name(fd)    after accept, local_address and receive_message: the reverse
///   Address::max_message  the longest message, for families that do not tell a message's length
template <class Socket, socket_address Address>
class basic_socket : public socket_base {
 public:
  using address_type = Address;  ///< of the family

  basic_socket(basic_socket&&) noexcept = default;
  basic_socket& operator=(basic_socket&&) noexcept = default;

  /// bind(2). Throws address_error, not_permitted.
  void bind(const Address& local) {
    std::error_code ec;
    bind(local, ec);
    if (ec) fail("bind", local, ec);
  }
  void bind(const Address& local, std::error_code& ec) noexcept {
    const sockaddr_bytes bytes = encode(local, ec);
    if (!ec) bind_raw(bytes.get(), bytes.size(), ec);
  }

  /// connect(2). Throws timed_out, peer_error, would_block (EINPROGRESS of a non-blocking socket:
  /// wait for POLLOUT, then read so::error). After timed_out the attempt is still under way (but in
  /// AF_UNIX): close the socket, or connect again to wait for the same attempt.
  void connect(const Address& peer, io_options io = {}) {
    std::error_code ec;
    connect(peer, ec, io);
    if (ec) fail("connect", peer, ec);
  }
  void connect(const Address& peer, std::error_code& ec, io_options io = {}) noexcept {
    const sockaddr_bytes bytes = encode(peer, ec);
    if (!ec) connect_raw(bytes.get(), bytes.size(), ec, io);
  }

  /// accept4(2) with SOCK_CLOEXEC. The new socket is blocking. A peer that is gone already is an
  /// error of this call (peer_error), not of the listener: accept again. A deadline leaves
  /// O_NONBLOCK set on the listener, whose calls wait as before; set_blocking(true) clears it.
  [[nodiscard]] accepted<Socket, Address> accept(io_options io = {}) {
    std::error_code ec;
    auto result = accept(ec, io);
    if (ec) throw_socket_error(ec, "accept");
    return std::move(*result);
  }
  /// @return nothing exactly where `ec` is set
  [[nodiscard]] std::optional<accepted<Socket, Address>> accept(std::error_code& ec,
                                                                io_options io = {}) noexcept {
    sockaddr_bytes bytes;
    bytes.set_size(sockaddr_bytes::capacity);
    descriptor fd = accept_raw(bytes.get(), bytes.size_pointer(), ec, io);
    if (ec) return std::nullopt;
    try {
      return accepted<Socket, Address>{Socket(std::move(fd)), decode_named(bytes)};
    } catch (const std::system_error& e) {
      ec = e.code();
    } catch (...) {
      ec = errno_code(ENOMEM);
    }
    return std::nullopt;
  }

  /// getsockname(2).
  [[nodiscard]] Address local_address() const { return name_by(::getsockname, "getsockname"); }

  /// getpeername(2). Throws peer_error where there is no peer.
  [[nodiscard]] Address peer_address() const { return name_by(::getpeername, "getpeername"); }

  /// sendto(2).
  std::size_t send_to(const_bytes data, const Address& to, io_options io = {}) {
    std::error_code ec;
    const std::size_t sent = send_to(data, to, ec, io);
    if (ec) fail("send to", to, ec);
    return sent;
  }
  std::size_t send_to(const_bytes data, const Address& to, std::error_code& ec,
                      io_options io = {}) noexcept {
    const sockaddr_bytes bytes = encode(to, ec);
    if (ec) [[unlikely]]
      return 0;
    return send_bytes_to(data, bytes.get(), bytes.size(), ec, io);
  }

  /// sendmsg(2): pieces in order, with control messages, to an address.
  std::size_t send_to(std::span<const ::iovec> pieces, const Address& to,
                      const control_writer& control = {}, io_options io = {}) {
    std::error_code ec;
    const std::size_t sent = send_to(pieces, to, control, ec, io);
    if (ec) fail("send to", to, ec);
    return sent;
  }
  std::size_t send_to(std::span<const ::iovec> pieces, const Address& to,
                      const control_writer& control, std::error_code& ec,
                      io_options io = {}) noexcept {
    const sockaddr_bytes bytes = encode(to, ec);
    if (ec) [[unlikely]]
      return 0;
    ::msghdr header{};
    header.msg_name = const_cast<::sockaddr*>(bytes.get());
    header.msg_namelen = bytes.size();
    header.msg_iov = const_cast<::iovec*>(pieces.data());
    header.msg_iovlen = pieces.size();
    header.msg_control = const_cast<std::byte*>(control.bytes().data());
    header.msg_controllen = control.bytes().size();
    return send_header(header, ec, io);
  }

  /// recvmsg(2) into the caller's buffer: size, sender, and whether it, or what came beside it, was
  /// truncated.
  received<Address> receive_from(mutable_bytes into, io_options io = {}) {
    std::error_code ec;
    const auto result = receive_from(into, ec, io);
    if (ec) throw_socket_error(ec, "receive", advice("receive", ec));
    return result;
  }
  received<Address> receive_from(mutable_bytes into, std::error_code& ec,
                                 io_options io = {}) noexcept {
    const ::iovec piece = buffer(into);
    return receive_named(std::span(&piece, 1), nullptr, ec, io);
  }

  /// recvmsg(2) into several buffers in order, with control messages.
  received<Address> receive_from(std::span<const ::iovec> pieces, control_buffer& control,
                                 io_options io = {}) {
    std::error_code ec;
    const auto result = receive_named(pieces, &control, ec, io);
    if (ec) throw_socket_error(ec, "receive", advice("receive", ec));
    return result;
  }
  received<Address> receive_from(std::span<const ::iovec> pieces, control_buffer& control,
                                 std::error_code& ec, io_options io = {}) noexcept {
    return receive_named(pieces, &control, ec, io);
  }
  received<Address> receive_from(mutable_bytes into, control_buffer& control, io_options io = {}) {
    const ::iovec piece = buffer(into);
    return receive_from(std::span(&piece, 1), control, io);
  }

  /// recvmsg(2) into a buffer that is made as long as the message (a stream: what is there, at
  /// most 64 KiB). Another thread that takes the message in between makes the next one come
  /// truncated, which the result says.
  message<Address> receive_message(io_options io = {}) {
    std::error_code ec;
    auto result = receive_message(ec, io);
    if (ec) throw_socket_error(ec, "receive", advice("receive", ec));
    return result;
  }
  /// Throws nothing but bad_alloc.
  message<Address> receive_message(std::error_code& ec, io_options io = {}) {
    message<Address> result;
    ec.clear();
    if (!io.until && timeout() && timeout()->count() > 0) io.until = deadline::after(*timeout());
    auto& head = static_cast<received<Address>&>(result);
    if (const std::size_t most = longest_message(io.flags)) {
      // Copied once more, so that a short message does not keep, or zero, room for the longest.
      const auto room = std::make_unique_for_overwrite<std::byte[]>(most);
      head = receive_from(mutable_bytes(room.get(), most), ec, io);
      result.data.assign(room.get(), room.get() + result.size);
    } else {
      result.data.resize(next_message_size(ec, io));
      if (ec) return result;
      head = receive_from(mutable_bytes(result.data), ec, io);
      result.data.resize(result.size);
    }
    if constexpr (requires(const Address a, int fd) { a.with_name(fd); }) {
      result.from = result.from.with_name(native_handle());
    }
    return result;
  }

  /// sendmmsg(2): what the batch holds and has not been sent. @return messages sent by this call;
  /// batch.sent() counts them all, so that a call after an error goes on where it stopped.
  std::size_t send(send_batch<Address>& batch, std::error_code& ec, io_options io = {}) noexcept {
    const std::size_t sent = send_headers(batch.unsent(), ec, io);
    batch.advance(sent);
    return sent;
  }
  std::size_t send(send_batch<Address>& batch, io_options io = {}) {
    std::error_code ec;
    const std::size_t sent = send(batch, ec, io);
    if (ec) throw_socket_error(ec, "sendmmsg");
    return sent;
  }
  using socket_base::send;

  /// recvmmsg(2): waits for one message and takes as many as are there, up to the batch's room.
  std::size_t receive(receive_batch<Address>& batch, std::error_code& ec,
                      io_options io = {}) noexcept {
    batch.filled(receive_headers(batch.headers(), ec, io));
    return batch.size();
  }
  std::size_t receive(receive_batch<Address>& batch, io_options io = {}) {
    std::error_code ec;
    const std::size_t count = receive(batch, ec, io);
    if (ec) throw_socket_error(ec, "recvmmsg", advice("recvmmsg", ec));
    return count;
  }
  using socket_base::receive;

 protected:
  ~basic_socket() = default;

  basic_socket(int type, int protocol) : socket_base(Address::family, type, protocol) {}
  explicit basic_socket(descriptor fd) : socket_base(std::move(fd), Address::family) {}

  /// socketpair(2), for the families that have it.
  static socket_pair<Socket> open_pair(int type, int protocol) {
    int fds[2];
    if (::socketpair(Address::family, type | SOCK_CLOEXEC, protocol, fds) < 0) {
      throw_socket_error(errno_code(errno), "socketpair");
    }
    descriptor first(fds[0]);
    descriptor second(fds[1]);
    return {Socket(std::move(first)), Socket(std::move(second))};
  }

  [[noreturn]] static void fail(const char* call, const Address& address, std::error_code ec) {
    throw_socket_error(ec, std::string(call) + " " + address.to_string(), advice(call, ec));
  }

 private:
  // A family's socket may say more: static std::string_view advice_for(call, code).
  static std::string_view advice(std::string_view call, std::error_code ec) {
    if constexpr (requires { Socket::advice_for(call, ec); }) {
      return Socket::advice_for(call, ec);
    } else {
      return {};
    }
  }

  [[nodiscard]] sockaddr_bytes encode(const Address& address, std::error_code& ec) const noexcept {
    ec.clear();
    if constexpr (requires { address.with_index(0, ec); }) {
      const Address ready = address.with_index(native_handle(), ec);
      return ec ? sockaddr_bytes() : ready.to_sockaddr();
    } else if constexpr (requires { address.with_index(0); }) {
      return address.with_index(native_handle()).to_sockaddr();
    } else {
      return address.to_sockaddr();
    }
  }

  static Address decode(const sockaddr_bytes& bytes) noexcept {
    std::error_code wrong;
    Address address = Address::from_sockaddr(bytes.bytes(), wrong);
    return wrong ? Address() : address;
  }

  [[nodiscard]] Address decode_named(const sockaddr_bytes& bytes) const {
    Address address = decode(bytes);
    if constexpr (requires { address.with_name(0); }) {
      return address.with_name(native_handle());
    } else {
      return address;
    }
  }

  Address name_by(int (*call)(int, ::sockaddr*, ::socklen_t*), const char* name) const {
    sockaddr_bytes bytes;
    bytes.set_size(sockaddr_bytes::capacity);
    if (call(native_handle(), bytes.get(), bytes.size_pointer()) < 0) {
      throw_socket_error(errno_code(errno), name);
    }
    return decode_named(bytes);
  }

  received<Address> receive_named(std::span<const ::iovec> pieces, control_buffer* control,
                                  std::error_code& ec, io_options io) noexcept {
    sockaddr_bytes from;
    ::msghdr header{};
    header.msg_name = from.get();
    header.msg_namelen = sockaddr_bytes::capacity;
    header.msg_iov = const_cast<::iovec*>(pieces.data());
    header.msg_iovlen = pieces.size();
    if (control != nullptr) {
      control->clear();
      header.msg_control = control->storage().data();
      header.msg_controllen = control->storage().size();
    }
    received<Address> result;
    static_cast<receive_result&>(result) = receive_header(header, ec, io);
    if (control != nullptr) control->filled(header.msg_controllen, result.control_truncated());
    if (ec) return result;
    from.set_size(header.msg_namelen);
    if (from.size() > 0) result.from = decode(from);
    return result;
  }

  // What a message cannot exceed where its length is not told beforehand; 0 where it is. The error
  // queue and urgent data cannot be looked at without taking them.
  [[nodiscard]] std::size_t longest_message(int flags) const noexcept {
    constexpr std::size_t chunk = 65536;
    if ((flags & (MSG_ERRQUEUE | MSG_OOB)) != 0) return chunk;
    if constexpr (requires { Address::max_message; }) {
      return Address::max_message;
    } else {
      return type() == SOCK_STREAM ? chunk : 0;
    }
  }
};

}  // namespace trivet

#endif  // TRIVET_BASE_BASIC_SOCKET_H_
