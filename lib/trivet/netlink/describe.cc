#include "trivet/netlink/describe.h"

#include <linux/genetlink.h>
#include <linux/rtnetlink.h>

#include <algorithm>

#include "trivet/netlink/describe_value.h"
#include "trivet/netlink/generic/family.h"
#include "trivet/netlink/message.h"
#include "trivet/netlink/message_form.h"
#include "trivet/netlink/uevent.h"

namespace trivet::netlink {
namespace {

constexpr int deepest = 16;  // nests, so that no message makes us recurse for ever

node flaw(std::size_t at, const_bytes bytes, std::string what) {
  node result;
  result.kind = node_kind::flaw;
  result.offset = at;
  result.size = bytes.size();
  result.meaning = std::move(what);
  result.raw.assign(bytes.begin(), bytes.end());
  return result;
}

node plain(std::size_t at, const_bytes bytes) {
  node result;
  result.offset = at;
  result.size = bytes.size();
  result.raw.assign(bytes.begin(), bytes.end());
  return result;
}

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

std::string bytes_in_words(std::size_t count) {
  return std::to_string(count) + (count == 1 ? " byte" : " bytes");
}

// Describes pieces of one message.
class walk {
 public:
  walk(const_bytes message, std::uint8_t family) : message_(message), family_(family) {}

  // A struct, then attributes, from `start` to `end`.
  void body(std::vector<node>& into, std::size_t start, std::size_t end,
            const structure_form* structure, bool has_attributes, const attribute_names* names,
            int depth) const {
    if (structure == nullptr && !has_attributes) {
      if (start < end) into.push_back(plain(start, bytes(start, end)));
      return;
    }
    if (structure != nullptr) {
      const std::size_t size =
          has_attributes ? std::min(structure->size, end - start) : end - start;
      node head;
      head.kind = node_kind::structure;
      head.name = structure->name;
      head.offset = start;
      head.size = size;
      describe_members(head.children, *structure, bytes(start, start + size), start, family_,
                       false);
      into.push_back(std::move(head));
      start = std::min(start + align4(structure->size), end);
    }
    if (has_attributes) attributes(into, start, end, names, depth);
  }

  void attributes(std::vector<node>& into, std::size_t start, std::size_t end,
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
        into.push_back(flaw(at, bytes(at, end),
                            "attribute at " + std::to_string(at) + " (" + what + ") claims " +
                                bytes_in_words(length) + ", " + std::to_string(end - at) +
                                " are left"));
        return;
      }
      into.push_back(one(at, length, header.nla_type, name, depth));
      at += align4(length);
    }
    if (at < end) {
      into.push_back(flaw(at, bytes(at, end),
                          bytes_in_words(end - at) + " at " + std::to_string(at) +
                              " are too few for an attribute"));
    }
  }

 private:
  [[nodiscard]] const_bytes bytes(std::size_t start, std::size_t end) const {
    return message_.subspan(start, end - start);
  }

  [[nodiscard]] node one(std::size_t at, std::size_t length, std::uint16_t raw_type,
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

  void inside(std::vector<node>& into, std::size_t start, std::size_t end,
              const attribute_names* names, int depth) const {
    if (names != nullptr && names->layout == nest_layout::hops) {
      return hops(into, start, end, *names, depth);
    }
    const structure_form* const structure = names == nullptr ? nullptr : names->structure;
    body(into, start, end, structure, true, names, depth);
  }

  void hops(std::vector<node>& into, std::size_t start, std::size_t end,
            const attribute_names& names, int depth) const {
    std::size_t at = start;
    for (std::uint16_t place = 0; at < end; ++place) {
      const std::size_t length = load_padded<::rtnexthop>(bytes(at, end)).rtnh_len;
      if (end - at < sizeof(::rtnexthop) || length < sizeof(::rtnexthop) || length > end - at) {
        into.push_back(flaw(at, bytes(at, end),
                            "hop at " + std::to_string(at) + " claims " + bytes_in_words(length) +
                                ", " + std::to_string(end - at) + " are left"));
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

  const_bytes message_;
  std::uint8_t family_;
};

std::uint8_t first_byte(const_bytes payload) {
  return payload.empty() ? std::uint8_t{0} : std::to_integer<std::uint8_t>(payload[0]);
}

node member(std::string name, std::size_t at, std::size_t size, node_value value,
            std::string meaning = {}) {
  node result;
  result.kind = node_kind::member;
  result.name = std::move(name);
  result.offset = at;
  result.size = size;
  result.value = std::move(value);
  result.meaning = std::move(meaning);
  return result;
}

// NLMSG_ERROR: what the kernel says of a request, whose header and, of a failure, payload it
// repeats.
class error_walk {
 public:
  error_walk(int protocol, const_bytes message, const ::nlmsghdr& header,
             const family_names& families)
      : protocol_(protocol), message_(message), header_(header), families_(families) {}

  void run(std::vector<node>& into) const {
    constexpr std::size_t start = sizeof(::nlmsghdr);
    const const_bytes payload = message_.subspan(start);
    if (payload.size() < sizeof(::nlmsgerr)) {
      into.push_back(flaw(start, payload,
                          "struct nlmsgerr has " + std::to_string(sizeof(::nlmsgerr)) + " bytes, " +
                              std::to_string(payload.size()) + " are left"));
      return;
    }
    const auto raw = load_padded<::nlmsgerr>(payload);
    const std::size_t request = start + sizeof raw.error;
    const std::size_t end_of_echo = this->end_of_echo(raw.msg, request);
    message_view echoed;
    echoed.header = raw.msg;
    echoed.payload =
        message_.subspan(request + sizeof(::nlmsghdr), end_of_echo - request - sizeof(::nlmsghdr));
    const message_form form = form_of_message(protocol_, echoed, families_);
    into.push_back(head(raw, request, form));
    const walk inside(message_, first_byte(echoed.payload));
    if (!echoed.payload.empty()) {
      inside.body(into, request + sizeof(::nlmsghdr), end_of_echo, form.structure,
                  form.has_attributes, form.attributes, 0);
    }
    const std::size_t rest = std::min(align4(end_of_echo), message_.size());
    if ((header_.nlmsg_flags & NLM_F_ACK_TLVS) != 0) {
      inside.attributes(into, rest, message_.size(), &acknowledgement_names(), 0);
    } else if (rest < message_.size()) {
      into.push_back(plain(rest, message_.subspan(rest)));
    }
  }

 private:
  // The request that is repeated: only where it is not capped. Its length is not trusted.
  [[nodiscard]] std::size_t end_of_echo(const ::nlmsghdr& request_header,
                                        std::size_t request) const {
    const std::size_t least = request + sizeof(::nlmsghdr);
    if ((header_.nlmsg_flags & NLM_F_CAPPED) != 0) return least;
    const bool has_attributes = (header_.nlmsg_flags & NLM_F_ACK_TLVS) != 0;
    if (!has_attributes) return message_.size();
    return std::clamp<std::size_t>(request + request_header.nlmsg_len, least, message_.size());
  }

  [[nodiscard]] node head(const ::nlmsgerr& raw, std::size_t request,
                          const message_form& form) const {
    node result;
    result.kind = node_kind::structure;
    result.name = "nlmsgerr";
    result.offset = sizeof(::nlmsghdr);
    result.size = sizeof(::nlmsgerr);
    std::string meaning;
    if (raw.error < 0) meaning = errno_name(0U - static_cast<std::uint32_t>(raw.error));
    if (!meaning.empty()) meaning.insert(0, 1, '-');
    result.children.push_back(member("error", result.offset, sizeof raw.error,
                                     std::int64_t{raw.error}, std::move(meaning)));
    node echoed;
    echoed.kind = node_kind::member;
    echoed.name = "msg";
    echoed.offset = request;
    echoed.size = sizeof(::nlmsghdr);
    const auto add = [&](const char* name, std::size_t at, std::size_t size, std::uint64_t value,
                         std::string words = {}) {
      echoed.children.push_back(member(name, request + at, size, value, std::move(words)));
    };
    add("nlmsg_len", 0, 4, raw.msg.nlmsg_len);
    add("nlmsg_type", 4, 2, raw.msg.nlmsg_type, form.name);
    add("nlmsg_flags", 6, 2, raw.msg.nlmsg_flags,
        flags_in_words(raw.msg.nlmsg_flags, form.operation));
    add("nlmsg_seq", 8, 4, raw.msg.nlmsg_seq);
    add("nlmsg_pid", 12, 4, raw.msg.nlmsg_pid);
    result.children.push_back(std::move(echoed));
    return result;
  }

  int protocol_;
  const_bytes message_;
  const ::nlmsghdr& header_;
  const family_names& families_;
};

// NLMSG_DONE: an error number, where there is one, and attributes.
void describe_done(std::vector<node>& into, const_bytes message, const ::nlmsghdr& header) {
  constexpr std::size_t start = sizeof(::nlmsghdr);
  const const_bytes payload = message.subspan(start);
  if (payload.size() < sizeof(std::int32_t)) {
    if (!payload.empty()) into.push_back(plain(start, payload));
    return;
  }
  const auto error = load_padded<std::int32_t>(payload);
  std::string meaning;
  if (error < 0) meaning = errno_name(0U - static_cast<std::uint32_t>(error));
  if (!meaning.empty()) meaning.insert(0, 1, '-');
  into.push_back(member("error", start, sizeof error, std::int64_t{error}, std::move(meaning)));
  const std::size_t rest = start + sizeof error;
  if ((header.nlmsg_flags & NLM_F_ACK_TLVS) != 0) {
    walk(message, 0).attributes(into, rest, message.size(), &acknowledgement_names(), 0);
  } else if (rest < message.size()) {
    into.push_back(plain(rest, message.subspan(rest)));
  }
}

// Device events have no headers: text, one property behind the other.
message_description describe_uevent(const_bytes datagram) {
  message_description result;
  result.protocol = NETLINK_KOBJECT_UEVENT;
  result.framed = false;
  const auto event = uevent::decode(datagram);
  if (!event) {
    result.name = "no device event";
    if (!datagram.empty()) result.parts.push_back(plain(0, datagram));
    return result;
  }
  result.known = true;
  result.name = (event->from_udev ? "udev " : "") + event->action + "@" + event->device_path;
  const std::string_view all = text_of(datagram);
  std::size_t from = 0;
  for (const auto& [name, value] : event->properties) {
    std::string whole = name;
    whole.append("=").append(value);
    const std::size_t at = all.find(whole, from);
    if (at != std::string_view::npos) from = at + whole.size();
    node property = member(name, at == std::string_view::npos ? 0 : at, whole.size(), value);
    property.quoted = true;
    result.parts.push_back(std::move(property));
  }
  return result;
}

bool is_zero(const_bytes bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::byte b) { return b == std::byte{0}; });
}

bool has_flaw(const std::vector<node>& nodes) {
  return std::any_of(nodes.begin(), nodes.end(), [](const node& n) {
    return n.kind == node_kind::flaw || has_flaw(n.children);
  });
}

}  // namespace

bool message_description::flawed() const noexcept { return has_flaw(parts); }

void describer::learn(int protocol, const_bytes message) {
  if (protocol != NETLINK_GENERIC) return;
  message_reader in(message);
  message_view view;
  if (!in.next(view)) return;
  const auto family = generic::family::decode(view);
  if (family && family->id && family->name) families_[*family->id] = *family->name;
}

message_description describer::describe(int protocol, const_bytes message) const {
  if (protocol == NETLINK_KOBJECT_UEVENT) return describe_uevent(message);
  message_description result;
  result.protocol = protocol;
  if (message.size() < sizeof(::nlmsghdr)) {
    result.framed = false;
    result.name = "no message";
    result.parts.push_back(
        flaw(0, message, bytes_in_words(message.size()) + " are too few for a message"));
    return result;
  }
  message_view view;
  view.header = result.header = load_padded<::nlmsghdr>(message);
  const std::size_t claimed = result.header.nlmsg_len;
  const bool is_sound = claimed >= sizeof(::nlmsghdr) && claimed <= message.size();
  const const_bytes whole = is_sound ? message.first(claimed) : message;
  view.payload = whole.subspan(sizeof(::nlmsghdr));
  const message_form form = form_of_message(protocol, view, families_);
  result.known = !form.name.empty();
  result.name = result.known ? form.name : "type " + std::to_string(view.type());
  result.flags = flags_in_words(result.header.nlmsg_flags, form.operation);
  if (!is_sound) {
    result.parts.push_back(flaw(0, {},
                                "the message claims " + bytes_in_words(claimed) + ", " +
                                    std::to_string(message.size()) + " are left"));
  }
  if (view.type() == NLMSG_ERROR) {
    error_walk(protocol, whole, result.header, families_).run(result.parts);
  } else if (view.type() == NLMSG_DONE) {
    describe_done(result.parts, whole, result.header);
  } else {
    walk(whole, first_byte(view.payload))
        .body(result.parts, sizeof(::nlmsghdr), whole.size(), form.structure, form.has_attributes,
              form.attributes, 0);
  }
  if (is_sound && claimed < message.size()) {
    result.parts.push_back(plain(claimed, message.subspan(claimed)));
  }
  return result;
}

std::vector<message_description> describer::describe_datagram(int protocol,
                                                              const_bytes datagram) const {
  std::vector<message_description> list;
  if (protocol == NETLINK_KOBJECT_UEVENT) {
    list.push_back(describe(protocol, datagram));
    return list;
  }
  std::size_t at = 0;
  while (at < datagram.size()) {
    const const_bytes rest = datagram.subspan(at);
    if (!list.empty() && is_zero(rest)) {
      // Some programs send the whole of a buffer; the kernel ends at a length of zero.
      node zeros;
      zeros.offset = at - list.back().offset;
      zeros.size = rest.size();
      zeros.meaning = "zeros behind the message";
      list.back().parts.push_back(std::move(zeros));
      break;
    }
    std::size_t length = rest.size();
    if (rest.size() >= sizeof(::nlmsghdr)) {
      const std::size_t claimed = load_padded<::nlmsghdr>(rest).nlmsg_len;
      if (claimed >= sizeof(::nlmsghdr) && claimed <= rest.size()) length = claimed;
    }
    message_description one = describe(protocol, rest.first(length));
    one.offset = at;
    list.push_back(std::move(one));
    at += align4(length);
  }
  return list;
}

}  // namespace trivet::netlink
