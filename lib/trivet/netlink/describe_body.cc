#include "trivet/netlink/describe_body.h"

#include <linux/rtnetlink.h>

#include <algorithm>

#include "trivet/netlink/describe_value.h"

namespace trivet::netlink {
namespace {

constexpr int deepest = 16;  // nests, so that no message makes us recurse for ever

// "IFLA_EXT_MASK" of "ext-mask".
std::string constant(const attribute_name& name) {
  if (name.name.empty()) return {};
  std::string result(name.prefix);
  for (const char c : name.name) {
    const bool is_small = c >= 'a' && c <= 'z';
    result += is_small ? static_cast<char>(c - 'a' + 'A') : c == '-' ? '_' : c;
  }
  return result;
}

}  // namespace

node flaw_node(std::size_t at, const_bytes bytes, std::string what) {
  node result;
  result.kind = node_kind::flaw;
  result.offset = at;
  result.size = bytes.size();
  result.meaning = std::move(what);
  result.raw.assign(bytes.begin(), bytes.end());
  return result;
}

node bytes_node(std::size_t at, const_bytes bytes) {
  node result;
  result.offset = at;
  result.size = bytes.size();
  result.raw.assign(bytes.begin(), bytes.end());
  return result;
}

node member_node(std::string name, std::size_t at, std::size_t size, node_value value,
                 std::string meaning) {
  node result;
  result.kind = node_kind::member;
  result.name = std::move(name);
  result.offset = at;
  result.size = size;
  result.value = std::move(value);
  result.meaning = std::move(meaning);
  return result;
}

std::uint8_t family_of_body(const_bytes payload) noexcept {
  return payload.empty() ? std::uint8_t{0} : std::to_integer<std::uint8_t>(payload[0]);
}

std::string bytes_in_words(std::size_t count) {
  return std::to_string(count) + (count == 1 ? " byte" : " bytes");
}

void body_describer::body(std::vector<node>& into, std::size_t start, std::size_t end,
                          const structure_form* structure, bool has_attributes,
                          const attribute_names* names, int depth) const {
  if (structure == nullptr && !has_attributes) {
    if (start < end) into.push_back(bytes_node(start, bytes(start, end)));
    return;
  }
  if (structure != nullptr) {
    const std::size_t size = has_attributes ? std::min(structure->size, end - start) : end - start;
    node head;
    head.kind = node_kind::structure;
    head.name = structure->name;
    head.offset = start;
    head.size = size;
    describe_members(head.children, *structure, bytes(start, start + size), start, family_, false);
    into.push_back(std::move(head));
    start = std::min(start + align4(structure->size), end);
  }
  if (has_attributes) attributes(into, start, end, names, depth);
}

void body_describer::message(std::vector<node>& into, std::size_t start, std::size_t end,
                             const message_form& form) const {
  if (form.gap == 0 || form.structure == nullptr) {
    return body(into, start, end, form.structure, form.has_attributes, form.attributes, 0);
  }
  const std::size_t gap = std::min(start + align4(form.structure->size), end);
  body(into, start, gap, form.structure, true, nullptr, 0);
  if (form.gap > end - gap) {
    into.push_back(flaw_node(gap, bytes(gap, end),
                             "there have to be " + bytes_in_words(form.gap) + " behind struct " +
                                 std::string(form.structure->name) + ", " +
                                 std::to_string(end - gap) + " are left"));
    return;
  }
  into.push_back(bytes_node(gap, bytes(gap, gap + form.gap)));
  attributes(into, std::min(gap + align4(form.gap), end), end, form.attributes, 0);
}

void body_describer::attributes(std::vector<node>& into, std::size_t start, std::size_t end,
                                const attribute_names* names, int depth) const {
  std::size_t at = start;
  while (at + sizeof(::nlattr) <= end) {
    const auto header = load_padded<::nlattr>(bytes(at, end));
    const std::size_t length = header.nla_len;
    const auto type = static_cast<std::uint16_t>(header.nla_type & NLA_TYPE_MASK);
    const attribute_name name =
        names == nullptr ? attribute_name{} : names->find(type, bytes(start, end));
    if (length < sizeof(::nlattr) || length > end - at) {
      const std::string what = name.name.empty() ? std::to_string(type) : constant(name);
      into.push_back(flaw_node(at, bytes(at, end),
                               "attribute at " + std::to_string(at) + " (" + what + ") claims " +
                                   bytes_in_words(length) + ", " + std::to_string(end - at) +
                                   " are left"));
      return;
    }
    into.push_back(one(at, length, header.nla_type, name, depth));
    at += align4(length);
  }
  if (at < end) {
    into.push_back(flaw_node(
        at, bytes(at, end),
        bytes_in_words(end - at) + " at " + std::to_string(at) + " are too few for an attribute"));
  }
}

node body_describer::one(std::size_t at, std::size_t length, std::uint16_t raw_type,
                         const attribute_name& name, int depth) const {
  node result;
  result.kind = name.numbered ? node_kind::element : node_kind::attribute;
  result.offset = at;
  result.size = length;
  result.type = static_cast<std::uint16_t>(raw_type & NLA_TYPE_MASK);
  result.nested = (raw_type & NLA_F_NESTED) != 0;
  result.network_order = (raw_type & NLA_F_NET_BYTEORDER) != 0;
  result.name = constant(name);
  const std::size_t start = at + sizeof(::nlattr);
  const std::size_t end = at + length;
  // What says itself that it is a nest is one, whether or not its attributes have names.
  const bool is_nest = name.form.kind == value_kind::nest ||
                       (name.form.kind == value_kind::unknown && result.nested);
  if (is_nest && depth < deepest) {
    inside(result.children, start, end, name.nest, depth + 1);
  } else {
    describe_value(result, name.form, bytes(start, end), start, family_, result.network_order);
  }
  return result;
}

void body_describer::inside(std::vector<node>& into, std::size_t start, std::size_t end,
                            const attribute_names* names, int depth) const {
  if (names != nullptr && names->layout == nest_layout::hops) {
    return hops(into, start, end, *names, depth);
  }
  const structure_form* const structure = names == nullptr ? nullptr : names->structure;
  body(into, start, end, structure, true, names, depth);
}

void body_describer::hops(std::vector<node>& into, std::size_t start, std::size_t end,
                          const attribute_names& names, int depth) const {
  std::size_t at = start;
  for (std::uint16_t place = 0; at < end; ++place) {
    const std::size_t length = load_padded<::rtnexthop>(bytes(at, end)).rtnh_len;
    if (end - at < sizeof(::rtnexthop) || length < sizeof(::rtnexthop) || length > end - at) {
      into.push_back(flaw_node(at, bytes(at, end),
                               "hop at " + std::to_string(at) + " claims " +
                                   bytes_in_words(length) + ", " + std::to_string(end - at) +
                                   " are left"));
      return;
    }
    node hop;
    hop.kind = node_kind::element;
    hop.type = place;
    hop.offset = at;
    hop.size = length;
    body(hop.children, at, at + length, names.structure, true, &names, depth);
    into.push_back(std::move(hop));
    at += align4(length);
  }
}

}  // namespace trivet::netlink
