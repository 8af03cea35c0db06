#include "tools/trivet/netlink_decode_run.h"

#include <fmt/core.h>

#include <utility>

#include "tools/trivet/failure.h"
#include "tools/trivet/netlink_message.h"

namespace trivet::tool {

void message_run::go_through(const netlink_datagram& datagram, request_ends* into) {
  auto list = words_.describe_datagram(datagram.protocol, datagram.bytes);
  for (netlink::message_description& what : list) {
    ++number_;
    if (what.other_order) other_order_ = true;
    if (what.flawed()) {
      ++flawed_;
      const bool is_cut = datagram.cut > 0 && &what == &list.back();
      if (!is_cut || what.other_order) ++malformed_;
    }
    const const_bytes rest = datagram.bytes.subspan(what.offset);
    const std::size_t length = what.header.nlmsg_len;
    const const_bytes bytes =
        length >= sizeof(::nlmsghdr) && length <= rest.size() ? rest.first(length) : rest;
    words_.learn(datagram.protocol, bytes);
    shown_message shown;
    shown.number = number_;
    shown.time = datagram.time;
    shown.way = datagram.way;
    if (!what.other_order) {
      shown.role = talk_.take({.number = number_,
                               .protocol = datagram.protocol,
                               .bytes = bytes,
                               .way = datagram.way,
                               .time = datagram.time});
    }
    if (into != nullptr) {
      if (shown.role.end && shown.role.request) {
        into->insert_or_assign(shown.role.request->number, *shown.role.end);
      }
      continue;
    }
    if (ends_ != nullptr) {
      const auto end = ends_->find(number_);
      if (end != ends_->end()) shown.ended = end->second;
    }
    if (&what == &list.back()) shown.cut = datagram.cut;
    shown.what = std::move(what);
    ctx_.out.line(ctx_.json ? message_json(shown) : message_text(shown, ctx_.paint));
  }
}

void message_run::check(const std::string& name) const {
  if (malformed_ == 0) return;
  throw failure(
      name, fmt::format("{} message{} malformed", malformed_, malformed_ == 1 ? " is" : "s are"),
      other_order_ ? "a machine of the other byte order has written them; `trivet netlink decode` "
                     "reads them on a machine like that"
                   : "");
}

std::string message_run::summary() const {
  std::string text = fmt::format("{} message{}, {} request{}", number_, number_ == 1 ? "" : "s",
                                 talk_.requests(), talk_.requests() == 1 ? "" : "s");
  if (talk_.failed() > 0) text += fmt::format(", {} failed", talk_.failed());
  if (talk_.cut() > 0) text += fmt::format(", {} of unknown end", talk_.cut());
  if (talk_.unanswered() > 0) text += fmt::format(", {} without an answer", talk_.unanswered());
  if (flawed_ > 0) text += fmt::format(", {} malformed", flawed_);
  return text;
}

}  // namespace trivet::tool
