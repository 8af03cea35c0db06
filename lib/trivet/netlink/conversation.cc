#include "trivet/netlink/conversation.h"

#include <linux/neighbour.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include <utility>

#include "trivet/netlink/attribute_path.h"
#include "trivet/netlink/message.h"
#include "trivet/netlink/message_form.h"

namespace trivet::netlink {
namespace {

// A message that its length does not fit is read as far as it goes.
message_view view_of(const_bytes bytes) {
  return {load_padded<::nlmsghdr>(bytes), bytes.subspan(sizeof(::nlmsghdr))};
}

bool is_whole(const_bytes bytes) {
  return load_padded<::nlmsghdr>(bytes).nlmsg_len == bytes.size();
}

// Without what is behind it.
const_bytes one_message(const_bytes bytes) {
  const std::size_t length = load_padded<::nlmsghdr>(bytes).nlmsg_len;
  const bool is_sound = length >= sizeof(::nlmsghdr) && length <= bytes.size();
  return is_sound ? bytes.first(length) : bytes;
}

// The kernel asks whoever listens for a neighbour's address, in a message like a request to itself.
// No program says in a question what is known of the neighbour.
// Source: net/core/neighbour.c (neigh_app_ns, neigh_fill_info)
bool is_kernel_asking(int protocol, const message_view& message) {
  const ::nlmsghdr& header = message.header;
  if (protocol != NETLINK_ROUTE || header.nlmsg_type != RTM_GETNEIGH) return false;
  if (header.nlmsg_flags != NLM_F_REQUEST || header.nlmsg_seq != 0 || header.nlmsg_pid != 0) {
    return false;
  }
  attribute_reader in(message.attributes<::ndmsg>());
  for (attribute a; in.next(a);) {
    if (a.type == NDA_CACHEINFO || a.type == NDA_PROBES) return true;
  }
  return false;
}

request_reference reference_to(const open_request& request) {
  return {request.number, request.name};
}

}  // namespace

message_role conversation::take(const captured_message& whole) {
  if (whole.protocol == NETLINK_KOBJECT_UEVENT || whole.bytes.size() < sizeof(::nlmsghdr)) {
    return {.kind = role_kind::notification};
  }
  captured_message message = whole;
  message.bytes = one_message(whole.bytes);
  const message_view view = view_of(message.bytes);
  const ::nlmsghdr& header = view.header;
  if ((header.nlmsg_flags & NLM_F_REQUEST) != 0) {
    if (is_kernel_asking(message.protocol, view)) return {.kind = role_kind::notification};
    const auto cause = open_.find_repeated(message.protocol, header);
    return cause ? object(message, header, *cause) : begin(message, header);
  }
  const auto found = open_.find(message.protocol, message.bytes);
  const bool is_end = header.nlmsg_type == NLMSG_ERROR || header.nlmsg_type == NLMSG_DONE;
  if (!found) {
    // A notification that no request caused, or none that was captured. Only a dump's parts and
    // ends are sure to be answers.
    const bool is_answer = is_end || (header.nlmsg_flags & NLM_F_MULTI) != 0;
    return {.kind = is_answer ? role_kind::stray : role_kind::notification};
  }
  return is_end ? finish(message, header, *found) : object(message, header, *found);
}

message_role conversation::begin(const captured_message& message, const ::nlmsghdr& header) {
  ++requests_;
  const message_form form =
      form_of_message(message.protocol, view_of(message.bytes), words_.families());
  open_request request;
  request.number = message.number;
  request.protocol = message.protocol;
  request.header = header;
  request.port = header.nlmsg_pid;
  request.name = form.name.empty() ? "type " + std::to_string(header.nlmsg_type) : form.name;
  request.operation = form.operation;
  request.question = form.question || (header.nlmsg_flags & NLM_F_ECHO) != 0;
  request.dump = form.question && (header.nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP;
  // A question that wants no acknowledgement ends with its answer; see object().
  request.expects = (header.nlmsg_flags & NLM_F_ACK) != 0;
  request.time = message.time;
  request.bytes.assign(message.bytes.begin(), message.bytes.end());
  open_.add(std::move(request));
  return {.kind = role_kind::request};
}

message_role conversation::object(const captured_message& message, const ::nlmsghdr& header,
                                  const open_requests::match& found) {
  open_request& request = *found.request;
  message_role role;
  role.request = reference_to(request);
  role.ambiguous = found.ambiguous;
  const bool is_part = (header.nlmsg_flags & NLM_F_MULTI) != 0;
  if (!request.question && !is_part) {
    role.kind = role_kind::notification;
    return role;
  }
  role.kind = role_kind::reply;
  ++request.replies;
  if ((header.nlmsg_flags & NLM_F_DUMP_INTR) != 0) request.interrupted = true;
  // nfnetlink marks also what is the whole answer as a part, and no end follows.
  // Source: net/netfilter/nf_conntrack_netlink.c (ctnetlink_stat_ct_fill_info)
  const bool has_end =
      request.dump || request.expects || (is_part && request.protocol != NETLINK_NETFILTER);
  if (!has_end) return finish(message, header, found);
  open_.take_answer(message.protocol, message.bytes, found.request);
  return role;
}

message_role conversation::finish(const captured_message& message, const ::nlmsghdr& header,
                                  const open_requests::match& found) {
  open_.take_answer(message.protocol, message.bytes, found.request);
  const open_request request = open_.close(found.request);
  message_role role;
  role.request = reference_to(request);
  role.ambiguous = found.ambiguous;
  request_end end;
  end.number = message.number;
  end.dump = request.dump;
  end.interrupted = request.interrupted;
  end.replies = request.replies;
  if (request.time && message.time) end.after = *message.time - *request.time;
  const message_view view = view_of(message.bytes);
  role.kind = role_kind::reply;
  if (header.nlmsg_type == NLMSG_ERROR) {
    role.kind = role_kind::acknowledgement;
    if (auto answer = acknowledgement::decode(view)) {
      end.error = answer->error;
      end.extended = std::move(answer->extended);
    } else if (error_in(message.bytes)) {
      end.error = dump_done::decode({.payload = view.payload}).error;  // the same int
    } else {
      end.cut = true;
    }
  } else if (header.nlmsg_type == NLMSG_DONE) {
    role.kind = role_kind::end_of_dump;
    if (view.has(NLM_F_DUMP_INTR)) end.interrupted = true;
    dump_done done = dump_done::decode(view);
    end.error = done.error;
    end.extended = std::move(done.extended);
    // An end without a number is one without an error, if it is all there.
    end.cut = !error_in(message.bytes) && !is_whole(message.bytes);
  }
  const message_form form =
      form_of_message(request.protocol, view_of(request.bytes), words_.families());
  name_attributes(end.extended, request.bytes, form.attributes);
  if (end.error) ++failed_;
  if (end.cut) ++cut_;
  role.end = std::move(end);
  return role;
}

}  // namespace trivet::netlink
