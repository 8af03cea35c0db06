// The rules of one family in the kernel's order. No socket is known here.
#ifndef TRIVET_NETLINK_RULE_LIST_H_
#define TRIVET_NETLINK_RULE_LIST_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "trivet/netlink/event.h"

namespace trivet::netlink {

/// By priority, and as they came within one. A rule has no identity but all of itself, and the same
/// rule may be there twice: the kernel adds what NLM_F_REPLACE was to replace. One thread at a
/// time.
class rule_list {
 public:
  /// Shared and never changed, as events hand them out.
  using list = std::vector<held<rtnl::rule>>;

  /// The rules in the kernel's order. Valid until the next change.
  [[nodiscard]] list::const_iterator begin() const noexcept { return rules_.begin(); }
  [[nodiscard]] list::const_iterator end() const noexcept { return rules_.end(); }
  [[nodiscard]] std::size_t size() const noexcept { return rules_.size(); }

  /// Whether the same rule is there.
  [[nodiscard]] bool contains(const rtnl::rule& rule) const;
  /// Whether a rule goes to those of that priority: it is resolved while there are any.
  [[nodiscard]] bool any_goes_to(std::uint32_t priority) const;
  /// Whether a rule is about a link of that name: it is detached while there is none.
  [[nodiscard]] bool any_names(const std::string& link) const;

  /// Behind those of its priority, where the kernel puts it.
  void add(rtnl::rule&& rule, differences& out);
  /// The first that is the same. @return whether there was one
  bool remove(const rtnl::rule& rule, differences& out);
  /// Becomes `newer`, and appends how it differed.
  void replace(rule_list&& newer, differences& out);

 private:
  list rules_;
};

}  // namespace trivet::netlink

#endif  // TRIVET_NETLINK_RULE_LIST_H_
