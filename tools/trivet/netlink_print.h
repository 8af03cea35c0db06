// The events of a netlink monitor as lines: text, or JSON with the keys of `ip -j`.
#ifndef TOOLS_TRIVET_NETLINK_PRINT_H_
#define TOOLS_TRIVET_NETLINK_PRINT_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "tools/trivet/netlink_document.h"
#include "tools/trivet/netlink_drawing.h"
#include "tools/trivet/netlink_show_route.h"
#include "trivet/netlink/event.h"
#include "trivet/netlink/objects.h"
#include "trivet/netlink/table.h"

namespace trivet::tool {

struct context;

/// How events are printed.
struct event_style {
  /// The kinds of objects that are printed; of links the names are learnt anyway.
  netlink::objects shown = netlink::objects::all;
  std::optional<std::string> device;  ///< only what belongs to a link of that name
  bool stamped = false;  ///< each line says when it was printed, in local time to the microsecond
  bool details = false;  ///< everything that is known of an object: -d
};

/// Prints events and counts them. One thread.
class event_printer {
 public:
  event_printer(context& ctx, const event_style& style);
  event_printer(const event_printer&) = delete;
  event_printer& operator=(const event_printer&) = delete;

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
    std::uint64_t added = 0;
    std::uint64_t changed = 0;
    std::uint64_t removed = 0;
    [[nodiscard]] std::uint64_t sum() const { return added + changed + removed; }
  };

  void begin_json(std::string_view word);
  void end_json();
  void line(const std::string& text);

  template <class Object>
  [[nodiscard]] bool is_shown(const Object& object) const;
  template <class Object>
  void draw(const Object& object);
  template <class Object>
  [[nodiscard]] document document_of(const Object& object);
  template <class Object>
  void print_line(std::string_view word, ink color, const Object& object);
  template <class Object>
  void print_present(std::string_view word, const Object& object);
  template <class Object>
  void print_changed(const Object& before, const Object& after);
  template <class Object>
  void print_difference(const Object& before, const Object& after);

  void print_all(std::string_view word, const netlink::table& state);
  void print_table_json(const netlink::table& state);
  template <class Object>
  void print_element(const Object& object);
  void print_addresses(const netlink::table& state);
  void print_overrun(const netlink::event& event);
  void print_resync(const netlink::event& event);

  context& ctx_;
  event_style style_;
  netlink_options options_;
  drawing drawing_;
  route_printer routes_;
  std::array<tally, 6> tallies_;
  std::uint64_t overruns_ = 0;
  std::uint64_t lost_ = 0;
};

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_NETLINK_PRINT_H_
