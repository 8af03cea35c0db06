// Virtual Ethernet between namespaces. Every function throws command_error if the kernel refuses.

#ifndef TESTS_LAB_LINKS_H_
#define TESTS_LAB_LINKS_H_

#include <string>

#include "tests/lab/net_namespace.h"
#include "tests/lab/wait.h"

namespace trivet::lab {

/// A network device in a namespace.
struct device {
  const net_namespace& where;
  std::string name;
};

/// A veth pair between two devices that are not there yet; both are up and have their carrier when
/// this returns.
void join(const device& one, const device& other);

/// A bridge, up, without spanning tree (which would hold frames back for seconds).
void add_bridge(const device& bridge);

/// join(), and `port` becomes a port of the bridge in the same namespace.
void plug(const device& station, const device& port, const std::string& bridge);

/// ip address add, e.g. "192.0.2.1/24" or "2001:db8::1/64"; IPv6 without duplicate address
/// detection, so that it may be used at once.
void add_address(const device& where, const std::string& address);

/// Up and with a carrier, heard by rtnetlink.
/// @throws std::runtime_error at the deadline
void wait_until_running(const device& where, deadline until = after(patience));

}  // namespace trivet::lab

#endif  // TESTS_LAB_LINKS_H_
