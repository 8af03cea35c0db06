#include "tools/trivet/netlink_print.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <ctime>
#include <type_traits>

#include "tools/trivet/context.h"

namespace trivet::tool {
namespace {

using netlink::difference;
using netlink::event;
using netlink::event_kind;
using netlink::objects;
namespace rtnl = netlink::rtnl;

/// Where an object's kind stands in the tallies.
template <class T>
constexpr std::size_t place_of = std::is_same_v<T, rtnl::link>      ? 0
                                 : std::is_same_v<T, rtnl::address> ? 1
                                                                    : 2;

template <class T>
constexpr objects kind_of = std::is_same_v<T, rtnl::link>      ? objects::link
                            : std::is_same_v<T, rtnl::address> ? objects::address
                                                               : objects::route;

constexpr std::string_view object_names[] = {"link", "addr", "route"};

std::string_view word_of(event_kind kind) {
  switch (kind) {
    case event_kind::added:
      return "added";
    case event_kind::changed:
      return "changed";
    case event_kind::removed:
      return "removed";
    case event_kind::overrun:
      return "overrun";
    case event_kind::resync_begin:
      return "resync_begin";
    case event_kind::resync_end:
      return "resync_end";
  }
  return "";
}

/// The seconds that are left of an object pass without an event.
bool runs_by_itself(const document_change& change) {
  constexpr std::int64_t forever = 0xffffffff;
  if (change.name != "valid_life_time" && change.name != "preferred_life_time" &&
      change.name != "expires") {
    return false;
  }
  const document never(forever);
  const document none;
  return change.before != never && change.after != never && change.before != none &&
         change.after != none;
}

/// "2026-11-22T20:55:00.123456", in local time, as `ip -ts monitor` prints it.
std::string time_now() {
  ::timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  ::tm local{};
  ::localtime_r(&now.tv_sec, &local);
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:06}", local, now.tv_nsec / 1000);
}

void write_members(json_writer& json, const document::object& members) {
  for (const auto& [name, value] : members) value.write(json.key(name));
}

}  // namespace

event_printer::event_printer(context& ctx, objects shown, bool stamped)
    : ctx_(ctx), shown_(shown), stamped_(stamped) {
  names_.system = rtnl::names::system();
}

void event_printer::begin_json(json_writer& json, std::string_view word) const {
  json.begin_object();
  if (stamped_) json.member("timestamp", time_now());
  json.member("event", word);
}

void event_printer::line(const std::string& text) {
  ctx_.out.line(stamped_ ? fmt::format("[{}] {}", time_now(), text) : text);
}

template <class T>
void event_printer::print_line(std::string_view word, ink color, const T& object) {
  if (ctx_.json) {
    json_writer json;
    begin_json(json, word);
    json.member("object", object_names[place_of<T>]);
    write_members(json, to_document(object, names_));
    ctx_.out.line(json.end_object().take());
    return;
  }
  line(fmt::format("{} {:5} {}", ctx_.paint(color, fmt::format("{:7}", word)),
                   object_names[place_of<T>], to_text(object, names_, ctx_.paint)));
}

template <class T>
void event_printer::print_changed(const difference<T>& change) {
  if (ctx_.json) {
    print_changed_json(change);
    return;
  }
  const T& after = *change.after;  // a route is decoded into it
  auto changes = text_changes(*change.before, after, names_);
  std::erase_if(changes, runs_by_itself);
  std::string text;
  for (const document_change& one : changes) text += (text.empty() ? "" : ", ") + one.text();
  if (text.empty()) text = "in something that is not shown";
  line(fmt::format("{} {:5} {}: {}", ctx_.paint(ink::changed, "changed"), object_names[place_of<T>],
                   title(after, names_, ctx_.paint), text));
}

template <class T>
void event_printer::print_changed_json(const difference<T>& change) {
  const document::object after = to_document(*change.after, names_);
  json_writer json;
  begin_json(json, "changed");
  json.member("object", object_names[place_of<T>]);
  write_members(json, after);
  json.key("old").begin_object();
  for (const auto& one : changes_between(to_document(*change.before, names_), after)) {
    if (!runs_by_itself(one)) one.before.write(json.key(one.name));
  }
  ctx_.out.line(json.end_object().end_object().take());
}

template <class T>
void event_printer::print_present(std::string_view word, const T& object) {
  if (netlink::overlap(kind_of<T>, shown_)) print_line(word, ink::faint, object);
}

void event_printer::learn_names(const netlink::table& state) {
  for (const auto& [index, link] : state.links()) names_.learn(*link);
}

void event_printer::print_all(std::string_view word, const netlink::table& state) {
  learn_names(state);  // all of them first: a link may stand on one that comes after it
  for (const auto& [index, link] : state.links()) print_present(word, *link);
  for (const auto& [key, address] : state.addresses()) print_present(word, *address);
  for (const netlink::route_view route : state.routes_v4()) print_present(word, route.decode());
  for (const netlink::route_view route : state.routes_v6()) print_present(word, route.decode());
}

void event_printer::print_state(const netlink::table& state) { print_all("present", state); }

void event_printer::print_table(const netlink::table& state) {
  if (ctx_.json) {
    print_table_json(state);
  } else {
    print_all("now", state);
  }
}

void event_printer::print_table_json(const netlink::table& state) {
  learn_names(state);
  json_writer json;
  json.begin_object().key("table").begin_object();
  const auto write = [&](const auto& object) {
    json.begin_object();
    write_members(json, to_document(object, names_));
    json.end_object();
  };
  if (netlink::overlap(objects::link, shown_)) {
    json.key("link").begin_array();
    for (const auto& [index, link] : state.links()) write(*link);
    json.end_array();
  }
  if (netlink::overlap(objects::address, shown_)) {
    json.key("addr").begin_array();
    for (const auto& [key, address] : state.addresses()) write(*address);
    json.end_array();
  }
  if (netlink::overlap(objects::route, shown_)) {
    json.key("route").begin_array();
    for (const netlink::route_view route : state.routes_v4()) write(route.decode());
    for (const netlink::route_view route : state.routes_v6()) write(route.decode());
    json.end_array();
  }
  ctx_.out.line(json.end_object().end_object().take());
}

template <class T>
void event_printer::print_difference(const difference<T>& change) {
  if constexpr (std::is_same_v<T, rtnl::link>) {
    if (change.after) names_.learn(*change.after);
  }
  if (!netlink::overlap(kind_of<T>, shown_)) return;
  tally& seen = tallies_[place_of<T>];
  switch (change.kind()) {
    case event_kind::added:
      ++seen.added;
      print_line("added", ink::added, *change.after);
      break;
    case event_kind::removed:
      ++seen.removed;
      print_line("removed", ink::removed, *change.before);
      break;
    default:
      ++seen.changed;
      print_changed(change);
      break;
  }
}

void event_printer::print_overrun(const event& event) {
  ++overruns_;
  lost_ += event.lost;
  if (ctx_.json) {
    json_writer json;
    begin_json(json, "overrun");
    ctx_.out.line(json.member("lost", event.lost).end_object().take());
    return;
  }
  const std::string count = event.lost == 0 ? "some" : std::to_string(event.lost);
  line(fmt::format("{} the kernel lost {} events: the state is read again",
                   ctx_.paint(ink::warning, "overrun"), count));
}

void event_printer::print_resync(const event& event) {
  if (ctx_.json) {
    json_writer json;
    begin_json(json, word_of(event.kind));
    if (event.kind == event_kind::resync_end) json.member("complete", event.complete);
    ctx_.out.line(json.end_object().take());
    return;
  }
  const std::string_view what =
      event.kind == event_kind::resync_begin ? "begin: what differs follows"
      : event.complete                       ? "end: nothing is missing"
                       : "end: changes keep coming; the state is read again later";
  line(fmt::format("{} {}", ctx_.paint(ink::warning, "resync "), what));
}

void event_printer::print(const event& event) {
  switch (event.kind) {
    case event_kind::overrun:
      print_overrun(event);
      return;
    case event_kind::resync_begin:
    case event_kind::resync_end:
      print_resync(event);
      return;
    default:
      break;
  }
  std::visit(
      [this](const auto& change) {
        using changed = std::decay_t<decltype(change)>;
        if constexpr (std::is_same_v<changed, difference<rtnl::link>> ||
                      std::is_same_v<changed, difference<rtnl::address>> ||
                      std::is_same_v<changed, difference<rtnl::route>>) {
          print_difference(change);
        }
      },
      event.object);
}

std::string event_printer::summary() const {
  std::uint64_t sum = 0;
  std::string text;
  for (std::size_t i = 0; i < tallies_.size(); ++i) {
    const objects kinds[] = {objects::link, objects::address, objects::route};
    if (!netlink::overlap(kinds[i], shown_)) continue;
    const tally& seen = tallies_[i];
    sum += seen.sum();
    text += fmt::format("{}{} {} ({} added, {} changed, {} removed)", text.empty() ? "" : ", ",
                        seen.name, seen.sum(), seen.added, seen.changed, seen.removed);
  }
  const std::string overruns = overruns_ == 0 ? "no overrun"
                                              : fmt::format("{} overrun{} ({} lost)", overruns_,
                                                            overruns_ == 1 ? "" : "s", lost_);
  return fmt::format("{} event{}: {}; {}", sum, sum == 1 ? "" : "s", text, overruns);
}

}  // namespace trivet::tool
