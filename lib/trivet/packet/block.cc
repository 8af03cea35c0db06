#include "trivet/packet/block.h"

#include <cstddef>
#include <cstring>

namespace trivet::packet {
namespace {

// Where a frame's link-layer address stands, behind its header, and where that ends.
// Source: linux/if_packet.h, "Frame structure"
constexpr std::size_t link_offset = TPACKET_ALIGN(sizeof(::tpacket3_hdr));
constexpr std::size_t headers_size = link_offset + sizeof(::sockaddr_ll);

// LINKTYPE_LINUX_SLL2; big endian. Source: pcap-linktype(7), www.tcpdump.org/linktypes
struct cooked_header {
  std::uint16_t protocol;
  std::uint16_t reserved;
  std::uint32_t index;
  std::uint16_t hatype;
  std::uint8_t pkttype;
  std::uint8_t link_size;
  std::uint8_t link[8];
};
static_assert(sizeof(cooked_header) == 20);

// LINKTYPE_NETLINK, which is that of LINUX_SLL; big endian. Source: www.tcpdump.org/linktypes
struct netlink_header {
  std::uint16_t pkttype;
  std::uint16_t hatype;
  std::uint16_t link_size;
  std::uint8_t link[8];
  std::uint16_t protocol;
};
static_assert(sizeof(netlink_header) == 16);

}  // namespace

address frame::from() const noexcept {
  std::error_code ec;
  ::sockaddr_ll copy = link;
  copy.sll_halen = std::min<std::uint8_t>(copy.sll_halen, sizeof copy.sll_addr);
  return address::from_sockaddr(std::as_bytes(std::span<const ::sockaddr_ll, 1>(&copy, 1)), ec);
}

block_frames::block_frames(mutable_bytes block, header_rebuild rebuild) noexcept
    : block_(block), rebuild_(rebuild) {
  if (block.size() < sizeof(::tpacket_block_desc)) {
    damaged_ = true;
    return;
  }
  const ::tpacket_hdr_v1 header = load_padded<::tpacket_block_desc>(block).hdr.bh1;
  count_ = left_ = header.num_pkts;
  offset_ = header.offset_to_first_pkt;
}

const frame* block_frames::next() noexcept {
  if (left_ == 0 || damaged_) return nullptr;
  ::tpacket3_hdr header;
  if (!load(current_, offset_, header)) {
    damaged_ = true;
    return nullptr;
  }
  // The last one's offset is 0: the count says where the end is.
  if (--left_ > 0) {
    if (header.tp_next_offset < headers_size || header.tp_next_offset > block_.size() - offset_) {
      damaged_ = true;  // what is behind this frame; the frame itself is sound
    }
    offset_ += header.tp_next_offset;
  }
  return &current_;
}

bool block_frames::load(frame& into, std::size_t at, ::tpacket3_hdr& header) noexcept {
  if (at > block_.size() || block_.size() - at < headers_size) return false;
  const mutable_bytes rest = block_.subspan(at);
  std::memcpy(&header, rest.data(), sizeof header);
  if (header.tp_mac > rest.size() || header.tp_snaplen > rest.size() - header.tp_mac) return false;
  std::memcpy(&into.link, rest.data() + link_offset, sizeof into.link);
  into.time =
      timestamp(std::chrono::seconds(header.tp_sec) + std::chrono::nanoseconds(header.tp_nsec));
  into.data = rest.subspan(header.tp_mac, header.tp_snaplen);
  into.wire_size = std::max(header.tp_len, header.tp_snaplen);
  into.status = header.tp_status;
  into.rxhash = header.hv1.tp_rxhash;
  into.vlan = vlan_tag::of(header.tp_status, header.hv1.tp_vlan_tci, header.hv1.tp_vlan_tpid);
  into.vlan_restored = false;
  // What is put back must fit between the headers and the data: PACKET_RESERVE makes the room.
  const std::size_t room = header.tp_mac < headers_size ? 0 : header.tp_mac - headers_size;
  const std::size_t mac = at + header.tp_mac;
  if (rebuild_ == header_rebuild::vlan && into.vlan && room >= vlan_tag::size) {
    restore_vlan(into, mac);
  }
  if (rebuild_ == header_rebuild::cooked && room >= sizeof(cooked_header) + vlan_tag::size) {
    cook(into, mac);
  }
  if (rebuild_ == header_rebuild::netlink && room >= sizeof(netlink_header)) {
    head_netlink(into, mac);
  }
  return true;
}

void block_frames::restore_vlan(frame& f, std::size_t mac) noexcept {
  if (f.data.size() < vlan_tag::offset) return;
  std::byte* const data = block_.data() + mac;
  std::memmove(data - vlan_tag::size, data, vlan_tag::offset);
  const auto tag = f.vlan->bytes();
  std::memcpy(data - vlan_tag::size + vlan_tag::offset, tag.data(), tag.size());
  f.data = block_.subspan(mac - vlan_tag::size, f.data.size() + vlan_tag::size);
  f.wire_size += vlan_tag::size;
  f.vlan_restored = true;
}

void block_frames::cook(frame& f, std::size_t mac) noexcept {
  cooked_header header{};
  header.protocol = f.link.sll_protocol;
  header.index = big_endian(static_cast<std::uint32_t>(f.link.sll_ifindex));
  header.hatype = big_endian(static_cast<std::uint16_t>(f.link.sll_hatype));
  header.pkttype = f.link.sll_pkttype;
  header.link_size = f.link.sll_halen;
  std::memcpy(header.link, f.link.sll_addr, sizeof header.link);
  std::size_t start = mac;
  // Of a frame on its way out some kernels report a tag that they left in.
  if (f.vlan && f.pkttype() != PACKET_OUTGOING) {
    start -= vlan_tag::size;
    const auto tag = f.vlan->bytes();
    std::memcpy(block_.data() + start, tag.data() + 2, 2);
    std::memcpy(block_.data() + start + 2, &f.link.sll_protocol, 2);
    std::memcpy(&header.protocol, tag.data(), 2);
    f.vlan_restored = true;
  }
  start -= sizeof header;
  std::memcpy(block_.data() + start, &header, sizeof header);
  const std::size_t added = mac - start;
  f.data = block_.subspan(start, f.data.size() + added);
  f.wire_size += static_cast<std::uint32_t>(added);
}

void block_frames::head_netlink(frame& f, std::size_t mac) noexcept {
  netlink_header header{};
  header.pkttype = big_endian(static_cast<std::uint16_t>(f.link.sll_pkttype));
  header.hatype = big_endian(static_cast<std::uint16_t>(f.link.sll_hatype));
  header.protocol = f.link.sll_protocol;
  const std::size_t start = mac - sizeof header;
  std::memcpy(block_.data() + start, &header, sizeof header);
  f.data = block_.subspan(start, f.data.size() + sizeof header);
  f.wire_size += static_cast<std::uint32_t>(sizeof header);
}

}  // namespace trivet::packet
