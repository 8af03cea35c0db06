// The address of an AF_UNIX socket: a path, an abstract name, or nothing.
//
// The text is the path itself ("/run/app.sock"), "@name" for an abstract name, and "" for an
// unnamed socket. Bytes that are not printable are written as Python's escapes, and text in quotes
// is read as a Python literal, so that "'\x00name'" is the abstract name too; a path that would be
// taken for one of these is written as a literal, "'@path'".
#ifndef TRIVET_UNIX_ADDRESS_H_
#define TRIVET_UNIX_ADDRESS_H_

#include <sys/socket.h>

#include <array>
#include <compare>
#include <string>
#include <string_view>
#include <system_error>
#include <tuple>

#include "trivet/base/address.h"

namespace trivet::unix_domain {

/// struct sockaddr_un: at most 108 bytes. A path may use all of them without a terminator; an
/// abstract name starts with a zero byte, may contain zero bytes and counts by its length.
/// A value; no memory of its own. Source: unix(7)
class address {
 public:
  static constexpr int family = AF_UNIX;
  static constexpr std::size_t capacity = 108;  ///< sizeof sockaddr_un::sun_path

  /// Unnamed. Binding to it gives the socket an abstract name of the kernel's choice (autobind).
  address() noexcept = default;

  /// A path in the file system. Throws address_error: empty, longer than 108 bytes, or with a zero
  /// byte inside.
  explicit address(std::string_view path) : address(from_path(path)) {}

  /// The same.
  [[nodiscard]] static address from_path(std::string_view path);
  /// An abstract name, without the leading zero byte: at most 107 bytes, zero bytes allowed.
  [[nodiscard]] static address abstract(std::string_view name);

  /// From the text as the top of this file has it. Throws address_error.
  [[nodiscard]] static address parse(std::string_view text);
  [[nodiscard]] static address from_sockaddr(const_bytes sockaddr);
  [[nodiscard]] static address from_sockaddr(const_bytes sockaddr, std::error_code& ec) noexcept;
  [[nodiscard]] sockaddr_bytes to_sockaddr() const noexcept;
  [[nodiscard]] std::string to_string() const;

  /// Without a name, as of a socket that was never bound.
  [[nodiscard]] bool is_unnamed() const noexcept { return size_ == 0; }
  /// Whether the name is no file's.
  [[nodiscard]] bool is_abstract() const noexcept { return size_ > 0 && bytes_[0] == '\0'; }

  /// The path, or the abstract name with its leading zero byte: what Python's socket module gives.
  [[nodiscard]] std::string_view path() const noexcept { return {bytes_.data(), size_}; }

  friend bool operator==(const address& a, const address& b) noexcept {
    return a.path() == b.path();
  }
  friend std::strong_ordering operator<=>(const address& a, const address& b) noexcept {
    return a.path() <=> b.path();
  }

  /// auto [path] = address;
  template <std::size_t I>
  friend std::string_view get(const address& a) noexcept {
    return a.path();
  }

 private:
  explicit address(std::string_view bytes, int) noexcept;

  std::array<char, capacity> bytes_{};
  std::size_t size_ = 0;
};

using trivet::operator<<;

}  // namespace trivet::unix_domain

template <>
struct std::tuple_size<trivet::unix_domain::address> : std::integral_constant<std::size_t, 1> {};
template <>
struct std::tuple_element<0, trivet::unix_domain::address> {
  using type = std::string_view;
};
template <>
struct std::hash<trivet::unix_domain::address>
    : trivet::address_hash<trivet::unix_domain::address> {};

#endif  // TRIVET_UNIX_ADDRESS_H_
