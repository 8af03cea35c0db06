#include "trivet/netlink/route_store.h"

#include <sys/socket.h>

#include <algorithm>
#include <cstring>

namespace trivet::netlink {
namespace {

using rtnl::route;

bool has_only_one(const record_arena& arena, record_handle h) noexcept {
  return arena.next(h) == no_record;
}

route_list decoded(const std::vector<route_view>& views) {
  route_list list;
  list.reserve(views.size());
  for (const route_view view : views) list.push_back(view.decode());
  return list;
}

// Finds the kernel's own bytes of routes that went through the rules; what the rules made up is
// encoded.
class originals {
 public:
  void add(const std::vector<route_view>& views) {
    for (const route_view view : views) known_.push_back({view.decode(), view});
  }

  [[nodiscard]] route_record of(const route& wanted) const {
    // The newest first: it has the present times and counters.
    for (auto one = known_.rbegin(); one != known_.rend(); ++one) {
      if (rtnl::same_state(one->first, wanted)) return route_record(one->second);
    }
    return route_record(wanted);
  }

  void tell(const route_changes& changes, differences& out) const {
    for (const route_change& change : changes) {
      difference<route> d;
      if (change.before) d.before = of(*change.before);
      if (change.after) d.after = of(*change.after);
      out.emplace_back(std::move(d));
    }
  }

 private:
  std::vector<std::pair<route, route_view>> known_;
};

// Whether the kernel passes a route over when it looks for one.
bool is_usable(route_view view) {
  const ::rtmsg header = view.header();
  return (header.rtm_flags & RTNH_F_DEAD) == 0 && header.rtm_tos == 0 && header.rtm_src_len == 0;
}

void mask(std::array<std::byte, 16>& address, std::size_t length) noexcept {
  for (std::size_t i = 0; i < address.size(); ++i) {
    const std::size_t bits = length > 8 * i ? std::min<std::size_t>(length - 8 * i, 8) : 0;
    address[i] &= static_cast<std::byte>(0xff00U >> bits);
  }
}

}  // namespace

std::vector<route_view> route_store::list_from(record_handle h) const {
  std::vector<route_view> list;
  for (; h != no_record; h = arena_.next(h)) list.push_back(at(h));
  return list;
}

std::vector<route_view> route_store::find(const route_key& key) const {
  const auto where = locate(key, key.hash());
  return where ? list_from(index_.at(*where)) : std::vector<route_view>();
}

std::optional<route_view> route_store::lookup(std::uint32_t table, const_bytes address) const {
  const prefix_lengths::counts* const counts = lengths_.find(table);
  if (counts == nullptr || (address.size() != 4 && address.size() != 16)) return std::nullopt;
  route_key key;
  key.family = address.size() == 4 ? AF_INET : AF_INET6;
  key.table = table;
  for (std::size_t length = 8 * address.size() + 1; length-- > 0;) {
    if ((*counts)[length] == 0) continue;
    key.destination_length = static_cast<std::uint8_t>(length);
    key.destination = {};
    std::copy(address.begin(), address.end(), key.destination.begin());
    mask(key.destination, length);
    std::optional<route_view> best;
    std::uint32_t metric = 0;
    // Goes through all of the prefix, whatever their metrics.
    (void)index_.find(key.hash(), [&](record_handle h) {
      route_key known;
      (void)route_key::read(arena_.at(h), known);
      if (known.table != table || known.destination_length != length ||
          known.destination != key.destination || (best && metric <= known.metric)) {
        return false;
      }
      for (; h != no_record; h = arena_.next(h)) {
        if (!is_usable(at(h))) continue;
        best = at(h);
        metric = known.metric;
        break;
      }
      return false;
    });
    if (best) return best;
  }
  return std::nullopt;
}

void route_store::load_handle(const route_key& key, std::uint32_t hash, record_handle added) {
  const auto where = locate(key, hash);
  if (!where) {
    add_first(key, hash, added);
    return;
  }
  record_handle last = index_.at(*where);
  for (record_handle h = last; h != no_record; h = arena_.next(h)) {
    if (same_state(at(h), at(added))) {  // the dump was under way as it moved
      arena_.remove(added);
      return;
    }
    last = h;
  }
  arena_.set_first(added, false);
  arena_.set_next(last, added);
  ++size_;
}

certainty route_store::apply(const message_view& message, const route_key& key, differences& out) {
  const certainty how =
      message.type() == RTM_DELROUTE ? remove(message, key, out) : add(message, key, out);
  if (arena_.thin()) evacuate();
  return how;
}

certainty route_store::add(const message_view& message, const route_key& key, differences& out) {
  const std::uint32_t hash = key.hash();
  const auto where = locate(key, hash);
  if (!where) {
    add_first(key, hash, arena_.add(message.payload));
    out.emplace_back(difference<route>{{}, route_record(message.payload)});
    return certainty::sure;
  }
  const record_handle known = index_.at(*where);
  if (has_only_one(arena_, known)) {
    if (same_state(at(known), route_view(message.payload))) {
      write(*where, message.payload);  // times and counters
      return certainty::sure;
    }
    if (message.has(NLM_F_REPLACE)) {
      out.emplace_back(difference<route>{route_record(at(known)), route_record(message.payload)});
      write(*where, message.payload);
      return certainty::sure;
    }
  }
  return by_rules(*where, message, key, out);
}

certainty route_store::remove(const message_view& message, const route_key& key, differences& out) {
  const auto where = locate(key, key.hash());
  if (!where) return certainty::sure;
  const record_handle known = index_.at(*where);
  if (has_only_one(arena_, known) && same_state(at(known), route_view(message.payload))) {
    out.emplace_back(difference<route>{route_record(at(known)), {}});
    erase_list(*where, key);
    return certainty::sure;
  }
  return by_rules(*where, message, key, out);
}

certainty route_store::by_rules(place where, const message_view& message, const route_key& key,
                                differences& out) {
  const route_view told(message.payload);
  const std::vector<route_view> before = list_from(index_.at(where));
  originals known;
  known.add(before);
  known.add({told});
  route_list list = decoded(before);
  route_changes changes;
  const certainty how = message.type() == RTM_DELROUTE
                            ? remove_route(list, told.decode(), changes)
                            : add_route(list, told.decode(), message.header.nlmsg_flags, changes);
  known.tell(changes, out);

  std::vector<route_record> after;
  after.reserve(list.size());
  for (const route& r : list) after.push_back(known.of(r));
  erase_list(where, key);
  record_handle last = no_record;
  for (const route_record& r : after) {
    if (last == no_record) {
      last = arena_.add(r.bytes());
      add_first(key, key.hash(), last);
      continue;
    }
    const record_handle added = arena_.add(r.bytes());
    arena_.set_first(added, false);
    arena_.set_next(last, added);
    last = added;
    ++size_;
  }
  return how;
}

// Other bytes for the only route of its identity.
void route_store::write(place where, const_bytes payload) {
  const record_handle known = index_.at(where);
  if (arena_.overwrite(known, payload)) return;
  index_.set(where, arena_.add(payload));
  arena_.remove(known);
}

void route_store::erase_list(place where, const route_key& key) {
  record_handle h = index_.at(where);
  index_.erase(where);
  lengths_.remove(key.table, key.destination_length);
  while (h != no_record) {
    const record_handle next = arena_.next(h);
    arena_.remove(h);
    --size_;
    h = next;
  }
}

void route_store::evacuate() {
  while (arena_.thin()) {
    arena_.evacuate([this](record_handle from, record_handle to) {
      const std::uint32_t hash = at(from).key().hash();
      const auto where = index_.find(hash, [=](record_handle h) { return h == from; });
      if (where) {
        index_.set(*where, to);
        return;
      }
      // It stands behind another of its identity.
      (void)index_.find(hash, [&](record_handle h) {
        while (h != no_record && arena_.next(h) != from) h = arena_.next(h);
        if (h != no_record) arena_.set_next(h, to);
        return h != no_record;
      });
    });
  }
}

void route_store::compare_lists(record_handle before, const route_store& newer, record_handle after,
                                differences& out) const {
  if (has_only_one(arena_, before) && has_only_one(newer.arena_, after)) {
    const route_view old = at(before);
    const route_view now = newer.at(after);
    if (!same_state(old, now)) {
      out.emplace_back(difference<route>{route_record(old), route_record(now)});
    }
    return;
  }
  const std::vector<route_view> old = list_from(before);
  const std::vector<route_view> now = newer.list_from(after);
  originals known;
  known.add(old);
  known.add(now);
  route_list list = decoded(old);
  route_changes changes;
  replace_routes(list, decoded(now), changes);
  known.tell(changes, out);
}

void route_store::replace(route_store&& newer, bool absent_stay, differences& out) {
  differences found;
  std::size_t matched = 0;
  for (record_handle first = newer.arena_.first_from(0); first != no_record;
       first = newer.arena_.first_after(first)) {
    const route_key key = newer.at(first).key();
    if (const auto known = locate(key, key.hash())) {
      ++matched;
      compare_lists(index_.at(*known), newer, first, found);
      continue;
    }
    for (const route_view added : newer.list_from(first)) {
      found.emplace_back(difference<route>{{}, route_record(added)});
    }
  }
  if (matched < index_.size()) take_absent(newer, absent_stay, out);
  out.insert(out.end(), std::make_move_iterator(found.begin()),
             std::make_move_iterator(found.end()));
  *this = std::move(newer);
}

// What `newer` lacks is kept there, or told as removed.
void route_store::take_absent(route_store& newer, bool stay, differences& out) const {
  for (record_handle first = arena_.first_from(0); first != no_record;
       first = arena_.first_after(first)) {
    const route_key key = at(first).key();
    if (newer.locate(key, key.hash())) continue;
    for (const route_view absent : list_from(first)) {
      if (stay) {
        newer.load(key, absent.bytes());
      } else {
        out.emplace_back(difference<route>{route_record(absent), {}});
      }
    }
  }
}

}  // namespace trivet::netlink
