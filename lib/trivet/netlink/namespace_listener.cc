#include "trivet/netlink/namespace_listener.h"

#include <linux/if_link.h>
#include <linux/net_namespace.h>
#include <linux/rtnetlink.h>

#include <cerrno>

#include "trivet/base/so.h"
#include "trivet/netlink/control.h"
#include "trivet/netlink/option.h"
#include "trivet/netlink/route/namespace_id.h"

namespace trivet::netlink {
namespace {

constexpr std::size_t first_size = 65536;

struct group {
  objects kinds;
  std::uint32_t number;
};
constexpr group groups[] = {{objects::link, RTNLGRP_LINK},
                            {objects::address_v4, RTNLGRP_IPV4_IFADDR},
                            {objects::address_v6, RTNLGRP_IPV6_IFADDR},
                            {objects::route_v4, RTNLGRP_IPV4_ROUTE},
                            {objects::route_v6, RTNLGRP_IPV6_ROUTE},
                            {objects::neighbour, RTNLGRP_NEIGH},
                            {objects::rule_v4, RTNLGRP_IPV4_RULE},
                            {objects::rule_v6, RTNLGRP_IPV6_RULE},
                            {objects::nexthop, RTNLGRP_NEXTHOP}};

}  // namespace

namespace_listener::namespace_listener(objects what, int receive_buffer)
    : socket_(NETLINK_ROUTE), buffer_(first_size) {
  std::error_code ec;
  socket_.set(so::rcvbufforce{receive_buffer}, ec);
  if (ec) socket_.set(so::rcvbuf{receive_buffer});
  socket_.set(option::listen_all_nsid{true}, ec);
  if (ec) {
    throw_socket_error(ec, "set NETLINK_LISTEN_ALL_NSID",
                       ec.value() == EPERM ? "needs CAP_NET_BROADCAST: run as root" : "");
  }
  socket_.bind(address());
  socket_.join(RTNLGRP_NSID);
  for (const group& one : groups) {
    if (!overlap(one.kinds, what)) continue;
    if (one.kinds == objects::nexthop) {
      std::error_code before_5_3;
      socket_.join(one.number, before_5_3);
    } else {
      socket_.join(one.number);
    }
  }
}

namespace_listener::result namespace_listener::lose(std::uint32_t count) noexcept {
  lost_ = count;
  return result::lost;
}

namespace_listener::result namespace_listener::next(deadline until, const visitor& visit) {
  while (true) {
    if (losses_.due()) return lose(losses_.take());
    control_buffer control;  // empty for each: the kernel leaves out what it has nothing to say of
    const ::iovec piece = buffer(mutable_bytes(buffer_));
    std::error_code ec;
    const auto got = socket_.receive_from(std::span(&piece, 1), control, ec,
                                          {.flags = MSG_TRUNC, .until = until});
    if (tells_of_loss(ec)) {
      losses_.begin(socket_);
      continue;
    }
    if (ec.value() == EAGAIN || ec.value() == ETIMEDOUT) {
      losses_.read_nothing(socket_);
      if (losses_.due()) continue;
      return result::nothing;
    }
    if (ec) throw_socket_error(ec, "receive netlink notifications");
    losses_.read_one(socket_);
    if (got.from.pid() != 0) {
      ++foreign_;
      continue;
    }
    if (got.truncated()) {
      ++malformed_;
      buffer_.resize(align4(got.full_size));
      return lose(1);
    }
    std::optional<std::int32_t> nsid;
    if (const auto told = control.find<control::nsid>()) nsid = told->value;
    message_reader in(const_bytes(buffer_).first(got.size));
    for (message_view message; in.next(message);) {
      if (visit) visit(nsid, message);
    }
    if (in.failed()) ++malformed_;
    return result::some;
  }
}

std::optional<std::int32_t> nsid_of(client& kernel, int file) {
  message_builder request(RTM_GETNSID);
  rtnl::namespace_id asked;
  asked.file = static_cast<std::uint32_t>(file);
  asked.encode(request);
  std::optional<std::int32_t> id;
  (void)kernel.request(request, [&](const message_view& message) {
    if (const auto told = rtnl::namespace_id::decode(message)) id = told->id;
  });
  return id.value_or(NETNSA_NSID_NOT_ASSIGNED) < 0 ? std::nullopt : id;
}

dump_end dump_links(client& kernel, std::int32_t nsid,
                    const std::function<void(const rtnl::link&)>& visit) {
  message_builder request(RTM_GETLINK);
  request.structure(::ifinfomsg{});
  request.attributes()
      .value(IFLA_EXT_MASK, std::uint32_t{RTEXT_FILTER_SKIP_STATS})
      .value(IFLA_TARGET_NETNSID, nsid);
  return kernel.dump(request, [&](const message_view& message) {
    if (message.type() != RTM_NEWLINK) return;
    if (const auto link = rtnl::link::decode(message); link && visit) visit(*link);
  });
}

}  // namespace trivet::netlink
