// Messages of two real kernels as libnl's objects, and libnl's requests as ours.
#include <gtest/gtest.h>
#include <linux/if_ether.h>
#include <netlink/route/cls/basic.h>
#include <netlink/route/cls/u32.h>
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

TEST(interop, filters) {
  for (const std::string_view kernel : captured_kernels) {
    std::map<std::string, object_ptr<::rtnl_cls>>
        last;  // the last of a kind: u32 begins with tables
    const auto bytes = capture(kernel, "filter");
    for (const message_view& message : messages_of(bytes)) {
      if (message.type() != RTM_NEWTFILTER) continue;
      auto filter = object_of<::rtnl_cls>(message);
      ASSERT_TRUE(filter);
      ::rtnl_tc* const tc = as_tc(filter.get());
      const auto raw = message.structure<::tcmsg>();
      EXPECT_EQ(::rtnl_tc_get_ifindex(tc), raw.tcm_ifindex);
      EXPECT_EQ(::rtnl_tc_get_parent(tc), 0x10000U);
      EXPECT_EQ(::rtnl_tc_get_handle(tc), raw.tcm_handle);
      EXPECT_EQ(::rtnl_cls_get_prio(filter.get()), TC_H_MAJ(raw.tcm_info) >> 16);
      EXPECT_EQ(::rtnl_cls_get_protocol(filter.get()),
                big_endian(static_cast<std::uint16_t>(TC_H_MIN(raw.tcm_info))));
      EXPECT_FALSE(object_of<::rtnl_qdisc>(message)) << "a filter is no qdisc";
      last[::rtnl_tc_get_kind(tc)] = std::move(filter);
    }
    ::rtnl_cls* const u32 = last.at("u32").get();
    EXPECT_EQ(::rtnl_cls_get_prio(u32), 10) << kernel;
    EXPECT_EQ(::rtnl_cls_get_protocol(u32), ETH_P_IP);
    std::uint32_t value = 0;
    EXPECT_EQ(::rtnl_u32_get_classid(u32, &value), 0);
    EXPECT_EQ(value, 0x10010U);
    std::uint32_t mask = 0;
    int offset = 0;
    int offset_mask = 0;
    EXPECT_EQ(::rtnl_u32_get_key(u32, 0, &value, &mask, &offset, &offset_mask), 0);
    EXPECT_EQ(big_endian(value), 0xc0000200U) << "192.0.2.0";
    EXPECT_EQ(big_endian(mask), 0xffffff00U);
    EXPECT_EQ(offset, 16);
    if (kernel != "linux-6.1") continue;  // the other one has no other kinds
    EXPECT_EQ(::rtnl_tc_get_handle(as_tc(last.at("fw").get())), 7U);
    EXPECT_EQ(::rtnl_cls_get_protocol(last.at("fw").get()), ETH_P_IPV6);
    EXPECT_EQ(::rtnl_basic_get_target(last.at("basic").get()), 0x10010U);
    EXPECT_EQ(::rtnl_cls_get_protocol(last.at("matchall").get()), ETH_P_ALL);
    EXPECT_TRUE(last.contains("flower"));
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
