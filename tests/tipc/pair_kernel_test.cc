// Two kernels: messages that really travel, and the death of one as the other sees it. Both nodes
// run every test; what trivet socket exchanges between kernels is tested in tests/tools.
#include <gtest/gtest.h>
#include <signal.h>

#include <set>
#include <string>
#include <vector>

#include "tests/lab/command.h"
#include "tests/lab/pair.h"
#include "tests/tipc/testing.h"
#include "tests/tools/command.h"
#include "trivet/tipc/option.h"
#include "trivet/tipc/socket.h"
#include "trivet/tipc/topology.h"

namespace trivet::tipc {
namespace {

using testing::is_quiet;
using testing::next_text;
using testing::receive_as;
using testing::soon;
using trivet::testing::running_trivet;

constexpr std::uint32_t type = 30000;

class tipc_pair : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    lab::run({"tipc", "node", "set", "identity", lab::node() == 1 ? "one" : "two"});
    lab::run({"tipc", "bearer", "enable", "media", "eth", "device", lab::link_device()});
    topology watch;
    watch.subscribe(link_states());
    ASSERT_TRUE(link_of(watch.receive(soon())));
  }

  // Waits until a service of the other node is known here.
  static socket_id wait_for(const service& name) {
    topology watch;
    watch.subscribe({.range = {name.type, name.instance, name.instance}});
    return watch.receive(soon()).socket;
  }
};

TEST_F(tipc_pair, a_message_of_66000_bytes_crosses_in_fragments) {
  const service name{type, 1};
  std::vector<std::byte> data(address::max_message);
  for (std::size_t i = 0; i < data.size(); ++i) data[i] = static_cast<std::byte>(i % 251);
  socket socket(SOCK_RDM);
  if (lab::node() == 1) {
    socket.bind(name);
    const auto got = socket.receive_message(soon());
    EXPECT_EQ(got.data, data);
    socket.send_to(bytes_of("whole"), got.from);
    lab::barrier("crossed");
  } else {
    (void)wait_for(name);
    socket.send_to(data, name);
    EXPECT_EQ(next_text(socket), "whole");
    lab::barrier("crossed");
  }
}

TEST_F(tipc_pair, a_message_comes_back_from_the_other_kernel) {
  const service name{type, 2};
  if (lab::node() == 1) {
    socket server(SOCK_RDM);
    server.bind(name);
    lab::barrier("sent");
    server.close();
    lab::barrier("back");
  } else {
    const socket_id far = wait_for(name);
    socket client(SOCK_RDM);
    client.set(option::dest_droppable{false});
    client.send_to(bytes_of("unread"), name);
    lab::barrier("sent");
    event_buffer buffer;
    const auto back = receive_as<rejection>(client, buffer);
    ASSERT_TRUE(back);
    EXPECT_EQ(back->reason, reject_reason::no_port);
    EXPECT_EQ(text_of(back->returned), "unread");
    EXPECT_EQ(back->from, far);
    lab::barrier("back");
  }
}

TEST_F(tipc_pair, a_stream_carries_a_megabyte) {
  const service name{type, 3};
  constexpr std::size_t size = 1'000'000;
  if (lab::node() == 1) {
    socket listener(SOCK_STREAM);
    listener.listen();  // first, as whoever sees the binding may connect
    listener.bind(name);
    auto server = listener.accept(soon()).socket;
    std::size_t got = 0;
    event_buffer buffer;
    while (true) {
      const auto event = server.receive_event(buffer, soon());
      if (const auto* part = std::get_if<delivery>(&event)) {
        got += part->size;
        continue;
      }
      EXPECT_TRUE(std::get<disconnection>(event).orderly());
      break;
    }
    EXPECT_EQ(got, size);
  } else {
    (void)wait_for(name);
    socket client(SOCK_STREAM);
    client.connect(name, soon());
    client.send_all(std::vector<std::byte>(size), soon());
    client.shutdown();
  }
}

// The last one: node 2 does not outlive it.
TEST_F(tipc_pair, z_a_killed_kernel_is_seen_by_name) {
  const service name{type, 4};
  socket server(SOCK_RDM);
  if (lab::node() == 2) {
    server.bind(name);
    lab::barrier("watching");
    lab::barrier("never");  // node 1 kills this kernel
    return;
  }
  (void)wait_for(name);
  running_trivet watch({"tipc", "watch", "nodes", "links", std::to_string(type) + ":4"});
  std::set<std::string> present;
  for (int i = 0; i < 4; ++i) present.insert(watch.read_line().substr(0, 27));
  EXPECT_TRUE(present.contains("present    node     two  74")) << *present.begin();
  lab::barrier("watching");
  lab::kill_peer();
  std::string down;
  for (int i = 0; i < 3; ++i) down += watch.read_line() + "\n";
  EXPECT_NE(down.find("down       node     two  "), std::string::npos) << down;
  EXPECT_NE(down.find("down       link     one:vec0-two:vec0  to two\n"), std::string::npos)
      << down;
  EXPECT_NE(down.find("withdrawn  service  30000:4  at two, ref "), std::string::npos) << down;
  watch.signal(SIGINT);
  const auto end = watch.wait();
  EXPECT_EQ(end.status, 0);
  EXPECT_EQ(end.errors, "3 events; there now: 1 node, 0 links, 0 bindings\n");
}

}  // namespace
}  // namespace trivet::tipc
