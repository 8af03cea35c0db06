// Subscriptions and events of the topology service as bytes. Pure; topology_kernel_test asks a
// server.
#include "trivet/tipc/topology.h"

#include <gtest/gtest.h>
#include <linux/tipc.h>

#include <bit>
#include <cstring>

#include "trivet/base/error.h"
#include "trivet/tipc/names.h"

namespace trivet::tipc {
namespace {

using namespace std::chrono_literals;

std::string wrong_field(const subscription& wanted) {
  try {
    (void)encode_subscription(wanted);
  } catch (const address_error& error) {
    return error.field();
  }
  return "accepted";
}

::tipc_event raw_event(const subscription& wanted) {
  ::tipc_event raw{};
  raw.event = TIPC_PUBLISHED;
  const auto bytes = encode_subscription(wanted);
  std::memcpy(&raw.s, bytes.data(), bytes.size());
  return raw;
}

std::optional<topology_event> decode(const ::tipc_event& raw) {
  return decode_topology_event(std::as_bytes(std::span<const ::tipc_event, 1>(&raw, 1)));
}

TEST(tipc_subscription, becomes_the_kernels_struct) {
  const subscription wanted{.range = {4711, 1, 9},
                            .filter = topology_filter::services,
                            .timeout = 250ms,
                            .handle = 0x1122334455667788};
  const auto raw = std::bit_cast<::tipc_subscr>(encode_subscription(wanted));
  EXPECT_EQ(raw.seq.type, 4711U);
  EXPECT_EQ(raw.seq.lower, 1U);
  EXPECT_EQ(raw.seq.upper, 9U);
  EXPECT_EQ(raw.timeout, 250U);
  EXPECT_EQ(raw.filter, static_cast<std::uint32_t>(TIPC_SUB_SERVICE));
  std::uint64_t handle = 0;
  std::memcpy(&handle, raw.usr_handle, sizeof handle);
  EXPECT_EQ(handle, wanted.handle);
}

TEST(tipc_subscription, without_a_timeout_lasts_for_ever) {
  const auto raw = std::bit_cast<::tipc_subscr>(encode_subscription({.range = {100, 0, 0}}));
  EXPECT_EQ(raw.timeout, 0xffffffffU);
  EXPECT_EQ(raw.filter, static_cast<std::uint32_t>(TIPC_SUB_PORTS));
}

TEST(tipc_subscription, is_cancelled_by_the_same_bytes_and_one_bit) {
  const subscription wanted{.range = {4711, 1, 9}, .timeout = 250ms, .handle = 7};
  auto raw = std::bit_cast<::tipc_subscr>(encode_subscription(wanted, true));
  EXPECT_EQ(raw.filter, static_cast<std::uint32_t>(TIPC_SUB_PORTS | TIPC_SUB_CANCEL));
  raw.filter = TIPC_SUB_PORTS;
  EXPECT_EQ((std::bit_cast<std::array<std::byte, 28>>(raw)), encode_subscription(wanted));
}

TEST(tipc_subscription, names_the_field_that_the_server_would_not_take) {
  EXPECT_EQ(wrong_field({.range = {100, 2, 1}}), "upper");
  EXPECT_EQ(wrong_field({.range = {100, 1, 2}, .filter = topology_filter(3)}), "filter");
  EXPECT_EQ(wrong_field({.range = {100, 1, 2}, .filter = topology_filter(0)}), "filter");
  EXPECT_EQ(wrong_field({.range = {100, 1, 2}, .timeout = -1ms}), "timeout");
  EXPECT_EQ(wrong_field({.range = {100, 1, 2}, .timeout = 2147483648ms}), "timeout");
  EXPECT_EQ(wrong_field({.range = {100, 1, 2}, .timeout = 2147483647ms}), "accepted");
  EXPECT_EQ(wrong_field({.range = {100, 1, 2}, .timeout = 0ms}), "accepted");
}

TEST(tipc_topology_event, comes_from_48_bytes) {
  const subscription wanted{.range = {4711, 0, 100}, .timeout = 250ms, .handle = 99};
  auto raw = raw_event(wanted);
  raw.event = TIPC_WITHDRAWN;
  raw.found_lower = 50;
  raw.found_upper = 200;
  raw.port = {.ref = 5, .node = 6};
  const auto event = decode(raw);
  ASSERT_TRUE(event);
  EXPECT_EQ(event->change, topology_change::withdrawn);
  EXPECT_EQ(event->found, (service_range{4711, 50, 200}));
  EXPECT_EQ(event->socket, (socket_id{.node = 6, .ref = 5}));
  EXPECT_EQ(event->subscription, wanted);
}

TEST(tipc_topology_event, refuses_other_lengths_and_kinds) {
  auto raw = raw_event({.range = {4711, 0, 100}});
  const auto bytes = std::as_bytes(std::span<const ::tipc_event, 1>(&raw, 1));
  EXPECT_FALSE(decode_topology_event(bytes.first(47)));
  EXPECT_FALSE(decode_topology_event({}));
  raw.event = 0;
  EXPECT_FALSE(decode(raw));
  raw.event = 4;
  EXPECT_FALSE(decode(raw));
}

TEST(tipc_topology_event, tells_nodes_and_links) {
  auto raw = raw_event(node_states());
  raw.found_lower = raw.found_upper = 0x1001001;
  EXPECT_EQ(node_of(*decode(raw)), 0x1001001U);
  EXPECT_FALSE(link_of(*decode(raw)));

  raw = raw_event(link_states());
  raw.found_lower = raw.found_upper = 0x1001001;
  raw.port.ref = 0x00020001;
  EXPECT_EQ(link_of(*decode(raw)), (link_state{0x1001001, 1, 2}));
  EXPECT_FALSE(node_of(*decode(raw)));

  raw = raw_event({.range = {4711, 0, 0}});
  EXPECT_FALSE(link_of(*decode(raw)));
  EXPECT_FALSE(node_of(*decode(raw)));
}

TEST(tipc_topology_event, the_end_of_a_subscription_is_no_node) {
  auto raw = raw_event(node_states());
  raw.event = TIPC_SUBSCR_TIMEOUT;
  EXPECT_FALSE(node_of(*decode(raw)));
  raw = raw_event(link_states());
  raw.event = TIPC_SUBSCR_TIMEOUT;
  EXPECT_FALSE(link_of(*decode(raw)));
}

node_identity identity(std::string_view text) {
  node_identity result;
  std::memcpy(result.bytes.data(), text.data(), text.size());
  return result;
}

TEST(tipc_node_identity, is_text_or_hexadecimal) {
  EXPECT_EQ(identity("alpha").to_string(), "alpha");
  EXPECT_EQ(identity("sixteen-bytes-id").to_string(), "sixteen-bytes-id");
  EXPECT_EQ(identity("\x0a\xa7\x10\xbd\xf3\x92").to_string(), "0aa710bdf392");
  EXPECT_EQ(identity(std::string_view("\x02\x00\x10", 3)).to_string(), "020010");
  EXPECT_EQ(identity(std::string_view("a\0b", 3)).to_string(), "610062");
  EXPECT_EQ(identity("two words").to_string(), "74776f20776f726473");
  EXPECT_EQ(identity("").to_string(), "");
}

}  // namespace
}  // namespace trivet::tipc
