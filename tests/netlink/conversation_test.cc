// Which message answers which: made-up captures.
#include "trivet/netlink/conversation.h"

#include <gtest/gtest.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <linux/rtnetlink.h>

#include <string>
#include <tuple>

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

// @param request  whose header the kernel repeats
bytes error_message(int error, const bytes& request, std::uint32_t port,
                    std::optional<std::uint32_t> offset = {}) {
  message_builder out(NLMSG_ERROR, NLM_F_CAPPED | (offset ? unsigned{NLM_F_ACK_TLVS} : 0U));
  ::nlmsgerr raw{};
  raw.error = error;
  raw.msg = load_padded<::nlmsghdr>(request);
  out.structure(raw);
  if (offset) {
    out.attributes().text(NLMSGERR_ATTR_MSG, "no").value(NLMSGERR_ATTR_OFFS, *offset);
  }
  return finished(out, raw.msg.nlmsg_seq, port);
}

// As a capture keeps it that cuts datagrams.
bytes cut(bytes message, std::size_t size) {
  message.resize(size);
  return message;
}

bytes done(std::uint32_t sequence, std::uint32_t port) {
  message_builder out(NLMSG_DONE, NLM_F_MULTI);
  out.structure(std::int32_t{0});
  return finished(out, sequence, port);
}

class conversations : public ::testing::Test {
 protected:
  message_role take(const bytes& message) { return take(NETLINK_ROUTE, message); }
  message_role take(int protocol, const bytes& message) {
    ++number_;
    return talk_.take({.number = number_,
                       .protocol = protocol,
                       .bytes = message,
                       .time = milliseconds(number_ * number_)});
  }

  describer words_;
  conversation talk_{words_};
  std::uint64_t number_ = 0;
};

constexpr unsigned acknowledged = NLM_F_REQUEST | NLM_F_ACK;

TEST_F(conversations, an_acknowledgement_ends_its_request) {
  const bytes request = link_message(RTM_NEWLINK, acknowledged, 9, 77);
  EXPECT_EQ(take(request).kind, role_kind::request);
  EXPECT_EQ(take(error_message(0, link_message(RTM_NEWLINK, acknowledged, 9, 78), 78)).kind,
            role_kind::stray)
      << "another port";
  EXPECT_EQ(take(error_message(0, link_message(RTM_NEWLINK, acknowledged, 8, 77), 77)).kind,
            role_kind::stray)
      << "another number";
  const auto got = take(error_message(0, request, 77));
  EXPECT_EQ(got.kind, role_kind::acknowledgement);
  ASSERT_TRUE(got.request && got.end);
  EXPECT_EQ(got.request->number, 1U);
  EXPECT_EQ(got.request->name, "RTM_NEWLINK");
  EXPECT_FALSE(got.ambiguous);
  EXPECT_FALSE(got.end->error);
  EXPECT_FALSE(got.end->cut);
  EXPECT_EQ(got.end->after, milliseconds(16 - 1));
  EXPECT_EQ(take(error_message(0, request, 77)).kind, role_kind::stray) << "it has ended";
  EXPECT_EQ(talk_.unanswered(), 0U);
}

TEST_F(conversations, an_error_names_the_attribute_of_the_request) {
  const bytes request = link_message(RTM_NEWLINK, acknowledged, 9, 0);
  take(request);
  const auto got = take(error_message(-ERANGE, request, 4711, 52));
  ASSERT_TRUE(got.end);
  EXPECT_EQ(got.end->error.value(), ERANGE);
  EXPECT_EQ(got.end->extended.message, "no");
  EXPECT_EQ(got.end->extended.path, ".linkinfo.data.id");
  EXPECT_EQ(talk_.failed(), 1U);
}

TEST_F(conversations, an_error_that_is_cut_is_no_success) {
  const bytes request = link_message(RTM_NEWLINK, acknowledged, 9, 0);
  const bytes refused = error_message(-ERANGE, request, 77);
  for (const std::size_t size : {20U, 27U, 35U}) {
    take(request);
    const auto got = take(cut(refused, size));
    ASSERT_TRUE(got.end) << size;
    EXPECT_EQ(got.end->error.value(), ERANGE) << size;
    EXPECT_FALSE(got.end->cut) << size;
  }
  EXPECT_EQ(talk_.failed(), 3U);
  take(request);
  const auto got = take(cut(refused, 19));
  ASSERT_TRUE(got.end);
  EXPECT_TRUE(got.end->cut);
  EXPECT_EQ(talk_.failed(), 3U);
  EXPECT_EQ(talk_.cut(), 1U);
}

TEST_F(conversations, an_error_too_short_for_a_header_keeps_its_number) {
  take(link_message(RTM_NEWLINK, acknowledged, 7, 0));
  message_builder out(NLMSG_ERROR, NLM_F_CAPPED);
  out.structure(std::int32_t{-EIO});
  const auto got = take(finished(out, 7, 100));
  ASSERT_TRUE(got.end);
  EXPECT_EQ(got.end->error.value(), EIO);
}

TEST_F(conversations, an_end_of_a_dump_that_is_cut_is_no_success) {
  take(link_message(RTM_GETLINK, NLM_F_REQUEST | NLM_F_DUMP, 3, 0));
  const auto got = take(cut(done(3, 99), 16));
  ASSERT_TRUE(got.end);
  EXPECT_TRUE(got.end->cut);
  take(link_message(RTM_GETLINK, NLM_F_REQUEST | NLM_F_DUMP, 4, 0));
  message_builder empty(NLMSG_DONE, NLM_F_MULTI);
  const auto whole = take(finished(empty, 4, 99));
  ASSERT_TRUE(whole.end);
  EXPECT_FALSE(whole.end->cut) << "an end may be empty";
}

TEST_F(conversations, a_notification_is_no_answer_though_it_carries_the_number) {
  const bytes request = link_message(RTM_NEWLINK, acknowledged, 9, 77);
  take(request);
  const auto told = take(link_message(RTM_NEWLINK, 0, 9, 77));
  EXPECT_EQ(told.kind, role_kind::notification);
  ASSERT_TRUE(told.request);
  EXPECT_EQ(told.request->number, 1U);
  EXPECT_FALSE(told.end);
  EXPECT_EQ(take(link_message(RTM_NEWLINK, 0, 0, 0)).kind, role_kind::notification);
  EXPECT_EQ(take(error_message(0, request, 77)).kind, role_kind::acknowledgement);
}

TEST_F(conversations, a_notification_may_have_the_flags_of_its_request) {
  const bytes request = link_message(RTM_NEWNEXTHOP, acknowledged, 9, 0);
  take(request);
  const auto told = take(link_message(RTM_NEWNEXTHOP, acknowledged, 9, 77));
  EXPECT_EQ(told.kind, role_kind::notification);
  EXPECT_EQ(told.request->number, 1U);
  EXPECT_EQ(take(error_message(0, request, 77)).request->number, 1U);
  EXPECT_EQ(talk_.requests(), 1U);
  EXPECT_EQ(take(request).kind, role_kind::request) << "of another program";
}

TEST_F(conversations, a_group_is_told_with_the_flags_of_a_members_removal) {
  const bytes request = link_message(RTM_DELNEXTHOP, acknowledged, 9, 0);
  take(request);
  const auto told = take(link_message(RTM_NEWNEXTHOP, acknowledged, 9, 77));
  EXPECT_EQ(told.kind, role_kind::notification);
  ASSERT_TRUE(told.request);
  EXPECT_EQ(told.request->number, 1U);
  const auto end = take(error_message(0, request, 77));
  ASSERT_TRUE(end.request);
  EXPECT_EQ(end.request->name, "RTM_DELNEXTHOP");
  EXPECT_EQ(talk_.requests(), 1U);
  EXPECT_EQ(talk_.unanswered(), 0U);
}

TEST_F(conversations, a_filter_is_told_with_the_flags_of_the_question) {
  take(link_message(RTM_GETTFILTER, NLM_F_REQUEST, 9, 0));
  const auto got = take(link_message(RTM_NEWTFILTER, NLM_F_REQUEST, 9, 77));
  EXPECT_EQ(got.kind, role_kind::reply);
  EXPECT_TRUE(got.end);
  EXPECT_EQ(talk_.unanswered(), 0U);
}

TEST_F(conversations, the_kernel_asks_who_listens_for_a_neighbour) {
  message_builder asking(RTM_GETNEIGH, NLM_F_REQUEST);
  asking.structure(::ndmsg{});
  asking.attributes().value(NDA_PROBES, std::uint32_t{1});
  EXPECT_EQ(take(finished(asking, 0, 0)).kind, role_kind::notification);
  message_builder question(RTM_GETNEIGH, NLM_F_REQUEST);
  question.structure(::ndmsg{});
  question.attributes().value(NDA_DST, std::uint32_t{1});
  EXPECT_EQ(take(finished(question, 0, 0)).kind, role_kind::request) << "of a program";
  EXPECT_EQ(talk_.unanswered(), 1U);
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

TEST_F(conversations, an_error_says_which_of_two_requests_it_answers) {
  const bytes one = link_message(RTM_NEWLINK, acknowledged, 5, 0);
  const bytes other = link_message(RTM_DELLINK, acknowledged, 5, 0);
  take(one);
  take(other);
  const auto done_with = take(error_message(0, one, 42));
  EXPECT_EQ(done_with.request->name, "RTM_NEWLINK");
  EXPECT_FALSE(done_with.ambiguous);
  const auto refused = take(error_message(-EPERM, other, 43));
  EXPECT_EQ(refused.request->name, "RTM_DELLINK");
  EXPECT_FALSE(refused.ambiguous);
}

TEST_F(conversations, an_object_says_which_of_two_questions_it_answers) {
  constexpr unsigned dump = NLM_F_REQUEST | NLM_F_DUMP;
  take(link_message(RTM_GETLINK, dump, 9, 0));
  take(link_message(RTM_GETADDR, dump, 9, 0));
  for (const auto& [type, port, number] :
       {std::tuple{RTM_NEWLINK, 100U, 1U}, std::tuple{RTM_NEWADDR, 200U, 2U}}) {
    const auto got = take(link_message(static_cast<std::uint16_t>(type), NLM_F_MULTI, 9, port));
    ASSERT_TRUE(got.request);
    EXPECT_EQ(got.request->number, number);
    EXPECT_FALSE(got.ambiguous);
  }
  EXPECT_EQ(take(done(9, 100)).request->name, "RTM_GETLINK");
  EXPECT_EQ(take(done(9, 200)).request->name, "RTM_GETADDR");
}

TEST_F(conversations, an_object_of_another_kind_answers_no_question) {
  take(link_message(RTM_GETLINK, NLM_F_REQUEST, 9, 0));
  EXPECT_FALSE(take(link_message(RTM_NEWROUTE, 0, 9, 100)).request);
  EXPECT_EQ(talk_.unanswered(), 1U);
}

TEST_F(conversations, say_where_requests_that_are_alike_leave_a_doubt) {
  const bytes request = link_message(RTM_NEWLINK, acknowledged, 5, 0);
  take(request);
  take(request);
  const auto got = take(error_message(0, request, 42));
  EXPECT_TRUE(got.ambiguous);
  EXPECT_EQ(got.request->number, 1U) << "the oldest";
  EXPECT_TRUE(take(error_message(0, request, 43)).ambiguous) << "the first may have been it";
}

TEST_F(conversations, doubt_the_port_before_the_number) {
  const bytes request = link_message(RTM_GETLINK, acknowledged, 9, 4242);
  take(request);
  const auto reply = take(link_message(RTM_NEWLINK, 0, 9, 0xfff01234));
  EXPECT_EQ(reply.kind, role_kind::reply);
  EXPECT_TRUE(reply.ambiguous);
  const auto end = take(error_message(0, request, 0xfff01234));
  EXPECT_EQ(end.kind, role_kind::acknowledgement);
  EXPECT_TRUE(end.ambiguous);
  EXPECT_EQ(talk_.unanswered(), 0U);
}

TEST_F(conversations, believe_a_port_that_an_answer_came_to) {
  take(link_message(RTM_GETLINK, NLM_F_REQUEST | NLM_F_DUMP, 9, 42));
  EXPECT_TRUE(take(link_message(RTM_NEWLINK, NLM_F_MULTI, 9, 43)).ambiguous) << "of another's dump";
  EXPECT_FALSE(take(link_message(RTM_NEWADDR, NLM_F_MULTI, 9, 43)).request);
  EXPECT_TRUE(take(link_message(RTM_NEWLINK, NLM_F_MULTI, 9, 42)).request);
  EXPECT_EQ(take(done(9, 43)).kind, role_kind::stray);
  EXPECT_EQ(take(done(9, 42)).kind, role_kind::end_of_dump);
}

bytes netfilter_message(unsigned type, unsigned flags, std::uint32_t sequence, std::uint32_t port) {
  message_builder out(static_cast<std::uint16_t>(type), flags);
  out.structure(::nfgenmsg{});
  return finished(out, sequence, port);
}

TEST_F(conversations, what_wants_no_answer_gets_none) {
  constexpr unsigned nftables = NFNL_SUBSYS_NFTABLES << 8;
  take(NETLINK_NETFILTER, netfilter_message(NFNL_MSG_BATCH_BEGIN, NLM_F_REQUEST, 0, 0));
  take(NETLINK_NETFILTER, netfilter_message(nftables | NFT_MSG_NEWRULE, NLM_F_REQUEST, 0, 0));
  take(NETLINK_NETFILTER, netfilter_message(nftables | NFT_MSG_GETGEN, NLM_F_REQUEST, 0, 0));
  const auto got = take(NETLINK_NETFILTER, netfilter_message(nftables | NFT_MSG_NEWGEN, 0, 0, 200));
  ASSERT_TRUE(got.request);
  EXPECT_EQ(got.request->name, "NFT_MSG_GETGEN");
  EXPECT_FALSE(got.ambiguous);
  EXPECT_TRUE(got.end);
}

TEST_F(conversations, a_part_alone_ends_a_question_to_netfilter) {
  constexpr unsigned tracking = NFNL_SUBSYS_CTNETLINK << 8;
  const unsigned type = tracking | IPCTNL_MSG_CT_GET_STATS;
  take(NETLINK_NETFILTER, netfilter_message(type, NLM_F_REQUEST, 5, 0));
  EXPECT_TRUE(take(NETLINK_NETFILTER, netfilter_message(type, NLM_F_MULTI, 5, 100)).end);
  EXPECT_EQ(talk_.unanswered(), 0U);
}

TEST_F(conversations, parts_are_replies_where_questions_are_not_known) {
  take(NETLINK_CRYPTO, link_message(0x7f, NLM_F_REQUEST | NLM_F_DUMP, 5, 0));
  EXPECT_EQ(take(NETLINK_CRYPTO, link_message(0x7e, NLM_F_MULTI, 5, 100)).kind, role_kind::reply);
  const auto end = take(NETLINK_CRYPTO, done(5, 100));
  ASSERT_TRUE(end.end);
  EXPECT_EQ(end.end->replies, 1U);
}

TEST_F(conversations, count_what_has_no_answer) {
  take(link_message(RTM_NEWLINK, acknowledged, 5, 1));
  take(link_message(RTM_NEWLINK, NLM_F_REQUEST, 6, 1));  // wants none
  take(link_message(RTM_GETLINK, NLM_F_REQUEST, 7, 1));
  EXPECT_EQ(talk_.requests(), 3U);
  EXPECT_EQ(talk_.unanswered(), 2U);
}

TEST_F(conversations, do_not_grow_for_ever) {
  const auto request = [](std::uint32_t i) {
    return link_message(RTM_NEWLINK, acknowledged, i, 1);
  };
  for (std::uint32_t i = 0; i < 5000; ++i) take(request(i));
  EXPECT_EQ(talk_.unanswered(), 5000U);
  EXPECT_EQ(take(error_message(0, request(0), 1)).kind, role_kind::stray) << "given up";
  EXPECT_EQ(take(error_message(0, request(4999), 1)).kind, role_kind::acknowledgement);
}

TEST_F(conversations, compare_with_a_few_of_the_same_number) {
  const bytes first = link_message(RTM_SETLINK, acknowledged, 5, 0);
  take(first);
  take(link_message(RTM_NEWLINK, NLM_F_REQUEST, 5, 0));
  for (int i = 0; i < 62; ++i) take(link_message(RTM_NEWLINK, acknowledged, 5, 0));
  EXPECT_EQ(take(link_message(RTM_NEWLINK, acknowledged, 5, 0)).kind, role_kind::request);
  EXPECT_EQ(talk_.unanswered(), 64U) << "what wants no answer is given up first";
  EXPECT_TRUE(take(error_message(0, first, 42)).request);
  for (int i = 0; i < 2; ++i) take(link_message(RTM_NEWLINK, acknowledged, 5, 0));
  EXPECT_EQ(talk_.unanswered(), 65U) << "what is given up has no answer";
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
