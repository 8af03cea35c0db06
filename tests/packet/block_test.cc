// Walking over the blocks of a V3 ring: sound ones, and ones that no kernel should make.
#include "trivet/packet/block.h"

#include <gtest/gtest.h>
#include <linux/if_arp.h>

#include <cstring>
#include <random>
#include <string>
#include <vector>

namespace trivet::packet {
namespace {

constexpr std::size_t block_size = 4096;
constexpr std::uint32_t mac_offset = 96;

struct made_frame {
  std::string data;
  std::uint32_t status = 0;
  std::uint32_t tci = 0;
  std::uint16_t tpid = 0;
  std::uint32_t wire_size = 0;
  std::uint8_t pkttype = PACKET_HOST;
  std::uint32_t mac = mac_offset;
};

// A block as the kernel lays it out. Source: linux/if_packet.h
class made_block {
 public:
  explicit made_block(const std::vector<made_frame>& frames) : bytes_(block_size) {
    ::tpacket_block_desc desc{};
    desc.hdr.bh1.block_status = TP_STATUS_USER;
    desc.hdr.bh1.num_pkts = static_cast<std::uint32_t>(frames.size());
    desc.hdr.bh1.offset_to_first_pkt = first;
    put(0, desc);
    std::size_t at = first;
    for (std::size_t i = 0; i < frames.size(); ++i) {
      offsets_.push_back(at);
      const std::size_t size = TPACKET_ALIGN(frames[i].mac + frames[i].data.size());
      put_frame(at, frames[i], i + 1 < frames.size() ? size : 0);
      at += size;
    }
  }

  mutable_bytes bytes() { return bytes_; }
  [[nodiscard]] std::size_t offset(std::size_t i) const { return offsets_.at(i); }

  template <class T>
  void put(std::size_t at, const T& value) {
    std::memcpy(bytes_.data() + at, &value, sizeof value);
  }

  static constexpr std::uint32_t first = 48;

 private:
  void put_frame(std::size_t at, const made_frame& f, std::size_t next) {
    ::tpacket3_hdr header{};
    header.tp_next_offset = static_cast<std::uint32_t>(next);
    header.tp_sec = 1'700'000'000;
    header.tp_nsec = 123'456'789;
    header.tp_snaplen = static_cast<std::uint32_t>(f.data.size());
    header.tp_len = f.wire_size == 0 ? header.tp_snaplen : f.wire_size;
    header.tp_status = f.status;
    header.tp_mac = static_cast<std::uint16_t>(f.mac);
    header.hv1.tp_vlan_tci = f.tci;
    header.hv1.tp_vlan_tpid = f.tpid;
    put(at, header);
    ::sockaddr_ll link{};
    link.sll_family = AF_PACKET;
    link.sll_protocol = big_endian<std::uint16_t>(ETH_P_IP);
    link.sll_ifindex = 7;
    link.sll_hatype = ARPHRD_ETHER;
    link.sll_pkttype = f.pkttype;
    link.sll_halen = 6;
    std::memcpy(link.sll_addr, "\x02\x00\x00\x00\x00\x09", 6);
    put(at + TPACKET_ALIGN(sizeof header), link);
    std::memcpy(bytes_.data() + at + f.mac, f.data.data(), f.data.size());
  }

  std::vector<std::byte> bytes_;
  std::vector<std::size_t> offsets_;
};

const std::string addresses = "DDDDDDSSSSSS";
constexpr std::uint32_t tagged = TP_STATUS_VLAN_VALID | TP_STATUS_VLAN_TPID_VALID;

std::vector<std::string> walk(block_frames& frames) {
  std::vector<std::string> seen;
  while (const frame* f = frames.next()) seen.emplace_back(text_of(f->data));
  return seen;
}

using texts = std::vector<std::string>;

TEST(packet_block, gives_each_frame_with_what_the_kernel_said_of_it) {
  made_block block({{.data = "first"}, {.data = "cut", .wire_size = 1500}});
  block_frames frames(block.bytes());
  EXPECT_EQ(frames.count(), 2U);
  const frame* f = frames.next();
  ASSERT_NE(f, nullptr);
  EXPECT_EQ(text_of(f->data), "first");
  EXPECT_EQ(f->wire_size, 5U);
  EXPECT_EQ(f->time.time_since_epoch().count(), 1'700'000'000'123'456'789);
  EXPECT_EQ(f->protocol(), ETH_P_IP);
  EXPECT_EQ(f->from().to_string(), R"((7, 2048, 0, 1, b'\x02\x00\x00\x00\x00\t'))");
  EXPECT_FALSE(f->vlan);
  f = frames.next();
  ASSERT_NE(f, nullptr);
  EXPECT_EQ(text_of(f->data), "cut");
  EXPECT_EQ(f->wire_size, 1500U);
  EXPECT_EQ(frames.next(), nullptr);
  EXPECT_FALSE(frames.damaged());
}

TEST(packet_block, has_nothing_where_the_kernel_closed_it_empty) {
  made_block block({});
  block_frames frames(block.bytes());
  EXPECT_EQ(frames.next(), nullptr);
  EXPECT_FALSE(frames.damaged());
}

TEST(packet_block, puts_the_vlan_tag_back_behind_the_addresses) {
  const std::string rest("\x08\x00payload", 9);
  made_block block({
      {.data = addresses + rest, .status = tagged, .tci = 0x2005, .tpid = ETH_P_8021Q},
      {.data = addresses + rest, .status = tagged, .tci = 100, .tpid = ETH_P_8021AD},
      {.data = addresses + rest, .status = tagged, .tci = 0, .tpid = ETH_P_8021Q},
      {.data = addresses + rest, .status = TP_STATUS_VLAN_VALID, .tci = 9, .tpid = 0},
      {.data = addresses + rest, .tci = 9, .tpid = ETH_P_8021Q},
  });
  block_frames frames(block.bytes(), header_rebuild::vlan);
  const auto with = [&](std::string_view tag) { return addresses + std::string(tag) + rest; };
  for (const std::string& expected : {with(std::string_view("\x81\x00\x20\x05", 4)),
                                      with(std::string_view("\x88\xa8\x00\x64", 4)),
                                      with(std::string_view("\x81\x00\x00\x00", 4)),
                                      with(std::string_view("\x81\x00\x00\x09", 4))}) {
    const frame* f = frames.next();
    ASSERT_NE(f, nullptr);
    EXPECT_EQ(text_of(f->data), expected);
    EXPECT_EQ(f->wire_size, expected.size()) << "the tag was on the wire";
    EXPECT_TRUE(f->vlan_restored);
  }
  const frame* untagged = frames.next();
  ASSERT_NE(untagged, nullptr);
  EXPECT_EQ(text_of(untagged->data), addresses + rest) << "the flag tells, not the number";
  EXPECT_FALSE(untagged->vlan);
}

TEST(packet_block, reports_the_tag_beside_the_frame_where_it_is_not_put_back) {
  const made_frame f{
      .data = addresses + "xy", .status = tagged, .tci = 0x6007, .tpid = ETH_P_8021Q};
  made_frame no_room = f;
  no_room.mac = 69;
  made_frame short_frame = f;
  short_frame.data = "DDDDDDSSSSS";
  made_block block({f, no_room, short_frame});
  block_frames plain(block.bytes());
  const frame* seen = plain.next();
  ASSERT_NE(seen, nullptr);
  EXPECT_EQ(seen->vlan, (vlan_tag{ETH_P_8021Q, 0x6007}));
  EXPECT_EQ(seen->vlan->id(), 7);
  EXPECT_EQ(seen->vlan->priority(), 3);
  EXPECT_FALSE(seen->vlan_restored);

  block_frames rebuilt(block.bytes(), header_rebuild::vlan);
  EXPECT_TRUE(rebuilt.next()->vlan_restored);
  for (const std::string& data : {no_room.data, short_frame.data}) {
    seen = rebuilt.next();
    ASSERT_NE(seen, nullptr);
    EXPECT_EQ(text_of(seen->data), data);
    EXPECT_TRUE(seen->vlan);
    EXPECT_FALSE(seen->vlan_restored);
  }
}

TEST(packet_block, puts_a_cooked_header_before_frames_that_came_without_any) {
  made_block block({{.data = "payload", .wire_size = 100},
                    {.data = "payload", .status = tagged, .tci = 5, .tpid = ETH_P_8021Q},
                    {.data = "payload",
                     .status = tagged,
                     .tci = 5,
                     .tpid = ETH_P_8021Q,
                     .pkttype = PACKET_OUTGOING}});
  block_frames frames(block.bytes(), header_rebuild::cooked);
  const std::string_view behind_protocol("\0\0\0\0\0\x07\0\x01\0\x06\x02\0\0\0\0\x09\0\0", 18);
  const frame* f = frames.next();
  ASSERT_NE(f, nullptr);
  EXPECT_EQ(text_of(f->data),
            std::string("\x08\x00", 2) + std::string(behind_protocol) + "payload");
  EXPECT_EQ(f->wire_size, 120U);
  f = frames.next();
  ASSERT_NE(f, nullptr);
  EXPECT_EQ(text_of(f->data), std::string("\x81\x00", 2) + std::string(behind_protocol) +
                                  std::string("\x00\x05\x08\x00", 4) + "payload");
  EXPECT_TRUE(f->vlan_restored);
  f = frames.next();
  ASSERT_NE(f, nullptr);
  EXPECT_EQ(text_of(f->data).substr(0, 2), std::string_view("\x08\x00", 2));
  EXPECT_FALSE(f->vlan_restored);
}

TEST(packet_block, stops_at_what_points_out_of_it_and_keeps_what_came_before) {
  const std::vector<made_frame> three{{.data = "one"}, {.data = "two"}, {.data = "three"}};
  constexpr auto next = offsetof(::tpacket3_hdr, tp_next_offset);
  constexpr auto snaplen = offsetof(::tpacket3_hdr, tp_snaplen);
  constexpr auto mac = offsetof(::tpacket3_hdr, tp_mac);
  for (const std::uint32_t offset : {0U, 1U, 16U, 67U, 4096U, 0x7fffffffU, 0xffffffffU}) {
    made_block block(three);
    block.put(block.offset(1) + next, offset);
    block_frames frames(block.bytes());
    EXPECT_EQ(walk(frames), (texts{"one", "two"})) << offset;
    EXPECT_TRUE(frames.damaged()) << offset;
    EXPECT_EQ(frames.unread(), 1U);
  }
  for (const std::uint32_t size : {4096U, 0xffffffffU}) {
    made_block block(three);
    block.put(block.offset(1) + snaplen, size);
    block_frames frames(block.bytes());
    EXPECT_EQ(walk(frames), (texts{"one"})) << size;
    EXPECT_TRUE(frames.damaged());
    EXPECT_EQ(frames.unread(), 2U);
  }
  made_block far_data(three);
  far_data.put(far_data.offset(0) + mac, std::uint16_t{0xffff});
  block_frames frames(far_data.bytes());
  EXPECT_EQ(walk(frames), texts{});
  EXPECT_TRUE(frames.damaged());
}

TEST(packet_block, trusts_neither_the_count_nor_the_first_offset) {
  constexpr std::size_t header = offsetof(::tpacket_block_desc, hdr);
  for (const std::uint32_t offset : {4096U, 4095U, 4096U - 67U, 0xffffffffU}) {
    made_block block({{.data = "one"}});
    block.put(header + offsetof(::tpacket_hdr_v1, offset_to_first_pkt), offset);
    block_frames frames(block.bytes());
    EXPECT_EQ(walk(frames), texts{}) << offset;
    EXPECT_TRUE(frames.damaged()) << offset;
  }
  made_block block({{.data = "one"}});
  block.put(header + offsetof(::tpacket_hdr_v1, num_pkts), 0xffffffffU);
  block_frames frames(block.bytes());
  EXPECT_EQ(walk(frames), (texts{"one"}));
  EXPECT_TRUE(frames.damaged());
  for (std::size_t size = 0; size < sizeof(::tpacket_block_desc); ++size) {
    block_frames tiny(block.bytes().first(size));
    EXPECT_EQ(tiny.next(), nullptr);
    EXPECT_TRUE(tiny.damaged());
  }
}

// Random damage: every frame lies within the block, and the walk ends. The sanitizers watch.
TEST(packet_block, stays_within_bounds_whatever_the_bytes_say) {
  std::mt19937 random(20240131);
  std::uint64_t frames_seen = 0;
  for (int round = 0; round < 20'000; ++round) {
    made_block block({{.data = addresses + "one", .status = tagged, .tci = 5},
                      {.data = addresses + "two", .status = tagged},
                      {.data = std::string(200, 'x')}});
    const mutable_bytes bytes = block.bytes();
    for (int i = 0; i < 6; ++i) bytes[random() % 600] = std::byte(random());
    const auto rebuild = static_cast<header_rebuild>(random() % 3);
    block_frames frames(bytes, rebuild);
    std::uint64_t here = 0;
    while (const frame* f = frames.next()) {
      ASSERT_GE(f->data.data(), bytes.data());
      ASSERT_LE(f->data.data() + f->data.size(), bytes.data() + bytes.size());
      ASSERT_LE(f->data.size(), f->wire_size);
      ASSERT_LT(++here, block_size);
    }
    frames_seen += here;
  }
  EXPECT_GT(frames_seen, 20'000U) << "the damage must leave something to walk over";
}

}  // namespace
}  // namespace trivet::packet
