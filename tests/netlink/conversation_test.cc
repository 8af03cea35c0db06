// Which message answers which: made-up captures.
#include "trivet/netlink/conversation.h"

#include <gtest/gtest.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#include <string>

#include "tests/netlink/captures.h"
#include "trivet/netlink/message.h"

namespace trivet::netlink {
namespace {

using bytes = std::vector<std::byte>;
using std::chrono::milliseconds;

bytes finished(message_builder& out, std::uint32_t sequence, std::uint32_t port) {
  out.header().nlmsg_seq = sequence;
  out.header().nlmsg_pid = port;
  return testing::bytes_of_message(out);
}

bytes link_message(std::uint16_t type, unsigned flags, std::uint32_t sequence, std::uint32_t port) {
  message_builder out(type, flags);
  out.structure(::ifinfomsg{});
  out.attributes().nested(IFLA_LINKINFO, [](attribute_writer& info) {
    info.text(IFLA_INFO_KIND, "vlan").nested(IFLA_INFO_DATA, [](attribute_writer& data) {
      data.value(IFLA_VLAN_ID, std::uint16_t{5000});
    });
  });
  return finished(out, sequence, port);
}

bytes error_message(int error, std::uint32_t sequence, std::uint32_t port,
                    std::optional<std::uint32_t> offset = {}) {
  message_builder out(NLMSG_ERROR, NLM_F_CAPPED | (offset ? unsigned{NLM_F_ACK_TLVS} : 0U));
  ::nlmsgerr raw{};
  raw.error = error;
  raw.msg.nlmsg_len = sizeof raw.msg;
  out.structure(raw);
  if (offset) {
    out.attributes().text(NLMSGERR_ATTR_MSG, "no").value(NLMSGERR_ATTR_OFFS, *offset);
  }
  return finished(out, sequence, port);
}

bytes done(std::uint32_t sequence, std::uint32_t port) {
  message_builder out(NLMSG_DONE, NLM_F_MULTI);
  out.structure(std::int32_t{0});
  return finished(out, sequence, port);
}

class conversations : public ::testing::Test {
 protected:
  message_role take(const bytes& message) {
    ++number_;
    return talk_.take({.number = number_,
                       .protocol = NETLINK_ROUTE,
                       .bytes = message,
                       .time = milliseconds(number_ * number_)});
  }

  describer words_;
  conversation talk_{words_};
  std::uint64_t number_ = 0;
};

TEST_F(conversations, an_acknowledgement_ends_its_request) {
  EXPECT_EQ(take(link_message(RTM_NEWLINK, NLM_F_REQUEST | NLM_F_ACK, 9, 77)).kind,
            role_kind::request);
  EXPECT_EQ(take(error_message(0, 9, 78)).kind, role_kind::stray) << "another port";
  EXPECT_EQ(take(error_message(0, 8, 77)).kind, role_kind::stray) << "another number";
  const auto got = take(error_message(0, 9, 77));
  EXPECT_EQ(got.kind, role_kind::acknowledgement);
  ASSERT_TRUE(got.request && got.end);
  EXPECT_EQ(got.request->number, 1U);
  EXPECT_EQ(got.request->name, "RTM_NEWLINK");
  EXPECT_FALSE(got.end->error);
  EXPECT_EQ(got.end->after, milliseconds(16 - 1));
  EXPECT_EQ(take(error_message(0, 9, 77)).kind, role_kind::stray) << "it has ended";
  EXPECT_EQ(talk_.unanswered(), 0U);
}

TEST_F(conversations, an_error_names_the_attribute_of_the_request) {
  take(link_message(RTM_NEWLINK, NLM_F_REQUEST | NLM_F_ACK, 9, 0));
  const auto got = take(error_message(-ERANGE, 9, 4711, 52));
  ASSERT_TRUE(got.end);
  EXPECT_EQ(got.end->error.value(), ERANGE);
  EXPECT_EQ(got.end->extended.message, "no");
  EXPECT_EQ(got.end->extended.path, ".linkinfo.data.id");
  EXPECT_EQ(talk_.failed(), 1U);
}

TEST_F(conversations, a_notification_is_no_answer_though_it_carries_the_number) {
  take(link_message(RTM_NEWLINK, NLM_F_REQUEST | NLM_F_ACK, 9, 77));
  const auto told = take(link_message(RTM_NEWLINK, 0, 9, 77));
  EXPECT_EQ(told.kind, role_kind::notification);
  ASSERT_TRUE(told.request);
  EXPECT_EQ(told.request->number, 1U);
  EXPECT_FALSE(told.end);
  EXPECT_EQ(take(link_message(RTM_NEWLINK, 0, 0, 0)).kind, role_kind::notification);
  EXPECT_EQ(take(error_message(0, 9, 77)).kind, role_kind::acknowledgement);
}

TEST_F(conversations, a_notification_may_have_the_flags_of_its_request) {
  const unsigned flags = NLM_F_REQUEST | NLM_F_ACK;
  take(link_message(RTM_NEWNEXTHOP, flags, 9, 0));
  const auto told = take(link_message(RTM_NEWNEXTHOP, flags, 9, 77));
  EXPECT_EQ(told.kind, role_kind::notification);
  EXPECT_EQ(told.request->number, 1U);
  EXPECT_EQ(take(error_message(0, 9, 77)).request->number, 1U);
  EXPECT_EQ(talk_.requests(), 1U);
  EXPECT_EQ(take(link_message(RTM_NEWNEXTHOP, flags, 9, 0)).kind, role_kind::request)
      << "of another program";
}

TEST_F(conversations, a_question_is_answered_by_its_object) {
  take(link_message(RTM_GETLINK, NLM_F_REQUEST, 3, 0));
  const auto got = take(link_message(RTM_NEWLINK, 0, 3, 99));
  EXPECT_EQ(got.kind, role_kind::reply);
  ASSERT_TRUE(got.end);
  EXPECT_EQ(got.end->replies, 1U);
  EXPECT_EQ(talk_.unanswered(), 0U);
}

TEST_F(conversations, a_dump_ends_with_done_and_says_that_it_was_interrupted) {
  take(link_message(RTM_GETLINK, NLM_F_REQUEST | NLM_F_DUMP, 3, 0));
  EXPECT_EQ(take(link_message(RTM_NEWLINK, NLM_F_MULTI, 3, 99)).kind, role_kind::reply);
  EXPECT_EQ(take(link_message(RTM_NEWLINK, NLM_F_MULTI | NLM_F_DUMP_INTR, 3, 99)).kind,
            role_kind::reply);
  const auto got = take(done(3, 99));
  EXPECT_EQ(got.kind, role_kind::end_of_dump);
  ASSERT_TRUE(got.end);
  EXPECT_TRUE(got.end->dump);
  EXPECT_TRUE(got.end->interrupted);
  EXPECT_EQ(got.end->replies, 2U);
}

TEST_F(conversations, say_where_a_request_without_a_port_leaves_a_doubt) {
  take(link_message(RTM_NEWLINK, NLM_F_REQUEST | NLM_F_ACK, 5, 0));
  take(link_message(RTM_DELLINK, NLM_F_REQUEST | NLM_F_ACK, 5, 0));
  const auto got = take(error_message(0, 5, 42));
  EXPECT_TRUE(got.ambiguous);
  EXPECT_EQ(got.request->name, "RTM_DELLINK");
  EXPECT_FALSE(take(error_message(0, 5, 43)).ambiguous) << "one is left";
}

TEST_F(conversations, count_what_has_no_answer) {
  take(link_message(RTM_NEWLINK, NLM_F_REQUEST | NLM_F_ACK, 5, 1));
  take(link_message(RTM_NEWLINK, NLM_F_REQUEST, 6, 1));  // wants none
  take(link_message(RTM_GETLINK, NLM_F_REQUEST, 7, 1));
  EXPECT_EQ(talk_.requests(), 3U);
  EXPECT_EQ(talk_.unanswered(), 2U);
}

TEST_F(conversations, do_not_grow_for_ever) {
  for (std::uint32_t i = 0; i < 5000; ++i) {
    take(link_message(RTM_NEWLINK, NLM_F_REQUEST | NLM_F_ACK, i, 1));
  }
  EXPECT_EQ(talk_.unanswered(), 5000U);
  EXPECT_EQ(take(error_message(0, 0, 1)).kind, role_kind::stray) << "given up";
  EXPECT_EQ(take(error_message(0, 4999, 1)).kind, role_kind::acknowledgement);
}

TEST_F(conversations, take_bytes_that_are_no_message) {
  EXPECT_FALSE(take({}).request);
  EXPECT_FALSE(take(bytes(7)).request);
  bytes lying(16);
  lying[0] = std::byte{200};
  lying[6] = std::byte{NLM_F_REQUEST};
  EXPECT_EQ(take(lying).kind, role_kind::request);
}

}  // namespace
}  // namespace trivet::netlink
