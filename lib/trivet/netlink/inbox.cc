#include "trivet/netlink/inbox.h"

#include <algorithm>
#include <cerrno>
#include <span>

#include "trivet/base/poll.h"

namespace trivet::netlink {

inbox::inbox(std::size_t longest) { make_room(longest); }

void inbox::make_room(std::size_t slot_size) {
  room_ = pages(most * slot_size);
  slot_size_ = slot_size;
  for (std::size_t i = 0; i < most; ++i) {
    pieces_[i] = {room_.data() + i * slot_size, slot_size};
    headers_[i] = {};
    headers_[i].msg_hdr.msg_name = &senders_[i];
    headers_[i].msg_hdr.msg_namelen = sizeof senders_[i];
    headers_[i].msg_hdr.msg_iov = &pieces_[i];
    headers_[i].msg_hdr.msg_iovlen = 1;
  }
}

inbox::result inbox::receive(socket& from, deadline until, std::size_t at_most) {
  if (wanted_ > slot_size_) make_room(wanted_);
  // The kernel writes into the headers.
  for (std::size_t i = 0; i < count_; ++i) {
    headers_[i].msg_hdr.msg_namelen = sizeof senders_[i];
    headers_[i].msg_hdr.msg_controllen = 0;
  }
  count_ = next_ = 0;
  std::error_code ec;
  const bool gathers = gathers_ && !until.is_immediate();
  if (gathers && gathering_.pays()) {
    (void)poll({}, std::min(until, deadline::after(gathering::moment)), ec);
  }
  count_ = from.receive_headers(std::span(headers_).first(at_most), ec, {.until = until});
  if (gathers) gathering_.note(count_, at_most);
  if (!ec) return result::some;
  if (tells_of_loss(ec)) return result::lost;
  if (ec.value() == EAGAIN || ec.value() == ETIMEDOUT) return result::nothing;
  throw_socket_error(ec, "receive netlink notifications");
}

inbox::datagram inbox::take() noexcept {
  const ::mmsghdr& header = headers_[next_];
  const bool named = header.msg_hdr.msg_namelen == sizeof(::sockaddr_nl);
  const datagram one{bytes_of_slot(next_), named && senders_[next_].nl_pid == 0,
                     header.msg_len > slot_size_};
  if (one.truncated) wanted_ = std::max(wanted_, (header.msg_len + 4095UL) & ~4095UL);
  ++next_;
  return one;
}

}  // namespace trivet::netlink
