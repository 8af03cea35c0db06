// How socket_base opens, adopts, sets and asks. Connecting: socket_connect.cc; data: socket_io.cc.
#include "trivet/base/socket_base.h"

#include <cxxabi.h>
#include <fcntl.h>
#include <fmt/core.h>
#include <netinet/in.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include "trivet/base/family.h"
#include "trivet/base/poll.h"
#include "trivet/base/socket_calls.h"

namespace trivet {
namespace {

std::string_view open_advice(int family, int type, int error) noexcept {
  if (error != EPERM && error != EACCES) return descriptor_advice(error);
  if (family == AF_PACKET || type == SOCK_RAW) return "needs CAP_NET_RAW: run as root";
  return {};
}

// The flags with which recv(2) tells all that a receive without sender and control messages has to
// tell, or -1 where it cannot. recvmsg(2) would tell of every message that was cut, and of the end
// of records; recv(2) of the former alone, and only where MSG_TRUNC makes it return the whole
// length. Ping sockets, TIPC and SCTP do not know that flag.
int plain_receive_flags(int family, int type, int protocol) noexcept {
  const bool stream = type == SOCK_STREAM;
  if (family == AF_UNIX) return stream ? 0 : MSG_TRUNC;
  if (family == AF_NETLINK) return MSG_TRUNC;
  if (family != AF_INET && family != AF_INET6) return -1;
  if (stream && (protocol == 0 || protocol == IPPROTO_TCP)) return 0;
  if (type == SOCK_DGRAM && (protocol == 0 || protocol == IPPROTO_UDP)) return MSG_TRUNC;
  return -1;
}

// "so::mark" for trivet::so::mark.
std::string option_name(const std::type_info& option) {
  int status = 0;
  const std::unique_ptr<char, void (*)(void*)> name(
      abi::__cxa_demangle(option.name(), nullptr, nullptr, &status), std::free);
  std::string_view text = name ? name.get() : option.name();
  constexpr std::string_view ours = "trivet::";
  if (text.starts_with(ours)) text.remove_prefix(ours.size());
  return std::string(text);
}

bool is_about_filters(int name) noexcept {
  return name == SO_ATTACH_FILTER || name == SO_ATTACH_BPF || name == SO_DETACH_FILTER ||
         name == SO_LOCK_FILTER;
}

std::string_view option_advice(int level, int name, int error) noexcept {
  constexpr int not_supported = 524;  // ENOTSUPP, which the kernel lets out though errno.h lacks it
  switch (error) {
    case ENOPROTOOPT:
      return "this kernel or this family does not know the option";
    case EOPNOTSUPP:
    case not_supported:
      return "this family, socket type or kernel configuration does not support the option";
    case EACCES:
    case EPERM:
      if (level == SOL_SOCKET && is_about_filters(name)) return "the filter is locked for good";
      return "needs CAP_NET_ADMIN (some options: CAP_NET_RAW): run as root";
    default:
      return {};
  }
}

}  // namespace

socket_base::socket_base(int family, int type, int protocol)
    : fd_(::socket(family, type | SOCK_CLOEXEC, protocol)),
      family_(family),
      type_(type & ~(SOCK_NONBLOCK | SOCK_CLOEXEC)),
      protocol_(protocol),
      plain_flags_(plain_receive_flags(family, type_, protocol)) {
  if (!fd_) {
    const std::error_code code = errno_code(errno);
    const std::string operation =
        fmt::format("socket {} {} {}", family_name(family), type_name(type_), protocol);
    if (code.value() == EAFNOSUPPORT) {
      const family_diagnosis found = diagnose_family(family);
      throw family_unavailable(code, operation, found.reason, found.advice);
    }
    if (code.value() == EPROTONOSUPPORT) {
      throw family_unavailable(code, operation, unavailable_reason::unknown,
                               "this kernel offers the family, but not this protocol of it");
    }
    throw_socket_error(code, operation, open_advice(family, type_, code.value()));
  }
  if ((type & SOCK_NONBLOCK) != 0) timeout_ = std::chrono::nanoseconds::zero();
}

socket_base::socket_base(descriptor fd, int family) : fd_(std::move(fd)), family_(family) {
  int error = 0;
  const int actual = int_option(fd_.get(), SO_DOMAIN, error);
  type_ = int_option(fd_.get(), SO_TYPE, error);
  protocol_ = int_option(fd_.get(), SO_PROTOCOL, error);
  plain_flags_ = plain_receive_flags(family, type_, protocol_);
  const int flags = ::fcntl(fd_.get(), F_GETFL);
  if (error == 0 && (flags < 0 || ::fcntl(fd_.get(), F_SETFD, FD_CLOEXEC) < 0)) error = errno;
  if (error != 0) {
    throw_socket_error(errno_code(error), fmt::format("adopt descriptor {}", fd_.get()),
                       error == ENOTSOCK ? "it is no socket" : "");
  }
  if (actual != family) {
    throw socket_error(
        errno_code(EAFNOSUPPORT), fmt::format("adopt descriptor {}", fd_.get()),
        fmt::format("it is of {}, not of {}", family_name(actual), family_name(family)));
  }
  if ((flags & O_NONBLOCK) != 0) timeout_ = std::chrono::nanoseconds::zero();
}

void socket_base::set_blocking(bool blocking) {
  set_timeout(blocking ? std::nullopt : std::optional(std::chrono::nanoseconds::zero()));
}

void socket_base::set_timeout(std::optional<std::chrono::nanoseconds> timeout) {
  if (timeout && timeout->count() < 0) {
    throw socket_error(errno_code(EINVAL), "set_timeout", "a timeout is 0 or more");
  }
  if (const int error = set_nonblocking(fd_.get(), timeout.has_value())) {
    throw_socket_error(errno_code(error), "set_timeout");
  }
  timeout_ = timeout;
}

void socket_base::set_raw(int level, int name, const_bytes value, std::error_code& ec) noexcept {
  ec.clear();
  if (::setsockopt(fd_.get(), level, name, value.empty() ? nullptr : value.data(),
                   static_cast<::socklen_t>(value.size())) < 0) {
    ec = errno_code(errno);
  }
}

std::size_t socket_base::get_raw(int level, int name, mutable_bytes value,
                                 std::error_code& ec) const noexcept {
  ec.clear();
  auto size = static_cast<::socklen_t>(value.size());
  if (::getsockopt(fd_.get(), level, name, value.data(), &size) < 0) {
    ec = errno_code(errno);
    return 0;
  }
  return std::min<std::size_t>(size, value.size());
}

std::vector<std::byte> socket_base::get_growing(int level, int name, std::size_t least,
                                                std::error_code& ec) const {
  // A longer answer tells how long it is, with ERANGE (SO_PEERSEC, SO_PEERGROUPS) or cut without a
  // word (NETLINK_LIST_MEMBERSHIPS). It may have grown again by the next call.
  constexpr int tries = 8;
  std::vector<std::byte> answer(least);
  for (int i = 1;; ++i) {
    ec.clear();
    auto size = static_cast<::socklen_t>(answer.size());
    if (::getsockopt(fd_.get(), level, name, answer.data(), &size) < 0) ec = errno_code(errno);
    const bool longer = size > answer.size() && (!ec || ec.value() == ERANGE);
    if (!longer || i == tries) {
      answer.resize(ec ? 0 : std::min<std::size_t>(size, answer.size()));
      return answer;
    }
    answer.resize(size);
  }
}

void socket_base::throw_option_error(const char* call, const std::type_info& option, int level,
                                     int name, std::error_code ec) {
  throw_socket_error(ec, fmt::format("{} {}", call, option_name(option)),
                     option_advice(level, name, ec.value()));
}

short socket_base::poll(short events, deadline until) const {
  std::error_code ec;
  const short came = poll(events, until, ec);
  if (ec) throw_socket_error(ec, "poll");
  return came;
}

short socket_base::poll(short events, deadline until, std::error_code& ec) const noexcept {
  return poll_one(fd_.get(), events, until, ec);
}

void socket_base::listen(int backlog, std::error_code& ec) noexcept {
  ec = ::listen(fd_.get(), backlog) < 0 ? errno_code(errno) : std::error_code();
}

void socket_base::listen(int backlog) {
  std::error_code ec;
  listen(backlog, ec);
  if (ec) throw_socket_error(ec, "listen");
}

void socket_base::shutdown(int how, std::error_code& ec) noexcept {
  ec = ::shutdown(fd_.get(), how) < 0 ? errno_code(errno) : std::error_code();
}

void socket_base::shutdown(int how) {
  std::error_code ec;
  shutdown(how, ec);
  if (ec) throw_socket_error(ec, "shutdown");
}

void socket_base::bind_raw(const ::sockaddr* address, ::socklen_t size,
                           std::error_code& ec) noexcept {
  ec.clear();
  // AF_UNIX may be interrupted here too, while another thread binds the same socket.
  while (::bind(fd_.get(), address, size) < 0) {
    if (errno == EINTR) continue;
    ec = errno_code(errno);
    return;
  }
}

}  // namespace trivet
