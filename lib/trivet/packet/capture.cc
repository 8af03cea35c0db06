#include "trivet/packet/capture.h"

#include <algorithm>
#include <utility>

#include "trivet/base/error.h"
#include "trivet/packet/option.h"

namespace trivet::packet {
namespace {

constexpr std::string_view every_interface = "any";

// Asked through a socket of type SOCK_DGRAM; whether the capture wants another is not known before.
device device_of(const socket& s, const std::string& name) {
  if (name == every_interface) return {.name = name, .up = true};
  return query_device(s.native_handle(), name);
}

// A socket of the type that the interface's frames want.
socket open_for(const std::string& interface, device& found, link_layer& link) {
  socket s(SOCK_RAW);
  found = device_of(s, interface);
  link = found.index == 0 ? cooked_link_layer : link_layer_of(found.hatype);
  return link.cooked ? socket(SOCK_DGRAM) : std::move(s);
}

filter filter_for(const capture_options& options, const device& found, link_layer link) {
  return filter::compile(
      options.filter,
      {.link = link, .snaplen = options.snaplen, .netmask = found.netmask, .drop_looped = true});
}

ring_geometry geometry_for(const capture_options& options, link_layer link) {
  ring_geometry result = options.ring;
  if (link == netlink_link_layer) {
    result.rebuild = header_rebuild::netlink;
  } else if (link.cooked) {
    result.rebuild = header_rebuild::cooked;
  } else {
    result.rebuild = link.linktype == 1 ? header_rebuild::vlan : header_rebuild::nothing;
  }
  return result;
}

}  // namespace

capture::capture(const capture_options& options)
    : socket_(open_for(options.interface, device_, link_)),
      filter_(filter_for(options, device_, link_)),
      ring_(socket_, geometry_for(options, link_)),
      snaplen_(options.snaplen) {
  attach_filter(socket_, filter_, options.lock_filter);
  if (options.promiscuous && device_.index != 0) {
    socket_.set(option::add_membership{option::promiscuous(device_.index)});
  }
  socket_.bind(address::by_index(device_.index, ETH_P_ALL).with_name(socket_.native_handle()));
}

std::optional<captured_block> capture::next() {
  auto lease = ring_.next();
  if (!lease) return std::nullopt;
  return captured_block(std::move(*lease), *this);
}

const frame* captured_block::next() noexcept {
  while (const frame* f = lease_.frames().next()) {
    if (f->vlan && !owner_->filter_.matches(f->data, f->wire_size)) {
      ++owner_->not_matched_;
      continue;
    }
    const std::size_t wanted = std::min<std::size_t>(f->wire_size, owner_->snaplen_);
    if (f->data.size() < wanted) ++owner_->cut_;
    if (f->data.size() <= owner_->snaplen_) return f;
    // The kernel cuts, but what is put back makes a frame longer again.
    cut_ = *f;
    cut_.data = f->data.first(owner_->snaplen_);
    return &cut_;
  }
  return nullptr;
}

}  // namespace trivet::packet
