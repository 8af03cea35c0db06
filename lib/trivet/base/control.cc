#include "trivet/base/control.h"

#include <unistd.h>

#include <algorithm>
#include <cstring>

namespace trivet {
namespace {

// Walks the messages; CMSG_NXTHDR trusts cmsg_len, this does not.
template <class Visit>
void for_each_message(const_bytes rest, Visit visit) noexcept(noexcept(visit(control_message{}))) {
  while (rest.size() >= sizeof(::cmsghdr)) {
    const auto header = load_padded<::cmsghdr>(rest);
    if (header.cmsg_len < CMSG_LEN(0) || header.cmsg_len > rest.size()) return;
    visit(control_message{header.cmsg_level, header.cmsg_type,
                          rest.subspan(CMSG_LEN(0), header.cmsg_len - CMSG_LEN(0))});
    rest = rest.subspan(std::min<std::size_t>(CMSG_ALIGN(header.cmsg_len), rest.size()));
  }
}

// Every descriptor of level SOL_SOCKET and one type.
template <class Visit>
void for_each_descriptor(const_bytes messages, int type, Visit visit) noexcept {
  for_each_message(messages, [&](const control_message& message) noexcept {
    if (message.level != SOL_SOCKET || message.type != type) return;
    byte_reader fds(message.data);
    while (fds.rest().size() >= sizeof(int)) {
      if (const int fd = fds.read<int>(); fd >= 0) visit(fd);
    }
  });
}

}  // namespace

void control_buffer::filled(std::size_t size, bool truncated) noexcept {
  size_ = std::min(size, capacity);
  truncated_ = truncated;
  owns_rights_ = owns_pidfd_ = size_ > 0;
}

void control_buffer::clear() noexcept {
  const const_bytes messages = const_bytes(storage_).first(size_);
  const auto close = [](int fd) noexcept { descriptor(fd).reset(); };
  if (owns_rights_) for_each_descriptor(messages, SCM_RIGHTS, close);
  if (owns_pidfd_) for_each_descriptor(messages, SCM_PIDFD, close);
  size_ = 0;
  truncated_ = false;
  owns_rights_ = owns_pidfd_ = false;
}

std::vector<control_message> control_buffer::messages() const {
  std::vector<control_message> list;
  for_each_message(const_bytes(storage_).first(size_),
                   [&](const control_message& message) { list.push_back(message); });
  return list;
}

std::optional<const_bytes> control_buffer::find(int level, int type) const noexcept {
  std::optional<const_bytes> data;
  for_each_message(const_bytes(storage_).first(size_),
                   [&](const control_message& message) noexcept {
                     if (!data && message.level == level && message.type == type)
                       data = message.data;
                   });
  return data;
}

std::vector<descriptor> control_buffer::take_descriptors() {
  std::vector<descriptor> taken;
  if (!owns_rights_) return taken;
  const const_bytes messages = const_bytes(storage_).first(size_);
  std::size_t count = 0;
  for_each_descriptor(messages, SCM_RIGHTS, [&](int) noexcept { ++count; });
  taken.reserve(count);  // nothing may throw once a number has two owners
  for_each_descriptor(messages, SCM_RIGHTS, [&](int fd) noexcept { taken.emplace_back(fd); });
  owns_rights_ = false;
  return taken;
}

descriptor control_buffer::take_pidfd() noexcept {
  descriptor taken;
  if (!owns_pidfd_) return taken;
  // One at most: where there were more, the last of them is kept.
  for_each_descriptor(const_bytes(storage_).first(size_), SCM_PIDFD,
                      [&](int fd) noexcept { taken.reset(fd); });
  owns_pidfd_ = false;
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

std::optional<control::security> control::security::decode(const_bytes data) {
  const std::string_view label = text_of(data);
  return security{std::string(label.substr(0, label.find('\0')))};
}

}  // namespace trivet
