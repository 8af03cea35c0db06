// The part of `trivet probe` about packet fanout.
#ifndef TOOLS_TRIVET_PROBE_FANOUT_H_
#define TOOLS_TRIVET_PROBE_FANOUT_H_

#include "tools/trivet/probe.h"

namespace trivet::tool {

/// Modes, flags, programs and statistics of PACKET_FANOUT.
[[nodiscard]] capability_list fanout_capabilities();

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_PROBE_FANOUT_H_
