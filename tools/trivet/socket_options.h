// What `trivet socket` was asked to do.
#ifndef TOOLS_TRIVET_SOCKET_OPTIONS_H_
#define TOOLS_TRIVET_SOCKET_OPTIONS_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace trivet::tool {

/// The options of send and receive as they were written, and checked where that needs no family.
struct socket_options {
  std::string family;
  std::string address;
  std::optional<std::string> type;      ///< --type; the family's own choice where it is not given
  std::optional<std::string> protocol;  ///< --protocol
  std::optional<std::chrono::nanoseconds> timeout;  ///< --timeout

  std::string data = "-";           ///< send --data; "-" is standard input
  std::optional<std::string> from;  ///< send --from
  bool reply = false;               ///< send --reply

  std::optional<std::uint64_t> count;  ///< receive --count
  bool echo = false;                   ///< receive --echo
};

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_SOCKET_OPTIONS_H_
