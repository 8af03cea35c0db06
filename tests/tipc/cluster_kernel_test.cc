// Several nodes in one kernel: names across them, scopes, lookup domains, and nodes that go.
#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/lab/tipc_cluster.h"
#include "tests/tipc/testing.h"
#include "trivet/tipc/names.h"
#include "trivet/tipc/option.h"
#include "trivet/tipc/socket.h"
#include "trivet/tipc/topology.h"

namespace trivet::tipc {
namespace {

using namespace std::chrono_literals;
using testing::connect_to;
using testing::errno_of;
using testing::is_quiet;
using testing::next_text;
using testing::receive_as;
using testing::soon;

constexpr std::uint32_t type = 8000;

// One cluster for all tests, as it takes seconds to come up: each test has instances of its own and
// mends what it cuts.
class tipc_nodes : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { cluster_.emplace(3, 300ms); }
  static void TearDownTestSuite() {
    for (std::size_t node = 1; node <= 3; ++node) cluster_->node(node).in(testing::settle);
    cluster_.reset();
  }

  [[nodiscard]] static socket socket_on(std::size_t node, int kind = SOCK_RDM) {
    return cluster_->node(node).in([=] { return socket(kind); });
  }
  [[nodiscard]] static topology topology_on(std::size_t node) {
    return cluster_->node(node).in([] { return topology(); });
  }
  [[nodiscard]] static std::uint32_t number_of(std::size_t node) {
    return socket_on(node).local_address().as_socket()->node;
  }

  // A socket of one node that another one has heard of: bind returns before the others know.
  [[nodiscard]] static socket bound_on(std::size_t node, const service& local, std::size_t heard_on,
                                       int kind = SOCK_RDM) {
    auto watch = topology_on(heard_on);
    watch.subscribe({.range = {local.type, local.instance, local.instance}});
    auto result = socket_on(node, kind);
    result.bind(local);
    const auto me = result.local_address().as_socket();
    while (watch.receive(soon()).socket != me) continue;
    return result;
  }

  static inline std::optional<lab::tipc_cluster> cluster_;
};

TEST_F(tipc_nodes, have_numbers_of_their_own) {
  EXPECT_EQ((std::set{number_of(1), number_of(2), number_of(3)}).size(), 3U);
}

TEST_F(tipc_nodes, exchange_messages_of_every_type) {
  for (const int kind : {SOCK_RDM, SOCK_DGRAM}) {
    const service name{type, static_cast<std::uint32_t>(kind)};
    auto server = bound_on(2, name, 1, kind);
    auto client = socket_on(1, kind);
    client.send_to(bytes_of("question"), name);
    const auto question = server.receive_message(soon());
    EXPECT_EQ(text_of(question.data), "question");
    EXPECT_EQ(question.from, client.local_address());
    server.send_to(bytes_of("answer"), question.from);
    EXPECT_EQ(next_text(client), "answer");
  }
  for (const int kind : {SOCK_STREAM, SOCK_SEQPACKET}) {
    const service name{type, static_cast<std::uint32_t>(kind)};
    auto listener = bound_on(2, name, 1, kind);
    listener.listen();
    auto client = socket_on(1, kind);
    client.set_blocking(false);
    std::error_code ec;
    client.connect(name, ec);
    ASSERT_EQ(ec.value(), EINPROGRESS);
    auto [server, from] = listener.accept(soon());
    EXPECT_EQ(from, client.local_address());
    client.set_blocking(true);
    client.send(bytes_of("question"));
    EXPECT_EQ(next_text(server), "question");
    server.send(bytes_of("answer"));
    EXPECT_EQ(next_text(client), "answer");
  }
}

TEST_F(tipc_nodes, a_multicast_reaches_every_node) {
  const service name{type, 20};
  auto one = bound_on(1, name, 3);
  auto two = bound_on(2, name, 3);
  auto client = socket_on(3);
  client.send_to(bytes_of("everywhere"), service_range{type, 0, 99});
  EXPECT_EQ(next_text(one), "everywhere");
  EXPECT_EQ(next_text(two), "everywhere");
}

TEST_F(tipc_nodes, node_scope_stays_on_its_node) {
  auto watch = topology_on(1);
  watch.subscribe({.range = {type, 30, 31}});
  auto server = socket_on(2);
  server.bind(address(service{type, 30}, scope::node));
  server.bind(service{type, 31});
  EXPECT_EQ(watch.receive(soon()).found.lower, 31U) << "the one of cluster scope alone";
  auto near = socket_on(2);
  near.send_to(bytes_of("near"), service{type, 30});
  EXPECT_EQ(next_text(server), "near");
  auto far = socket_on(1);
  EXPECT_EQ(errno_of([&] { far.send_to(bytes_of("far"), service{type, 30}); }), EHOSTUNREACH);
}

TEST_F(tipc_nodes, the_lookup_domain_chooses_the_node) {
  const std::uint32_t instance = 40;
  auto on_two = bound_on(2, service{type, instance}, 1);
  auto on_three = bound_on(3, service{type, instance}, 1);
  auto client = socket_on(1);
  for (int i = 0; i < 4; ++i) {
    client.send_to(bytes_of("two"), service{type, instance, number_of(2)});
    EXPECT_EQ(next_text(on_two), "two");
  }
  client.send_to(bytes_of("three"), service{type, instance, number_of(3)});
  EXPECT_EQ(next_text(on_three), "three");
  EXPECT_TRUE(is_quiet(on_two));
}

TEST_F(tipc_nodes, a_lookup_domain_without_the_service_rejects) {
  const auto here = bound_on(2, service{type, 41}, 1);
  auto client = socket_on(1);
  client.set(option::dest_droppable{false});
  client.send_to(bytes_of("astray"), service{type, 41, number_of(3)});
  event_buffer buffer;
  const auto back = receive_as<rejection>(client, buffer);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->reason, reject_reason::no_name);
  EXPECT_EQ(text_of(back->returned), "astray");
  EXPECT_EQ(back->destination, (service_range{type, 41, 41}));
  auto stream = socket_on(1, SOCK_STREAM);
  EXPECT_EQ(errno_of([&] {
              stream.connect(service{type, 41, number_of(3)}, soon());
            }),
            ECONNREFUSED);
}

TEST_F(tipc_nodes, a_connection_breaks_with_its_node) {
  auto listener = bound_on(3, service{type, 50}, 1, SOCK_STREAM);
  listener.listen();
  auto client = socket_on(1, SOCK_STREAM);
  client.set_blocking(false);
  std::error_code ec;
  client.connect(service{type, 50}, ec);
  const auto server = listener.accept(soon()).socket;
  cluster_->cut(3);
  event_buffer buffer;
  const auto end = receive_as<disconnection>(client, buffer);
  ASSERT_TRUE(end);
  EXPECT_EQ(end->reason, reject_reason::no_node);
  EXPECT_FALSE(end->orderly());
  cluster_->mend(3);
  for (std::size_t node = 1; node <= 3; ++node) cluster_->wait_for_links(node, 2);
}

TEST_F(tipc_nodes, groups_span_them) {
  auto one = socket_on(1);
  auto two = socket_on(2);
  one.join({.type = type, .instance = 1, .events = true});
  two.join({.type = type, .instance = 2, .events = true});
  event_buffer buffer;
  const auto joined = receive_as<member_event>(one, buffer);
  ASSERT_TRUE(joined);
  EXPECT_EQ(joined->socket, two.local_address().as_socket());
  EXPECT_EQ(joined->member, (service{type, 2}));
  one.send(bytes_of("hello"));
  ASSERT_TRUE(receive_as<member_event>(two, buffer));
  EXPECT_EQ(next_text(two), "hello");
}

// Everything that the topology server says until its initial state is complete.
std::vector<topology_event> initial_state(topology& from) {
  from.subscribe(initial_state_end(0xfe));
  std::vector<topology_event> events;
  while (true) {
    events.push_back(from.receive(soon()));
    if (events.back().subscription.handle == 0xfe) break;
  }
  events.pop_back();
  return events;
}

TEST_F(tipc_nodes, nodes_and_links_have_names) {
  auto watch = topology_on(1);
  watch.subscribe(node_states());
  watch.subscribe(link_states());
  std::set<std::string> nodes;
  std::set<std::string> links;
  for (const auto& event : initial_state(watch)) {
    if (const auto node = node_of(event)) {
      nodes.insert(find_node_identity(watch.native_handle(), *node)->to_string());
    }
    if (const auto link = link_of(event)) {
      links.insert(*find_link_name(watch.native_handle(), link->peer, link->local_bearer));
    }
  }
  EXPECT_EQ(nodes, (std::set<std::string>{"node1", "node2", "node3"}));
  EXPECT_EQ(links, (std::set<std::string>{"node1:eth0-node2:eth0", "node1:eth0-node3:eth0"}));
}

TEST_F(tipc_nodes, a_node_that_is_cut_off_goes_with_its_link_and_comes_back) {
  auto watch = topology_on(1);
  watch.subscribe(node_states());
  watch.subscribe(link_states());
  const std::uint32_t lost = number_of(3);
  (void)initial_state(watch);
  cluster_->cut(3);
  std::map<std::uint32_t, topology_change> seen;
  for (int i = 0; i < 2; ++i) {
    const auto event = watch.receive(soon());
    EXPECT_EQ(event.found.lower, lost);
    seen[event.subscription.range.type] = event.change;
    if (const auto link = link_of(event)) {
      EXPECT_EQ(link->peer, lost);
    }
  }
  EXPECT_EQ(seen[node_state_type], topology_change::withdrawn);
  EXPECT_EQ(seen[link_state_type], topology_change::withdrawn);
  EXPECT_EQ(find_node_identity(watch.native_handle(), lost)->to_string(), "node3");
  cluster_->mend(3);
  for (int i = 0; i < 2; ++i) {
    const auto event = watch.receive(soon());
    EXPECT_EQ(event.change, topology_change::published);
    EXPECT_EQ(event.found.lower, lost);
  }
  cluster_->wait_for_links(2, 2);
}

}  // namespace
}  // namespace trivet::tipc
