#include "trivet/netlink/conversation.h"

#include <linux/netlink.h>

#include <algorithm>
#include <utility>

#include "trivet/netlink/attribute_path.h"
#include "trivet/netlink/message.h"
#include "trivet/netlink/message_form.h"

namespace trivet::netlink {
namespace {

constexpr std::size_t most_open = 4096;

std::optional<message_view> view_of(const_bytes bytes) {
  message_reader in(bytes);
  message_view view;
  if (!in.next(view)) return std::nullopt;
  return view;
}

}  // namespace

message_role conversation::take(const captured_message& message) {
  if (message.protocol == NETLINK_KOBJECT_UEVENT || message.bytes.size() < sizeof(::nlmsghdr)) {
    return {.kind = role_kind::notification};
  }
  const auto header = load_padded<::nlmsghdr>(message.bytes);
  bool ambiguous = false;
  const auto index = find(message.protocol, header, ambiguous);
  if ((header.nlmsg_flags & NLM_F_REQUEST) != 0) {
    // A notification of a nexthop has the flags of the request, this one included: nobody asks the
    // same twice under one number before the first is answered.
    const bool is_echo = index && open_[*index].expects &&
                         open_[*index].type == header.nlmsg_type && header.nlmsg_pid != 0;
    if (!is_echo) return begin(message, header);
    const open_request& cause = open_[*index];
    return {.kind = role_kind::notification,
            .request = request_reference{cause.number, cause.name},
            .ambiguous = ambiguous};
  }
  const bool is_end = header.nlmsg_type == NLMSG_ERROR || header.nlmsg_type == NLMSG_DONE;
  if (!index) {
    // A notification that no request caused, or none that was captured. Only a dump's parts and
    // ends are sure to be answers.
    const bool is_answer = is_end || (header.nlmsg_flags & NLM_F_MULTI) != 0;
    return {.kind = is_answer ? role_kind::stray : role_kind::notification};
  }
  open_request& request = open_[*index];
  if (is_end) return finish(message, header, *index, ambiguous);
  message_role role;
  role.request = request_reference{request.number, request.name};
  role.ambiguous = ambiguous;
  if (!request.question) {
    role.kind = role_kind::notification;
    return role;
  }
  role.kind = role_kind::reply;
  request.port = header.nlmsg_pid;
  ++request.replies;
  if ((header.nlmsg_flags & NLM_F_DUMP_INTR) != 0) request.interrupted = true;
  const bool is_last = !request.dump && !request.expects && (header.nlmsg_flags & NLM_F_MULTI) == 0;
  return is_last ? finish(message, header, *index, ambiguous) : role;
}

message_role conversation::begin(const captured_message& message, const ::nlmsghdr& header) {
  ++requests_;
  const auto view = view_of(message.bytes);
  message_view cut;
  cut.header = header;
  const message_form form =
      form_of_message(message.protocol, view.value_or(cut), words_.families());
  open_request request{};
  request.number = message.number;
  request.protocol = message.protocol;
  request.port = header.nlmsg_pid;
  request.sequence = header.nlmsg_seq;
  request.type = header.nlmsg_type;
  request.name = form.name.empty() ? "type " + std::to_string(header.nlmsg_type) : form.name;
  request.question =
      form.operation == message_operation::get || (header.nlmsg_flags & NLM_F_ECHO) != 0;
  request.dump =
      form.operation == message_operation::get && (header.nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP;
  // A question that wants no acknowledgement ends with its answer; see take().
  request.expects = (header.nlmsg_flags & NLM_F_ACK) != 0;
  request.time = message.time;
  request.bytes.assign(message.bytes.begin(), message.bytes.end());
  open_.push_back(std::move(request));
  if (open_.size() > most_open) {
    const open_request& oldest = open_.front();
    if (oldest.expects || oldest.question) ++given_up_;
    open_.pop_front();
  }
  return {.kind = role_kind::request};
}

std::optional<std::size_t> conversation::find(int protocol, const ::nlmsghdr& header,
                                              bool& ambiguous) const {
  std::optional<std::size_t> without_port;
  std::size_t candidates = 0;
  for (std::size_t i = open_.size(); i-- > 0;) {
    const open_request& one = open_[i];
    if (one.protocol != protocol || one.sequence != header.nlmsg_seq) continue;
    if (one.port != 0 && one.port == header.nlmsg_pid) return i;
    if (one.port != 0 || header.nlmsg_pid == 0) continue;
    if (++candidates == 1) without_port = i;
  }
  ambiguous = candidates > 1;
  return without_port;
}

message_role conversation::finish(const captured_message& message, const ::nlmsghdr& header,
                                  std::size_t index, bool ambiguous) {
  const open_request request = std::move(open_[index]);
  open_.erase(open_.begin() + static_cast<std::ptrdiff_t>(index));
  message_role role;
  role.request = request_reference{request.number, request.name};
  role.ambiguous = ambiguous;
  request_end end;
  end.number = message.number;
  end.dump = request.dump;
  end.interrupted = request.interrupted;
  end.replies = request.replies;
  if (request.time && message.time) end.after = *message.time - *request.time;
  role.kind = role_kind::reply;
  if (const auto view = view_of(message.bytes)) {
    if (header.nlmsg_type == NLMSG_ERROR) {
      role.kind = role_kind::acknowledgement;
      if (auto answer = acknowledgement::decode(*view)) {
        end.error = answer->error;
        end.extended = std::move(answer->extended);
      }
    } else if (header.nlmsg_type == NLMSG_DONE) {
      role.kind = role_kind::end_of_dump;
      if (view->has(NLM_F_DUMP_INTR)) end.interrupted = true;
      dump_done done = dump_done::decode(*view);
      end.error = done.error;
      end.extended = std::move(done.extended);
    }
  }
  if (const auto asked = view_of(request.bytes)) {
    const message_form form = form_of_message(request.protocol, *asked, words_.families());
    name_attributes(end.extended, request.bytes, form.attributes);
  }
  if (end.error) ++failed_;
  role.end = std::move(end);
  return role;
}

std::uint64_t conversation::unanswered() const noexcept {
  const auto wants_one = [](const open_request& one) { return one.expects || one.question; };
  return given_up_ +
         static_cast<std::uint64_t>(std::count_if(open_.begin(), open_.end(), wants_one));
}

}  // namespace trivet::netlink
