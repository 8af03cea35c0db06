// The options of level SOL_TIPC: what a new socket has, and what it has after a set.
#include <gtest/gtest.h>

#include "tests/tipc/testing.h"
#include "trivet/tipc/option.h"
#include "trivet/tipc/socket.h"

namespace trivet::tipc {
namespace {

using namespace std::chrono_literals;
using testing::errno_of;
using testing::error_of;
using testing::soon;

using tipc_option = testing::namespace_test;

TEST_F(tipc_option, conn_timeout_is_8_s_and_takes_4_to_65535_ms) {
  socket socket(SOCK_STREAM);
  EXPECT_EQ(socket.get<option::conn_timeout>().value(), 8000ms);
  socket.set(option::conn_timeout{500ms});
  EXPECT_EQ(socket.get<option::conn_timeout>().value(), 500ms);
  socket.set(option::conn_timeout{connect_timeout::least});
  EXPECT_EQ(socket.get<option::conn_timeout>().value(), 4ms);
  socket.set(option::conn_timeout{connect_timeout::most});
  EXPECT_EQ(socket.get<option::conn_timeout>().value(), 65535ms);
  // 3 would make some kernels divide by zero; 65536 would become 0.
  EXPECT_EQ(error_of([&] { socket.set(option::conn_timeout{3ms}); }),
            "connect timeout of 3 ms: Invalid argument (4 to 65535 ms: less can crash the kernel, "
            "and of more it keeps only 16 bits)");
  EXPECT_EQ(errno_of([&] { socket.set(option::conn_timeout{65536ms}); }), EINVAL);
  EXPECT_EQ(errno_of([&] { socket.set(option::conn_timeout{-1ms}); }), EINVAL);
  EXPECT_EQ(socket.get<option::conn_timeout>().value(), 65535ms);
}

TEST_F(tipc_option, dest_droppable_is_on_for_the_connectionless_types) {
  for (const auto& [type, on] : {std::pair(SOCK_STREAM, false), std::pair(SOCK_SEQPACKET, false),
                                 std::pair(SOCK_RDM, true), std::pair(SOCK_DGRAM, true)}) {
    socket socket(type);
    EXPECT_EQ(socket.get<option::dest_droppable>(), on) << type;
    socket.set(option::dest_droppable{!on});
    EXPECT_EQ(socket.get<option::dest_droppable>(), !on) << type;
  }
}

TEST_F(tipc_option, src_droppable_is_on_for_dgram_alone) {
  for (const auto& [type, on] : {std::pair(SOCK_SEQPACKET, false), std::pair(SOCK_RDM, false),
                                 std::pair(SOCK_DGRAM, true)}) {
    socket socket(type);
    EXPECT_EQ(socket.get<option::src_droppable>(), on) << type;
    socket.set(option::src_droppable{!on});
    EXPECT_EQ(socket.get<option::src_droppable>(), !on) << type;
  }
  socket stream(SOCK_STREAM);
  EXPECT_FALSE(stream.get<option::src_droppable>());
  EXPECT_EQ(errno_of([&] { stream.set(option::src_droppable{true}); }), ENOPROTOOPT);
}

TEST_F(tipc_option, importance_is_low_and_has_four_steps) {
  socket socket(SOCK_RDM);
  EXPECT_EQ(socket.get<option::importance>(), importance::low);
  for (const auto step : {importance::medium, importance::high, importance::critical}) {
    socket.set(option::importance{step});
    EXPECT_EQ(socket.get<option::importance>(), step);
  }
  EXPECT_EQ(errno_of([&] { socket.set(option::importance{tipc::importance(4)}); }), EINVAL);
}

TEST_F(tipc_option, nodelay_is_set_on_a_stream) {
  auto [a, b] = socket::pair(SOCK_STREAM);
  a.set(option::nodelay{true});
  a.set(option::nodelay{false});
  static_assert(!gettable_option<option::nodelay>);
}

TEST_F(tipc_option, multicast_can_be_told_how_to_travel) {
  socket socket(SOCK_RDM);
  socket.set(option::mcast_broadcast{});
  socket.set(option::mcast_replicast{});
  static_assert(!gettable_option<option::mcast_broadcast>);
  static_assert(!gettable_option<option::mcast_replicast>);
}

TEST_F(tipc_option, the_receive_queue_tells_its_depth_and_its_memory) {
  auto [a, b] = socket::pair(SOCK_RDM);
  EXPECT_EQ(b.get<option::sock_recvq_depth>(), 0U);
  EXPECT_EQ(b.get<option::sock_recvq_used>(), 0U);
  a.send(bytes_of("one"));
  a.send(bytes_of("two"));
  EXPECT_EQ(b.get<option::sock_recvq_depth>(), 2U);
  EXPECT_GT(b.get<option::sock_recvq_used>(), 6U);
  b.receive_message(soon());
  EXPECT_EQ(b.get<option::sock_recvq_depth>(), 1U);
  EXPECT_EQ(b.get<option::node_recvq_depth>(), 0U) << "obsolete";
}

TEST_F(tipc_option, a_group_is_joined_once_and_left_once) {
  socket socket(SOCK_RDM);
  EXPECT_EQ(socket.get<option::group_joined>(), 0U);
  socket.join({.type = 4711, .instance = 7});
  EXPECT_EQ(socket.get<option::group_joined>(), 4711U);
  EXPECT_EQ(errno_of([&] { socket.join({.type = 4712}); }), EACCES);
  socket.leave();
  EXPECT_EQ(socket.get<option::group_joined>(), 0U);
  EXPECT_EQ(errno_of([&] { socket.leave(); }), EINVAL);
}

TEST_F(tipc_option, a_groups_type_is_a_users_type) {
  socket socket(SOCK_RDM);
  EXPECT_EQ(errno_of([&] { socket.join({.type = 63}); }), EACCES);
}

}  // namespace
}  // namespace trivet::tipc
