// What events do to the store. What may fail is done first: there is room for all that changes, in
// the arena and in what is told, before anything is changed.
#include <algorithm>
#include <cstddef>
#include <new>

#include "trivet/netlink/route_store.h"

namespace trivet::netlink {
namespace {

using rtnl::route;
using action = route_edit::action;

bool has_only_one(const route_records& records, record_handle h) noexcept {
  return records.next(h) == no_record;
}

// So that as many can be appended without failure.
void make_room(differences& out, std::size_t count) {
  if (out.capacity() - out.size() >= count) return;
  out.reserve(std::max(out.size() + count, 2 * out.capacity()));
}

}  // namespace

// One edit of the rules, with the memory that it needs.
struct route_store::plan {
  action what;
  record_handle known = no_record;  // what is written over or erased
  record_handle room = no_record;   // a record that takes its place, or stands first or last
  route_record made;                // what the rules made up; else it is the event's own
};

certainty route_store::apply(const message_view& message, const route_key& key, differences& out) {
  const certainty how =
      message.type() == RTM_DELROUTE ? remove(message, key, out) : add(message, key, out);
  if (records_.thin()) evacuate();
  return how;
}

certainty route_store::add(const message_view& message, const route_key& key, differences& out) {
  const std::uint32_t hash = key.hash();
  const auto where = locate(key, hash);
  if (!where) {
    difference<route> added{{}, route_record(message.payload)};
    make_room(out, 1);
    add_first(key, hash, records_.add(message.payload));
    out.emplace_back(std::move(added));
    return certainty::sure;
  }
  const record_handle known = index_.at(*where);
  if (has_only_one(records_, known)) {
    const bool same = same_state(at(known), route_view(message.payload));
    if (same || message.has(NLM_F_REPLACE)) {
      difference<route> changed;
      if (!same) changed = {route_record(at(known)), route_record(message.payload)};
      make_room(out, 1);
      write(*where, key, known, message.payload, room_for(known, message.payload));
      if (!same) out.emplace_back(std::move(changed));  // else times and counters
      return certainty::sure;
    }
  }
  return by_rules(*where, message, key, out);
}

certainty route_store::remove(const message_view& message, const route_key& key, differences& out) {
  const auto where = locate(key, key.hash());
  if (!where) return certainty::sure;
  const record_handle known = index_.at(*where);
  if (has_only_one(records_, known) && same_state(at(known), route_view(message.payload))) {
    out.emplace_back(difference<route>{route_record(at(known)), {}});
    erase_list(*where, key);
    return certainty::sure;
  }
  return by_rules(*where, message, key, out);
}

// Those of many that an event has to be read with.
std::vector<record_handle> route_store::within(reach wanted, record_handle first,
                                               const route_crowd& crowd,
                                               const route_view& told) const {
  if (wanted == reach::all) return handles_from(first);
  std::vector<record_handle> handles;
  if (wanted == reach::place) {
    handles.push_back(first);
    const auto id = told.next_hop_id();
    record_handle h = id ? first : no_record;
    while (h != no_record && at(h).next_hop_id() != id) h = records_.next(h);
    if (h != no_record && h != first) handles.push_back(h);
    return handles;
  }
  if (wanted == reach::joined) return crowd.of_way_or_joining(told.way());
  return crowd.of_way(told.way());
}

// Of thousands of routes of one identity, the rules look at one or two where they can.
certainty route_store::by_rules(place where, const message_view& message, const route_key& key,
                                differences& out) {
  const bool removing = message.type() == RTM_DELROUTE;
  const unsigned flags = message.header.nlmsg_flags;
  const route_view told(message.payload);
  const route one = told.decode();
  const record_handle first = index_.at(where);
  const route_crowd* crowd = crowd_of(key);
  std::vector<record_handle> handles;
  if (crowd == nullptr) {
    handles = handles_from(first);
    if (handles.size() > route_crowd::few) {
      crowd = &crowds_.emplace(key, route_crowd(records_, first)).first->second;
    }
  }
  route_list list;
  const auto look_at = [&] {
    list.clear();
    for (const record_handle h : handles) list.push_back(at(h).decode());
  };
  if (crowd != nullptr) {
    handles = within(reach::way, first, *crowd, told);
    look_at();
    const reach wanted = reach_of(one, removing ? std::nullopt : std::optional<unsigned>(flags));
    if (wanted != reach::way && !any_same(list, one)) {
      handles = within(wanted, first, *crowd, told);
      look_at();
    }
  } else {
    look_at();
  }
  const bool others = crowd != nullptr && handles.size() < crowd->size();
  route_reading reading =
      removing ? read_removal(list, one, others) : read_addition(list, one, flags, others);

  std::vector<plan> steps;
  steps.reserve(reading.edits.size());
  differences changes;
  try {
    for (const route_edit& edit : reading.edits) {
      plan& step = steps.emplace_back(plan{edit.what, no_record, no_record, {}});
      if (edit.made) step.made = route_record(*edit.made);
      const const_bytes bytes = edit.made ? step.made.bytes() : message.payload;
      if (edit.what == action::insert_first || edit.what == action::insert_last) {
        step.room = records_.add(bytes);
        changes.emplace_back(difference<route>{{}, route_record(bytes)});
        continue;
      }
      step.known = handles[edit.which];
      const route_view before = at(step.known);
      if (edit.what == action::erase) {
        changes.emplace_back(difference<route>{route_record(before), {}});
        continue;
      }
      step.room = room_for(step.known, bytes);
      if (same_state(before, route_view(bytes))) continue;  // times and counters
      changes.emplace_back(difference<route>{route_record(before), route_record(bytes)});
    }
    make_room(out, changes.size());
  } catch (...) {
    for (const plan& step : steps) {
      if (step.room != no_record) records_.remove(step.room);
    }
    throw;
  }
  std::move(changes.begin(), changes.end(), std::back_inserter(out));
  // What is erased goes last, so that the list does not go with it.
  for (const plan& step : steps) {
    if (step.what == action::write) {
      write(where, key, step.known, step.made ? step.made.bytes() : message.payload, step.room);
    } else if (step.what == action::insert_first) {
      put_first(where, key, step.room);
    } else if (step.what == action::insert_last) {
      put_last(where, key, step.room);
    }
  }
  for (const plan& step : steps) {
    if (step.what == action::erase) erase(where, key, step.known);
  }
  return reading.how;
}

}  // namespace trivet::netlink
