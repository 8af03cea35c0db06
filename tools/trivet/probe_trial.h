// How the tables of `trivet probe` try things: sockets of any family, options by number.
#ifndef TOOLS_TRIVET_PROBE_TRIAL_H_
#define TOOLS_TRIVET_PROBE_TRIAL_H_

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tools/trivet/probe.h"
#include "trivet/base/address.h"
#include "trivet/base/socket_base.h"

namespace trivet::tool {

/// A socket of any family, by numbers: a probe asks for what may not exist.
class trial_socket final : public socket_base {
 public:
  trial_socket(int family, int type, int protocol) : socket_base(family, type, protocol) {}

  /// bind(2) and connect(2), which throw as a family's socket does.
  void bind(const sockaddr_bytes& local);
  void connect(const sockaddr_bytes& peer);

  /// setsockopt(2) of any value. Throws socket_error.
  void set_bytes(int level, int name, const_bytes value);
  template <class T>
  void set_option(int level, int name, const T& value) {
    set_bytes(level, name, std::as_bytes(std::span<const T, 1>(&value, 1)));
  }

  /// getsockopt(2) into a buffer of `size` bytes. Throws socket_error. @return the bytes answered
  [[nodiscard]] std::vector<std::byte> get_option(int level, int name, std::size_t size) const;
};

/// Which socket a table's rows are tried on.
struct socket_kind {
  int family;
  int type;
  int protocol;
};

/// Runs a trial: yes with `done` as its reason, or what the error that it threw means.
/// @param needs  the capability that EPERM asks for, where the error does not say it
[[nodiscard]] finding attempt(std::string_view done, const std::function<void()>& trial,
                              std::string_view needs = {});

/// A row for the family as a whole: "AF_TIPC".
[[nodiscard]] capability family_row(const socket_kind& kind);

/// A row for a socket type or protocol: opens one.
[[nodiscard]] capability socket_row(std::string_view kind, std::string_view name,
                                    const socket_kind& socket);

/// An option to try.
struct option_trial {
  std::string_view name;
  int level;
  int number;
  std::vector<std::byte> value;  ///< what to set; empty for (NULL, 0)
  std::size_t get_size = 0;      ///< above 0: get that many bytes instead of setting
  int known_by = 0;              ///< an errno that shows that the kernel knows the option
  std::string_view needs = {};   ///< the capability that EPERM asks for
};

/// The bytes of a value, for option_trial.
template <class T>
[[nodiscard]] std::vector<std::byte> value_of(const T& value) {
  const auto bytes = std::as_bytes(std::span<const T, 1>(&value, 1));
  return {bytes.begin(), bytes.end()};
}

/// A row for an option, each tried on a fresh socket.
[[nodiscard]] capability option_row(std::string_view kind, const socket_kind& socket,
                                    option_trial trial);

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_PROBE_TRIAL_H_
