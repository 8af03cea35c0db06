// What a receive means, from bytes as the kernel lays them out. Pure; socket_test and group_test
// let a kernel make them.
#include "trivet/tipc/event.h"

#include <gtest/gtest.h>
#include <linux/tipc.h>

#include <cstring>
#include <string>

#include "trivet/base/error.h"

namespace trivet::tipc {
namespace {

template <class T>
const_bytes bytes_of_struct(const T& value) {
  return std::as_bytes(std::span<const T, 1>(&value, 1));
}

constexpr ::sockaddr_tipc sender{AF_TIPC, TIPC_SOCKET_ADDR, 0, {.id = {.ref = 22, .node = 11}}};

// A control buffer as the kernel would have filled it.
void fill(control_buffer& buffer, const control_writer& control, bool truncated = false) {
  std::memcpy(buffer.storage().data(), control.bytes().data(), control.bytes().size());
  buffer.filled(control.bytes().size(), truncated);
}

void append_error(control_writer& control, std::uint32_t code, std::string_view returned) {
  const std::uint32_t info[2] = {code, static_cast<std::uint32_t>(returned.size())};
  control.append(SOL_TIPC, TIPC_ERRINFO, bytes_of_struct(info));
  if (!returned.empty()) control.append(SOL_TIPC, TIPC_RETDATA, bytes_of(returned));
}

void append_destination(control_writer& control, const service_range& range) {
  control.append(SOL_TIPC, TIPC_DESTNAME,
                 bytes_of_struct(::tipc_service_range{range.type, range.lower, range.upper}));
}

TEST(tipc_control, decodes_each_kind) {
  const std::uint32_t info[2] = {4, 100};
  const auto error = control::errinfo::decode(bytes_of_struct(info));
  EXPECT_EQ(error->reason, reject_reason::overload);
  EXPECT_EQ(error->returned_size, 100U);
  const ::tipc_service_range range{4711, 1, 2};
  EXPECT_EQ(control::destname::decode(bytes_of_struct(range))->range, (service_range{4711, 1, 2}));
  EXPECT_EQ(text_of(control::retdata::decode(bytes_of("back"))->data), "back");
}

TEST(tipc_control, refuses_what_is_too_short) {
  const std::uint32_t words[3] = {};
  EXPECT_FALSE(control::errinfo::decode(bytes_of_struct(words).first(7)));
  EXPECT_FALSE(control::destname::decode(bytes_of_struct(words).first(11)));
}

TEST(tipc_control, names_the_reasons_as_the_kernels_header_does) {
  EXPECT_EQ(reason_name(reject_reason::none), "TIPC_OK");
  EXPECT_EQ(reason_name(reject_reason::no_name), "TIPC_ERR_NO_NAME");
  EXPECT_EQ(reason_name(reject_reason::no_port), "TIPC_ERR_NO_PORT");
  EXPECT_EQ(reason_name(reject_reason::no_node), "TIPC_ERR_NO_NODE");
  EXPECT_EQ(reason_name(reject_reason::overload), "TIPC_ERR_OVERLOAD");
  EXPECT_EQ(reason_name(reject_reason::connection_shutdown), "TIPC_CONN_SHUTDOWN");
  EXPECT_EQ(reason_name(reject_reason(77)), "77");
}

TEST(tipc_event, a_message_has_data_sender_and_destination) {
  control_buffer control;
  control_writer out;
  append_destination(out, {4711, 7, 7});
  fill(control, out);
  const auto got =
      interpret(false, {5, 5, 0}, bytes_of("hello world"), bytes_of_struct(sender), control);
  const auto& message = std::get<delivery>(got);
  EXPECT_EQ(text_of(message.data), "hello");
  EXPECT_EQ(message.from, (socket_id{11, 22}));
  EXPECT_EQ(message.destination, (service_range{4711, 7, 7}));
  EXPECT_FALSE(message.member);
  EXPECT_FALSE(message.truncated());
}

TEST(tipc_event, a_truncated_message_says_so) {
  const control_buffer none{};
  const auto got =
      interpret(false, {5, 5, MSG_TRUNC}, bytes_of("hello"), bytes_of_struct(sender), none);
  EXPECT_TRUE(std::get<delivery>(got).truncated());
}

TEST(tipc_event, a_groups_message_names_the_member) {
  const control_buffer none{};
  const ::sockaddr_tipc pair[2] = {
      sender, {AF_TIPC, TIPC_SERVICE_ADDR, 0, {.name = {.name = {4711, 3}, .domain = 0}}}};
  const auto got = interpret(false, {2, 2, 0}, bytes_of("hi"), bytes_of_struct(pair), none);
  EXPECT_EQ(std::get<delivery>(got).member, (service{4711, 3}));
}

TEST(tipc_event, a_rejected_message_comes_back_with_its_reason) {
  control_buffer control;
  control_writer out;
  append_error(out, TIPC_ERR_NO_PORT, "lost");
  append_destination(out, {4711, 7, 7});
  fill(control, out);
  const auto got = interpret(false, {0, 0, 0}, bytes_of("????"), bytes_of_struct(sender), control);
  const auto& back = std::get<rejection>(got);
  EXPECT_EQ(back.reason, reject_reason::no_port);
  EXPECT_EQ(text_of(back.returned), "lost");
  EXPECT_EQ(back.from, (socket_id{11, 22}));
  EXPECT_EQ(back.destination, (service_range{4711, 7, 7}));
  EXPECT_FALSE(back.may_be_cut());
}

TEST(tipc_event, returned_data_of_1024_bytes_may_be_cut) {
  control_buffer control;
  control_writer out;
  const std::string full(1024, 'x');
  append_error(out, TIPC_ERR_OVERLOAD, full);
  fill(control, out);
  const auto got = interpret(false, {0, 0, 0}, {}, bytes_of_struct(sender), control);
  EXPECT_EQ(text_of(std::get<rejection>(got).returned), full);
  EXPECT_TRUE(std::get<rejection>(got).may_be_cut());
}

TEST(tipc_event, a_connections_end_tells_whether_it_was_meant) {
  for (const auto& [code, orderly] :
       {std::pair(TIPC_CONN_SHUTDOWN, true), std::pair(TIPC_ERR_NO_PORT, true),
        std::pair(TIPC_ERR_NO_NODE, false), std::pair(TIPC_ERR_OVERLOAD, false)}) {
    control_buffer control;
    control_writer out;
    append_error(out, static_cast<std::uint32_t>(code), "unread");
    fill(control, out);
    const auto got = interpret(true, {0, 0, 0}, {}, bytes_of_struct(sender), control);
    const auto& end = std::get<disconnection>(got);
    EXPECT_EQ(end.reason, reject_reason(code));
    EXPECT_EQ(end.orderly(), orderly) << code;
    EXPECT_EQ(text_of(end.returned), "unread");
    EXPECT_EQ(end.peer, (socket_id{11, 22}));
  }
}

TEST(tipc_event, nothing_received_is_never_a_message) {
  // The control message is missing where there was no room for it.
  const control_buffer none{};
  const auto alone = interpret(false, {0, 0, MSG_CTRUNC}, {}, {}, none);
  EXPECT_EQ(std::get<rejection>(alone).reason, reject_reason::none);
  const auto connected = interpret(true, {0, 0, MSG_CTRUNC}, {}, {}, none);
  EXPECT_EQ(std::get<disconnection>(connected).reason, reject_reason::none);
}

TEST(tipc_event, members_join_and_leave) {
  const control_buffer none{};
  const ::sockaddr_tipc pair[2] = {
      sender, {AF_TIPC, TIPC_SERVICE_ADDR, 0, {.name = {.name = {4711, 3}, .domain = 0}}}};
  const auto join = interpret(false, {0, 0, MSG_OOB}, {}, bytes_of_struct(pair), none);
  EXPECT_TRUE(std::get<member_event>(join).joined);
  EXPECT_EQ(std::get<member_event>(join).socket, (socket_id{11, 22}));
  EXPECT_EQ(std::get<member_event>(join).member, (service{4711, 3}));
  const auto leave = interpret(false, {0, 0, MSG_OOB | MSG_EOR}, {}, bytes_of_struct(pair), none);
  EXPECT_FALSE(std::get<member_event>(leave).joined);
}

TEST(tipc_event, a_broken_name_or_control_message_is_left_out) {
  control_buffer control;
  control_writer out;
  out.append(SOL_TIPC, TIPC_DESTNAME, bytes_of("short"));
  fill(control, out);
  const auto got =
      interpret(false, {1, 1, 0}, bytes_of("x"), bytes_of_struct(sender).first(9), control);
  EXPECT_EQ(std::get<delivery>(got).from, socket_id());
  EXPECT_FALSE(std::get<delivery>(got).destination);
}

TEST(tipc_event, a_buffer_has_room) { EXPECT_THROW(event_buffer(0), socket_error); }

}  // namespace
}  // namespace trivet::tipc
