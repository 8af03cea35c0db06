#include "trivet/netlink/attribute.h"

#include <cstring>
#include <limits>
#include <stdexcept>

#include "trivet/netlink/attribute_codec.h"

namespace trivet::netlink {
namespace {

void append(std::vector<std::byte>& out, const_bytes bytes) {
  const std::size_t start = out.size();
  out.resize(align4(start + bytes.size()));  // with zeros
  if (!bytes.empty()) std::memcpy(out.data() + start, bytes.data(), bytes.size());
}

}  // namespace

void throw_nest_too_long() {
  throw std::length_error("an attribute of a netlink message exceeds 64 KiB");
}

std::size_t attribute_writer::open(std::uint16_t type) {
  const std::size_t start = out_.size();
  const ::nlattr header{0, type};
  append(out_, std::as_bytes(std::span<const ::nlattr, 1>(&header, 1)));
  return start;
}

attribute_writer& attribute_writer::close(std::size_t start) {
  const std::size_t length = out_.size() - start;
  if (length > std::numeric_limits<std::uint16_t>::max()) {
    failed_ = true;
    return *this;
  }
  const auto nla_len = static_cast<std::uint16_t>(length);
  std::memcpy(out_.data() + start, &nla_len, sizeof nla_len);
  return *this;
}

attribute_writer& attribute_writer::append_padded(std::uint16_t type, const_bytes what,
                                                  std::size_t zeros) {
  const std::size_t length = sizeof(::nlattr) + what.size() + zeros;
  if (length > std::numeric_limits<std::uint16_t>::max()) {
    failed_ = true;
    return *this;
  }
  if (length <= std::tuple_size_v<small_attribute>) {
    return append_small(type, what.data(), what.size(), length);
  }
  const ::nlattr header{static_cast<std::uint16_t>(length), type};
  const std::size_t start = out_.size();
  out_.resize(start + align4(length));  // with zeros
  std::memcpy(out_.data() + start, &header, sizeof header);
  if (!what.empty()) std::memcpy(out_.data() + start + sizeof header, what.data(), what.size());
  return *this;
}

attribute_writer& attribute_writer::plain(const_bytes what) {
  append(out_, what);
  return *this;
}

}  // namespace trivet::netlink
