#include "trivet/netlink/open_requests.h"

#include <linux/rtnetlink.h>

#include <algorithm>
#include <span>

namespace trivet::netlink {
namespace {

constexpr std::size_t most_open = 4096;
constexpr std::size_t most_alike = 64;

// How well a message fits a request: nothing, or the larger the better.
using fitness = int;
constexpr fitness none = 0;

// Of the port it is said first: it names the socket.
constexpr fitness to_port = 300;
constexpr fitness to_unknown_port = 200;
constexpr fitness to_another_port = 100;

// How well the port of a message fits. The kernel sends to the port that it has given to the
// socket, whatever a request says: some programs fill in their process there.
fitness fitness_of_port(const open_request& one, std::uint32_t port) {
  if (port == 0) return none;  // nobody's: not caused by a request
  if (port == one.port || port == one.guessed) return to_port;
  if (one.port == 0) return to_unknown_port;
  return one.sure ? none : to_another_port;
}

// NLMSG_ERROR repeats the header of the request; what was captured of it has to be the same. It
// comes to a request without NLM_F_ACK only with an error.
// Source: net/netlink/af_netlink.c (netlink_rcv_skb, netlink_ack)
fitness fitness_of_error(const open_request& one, const_bytes message) {
  constexpr std::size_t start = sizeof(::nlmsghdr) + sizeof(std::int32_t);
  const const_bytes repeated = message.subspan(std::min(start, message.size()));
  const const_bytes header = std::as_bytes(std::span(&one.header, 1));
  const std::size_t size = std::min(repeated.size(), header.size());
  if (!std::equal(repeated.begin(), repeated.begin() + static_cast<std::ptrdiff_t>(size),
                  header.begin())) {
    return none;
  }
  if (error_in(message) == 0 && !one.expects) return none;
  return one.expects || one.question ? 2 : 1;
}

fitness fitness_of_done(const open_request& one) {
  if (one.dump) return 3;
  return one.question ? 2 : 1;
}

fitness fitness_of_object(const open_request& one, const ::nlmsghdr& header) {
  const bool is_part = (header.nlmsg_flags & NLM_F_MULTI) != 0;
  const bool is_same = is_same_object(one.protocol, one.header.nlmsg_type, header.nlmsg_type);
  if (one.question) {
    if (!is_same) return none;
    return one.dump == is_part ? 4 : 3;
  }
  // Only what is unknown can be a question all the same.
  if (is_part) return is_same && one.operation == message_operation::other ? 2 : none;
  return is_same ? 2 : 1;
}

fitness fitness_of(const open_request& one, const ::nlmsghdr& header, const_bytes message) {
  const fitness port = fitness_of_port(one, header.nlmsg_pid);
  if (port == none) return none;
  const bool is_error = header.nlmsg_type == NLMSG_ERROR;
  const bool is_done = header.nlmsg_type == NLMSG_DONE;
  // Another port is overlooked only where the rest leaves little doubt.
  if (port == to_another_port) {
    const bool is_likely = is_error  ? message.size() >= sizeof header + sizeof(::nlmsgerr)
                           : is_done ? one.dump
                                     : one.question;
    if (!is_likely) return none;
  }
  const fitness rest = is_error  ? fitness_of_error(one, message)
                       : is_done ? fitness_of_done(one)
                                 : fitness_of_object(one, header);
  return rest == none ? none : port + rest;
}

bool wants_answer(const open_request& one) { return one.expects || one.question; }

}  // namespace

bool is_same_object(int protocol, std::uint16_t one, std::uint16_t other) noexcept {
  switch (protocol) {
    case NETLINK_ROUTE:
      return one >> 2 == other >> 2;
    case NETLINK_GENERIC:
      return one == other;  // the family
    case NETLINK_NETFILTER:
      return one >> 8 == other >> 8;  // the subsystem
    default:
      return true;
  }
}

std::optional<std::int32_t> error_in(const_bytes message) noexcept {
  constexpr std::size_t start = sizeof(::nlmsghdr);
  if (message.size() < start + sizeof(std::int32_t)) return std::nullopt;
  return load_padded<std::int32_t>(message.subspan(start));
}

void open_requests::add(open_request request) {
  std::vector<place>& alike = by_number_[{request.protocol, request.header.nlmsg_seq}];
  all_.push_back(std::move(request));
  alike.push_back(std::prev(all_.end()));
  if (alike.size() > most_alike) {
    // One that will hardly be answered, if there is any.
    const auto idle = std::find_if(alike.begin(), alike.end(),
                                   [](const place& one) { return !wants_answer(*one); });
    give_up(idle == alike.end() ? alike.front() : *idle);
  } else if (all_.size() > most_open) {
    give_up(all_.begin());
  }
}

std::optional<open_requests::match> open_requests::find(int protocol, const_bytes message) {
  const auto header = load_padded<::nlmsghdr>(message);
  const std::vector<place>* const alike = among(protocol, header.nlmsg_seq);
  if (alike == nullptr) return std::nullopt;
  fitness best = none;
  std::optional<match> found;
  for (const place& one : *alike) {
    const fitness here = fitness_of(*one, header, message);
    if (here == none || here < best) continue;
    if (here == best) {
      found->ambiguous = true;
      continue;
    }
    best = here;
    found = match{one, one->doubtful || here < to_unknown_port};
  }
  return found;
}

std::optional<open_requests::match> open_requests::find_repeated(int protocol,
                                                                 const ::nlmsghdr& header) {
  const std::vector<place>* const alike = among(protocol, header.nlmsg_seq);
  if (alike == nullptr) return std::nullopt;
  fitness best = none;
  std::optional<match> found;
  for (const place& one : *alike) {
    const fitness port = fitness_of_port(*one, header.nlmsg_pid);
    if (port < to_unknown_port || port < best) continue;
    if (one->header.nlmsg_flags != header.nlmsg_flags) continue;
    if (!is_same_object(protocol, one->header.nlmsg_type, header.nlmsg_type)) continue;
    // One that wants no answer stays open for ever: what is like it is the next request. So is the
    // same question again.
    const bool is_same_type = one->header.nlmsg_type == header.nlmsg_type;
    if (one->question ? is_same_type : !one->expects) continue;
    if (port == best) {
      found->ambiguous = true;
      continue;
    }
    best = port;
    found = match{one, one->doubtful};
  }
  return found;
}

void open_requests::take_answer(int protocol, const_bytes message, place request) {
  const auto header = load_padded<::nlmsghdr>(message);
  if (const std::vector<place>* const alike = among(protocol, header.nlmsg_seq)) {
    const fitness best = fitness_of(*request, header, message);
    for (const place& one : *alike) {
      if (one != request && fitness_of(*one, header, message) == best) {
        one->doubtful = request->doubtful = true;
      }
    }
  }
  open_request& one = *request;
  if (one.port == 0 || one.port == header.nlmsg_pid) {
    one.port = header.nlmsg_pid;
    one.sure = true;
    one.guessed = 0;
  } else {
    one.guessed = header.nlmsg_pid;
    one.doubtful = true;
  }
}

open_request open_requests::close(place request) {
  const auto found = by_number_.find({request->protocol, request->header.nlmsg_seq});
  std::erase(found->second, request);
  if (found->second.empty()) by_number_.erase(found);
  open_request result = std::move(*request);
  all_.erase(request);
  return result;
}

void open_requests::give_up(place request) {
  if (wants_answer(*request)) ++given_up_;
  (void)close(request);
}

std::vector<open_requests::place>* open_requests::among(int protocol, std::uint32_t sequence) {
  const auto found = by_number_.find({protocol, sequence});
  return found == by_number_.end() ? nullptr : &found->second;
}

std::uint64_t open_requests::unanswered() const noexcept {
  return given_up_ +
         static_cast<std::uint64_t>(std::count_if(all_.begin(), all_.end(), wants_answer));
}

}  // namespace trivet::netlink
