// The routes of one key as a plain list, changed as the rules say: what the store is compared with.
#ifndef TRIVET_TESTS_NETLINK_ROUTE_MODEL_H_
#define TRIVET_TESTS_NETLINK_ROUTE_MODEL_H_

#include <cstddef>
#include <optional>
#include <vector>

#include "trivet/netlink/route_rules.h"

namespace trivet::testing {

/// A list, and what the last event changed in it.
struct route_model {
  netlink::route_list list;
  netlink::route_changes changes;

  /// RTM_NEWROUTE with its flags.
  netlink::certainty add(const netlink::rtnl::route& r, unsigned flags) {
    return apply(netlink::read_addition(list, r, flags), r);
  }
  /// RTM_DELROUTE.
  netlink::certainty remove(const netlink::rtnl::route& r) {
    return apply(netlink::read_removal(list, r), r);
  }

 private:
  netlink::certainty apply(const netlink::route_reading& reading,
                           const netlink::rtnl::route& told) {
    using action = netlink::route_edit::action;
    changes.clear();
    netlink::route_list first, last;
    std::vector<std::size_t> gone;
    for (const netlink::route_edit& edit : reading.edits) {
      const netlink::rtnl::route& now = edit.made ? *edit.made : told;
      switch (edit.what) {
        case action::write:
          if (!netlink::rtnl::same_state(list.at(edit.which), now)) {
            changes.push_back({list[edit.which], now});
          }
          list[edit.which] = now;
          break;
        case action::erase:
          changes.push_back({list.at(edit.which), std::nullopt});
          gone.push_back(edit.which);
          break;
        case action::insert_first:
          changes.push_back({std::nullopt, now});
          first.push_back(now);
          break;
        case action::insert_last:
          changes.push_back({std::nullopt, now});
          last.push_back(now);
          break;
      }
    }
    for (; !gone.empty(); gone.pop_back()) {
      list.erase(list.begin() + static_cast<std::ptrdiff_t>(gone.back()));
    }
    list.insert(list.begin(), first.begin(), first.end());
    list.insert(list.end(), last.begin(), last.end());
    return reading.how;
  }
};

}  // namespace trivet::testing

#endif  // TRIVET_TESTS_NETLINK_ROUTE_MODEL_H_
