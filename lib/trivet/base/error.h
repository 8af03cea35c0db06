// The errors of every socket call: one hierarchy, rooted in std::system_error.
//
//   try {
//     socket.connect(peer);
//   } catch (const trivet::timed_out&) {          // what a caller can act on has its own class
//   } catch (const trivet::socket_error& e) {
//     std::cerr << e.what() << '\n';              // "connect (1, 7): Permission denied (cure)"
//   }
//
// Calls on the data path also come as noexcept overloads with a trailing std::error_code&, which
// carries the same errno in std::system_category().
//
// Not here: what a kernel says in a netlink extended ACK (trivet/netlink/error.h).
#ifndef TRIVET_BASE_ERROR_H_
#define TRIVET_BASE_ERROR_H_

#include <cerrno>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>

namespace trivet {

/// A socket call failed: the errno, the call with its subject, and the cure where one is known.
/// Copies share their text, so copying never throws. A value; what() of one object may be called
/// from several threads. Source: errno(3)
class socket_error : public std::system_error {
 public:
  /// @param operation  the call and its subject, as in "bind ('127.0.0.1', 80)"
  /// @param advice     what the user can do about it; may be empty
  socket_error(std::error_code code, std::string_view operation, std::string_view advice = {});

  // Copied and never moved: an exception that was moved from would have no text.
  socket_error(const socket_error&) noexcept = default;
  socket_error& operator=(const socket_error&) noexcept = default;
  ~socket_error() override = default;

  /// "operation: why (advice)", or without the parentheses where there is no advice.
  [[nodiscard]] const char* what() const noexcept override;

  /// The call and its subject.
  [[nodiscard]] const std::string& operation() const noexcept { return text_->operation; }

  /// The cure, or an empty string.
  [[nodiscard]] const std::string& advice() const noexcept { return text_->advice; }

 private:
  struct text {
    std::string operation;
    std::string advice;
    std::string what;
  };
  std::shared_ptr<const text> text_;
};

/// What to do where a call that makes a descriptor failed with this errno; empty where that is not
/// known.
[[nodiscard]] inline std::string_view descriptor_advice(int error) noexcept {
  return error == EMFILE || error == ENFILE ? "too many open files: raise the limit" : "";
}

/// ETIMEDOUT: the deadline of the call passed, or the peer did not answer a connect in time.
class timed_out : public socket_error {
  using socket_error::socket_error;
};

/// EAGAIN: a non-blocking call would have to wait. Also EINPROGRESS and EALREADY of connect(2).
class would_block : public socket_error {
  using socket_error::socket_error;
};

/// EPERM or EACCES: the privilege is missing; the advice names the capability where it is known.
class not_permitted : public socket_error {
  using socket_error::socket_error;
};

/// The peer is gone, refuses or cannot be reached: ECONNREFUSED, ECONNRESET, ECONNABORTED, EPIPE,
/// ENOTCONN, EHOSTUNREACH, EHOSTDOWN, ENETUNREACH, ENETRESET.
class peer_error : public socket_error {
  using socket_error::socket_error;
};

/// The interface is gone or down: ENODEV, ENXIO, ENETDOWN.
class device_error : public socket_error {
  using socket_error::socket_error;
};

/// An address is wrong: EINVAL with the name of the offending field, or EADDRNOTAVAIL and
/// EADDRINUSE from the kernel (then field() is empty).
class address_error : public socket_error {
 public:
  using socket_error::socket_error;

  /// @param field   the field of the tuple, as in "port"
  /// @param reason  what is wrong and what is allowed, as in "70000 is not in 0-65535"
  static address_error in_field(std::string_view family, std::string_view field,
                                std::string_view reason);

  /// The name of the offending field, or an empty string.
  [[nodiscard]] std::string field() const { return field_ ? *field_ : std::string(); }

 private:
  std::shared_ptr<const std::string> field_;
};

/// Why a kernel has no sockets of a family.
enum class unavailable_reason {
  module_missing,  ///< built as a module, but the module's file is not installed
  blacklisted,     ///< modprobe.d forbids to load the module
  not_built,       ///< the kernel's configuration leaves the family out
  not_loaded,      ///< the module is there and allowed, but nobody has loaded it
  unknown,         ///< the kernel does not say
};

/// EAFNOSUPPORT or EPROTONOSUPPORT from socket(2), with the reason found on this machine.
class family_unavailable : public socket_error {
 public:
  /// @param advice  why and what to do, as diagnose_family() of family.h gives it
  family_unavailable(std::error_code code, std::string_view operation, unavailable_reason reason,
                     std::string_view advice)
      : socket_error(code, operation, advice), reason_(reason) {}

  /// Module missing, blacklisted, not built, not loaded, told apart.
  [[nodiscard]] unavailable_reason reason() const noexcept { return reason_; }

 private:
  unavailable_reason reason_;
};

/// Throws the subclass of socket_error that belongs to the code.
[[noreturn]] void throw_socket_error(std::error_code code, std::string_view operation,
                                     std::string_view advice = {});

/// An errno as an error code of std::system_category().
[[nodiscard]] inline std::error_code errno_code(int error) noexcept {
  return {error, std::system_category()};
}

}  // namespace trivet

#endif  // TRIVET_BASE_ERROR_H_
