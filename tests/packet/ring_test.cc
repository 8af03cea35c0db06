// V3 receive rings on the kernel under the test: every frame is read or counted as lost, in its
// place.
#include "trivet/packet/ring.h"

#include <gtest/gtest.h>
#include <linux/if_arp.h>

#include <set>
#include <string>

#include "tests/packet/veth.h"
#include "trivet/packet/filter.h"

namespace trivet::packet {
namespace {

using std::chrono_literals::operator""ms;

// A ring that holds some 3000 numbered frames. The timeout is long, so that on a slow machine no
// block is closed before it is full and the ring holds as many there.
const ring_geometry small{.block_size = 1 << 16, .block_count = 8, .block_timeout = 500ms};

// A socket and its ring, taking test frames of one interface.
class tap {
 public:
  tap(const lab::net_namespace& where, const char* name, const ring_geometry& geometry = small,
      bool lock = false)
      : socket_(where.in([] { return socket(SOCK_RAW); })), ring_(socket_, geometry) {
    attach_filter(socket_, filter::compile(test_frames, {.link = link_layer_of(ARPHRD_ETHER)}),
                  lock);
    socket_.bind(address(name, ETH_P_ALL));
  }

  receive_ring& ring() { return ring_; }

  // Reads until nothing is left and every frame that was accepted is accounted for.
  void finish() {
    ring_.stop();
    const deadline until = soon();
    do {
      while (auto block = ring_.next()) take(*block);
    } while (ring_.wait(deadline::after(ring_.geometry().block_timeout * 3 / 2)) !=
                 ring_event::nothing ||
             (!ring_.complete() && until.remaining().count() > 0));
  }

  // What comes beside frames, taking those that come before it.
  ring_event take_until_other_event() {
    while (true) {
      while (auto block = ring_.next()) take(*block);
      const ring_event event = ring_.wait(soon());
      if (event != ring_event::block) return event;
    }
  }

  void take(block_lease& block) {
    const ring_loss loss = block.loss();
    bool is_first = true;
    while (const frame* f = block.frames().next()) {
      const std::uint32_t number = number_in(f->data).value_or(~0U);
      if (is_first && loss.frames > 0) losses_.push_back({loss, last_ + 1, number});
      EXPECT_GT(static_cast<std::int64_t>(number), last_) << "out of order";
      last_ = number;
      is_first = false;
      ++read_;
    }
    EXPECT_FALSE(block.frames().damaged());
  }

  // A loss and the numbers that are missing there: from, up to but not including, to.
  struct placed_loss {
    ring_loss loss;
    std::int64_t from;
    std::int64_t to;
  };

  [[nodiscard]] std::uint64_t read() const { return read_; }
  [[nodiscard]] std::int64_t last() const { return last_; }
  [[nodiscard]] const std::vector<placed_loss>& losses() const { return losses_; }

 private:
  socket socket_;
  receive_ring ring_;
  std::uint64_t read_ = 0;
  std::int64_t last_ = -1;
  std::vector<placed_loss> losses_;
};

using packet_ring = veth_test;

std::string refused_member(const ring_geometry& geometry) {
  try {
    geometry.check();
  } catch (const socket_error& error) {
    EXPECT_EQ(error.code().value(), EINVAL);
    return error.operation().substr(error.operation().rfind(' ') + 1);
  }
  return "none";
}

TEST(ring_geometry, names_the_member_that_is_wrong) {
  EXPECT_EQ(refused_member({}), "none");
  EXPECT_EQ(refused_member({.block_size = 0}), "block_size");
  EXPECT_EQ(refused_member({.block_size = 100'000}), "block_size");
  EXPECT_EQ(refused_member({.block_count = 1}), "block_count");
  EXPECT_EQ(refused_member({.block_count = 0xffffffff}), "block_count");
  EXPECT_EQ(refused_member({.frame_size = 2040}), "frame_size");
  EXPECT_EQ(refused_member({.frame_size = 64}), "frame_size");
  EXPECT_EQ(refused_member({.block_size = 4096, .frame_size = 8192}), "frame_size");
  EXPECT_EQ(refused_member({.reserve = 2048}), "frame_size");
  EXPECT_EQ(refused_member({.block_timeout = 0ms}), "block_timeout");
}

TEST_F(packet_ring, says_how_much_memory_it_wanted) {
  socket s = open_in(near_);
  try {
    const receive_ring ring(s, {.block_size = 1 << 30, .block_count = 1000});
    FAIL() << "a terabyte was asked for";
  } catch (const socket_error& error) {
    EXPECT_EQ(error.code().value(), ENOMEM);
    EXPECT_NE(error.operation().find("1000 blocks of 1048576 KiB"), std::string::npos);
  }
  const receive_ring ring(s, small);
  EXPECT_THROW(receive_ring(s, small), socket_error) << "a socket has one ring";
}

TEST_F(packet_ring, gives_every_frame_in_order) {
  tap t(near_, "v0");
  send_numbered(0, 2000);
  t.finish();
  EXPECT_EQ(t.read(), 2000U);
  EXPECT_EQ(t.last(), 1999);
  const ring_statistics totals = t.ring().statistics();
  EXPECT_EQ(totals.accepted, 2000U);
  EXPECT_EQ(totals.dropped, 0U);
  EXPECT_TRUE(t.losses().empty());
}

TEST_F(packet_ring, wakes_its_reader_for_a_lone_frame) {
  tap t(far_, "v1");
  send_numbered(1, 1);
  ASSERT_EQ(t.ring().wait(soon()), ring_event::block);
  auto block = t.ring().next();
  ASSERT_TRUE(block);
  t.take(*block);
  EXPECT_EQ(t.read(), 1U);
}

// As measured elsewhere: 20,000 frames and no reader.
TEST_F(packet_ring, counts_exactly_what_it_had_no_room_for) {
  tap t(near_, "v0");
  send_numbered(0, 20'000);
  t.finish();
  const ring_statistics totals = t.ring().statistics();
  EXPECT_EQ(totals.accepted, 20'000U);
  EXPECT_EQ(totals.read, t.read());
  EXPECT_EQ(totals.read + totals.dropped, 20'000U);
  EXPECT_GT(t.read(), 2'000U);
  EXPECT_LT(t.read(), 5'000U);
  EXPECT_EQ(t.last(), static_cast<std::int64_t>(t.read()) - 1) << "the first ones were kept";
}

TEST_F(packet_ring, says_where_frames_were_lost) {
  tap t(near_, "v0");
  std::uint32_t sent = 0;
  for (int round = 0; round < 3; ++round) {
    send_numbered(sent, 6'000);  // more than it holds
    sent += 6'000;
    // The reader takes what is there, with the loss still to come to light.
    while (auto block = t.ring().next()) t.take(*block);
    send_numbered(sent, 500);
    sent += 500;
    while (auto block = t.ring().next()) t.take(*block);
  }
  t.finish();
  const ring_statistics totals = t.ring().statistics();
  EXPECT_EQ(totals.accepted, sent);
  EXPECT_EQ(totals.read + totals.dropped, sent);
  ASSERT_EQ(t.losses().size(), 3U);
  std::uint64_t placed = 0;
  for (const auto& [loss, from, to] : t.losses()) {
    EXPECT_EQ(loss.gaps, 1U);
    EXPECT_EQ(loss.frames, static_cast<std::uint64_t>(to - from))
        << "between " << from << " and " << to;
    placed += loss.frames;
  }
  EXPECT_EQ(placed, totals.dropped);
}

// A reader too slow for the sender: the ring fills again while it reads. However the losses fall,
// each is at its place or said to be in several, and the total is exact.
TEST_F(packet_ring, keeps_the_total_exact_when_losses_follow_each_other) {
  tap t(near_, "v0", {.block_size = 1 << 14, .block_count = 4, .block_timeout = 5ms});
  std::uint32_t sent = 0;
  for (int round = 0; round < 300; ++round) {
    send_numbered(sent, 150);
    sent += 150;
    if (auto block = t.ring().next()) t.take(*block);
  }
  t.finish();
  const ring_statistics totals = t.ring().statistics();
  EXPECT_EQ(totals.accepted, sent);
  EXPECT_EQ(totals.read, t.read());
  EXPECT_EQ(totals.read + totals.dropped, sent);
  EXPECT_GT(t.losses().size(), 2U);
  std::uint64_t placed = 0;
  for (const auto& [loss, from, to] : t.losses()) {
    if (loss.gaps == 1) {
      EXPECT_EQ(loss.frames, static_cast<std::uint64_t>(to - from)) << "at " << from;
    }
    EXPECT_GT(to, from) << "some were lost right here";
    placed += loss.frames;
  }
  // What was lost behind the last block has no frame to stand before.
  EXPECT_LE(placed, totals.dropped);
  EXPECT_GE(placed + (sent - 1 - static_cast<std::uint64_t>(t.last())), totals.dropped);
}

TEST_F(packet_ring, hands_out_several_blocks_at_once_and_none_twice) {
  tap t(near_, "v0");
  send_numbered(0, 6'000);
  std::vector<block_lease> leases;
  std::set<std::uint64_t> sequences;
  while (auto block = t.ring().next()) {
    EXPECT_TRUE(sequences.insert(block->sequence()).second);
    leases.push_back(std::move(*block));
  }
  EXPECT_EQ(leases.size(), small.block_count);
  EXPECT_FALSE(t.ring().next()) << "all are leased";
  for (block_lease& lease : leases) {
    t.take(lease);
    lease.give_back();
    lease.give_back();
  }
  send_numbered(10'000, 1);
  t.finish();
  EXPECT_EQ(t.last(), 10'000);
}

TEST_F(packet_ring, keeps_what_it_has_when_the_link_goes_down_and_goes_on_when_it_is_up) {
  tap t(near_, "v0");
  send_numbered(0, 10);
  near_.run({"ip", "link", "set", "v0", "down"});
  EXPECT_EQ(t.take_until_other_event(), ring_event::down);
  near_.run({"ip", "link", "set", "v0", "up"});
  // Frames of the kernel's own may come before the ring hears of it.
  EXPECT_EQ(t.take_until_other_event(), ring_event::up);
  lab::wait_until_running({near_, "v0"});
  send_numbered(10, 10);
  t.finish();
  EXPECT_EQ(t.read(), 20U);
}

TEST_F(packet_ring, keeps_what_it_has_when_the_interface_is_deleted) {
  tap t(near_, "v0");
  send_numbered(0, 10);
  near_.run({"ip", "link", "del", "v0"});
  ring_event event = ring_event::nothing;
  std::set<ring_event> seen;
  while ((event = t.ring().wait(soon())) != ring_event::removed) {
    ASSERT_NE(event, ring_event::nothing);
    while (auto block = t.ring().next()) t.take(*block);
  }
  t.finish();
  EXPECT_EQ(t.read(), 10U);
  EXPECT_EQ(t.ring().statistics().accepted, 10U);
}

// The kernel does not wake a socket for this.
TEST_F(packet_ring, sees_that_an_interface_goes_which_is_down_already) {
  tap t(near_, "v0");
  near_.run({"ip", "link", "set", "v0", "down"});
  EXPECT_EQ(t.ring().wait(soon()), ring_event::down);
  EXPECT_EQ(t.ring().wait(deadline::after(10ms)), ring_event::nothing);
  near_.run({"ip", "link", "del", "v0"});
  EXPECT_EQ(t.ring().wait(soon()), ring_event::removed);
}

TEST_F(packet_ring, stops_though_its_filter_is_locked) {
  tap t(near_, "v0", small, true);
  send_numbered(0, 10);
  t.ring().stop();
  send_numbered(10, 10);
  t.finish();
  EXPECT_EQ(t.read(), 10U);
  EXPECT_EQ(t.ring().statistics().accepted, 10U);
}

TEST_F(packet_ring, puts_the_vlan_tag_back) {
  tap t(far_, "v1");
  std::string tagged = numbered_frame(1);
  tagged.insert(12, std::string("\x88\xa8\x00\x64", 4));
  socket sender = open_in(near_);
  sender.bind(address("v0", 0));
  sender.send(bytes_of(tagged));
  ASSERT_EQ(t.ring().wait(soon()), ring_event::block);
  auto block = t.ring().next();
  ASSERT_TRUE(block);
  const frame* f = block->frames().next();
  ASSERT_NE(f, nullptr);
  EXPECT_EQ(f->vlan, (vlan_tag{ETH_P_8021AD, 100}));
  EXPECT_EQ(text_of(f->data), tagged);
  EXPECT_EQ(f->wire_size, tagged.size());
}

}  // namespace
}  // namespace trivet::packet
