#include "trivet/netlink/batch.h"

#include <fmt/core.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "trivet/base/so.h"
#include "trivet/netlink/option.h"
#include "trivet/netlink/request_check.h"

namespace trivet::netlink {
namespace {

// Kernel memory that one error takes in the receive buffer, with the longest of texts: the message
// in its slab, and struct sk_buff. An error without NETLINK_CAP_ACK holds the request as well.
constexpr std::size_t memory_of_an_error = 2048;

// What a chunk of the default size needs, doubled by the kernel.
constexpr int wanted_receive_buffer = 1024 * static_cast<int>(memory_of_an_error);

// netlink_sendmsg() of net/netlink/af_netlink.c takes so much less than SO_SNDBUF.
constexpr std::size_t send_overhead = 32;

outcome unsent(int error, std::string_view why) {
  outcome result;
  result.status = request_status::unsent;
  result.error = errno_code(error);
  result.extended.message = why;
  return result;
}

}  // namespace

// What comes back for one chunk: errors, in the order of the requests, and the last one's end.
class batch::chunk_answers final : public answer_sink {
 public:
  chunk_answers(std::uint32_t port, std::uint32_t first, std::size_t count)
      : port_(port), first_(first), count_(count) {}

  bool take(const message_view& message) override {
    const std::uint32_t place = message.header.nlmsg_seq - first_;
    if (message.header.nlmsg_pid != port_ || place >= count_) return false;
    if (message.type() != NLMSG_ERROR) return true;
    const auto acknowledged = acknowledgement::decode(message);
    if (!acknowledged) {
      doubtful_ = true;
      return true;
    }
    if (place == count_ - 1) finished_ = true;
    const bool plain = !acknowledged->error && acknowledged->extended == extended_ack();
    if (plain) return true;
    outcome end;
    end.status = acknowledged->error ? request_status::refused : request_status::done;
    end.error = acknowledged->error;
    end.extended = acknowledged->extended;
    told_.emplace_back(place, std::move(end));
    return true;
  }
  void cut() noexcept override { doubtful_ = true; }
  void overrun() noexcept override {
    doubtful_ = true;
    lost_ = true;
  }

  /// Whether the last request's end has come.
  [[nodiscard]] bool finished() const noexcept { return finished_; }
  /// Whether the silence of a request says nothing.
  [[nodiscard]] bool doubtful() const noexcept { return doubtful_ || !finished_; }
  /// Whether the end, if it is not there by now, does not come.
  [[nodiscard]] bool lost() const noexcept { return lost_; }
  /// Errors and warnings by place in the chunk.
  [[nodiscard]] std::vector<std::pair<std::size_t, outcome>>& told() noexcept { return told_; }

 private:
  std::uint32_t port_;
  std::uint32_t first_;
  std::size_t count_;
  bool finished_ = false;
  bool doubtful_ = false;
  bool lost_ = false;
  std::vector<std::pair<std::size_t, outcome>> told_;
};

batch::batch(client& kernel, outcome_visitor visit, batch_options options)
    : client_(kernel), visit_(std::move(visit)), options_(std::move(options)) {
  socket& s = client_.socket_;
  std::error_code refused;
  if (s.get<so::rcvbuf>() < 2 * wanted_receive_buffer) {
    s.set(so::rcvbufforce{wanted_receive_buffer}, refused);
    if (refused) s.set(so::rcvbuf{wanted_receive_buffer});
  }
  // getsockopt(2) tells what the kernel counts against.
  const auto receive = static_cast<std::size_t>(s.get<so::rcvbuf>());
  const auto send = static_cast<std::size_t>(s.get<so::sndbuf>());
  largest_request_ = send - std::min(send, send_overhead);
  options_.chunk_bytes = std::min(std::max<std::size_t>(options_.chunk_bytes, 1), largest_request_);
  options_.chunk_requests = std::clamp<std::size_t>(
      receive / memory_of_an_error, 1, std::max<std::size_t>(options_.chunk_requests, 1));
  chunk_.reserve(options_.chunk_bytes);
  starts_.reserve(options_.chunk_requests);
}

std::error_code batch::stopped() const {
  if (options_.how.stop.stop_requested()) return errno_code(ECANCELED);
  if (options_.how.until.passed()) return errno_code(ETIMEDOUT);
  return {};
}

std::size_t batch::add(message_builder& message) {
  const int protocol = client_.socket_.protocol();
  if (asks_for_dump(protocol, message.header())) throw_dump_request();
  if (lacks_structure(protocol, message.header(), message.size())) throw_no_structure();
  const bool failed = message.failed();
  const const_bytes bytes = message.finish();
  if (failed || bytes.size() > largest_request_) {
    flush();  // outcomes are told in order
    const std::string why =
        failed
            ? std::string("an attribute exceeds 64 KiB")
            : fmt::format("a request of {} bytes is larger than the send buffer's {} (so::sndbuf)",
                          bytes.size(), largest_request_);
    const std::size_t index = next_index_++;  // also where the visitor throws
    tell(index, unsent(EMSGSIZE, why));
    return index;
  }
  const bool full = starts_.size() == options_.chunk_requests ||
                    chunk_.size() + bytes.size() > options_.chunk_bytes;
  if (full && !starts_.empty()) send_chunk();
  starts_.push_back(static_cast<std::uint32_t>(chunk_.size()));
  chunk_.insert(chunk_.end(), bytes.begin(), bytes.end());
  return next_index_++;
}

void batch::flush() {
  if (!starts_.empty()) send_chunk();
}

void batch::tell(std::size_t index, const outcome& end) {
  switch (end.status) {
    case request_status::done:
      ++totals_.done;
      break;
    case request_status::refused:
      ++totals_.refused;
      break;
    case request_status::unknown:
      ++totals_.unknown;
      break;
    case request_status::unsent:
      ++totals_.unsent;
      break;
  }
  if (visit_) visit_(index, end);
}

void batch::tell_all(const outcome& end) {
  const std::size_t first = next_index_ - starts_.size();
  const std::size_t count = starts_.size();
  starts_.clear();
  chunk_.clear();
  for (std::size_t place = 0; place < count; ++place) tell(first + place, end);
}

// Gives the chunk's requests their flags and consecutive sequence numbers. @return the first
std::uint32_t batch::number_requests() {
  const std::size_t count = starts_.size();
  // 0, which nobody uses, is left out before the chunk and not within it.
  if (client_.sequence_ > 0xffffffffU - count) client_.sequence_ = 0;
  const std::uint32_t first = client_.sequence_ + 1;
  for (std::size_t place = 0; place < count; ++place) {
    ::nlmsghdr header{};
    std::memcpy(&header, chunk_.data() + starts_[place], sizeof header);
    const bool asks = options_.acknowledge_each || place == count - 1;
    header.nlmsg_flags = static_cast<std::uint16_t>((header.nlmsg_flags & ~NLM_F_ACK) |
                                                    NLM_F_REQUEST | (asks ? NLM_F_ACK : 0));
    header.nlmsg_seq = client_.next_sequence();
    header.nlmsg_pid = client_.port_;
    std::memcpy(chunk_.data() + starts_[place], &header, sizeof header);
  }
  return first;
}

void batch::send_chunk() {
  if (const std::error_code ec = stopped()) {
    return tell_all(unsent(ec.value(), "the batch was given up before it was sent"));
  }
  try {
    client_.prepare(options_.how);
  } catch (const socket_error& e) {
    return tell_all(unsent(e.code().value(), fmt::format("before it: {}", e.what())));
  }
  const std::uint32_t first = number_requests();
  std::error_code ec;
  client_.send_bytes(chunk_, options_.how.until, ec);
  if (ec) {
    // The kernel takes all of a chunk or nothing.
    return tell_all(
        unsent(ec.value(), fmt::format("the kernel took none of {} requests", starts_.size())));
  }
  chunk_answers answers(client_.port_, first, starts_.size());
  while (!answers.finished()) {
    // All has run by now. After ENOBUFS what is not in the buffer does not come.
    const waiting how = answers.lost() ? waiting{deadline::immediate(), {}} : options_.how;
    if (client_.receive(&answers, how, ec) || ec.value() == ENOBUFS) continue;
    if (answers.lost()) ec = errno_code(ENOBUFS);
    break;
  }
  tell_chunk(answers, ec);
}

std::size_t batch::length_of(std::size_t place) const {
  const std::size_t end = place + 1 < starts_.size() ? starts_[place + 1] : chunk_.size();
  return end - starts_[place];
}

void batch::tell_chunk(chunk_answers& answers, std::error_code ec) {
  const std::size_t count = starts_.size();
  const std::size_t first_index = next_index_ - count;
  auto told = std::move(answers.told());
  for (auto& [place, end] : told) {
    client_.explain(end.extended, const_bytes(chunk_).subspan(starts_[place], length_of(place)));
  }
  starts_.clear();
  chunk_.clear();
  std::stable_sort(told.begin(), told.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  outcome done;
  done.status = request_status::done;
  outcome silent = done;
  if (answers.doubtful()) {
    silent.status = request_status::unknown;
    silent.error = ec ? ec : errno_code(ENOBUFS);
  }
  auto next = told.begin();
  for (std::size_t place = 0; place < count; ++place) {
    if (next != told.end() && next->first == place) {
      tell(first_index + place, next->second);
      while (next != told.end() && next->first == place) ++next;
    } else {
      const bool acknowledged = place == count - 1 && answers.finished();
      tell(first_index + place, acknowledged ? done : silent);
    }
  }
}

}  // namespace trivet::netlink
