// Messages as trees: data centre bridging, which few devices have. What is expected follows
// linux/dcbnl.h and net/dcb/dcbnl.c.
#include <gtest/gtest.h>
#include <linux/dcbnl.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <cstdint>

#include "tests/netlink/captures.h"
#include "tests/netlink/described.h"
#include "trivet/netlink/message.h"

namespace trivet::netlink {
namespace {

using testing::bytes_of_message;
using testing::described;
using testing::find;
using testing::number;
using testing::text;

message_builder request(std::uint16_t type, std::uint8_t command) {
  message_builder out(type);
  out.structure(::dcbmsg{AF_UNSPEC, command, 0});
  out.attributes().text(DCB_ATTR_IFNAME, "eth0");
  return out;
}

TEST(describe_dcb, names_the_command_and_the_device) {
  message_builder out = request(RTM_GETDCB, DCB_CMD_IEEE_GET);
  const auto got = described(bytes_of_message(out));
  EXPECT_EQ(got.name, "RTM_GETDCB");
  EXPECT_FALSE(got.flawed());
  EXPECT_EQ(find(got.parts, "cmd")->meaning, "DCB_CMD_IEEE_GET");
  EXPECT_EQ(text(find(got.parts, "DCB_ATTR_IFNAME")), "eth0");
}

TEST(describe_dcb, names_what_the_ieee_manages) {
  message_builder out = request(RTM_SETDCB, DCB_CMD_IEEE_SET);
  ::ieee_ets ets{};
  ets.willing = 1;
  ets.tc_tx_bw[3] = 90;
  ets.tc_tsa[7] = IEEE_8021QAZ_TSA_VENDOR;
  ::ieee_maxrate rates{};
  rates.tc_maxrate[2] = 10'000'000'000;
  ::ieee_pfc pfc{};
  pfc.pfc_en = 0x0a;
  pfc.requests[1] = 77;
  ::dcbnl_buffer buffer{};
  buffer.total_size = 4096;
  out.attributes().nested(DCB_ATTR_IEEE, [&](attribute_writer& in) {
    in.value(DCB_ATTR_IEEE_ETS, ets).value(DCB_ATTR_IEEE_MAXRATE, rates);
    in.value(DCB_ATTR_IEEE_PFC, pfc).value(DCB_ATTR_DCB_BUFFER, buffer);
    in.nested(DCB_ATTR_IEEE_APP_TABLE, [](attribute_writer& table) {
      table.value(DCB_ATTR_IEEE_APP, ::dcb_app{IEEE_8021QAZ_APP_SEL_DSCP, 5, 46});
    });
    in.nested(11, [](attribute_writer& trusted) {
      trusted.value(DCB_ATTR_IEEE_APP, std::uint8_t{IEEE_8021QAZ_APP_SEL_ETHERTYPE});
    });
  });
  const auto got = described(bytes_of_message(out));
  EXPECT_FALSE(got.flawed());
  EXPECT_EQ(number(find(got.parts, "willing")), 1U);
  EXPECT_EQ(number(find(find(got.parts, "tc_tx_bw")->children, "tc3")), 90U);
  EXPECT_EQ(number(find(find(got.parts, "tc_tsa")->children, "tc7")), 255U) << "it has no sign";
  EXPECT_EQ(number(find(find(got.parts, "tc_maxrate")->children, "tc2")), 10'000'000'000U);
  EXPECT_EQ(number(find(got.parts, "pfc_en")), 10U);
  EXPECT_EQ(number(find(find(got.parts, "requests")->children, "prio1")), 77U);
  EXPECT_EQ(number(find(got.parts, "total_size")), 4096U);
  EXPECT_EQ(find(got.parts, "selector")->meaning, "IEEE_8021QAZ_APP_SEL_DSCP");
  EXPECT_EQ(number(find(got.parts, "protocol")), 46U);
  const node* trusted = find(got.parts, "DCB_ATTR_DCB_APP_TRUST_TABLE");
  ASSERT_NE(trusted, nullptr);
  EXPECT_EQ(find(trusted->children, "DCB_ATTR_IEEE_APP")->meaning,
            "IEEE_8021QAZ_APP_SEL_ETHERTYPE");
}

TEST(describe_dcb, names_what_came_before_the_ieee) {
  message_builder out = request(RTM_GETDCB, DCB_CMD_CEE_GET);
  out.attributes().nested(DCB_ATTR_CEE, [](attribute_writer& in) {
    in.nested(DCB_ATTR_CEE_TX_PG, [](attribute_writer& group) {
      group.nested(DCB_PG_ATTR_TC_4, [](attribute_writer& one) {
        one.value(DCB_TC_ATTR_PARAM_PGID, std::uint8_t{6});
      });
      group.value(DCB_PG_ATTR_BW_ID_2, std::uint8_t{30});
    });
    in.nested(DCB_ATTR_CEE_APP_TABLE, [](attribute_writer& table) {
      table.nested(DCB_ATTR_APP, [](attribute_writer& one) {
        one.value(DCB_APP_ATTR_IDTYPE, std::uint8_t{DCB_APP_IDTYPE_PORTNUM});
        one.value(DCB_APP_ATTR_ID, std::uint16_t{3260});
      });
    });
    in.nested(DCB_ATTR_CEE_FEAT, [](attribute_writer& features) {
      features.value(DCB_FEATCFG_ATTR_PFC,
                     std::uint8_t{DCB_FEATCFG_ENABLE | DCB_FEATCFG_ADVERTISE});
    });
    in.nested(DCB_ATTR_CEE_PEER_APP_TABLE, [](attribute_writer& table) {
      table.value(DCB_ATTR_CEE_PEER_APP, ::dcb_app{DCB_APP_IDTYPE_PORTNUM, 4, 3260});
    });
  });
  out.attributes().value(DCB_ATTR_DCBX, std::uint8_t{DCB_CAP_DCBX_HOST | DCB_CAP_DCBX_VER_CEE});
  const auto got = described(bytes_of_message(out));
  EXPECT_FALSE(got.flawed());
  EXPECT_EQ(number(find(got.parts, "DCB_TC_ATTR_PARAM_PGID")), 6U);
  EXPECT_EQ(number(find(got.parts, "DCB_PG_ATTR_BW_ID_2")), 30U);
  EXPECT_EQ(find(got.parts, "DCB_APP_ATTR_IDTYPE")->meaning, "DCB_APP_IDTYPE_PORTNUM");
  EXPECT_EQ(find(got.parts, "DCB_FEATCFG_ATTR_PFC")->meaning,
            "DCB_FEATCFG_ENABLE|DCB_FEATCFG_ADVERTISE");
  EXPECT_EQ(find(got.parts, "selector")->meaning, "DCB_APP_IDTYPE_PORTNUM");
  EXPECT_EQ(find(got.parts, "DCB_ATTR_DCBX")->meaning, "DCB_CAP_DCBX_HOST|DCB_CAP_DCBX_VER_CEE");
}

TEST(describe_dcb, takes_the_outcome_of_a_change_for_what_it_is) {
  message_builder out = request(RTM_SETDCB, DCB_CMD_PFC_SCFG);
  out.attributes().value(DCB_ATTR_PFC_CFG, std::uint8_t{1});
  const auto got = described(bytes_of_message(out));
  EXPECT_FALSE(got.flawed());
  EXPECT_EQ(number(find(got.parts, "DCB_ATTR_PFC_CFG")), 1U);
}

}  // namespace
}  // namespace trivet::netlink
