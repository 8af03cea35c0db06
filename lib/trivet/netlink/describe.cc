#include "trivet/netlink/describe.h"

#include <algorithm>

#include "trivet/netlink/describe_answer.h"
#include "trivet/netlink/describe_body.h"
#include "trivet/netlink/generic/family.h"
#include "trivet/netlink/message.h"
#include "trivet/netlink/message_form.h"
#include "trivet/netlink/uevent.h"

namespace trivet::netlink {
namespace {

// Device events have no headers: text, one property behind the other.
message_description describe_uevent(const_bytes datagram) {
  message_description result;
  result.protocol = NETLINK_KOBJECT_UEVENT;
  result.framed = false;
  const auto event = uevent::decode(datagram);
  if (!event) {
    result.name = "no device event";
    if (!datagram.empty()) result.parts.push_back(bytes_node(0, datagram));
    return result;
  }
  result.known = true;
  result.name = (event->from_udev ? "udev " : "") + event->action + "@" + event->device_path;
  // The kernel's first word is the name; udev's header tells where its properties are.
  const std::string_view all = text_of(datagram);
  std::size_t at = event->from_udev ? load_padded<std::uint32_t>(datagram.subspan(16)) : 0;
  bool is_name = !event->from_udev;
  while (at < all.size()) {
    const std::string_view word = all.substr(at, all.find('\0', at) - at);
    const std::size_t sign = word.find('=');
    is_name = is_name && word.find('@') < sign;
    if (!is_name && sign != std::string_view::npos && sign > 0) {
      node property = member_node(std::string(word.substr(0, sign)), at, word.size(),
                                  std::string(word.substr(sign + 1)));
      property.quoted = true;
      result.parts.push_back(std::move(property));
    } else if (!word.empty() && !is_name) {
      result.parts.push_back(bytes_node(at, datagram.subspan(at, word.size())));
    }
    is_name = false;
    at += word.size() + 1;
  }
  return result;
}

bool is_zero(const_bytes bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::byte b) { return b == std::byte{0}; });
}

// Whether the length is out of all reason, and fits with its bytes turned round.
bool is_of_other_order(const ::nlmsghdr& header, std::size_t size) {
  const std::uint32_t turned = __builtin_bswap32(header.nlmsg_len);
  return header.nlmsg_len > 0xffff && turned >= sizeof header && turned <= 0xffff &&
         align4(turned) <= align4(size);
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
  if (family && family->id && family->name) {
    learn(*family->id, *family->name, family->header_size.value_or(0));
  }
}

message_description describer::describe(int protocol, const_bytes message) const {
  if (protocol == NETLINK_KOBJECT_UEVENT) return describe_uevent(message);
  message_description result;
  result.protocol = protocol;
  if (message.size() < sizeof(::nlmsghdr)) {
    result.framed = false;
    result.name = "no message";
    result.parts.push_back(
        flaw_node(0, message, bytes_in_words(message.size()) + " are too few for a message"));
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
  if (is_of_other_order(result.header, message.size())) {
    // The kernel's messages are in the byte order of its machine, and no file says which.
    result.other_order = true;
    result.known = false;
    result.name = "message of the other byte order";
    result.flags.clear();
    result.parts.push_back(
        flaw_node(0, message,
                  "a machine of the other byte order has written it: there it "
                  "has " +
                      bytes_in_words(__builtin_bswap32(result.header.nlmsg_len))));
    return result;
  }
  if (!is_sound) {
    result.parts.push_back(flaw_node(0, {},
                                     "the message claims " + bytes_in_words(claimed) + ", " +
                                         std::to_string(message.size()) + " are left"));
  }
  if (view.type() == NLMSG_ERROR) {
    describe_error(result.parts, protocol, whole, result.header, families_);
  } else if (view.type() == NLMSG_DONE) {
    describe_done(result.parts, whole, result.header);
  } else {
    body_describer(whole, family_of_body(view.payload))
        .message(result.parts, sizeof(::nlmsghdr), whole.size(), form);
  }
  if (is_sound && claimed < message.size()) {
    result.parts.push_back(bytes_node(claimed, message.subspan(claimed)));
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
