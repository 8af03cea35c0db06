// The rules of one family in the kernel's order. No socket is known here.
#ifndef TRIVET_NETLINK_RULE_LIST_H_
#define TRIVET_NETLINK_RULE_LIST_H_

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>

#include "trivet/netlink/absences.h"
#include "trivet/netlink/event.h"

namespace trivet::netlink {

/// By priority, and as they came within one. A rule has no identity but all of itself, and the same
/// rule may be there twice: the kernel adds what NLM_F_REPLACE was to replace. Finding one, adding
/// and removing take the same time with thousands of rules, or nearly so. One thread at a time.
class rule_list {
  // A priority, and how many came before: the order of the kernel.
  using position = std::pair<std::uint32_t, std::uint64_t>;
  using ordered = std::map<position, held<rtnl::rule>>;

 public:
  /// Over rules that are shared and never changed, as events hand them out.
  class const_iterator {
   public:
    using iterator_category = std::bidirectional_iterator_tag;
    using value_type = held<rtnl::rule>;
    using difference_type = std::ptrdiff_t;
    using pointer = const value_type*;
    using reference = const value_type&;

    const_iterator() noexcept = default;
    [[nodiscard]] reference operator*() const noexcept { return at_->second; }
    [[nodiscard]] pointer operator->() const noexcept { return &at_->second; }
    const_iterator& operator++() noexcept {
      ++at_;
      return *this;
    }
    const_iterator operator++(int) noexcept { return const_iterator(at_++); }
    const_iterator& operator--() noexcept {
      --at_;
      return *this;
    }
    const_iterator operator--(int) noexcept { return const_iterator(at_--); }
    friend bool operator==(const const_iterator&, const const_iterator&) noexcept = default;

   private:
    friend rule_list;
    explicit const_iterator(ordered::const_iterator at) noexcept : at_(at) {}

    ordered::const_iterator at_{};
  };

  /// The rules in the kernel's order. Valid until the next change.
  [[nodiscard]] const_iterator begin() const noexcept { return const_iterator(rules_.begin()); }
  [[nodiscard]] const_iterator end() const noexcept { return const_iterator(rules_.end()); }
  [[nodiscard]] std::size_t size() const noexcept { return rules_.size(); }

  /// Whether the same rule is there.
  [[nodiscard]] bool contains(const rtnl::rule& rule) const;
  /// Whether a rule goes to those of that priority: it is resolved while there are any.
  [[nodiscard]] bool any_goes_to(std::uint32_t priority) const {
    return targets_.contains(priority);
  }
  /// Whether a rule is about a link of that name: it is detached while there is none.
  [[nodiscard]] bool any_names(const std::string& link) const { return links_.contains(link); }

  /// Behind those of its priority, where the kernel puts it.
  void add(rtnl::rule&& rule, differences& out);
  /// The first that is the same. @return whether there was one
  bool remove(const rtnl::rule& rule, differences& out);
  /// Becomes `newer`, and appends how it differed.
  /// @param doubtful  judges what `newer` lacks; what it does not take for gone stays, behind those
  ///   of its priority. nullptr: all of that is gone
  void replace(rule_list&& newer, absences* doubtful, differences& out);

 private:
  void insert(held<rtnl::rule> rule);
  void index(const rtnl::rule& rule, position where);
  void unindex(const rtnl::rule& rule, position where);
  [[nodiscard]] ordered::const_iterator find(const rtnl::rule& rule) const;

  ordered rules_;
  std::uint64_t came_ = 0;  // how many there have been
  std::unordered_multimap<std::size_t, position> by_hash_;
  std::unordered_map<std::uint32_t, std::size_t> targets_;  // how many go there
  std::unordered_map<std::string, std::size_t> links_;      // how many name it
};

}  // namespace trivet::netlink

#endif  // TRIVET_NETLINK_RULE_LIST_H_
