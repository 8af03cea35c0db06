// The requests by which objects of a kind are asked for. No socket is known here.
#ifndef TRIVET_NETLINK_OBJECT_DUMPS_H_
#define TRIVET_NETLINK_OBJECT_DUMPS_H_

#include <cstdint>
#include <functional>
#include <vector>

#include "trivet/netlink/message.h"
#include "trivet/netlink/objects.h"

namespace trivet::netlink {

/// RTM_GETLINK, RTM_GETADDR and so on, with headers that are exact, as NETLINK_GET_STRICT_CHK wants
/// them. Links without their counters.
/// @param kind    a single one: route_v4, not route
/// @param tables  RT_TABLE_: a request of routes for each; empty: one for all tables
/// @param visit   is called with each request; for client::dump
/// Source: rtnetlink(7)
void for_each_dump(objects kind, const std::vector<std::uint32_t>& tables,
                   const std::function<void(message_builder&)>& visit);

}  // namespace trivet::netlink

#endif  // TRIVET_NETLINK_OBJECT_DUMPS_H_
