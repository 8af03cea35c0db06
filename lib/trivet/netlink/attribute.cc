#include "trivet/netlink/attribute.h"

#include <cstring>
#include <stdexcept>

#include "trivet/netlink/attribute_codec.h"

namespace trivet::netlink {

void throw_nest_too_long() {
  throw std::length_error("an attribute of a netlink message exceeds 64 KiB");
}

attribute find_attribute(const_bytes among, std::uint16_t type) noexcept {
  attribute_reader in(among);
  for (attribute a; in.next(a);) {
    if (a.type == type) return a;
  }
  return {};
}

std::size_t attribute_writer::open(std::uint16_t type) {
  const std::size_t start = out_.size();
  write(type, nullptr, 0, sizeof(::nlattr));
  return start;
}

attribute_writer& attribute_writer::close(std::size_t start) {
  const std::size_t length = out_.size() - start;
  if (length > longest) {
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
  if (length > longest) {
    failed_ = true;
    return *this;
  }
  write(type, what.data(), what.size(), length);
  return *this;
}

}  // namespace trivet::netlink
