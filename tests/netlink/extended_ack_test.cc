#include "trivet/netlink/extended_ack.h"

#include <gtest/gtest.h>

#include <cerrno>

#include "tests/netlink/captures.h"
#include "trivet/netlink/error.h"

namespace trivet::netlink {
namespace {

using trivet::testing::capture;
using trivet::testing::captured_kernels;
using trivet::testing::messages_of;

// NLMSG_ERROR for a request of `request_size` bytes, which is echoed unless it is capped.
std::vector<std::byte> error_message(int error, unsigned flags, std::uint32_t request_size,
                                     std::size_t echoed) {
  message_builder out(NLMSG_ERROR, flags);
  ::nlmsgerr raw{};
  raw.error = error;
  raw.msg.nlmsg_len = request_size;
  out.structure(raw);
  const std::vector<std::byte> echo(echoed, std::byte{0xee});
  out.attributes().plain(echo);
  out.attributes().text(NLMSGERR_ATTR_MSG, "no such thing");
  out.attributes().value(NLMSGERR_ATTR_OFFS, std::uint32_t{36});
  return trivet::testing::bytes_of_message(out);
}

acknowledgement decode(const std::vector<std::byte>& bytes) {
  const auto list = messages_of(bytes);
  EXPECT_EQ(list.size(), 1U);
  const auto result = acknowledgement::decode(list.at(0));
  EXPECT_TRUE(result);
  return result.value_or(acknowledgement{});
}

TEST(acknowledgement, of_real_kernels) {
  for (const std::string_view kernel : captured_kernels) {
    const auto got = decode(capture(kernel, "error"));
    EXPECT_EQ(got.error, std::errc::network_unreachable) << kernel;
    EXPECT_EQ(got.extended.message, "Nexthop has invalid gateway") << kernel;
    EXPECT_EQ(got.request.nlmsg_len, 44U);
  }
}

TEST(acknowledgement, finds_the_attributes_behind_the_echo_and_without_it) {
  for (const bool capped : {false, true}) {
    const unsigned flags = NLM_F_ACK_TLVS | (capped ? NLM_F_CAPPED : 0U);
    const auto got = decode(error_message(-EINVAL, flags, 16 + 10, capped ? 0 : 10));
    EXPECT_EQ(got.error, std::errc::invalid_argument);
    EXPECT_EQ(got.extended.message, "no such thing") << capped;
    EXPECT_EQ(got.extended.offset, 36U) << capped;
  }
}

TEST(acknowledgement, reads_no_attributes_without_the_flag) {
  const auto got = decode(error_message(-EINVAL, NLM_F_CAPPED, 16, 0));
  EXPECT_EQ(got.extended, extended_ack());
}

TEST(acknowledgement, without_an_error_is_a_warning) {
  const auto got = decode(error_message(0, NLM_F_ACK_TLVS | NLM_F_CAPPED, 16, 0));
  EXPECT_FALSE(got.error);
  EXPECT_EQ(got.extended.message, "no such thing");
}

TEST(acknowledgement, does_not_trust_the_echoed_length) {
  for (const std::uint32_t size : {0U, 15U, 1000U, 0xffffffffU}) {
    const auto got = decode(error_message(-EINVAL, NLM_F_ACK_TLVS, size, 0));
    EXPECT_EQ(got.error, std::errc::invalid_argument);
    EXPECT_TRUE(got.extended.message.empty()) << size;
  }
}

TEST(acknowledgement, is_none_when_it_is_cut) {
  message_builder out(NLMSG_ERROR, 0);
  out.structure(int{-EINVAL});
  const auto bytes = trivet::testing::bytes_of_message(out);
  EXPECT_FALSE(acknowledgement::decode(messages_of(bytes).at(0)));
}

TEST(acknowledgement, makes_no_errno_of_what_is_none) {
  EXPECT_EQ(decode(error_message(7, 0, 16, 0)).error, std::errc::protocol_error);
  EXPECT_EQ(decode(error_message(-5000, 0, 16, 0)).error, std::errc::protocol_error);
}

TEST(dump_done, may_be_empty_or_carry_an_error_with_its_text) {
  message_builder empty(NLMSG_DONE, 0);
  auto bytes = trivet::testing::bytes_of_message(empty);
  EXPECT_FALSE(dump_done::decode(messages_of(bytes).at(0)).error);

  message_builder failed(NLMSG_DONE, NLM_F_ACK_TLVS);
  failed.structure(int{-EINVAL}).attributes().text(NLMSGERR_ATTR_MSG, "no");
  bytes = trivet::testing::bytes_of_message(failed);
  const auto got = dump_done::decode(messages_of(bytes).at(0));
  EXPECT_EQ(got.error, std::errc::invalid_argument);
  EXPECT_EQ(got.extended.message, "no");

  message_builder unflagged(NLMSG_DONE, 0);
  unflagged.structure(int{0}).attributes().text(NLMSGERR_ATTR_MSG, "no");
  bytes = trivet::testing::bytes_of_message(unflagged);
  EXPECT_EQ(dump_done::decode(messages_of(bytes).at(0)).extended, extended_ack());
}

TEST(netlink_error, says_what_the_kernel_says) {
  extended_ack extended;
  extended.message = "Nexthop has invalid gateway";
  const error refused(errno_code(EINVAL), "RTM_NEWROUTE", extended);
  EXPECT_STREQ(refused.what(), "RTM_NEWROUTE: Nexthop has invalid gateway: Invalid argument");
  EXPECT_EQ(refused.extended(), extended);
}

}  // namespace
}  // namespace trivet::netlink
