// What every verb is given: the common flags, standard output and the namespace to work in.
#ifndef TOOLS_TRIVET_CONTEXT_H_
#define TOOLS_TRIVET_CONTEXT_H_

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tools/trivet/nouns.h"
#include "tools/trivet/output.h"
#include "tools/trivet/palette.h"
#include "trivet/base/netns.h"

namespace trivet::tool {

/// One run of the command. Filled in by the command line before a verb runs; one thread.
struct context {
  bool json = false;                 ///< -j: JSON instead of text
  palette paint{false};              ///< does nothing unless colour is wanted
  output out;                        ///< standard output
  std::optional<std::string> netns;  ///< --netns as it was written

  std::map<const CLI::App*, std::vector<declare_function>> put_off;  ///< see command.h
  std::function<void()> run;                                         ///< the verb chosen
  std::string command = "trivet";  ///< the words that chose it: "trivet socket send"

  /// Calls `open` inside the network namespace of --netns and returns what it returns: open every
  /// socket here, and use it anywhere afterwards, because a socket keeps its namespace.
  template <class F>
  auto open(F&& open_socket) const {
    if (!netns) return std::forward<F>(open_socket)();
    return network_namespace::parse(*netns).run(std::forward<F>(open_socket));
  }
};

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_CONTEXT_H_
