// trivet netlink monitor --all-netns: the monitors of many namespaces in one stream.
#ifndef TOOLS_TRIVET_NETLINK_MONITOR_NAMESPACES_H_
#define TOOLS_TRIVET_NETLINK_MONITOR_NAMESPACES_H_

#include "tools/trivet/netlink_print.h"
#include "trivet/netlink/namespace_monitor.h"

namespace trivet::tool {

struct context;
class stop_signal;

struct namespaces_request {
  netlink::namespace_monitor_options options;
  event_style style;     ///< without a namespace
  bool initial = false;  ///< print what there is at first
  bool table = false;    ///< and at the end
};

/// Prints what is heard from all namespaces that have a number in this one:
/// NETLINK_LISTEN_ALL_NSID.
void listen_namespaces(context& ctx, const stop_signal& stop, netlink::objects what,
                       int receive_buffer, event_style style);

/// Prints what happens in all network namespaces until the run is to stop.
void monitor_namespaces(context& ctx, const stop_signal& stop, const namespaces_request& request);

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_NETLINK_MONITOR_NAMESPACES_H_
