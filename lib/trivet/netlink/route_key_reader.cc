#include "trivet/netlink/route_key_reader.h"

#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <algorithm>

#include "trivet/netlink/attribute.h"

namespace trivet::netlink {
namespace {

constexpr std::byte all{0xff};

bool is_of_key(std::uint16_t type) noexcept {
  return type == RTA_TABLE || type == RTA_PRIORITY || type == RTA_SRC;
}

}  // namespace

const route_key* route_key_reader::read_anew(const_bytes payload) noexcept {
  size_ = nothing;
  if (!route_key::read(payload, key_)) return nullptr;
  if (payload.size() <= longest) remember(payload);
  return &key_;
}

// What the key is made of, and where the attributes stand: their headers. One that has no
// destination of the family's length is not remembered. Of several the last counts.
void route_key_reader::remember(const_bytes payload) noexcept {
  std::copy(payload.begin(), payload.end(), last_.begin());
  counts_.fill({});
  for (const std::size_t at : {offsetof(::rtmsg, rtm_family), offsetof(::rtmsg, rtm_src_len),
                               offsetof(::rtmsg, rtm_tos), offsetof(::rtmsg, rtm_table)}) {
    counts_[at] = all;
  }
  if (key_.family != AF_INET && key_.family != AF_INET6) return;
  const std::size_t address = key_.family == AF_INET ? 4 : 16;
  destination_ = 0;
  attribute_reader in(payload.subspan(sizeof(::rtmsg)));
  for (attribute a; in.next(a);) {
    const auto at = static_cast<std::size_t>(a.data.data() - payload.data());
    std::fill_n(counts_.begin() + at - sizeof(::nlattr), sizeof(::nlattr), all);
    if (is_of_key(a.type)) std::fill_n(counts_.begin() + at, a.data.size(), all);
    if (a.type != RTA_DST) continue;
    if (a.data.size() != address) return;
    destination_ = at;
  }
  if (destination_ > 0) size_ = payload.size();
}

}  // namespace trivet::netlink
