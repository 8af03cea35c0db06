#include "tools/trivet/netlink_message.h"

#include <fmt/core.h>

#include <string_view>
#include <variant>
#include <vector>

#include "tools/trivet/json.h"
#include "tools/trivet/text.h"
#include "tools/trivet/time_text.h"
#include "trivet/netlink/describe_value.h"
#include "trivet/netlink/protocol.h"

namespace trivet::tool {
namespace {

using netlink::direction;
using netlink::node;
using netlink::node_kind;
using netlink::request_end;
using netlink::role_kind;

std::string hex_of(const std::vector<std::byte>& bytes) { return hex(text_of(bytes)); }

std::string milliseconds(std::chrono::nanoseconds time) {
  return fmt::format("{:.3f} ms", static_cast<double>(time.count()) / 1e6);
}

// How a request ended, in words.
std::string end_in_words(const request_end& end) {
  std::string text;
  if (end.cut) {
    text = "how it ended was not captured";
  } else if (end.error) {
    const std::string name = netlink::errno_name(static_cast<std::uint32_t>(end.error.value()));
    text = name.empty() ? fmt::format("error {}", end.error.value()) : name;
  } else {
    text = end.dump ? "whole" : "done";
  }
  if (end.interrupted) text += ", interrupted by changes";
  if (end.dump || end.replies > 0) {
    text += fmt::format(", {} object{}", end.replies, end.replies == 1 ? "" : "s");
  }
  if (end.after) text += " after " + milliseconds(*end.after);
  const netlink::extended_ack& more = end.extended;
  if (!more.message.empty()) text += ": " + printable(more.message);
  if (!more.path.empty()) text += ", at " + more.path;
  if (more.path.empty() && more.offset) text += fmt::format(", at offset {}", *more.offset);
  if (!more.missing.empty()) text += ", missing " + more.missing;
  if (more.missing.empty() && more.missing_type) {
    text += fmt::format(", missing attribute {}", *more.missing_type);
  }
  if (!more.expected.empty()) text += ", expected " + more.expected;
  return text;
}

class text_writer {
 public:
  text_writer(const shown_message& message, const palette& paint)
      : message_(message), paint_(paint) {}

  std::string run() {
    head();
    for (const node& part : message_.what.parts) lines(part, 0);
    return std::move(out_);
  }

 private:
  void head() {
    out_ = fmt::format("{}", message_.number);
    if (message_.time) out_ += " " + paint_(ink::faint, local_time(*message_.time));
    out_ += message_.role.kind == role_kind::request ? " >" : " <";
    out_ += " " + netlink::protocol_name(message_.what.protocol);
    out_ += " " + paint_(ink::name, printable(message_.what.name));
    if (message_.what.framed && !message_.what.other_order) {
      const ::nlmsghdr& header = message_.what.header;
      if (!message_.what.flags.empty()) out_ += " " + message_.what.flags;
      out_ += fmt::format(" seq {} port {} length {}", header.nlmsg_seq, header.nlmsg_pid,
                          header.nlmsg_len);
    }
    const std::string role = role_in_words();
    if (!role.empty()) out_ += ": " + role;
    if (message_.cut > 0) {
      out_ += paint_(ink::warning, fmt::format(" ({} bytes were not captured)", message_.cut));
    }
  }

  [[nodiscard]] std::string role_in_words() const {
    const netlink::message_role& role = message_.role;
    std::string text;
    if (!message_.what.framed || message_.what.other_order) return text;
    const auto refer = [&](std::string_view what) {
      text = fmt::format("{} {} {}", what, role.request->number, printable(role.request->name));
      if (role.ambiguous) text += " (or another with this sequence number)";
    };
    switch (role.kind) {
      case role_kind::request:
        if (message_.ended) {
          text = fmt::format("{}: {}", message_.ended->number, end_in_words(*message_.ended));
        }
        break;
      case role_kind::reply:
      case role_kind::acknowledgement:
      case role_kind::end_of_dump:
        if (role.request) refer("answers");
        if (role.end) text += ": " + end_in_words(*role.end);
        break;
      case role_kind::notification:
        text = "notification";
        if (role.request) refer("notification, caused by");
        break;
      case role_kind::stray:
        text = "answers what was not captured";
        break;
    }
    return text;
  }

  void line(const node& what, int depth) {
    out_ += fmt::format("\n{:>8} {:{}}", what.offset, "", depth * 2);
  }

  void lines(const node& what, int depth) {
    line(what, depth);
    if (what.kind == node_kind::flaw) {
      out_ += paint_(ink::warning, what.meaning);
      if (!what.raw.empty()) out_ += ": " + hex_of(what.raw);
      return;
    }
    out_ += title(what);
    const std::string value = value_of(what);
    if (!value.empty()) out_ += " " + value;
    if (is_inline(what)) {
      out_ += in_line(what.children);
      return;
    }
    for (const node& child : what.children) lines(child, depth + 1);
  }

  /// Members and numbers stand in the line of what they belong to, unless one is wrong.
  static bool is_inline(const node& what) {
    for (const node& child : what.children) {
      const bool is_number = child.kind == node_kind::element && child.children.empty() &&
                             !std::holds_alternative<std::monostate>(child.value);
      if (child.kind != node_kind::member && child.kind != node_kind::bytes && !is_number) {
        return false;
      }
      if (!is_inline(child)) return false;
    }
    return true;
  }

  static std::string in_line(const std::vector<node>& members) {
    std::string text;
    for (const node& one : members) {
      text += text.empty() ? " " : ", ";
      text += title(one);
      const std::string value = value_of(one);
      if (!value.empty()) text += " " + value;
      if (!one.children.empty()) text += " {" + in_line(one.children).substr(1) + "}";
    }
    return text;
  }

  static std::string title(const node& what) {
    std::string text;
    if (what.nested) text += "NLA_F_NESTED|";
    if (what.network_order) text += "NLA_F_NET_BYTEORDER|";
    if (!what.name.empty()) return text + printable(what.name);
    switch (what.kind) {
      case node_kind::attribute:
        return text + fmt::format("attribute {}", what.type.value_or(0));
      case node_kind::element:
        return text + fmt::format("[{}]", what.type.value_or(0));
      default:
        return text + fmt::format("{} bytes", what.size);
    }
  }

  static std::string value_of(const node& what) {
    std::string text = what.meaning;
    if (text.empty()) {
      if (const auto* number = std::get_if<std::uint64_t>(&what.value)) {
        text = fmt::format("{}", *number);
      } else if (const auto* integer = std::get_if<std::int64_t>(&what.value)) {
        text = fmt::format("{}", *integer);
      } else if (const auto* words = std::get_if<std::string>(&what.value)) {
        text = what.quoted ? "\"" + printable(*words) + "\"" : printable(*words);
      }
    }
    if (!what.raw.empty()) text += (text.empty() ? "" : " ") + hex_of(what.raw);
    return text;
  }

  const shown_message& message_;
  const palette& paint_;
  std::string out_;
};

const char* name_of(direction way) { return way == direction::to_kernel ? "to_kernel" : "to_user"; }

const char* name_of(role_kind kind) {
  switch (kind) {
    case role_kind::request:
      return "request";
    case role_kind::reply:
      return "reply";
    case role_kind::acknowledgement:
      return "acknowledgement";
    case role_kind::end_of_dump:
      return "end_of_dump";
    case role_kind::notification:
      return "notification";
    case role_kind::stray:
      return "stray";
  }
  return "";
}

const char* name_of(node_kind kind) {
  switch (kind) {
    case node_kind::structure:
      return "structure";
    case node_kind::member:
      return "member";
    case node_kind::attribute:
      return "attribute";
    case node_kind::element:
      return "element";
    case node_kind::bytes:
      return "bytes";
    case node_kind::flaw:
      return "flaw";
  }
  return "";
}

void write_end(json_writer& json, const request_end& end) {
  json.begin_object().member("number", end.number);
  if (!end.cut) json.member("error", end.error.value());
  if (end.error) {
    json.member("errno", netlink::errno_name(static_cast<std::uint32_t>(end.error.value())));
  }
  json.member("interrupted", end.interrupted).member("replies", end.replies);
  if (end.after) json.member("after", static_cast<double>(end.after->count()) / 1e9);
  const netlink::extended_ack& more = end.extended;
  if (!more.message.empty()) json.member("message", valid_utf8(more.message));
  json.member("offset", more.offset);
  if (!more.path.empty()) json.member("attribute", more.path);
  if (!more.missing.empty()) json.member("missing", more.missing);
  if (!more.expected.empty()) json.member("expected", more.expected);
  json.end_object();
}

void write_node(json_writer& json, const node& what) {
  json.begin_object().member("kind", name_of(what.kind)).member("offset", what.offset);
  json.member("length", what.size).member("type", what.type);
  if (!what.name.empty()) json.member("name", valid_utf8(what.name));
  if (what.nested) json.member("nested", true);
  if (what.network_order) json.member("network_order", true);
  if (const auto* number = std::get_if<std::uint64_t>(&what.value)) json.member("value", *number);
  if (const auto* integer = std::get_if<std::int64_t>(&what.value)) json.member("value", *integer);
  if (const auto* words = std::get_if<std::string>(&what.value)) {
    json.member("value", valid_utf8(*words));
  }
  if (!what.meaning.empty()) json.member("meaning", what.meaning);
  if (!what.raw.empty()) json.member("hex", hex_of(what.raw));
  if (!what.children.empty()) {
    json.key("parts").begin_array();
    for (const node& child : what.children) write_node(json, child);
    json.end_array();
  }
  json.end_object();
}

}  // namespace

std::string message_text(const shown_message& message, const palette& paint) {
  return text_writer(message, paint).run();
}

std::string message_json(const shown_message& message) {
  const netlink::message_description& what = message.what;
  json_writer json;
  json.begin_object().member("number", message.number);
  if (message.time) json.member("time", universal_time(*message.time));
  if (message.way != direction::unknown) json.member("direction", name_of(message.way));
  json.member("protocol", netlink::protocol_name(what.protocol))
      .member("name", valid_utf8(what.name));
  if (what.framed && !what.other_order) {
    json.member("type", what.header.nlmsg_type).key("flags").begin_array();
    for (std::string_view rest = what.flags; !rest.empty();) {
      const std::string_view word = rest.substr(0, rest.find('|'));
      json.value(word);
      rest.remove_prefix(std::min(word.size() + 1, rest.size()));
    }
    json.end_array().member("seq", what.header.nlmsg_seq).member("port", what.header.nlmsg_pid);
    json.member("length", what.header.nlmsg_len);
  }
  if (message.cut > 0) json.member("not_captured", message.cut);
  json.member("role", name_of(message.role.kind));
  if (message.role.request) {
    const bool is_cause = message.role.kind == role_kind::notification;
    json.key(is_cause ? "cause" : "answers").begin_object();
    json.member("number", message.role.request->number);
    json.member("name", valid_utf8(message.role.request->name));
    if (message.role.ambiguous) json.member("ambiguous", true);
    json.end_object();
  }
  if (message.role.end) write_end(json.key("end"), *message.role.end);
  if (message.ended) write_end(json.key("ended"), *message.ended);
  if (what.flawed()) json.member("flawed", true);
  json.key("parts").begin_array();
  for (const node& part : what.parts) write_node(json, part);
  return json.end_array().end_object().take();
}

}  // namespace trivet::tool
