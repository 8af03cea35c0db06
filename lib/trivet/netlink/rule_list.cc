#include "trivet/netlink/rule_list.h"

#include <functional>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace trivet::netlink {
namespace {

// The kernel leaves a priority of zero out.
std::uint32_t priority_of(const rtnl::rule& rule) { return rule.priority.value_or(0); }

// The same for what same_rule() holds to be the same: of all that it compares, what rules differ
// in.
std::size_t hash_of(const rtnl::rule& rule) {
  std::size_t h = 0;
  const auto take = [&h](std::size_t value) {
    h = (h ^ value) * 0x9e3779b97f4a7c15ULL;
    h ^= h >> 32;
  };
  const auto take_address = [&](const std::optional<rtnl::network_address>& address) {
    if (!address) return;
    const const_bytes bytes = address->bytes();
    take(std::hash<std::string_view>()(text_of(bytes)));
  };
  take(priority_of(rule));
  take(rule.table);
  take(rule.action);
  take(static_cast<std::size_t>(rule.source_length) << 8 | rule.destination_length);
  take_address(rule.source);
  take_address(rule.destination);
  take(rule.mark.value_or(0));
  take(rule.target.value_or(0));
  take(rule.uid_range ? rule.uid_range->start : 0);
  if (rule.input) take(std::hash<std::string>()(*rule.input));
  if (rule.output) take(std::hash<std::string>()(*rule.output));
  return h;
}

template <class Map, class Key>
void count_down(Map& counts, const Key& key) {
  const auto found = counts.find(key);
  if (found != counts.end() && --found->second == 0) counts.erase(found);
}

}  // namespace

void rule_list::index(const rtnl::rule& rule, position where) {
  by_hash_.emplace(hash_of(rule), where);
  if (rule.target) ++targets_[*rule.target];
  if (rule.input) ++links_[*rule.input];
  if (rule.output) ++links_[*rule.output];
}

void rule_list::unindex(const rtnl::rule& rule, position where) {
  const auto [begin, end] = by_hash_.equal_range(hash_of(rule));
  for (auto one = begin; one != end; ++one) {
    if (one->second != where) continue;
    by_hash_.erase(one);
    break;
  }
  if (rule.target) count_down(targets_, *rule.target);
  if (rule.input) count_down(links_, *rule.input);
  if (rule.output) count_down(links_, *rule.output);
}

rule_list::ordered::const_iterator rule_list::find(const rtnl::rule& rule) const {
  auto first = rules_.end();
  const auto [begin, end] = by_hash_.equal_range(hash_of(rule));
  for (auto one = begin; one != end; ++one) {
    if (first != rules_.end() && first->first < one->second) continue;
    const auto known = rules_.find(one->second);
    if (known != rules_.end() && rtnl::same_rule(*known->second, rule)) first = known;
  }
  return first;
}

void rule_list::insert(held<rtnl::rule> rule) {
  const position where{priority_of(*rule), came_++};
  index(*rule, where);
  rules_.emplace(where, std::move(rule));
}

void rule_list::add(rtnl::rule&& rule, differences& out) {
  auto added = std::make_shared<const rtnl::rule>(std::move(rule));
  insert(added);
  out.emplace_back(difference<rtnl::rule>{{}, std::move(added)});
}

bool rule_list::contains(const rtnl::rule& rule) const { return find(rule) != rules_.end(); }

bool rule_list::remove(const rtnl::rule& rule, differences& out) {
  const auto known = find(rule);
  if (known == rules_.end()) return false;
  out.emplace_back(difference<rtnl::rule>{known->second, {}});
  unindex(rule, known->first);
  rules_.erase(known);
  return true;
}

void rule_list::replace(rule_list&& newer, absences* doubtful, differences& out) {
  // Those that have found one like them are taken out of a copy, so that the next finds another.
  rule_list unmatched = newer;
  std::vector<held<rtnl::rule>> kept;
  for (const auto& [where, old] : rules_) {
    const auto same = unmatched.find(*old);
    if (same == unmatched.rules_.end()) {
      if (doubtful != nullptr && !doubtful->gone(old)) {
        kept.push_back(old);
      } else {
        out.emplace_back(difference<rtnl::rule>{old, {}});
      }
      continue;
    }
    const held<rtnl::rule> now = same->second;
    unmatched.unindex(*now, same->first);
    unmatched.rules_.erase(same);
    if (!rtnl::same_state(*old, *now)) out.emplace_back(difference<rtnl::rule>{old, now});
  }
  for (const auto& [where, now] : unmatched.rules_) {
    // A dump that others came into between two pieces has a rule twice.
    if (doubtful != nullptr && newer.find(*now)->first < where) {
      newer.unindex(*now, where);
      newer.rules_.erase(where);
    } else {
      out.emplace_back(difference<rtnl::rule>{{}, now});
    }
  }
  *this = std::move(newer);
  for (held<rtnl::rule>& rule : kept) insert(std::move(rule));
}

}  // namespace trivet::netlink
