// The topology server of a kernel: what it reports, and what ends it.
#include <gtest/gtest.h>

#include <array>

#include "tests/lab/net_namespace.h"
#include "tests/tipc/testing.h"
#include "trivet/base/netns.h"
#include "trivet/tipc/names.h"
#include "trivet/tipc/socket.h"
#include "trivet/tipc/topology.h"

namespace trivet::tipc {
namespace {

using namespace std::chrono_literals;
using testing::errno_of;
using testing::soon;

using tipc_topology = testing::namespace_test;

constexpr std::uint32_t type = 7000;

bool is_quiet(topology& from) {
  // The server answers in order: the fence's event comes behind everything that it has to say.
  from.subscribe(initial_state_end(0xfe));
  const bool quiet = from.receive(soon()).subscription.handle == 0xfe;
  from.cancel(initial_state_end(0xfe));
  return quiet;
}

TEST_F(tipc_topology, reports_what_is_bound_and_what_is_not_any_more) {
  topology topology;
  const subscription wanted{.range = {type, 0, 10}, .handle = 42};
  topology.subscribe(wanted);
  socket socket(SOCK_RDM);
  socket.bind(service_range{type, 2, 20});
  const auto up = topology.receive(soon());
  EXPECT_EQ(up.change, topology_change::published);
  EXPECT_EQ(up.found, (service_range{type, 2, 20})) << "the whole range, as it was bound";
  EXPECT_EQ(up.socket, socket.local_address().as_socket());
  EXPECT_EQ(up.subscription, wanted);
  socket.unbind(service_range{type, 2, 20});
  const auto down = topology.receive(soon());
  EXPECT_EQ(down.change, topology_change::withdrawn);
  EXPECT_EQ(down.found, up.found);
  EXPECT_EQ(down.socket, up.socket);
}

TEST_F(tipc_topology, reports_what_was_bound_before) {
  socket socket(SOCK_RDM);
  socket.bind(service{type, 1});
  socket.bind(service{type, 2});
  topology topology;
  topology.subscribe({.range = {type, 0, 10}});
  topology.subscribe(initial_state_end(1));
  EXPECT_EQ(topology.receive(soon()).found, (service_range{type, 1, 1}));
  EXPECT_EQ(topology.receive(soon()).found, (service_range{type, 2, 2}));
  EXPECT_EQ(topology.receive(soon()).subscription.handle, 1U) << "the end of the initial state";
}

TEST_F(tipc_topology, reports_every_socket_or_the_first_and_the_last) {
  topology ports;
  ports.subscribe({.range = {type, 1, 1}, .filter = topology_filter::ports});
  topology services;
  services.subscribe({.range = {type, 1, 1}, .filter = topology_filter::services});
  {
    socket one(SOCK_RDM);
    socket two(SOCK_RDM);
    one.bind(service{type, 1});
    two.bind(service{type, 1});
    EXPECT_EQ(ports.receive(soon()).socket, one.local_address().as_socket());
    EXPECT_EQ(ports.receive(soon()).socket, two.local_address().as_socket());
    EXPECT_EQ(services.receive(soon()).socket, one.local_address().as_socket());
    EXPECT_TRUE(is_quiet(services));
  }
  EXPECT_EQ(ports.receive(soon()).change, topology_change::withdrawn);
  EXPECT_EQ(ports.receive(soon()).change, topology_change::withdrawn);
  EXPECT_EQ(services.receive(soon()).change, topology_change::withdrawn);
  EXPECT_TRUE(is_quiet(services));
}

TEST_F(tipc_topology, a_subscription_ends_when_it_times_out) {
  topology topology;
  const subscription wanted{.range = {type, 3, 4}, .timeout = 20ms, .handle = 9};
  topology.subscribe(wanted);
  const auto over = topology.receive(soon());
  EXPECT_EQ(over.change, topology_change::timed_out);
  EXPECT_EQ(over.subscription, wanted);
  EXPECT_EQ(over.found, wanted.range);
  socket socket(SOCK_RDM);
  socket.bind(service{type, 3});
  EXPECT_TRUE(is_quiet(topology));
}

TEST_F(tipc_topology, a_cancelled_subscription_is_silent_and_the_others_are_not) {
  topology topology;
  const subscription one{.range = {type, 0, 10}, .handle = 1};
  const subscription two{.range = {type, 0, 10}, .handle = 2};
  topology.subscribe(one);
  topology.subscribe(two);
  topology.cancel(one);
  socket socket(SOCK_RDM);
  ASSERT_TRUE(is_quiet(topology)) << "the cancel has been read";
  socket.bind(service{type, 1});
  EXPECT_EQ(topology.receive(soon()).subscription, two);
  EXPECT_TRUE(is_quiet(topology));
}

TEST_F(tipc_topology, cancelling_what_differs_in_the_handle_does_nothing) {
  topology topology;
  topology.subscribe({.range = {type, 0, 10}, .handle = 1});
  topology.cancel({.range = {type, 0, 10}, .handle = 2});
  ASSERT_TRUE(is_quiet(topology));
  socket socket(SOCK_RDM);
  socket.bind(service{type, 1});
  EXPECT_EQ(topology.receive(soon()).subscription.handle, 1U);
}

TEST_F(tipc_topology, a_bad_subscription_never_reaches_the_server) {
  topology topology;
  topology.subscribe({.range = {type, 0, 10}});
  EXPECT_THROW(topology.subscribe({.range = {type, 2, 1}}), address_error);
  EXPECT_THROW(topology.subscribe({.range = {type, 1, 2}, .filter = topology_filter(3)}),
               address_error);
  EXPECT_THROW(topology.subscribe({.range = {type, 1, 2}, .timeout = -1ms}), address_error);
  socket socket(SOCK_RDM);
  socket.bind(service{type, 1});
  EXPECT_EQ(topology.receive(soon()).change, topology_change::published) << "all is well";
}

TEST_F(tipc_topology, the_server_ends_the_connection_over_a_bad_subscription) {
  // What the checks are for: by a socket of our own, as they do not let it through.
  socket raw(SOCK_SEQPACKET);
  raw.connect(topology_server);
  auto bytes = encode_subscription({.range = {type, 0, 10}});
  raw.send(bytes);
  std::swap_ranges(bytes.begin() + 4, bytes.begin() + 8, bytes.begin() + 8);  // lower and upper
  raw.send(bytes);
  event_buffer buffer;
  const auto end = testing::receive_as<disconnection>(raw, buffer);
  ASSERT_TRUE(end);
  EXPECT_EQ(end->reason, reject_reason::connection_shutdown);
}

TEST_F(tipc_topology, waits_no_longer_than_it_is_told) {
  topology topology;
  EXPECT_THROW((void)topology.receive({.until = deadline::after(10ms)}), timed_out);
  topology.set_timeout(10ms);
  EXPECT_THROW((void)topology.receive(), timed_out);
  topology.set_blocking(false);
  EXPECT_THROW((void)topology.receive(), would_block);
}

TEST_F(tipc_topology, sees_one_network_namespace) {
  const lab::net_namespace elsewhere;
  {
    topology here;
    here.subscribe({.range = {type, 0, 10}});
    const auto space = network_namespace::by_path(elsewhere.path());
    auto there = space.run([] { return topology(); });
    there.subscribe({.range = {type, 0, 10}});
    auto socket = space.run([] { return tipc::socket(SOCK_RDM); });
    socket.bind(service{type, 1});
    EXPECT_EQ(there.receive(soon()).found, (service_range{type, 1, 1}));
    EXPECT_TRUE(is_quiet(here));
  }
  elsewhere.in(testing::settle);
}

TEST_F(tipc_topology, a_node_on_its_own_has_neither_an_identity_nor_links) {
  topology topology;
  topology.subscribe(node_states());
  topology.subscribe(link_states());
  EXPECT_TRUE(is_quiet(topology));
  EXPECT_FALSE(find_node_identity(topology.native_handle(), 0));
  EXPECT_FALSE(find_node_identity(topology.native_handle(), 12345));
  EXPECT_FALSE(find_link_name(topology.native_handle(), 12345, 0));
  EXPECT_FALSE(find_node_identity(-1, 0));
}

}  // namespace
}  // namespace trivet::tipc
