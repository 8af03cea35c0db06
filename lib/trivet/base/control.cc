#include "trivet/base/control.h"

#include <unistd.h>

#include <cstring>

namespace trivet {
namespace {

constexpr int scm_pidfd = 4;  // SCM_PIDFD of linux/socket.h, younger than Debian 12's headers

// Walks the messages; CMSG_NXTHDR trusts cmsg_len, this does not.
template <class Visit>
void for_each_message(const_bytes rest, Visit visit) {
  while (rest.size() >= sizeof(::cmsghdr)) {
    const auto header = load_padded<::cmsghdr>(rest);
    if (header.cmsg_len < CMSG_LEN(0) || header.cmsg_len > rest.size()) return;
    visit(control_message{header.cmsg_level, header.cmsg_type,
                          rest.subspan(CMSG_LEN(0), header.cmsg_len - CMSG_LEN(0))});
    rest = rest.subspan(std::min<std::size_t>(CMSG_ALIGN(header.cmsg_len), rest.size()));
  }
}

template <class Visit>
void for_each_descriptor(const control_message& message, Visit visit) {
  if (message.level != SOL_SOCKET) return;
  if (message.type != SCM_RIGHTS && message.type != scm_pidfd) return;
  byte_reader fds(message.data);
  while (fds.rest().size() >= sizeof(int)) visit(message.type, fds.read<int>());
}

}  // namespace

void control_buffer::filled(std::size_t size, bool truncated) noexcept {
  size_ = std::min(size, capacity);
  truncated_ = truncated;
  owns_descriptors_ = size_ > 0;
}

void control_buffer::clear() noexcept {
  if (owns_descriptors_) {
    for_each_message(const_bytes(storage_).first(size_), [](const control_message& message) {
      for_each_descriptor(message, [](int, int fd) {
        if (fd >= 0) ::close(fd);
      });
    });
  }
  size_ = 0;
  truncated_ = false;
  owns_descriptors_ = false;
}

std::vector<control_message> control_buffer::messages() const {
  std::vector<control_message> list;
  for_each_message(const_bytes(storage_).first(size_),
                   [&](const control_message& message) { list.push_back(message); });
  return list;
}

std::optional<const_bytes> control_buffer::find(int level, int type) const {
  std::optional<const_bytes> data;
  for_each_message(const_bytes(storage_).first(size_), [&](const control_message& message) {
    if (!data && message.level == level && message.type == type) data = message.data;
  });
  return data;
}

std::vector<descriptor> control_buffer::take_descriptors() {
  std::vector<descriptor> taken;
  if (!owns_descriptors_) return taken;
  taken.reserve(capacity / sizeof(int));  // nothing may throw once a number has two owners
  for_each_message(const_bytes(storage_).first(size_), [&](const control_message& message) {
    for_each_descriptor(message, [&](int, int fd) {
      if (fd >= 0) taken.emplace_back(fd);
    });
  });
  owns_descriptors_ = false;
  return taken;
}

void control_writer::append(int level, int type, const_bytes data) {
  ::cmsghdr header{};
  header.cmsg_len = CMSG_LEN(data.size());
  header.cmsg_level = level;
  header.cmsg_type = type;
  const std::size_t start = buffer_.size();
  buffer_.resize(start + CMSG_SPACE(data.size()));
  std::memcpy(buffer_.data() + start, &header, sizeof header);
  if (!data.empty()) std::memcpy(buffer_.data() + start + CMSG_LEN(0), data.data(), data.size());
}

std::optional<control::rights> control::rights::decode(const_bytes data) {
  rights result;
  byte_reader fds(data);
  while (fds.rest().size() >= sizeof(int)) result.fds.push_back(fds.read<int>());
  return result;
}

}  // namespace trivet
