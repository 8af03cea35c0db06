// Many messages per system call: sendmmsg(2) and recvmmsg(2). basic_socket sends and fills them.
//
//   receive_batch<tipc::address> batch(64, 2048);
//   socket.receive(batch);
//   for (std::size_t i = 0; i < batch.size(); ++i) use(batch[i].data, batch[i].from);
#ifndef TRIVET_BASE_BATCH_H_
#define TRIVET_BASE_BATCH_H_

#include <sys/socket.h>

#include <algorithm>
#include <cstddef>
#include <span>
#include <system_error>
#include <utility>
#include <vector>

#include "trivet/base/address.h"
#include "trivet/base/message.h"

namespace trivet {

/// One message of a receive_batch; `data` is valid until the batch is received into again. The
/// address is as it came: a family's with_name(fd) adds what only the socket's namespace knows.
template <class Address>
struct batch_message : received<Address> {
  const_bytes data;  ///< as much as there was room for
};

/// Room for `count` messages of up to `buffer_size` bytes, allocated once and used again.
/// A message that is longer is truncated and says so. Moved and never copied; not shared between
/// threads.
template <socket_address Address>
class receive_batch {
 public:
  /// Allocates all that it will ever need. Throws std::bad_alloc.
  receive_batch(std::size_t count, std::size_t buffer_size)
      : buffer_size_(buffer_size),
        storage_(count * buffer_size),
        names_(count),
        pieces_(count),
        headers_(count) {
    for (std::size_t i = 0; i < count; ++i) {
      pieces_[i] = buffer(mutable_bytes(storage_).subspan(i * buffer_size, buffer_size));
    }
  }
  // A copy's pieces would point into the original.
  receive_batch(const receive_batch&) = delete;
  receive_batch& operator=(const receive_batch&) = delete;
  receive_batch(receive_batch&&) noexcept = default;
  receive_batch& operator=(receive_batch&&) noexcept = default;
  ~receive_batch() = default;

  /// Messages of the last receive.
  [[nodiscard]] std::size_t size() const noexcept { return std::min(size_, headers_.size()); }

  /// The i-th message, i < size().
  [[nodiscard]] batch_message<Address> operator[](std::size_t i) const noexcept {
    const ::msghdr& header = headers_[i].msg_hdr;
    batch_message<Address> result;
    result.full_size = headers_[i].msg_len;
    result.size = std::min<std::size_t>(result.full_size, buffer_size_);
    result.flags = header.msg_flags;
    result.data = const_bytes(storage_).subspan(i * buffer_size_, result.size);
    if (header.msg_namelen > 0) {
      std::error_code wrong;
      const auto from = Address::from_sockaddr(names_[i].bytes().first(std::min<std::size_t>(
                                                   header.msg_namelen, sockaddr_bytes::capacity)),
                                               wrong);
      if (!wrong) result.from = from;
    }
    return result;
  }

  // For basic_socket: headers made ready for the kernel, and how many it filled.
  [[nodiscard]] std::span<::mmsghdr> headers() noexcept {
    for (std::size_t i = 0; i < headers_.size(); ++i) {
      names_[i].set_size(sockaddr_bytes::capacity);
      headers_[i] = {};
      headers_[i].msg_hdr.msg_name = names_[i].get();
      headers_[i].msg_hdr.msg_namelen = sockaddr_bytes::capacity;
      headers_[i].msg_hdr.msg_iov = &pieces_[i];
      headers_[i].msg_hdr.msg_iovlen = 1;
    }
    return headers_;
  }
  // What recvmmsg(2) answered.
  void filled(std::size_t count) noexcept { size_ = count; }

 private:
  std::size_t buffer_size_;
  std::vector<std::byte> storage_;
  std::vector<sockaddr_bytes> names_;
  std::vector<::iovec> pieces_;
  std::vector<::mmsghdr> headers_;
  std::size_t size_ = 0;
};

/// Messages to send with as few system calls as the kernel allows (1024 a call). The data is not
/// copied and must live until it is sent. Addresses are taken as they are: one that names an
/// interface is resolved by its with_index(fd) first. Not shared between threads.
template <socket_address Address>
class send_batch {
 public:
  /// @param expected  messages that room is made for
  explicit send_batch(std::size_t expected = 0) { entries_.reserve(expected); }

  /// Appends a message to the connected peer.
  void add(const_bytes data) { append({buffer(data), {}}); }
  /// Appends a message to an address.
  void add(const_bytes data, const Address& to) { append({buffer(data), to.to_sockaddr()}); }

  /// Messages in the batch.
  [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }
  /// Messages of it that were sent.
  [[nodiscard]] std::size_t sent() const noexcept { return std::min(sent_, entries_.size()); }
  /// Whether all were sent.
  [[nodiscard]] bool done() const noexcept { return sent() == entries_.size(); }

  /// Empties it, keeping the memory.
  void clear() noexcept {
    entries_.clear();
    headers_.clear();
    sent_ = 0;
  }

  // For basic_socket.
  [[nodiscard]] std::span<::mmsghdr> unsent() noexcept {
    for (std::size_t i = sent(); i < entries_.size(); ++i) {
      headers_[i] = {};
      ::msghdr& header = headers_[i].msg_hdr;
      header.msg_iov = &entries_[i].piece;
      header.msg_iovlen = 1;
      if (entries_[i].to.size() > 0) {
        header.msg_name = entries_[i].to.get();
        header.msg_namelen = entries_[i].to.size();
      }
    }
    return std::span(headers_).first(entries_.size()).subspan(sent());
  }
  void advance(std::size_t count) noexcept { sent_ += count; }

 private:
  struct entry {
    ::iovec piece;
    sockaddr_bytes to;
  };

  void append(entry&& next) {
    // In this order: a header too many does no harm where the second one throws.
    headers_.resize(entries_.size() + 1);
    entries_.push_back(std::move(next));
  }

  std::vector<entry> entries_;
  std::vector<::mmsghdr> headers_;
  std::size_t sent_ = 0;
};

}  // namespace trivet

#endif  // TRIVET_BASE_BATCH_H_
