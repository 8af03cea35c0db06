// What the kinds of queueing disciplines say of themselves, in the words of tc(8): their options,
// and what they count beside what all of them count.
#ifndef TOOLS_TRIVET_QDISC_OPTIONS_H_
#define TOOLS_TRIVET_QDISC_OPTIONS_H_

#include <string_view>

#include "tools/trivet/show_writer.h"
#include "trivet/base/bytes.h"

namespace trivet::tool {

/// How much of a queueing discipline is asked for.
struct extent {
  bool details = false;     ///< -d
  bool statistics = false;  ///< -s
};

/// One kind of queueing discipline.
struct qdisc_kind {
  std::string_view name;
  /// Prints TCA_OPTIONS; nullptr: it has none.
  void (*options)(show_writer& out, const_bytes bytes, const extent& how_much) = nullptr;
  /// Prints TCA_XSTATS; nullptr: it has none.
  void (*counts)(show_writer& out, const_bytes bytes) = nullptr;
};

/// The kind of that name; nullptr where it is not known here.
[[nodiscard]] const qdisc_kind* find_qdisc_kind(std::string_view name);

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_QDISC_OPTIONS_H_
