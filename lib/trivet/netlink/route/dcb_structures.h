// The structs of data centre bridging, member by member. Source: linux/dcbnl.h
#ifndef TRIVET_NETLINK_ROUTE_DCB_STRUCTURES_H_
#define TRIVET_NETLINK_ROUTE_DCB_STRUCTURES_H_

#include <linux/dcbnl.h>

#include <cstddef>

#include "trivet/netlink/route/link_values.h"
#include "trivet/netlink/value_form.h"

namespace trivet::netlink::rtnl::structures {

inline constexpr value_name dcb_command_list[] = {
    {DCB_CMD_GSTATE, "GSTATE"},
    {DCB_CMD_SSTATE, "SSTATE"},
    {DCB_CMD_PGTX_GCFG, "PGTX_GCFG"},
    {DCB_CMD_PGTX_SCFG, "PGTX_SCFG"},
    {DCB_CMD_PGRX_GCFG, "PGRX_GCFG"},
    {DCB_CMD_PGRX_SCFG, "PGRX_SCFG"},
    {DCB_CMD_PFC_GCFG, "PFC_GCFG"},
    {DCB_CMD_PFC_SCFG, "PFC_SCFG"},
    {DCB_CMD_SET_ALL, "SET_ALL"},
    {DCB_CMD_GPERM_HWADDR, "GPERM_HWADDR"},
    {DCB_CMD_GCAP, "GCAP"},
    {DCB_CMD_GNUMTCS, "GNUMTCS"},
    {DCB_CMD_SNUMTCS, "SNUMTCS"},
    {DCB_CMD_PFC_GSTATE, "PFC_GSTATE"},
    {DCB_CMD_PFC_SSTATE, "PFC_SSTATE"},
    {DCB_CMD_BCN_GCFG, "BCN_GCFG"},
    {DCB_CMD_BCN_SCFG, "BCN_SCFG"},
    {DCB_CMD_GAPP, "GAPP"},
    {DCB_CMD_SAPP, "SAPP"},
    {DCB_CMD_IEEE_SET, "IEEE_SET"},
    {DCB_CMD_IEEE_GET, "IEEE_GET"},
    {DCB_CMD_GDCBX, "GDCBX"},
    {DCB_CMD_SDCBX, "SDCBX"},
    {DCB_CMD_GFEATCFG, "GFEATCFG"},
    {DCB_CMD_SFEATCFG, "SFEATCFG"},
    {DCB_CMD_CEE_GET, "CEE_GET"},
    {DCB_CMD_IEEE_DEL, "IEEE_DEL"},
};
inline constexpr value_names dcb_commands{"DCB_CMD_", dcb_command_list};

inline constexpr value_field dcbmsg_fields[] = {
    {"dcb_family", offsetof(::dcbmsg, dcb_family), sizeof(::dcbmsg::dcb_family),
     form::number_of(values::families)},
    {"cmd", offsetof(::dcbmsg, cmd), sizeof(::dcbmsg::cmd), form::number_of(dcb_commands)},
};
/// Of RTM_GETDCB and RTM_SETDCB.
inline constexpr structure_form dcbmsg{"dcbmsg", sizeof(::dcbmsg), dcbmsg_fields};

/// What the elements of arrays go by.
inline constexpr value_name dcb_digits[] = {{0, "0"}, {1, "1"}, {2, "2"}, {3, "3"},
                                            {4, "4"}, {5, "5"}, {6, "6"}, {7, "7"}};
inline constexpr value_names dcb_classes{"tc", dcb_digits};
inline constexpr value_names dcb_priorities{"prio", dcb_digits};
inline constexpr value_names dcb_groups{"pg", dcb_digits};
inline constexpr value_names dcb_buffers{"buffer", dcb_digits};

inline constexpr value_name dcb_selector_list[] = {
    {IEEE_8021QAZ_APP_SEL_ETHERTYPE, "IEEE_8021QAZ_APP_SEL_ETHERTYPE"},
    {IEEE_8021QAZ_APP_SEL_STREAM, "IEEE_8021QAZ_APP_SEL_STREAM"},
    {IEEE_8021QAZ_APP_SEL_DGRAM, "IEEE_8021QAZ_APP_SEL_DGRAM"},
    {IEEE_8021QAZ_APP_SEL_ANY, "IEEE_8021QAZ_APP_SEL_ANY"},
    {IEEE_8021QAZ_APP_SEL_DSCP, "IEEE_8021QAZ_APP_SEL_DSCP"},
    {255, "DCB_APP_SEL_PCP"},  // newer than Linux 6.1
};
inline constexpr value_names dcb_selectors{"", dcb_selector_list};
inline constexpr value_name dcb_identifier_list[] = {{DCB_APP_IDTYPE_ETHTYPE, "ETHTYPE"},
                                                     {DCB_APP_IDTYPE_PORTNUM, "PORTNUM"}};
inline constexpr value_names dcb_identifiers{"DCB_APP_IDTYPE_", dcb_identifier_list};
inline constexpr value_field ieee_ets_fields[] = {
    {"willing", offsetof(::ieee_ets, willing), 1, form::number},
    {"ets_cap", offsetof(::ieee_ets, ets_cap), 1, form::number},
    {"cbs", offsetof(::ieee_ets, cbs), 1, form::number},
    {"tc_tx_bw", offsetof(::ieee_ets, tc_tx_bw), 8, form::numbers(1, dcb_classes)},
    {"tc_rx_bw", offsetof(::ieee_ets, tc_rx_bw), 8, form::numbers(1, dcb_classes)},
    {"tc_tsa", offsetof(::ieee_ets, tc_tsa), 8, form::numbers(1, dcb_classes)},
    {"prio_tc", offsetof(::ieee_ets, prio_tc), 8, form::numbers(1, dcb_priorities)},
    {"tc_reco_bw", offsetof(::ieee_ets, tc_reco_bw), 8, form::numbers(1, dcb_classes)},
    {"tc_reco_tsa", offsetof(::ieee_ets, tc_reco_tsa), 8, form::numbers(1, dcb_classes)},
    {"reco_prio_tc", offsetof(::ieee_ets, reco_prio_tc), 8, form::numbers(1, dcb_priorities)},
};
/// Enhanced transmission selection: DCB_ATTR_IEEE_ETS and _PEER_ETS. Shares in percent.
inline constexpr structure_form ieee_ets{"ieee_ets", sizeof(::ieee_ets), ieee_ets_fields};

inline constexpr value_field ieee_pfc_fields[] = {
    {"pfc_cap", offsetof(::ieee_pfc, pfc_cap), 1, form::number},
    {"pfc_en", offsetof(::ieee_pfc, pfc_en), 1, form::number},
    {"mbc", offsetof(::ieee_pfc, mbc), 1, form::number},
    {"delay", offsetof(::ieee_pfc, delay), 2, form::number},
    {"requests", offsetof(::ieee_pfc, requests), 64, form::numbers(8, dcb_priorities)},
    {"indications", offsetof(::ieee_pfc, indications), 64, form::numbers(8, dcb_priorities)},
};
/// Priority flow control: DCB_ATTR_IEEE_PFC and _PEER_PFC.
inline constexpr structure_form ieee_pfc{"ieee_pfc", sizeof(::ieee_pfc), ieee_pfc_fields};

inline constexpr value_field ieee_maxrate_fields[] = {
    {"tc_maxrate", offsetof(::ieee_maxrate, tc_maxrate), 64, form::numbers(8, dcb_classes)},
};
/// DCB_ATTR_IEEE_MAXRATE, in kbit/s.
inline constexpr structure_form ieee_maxrate{"ieee_maxrate", sizeof(::ieee_maxrate),
                                             ieee_maxrate_fields};

inline constexpr value_field ieee_qcn_fields[] = {
    {"rpg_enable", offsetof(::ieee_qcn, rpg_enable), 8, form::numbers(1, dcb_priorities)},
    {"rppp_max_rps", offsetof(::ieee_qcn, rppp_max_rps), 32, form::numbers(4, dcb_priorities)},
    {"rpg_time_reset", offsetof(::ieee_qcn, rpg_time_reset), 32, form::numbers(4, dcb_priorities)},
    {"rpg_byte_reset", offsetof(::ieee_qcn, rpg_byte_reset), 32, form::numbers(4, dcb_priorities)},
    {"rpg_threshold", offsetof(::ieee_qcn, rpg_threshold), 32, form::numbers(4, dcb_priorities)},
    {"rpg_max_rate", offsetof(::ieee_qcn, rpg_max_rate), 32, form::numbers(4, dcb_priorities)},
    {"rpg_ai_rate", offsetof(::ieee_qcn, rpg_ai_rate), 32, form::numbers(4, dcb_priorities)},
    {"rpg_hai_rate", offsetof(::ieee_qcn, rpg_hai_rate), 32, form::numbers(4, dcb_priorities)},
    {"rpg_gd", offsetof(::ieee_qcn, rpg_gd), 32, form::numbers(4, dcb_priorities)},
    {"rpg_min_dec_fac", offsetof(::ieee_qcn, rpg_min_dec_fac), 32,
     form::numbers(4, dcb_priorities)},
    {"rpg_min_rate", offsetof(::ieee_qcn, rpg_min_rate), 32, form::numbers(4, dcb_priorities)},
    {"cndd_state_machine", offsetof(::ieee_qcn, cndd_state_machine), 32,
     form::numbers(4, dcb_priorities)},
};
/// Quantized congestion notification: DCB_ATTR_IEEE_QCN.
inline constexpr structure_form ieee_qcn{"ieee_qcn", sizeof(::ieee_qcn), ieee_qcn_fields};

inline constexpr value_field ieee_qcn_stats_fields[] = {
    {"rppp_rp_centiseconds", offsetof(::ieee_qcn_stats, rppp_rp_centiseconds), 64,
     form::numbers(8, dcb_priorities)},
    {"rppp_created_rps", offsetof(::ieee_qcn_stats, rppp_created_rps), 32,
     form::numbers(4, dcb_priorities)},
};
/// DCB_ATTR_IEEE_QCN_STATS.
inline constexpr structure_form ieee_qcn_stats{"ieee_qcn_stats", sizeof(::ieee_qcn_stats),
                                               ieee_qcn_stats_fields};

inline constexpr value_field dcbnl_buffer_fields[] = {
    {"prio2buffer", offsetof(::dcbnl_buffer, prio2buffer), 8, form::numbers(1, dcb_priorities)},
    {"buffer_size", offsetof(::dcbnl_buffer, buffer_size), 32, form::numbers(4, dcb_buffers)},
    {"total_size", offsetof(::dcbnl_buffer, total_size), 4, form::number},
};
/// DCB_ATTR_DCB_BUFFER, in bytes.
inline constexpr structure_form dcbnl_buffer{"dcbnl_buffer", sizeof(::dcbnl_buffer),
                                             dcbnl_buffer_fields};

inline constexpr value_field ieee_app_fields[] = {
    {"selector", offsetof(::dcb_app, selector), 1, form::number_of(dcb_selectors)},
    {"priority", offsetof(::dcb_app, priority), 1, form::number},
    {"protocol", offsetof(::dcb_app, protocol), 2, form::number},
};
/// DCB_ATTR_IEEE_APP: what a protocol is to have.
inline constexpr structure_form ieee_app{"dcb_app", sizeof(::dcb_app), ieee_app_fields};

inline constexpr value_field cee_pg_fields[] = {
    {"willing", offsetof(::cee_pg, willing), 1, form::number},
    {"error", offsetof(::cee_pg, error), 1, form::number},
    {"pg_en", offsetof(::cee_pg, pg_en), 1, form::number},
    {"tcs_supported", offsetof(::cee_pg, tcs_supported), 1, form::number},
    {"pg_bw", offsetof(::cee_pg, pg_bw), 8, form::numbers(1, dcb_groups)},
    {"prio_pg", offsetof(::cee_pg, prio_pg), 8, form::numbers(1, dcb_priorities)},
};
/// DCB_ATTR_CEE_PEER_PG.
inline constexpr structure_form cee_pg{"cee_pg", sizeof(::cee_pg), cee_pg_fields};

inline constexpr value_field cee_pfc_fields[] = {
    {"willing", offsetof(::cee_pfc, willing), 1, form::number},
    {"error", offsetof(::cee_pfc, error), 1, form::number},
    {"pfc_en", offsetof(::cee_pfc, pfc_en), 1, form::number},
    {"tcs_supported", offsetof(::cee_pfc, tcs_supported), 1, form::number},
};
/// DCB_ATTR_CEE_PEER_PFC.
inline constexpr structure_form cee_pfc{"cee_pfc", sizeof(::cee_pfc), cee_pfc_fields};

inline constexpr value_field dcb_peer_app_info_fields[] = {
    {"willing", offsetof(::dcb_peer_app_info, willing), 1, form::number},
    {"error", offsetof(::dcb_peer_app_info, error), 1, form::number},
};
/// DCB_ATTR_CEE_PEER_APP_INFO.
inline constexpr structure_form dcb_peer_app_info{"dcb_peer_app_info", sizeof(::dcb_peer_app_info),
                                                  dcb_peer_app_info_fields};

inline constexpr value_field cee_app_fields[] = {
    {"selector", offsetof(::dcb_app, selector), 1, form::number_of(dcb_identifiers)},
    {"priority", offsetof(::dcb_app, priority), 1, form::number},
    {"protocol", offsetof(::dcb_app, protocol), 2, form::number},
};
/// The same struct in DCB_ATTR_CEE_PEER_APP, where selectors have other names.
inline constexpr structure_form cee_app{"dcb_app", sizeof(::dcb_app), cee_app_fields};

}  // namespace trivet::netlink::rtnl::structures

#endif  // TRIVET_NETLINK_ROUTE_DCB_STRUCTURES_H_
