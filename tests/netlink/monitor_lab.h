// What tests of the monitor share: routes that come and go without a process for each, and the
// comparison of a live table with the kernel's state.
#ifndef TESTS_NETLINK_MONITOR_LAB_H_
#define TESTS_NETLINK_MONITOR_LAB_H_

#include <cstdint>
#include <string>

#include "trivet/netlink/client.h"
#include "trivet/netlink/table.h"

namespace trivet::netlink {

/// Adds and deletes routes to a link, by their number: 10.0.0.0/32 and up, or 2001:db8::/48 and up.
/// In the calling thread's namespace. Throws where the kernel refuses.
class route_maker {
 public:
  /// @param link  its name
  route_maker(int family, const std::string& link);

  void add(std::uint32_t first, std::uint32_t count = 1);
  void remove(std::uint32_t first, std::uint32_t count = 1);
  /// Adds or deletes one, in turn.
  void toggle(std::uint32_t number) { (there_ = !there_) ? add(number) : remove(number); }

 private:
  void write(int type, std::uint32_t first, std::uint32_t count);

  int family_;
  std::uint32_t link_;
  bool there_ = false;
  client kernel_{NETLINK_ROUTE};
};

/// How a live table differs from what the kernel has now, whole objects and their order: routes
/// that share an identity, and rules. Empty where it does not. Of neighbours the state is left out,
/// whose steps are not told. In the calling thread's namespace; nothing may change meanwhile.
std::string difference_from_kernel(const table& live);

}  // namespace trivet::netlink

#endif  // TESTS_NETLINK_MONITOR_LAB_H_
