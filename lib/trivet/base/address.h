// What every family's address has in common.
//
// An address is a value: comparable, hashable, printable, parsable, with structured bindings. Its
// text is the tuple of Python's socket documentation. The concept below is what basic_socket asks
// of a family; the sockaddr layouts themselves are known to the families only.
#ifndef TRIVET_BASE_ADDRESS_H_
#define TRIVET_BASE_ADDRESS_H_

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstring>
#include <functional>
#include <ostream>
#include <string>
#include <string_view>
#include <type_traits>

#include "trivet/base/bytes.h"

namespace trivet {

/// The bytes of a struct sockaddr and how many of them count: what bind(2) takes and accept(2)
/// gives. Room for any family (sizeof(sockaddr_storage), 128 bytes). A value; not shared between
/// threads while it is written. Source: sockaddr(3type)
class sockaddr_bytes {
 public:
  static constexpr std::size_t capacity = sizeof(::sockaddr_storage);

  /// Empty: size() is 0.
  sockaddr_bytes() noexcept = default;

  /// The bytes of a family's struct, or the first `size` of them.
  /// @param size  more than sizeof(T) counts as sizeof(T)
  template <class T>
  explicit sockaddr_bytes(const T& address, std::size_t size = sizeof(T)) noexcept
      : size_(static_cast<::socklen_t>(std::min(size, sizeof(T)))) {
    static_assert(sizeof(T) <= capacity && std::is_trivially_copyable_v<T>);
    std::memcpy(bytes_.data(), &address, size_);
  }

  /// Those that count.
  [[nodiscard]] const_bytes bytes() const noexcept {
    return const_bytes(bytes_).first(std::min<std::size_t>(size_, capacity));
  }
  /// Bytes; may be more than capacity where the kernel had more to say.
  [[nodiscard]] ::socklen_t size() const noexcept { return size_; }

  /// As the system calls want it.
  [[nodiscard]] const ::sockaddr* get() const noexcept {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bind(2) is declared so
    return reinterpret_cast<const ::sockaddr*>(bytes_.data());
  }

  /// For a system call to fill: set size() to capacity first, and to what it answered afterwards.
  [[nodiscard]] ::sockaddr* get() noexcept {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): accept(2) is declared so
    return reinterpret_cast<::sockaddr*>(bytes_.data());
  }
  void set_size(::socklen_t size) noexcept { size_ = size; }
  [[nodiscard]] ::socklen_t* size_pointer() noexcept { return &size_; }

 private:
  alignas(::sockaddr_storage) std::array<std::byte, capacity> bytes_{};
  ::socklen_t size_ = 0;
};

/// The sa_family of a sockaddr, or AF_UNSPEC where there are not even two bytes.
[[nodiscard]] inline int family_of(const_bytes sockaddr) noexcept {
  return sockaddr.size() < sizeof(::sa_family_t) ? AF_UNSPEC
                                                 : byte_reader(sockaddr).read<::sa_family_t>();
}

/// A family's address: a regular value, with text and sockaddr in both directions.
///   A::family          the AF_ constant
///   A::parse(text)     from the tuple; throws address_error that names the field
///   A::from_sockaddr(bytes)  throws address_error where the length or a field is wrong
///   a.to_sockaddr()    what the kernel takes
///   a.to_string()      the tuple
template <class A>
concept socket_address = std::regular<A> &&
    requires(const A a, std::string_view text, const_bytes bytes) {
  { A::family } -> std::convertible_to<int>;
  { A::parse(text) } -> std::same_as<A>;
  { A::from_sockaddr(bytes) } -> std::same_as<A>;
  { a.to_sockaddr() } -> std::same_as<sockaddr_bytes>;
  { a.to_string() } -> std::same_as<std::string>;
};

/// Prints the tuple. Lookup by argument does not see this namespace from a family's: each family
/// says `using trivet::operator<<;` beside its address.
template <socket_address A>
std::ostream& operator<<(std::ostream& out, const A& address) {
  return out << address.to_string();
}

/// A hash that agrees with ==; `template <> struct std::hash<A> : trivet::address_hash<A> {}`.
/// By the text and not by the sockaddr: text is what tells two addresses apart in full.
template <socket_address A>
struct address_hash {
  std::size_t operator()(const A& address) const {
    return std::hash<std::string>()(address.to_string());
  }
};

}  // namespace trivet

#endif  // TRIVET_BASE_ADDRESS_H_
