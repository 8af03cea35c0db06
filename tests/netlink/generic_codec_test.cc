// Families of generic netlink and their policies as the controllers of two real kernels told them.
#include <gtest/gtest.h>
#include <linux/ethtool_netlink.h>
#include <linux/genetlink.h>

#include <map>

#include "tests/netlink/codec_check.h"
#include "trivet/netlink/generic/family.h"
#include "trivet/netlink/generic/family_policy.h"

namespace trivet::netlink::generic {
namespace {

using trivet::testing::capture;
using trivet::testing::decode_all;
using trivet::testing::expect_round_trip;
using trivet::testing::messages_of;

using captured_families = trivet::testing::captured_test;
INSTANTIATE_CAPTURED_TEST(captured_families);

family family_named(std::string_view kernel, std::string_view name) {
  for (const family& f : decode_all<family>(kernel, "genl_family", GENL_ID_CTRL)) {
    if (f.name == name) return f;
  }
  throw std::runtime_error("no such family in the capture");
}

TEST_P(captured_families, nothing_is_lost_when_a_message_is_encoded_again) {
  expect_round_trip<family, ::genlmsghdr>(kernel(), "genl_family", {GENL_ID_CTRL});
}

TEST_P(captured_families, have_their_values) {
  const family controller = family_named(kernel(), "nlctrl");
  EXPECT_EQ(controller.id, GENL_ID_CTRL);
  EXPECT_EQ(controller.version, 2U);
  ASSERT_EQ(controller.operations->size(), 2U);
  EXPECT_EQ(controller.operations->at(0).id, std::uint32_t{CTRL_CMD_GETFAMILY});
  EXPECT_EQ(controller.operations->at(0).flags,
            std::uint32_t{GENL_CMD_CAP_DO | GENL_CMD_CAP_DUMP | GENL_CMD_CAP_HASPOL});
  EXPECT_EQ(controller.find_group("notify")->id, std::uint32_t{GENL_ID_CTRL});
  EXPECT_NE(family_named(kernel(), "ethtool").find_group("monitor"), nullptr);
  for (const family& f : decode_all<family>(kernel(), "genl_family", GENL_ID_CTRL)) {
    EXPECT_TRUE(f.others.empty()) << *f.name;
  }
}

TEST_P(captured_families, have_policies) {
  std::map<std::uint16_t, family_policies> all;
  const auto bytes = capture(kernel(), "genl_policy");
  for (const message_view& message : messages_of(bytes)) {
    if (message.type() != GENL_ID_CTRL) continue;
    attribute_reader in(message.attributes<::genlmsghdr>());
    attribute id;
    ASSERT_TRUE(in.next(id) && id.type == CTRL_ATTR_FAMILY_ID);
    EXPECT_TRUE(all[id.number<std::uint16_t>().value()].load(message));
  }
  ASSERT_EQ(all.size(), 2U);
  family_policies& controller = all.at(GENL_ID_CTRL);
  const std::uint32_t index = controller.operations.at(CTRL_CMD_GETFAMILY).request.value();
  EXPECT_EQ(controller.policies.at(index).at(CTRL_ATTR_FAMILY_ID).words, "u16");
  const std::string name = controller.policies.at(index).at(CTRL_ATTR_FAMILY_NAME).words;
  EXPECT_TRUE(name.starts_with("text with a zero byte")) << name;
  EXPECT_NE(name.find("15 bytes"), std::string::npos) << name;
  // What can only be dumped has no number in 6.18 (ctrl_dumppolicy_put_op).
  const std::uint32_t only_dumps = kernel() == "linux-6.18" ? 0 : CTRL_CMD_GETPOLICY;
  EXPECT_FALSE(controller.operations.at(only_dumps).request);
  EXPECT_TRUE(controller.operations.at(only_dumps).dump);
  family_policies& ethtool = all.rbegin()->second;
  const std::uint32_t get = ethtool.operations.at(ETHTOOL_MSG_LINKINFO_GET).request.value();
  const auto header = ethtool.policies.at(get).at(ETHTOOL_A_LINKINFO_HEADER);
  ASSERT_TRUE(header.policy_index) << "a nest";
  EXPECT_EQ(ethtool.policies.at(*header.policy_index).at(ETHTOOL_A_HEADER_DEV_INDEX).words, "u32");
}

}  // namespace
}  // namespace trivet::netlink::generic
