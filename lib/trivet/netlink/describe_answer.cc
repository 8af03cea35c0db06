#include "trivet/netlink/describe_answer.h"

#include <algorithm>
#include <string>
#include <utility>

#include "trivet/netlink/attribute_path.h"
#include "trivet/netlink/describe_body.h"
#include "trivet/netlink/describe_value.h"
#include "trivet/netlink/message.h"

namespace trivet::netlink {
namespace {

// The parts of one NLMSG_ERROR.
class error_parts {
 public:
  error_parts(int protocol, const_bytes message, const ::nlmsghdr& header,
              const family_names& families)
      : protocol_(protocol), message_(message), header_(header), families_(families) {}

  void run(std::vector<node>& into) const {
    constexpr std::size_t start = sizeof(::nlmsghdr);
    const const_bytes payload = message_.subspan(start);
    if (payload.size() < sizeof(::nlmsgerr)) {
      into.push_back(flaw_node(start, payload,
                               "struct nlmsgerr has " + std::to_string(sizeof(::nlmsgerr)) +
                                   " bytes, " + std::to_string(payload.size()) + " are left"));
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
    const body_describer inside(message_, family_of_body(echoed.payload));
    if (!echoed.payload.empty()) {
      inside.message(into, request + sizeof(::nlmsghdr), end_of_echo, form);
    }
    const std::size_t rest = std::min(align4(end_of_echo), message_.size());
    if ((header_.nlmsg_flags & NLM_F_ACK_TLVS) != 0) {
      inside.attributes(into, rest, message_.size(), &acknowledgement_names(), 0);
    } else if (rest < message_.size()) {
      into.push_back(bytes_node(rest, message_.subspan(rest)));
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
    result.children.push_back(member_node("error", result.offset, sizeof raw.error,
                                          std::int64_t{raw.error}, std::move(meaning)));
    node echoed;
    echoed.kind = node_kind::member;
    echoed.name = "msg";
    echoed.offset = request;
    echoed.size = sizeof(::nlmsghdr);
    const auto add = [&](const char* name, std::size_t at, std::size_t size, std::uint64_t value,
                         std::string words = {}) {
      echoed.children.push_back(member_node(name, request + at, size, value, std::move(words)));
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

}  // namespace

void describe_error(std::vector<node>& into, int protocol, const_bytes message,
                    const ::nlmsghdr& header, const family_names& families) {
  error_parts(protocol, message, header, families).run(into);
}

void describe_done(std::vector<node>& into, const_bytes message, const ::nlmsghdr& header) {
  constexpr std::size_t start = sizeof(::nlmsghdr);
  const const_bytes payload = message.subspan(start);
  if (payload.size() < sizeof(std::int32_t)) {
    if (!payload.empty()) into.push_back(bytes_node(start, payload));
    return;
  }
  const auto error = load_padded<std::int32_t>(payload);
  std::string meaning;
  if (error < 0) meaning = errno_name(0U - static_cast<std::uint32_t>(error));
  if (!meaning.empty()) meaning.insert(0, 1, '-');
  into.push_back(
      member_node("error", start, sizeof error, std::int64_t{error}, std::move(meaning)));
  const std::size_t rest = start + sizeof error;
  if ((header.nlmsg_flags & NLM_F_ACK_TLVS) != 0) {
    body_describer(message, 0).attributes(into, rest, message.size(), &acknowledgement_names(), 0);
  } else if (rest < message.size()) {
    into.push_back(bytes_node(rest, message.subspan(rest)));
  }
}

}  // namespace trivet::netlink
