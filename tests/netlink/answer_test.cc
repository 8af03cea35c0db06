// Which messages end a request, from crafted datagrams.
#include "trivet/netlink/answer.h"

#include <gtest/gtest.h>
#include <linux/rtnetlink.h>

#include <cerrno>

#include "trivet/netlink/error.h"

namespace trivet::netlink {
namespace {

constexpr std::uint32_t port = 4321;
constexpr std::uint32_t sequence = 77;
const address kernel;

struct piece {
  std::uint16_t type = RTM_NEWLINK;
  unsigned flags = NLM_F_MULTI;
  std::uint32_t seq = sequence;
  std::uint32_t pid = port;
  int value = 0;
};

std::vector<std::byte> datagram(std::initializer_list<piece> pieces) {
  std::vector<std::byte> out;
  for (const piece& p : pieces) {
    message_builder message(p.type, p.flags);
    message.header().nlmsg_seq = p.seq;
    message.header().nlmsg_pid = p.pid;
    if (p.type == NLMSG_ERROR) {
      ::nlmsgerr raw{};
      raw.error = p.value;
      raw.msg.nlmsg_len = sizeof(::nlmsghdr);
      message.structure(raw);
    } else {
      message.structure(p.value);
    }
    const const_bytes bytes = message.finish();
    out.insert(out.end(), bytes.begin(), bytes.end());
  }
  return out;
}

class answers : public ::testing::Test {
 protected:
  void feed(answer_reader& answer, std::initializer_list<piece> pieces,
            const address& from = kernel) {
    answer.feed(datagram(pieces), from,
                [this](const message_view& m) { visited_.push_back(m.structure<int>()); });
  }

  std::vector<int> visited_;
  answer_reader dump_{port, sequence, answer_kind::dump};
  answer_reader request_{port, sequence, answer_kind::acknowledged};
};

TEST_F(answers, a_dump_ends_with_done_also_in_the_datagram_of_its_data) {
  feed(dump_, {{.value = 1}});
  EXPECT_FALSE(dump_.finished());
  feed(dump_, {{.value = 2}, {.type = NLMSG_DONE}});
  EXPECT_TRUE(dump_.finished());
  EXPECT_EQ(visited_, (std::vector<int>{1, 2}));
  EXPECT_TRUE(dump_.as_dump_end().clean());
}

TEST_F(answers, what_is_foreign_neither_counts_nor_ends_anything) {
  // A notification: the requester's sequence number and port, which may even be alike.
  feed(dump_, {{.seq = sequence, .pid = port + 1, .value = 1}});
  feed(dump_, {{.type = NLMSG_DONE, .seq = sequence + 1}});
  feed(dump_, {{.type = NLMSG_DONE, .pid = 0}});
  feed(dump_, {{.type = NLMSG_ERROR, .seq = sequence - 1, .value = -EPERM}});
  // A process that says it is the kernel: its datagram has its own port as the sender's.
  feed(dump_, {{.value = 9}, {.type = NLMSG_DONE}}, address(999));
  EXPECT_FALSE(dump_.finished());
  EXPECT_TRUE(visited_.empty());
}

TEST_F(answers, an_error_ends_a_dump_that_did_not_start) {
  feed(dump_, {{.type = NLMSG_ERROR, .flags = 0, .value = -EBUSY}});
  EXPECT_TRUE(dump_.finished());
  EXPECT_EQ(dump_.as_dump_end().error, std::errc::device_or_resource_busy);
  EXPECT_THROW(dump_.as_dump_end().check("RTM_GETLINK"), error);
}

TEST_F(answers, done_carries_an_error) {
  feed(dump_, {{.value = 1}, {.type = NLMSG_DONE, .value = -ENOMEM}});
  EXPECT_EQ(dump_.as_dump_end().error, std::errc::not_enough_memory);
  EXPECT_EQ(visited_.size(), 1U);
}

TEST_F(answers, an_interruption_is_told_from_any_message_of_it) {
  feed(dump_, {{.flags = NLM_F_MULTI | NLM_F_DUMP_INTR}, {.value = 2}});
  feed(dump_, {{.type = NLMSG_DONE}});
  EXPECT_TRUE(dump_.as_dump_end().interrupted);
  EXPECT_FALSE(dump_.as_dump_end().error);
  EXPECT_EQ(visited_.size(), 2U) << "drained, and not given up";

  answer_reader at_the_end(port, sequence, answer_kind::dump);
  feed(at_the_end, {{.type = NLMSG_DONE, .flags = NLM_F_MULTI | NLM_F_DUMP_INTR}});
  EXPECT_TRUE(at_the_end.as_dump_end().interrupted);
}

TEST_F(answers, what_is_lost_or_malformed_makes_a_dump_doubtful) {
  dump_.lost();
  feed(dump_, {{.type = NLMSG_DONE}});
  EXPECT_TRUE(dump_.as_dump_end().interrupted);

  answer_reader cut(port, sequence, answer_kind::dump);
  const std::vector<std::byte> bytes = datagram({{.value = 1}, {.value = 2}});
  cut.feed(const_bytes(bytes).first(bytes.size() - 4), kernel, [](const message_view&) {});
  feed(cut, {{.type = NLMSG_DONE}});
  EXPECT_TRUE(cut.as_dump_end().interrupted);

  answer_reader overrun(port, sequence, answer_kind::dump);
  feed(overrun, {{.type = NLMSG_OVERRUN}, {.type = NLMSG_DONE}});
  EXPECT_TRUE(overrun.as_dump_end().interrupted);
}

// As the kernel does where its first piece had no room: netlink_dump() returns before it is done.
TEST_F(answers, enobufs_is_no_end_of_a_dump) {
  feed(dump_, {{.type = NLMSG_ERROR, .flags = 0, .value = -ENOBUFS}});
  EXPECT_TRUE(dump_.stalled());
  EXPECT_FALSE(dump_.finished());
  feed(dump_, {{.value = 1}, {.type = NLMSG_DONE}});
  EXPECT_FALSE(dump_.stalled());
  EXPECT_TRUE(dump_.finished());
  EXPECT_FALSE(dump_.as_dump_end().error);
  EXPECT_EQ(visited_.size(), 1U);

  answer_reader given_up(port, sequence, answer_kind::dump);
  feed(given_up, {{.type = NLMSG_ERROR, .flags = 0, .value = -ENOBUFS}});
  given_up.end_lost();
  EXPECT_TRUE(given_up.finished());
  EXPECT_EQ(given_up.as_dump_end().error, std::errc::no_buffer_space);
  EXPECT_TRUE(given_up.as_dump_end().interrupted);

  feed(request_, {{.type = NLMSG_ERROR, .flags = 0, .value = -ENOBUFS}});
  EXPECT_EQ(request_.as_outcome().error, std::errc::no_buffer_space) << "of a request it is one";
}

TEST_F(answers, done_carries_an_extended_ack) {
  for (const unsigned flags : {0U, unsigned{NLM_F_ACK_TLVS}}) {
    message_builder message(NLMSG_DONE, NLM_F_MULTI | flags);
    message.header().nlmsg_seq = sequence;
    message.header().nlmsg_pid = port;
    message.structure(int{-EINVAL}).attributes().text(NLMSGERR_ATTR_MSG, "no such filter");
    answer_reader answer(port, sequence, answer_kind::dump);
    answer.feed(message.finish(), kernel, {});
    EXPECT_EQ(answer.as_dump_end().error, std::errc::invalid_argument);
    EXPECT_EQ(answer.as_dump_end().extended.message, flags != 0 ? "no such filter" : "");
  }
}

TEST_F(answers, filtering_is_told) {
  feed(dump_, {{.flags = NLM_F_MULTI | NLM_F_DUMP_FILTERED}, {.type = NLMSG_DONE}});
  EXPECT_TRUE(dump_.as_dump_end().filtered);
}

TEST_F(answers, a_request_ends_with_its_acknowledgement) {
  feed(request_, {{.flags = 0, .value = 5}});
  EXPECT_FALSE(request_.finished());
  feed(request_, {{.type = NLMSG_ERROR, .flags = 0}});
  EXPECT_TRUE(request_.as_outcome().ok());
  EXPECT_EQ(visited_, (std::vector<int>{5}));
}

TEST_F(answers, done_ends_only_a_dump) {
  feed(request_, {{.type = NLMSG_DONE, .value = 3}});
  EXPECT_FALSE(request_.finished()) << "the connector family has it as an ordinary type";
  EXPECT_EQ(visited_, (std::vector<int>{3}));
}

TEST_F(answers, an_object_is_its_own_end) {
  answer_reader object(port, sequence, answer_kind::object);
  feed(object, {{.flags = 0, .value = 5}, {.flags = 0, .value = 6}});
  EXPECT_TRUE(object.as_outcome().ok());
  EXPECT_EQ(visited_, (std::vector<int>{5})) << "the second one is not asked for";
  answer_reader none(port, sequence, answer_kind::object);
  feed(none, {{.type = NLMSG_ERROR, .flags = 0, .value = -ENODEV}});
  EXPECT_EQ(none.as_outcome().error, std::errc::no_such_device);
}

TEST_F(answers, an_extended_ack_without_an_error_is_a_warning) {
  message_builder message(NLMSG_ERROR, NLM_F_CAPPED | NLM_F_ACK_TLVS);
  message.header().nlmsg_seq = sequence;
  message.header().nlmsg_pid = port;
  ::nlmsgerr raw{};
  raw.msg.nlmsg_len = sizeof(::nlmsghdr);
  message.structure(raw).attributes().text(NLMSGERR_ATTR_MSG, "this goes away soon");
  request_.feed(message.finish(), kernel, {});
  const outcome got = request_.as_outcome();
  EXPECT_TRUE(got.ok());
  EXPECT_NO_THROW(got.check("RTM_NEWQDISC"));
  EXPECT_EQ(got.extended.message, "this goes away soon");
}

TEST_F(answers, what_was_not_sent_says_why) {
  outcome unsent;
  unsent.status = request_status::unsent;
  unsent.error = errno_code(EMSGSIZE);
  unsent.extended.message = "larger than the send buffer";
  EXPECT_FALSE(unsent.ok());
  try {
    unsent.check("RTM_NEWLINK");
    FAIL() << "nothing was done";
  } catch (const socket_error& e) {
    EXPECT_STREQ(e.what(), "RTM_NEWLINK: Message too long (larger than the send buffer)");
  }
}

TEST_F(answers, a_refusal_is_a_value_until_it_is_checked) {
  feed(request_, {{.type = NLMSG_ERROR, .flags = 0, .value = -EEXIST}});
  const outcome got = request_.as_outcome();
  EXPECT_EQ(got.status, request_status::refused);
  EXPECT_EQ(got.error, std::errc::file_exists);
  EXPECT_THROW(got.check("RTM_NEWROUTE"), error);
}

TEST_F(answers, without_an_acknowledgement_nobody_knows) {
  EXPECT_EQ(request_.as_outcome().status, request_status::unknown);
  outcome lost = request_.as_outcome();
  lost.error = errno_code(ENOBUFS);
  EXPECT_FALSE(lost.ok());
  try {
    lost.check("RTM_NEWROUTE");
    FAIL() << "unknown is not done";
  } catch (const error&) {
    FAIL() << "nobody refused it";
  } catch (const socket_error& unknown) {
    EXPECT_NE(std::string(unknown.what()).find("acknowledgement"), std::string::npos);
  }
}

}  // namespace
}  // namespace trivet::netlink
