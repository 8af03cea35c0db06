// Messages of two real kernels as libnl's objects, and libnl's requests as ours.
#include <gtest/gtest.h>
#include <netlink/route/qdisc/htb.h>
#include <netlink/route/qdisc/tbf.h>

#include <map>
#include <string>

#include "tests/netlink/captures.h"
#include "trivet/netlink/interop/libnl.h"

namespace trivet::netlink::interop {
namespace {

using trivet::testing::bytes_of_message;
using trivet::testing::capture;
using trivet::testing::captured_kernels;
using trivet::testing::messages_of;

TEST(interop, queueing_disciplines_of_a_dump) {
  for (const std::string_view kernel : captured_kernels) {
    std::map<std::string, std::uint32_t> handles;
    const auto bytes = capture(kernel, "qdisc");
    for (const message_view& message : messages_of(bytes)) {
      if (message.type() != RTM_NEWQDISC) continue;
      const auto qdisc = object_of<::rtnl_qdisc>(message);
      ASSERT_TRUE(qdisc);
      ::rtnl_tc* const tc = as_tc(qdisc.get());
      const auto raw = message.structure<::tcmsg>();
      EXPECT_EQ(::rtnl_tc_get_ifindex(tc), raw.tcm_ifindex);
      EXPECT_EQ(::rtnl_tc_get_parent(tc), raw.tcm_parent);
      EXPECT_EQ(::rtnl_tc_get_handle(tc), raw.tcm_handle);
      handles[::rtnl_tc_get_kind(tc)] = ::rtnl_tc_get_handle(tc);
      if (std::string_view(::rtnl_tc_get_kind(tc)) == "htb") {
        EXPECT_EQ(::rtnl_htb_get_defcls(qdisc.get()), 0x10U);
      }
      EXPECT_FALSE(object_of<::rtnl_link>(message)) << "a qdisc is no link";
    }
    EXPECT_EQ(handles.at("htb"), 0x10000U) << kernel;
    EXPECT_TRUE(handles.contains("ingress")) << kernel;
  }
}

TEST(interop, classes_and_links) {
  for (const std::string_view kernel : captured_kernels) {
    std::size_t classes = 0;
    const auto bytes = capture(kernel, "class");
    for (const message_view& message : messages_of(bytes)) {
      if (message.type() != RTM_NEWTCLASS) continue;
      const auto one = object_of<::rtnl_class>(message);
      ASSERT_TRUE(one);
      if (std::string_view(::rtnl_tc_get_kind(as_tc(one.get()))) != "htb") continue;
      EXPECT_EQ(::rtnl_htb_get_rate(one.get()), 125000U);  // 1mbit
      ++classes;
    }
    EXPECT_EQ(classes, 1U) << kernel;
    const auto links = capture(kernel, "link");
    for (const message_view& message : messages_of(links)) {
      if (message.type() != RTM_NEWLINK) continue;
      const auto link = object_of<::rtnl_link>(message);
      ASSERT_TRUE(link);
      EXPECT_EQ(::rtnl_link_get_ifindex(link.get()), message.structure<::ifinfomsg>().ifi_index);
    }
  }
}

TEST(interop, a_message_of_libnl_is_the_same_bytes) {
  const auto bytes = capture("linux-6.1", "link");
  for (const message_view& message : messages_of(bytes)) {
    const message_ptr theirs = message_of(message);
    message_builder ours(0);
    copy(*theirs, ours);
    const auto again = bytes_of_message(ours);
    const message_view back = messages_of(again).at(0);
    EXPECT_EQ(back.type(), message.type());
    EXPECT_EQ(back.header.nlmsg_flags, message.header.nlmsg_flags | NLM_F_REQUEST);
    EXPECT_TRUE(std::ranges::equal(back.payload.first(message.payload.size()), message.payload));
    EXPECT_EQ(::nlmsg_hdr(theirs.get())->nlmsg_seq, message.header.nlmsg_seq);
  }
}

TEST(interop, a_request_that_libnl_built) {
  const object_ptr<::rtnl_qdisc> bucket(::rtnl_qdisc_alloc());
  ::rtnl_tc* const tc = as_tc(bucket.get());
  ::rtnl_tc_set_ifindex(tc, 7);
  ::rtnl_tc_set_parent(tc, TC_H_ROOT);
  ::rtnl_tc_set_kind(tc, "tbf");
  ::rtnl_qdisc_tbf_set_rate(bucket.get(), 125000, 10000, 0);
  ::rtnl_qdisc_tbf_set_limit(bucket.get(), 20000);
  ::nl_msg* built = nullptr;
  ASSERT_GE(::rtnl_qdisc_build_add_request(bucket.get(), NLM_F_CREATE, &built), 0);
  const message_ptr owner(built);
  message_builder request(0);
  copy(*built, request);
  const auto bytes = bytes_of_message(request);
  const message_view message = messages_of(bytes).at(0);
  EXPECT_EQ(message.type(), RTM_NEWQDISC);
  EXPECT_TRUE(message.has(NLM_F_REQUEST) && message.has(NLM_F_CREATE));
  EXPECT_EQ(message.structure<::tcmsg>().tcm_ifindex, 7);
  const auto again = object_of<::rtnl_qdisc>(message);
  ASSERT_TRUE(again);
  EXPECT_EQ(::rtnl_qdisc_tbf_get_rate(again.get()), 125000);
}

TEST(interop, what_libnl_cannot_read_is_no_object) {
  message_builder unknown(0x7ff);
  unknown.structure(::tcmsg{});
  const auto bytes = bytes_of_message(unknown);
  EXPECT_FALSE(any_object_of(messages_of(bytes).at(0)));
  message_builder short_one(RTM_NEWQDISC);
  const auto nothing = bytes_of_message(short_one);
  EXPECT_FALSE(any_object_of(messages_of(nothing).at(0)));
}

}  // namespace
}  // namespace trivet::netlink::interop
