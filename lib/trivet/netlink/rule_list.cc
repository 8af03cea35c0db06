#include "trivet/netlink/rule_list.h"

#include <algorithm>
#include <utility>

namespace trivet::netlink {
namespace {

// The kernel leaves a priority of zero out.
std::uint32_t priority_of(const held<rtnl::rule>& rule) { return rule->priority.value_or(0); }

}  // namespace

void rule_list::add(rtnl::rule&& rule, differences& out) {
  auto added = std::make_shared<const rtnl::rule>(std::move(rule));
  const auto place = std::upper_bound(
      rules_.begin(), rules_.end(), added,
      [](const auto& a, const auto& b) { return priority_of(a) < priority_of(b); });
  rules_.insert(place, added);
  out.emplace_back(difference<rtnl::rule>{{}, std::move(added)});
}

bool rule_list::contains(const rtnl::rule& rule) const {
  return std::any_of(rules_.begin(), rules_.end(),
                     [&](const auto& one) { return rtnl::same_rule(*one, rule); });
}

bool rule_list::any_goes_to(std::uint32_t priority) const {
  return std::any_of(rules_.begin(), rules_.end(),
                     [=](const auto& rule) { return rule->target == priority; });
}

bool rule_list::any_names(const std::string& link) const {
  return std::any_of(rules_.begin(), rules_.end(),
                     [&](const auto& rule) { return rule->input == link || rule->output == link; });
}

bool rule_list::remove(const rtnl::rule& rule, differences& out) {
  const auto known = std::find_if(rules_.begin(), rules_.end(),
                                  [&](const auto& one) { return rtnl::same_rule(*one, rule); });
  if (known == rules_.end()) return false;
  out.emplace_back(difference<rtnl::rule>{std::move(*known), {}});
  rules_.erase(known);
  return true;
}

void rule_list::replace(rule_list&& newer, differences& out) {
  std::vector<bool> matched(newer.rules_.size());
  for (held<rtnl::rule>& old : rules_) {
    std::size_t i = 0;
    while (i < matched.size() && (matched[i] || !rtnl::same_rule(*old, *newer.rules_[i]))) ++i;
    if (i == matched.size()) {
      out.emplace_back(difference<rtnl::rule>{std::move(old), {}});
      continue;
    }
    matched[i] = true;
    if (!rtnl::same_state(*old, *newer.rules_[i])) {
      out.emplace_back(difference<rtnl::rule>{std::move(old), newer.rules_[i]});
    }
  }
  for (std::size_t i = 0; i < matched.size(); ++i) {
    if (!matched[i]) out.emplace_back(difference<rtnl::rule>{{}, newer.rules_[i]});
  }
  rules_ = std::move(newer.rules_);
}

}  // namespace trivet::netlink
