// Netlink messages: reading the datagrams that the kernel sends, building those that it gets.
//
//   message_reader in(datagram);
//   for (message_view m; in.next(m);) {
//     if (m.type() == RTM_NEWLINK) use(m.structure<::ifinfomsg>(), m.attributes<::ifinfomsg>());
//   }
//
//   message_builder request(RTM_GETLINK, NLM_F_REQUEST | NLM_F_DUMP);
//   request.structure(::ifinfomsg{});
//   request.attributes().value(IFLA_EXT_MASK, std::uint32_t{RTEXT_FILTER_SKIP_STATS});
//   client.dump(request, …);
//
// Not here: who sent them and whether they answer a request (answer.h).
#ifndef TRIVET_NETLINK_MESSAGE_H_
#define TRIVET_NETLINK_MESSAGE_H_

#include <linux/netlink.h>

#include <cstdint>
#include <type_traits>
#include <utility>

#include "trivet/base/byte_buffer.h"
#include "trivet/base/bytes.h"
#include "trivet/netlink/attribute.h"

namespace trivet::netlink {

/// struct nlmsghdr and its payload. A view: valid as long as the datagram. Source: netlink(7)
struct message_view {
  ::nlmsghdr header{};
  const_bytes payload;  ///< without padding

  /// nlmsg_type, as RTM_NEWLINK.
  [[nodiscard]] std::uint16_t type() const noexcept { return header.nlmsg_type; }
  /// Whether an NLM_F_ flag is set.
  [[nodiscard]] bool has(unsigned flag) const noexcept { return (header.nlmsg_flags & flag) != 0; }

  /// Whether the payload is as long as the struct that starts it.
  template <class T>
  [[nodiscard]] bool holds() const noexcept {
    return payload.size() >= sizeof(T);
  }

  /// The struct at the start of the payload; what is missing is zero.
  template <class T>
  [[nodiscard]] T structure() const noexcept {
    return load_padded<T>(payload);
  }

  /// The bytes of the attributes behind that struct.
  template <class T>
  [[nodiscard]] const_bytes attributes() const noexcept {
    return payload.subspan(std::min(align4(sizeof(T)), payload.size()));
  }
};

/// Reads the messages of one datagram. Never reads beyond it: a message whose length does not fit
/// ends the reading and sets failed(). Not shared between threads.
class message_reader {
 public:
  explicit message_reader(const_bytes datagram) noexcept : rest_(datagram) {}

  /// The next message; false at the end.
  [[nodiscard]] bool next(message_view& into) noexcept {
    if (rest_.size() < sizeof(::nlmsghdr)) {
      // Padding may be left over, as behind attributes; a piece of a header may not.
      if (rest_.size() >= 4) failed_ = true;
      rest_ = {};
      return false;
    }
    into.header = load_padded<::nlmsghdr>(rest_.first(sizeof(::nlmsghdr)));
    const std::size_t length = into.header.nlmsg_len;
    if (length < sizeof(::nlmsghdr) || length > rest_.size()) {
      failed_ = true;
      rest_ = {};
      return false;
    }
    into.payload = rest_.subspan(sizeof(::nlmsghdr), length - sizeof(::nlmsghdr));
    rest_ = rest_.subspan(std::min(align4(length), rest_.size()));
    return true;
  }

  /// Whether a length was wrong, so that messages may be missing.
  [[nodiscard]] bool failed() const noexcept { return failed_; }

 private:
  const_bytes rest_;
  bool failed_ = false;
};

/// Builds one message in a buffer of its own, which grows. The sequence number and the port are
/// zero; client fills them in. Not shared between threads.
class message_builder {
 public:
  /// @param flags  NLM_F_ flags
  explicit message_builder(std::uint16_t type, unsigned flags = NLM_F_REQUEST) : writer_(buffer_) {
    restart(type, flags);
  }
  message_builder(const message_builder&) = delete;
  message_builder& operator=(const message_builder&) = delete;
  /// Not within nested(). What was moved from wants a restart() before anything else.
  message_builder(message_builder&& other) noexcept
      : header_(other.header_), buffer_(std::move(other.buffer_)), writer_(buffer_) {
    if (other.failed()) writer_.fail();
  }
  message_builder& operator=(message_builder&& other) noexcept {
    const bool failed = other.failed();
    header_ = other.header_;
    buffer_ = std::move(other.buffer_);
    writer_.restart();
    if (failed) writer_.fail();
    return *this;
  }
  ~message_builder() = default;

  /// Type, flags, number and port; the length is set by finish().
  [[nodiscard]] ::nlmsghdr& header() noexcept { return header_; }

  /// Begins another message in the same memory, for those who build many.
  void restart(std::uint16_t type, unsigned flags = NLM_F_REQUEST) {
    header_ = {.nlmsg_len = 0,
               .nlmsg_type = type,
               .nlmsg_flags = static_cast<std::uint16_t>(flags),
               .nlmsg_seq = 0,
               .nlmsg_pid = 0};
    buffer_.shrink(0);
    (void)buffer_.extend(sizeof header_);  // finish() writes it
    writer_.restart();
  }

  /// Appends the family's struct: once, before any attribute.
  template <class T>
  requires std::is_trivially_copyable_v<T> message_builder& structure(const T& what) {
    writer_.plain(std::as_bytes(std::span<const T, 1>(&what, 1)));
    return *this;
  }

  /// Appends attributes, behind the family's struct.
  [[nodiscard]] attribute_writer& attributes() noexcept { return writer_; }

  /// The message with its length; valid until the next call. Use failed() first.
  [[nodiscard]] const_bytes finish() noexcept {
    header_.nlmsg_len = static_cast<std::uint32_t>(buffer_.size());
    std::memcpy(buffer_.data(), &header_, sizeof header_);
    return buffer_;
  }

  /// Bytes so far, the header's included.
  [[nodiscard]] std::size_t size() const noexcept { return buffer_.size(); }

  /// Whether an attribute was too long.
  [[nodiscard]] bool failed() const noexcept { return writer_.failed(); }

 private:
  ::nlmsghdr header_{};
  byte_buffer buffer_;
  attribute_writer writer_;
};

}  // namespace trivet::netlink

#endif  // TRIVET_NETLINK_MESSAGE_H_
