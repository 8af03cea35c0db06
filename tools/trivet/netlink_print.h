// The events of a netlink monitor as lines: text, or JSON with the keys of `ip -j`.
#ifndef TOOLS_TRIVET_NETLINK_PRINT_H_
#define TOOLS_TRIVET_NETLINK_PRINT_H_

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "tools/trivet/netlink_document.h"
#include "tools/trivet/netlink_drawing.h"
#include "tools/trivet/netlink_monitor_counts.h"
#include "tools/trivet/netlink_show_nexthop.h"
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
  bool numeric = false;  ///< numbers in place of names: -N
  /// How the namespace is called in each line, where there are several; else empty.
  std::string netns{};
  /// Each line says by which number the namespace goes: `nsid`, or nothing for the own one.
  bool numbered = false;
  std::optional<std::int32_t> nsid{};
  bool stateless = false;  ///< nothing is known but what is heard: a loss is not made good
};

/// Prints events and counts them. One thread.
class event_printer {
 public:
  event_printer(context& ctx, const event_style& style);
  event_printer(const event_printer&) = delete;
  event_printer& operator=(const event_printer&) = delete;

  /// Remembers the names of the links that there are and, for -d, the nexthop objects.
  void learn_names(const netlink::table& state);

  /// Prints every object that there is.
  void print_state(const netlink::table& state);

  void print(const netlink::event& event);

  /// Prints a notification of a namespace whose state is not known: "new", which may also be a
  /// change, or "removed".
  void print_heard(const netlink::message_view& message);

  /// Remembers a link's name.
  void learn_name(const netlink::rtnl::link& link) { drawing_.names.learn(link); }

  /// Prints what there is at the end: a line for each object, or one JSON document with the objects
  /// of each kind below "table".
  void print_table(const netlink::table& state);

  /// The same objects by kind, as one JSON object.
  [[nodiscard]] std::string table_document(const netlink::table& state);

  /// Prints a line about the namespace as a whole.
  /// @param members  JSON: what is said of it, instead of `text`
  void print_netns(std::string_view word, ink color, std::string_view text,
                   const std::function<void(show_writer&)>& members);

  /// How the namespace is called from now on.
  void set_netns(std::string label) { style_.netns = std::move(label); }

  [[nodiscard]] const event_counts& counts() const noexcept { return counts_; }
  /// event_counts::summary of what is shown.
  [[nodiscard]] std::string summary() const { return counts_.summary(style_.shown); }

 private:
  void learn(const netlink::rtnl::link& link);
  void learn(const netlink::rtnl::nexthop& nexthop);
  template <class Object>
  void learn(const Object& /*nothing refers to it*/) {}
  void forget(const netlink::rtnl::nexthop& nexthop);
  template <class Object>
  void forget(const Object& /*it was not learnt, or its name stays*/) {}

  void begin_json(std::string_view word);
  void end_json();
  void line(const std::string& text);

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
  void print_overrun(const netlink::event& event);
  void print_resync(const netlink::event& event);

  context& ctx_;
  event_style style_;
  netlink_options options_;
  drawing drawing_;
  route_printer routes_;
  nexthop_list nexthops_;
  // Those that are gone stay for a while: the routes that used them are told of after them.
  std::deque<std::uint32_t> gone_nexthops_;
  event_counts counts_;
};

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_NETLINK_PRINT_H_
