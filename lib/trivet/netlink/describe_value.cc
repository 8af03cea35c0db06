#include "trivet/netlink/describe_value.h"

#include <string.h>
#include <sys/socket.h>

#include "trivet/netlink/attribute.h"
#include "trivet/netlink/route/label_stack.h"
#include "trivet/netlink/route/network_address.h"

namespace trivet::netlink {
namespace {

std::vector<std::byte> copy(const_bytes bytes) { return {bytes.begin(), bytes.end()}; }

// A number of 1, 2, 4 or 8 bytes; nothing where there are others.
std::optional<std::uint64_t> number_in(const_bytes bytes, bool network) {
  const auto load = [&]<class T>(T) -> std::uint64_t {
    const T value = load_padded<T>(bytes);
    return network ? big_endian(value) : value;
  };
  switch (bytes.size()) {
    case 1:
      return load(std::uint8_t{});
    case 2:
      return load(std::uint16_t{});
    case 4:
      return load(std::uint32_t{});
    case 8:
      return load(std::uint64_t{});
    default:
      return std::nullopt;
  }
}

std::int64_t with_sign(std::uint64_t value, std::size_t size) {
  const auto shift = static_cast<unsigned>(64 - 8 * size);
  return static_cast<std::int64_t>(value << shift) >> shift;
}

void put_number(node& into, const value_form& form, const_bytes bytes, bool network) {
  const auto number = number_in(bytes, network || form.big_endian);
  if (!number) {
    into.raw = copy(bytes);
    return;
  }
  if (form.kind == value_kind::signed_number) {
    into.value = with_sign(*number, bytes.size());
  } else {
    into.value = *number;
  }
  if (form.names != nullptr) into.meaning = (*form.names)(*number);
}

// Up to its zero byte. Bytes behind that one would be lost in a text.
void put_text(node& into, const_bytes bytes) {
  std::string_view text = text_of(bytes);
  const std::size_t zero = text.find('\0');
  if (zero != std::string_view::npos && zero + 1 != text.size()) {
    if (text.find_first_not_of('\0', zero) != std::string_view::npos) into.raw = copy(bytes);
  }
  into.value = std::string(text.substr(0, zero));
  into.quoted = true;
}

// As ss(8) does: an abstract name begins with @.
void put_socket_name(node& into, const_bytes bytes) {
  std::string text(text_of(bytes));
  if (!text.empty() && text[0] == '\0') {
    text[0] = '@';
  } else {
    text = text.substr(0, text.find('\0'));
  }
  into.value = std::move(text);
  into.quoted = true;
}

void put_labels(node& into, const_bytes bytes) {
  if (bytes.empty() || bytes.size() % 4 != 0) {
    into.raw = copy(bytes);
    return;
  }
  into.value = rtnl::label_text(bytes);
}

void put_address(node& into, const_bytes bytes, std::uint8_t family) {
  const auto wanted = static_cast<std::size_t>(rtnl::host_bits(family)) / 8;
  const bool is_member = into.kind == node_kind::member;
  if (family == AF_MPLS) return put_labels(into, bytes);
  if (wanted > 0 && (bytes.size() == wanted || (is_member && bytes.size() > wanted))) {
    // Structs have room for the longest address.
    into.value = rtnl::network_address{family, rtnl::short_bytes(bytes.first(wanted))}.to_string();
  } else if (bytes.size() == 4 || bytes.size() == 16) {
    const std::uint8_t by_length = bytes.size() == 4 ? AF_INET : AF_INET6;
    into.value = rtnl::network_address{by_length, rtnl::short_bytes(bytes)}.to_string();
  } else {
    into.raw = copy(bytes);
  }
}

void put_hardware_address(node& into, const_bytes bytes) {
  if (bytes.empty() || bytes.size() > rtnl::short_bytes::capacity) {
    into.raw = copy(bytes);
    return;
  }
  std::string text;
  constexpr std::string_view digits = "0123456789abcdef";
  for (const std::byte b : bytes) {
    if (!text.empty()) text += ':';
    text += digits[std::to_integer<std::size_t>(b >> 4)];
    text += digits[std::to_integer<std::size_t>(b & std::byte{15})];
  }
  into.value = std::move(text);
}

void put_family_address(node& into, const_bytes bytes) {
  if (bytes.size() < sizeof(::sa_family_t)) {
    into.raw = copy(bytes);
    return;
  }
  const auto family = load_padded<::sa_family_t>(bytes);
  put_address(into, bytes.subspan(sizeof family), static_cast<std::uint8_t>(family));
  if (!into.raw.empty()) into.raw = copy(bytes);
}

node element(std::size_t place, std::size_t at, std::size_t size) {
  node result;
  result.kind = node_kind::element;
  result.type = static_cast<std::uint16_t>(place);
  result.offset = at;
  result.size = size;
  return result;
}

void put_structures(node& into, const value_form& form, const_bytes bytes, std::size_t at,
                    std::uint8_t family) {
  const std::size_t size = form.structure->size;
  for (std::size_t i = 0; !bytes.empty(); ++i) {
    const std::size_t length = std::min(size, bytes.size());
    node one = element(i, at, length);
    describe_members(one.children, *form.structure, bytes.first(length), at, family, false);
    into.children.push_back(std::move(one));
    bytes = bytes.subspan(length);
    at += length;
  }
}

void put_numbers(node& into, const value_form& form, const_bytes bytes, std::size_t at) {
  const std::size_t width = form.width;
  if (bytes.size() % width != 0) {
    into.raw = copy(bytes);
    return;
  }
  for (std::size_t i = 0; i * width < bytes.size(); ++i) {
    node one = element(i, at + i * width, width);
    one.name = (*form.names)(i);
    const std::uint64_t value = number_in(bytes.subspan(i * width, width), false).value_or(0);
    // Settings are signed, shares and counters are not.
    if (width == sizeof(int)) {
      one.value = with_sign(value, width);
    } else {
      one.value = value;
    }
    into.children.push_back(std::move(one));
  }
}

}  // namespace

void describe_value(node& into, const value_form& form, const_bytes bytes, std::size_t at,
                    std::uint8_t family, bool network) {
  switch (form.kind) {
    case value_kind::presence:
      if (!bytes.empty()) into.raw = copy(bytes);
      return;
    case value_kind::number:
    case value_kind::signed_number:
      return put_number(into, form, bytes, network);
    case value_kind::text:
      return put_text(into, bytes);
    case value_kind::address:
      return put_address(into, bytes, family);
    case value_kind::hardware_address:
      return put_hardware_address(into, bytes);
    case value_kind::labels:
      return put_labels(into, bytes);
    case value_kind::family_address:
      return put_family_address(into, bytes);
    case value_kind::socket_name:
      return put_socket_name(into, bytes);
    case value_kind::structure:
      if (form.repeated) return put_structures(into, form, bytes, at, family);
      return describe_members(into.children, *form.structure, bytes, at, family, true);
    case value_kind::numbers:
      return put_numbers(into, form, bytes, at);
    default:
      into.raw = copy(bytes);
  }
}

void describe_members(std::vector<node>& into, const structure_form& structure, const_bytes bytes,
                      std::size_t at, std::uint8_t family, bool grows) {
  for (const value_field& field : structure.fields) {
    if (field.offset + field.size > bytes.size()) continue;
    node member;
    member.kind = node_kind::member;
    member.name = field.name;
    member.offset = at + field.offset;
    member.size = field.size;
    describe_value(member, field.form, bytes.subspan(field.offset, field.size), member.offset,
                   family);
    into.push_back(std::move(member));
  }
  if (bytes.size() < structure.size && !grows) {
    node flaw;
    flaw.kind = node_kind::flaw;
    flaw.offset = at;
    flaw.size = bytes.size();
    flaw.meaning = "struct " + std::string(structure.name) + " has " +
                   std::to_string(structure.size) + " bytes, " + std::to_string(bytes.size()) +
                   " are left";
    flaw.raw = copy(bytes);
    into.push_back(std::move(flaw));
  } else if (bytes.size() < structure.size) {
    // The last member may be cut: its bytes are kept.
    std::size_t told = 0;
    for (const value_field& field : structure.fields) {
      if (field.offset + field.size <= bytes.size())
        told = std::max(told, field.offset + field.size);
    }
    if (told < bytes.size()) {
      node rest;
      rest.offset = at + told;
      rest.size = bytes.size() - told;
      rest.raw = copy(bytes.subspan(told));
      into.push_back(std::move(rest));
    }
  } else if (bytes.size() > structure.size) {
    node rest;
    rest.offset = at + structure.size;
    rest.size = bytes.size() - structure.size;
    rest.raw = copy(bytes.subspan(structure.size));
    into.push_back(std::move(rest));
  }
}

std::string errno_name(std::uint32_t number) {
  const char* const name = number < 4096 ? ::strerrorname_np(static_cast<int>(number)) : nullptr;
  return name == nullptr ? std::string() : std::string(name);
}

}  // namespace trivet::netlink
