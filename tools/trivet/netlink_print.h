// The events of a netlink monitor as lines: text, or JSON with the keys of `ip -j`.
#ifndef TOOLS_TRIVET_NETLINK_PRINT_H_
#define TOOLS_TRIVET_NETLINK_PRINT_H_

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "tools/trivet/netlink_objects.h"
#include "trivet/netlink/event.h"
#include "trivet/netlink/objects.h"
#include "trivet/netlink/table.h"

namespace trivet::tool {

struct context;

/// Prints events and counts them. One thread.
class event_printer {
 public:
  /// @param shown  the kinds of objects that are printed; of links the names are learnt anyway
  event_printer(context& ctx, netlink::objects shown);

  /// Remembers the names of the links that there are.
  void learn_names(const netlink::table& state);

  /// Prints every object that there is.
  void print_state(const netlink::table& state);

  void print(const netlink::event& event);

  /// "9 events: link 2 (1 added, 1 changed, 0 removed), addr …; 1 overrun (12 lost)"
  [[nodiscard]] std::string summary() const;

 private:
  /// What has been seen of one kind of object.
  struct tally {
    std::string_view name;
    std::uint64_t added = 0;
    std::uint64_t changed = 0;
    std::uint64_t removed = 0;
    [[nodiscard]] std::uint64_t sum() const { return added + changed + removed; }
  };

  template <class T>
  void print_present(const T& object);
  template <class T>
  void print_difference(const netlink::difference<T>& change);
  template <class T>
  void print_line(std::string_view word, ink color, const T& object);
  template <class T>
  void print_changed(const netlink::difference<T>& change);
  template <class T>
  void print_changed_json(const netlink::difference<T>& change);
  void print_overrun(const netlink::event& event);
  void print_resync(const netlink::event& event);

  context& ctx_;
  netlink::objects shown_;
  naming names_;
  std::array<tally, 3> tallies_{{{"link"}, {"addr"}, {"route"}}};
  std::uint64_t overruns_ = 0;
  std::uint64_t lost_ = 0;
};

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_NETLINK_PRINT_H_
