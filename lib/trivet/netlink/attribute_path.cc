#include "trivet/netlink/attribute_path.h"

#include <linux/rtnetlink.h>

#include <algorithm>
#include <optional>

#include "trivet/netlink/message.h"

namespace trivet::netlink {
namespace {

// Somewhere in a message: the attributes from `start` to `end`, and what they are called.
struct place {
  std::size_t start;
  std::size_t end;
  const attribute_names* names;
};

struct found {
  std::string path;
  place inside;  // the payload of the attribute found
};

constexpr int deepest = 16;  // nests, so that no message makes us recurse for ever

std::string segment(std::uint16_t type, const attribute_name& name) {
  return "." + (name.name.empty() ? std::to_string(type) : std::string(name.name));
}

class walk {
 public:
  walk(const_bytes message, std::size_t offset) : message_(message), offset_(offset) {}

  [[nodiscard]] std::optional<found> attributes(const place& where, int depth) const {
    const const_bytes beside = message_.subspan(where.start, where.end - where.start);
    std::size_t at = where.start;
    while (at + sizeof(::nlattr) <= where.end) {
      const auto header = load_padded<::nlattr>(message_.subspan(at));
      const std::size_t length = header.nla_len;
      if (length < sizeof(::nlattr) || at + length > where.end) return std::nullopt;
      if (offset_ < at) return std::nullopt;
      if (offset_ < at + length) return here(where, beside, at, length, header.nla_type, depth);
      at += align4(length);
    }
    return std::nullopt;
  }

 private:
  [[nodiscard]] std::optional<found> here(const place& where, const_bytes beside, std::size_t at,
                                          std::size_t length, std::uint16_t raw_type,
                                          int depth) const {
    const auto type = static_cast<std::uint16_t>(raw_type & NLA_TYPE_MASK);
    const attribute_name name =
        where.names != nullptr ? where.names->find(type, beside) : attribute_name{};
    const place inside{at + sizeof(::nlattr), at + length, name.nest};
    const std::string own = segment(type, name);
    if (offset_ == at || depth == deepest) return found{own, inside};
    if (auto deeper = within(inside, depth + 1)) {
      deeper->path = own + deeper->path;
      return deeper;
    }
    return found{own, inside};  // in its payload, which is no nest
  }

  [[nodiscard]] std::optional<found> within(const place& nest, int depth) const {
    const std::size_t header = nest.names != nullptr ? align4(nest.names->header) : 0;
    if (nest.names != nullptr && nest.names->layout == nest_layout::hops) return hops(nest, depth);
    const std::size_t start = std::min(nest.start + header, nest.end);
    return attributes({start, nest.end, nest.names}, depth);
  }

  [[nodiscard]] std::optional<found> hops(const place& nest, int depth) const {
    std::size_t at = nest.start;
    for (int index = 0; at + sizeof(::rtnexthop) <= nest.end; ++index) {
      const std::size_t length = load_padded<::rtnexthop>(message_.subspan(at)).rtnh_len;
      if (length < sizeof(::rtnexthop) || at + length > nest.end) return std::nullopt;
      if (offset_ < at + length) {
        const std::string own = "[" + std::to_string(index) + "]";
        auto deeper = attributes({at + sizeof(::rtnexthop), at + length, nest.names}, depth);
        if (deeper) {
          deeper->path = own + deeper->path;
          return deeper;
        }
        return found{own, {at, at + length, nest.names}};
      }
      at += align4(length);
    }
    return std::nullopt;
  }

  const_bytes message_;
  std::size_t offset_;
};

std::optional<place> top_of(const_bytes message, const attribute_names& names) {
  const std::size_t start = sizeof(::nlmsghdr) + align4(names.header);
  if (message.size() < start) return std::nullopt;
  return place{start, message.size(), &names};
}

std::optional<found> find(const_bytes message, const attribute_names& names, std::size_t offset) {
  const auto top = top_of(message, names);
  return top ? walk(message, offset).attributes(*top, 0) : std::nullopt;
}

// enum netlink_attribute_type
// Numbers of 32 or 64 bits, as the value wants; since 6.7, which Debian 12's headers are not.
constexpr std::uint32_t nl_attr_type_sint = 16;
constexpr std::uint32_t nl_attr_type_uint = 17;

std::string_view type_in_words(std::uint32_t type) {
  switch (type) {
    case NL_ATTR_TYPE_FLAG:
      return "a flag without a value";
    case NL_ATTR_TYPE_U8:
      return "u8";
    case NL_ATTR_TYPE_U16:
      return "u16";
    case NL_ATTR_TYPE_U32:
      return "u32";
    case NL_ATTR_TYPE_U64:
      return "u64";
    case NL_ATTR_TYPE_S8:
      return "s8";
    case NL_ATTR_TYPE_S16:
      return "s16";
    case NL_ATTR_TYPE_S32:
      return "s32";
    case NL_ATTR_TYPE_S64:
      return "s64";
    case NL_ATTR_TYPE_BINARY:
      return "bytes";
    case NL_ATTR_TYPE_STRING:
      return "text";
    case NL_ATTR_TYPE_NUL_STRING:
      return "text with a zero byte behind it";
    case NL_ATTR_TYPE_NESTED:
      return "a nest of attributes";
    case NL_ATTR_TYPE_NESTED_ARRAY:
      return "an array of nests";
    case NL_ATTR_TYPE_BITFIELD32:
      return "a bitfield of 32 bits";
    case nl_attr_type_sint:
      return "sint";
    case nl_attr_type_uint:
      return "uint";
    default:
      return {};
  }
}

std::optional<std::string> number_of(const attribute& a, bool is_signed) {
  if (const auto wide = a.number<std::uint64_t>()) {
    return is_signed ? std::to_string(static_cast<std::int64_t>(*wide)) : std::to_string(*wide);
  }
  if (const auto narrow = a.number<std::uint32_t>()) return std::to_string(*narrow);
  return std::nullopt;
}

std::string range_in_words(const std::optional<std::string>& least,
                           const std::optional<std::string>& most) {
  if (least && most && *least == *most) return " of " + *least;
  if (least && most) return " from " + *least + " to " + *most;
  if (least) return " of at least " + *least;
  if (most) return " of at most " + *most;
  return {};
}

// The kernel gives the range of every number, also where it is that of the type.
bool is_whole_range(std::string_view type, const std::optional<std::string>& least,
                    const std::optional<std::string>& most) {
  struct range {
    std::string_view type;
    std::string_view least;
    std::string_view most;
  };
  constexpr range ranges[] = {
      {"u8", "0", "255"},
      {"u16", "0", "65535"},
      {"u32", "0", "4294967295"},
      {"u64", "0", "18446744073709551615"},
      {"s8", "-128", "127"},
      {"s16", "-32768", "32767"},
      {"s32", "-2147483648", "2147483647"},
      {"s64", "-9223372036854775808", "9223372036854775807"},
      {"uint", "0", "18446744073709551615"},
      {"sint", "-9223372036854775808", "9223372036854775807"},
  };
  for (const range& r : ranges) {
    if (r.type == type) return least == r.least && most == r.most;
  }
  return false;
}

}  // namespace

std::string attribute_path(const_bytes message, const attribute_names& names,
                           std::uint32_t offset) {
  const auto what = find(message, names, offset);
  return what ? what->path : std::string();
}

std::string missing_path(const_bytes message, const attribute_names& names,
                         const extended_ack& extended) {
  if (!extended.missing_type) return {};
  const auto type = static_cast<std::uint16_t>(*extended.missing_type);
  std::string path;
  auto where = top_of(message, names);
  if (extended.missing_nest) {
    const auto nest = find(message, names, *extended.missing_nest);
    if (!nest) return {};
    path = nest->path;
    where = nest->inside;
  }
  if (!where) return {};
  const attribute_name name =
      where->names == nullptr
          ? attribute_name{}
          : where->names->find(type, message.subspan(where->start, where->end - where->start));
  return path + segment(type, name);
}

std::string policy_in_words(const_bytes policy) {
  std::string_view type;
  std::optional<std::string> least;
  std::optional<std::string> most;
  std::optional<std::string> least_size;
  std::optional<std::string> most_size;
  std::optional<std::string> mask;
  attribute_reader in(policy);
  for (attribute a; in.next(a);) {
    switch (a.type) {
      case NL_POLICY_TYPE_ATTR_TYPE:
        type = type_in_words(a.number<std::uint32_t>().value_or(0));
        break;
      case NL_POLICY_TYPE_ATTR_MIN_VALUE_S:
      case NL_POLICY_TYPE_ATTR_MIN_VALUE_U:
        least = number_of(a, a.type == NL_POLICY_TYPE_ATTR_MIN_VALUE_S);
        break;
      case NL_POLICY_TYPE_ATTR_MAX_VALUE_S:
      case NL_POLICY_TYPE_ATTR_MAX_VALUE_U:
        most = number_of(a, a.type == NL_POLICY_TYPE_ATTR_MAX_VALUE_S);
        break;
      case NL_POLICY_TYPE_ATTR_MIN_LENGTH:
        least_size = number_of(a, false);
        break;
      case NL_POLICY_TYPE_ATTR_MAX_LENGTH:
        most_size = number_of(a, false);
        break;
      case NL_POLICY_TYPE_ATTR_MASK:
      case NL_POLICY_TYPE_ATTR_BITFIELD32_MASK:
        mask = number_of(a, false);
        break;
      default:
        break;
    }
  }
  if (type.empty()) return {};
  std::string words(type);
  if (!is_whole_range(type, least, most)) words += range_in_words(least, most);
  if (const std::string size = range_in_words(least_size, most_size); !size.empty()) {
    words += size + " bytes";
  }
  if (mask) words += " within the mask " + *mask;
  return words;
}

void name_attributes(extended_ack& extended, const_bytes message, const attribute_names* names) {
  extended.expected = policy_in_words(extended.policy);
  if (names == nullptr) return;
  if (extended.offset) extended.path = attribute_path(message, *names, *extended.offset);
  extended.missing = missing_path(message, *names, extended);
}

}  // namespace trivet::netlink
