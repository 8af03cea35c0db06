#include "trivet/netlink/route/message_names.h"

#include <linux/rtnetlink.h>

#include "trivet/netlink/route/request_names.h"

namespace trivet::netlink::rtnl {
namespace {

constexpr value_name list[] = {
    {RTM_NEWLINK, "NEWLINK"},
    {RTM_DELLINK, "DELLINK"},
    {RTM_GETLINK, "GETLINK"},
    {RTM_SETLINK, "SETLINK"},
    {RTM_NEWADDR, "NEWADDR"},
    {RTM_DELADDR, "DELADDR"},
    {RTM_GETADDR, "GETADDR"},
    {RTM_NEWROUTE, "NEWROUTE"},
    {RTM_DELROUTE, "DELROUTE"},
    {RTM_GETROUTE, "GETROUTE"},
    {RTM_NEWNEIGH, "NEWNEIGH"},
    {RTM_DELNEIGH, "DELNEIGH"},
    {RTM_GETNEIGH, "GETNEIGH"},
    {RTM_NEWRULE, "NEWRULE"},
    {RTM_DELRULE, "DELRULE"},
    {RTM_GETRULE, "GETRULE"},
    {RTM_NEWQDISC, "NEWQDISC"},
    {RTM_DELQDISC, "DELQDISC"},
    {RTM_GETQDISC, "GETQDISC"},
    {RTM_NEWTCLASS, "NEWTCLASS"},
    {RTM_DELTCLASS, "DELTCLASS"},
    {RTM_GETTCLASS, "GETTCLASS"},
    {RTM_NEWTFILTER, "NEWTFILTER"},
    {RTM_DELTFILTER, "DELTFILTER"},
    {RTM_GETTFILTER, "GETTFILTER"},
    {RTM_NEWACTION, "NEWACTION"},
    {RTM_DELACTION, "DELACTION"},
    {RTM_GETACTION, "GETACTION"},
    {RTM_NEWPREFIX, "NEWPREFIX"},
    {RTM_GETMULTICAST, "GETMULTICAST"},
    {RTM_GETANYCAST, "GETANYCAST"},
    {RTM_NEWNEIGHTBL, "NEWNEIGHTBL"},
    {RTM_GETNEIGHTBL, "GETNEIGHTBL"},
    {RTM_SETNEIGHTBL, "SETNEIGHTBL"},
    {RTM_NEWNDUSEROPT, "NEWNDUSEROPT"},
    {RTM_NEWADDRLABEL, "NEWADDRLABEL"},
    {RTM_DELADDRLABEL, "DELADDRLABEL"},
    {RTM_GETADDRLABEL, "GETADDRLABEL"},
    {RTM_GETDCB, "GETDCB"},
    {RTM_SETDCB, "SETDCB"},
    {RTM_NEWNETCONF, "NEWNETCONF"},
    {RTM_DELNETCONF, "DELNETCONF"},
    {RTM_GETNETCONF, "GETNETCONF"},
    {RTM_NEWMDB, "NEWMDB"},
    {RTM_DELMDB, "DELMDB"},
    {RTM_GETMDB, "GETMDB"},
    {RTM_NEWNSID, "NEWNSID"},
    {RTM_DELNSID, "DELNSID"},
    {RTM_GETNSID, "GETNSID"},
    {RTM_NEWSTATS, "NEWSTATS"},
    {RTM_GETSTATS, "GETSTATS"},
    {RTM_SETSTATS, "SETSTATS"},
    {RTM_NEWCACHEREPORT, "NEWCACHEREPORT"},
    {RTM_NEWCHAIN, "NEWCHAIN"},
    {RTM_DELCHAIN, "DELCHAIN"},
    {RTM_GETCHAIN, "GETCHAIN"},
    {RTM_NEWNEXTHOP, "NEWNEXTHOP"},
    {RTM_DELNEXTHOP, "DELNEXTHOP"},
    {RTM_GETNEXTHOP, "GETNEXTHOP"},
    {RTM_NEWLINKPROP, "NEWLINKPROP"},
    {RTM_DELLINKPROP, "DELLINKPROP"},
    {RTM_GETLINKPROP, "GETLINKPROP"},
    {RTM_NEWVLAN, "NEWVLAN"},
    {RTM_DELVLAN, "DELVLAN"},
    {RTM_GETVLAN, "GETVLAN"},
    {RTM_NEWNEXTHOPBUCKET, "NEWNEXTHOPBUCKET"},
    {RTM_DELNEXTHOPBUCKET, "DELNEXTHOPBUCKET"},
    {RTM_GETNEXTHOPBUCKET, "GETNEXTHOPBUCKET"},
    {RTM_NEWTUNNEL, "NEWTUNNEL"},
    {RTM_DELTUNNEL, "DELTUNNEL"},
    {RTM_GETTUNNEL, "GETTUNNEL"},
    {56, "NEWMULTICAST"},  // since 6.15, as the three that follow
    {57, "DELMULTICAST"},
    {60, "NEWANYCAST"},
    {61, "DELANYCAST"},
};
constexpr value_names names{"RTM_", list};

}  // namespace

const value_names& message_names() noexcept { return names; }

const structure_form* structure_of_message(std::uint16_t type) {
  const attribute_names* const attributes = names_of_request(type);
  return attributes == nullptr ? nullptr : attributes->structure;
}

}  // namespace trivet::netlink::rtnl
