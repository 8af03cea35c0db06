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
  /// @param stamped  each line says when it was printed, in local time to the microsecond
  event_printer(context& ctx, netlink::objects shown, bool stamped);

  /// Remembers the names of the links that there are.
  void learn_names(const netlink::table& state);

  /// Prints every object that there is.
  void print_state(const netlink::table& state);

  void print(const netlink::event& event);

  /// Prints what there is at the end: a line for each object, or one JSON document with the objects
  /// of each kind below "table".
  void print_table(const netlink::table& state);

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

  void begin_json(json_writer& json, std::string_view word) const;
  void line(const std::string& text);
  template <class T>
  void print_present(std::string_view word, const T& object);
  void print_all(std::string_view word, const netlink::table& state);
  void print_table_json(const netlink::table& state);
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
  bool stamped_;
  naming names_;
  std::array<tally, 3> tallies_{{{"link"}, {"addr"}, {"route"}}};
  std::uint64_t overruns_ = 0;
  std::uint64_t lost_ = 0;
};

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_NETLINK_PRINT_H_
