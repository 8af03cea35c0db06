// Netlink attributes: reading and writing them where nobody vouches for the bytes.
//
//   attribute_reader in(bytes);
//   for (attribute a; in.next(a);) {
//     if (a.type == IFLA_MTU) mtu = a.number<std::uint32_t>();
//   }
//   if (in.failed()) …                               // a length was wrong; what came before holds
//
//   byte_buffer bytes;
//   attribute_writer out(bytes);
//   out.nested(IFLA_LINKINFO, [](attribute_writer& info) { info.text(IFLA_INFO_KIND, "dummy"); });
//   if (out.failed()) …                              // an attribute was longer than 64 KiB
//
// Both are sticky, like byte_reader. Not here: what an attribute means (policy.h and the codecs).
#ifndef TRIVET_NETLINK_ATTRIBUTE_H_
#define TRIVET_NETLINK_ATTRIBUTE_H_

#include <linux/netlink.h>

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "trivet/base/byte_buffer.h"
#include "trivet/base/bytes.h"

namespace trivet::netlink {

/// The next multiple of four, where the next header of an attribute or a message stands.
[[nodiscard]] constexpr std::size_t align4(std::size_t size) noexcept {
  return (size + 3) & ~std::size_t{3};
}

/// struct nlattr and its payload. A view: valid as long as the bytes it was read from.
struct attribute {
  std::uint16_t type = 0;      ///< without the two flags
  bool nested = false;         ///< NLA_F_NESTED; many old attributes nest without saying so
  bool network_order = false;  ///< NLA_F_NET_BYTEORDER
  const_bytes data;            ///< without padding

  /// The payload as a number in host byte order; nothing unless it is exactly as long.
  template <class T>
  requires std::is_arithmetic_v<T>
  [[nodiscard]] std::optional<T> number() const noexcept {
    if (data.size() != sizeof(T)) return std::nullopt;
    return load_padded<T>(data);
  }

  /// The payload as text: up to its zero byte, or all of it where there is none.
  [[nodiscard]] std::string_view text() const noexcept {
    const std::string_view all = text_of(data);
    return all.substr(0, all.find('\0'));
  }

  /// The payload as one of the kernel's structs: a short one is filled with zeros, an excess is
  /// ignored.
  template <class T>
  [[nodiscard]] T structure() const noexcept {
    return load_padded<T>(data);
  }
};

/// Reads attributes one after the other. Never reads beyond the bytes: an attribute whose length
/// does not fit ends the reading and sets failed(). Padding may be missing behind the last one, and
/// fewer than four bytes may be left over. Not shared between threads.
class attribute_reader {
 public:
  explicit attribute_reader(const_bytes bytes) noexcept : rest_(bytes) {}

  /// The next attribute; false at the end.
  [[nodiscard]] bool next(attribute& into) noexcept {
    if (rest_.size() < sizeof(::nlattr)) return false;
    const auto header = load_padded<::nlattr>(rest_.first(sizeof(::nlattr)));
    const std::size_t length = header.nla_len;
    if (length < sizeof(::nlattr) || length > rest_.size()) {
      failed_ = true;
      rest_ = {};
      return false;
    }
    into.type = static_cast<std::uint16_t>(header.nla_type & NLA_TYPE_MASK);
    into.nested = (header.nla_type & NLA_F_NESTED) != 0;
    into.network_order = (header.nla_type & NLA_F_NET_BYTEORDER) != 0;
    into.data = rest_.subspan(sizeof(::nlattr), length - sizeof(::nlattr));
    rest_ = rest_.subspan(std::min(align4(length), rest_.size()));
    return true;
  }

  /// Whether a length was wrong.
  [[nodiscard]] bool failed() const noexcept { return failed_; }

 private:
  const_bytes rest_;
  bool failed_ = false;
};

/// The first attribute of a type; empty where there is none. @param type  without the two flags
[[nodiscard]] attribute find_attribute(const_bytes among, std::uint16_t type) noexcept;

/// An attribute that no codec knows, or that is not as its codec expects: kept as it came, so that
/// encoding loses nothing.
struct raw_attribute {
  std::uint16_t type = 0;       ///< with its flags
  std::vector<std::byte> data;  ///< without padding

  /// A copy.
  [[nodiscard]] static raw_attribute of(const attribute& a) {
    const int flags = (a.nested ? NLA_F_NESTED : 0) | (a.network_order ? NLA_F_NET_BYTEORDER : 0);
    return {static_cast<std::uint16_t>(a.type | flags), {a.data.begin(), a.data.end()}};
  }

  friend bool operator==(const raw_attribute&, const raw_attribute&) = default;
};

/// What an attribute can hold as it stands in memory: neither what only refers to bytes (pointers,
/// spans, texts) nor what may be empty (std::optional).
template <class T>
concept attribute_value =
    std::is_trivially_copyable_v<T> && !std::is_pointer_v<T> && !std::ranges::enable_view<T> &&
    !std::convertible_to<const T&, std::string_view> && !requires(const T& what) {
  what.has_value();
};

/// Appends attributes to a buffer of the caller, which grows. Not shared between threads.
class attribute_writer {
 public:
  /// @param out  outlives the writer; its size is a multiple of four
  explicit attribute_writer(byte_buffer& out) noexcept : out_(out) {}

  /// A number in host byte order, or a struct of the kernel.
  template <class T>
  requires attribute_value<T> attribute_writer& value(std::uint16_t type, const T& what) {
    static_assert(sizeof(::nlattr) + sizeof(T) <= longest);
    write(type, &what, sizeof what, sizeof(::nlattr) + sizeof what);
    return *this;
  }

  /// A number in network byte order; the attribute is not marked, because no kernel code needs it.
  template <class T>
  attribute_writer& value_big_endian(std::uint16_t type, T what) {
    return value(type, big_endian(what));
  }

  /// Text with a zero byte behind it.
  attribute_writer& text(std::uint16_t type, std::string_view what) {
    return append_padded(type, bytes_of(what), 1);
  }

  /// Bytes as they are, which are not of the same buffer. Sets failed() where they do not fit into
  /// an attribute (65531 bytes).
  attribute_writer& bytes(std::uint16_t type, const_bytes what) {
    return append_padded(type, what, 0);
  }

  /// No payload: its presence is the information.
  attribute_writer& flag(std::uint16_t type) { return bytes(type, {}); }

  /// What `fill` writes becomes the payload; NLA_F_NESTED is set. Where it throws, failed() is set.
  template <std::invocable<attribute_writer&> Fill>
  attribute_writer& nested(std::uint16_t type, Fill fill) {
    return nested_unmarked(static_cast<std::uint16_t>(type | NLA_F_NESTED), std::move(fill));
  }

  /// The same without NLA_F_NESTED, for the old attributes whose readers do not mask it.
  template <std::invocable<attribute_writer&> Fill>
  attribute_writer& nested_unmarked(std::uint16_t type, Fill fill) {
    const std::size_t start = open(type);
    unfinished nest{&failed_};
    fill(*this);
    nest.failed = nullptr;
    return close(start);
  }

  /// Bytes without an attribute around them, padded to four: a struct before nested attributes.
  attribute_writer& plain(const_bytes what) {
    write_padded(out_.extend(align4(what.size())), what.data(), what.size(), what.size());
    return *this;
  }

  /// An attribute as it was kept.
  attribute_writer& raw(const raw_attribute& kept) { return bytes(kept.type, kept.data); }

  /// Sets failed(): for who writes something of a limited length with plain().
  void fail() noexcept { failed_ = true; }

  /// Forgets a failure: the buffer has been emptied.
  void restart() noexcept { failed_ = false; }

  /// Whether an attribute was too long, or fail() was called; the buffer is then of no use.
  [[nodiscard]] bool failed() const noexcept { return failed_; }

 private:
  // A payload that is being written: what is thrown meanwhile leaves the buffer of no use.
  struct unfinished {
    bool* failed;
    ~unfinished() {
      if (failed != nullptr) *failed = true;
    }
  };

  static constexpr std::size_t longest = 0xffff;  // nlattr::nla_len

  // Bytes, and zeros up to `end`, which is at least `size`, and up to the next multiple of four.
  // Where the sizes are known, nothing but some words is left of it.
  static void write_padded(std::byte* at, const void* what, std::size_t size, std::size_t end) {
    if (size > 0) std::memcpy(at, what, size);
    if (size < align4(end)) std::memset(at + size, 0, align4(end) - size);
  }
  void write(std::uint16_t type, const void* what, std::size_t size, std::size_t length) {
    const ::nlattr header{static_cast<std::uint16_t>(length), type};
    std::byte* const at = out_.extend(align4(length));
    std::memcpy(at, &header, sizeof header);
    write_padded(at + sizeof header, what, size, length - sizeof header);
  }
  attribute_writer& append_padded(std::uint16_t type, const_bytes what, std::size_t zeros);
  std::size_t open(std::uint16_t type);
  attribute_writer& close(std::size_t start);

  byte_buffer& out_;
  bool failed_ = false;
};

}  // namespace trivet::netlink

#endif  // TRIVET_NETLINK_ATTRIBUTE_H_
