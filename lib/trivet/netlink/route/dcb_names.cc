#include "trivet/netlink/route/dcb_names.h"

#include <linux/dcbnl.h>

#include <cstdint>

#include "trivet/netlink/attribute.h"
#include "trivet/netlink/policy.h"
#include "trivet/netlink/route/dcb_structures.h"

namespace trivet::netlink::rtnl {
namespace {

// Newer than Linux 6.1.
constexpr std::uint16_t trust_table = 11;    // DCB_ATTR_DCB_APP_TRUST_TABLE
constexpr std::uint16_t rewrite_table = 12;  // DCB_ATTR_DCB_REWR_TABLE
constexpr std::uint16_t other_entry = 2;     // DCB_ATTR_DCB_APP

constexpr value_name mode_list[] = {{DCB_CAP_DCBX_HOST, "HOST"},
                                    {DCB_CAP_DCBX_LLD_MANAGED, "LLD_MANAGED"},
                                    {DCB_CAP_DCBX_VER_CEE, "VER_CEE"},
                                    {DCB_CAP_DCBX_VER_IEEE, "VER_IEEE"},
                                    {DCB_CAP_DCBX_STATIC, "STATIC"}};
constexpr value_names modes{"DCB_CAP_DCBX_", mode_list, true};
constexpr value_name feature_list[] = {{DCB_FEATCFG_ERROR, "ERROR"},
                                       {DCB_FEATCFG_ENABLE, "ENABLE"},
                                       {DCB_FEATCFG_WILLING, "WILLING"},
                                       {DCB_FEATCFG_ADVERTISE, "ADVERTISE"}};
constexpr value_names features{"DCB_FEATCFG_", feature_list, true};

constexpr attribute_rule<unread> entry_rules[] = {
    named<unread>(DCB_ATTR_IEEE_APP, "ieee-app", form::structure(structures::ieee_app)),
    named<unread>(other_entry, "dcb-app", form::structure(structures::ieee_app)),
};
constexpr attribute_policy<unread> entry_policy(entry_rules, "DCB_ATTR_");
constexpr attribute_names entry_names{&name_among<entry_policy>};

constexpr attribute_rule<unread> trust_rules[] = {
    named<unread>(DCB_ATTR_IEEE_APP, "ieee-app", form::number_of(structures::dcb_selectors)),
    named<unread>(other_entry, "dcb-app", form::number_of(structures::dcb_selectors)),
};
constexpr attribute_policy<unread> trust_policy(trust_rules, "DCB_ATTR_");
constexpr attribute_names trust_names{&name_among<trust_policy>};

constexpr attribute_rule<unread> ieee_rules[] = {
    named<unread>(DCB_ATTR_IEEE_ETS, "ieee-ets", form::structure(structures::ieee_ets)),
    named<unread>(DCB_ATTR_IEEE_PFC, "ieee-pfc", form::structure(structures::ieee_pfc)),
    named<unread>(DCB_ATTR_IEEE_APP_TABLE, "ieee-app-table", form::nest, &entry_names),
    named<unread>(DCB_ATTR_IEEE_PEER_ETS, "ieee-peer-ets", form::structure(structures::ieee_ets)),
    named<unread>(DCB_ATTR_IEEE_PEER_PFC, "ieee-peer-pfc", form::structure(structures::ieee_pfc)),
    named<unread>(DCB_ATTR_IEEE_PEER_APP, "ieee-peer-app", form::nest, &entry_names),
    named<unread>(DCB_ATTR_IEEE_MAXRATE, "ieee-maxrate", form::structure(structures::ieee_maxrate)),
    named<unread>(DCB_ATTR_IEEE_QCN, "ieee-qcn", form::structure(structures::ieee_qcn)),
    named<unread>(DCB_ATTR_IEEE_QCN_STATS, "ieee-qcn-stats",
                  form::structure(structures::ieee_qcn_stats)),
    named<unread>(DCB_ATTR_DCB_BUFFER, "dcb-buffer", form::structure(structures::dcbnl_buffer)),
    named<unread>(trust_table, "dcb-app-trust-table", form::nest, &trust_names),
    named<unread>(rewrite_table, "dcb-rewr-table", form::nest, &entry_names),
};
constexpr attribute_policy<unread> ieee_policy(ieee_rules, "DCB_ATTR_");
constexpr attribute_names ieee_names{&name_among<ieee_policy>};

constexpr attribute_rule<unread> priority_rules[] = {
    named<unread>(DCB_PFC_UP_ATTR_0, "0", form::number),
    named<unread>(DCB_PFC_UP_ATTR_1, "1", form::number),
    named<unread>(DCB_PFC_UP_ATTR_2, "2", form::number),
    named<unread>(DCB_PFC_UP_ATTR_3, "3", form::number),
    named<unread>(DCB_PFC_UP_ATTR_4, "4", form::number),
    named<unread>(DCB_PFC_UP_ATTR_5, "5", form::number),
    named<unread>(DCB_PFC_UP_ATTR_6, "6", form::number),
    named<unread>(DCB_PFC_UP_ATTR_7, "7", form::number),
    named<unread>(DCB_PFC_UP_ATTR_ALL, "all", form::presence),
};
constexpr attribute_policy<unread> priority_policy(priority_rules, "DCB_PFC_UP_ATTR_");
constexpr attribute_names priority_names{&name_among<priority_policy>};

constexpr attribute_rule<unread> class_rules[] = {
    named<unread>(DCB_TC_ATTR_PARAM_PGID, "pgid", form::number),
    named<unread>(DCB_TC_ATTR_PARAM_UP_MAPPING, "up-mapping", form::number),
    named<unread>(DCB_TC_ATTR_PARAM_STRICT_PRIO, "strict-prio", form::number),
    named<unread>(DCB_TC_ATTR_PARAM_BW_PCT, "bw-pct", form::number),
    named<unread>(DCB_TC_ATTR_PARAM_ALL, "all", form::presence),
};
constexpr attribute_policy<unread> class_policy(class_rules, "DCB_TC_ATTR_PARAM_");
constexpr attribute_names class_names{&name_among<class_policy>};

constexpr attribute_rule<unread> group_rules[] = {
    named<unread>(DCB_PG_ATTR_TC_0, "tc-0", form::nest, &class_names),
    named<unread>(DCB_PG_ATTR_TC_1, "tc-1", form::nest, &class_names),
    named<unread>(DCB_PG_ATTR_TC_2, "tc-2", form::nest, &class_names),
    named<unread>(DCB_PG_ATTR_TC_3, "tc-3", form::nest, &class_names),
    named<unread>(DCB_PG_ATTR_TC_4, "tc-4", form::nest, &class_names),
    named<unread>(DCB_PG_ATTR_TC_5, "tc-5", form::nest, &class_names),
    named<unread>(DCB_PG_ATTR_TC_6, "tc-6", form::nest, &class_names),
    named<unread>(DCB_PG_ATTR_TC_7, "tc-7", form::nest, &class_names),
    named<unread>(DCB_PG_ATTR_TC_ALL, "tc-all", form::nest, &class_names),
    named<unread>(DCB_PG_ATTR_BW_ID_0, "bw-id-0", form::number),
    named<unread>(DCB_PG_ATTR_BW_ID_1, "bw-id-1", form::number),
    named<unread>(DCB_PG_ATTR_BW_ID_2, "bw-id-2", form::number),
    named<unread>(DCB_PG_ATTR_BW_ID_3, "bw-id-3", form::number),
    named<unread>(DCB_PG_ATTR_BW_ID_4, "bw-id-4", form::number),
    named<unread>(DCB_PG_ATTR_BW_ID_5, "bw-id-5", form::number),
    named<unread>(DCB_PG_ATTR_BW_ID_6, "bw-id-6", form::number),
    named<unread>(DCB_PG_ATTR_BW_ID_7, "bw-id-7", form::number),
    named<unread>(DCB_PG_ATTR_BW_ID_ALL, "bw-id-all", form::presence),
};
constexpr attribute_policy<unread> group_policy(group_rules, "DCB_PG_ATTR_");
constexpr attribute_names group_names{&name_among<group_policy>};

constexpr attribute_rule<unread> application_rules[] = {
    named<unread>(DCB_APP_ATTR_IDTYPE, "idtype", form::number_of(structures::dcb_identifiers)),
    named<unread>(DCB_APP_ATTR_ID, "id", form::number),
    named<unread>(DCB_APP_ATTR_PRIORITY, "priority", form::number),
};
constexpr attribute_policy<unread> application_policy(application_rules, "DCB_APP_ATTR_");
constexpr attribute_names application_names{&name_among<application_policy>};

// The kernel gives the entries of this table the type that they have outside of it.
constexpr attribute_rule<unread> application_table_rules[] = {
    named<unread>(DCB_ATTR_APP, "app", form::nest, &application_names),
};
constexpr attribute_policy<unread> application_table_policy(application_table_rules, "DCB_ATTR_");
constexpr attribute_names application_table_names{&name_among<application_table_policy>};

constexpr attribute_rule<unread> feature_rules[] = {
    named<unread>(DCB_FEATCFG_ATTR_ALL, "all", form::presence),
    named<unread>(DCB_FEATCFG_ATTR_PG, "pg", form::number_of(features)),
    named<unread>(DCB_FEATCFG_ATTR_PFC, "pfc", form::number_of(features)),
    named<unread>(DCB_FEATCFG_ATTR_APP, "app", form::number_of(features)),
};
constexpr attribute_policy<unread> feature_policy(feature_rules, "DCB_FEATCFG_ATTR_");
constexpr attribute_names feature_names{&name_among<feature_policy>};

constexpr attribute_rule<unread> peer_table_rules[] = {
    named<unread>(DCB_ATTR_CEE_PEER_APP_INFO, "cee-peer-app-info",
                  form::structure(structures::dcb_peer_app_info)),
    named<unread>(DCB_ATTR_CEE_PEER_APP, "cee-peer-app", form::structure(structures::cee_app)),
};
constexpr attribute_policy<unread> peer_table_policy(peer_table_rules, "DCB_ATTR_");
constexpr attribute_names peer_table_names{&name_among<peer_table_policy>};

constexpr attribute_rule<unread> cee_rules[] = {
    named<unread>(DCB_ATTR_CEE_PEER_PG, "cee-peer-pg", form::structure(structures::cee_pg)),
    named<unread>(DCB_ATTR_CEE_PEER_PFC, "cee-peer-pfc", form::structure(structures::cee_pfc)),
    named<unread>(DCB_ATTR_CEE_PEER_APP_TABLE, "cee-peer-app-table", form::nest, &peer_table_names),
    named<unread>(DCB_ATTR_CEE_TX_PG, "cee-tx-pg", form::nest, &group_names),
    named<unread>(DCB_ATTR_CEE_RX_PG, "cee-rx-pg", form::nest, &group_names),
    named<unread>(DCB_ATTR_CEE_PFC, "cee-pfc", form::nest, &priority_names),
    named<unread>(DCB_ATTR_CEE_APP_TABLE, "cee-app-table", form::nest, &application_table_names),
    named<unread>(DCB_ATTR_CEE_FEAT, "cee-feat", form::nest, &feature_names),
};
constexpr attribute_policy<unread> cee_policy(cee_rules, "DCB_ATTR_");
constexpr attribute_names cee_names{&name_among<cee_policy>};

constexpr attribute_rule<unread> capability_rules[] = {
    named<unread>(DCB_CAP_ATTR_ALL, "all", form::presence),
    named<unread>(DCB_CAP_ATTR_PG, "pg", form::number),
    named<unread>(DCB_CAP_ATTR_PFC, "pfc", form::number),
    named<unread>(DCB_CAP_ATTR_UP2TC, "up2tc", form::number),
    named<unread>(DCB_CAP_ATTR_PG_TCS, "pg-tcs", form::number),
    named<unread>(DCB_CAP_ATTR_PFC_TCS, "pfc-tcs", form::number),
    named<unread>(DCB_CAP_ATTR_GSP, "gsp", form::number),
    named<unread>(DCB_CAP_ATTR_BCN, "bcn", form::number),
    named<unread>(DCB_CAP_ATTR_DCBX, "dcbx", form::number_of(modes)),
};
constexpr attribute_policy<unread> capability_policy(capability_rules, "DCB_CAP_ATTR_");
constexpr attribute_names capability_names{&name_among<capability_policy>};

constexpr attribute_rule<unread> class_count_rules[] = {
    named<unread>(DCB_NUMTCS_ATTR_ALL, "all", form::presence),
    named<unread>(DCB_NUMTCS_ATTR_PG, "pg", form::number),
    named<unread>(DCB_NUMTCS_ATTR_PFC, "pfc", form::number),
};
constexpr attribute_policy<unread> class_count_policy(class_count_rules, "DCB_NUMTCS_ATTR_");
constexpr attribute_names class_count_names{&name_among<class_count_policy>};

// Backward congestion notification.
constexpr attribute_rule<unread> congestion_rules[] = {
    named<unread>(DCB_BCN_ATTR_RP_0, "rp-0", form::number),
    named<unread>(DCB_BCN_ATTR_RP_1, "rp-1", form::number),
    named<unread>(DCB_BCN_ATTR_RP_2, "rp-2", form::number),
    named<unread>(DCB_BCN_ATTR_RP_3, "rp-3", form::number),
    named<unread>(DCB_BCN_ATTR_RP_4, "rp-4", form::number),
    named<unread>(DCB_BCN_ATTR_RP_5, "rp-5", form::number),
    named<unread>(DCB_BCN_ATTR_RP_6, "rp-6", form::number),
    named<unread>(DCB_BCN_ATTR_RP_7, "rp-7", form::number),
    named<unread>(DCB_BCN_ATTR_RP_ALL, "rp-all", form::presence),
    named<unread>(DCB_BCN_ATTR_BCNA_0, "bcna-0", form::number),
    named<unread>(DCB_BCN_ATTR_BCNA_1, "bcna-1", form::number),
    named<unread>(DCB_BCN_ATTR_ALPHA, "alpha", form::number),
    named<unread>(DCB_BCN_ATTR_BETA, "beta", form::number),
    named<unread>(DCB_BCN_ATTR_GD, "gd", form::number),
    named<unread>(DCB_BCN_ATTR_GI, "gi", form::number),
    named<unread>(DCB_BCN_ATTR_TMAX, "tmax", form::number),
    named<unread>(DCB_BCN_ATTR_TD, "td", form::number),
    named<unread>(DCB_BCN_ATTR_RMIN, "rmin", form::number),
    named<unread>(DCB_BCN_ATTR_W, "w", form::number),
    named<unread>(DCB_BCN_ATTR_RD, "rd", form::number),
    named<unread>(DCB_BCN_ATTR_RU, "ru", form::number),
    named<unread>(DCB_BCN_ATTR_WRTT, "wrtt", form::number),
    named<unread>(DCB_BCN_ATTR_RI, "ri", form::number),
    named<unread>(DCB_BCN_ATTR_C, "c", form::number),
    named<unread>(DCB_BCN_ATTR_ALL, "all", form::presence),
};
constexpr attribute_policy<unread> congestion_policy(congestion_rules, "DCB_BCN_ATTR_");
constexpr attribute_names congestion_names{&name_among<congestion_policy>};

constexpr attribute_rule<unread> rules[] = {
    named<unread>(DCB_ATTR_IFNAME, "ifname", form::text),
    named<unread>(DCB_ATTR_STATE, "state", form::number),
    named<unread>(DCB_ATTR_PFC_STATE, "pfc-state", form::number),
    named<unread>(DCB_ATTR_PFC_CFG, "pfc-cfg", form::nest, &priority_names),
    named<unread>(DCB_ATTR_NUM_TC, "num-tc", form::number),
    named<unread>(DCB_ATTR_PG_CFG, "pg-cfg", form::nest, &group_names),
    named<unread>(DCB_ATTR_SET_ALL, "set-all", form::number),
    named<unread>(DCB_ATTR_PERM_HWADDR, "perm-hwaddr", form::bytes),
    named<unread>(DCB_ATTR_CAP, "cap", form::nest, &capability_names),
    named<unread>(DCB_ATTR_NUMTCS, "numtcs", form::nest, &class_count_names),
    named<unread>(DCB_ATTR_BCN, "bcn", form::nest, &congestion_names),
    named<unread>(DCB_ATTR_APP, "app", form::nest, &application_names),
    named<unread>(DCB_ATTR_IEEE, "ieee", form::nest, &ieee_names),
    named<unread>(DCB_ATTR_DCBX, "dcbx", form::number_of(modes)),
    named<unread>(DCB_ATTR_FEATCFG, "featcfg", form::nest, &feature_names),
    named<unread>(DCB_ATTR_CEE, "cee", form::nest, &cee_names),
};
constexpr attribute_policy<unread> policy(rules, "DCB_ATTR_");

// A change is answered by the outcome, a byte in the place of the nest that was sent.
attribute_name name_of(std::uint16_t type, const_bytes beside) {
  attribute_name result = name_among<policy>(type, beside);
  if (result.form.kind == value_kind::nest && find_attribute(beside, type).data.size() == 1) {
    result.nest = nullptr;
    result.form = form::number;
  }
  return result;
}
constexpr attribute_names names{&name_of, sizeof(::dcbmsg), nest_layout::attributes,
                                &structures::dcbmsg};

}  // namespace

const attribute_names& dcb_names() noexcept { return names; }

}  // namespace trivet::netlink::rtnl
