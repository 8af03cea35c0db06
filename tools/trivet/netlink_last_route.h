// The route of a batch's last line. Of a long file nearly all lines differ from the one before in
// their destination alone: then nothing else is read again.
#ifndef TOOLS_TRIVET_NETLINK_LAST_ROUTE_H_
#define TOOLS_TRIVET_NETLINK_LAST_ROUTE_H_

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "trivet/netlink/route/route.h"

namespace trivet::tool {

struct line_verb;

/// A line as "add 10.0.0.0/8 via 192.0.2.1", and what it says. Not shared between threads.
class last_route {
 public:
  /// What is said by these words, which are no view afterwards.
  /// @param verb  outlives this
  void keep(std::span<const std::string_view> words, const line_verb& verb,
            const netlink::rtnl::route& what);

  /// Whether the words are those that were kept but for the destination. The route has that one
  /// then. Throws usage_error where it is none.
  /// @param family  of -4 and -6
  [[nodiscard]] bool repeat(std::span<const std::string_view> words, int family);

  /// What names mean has changed.
  void forget() noexcept { count_ = 0; }

  [[nodiscard]] const line_verb& verb() const noexcept { return *verb_; }
  [[nodiscard]] const netlink::rtnl::route& route() const noexcept { return route_; }

 private:
  [[nodiscard]] bool has_others(std::span<const std::string_view> words) const noexcept;

  std::string others_;     // the words but the destination, each with its end
  std::size_t count_ = 0;  // of all words; 0: there is no line that can be repeated
  const line_verb* verb_ = nullptr;
  netlink::rtnl::route route_;
};

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_NETLINK_LAST_ROUTE_H_
