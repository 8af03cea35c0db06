#include "tools/trivet/netlink_print.h"

#include <fmt/core.h>
#include <linux/rtnetlink.h>

#include <algorithm>

#include "tools/trivet/context.h"
#include "tools/trivet/netlink_print_object.h"
#include "tools/trivet/netlink_print_table.h"
#include "tools/trivet/netlink_titles.h"
#include "tools/trivet/text.h"
#include "tools/trivet/time_text.h"

namespace trivet::tool {
namespace {

using netlink::difference;
using netlink::event;
using netlink::event_kind;
using netlink::objects;
using stored_route = netlink::route_view;  // the bytes of one
namespace rtnl = netlink::rtnl;

/// What is held, without a copy; nothing where nothing is.
template <class T>
const T* look(const std::shared_ptr<const T>& held) {
  return held.get();
}
std::optional<stored_route> look(const netlink::route_record& held) {
  return held ? std::optional(held.view()) : std::nullopt;
}

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

/// Puts the one hop of a route below "nexthops", where the other state has several.
void gather_hops(document::object& route) {
  const auto is_hop = [](const document::member& m) {
    return m.first == "gateway" || m.first == "via" || m.first == "dev";
  };
  document::object hop;
  std::copy_if(route.begin(), route.end(), std::back_inserter(hop), is_hop);
  if (hop.empty()) return;
  std::erase_if(route, is_hop);
  hop.emplace_back("weight", document(std::int64_t{1}));
  hop.emplace_back("flags", document(document::array()));
  route.emplace_back("nexthops", document(document::array{document(std::move(hop))}));
}

bool has_hops(const document::object& route) {
  return std::any_of(route.begin(), route.end(),
                     [](const document::member& m) { return m.first == "nexthops"; });
}

}  // namespace

event_printer::event_printer(context& ctx, const event_style& style)
    : ctx_(ctx),
      style_(style),
      options_{.one_line = true, .details = style.details},
      drawing_{show_writer(ctx.paint, ctx.json ? show_form::json : show_form::flowing),
               {.system = rtnl::names::system()},
               options_},
      routes_(drawing_, {}) {
  if (style.numeric) drawing_.names.prefer_numbers();
  if (!style.details) return;
  routes_.describe_nexthop = [this](std::uint32_t id) { show_nexthop_of(drawing_, nexthops_, id); };
}

void event_printer::begin_json(std::string_view word) {
  drawing_.out.open();
  if (style_.stamped) drawing_.out.member("timestamp", local_date_time(time_now()));
  if (!style_.netns.empty()) drawing_.out.member("netns", style_.netns);
  if (style_.numbered) {
    if (style_.nsid) {
      drawing_.out.member("nsid", *style_.nsid);
    } else {
      drawing_.out.null("nsid");
    }
  }
  drawing_.out.member("event", word);
}

void event_printer::end_json() {
  drawing_.out.close();
  ctx_.out.line(drawing_.out.take());
}

void event_printer::line(const std::string& text) {
  std::string prefix;
  if (style_.stamped) prefix += fmt::format("[{}] ", local_date_time(time_now()));
  if (!style_.netns.empty()) {
    prefix += fmt::format("[netns: {}] ", ctx_.paint(ink::name, printable(style_.netns)));
  }
  if (style_.numbered) {
    prefix += fmt::format("[nsid {}] ", style_.nsid ? std::to_string(*style_.nsid) : "current");
  }
  ctx_.out.line(prefix + text);
}

template <class Object>
document event_printer::document_of(const Object& object) {
  show_writer& out = drawing_.out;
  out.change(show_form::json);
  out.open();
  draw_object(drawing_, routes_, object);
  out.close();
  document drawn = document::parse(out.take());
  if (!ctx_.json) out.change(show_form::flowing);
  // `ip -j` has flags whose value is null: in a comparison that would be their absence.
  if (document::object* members = drawn.as_object()) {
    for (auto& [name, value] : *members) {
      if (value == document() && name != "link") value = document(true);
    }
  }
  return drawn;
}

template <class Object>
void event_printer::print_line(std::string_view word, ink color, const Object& object) {
  const std::string_view name = monitored_nouns[place_of<Object>].name;
  if (ctx_.json) {
    begin_json(word);
    drawing_.out.member("object", name);
    draw_object(drawing_, routes_, object);
    return end_json();
  }
  draw_object(drawing_, routes_, object);
  line(fmt::format("{} {:5} {}", ctx_.paint(color, fmt::format("{:7}", word)), name,
                   drawing_.out.take()));
}

template <class Object>
void event_printer::print_changed(const Object& before, const Object& after) {
  document former = document_of(before);
  document present = document_of(after);
  if (former.as_object() == nullptr || present.as_object() == nullptr) return;
  if (!ctx_.json && has_hops(*former.as_object()) != has_hops(*present.as_object())) {
    gather_hops(has_hops(*former.as_object()) ? *present.as_object() : *former.as_object());
  }
  auto changes = changes_between(*former.as_object(), *present.as_object());
  std::erase_if(changes, runs_by_itself);
  if (ctx_.json) {
    begin_json("changed");
    drawing_.out.member("object", monitored_nouns[place_of<Object>].name);
    draw_object(drawing_, routes_, after);
    drawing_.out.open("old");
    for (const auto& one : changes) drawing_.out.literal(one.name, one.before.json());
    drawing_.out.close();
    return end_json();
  }
  std::string text;
  for (const document_change& one : changes) text += (text.empty() ? "" : ", ") + one.text();
  if (text.empty()) text = "in something that is not shown";
  line(fmt::format("{} {:5} {}: {}", ctx_.paint(ink::changed, "changed"),
                   monitored_nouns[place_of<Object>].name, title(after, drawing_.names, ctx_.paint),
                   text));
}

template <class Object>
void event_printer::print_present(std::string_view word, const Object& object) {
  if (is_shown(style_, drawing_.names, object)) print_line(word, ink::faint, object);
}

void event_printer::learn_names(const netlink::table& state) {
  for (const auto& [index, link] : state.links()) learn(*link);
  for (const auto& [id, nexthop] : state.nexthops()) learn(*nexthop);
}

void event_printer::learn(const rtnl::link& link) {
  drawing_.names.learn(link);
  routes_.forget_links();
}

void event_printer::learn(const rtnl::nexthop& nexthop) {
  if (!style_.details || !nexthop.id) return;
  nexthops_.insert_or_assign(*nexthop.id, nexthop);
  std::erase(gone_nexthops_, *nexthop.id);
}

void event_printer::forget(const rtnl::nexthop& nexthop) {
  constexpr std::size_t most_gone = 1024;
  if (!style_.details || !nexthop.id) return;
  gone_nexthops_.push_back(*nexthop.id);
  if (gone_nexthops_.size() <= most_gone) return;
  nexthops_.erase(gone_nexthops_.front());
  gone_nexthops_.pop_front();
}

void event_printer::print_all(std::string_view word, const netlink::table& state) {
  learn_names(state);  // all of them first: a link may stand on one that comes after it
  for (const auto& [index, link] : state.links()) print_present(word, *link);
  for (const auto& [key, address] : state.addresses()) print_present(word, *address);
  for (const stored_route route : state.routes_v4()) print_present(word, route);
  for (const stored_route route : state.routes_v6()) print_present(word, route);
  for (const auto& [key, neighbour] : state.neighbours()) print_present(word, *neighbour);
  for (const auto& rule : state.rules_v4()) print_present(word, *rule);
  for (const auto& rule : state.rules_v6()) print_present(word, *rule);
  for (const auto& [id, nexthop] : state.nexthops()) print_present(word, *nexthop);
}

void event_printer::print_state(const netlink::table& state) { print_all("present", state); }

void event_printer::print_table(const netlink::table& state) {
  if (ctx_.json) {
    ctx_.out.line(fmt::format("{{\"table\":{}}}", table_document(state)));
  } else {
    print_all("now", state);
  }
}

std::string event_printer::table_document(const netlink::table& state) {
  learn_names(state);
  draw_table(drawing_, routes_, style_, state);
  return drawing_.out.take();
}

void event_printer::print_netns(std::string_view word, ink color, std::string_view text,
                                const std::function<void(show_writer&)>& members) {
  if (ctx_.json) {
    begin_json(word);
    drawing_.out.member("object", "netns");
    members(drawing_.out);
    return end_json();
  }
  line(fmt::format("{} netns{}{}", ctx_.paint(color, fmt::format("{:7}", word)),
                   text.empty() ? "" : " ", text));
}

template <class Object>
void event_printer::print_difference(const Object& before, const Object& after) {
  using object = std::remove_cvref_t<decltype(*before)>;
  constexpr std::size_t place = place_of<object>;
  if (after) {
    learn(*after);
  } else if (before) {
    forget(*before);
  }
  if (!(after && is_shown(style_, drawing_.names, *after)) &&
      !(before && is_shown(style_, drawing_.names, *before)))
    return;
  event_counts::tally& seen = counts_.tallies[place];
  if (!before) {
    ++seen.added;
    print_line("added", ink::added, *after);
  } else if (!after) {
    ++seen.removed;
    print_line("removed", ink::removed, *before);
  } else {
    ++seen.changed;
    print_changed(*before, *after);
  }
}

void event_printer::print_overrun(const event& event) {
  ++counts_.overruns;
  counts_.lost += event.lost;
  if (ctx_.json) {
    begin_json("overrun");
    drawing_.out.member("lost", event.lost);
    return end_json();
  }
  const std::string count = event.lost == 0 ? "some" : std::to_string(event.lost);
  line(fmt::format(
      "{} the kernel lost {} events: {}", ctx_.paint(ink::warning, "overrun"), count,
      style_.stateless ? "of which namespaces is not known" : "the state is read again"));
}

void event_printer::print_resync(const event& event) {
  if (ctx_.json) {
    begin_json(word_of(event.kind));
    if (event.kind == event_kind::resync_end) drawing_.out.member("complete", event.complete);
    return end_json();
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
        if constexpr (!std::is_same_v<std::decay_t<decltype(change)>, std::monostate>) {
          print_difference(look(change.before), look(change.after));
        }
      },
      event.object);
}

void event_printer::print_heard(const netlink::message_view& message) {
  // A state that has nothing tells of whatever is new, and nothing of what it does not have.
  netlink::message_view heard = message;
  bool removed = false;
  switch (message.type()) {
    case RTM_DELLINK:
    case RTM_DELADDR:
    case RTM_DELROUTE:
    case RTM_DELNEIGH:
    case RTM_DELRULE:
    case RTM_DELNEXTHOP:
      removed = true;
      --heard.header.nlmsg_type;  // RTM_DEL follows RTM_NEW
      break;
    default:
      break;
  }
  netlink::table nothing;
  netlink::differences list;
  (void)nothing.apply(heard, list);
  const auto print_one = [&](const auto& object) {
    using type = std::remove_cvref_t<decltype(*object)>;
    if (!object) return;
    learn(*object);
    if (!is_shown(style_, drawing_.names, *object)) return;
    event_counts::tally& seen = counts_.tallies[place_of<type>];
    ++(removed ? seen.removed : seen.added);
    print_line(removed ? "removed" : "new", removed ? ink::removed : ink::added, *object);
  };
  for (const netlink::any_difference& one : list) {
    std::visit(
        [&](const auto& change) {
          if constexpr (!std::is_same_v<std::decay_t<decltype(change)>, std::monostate>) {
            if (change.after) print_one(look(change.after));
          }
        },
        one);
  }
}

}  // namespace trivet::tool
