#include "trivet/netlink/netfilter_names.h"

#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>

#include <cstddef>
#include <span>

#include "trivet/netlink/netfilter/conntrack.h"
#include "trivet/netlink/netfilter/nfnetlink.h"
#include "trivet/netlink/policy.h"

namespace trivet::netlink::netfilter {
namespace {

// The messages of each subsystem from 0 on. Source: linux/netfilter/nfnetlink_conntrack.h and the
// headers beside it; of nftables those after GETFLOWTABLE are later than 6.1.
constexpr std::string_view ctnetlink[] = {
    "NEW",           "GET",       "DELETE",    "GET_CTRZERO",
    "GET_STATS_CPU", "GET_STATS", "GET_DYING", "GET_UNCONFIRMED"};
constexpr std::string_view ctnetlink_exp[] = {"NEW", "GET", "DELETE", "GET_STATS_CPU"};
constexpr std::string_view queue[] = {"PACKET", "VERDICT", "CONFIG", "VERDICT_BATCH"};
constexpr std::string_view ulog[] = {"PACKET", "CONFIG"};
constexpr std::string_view osf[] = {"ADD", "REMOVE"};
constexpr std::string_view ipset[] = {
    "NONE", "PROTOCOL", "CREATE", "DESTROY", "FLUSH",  "RENAME", "SWAP",       "LIST",
    "SAVE", "ADD",      "DEL",    "TEST",    "HEADER", "TYPE",   "GET_BYNAME", "GET_BYINDEX"};
constexpr std::string_view acct[] = {"NEW", "GET", "GET_CTRZERO", "DEL", "OVERQUOTA"};
constexpr std::string_view ctnetlink_timeout[] = {"NEW", "GET", "DELETE", "DEFAULT_SET",
                                                  "DEFAULT_GET"};
constexpr std::string_view cthelper[] = {"NEW", "GET", "DEL"};
constexpr std::string_view nftables[] = {
    "NEWTABLE",         "GETTABLE",        "DELTABLE",       "NEWCHAIN",
    "GETCHAIN",         "DELCHAIN",        "NEWRULE",        "GETRULE",
    "DELRULE",          "NEWSET",          "GETSET",         "DELSET",
    "NEWSETELEM",       "GETSETELEM",      "DELSETELEM",     "NEWGEN",
    "GETGEN",           "TRACE",           "NEWOBJ",         "GETOBJ",
    "DELOBJ",           "GETOBJ_RESET",    "NEWFLOWTABLE",   "GETFLOWTABLE",
    "DELFLOWTABLE",     "GETRULE_RESET",   "DESTROYTABLE",   "DESTROYCHAIN",
    "DESTROYRULE",      "DESTROYSET",      "DESTROYSETELEM", "DESTROYOBJ",
    "DESTROYFLOWTABLE", "GETSETELEM_RESET"};
constexpr std::string_view nft_compat[] = {"GET"};
constexpr std::string_view hook[] = {"GET"};

struct subsystem {
  std::uint8_t number;
  std::string_view name;
  std::string_view prefix;
  std::span<const std::string_view> messages;
};
constexpr subsystem subsystems[] = {
    {NFNL_SUBSYS_CTNETLINK, "NFNL_SUBSYS_CTNETLINK", "IPCTNL_MSG_CT_", ctnetlink},
    {NFNL_SUBSYS_CTNETLINK_EXP, "NFNL_SUBSYS_CTNETLINK_EXP", "IPCTNL_MSG_EXP_", ctnetlink_exp},
    {NFNL_SUBSYS_QUEUE, "NFNL_SUBSYS_QUEUE", "NFQNL_MSG_", queue},
    {NFNL_SUBSYS_ULOG, "NFNL_SUBSYS_ULOG", "NFULNL_MSG_", ulog},
    {NFNL_SUBSYS_OSF, "NFNL_SUBSYS_OSF", "OSF_MSG_", osf},
    {NFNL_SUBSYS_IPSET, "NFNL_SUBSYS_IPSET", "IPSET_CMD_", ipset},
    {NFNL_SUBSYS_ACCT, "NFNL_SUBSYS_ACCT", "NFNL_MSG_ACCT_", acct},
    {NFNL_SUBSYS_CTNETLINK_TIMEOUT, "NFNL_SUBSYS_CTNETLINK_TIMEOUT", "IPCTNL_MSG_TIMEOUT_",
     ctnetlink_timeout},
    {NFNL_SUBSYS_CTHELPER, "NFNL_SUBSYS_CTHELPER", "NFNL_MSG_CTHELPER_", cthelper},
    {NFNL_SUBSYS_NFTABLES, "NFNL_SUBSYS_NFTABLES", "NFT_MSG_", nftables},
    {NFNL_SUBSYS_NFT_COMPAT, "NFNL_SUBSYS_NFT_COMPAT", "NFNL_MSG_COMPAT_", nft_compat},
    {NFNL_SUBSYS_HOOK, "NFNL_SUBSYS_HOOK", "NFNL_MSG_HOOK_", hook},
};

constexpr value_name family_list[] = {{0, "UNSPEC"}, {1, "INET"},   {2, "IPV4"}, {3, "ARP"},
                                      {5, "NETDEV"}, {7, "BRIDGE"}, {10, "IPV6"}};
constexpr value_names families{"NFPROTO_", family_list};

constexpr value_field fields[] = {
    {"nfgen_family", offsetof(::nfgenmsg, nfgen_family), 1, form::number_of(families)},
    {"version", offsetof(::nfgenmsg, version), 1, form::number},
    {"res_id", offsetof(::nfgenmsg, res_id), 2, form::big_endian},
};
constexpr structure_form structure{"nfgenmsg", sizeof(::nfgenmsg), fields};

}  // namespace

std::string message_name(std::uint16_t type) {
  if (type == NFNL_MSG_BATCH_BEGIN) return "NFNL_MSG_BATCH_BEGIN";
  if (type == NLMSG_MIN_TYPE + 1) return "NFNL_MSG_BATCH_END";
  const unsigned message = type & 0xffU;
  for (const subsystem& s : subsystems) {
    if (s.number != type >> 8) continue;
    if (message < s.messages.size()) return std::string(s.prefix).append(s.messages[message]);
    return std::string(s.name).append(" message ").append(std::to_string(message));
  }
  return {};
}

bool is_question(std::string_view name) {
  return name.find("GET") != std::string_view::npos || name == "IPSET_CMD_LIST" ||
         name == "IPSET_CMD_SAVE" || name == "IPSET_CMD_PROTOCOL" || name == "IPSET_CMD_HEADER" ||
         name == "IPSET_CMD_TYPE";
}

bool is_removal(std::string_view name) {
  return name.find("_DEL") != std::string_view::npos ||
         name.find("_DESTROY") != std::string_view::npos;
}

const structure_form& structure_of_message() noexcept { return structure; }

const attribute_names* names_of_message(std::uint16_t type) {
  static constexpr attribute_names connections{&name_in_policy<connection>, sizeof(::nfgenmsg),
                                               nest_layout::attributes, &structure};
  static constexpr attribute_names counts{&name_in_policy<connection_count>, sizeof(::nfgenmsg),
                                          nest_layout::attributes, &structure};
  if (subsystem_of(type) != NFNL_SUBSYS_CTNETLINK) return nullptr;
  switch (message_of(type)) {
    case IPCTNL_MSG_CT_NEW:
    case IPCTNL_MSG_CT_GET:
    case IPCTNL_MSG_CT_DELETE:
    case IPCTNL_MSG_CT_GET_CTRZERO:
    case IPCTNL_MSG_CT_GET_DYING:
    case IPCTNL_MSG_CT_GET_UNCONFIRMED:
      return &connections;
    case IPCTNL_MSG_CT_GET_STATS:
      return &counts;
    default:
      return nullptr;
  }
}

}  // namespace trivet::netlink::netfilter
