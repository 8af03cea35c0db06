// Why this kernel offers no sockets of a family: the reason and the cure.
#ifndef TRIVET_BASE_FAMILY_H_
#define TRIVET_BASE_FAMILY_H_

#include <string>
#include <string_view>

#include "trivet/base/error.h"

namespace trivet {

/// The name of an address family as constants spell it: "AF_TIPC"; "AF_" and the number where it
/// is unknown here.
[[nodiscard]] std::string family_name(int family);

/// The name of a socket type: "SOCK_RDM"; the number where it is unknown here. Both are pure.
[[nodiscard]] std::string type_name(int type);

/// What is known about a family that socket(2) refused. A value.
struct family_diagnosis {
  unavailable_reason reason;  ///< unknown where nothing was found
  std::string advice;         ///< why and what to do, one line
};

/// Looks into /sys, /proc, /lib/modules, modprobe.d and the kernel's configuration. Reads only;
/// nothing is loaded. Throws nothing but bad_alloc. Thread-safe.
/// Source: modprobe.d(5), the kernel's net/socket.c (request_module "net-pf-%d")
[[nodiscard]] family_diagnosis diagnose_family(int family);

}  // namespace trivet

#endif  // TRIVET_BASE_FAMILY_H_
