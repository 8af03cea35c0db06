// Datagrams that are kept for later, in order.
#ifndef TRIVET_NETLINK_DATAGRAM_LOG_H_
#define TRIVET_NETLINK_DATAGRAM_LOG_H_

#include <cstddef>
#include <vector>

#include "trivet/base/bytes.h"

namespace trivet::netlink {

/// Their bytes, one behind the other. One thread at a time.
class datagram_log {
 public:
  /// Copies one, of any length.
  void add(const_bytes datagram) {
    bytes_.insert(bytes_.end(), datagram.begin(), datagram.end());
    sizes_.push_back(datagram.size());
  }

  /// Calls `visit` with each.
  template <class Visit>
  void for_each(Visit visit) const {
    const_bytes rest = bytes_;
    for (const std::size_t size : sizes_) {
      visit(rest.first(size));
      rest = rest.subspan(size);
    }
  }

  /// How many they are, and how many bytes together.
  [[nodiscard]] std::size_t count() const noexcept { return sizes_.size(); }
  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_.size(); }

 private:
  std::vector<std::byte> bytes_;
  std::vector<std::size_t> sizes_;
};

}  // namespace trivet::netlink

#endif  // TRIVET_NETLINK_DATAGRAM_LOG_H_
