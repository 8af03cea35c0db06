// The routes of one family as records of bytes: some seventy bytes for an IPv4 route, half of that
// where many differ in their prefix alone. No socket is known here.
//
//   route_store routes;
//   route_store::loader dump(routes);
//   dump.load(payload);                                 // each message of it
//   dump.finish();
//   routes.apply(message, changed);                     // an event
//   for (const route_view r : routes) …
//   if (const auto r = routes.lookup(RT_TABLE_MAIN, address.bytes())) use(r->decode());
//
// Several routes of one identity stand in the kernel's order, by the rules of route_rules.h. Where
// there is one, as nearly always, nothing is decoded.
#ifndef TRIVET_NETLINK_ROUTE_STORE_H_
#define TRIVET_NETLINK_ROUTE_STORE_H_

#include <cstddef>
#include <iterator>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "trivet/netlink/absences.h"
#include "trivet/netlink/event.h"
#include "trivet/netlink/handle_index.h"
#include "trivet/netlink/prefix_lengths.h"
#include "trivet/netlink/record_runs.h"
#include "trivet/netlink/route_crowd.h"
#include "trivet/netlink/route_record.h"
#include "trivet/netlink/route_records.h"
#include "trivet/netlink/route_rules.h"

namespace trivet::netlink {

/// Views of its routes hold until it is changed. Copying costs what copying its memory() costs.
/// One thread at a time; reading from several is fine while nobody changes it.
class route_store {
 public:
  class const_iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = route_view;
    using difference_type = std::ptrdiff_t;
    using pointer = const route_view*;
    using reference = route_view;

    const_iterator() noexcept = default;
    [[nodiscard]] route_view operator*() const noexcept { return records_->at(at_); }
    const_iterator& operator++() noexcept {
      at_ = records_->next(at_);
      if (at_ == no_record) at_ = first_ = records_->first_after(first_);
      return *this;
    }
    const_iterator operator++(int) noexcept {
      const_iterator before = *this;
      ++*this;
      return before;
    }
    friend bool operator==(const const_iterator& a, const const_iterator& b) noexcept {
      return a.at_ == b.at_;
    }

   private:
    friend route_store;
    const_iterator(const route_records& records, record_handle at) noexcept
        : records_(&records), first_(at), at_(at) {}

    const route_records* records_ = nullptr;
    record_handle first_ = no_record;  // of the routes of one identity
    record_handle at_ = no_record;
  };

  /// In the order in which they came, as a rule; those of one identity in the kernel's.
  [[nodiscard]] const_iterator begin() const noexcept { return {records_, records_.first_from(0)}; }
  [[nodiscard]] const_iterator end() const noexcept { return {records_, no_record}; }

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }

  /// The routes of an identity in the kernel's order.
  [[nodiscard]] std::vector<route_view> find(const route_key& key) const;

  /// The route that the kernel takes to an address in a table: the longest prefix, of those the
  /// lowest metric, of those the first that is not dead; of IPv6 routes the first of the highest
  /// preference (RTA_PREF). Dead is a route with RTNH_F_DEAD, or one whose hops have it all; the
  /// hops of nexthop objects are in it unless net.ipv4.nexthop_compat_mode is 0. Its type may be
  /// unreachable or throw. Routes for one type of service, or from one source, are passed over. Of
  /// IPv6 routes alike the kernel may prefer a later one for its neighbours.
  /// @param address  4 or 16 bytes
  [[nodiscard]] std::optional<route_view> lookup(std::uint32_t table, const_bytes address) const;

  /// One event, RTM_NEWROUTE or RTM_DELROUTE. Takes as long with thousands of routes of its
  /// identity as with one, but where it may be about any of them.
  /// @param key  as read from its payload
  /// @throws std::bad_alloc, and has then changed nothing
  certainty apply(const message_view& message, const route_key& key, differences& out);

  /// Loads one route, or nothing where it is there already.
  /// @param key  as read from the payload
  /// @throws std::bad_alloc, and has then changed nothing
  void load(const route_key& key, const_bytes payload);

  /// Loads the routes of a dump.
  class loader;

  /// Becomes `newer`, and appends how it differed.
  /// @param doubtful  judges the routes that a dump may have passed over: those of identities that
  ///   `newer` lacks, and those to a link beside others, as IPv6 has them. What it does not take
  ///   for gone stays. nullptr: all of that is gone
  void replace(route_store&& newer, absences* doubtful, differences& out);

  /// For __builtin_prefetch: the memory that a search for a hash begins with, and then the record
  /// that is likely to be found. Or nullptr.
  [[nodiscard]] const void* first_slot(std::uint32_t hash) const noexcept {
    return index_.first_slot(hash);
  }
  [[nodiscard]] const void* first_record(std::uint32_t hash) const noexcept {
    const auto where = index_.find(hash, [](record_handle) { return true; });
    return where ? records_.place(index_.at(*where)) : nullptr;
  }

  /// How many tables (RT_TABLE_) have routes.
  [[nodiscard]] std::size_t table_count() const noexcept { return lengths_.size(); }

  /// Memory in use, in bytes; what is remembered of identities with many routes is not counted.
  [[nodiscard]] std::size_t memory() const noexcept { return records_.memory() + index_.memory(); }

 private:
  using place = handle_index::place;

  struct key_hash {
    std::size_t operator()(const route_key& key) const noexcept {
      return key.hash() ^ (std::size_t{key.metric} << 32);
    }
  };
  // Of the identities with many routes, as that of fe80::/64, those that an event or a dump was
  // about. What is copied makes its own.
  struct crowds : std::unordered_map<route_key, route_crowd, key_hash> {
    crowds() = default;
    crowds(const crowds&) : crowds() {}
    crowds(crowds&&) = default;
    crowds& operator=(const crowds& other) { return *this = crowds(other); }
    crowds& operator=(crowds&&) = default;
    ~crowds() = default;
  };
  struct plan;

  [[nodiscard]] std::optional<place> locate(const route_key& key, std::uint32_t hash) const {
    return index_.find(hash, [&](record_handle h) { return records_.key(h) == key; });
  }
  // A record whose identity is still to be looked for, and the hash of that.
  struct unplaced {
    record_handle record;
    std::uint32_t hash;
  };
  // Adds one. Its prefix is counted as if it were the first of its identity.
  // @param like  what records_ say that it is like
  record_handle add_unplaced(const route_key& key, const_bytes payload, route_shapes::number like) {
    lengths_.add(key.table, key.destination_length);
    try {
      return records_.add(payload, like);
    } catch (...) {
      lengths_.remove(key.table, key.destination_length);
      throw;
    }
  }
  void drop_unplaced(record_handle added) noexcept;
  void put_loaded(std::uint32_t hash, record_handle added);
  void place_all(std::span<const unplaced> added);
  void join_loaded(place where, const route_key& key, record_handle added);
  void forget(std::uint32_t hash, record_handle added) noexcept;
  // The record becomes known, or nothing is changed and it is forgotten.
  void add_first(const route_key& key, std::uint32_t hash, record_handle added) {
    try {
      index_.add(hash, added);
      lengths_.add(key.table, key.destination_length);
    } catch (...) {
      forget(hash, added);
      throw;
    }
    ++size_;
  }
  certainty add(const message_view& message, const route_key& key, differences& out);
  certainty remove(const message_view& message, const route_key& key, differences& out);
  certainty by_rules(place where, const message_view& message, const route_key& key,
                     differences& out);
  [[nodiscard]] std::vector<record_handle> within(reach wanted, record_handle first,
                                                  const route_crowd& crowd,
                                                  const route_view& told) const;
  [[nodiscard]] const route_crowd* crowd_of(const route_key& key) const {
    if (crowds_.empty()) return nullptr;
    const auto found = crowds_.find(key);
    return found == crowds_.end() ? nullptr : &found->second;
  }
  void make_crowd(const route_key& key, record_handle first) noexcept;
  template <class Change>
  void in_crowd(const route_key& key, Change change) noexcept;
  void put_first(place where, const route_key& key, record_handle added) noexcept;
  void put_last(place where, const route_key& key, record_handle added) noexcept;
  void link_behind(record_handle last, record_handle added) noexcept;
  [[nodiscard]] record_handle before(const route_key& key, record_handle first,
                                     record_handle h) const noexcept;
  [[nodiscard]] record_handle room_for(record_handle known, const_bytes payload);
  void write(place where, const route_key& key, record_handle known, const_bytes payload,
             record_handle room) noexcept;
  void erase(place where, const route_key& key, record_handle gone) noexcept;
  void erase_list(place where, const route_key& key) noexcept;
  void evacuate() noexcept;
  void moved(record_handle from, record_handle to) noexcept;
  [[nodiscard]] route_view at(record_handle h) const noexcept { return records_.at(h); }
  [[nodiscard]] std::vector<record_handle> handles_from(record_handle h) const;
  [[nodiscard]] std::vector<route_view> list_from(record_handle h) const;
  void compare_lists(record_handle before, const route_store& newer, record_handle after,
                     absences* doubtful, differences& out, std::vector<route_view>& missed) const;
  void take_absent(route_store& newer, absences* doubtful, differences& out) const;

  route_records records_;
  handle_index index_;  // the first route of each identity, by the hash of its prefix
  prefix_lengths lengths_;
  crowds crowds_;
  std::size_t size_ = 0;
};

/// Loads many, one behind the other; one that is repeated is passed over. None of them is found
/// before finish(): to find the places of a million is waiting for memory, which is shorter where
/// nothing else is done meanwhile. As long as a loader lives, nobody else changes, iterates or
/// copies the store.
class route_store::loader {
 public:
  explicit loader(route_store& into) noexcept : into_(into) {}
  loader(const loader&) = delete;
  loader& operator=(const loader&) = delete;
  /// Forgets what finish() has not put into the store.
  ~loader() {
    while (waiting_.size() > 0) {
      waiting_.take(into_.records_, waiting_.size(),
                    [&](record_handle h, record_handle) { into_.drop_unplaced(h); });
    }
  }

  /// Of a route that is like the one before only the prefix is read. One whose lengths are wrong is
  /// passed over.
  /// @param payload  of RTM_NEWROUTE
  /// @param wanted  called with the route_key of a route or of one before that is like it: looks at
  ///   no prefix. A route for which it is false is passed over
  /// @throws std::bad_alloc, and has not taken this one; of those that wait finish() may have lost
  ///   some then
  template <class Wanted>
  void load(const_bytes payload, Wanted wanted) {
    if (waiting_.size() == most_waiting) finish();
    const auto like = into_.records_.like_last(payload);
    if (like != row_ || like == route_shapes::none) {
      route_key key;
      if (!read(payload, like, key) || !wanted(key)) return;
      row_ = like;
      key_ = key;
    } else {
      into_.records_.read_prefix(like, payload, key_);
    }
    put(payload);
  }
  void load(const_bytes payload) {
    load(payload, [](const route_key&) { return true; });
  }
  /// Throws std::bad_alloc: then some are in the store, and the others wait or, up to 128, are
  /// lost.
  void finish();

 private:
  // A dump that goes round tells of the same routes again and again: they are not kept for long.
  static constexpr std::size_t most_waiting = 1U << 21;

  [[nodiscard]] bool read(const_bytes payload, route_shapes::number like,
                          route_key& key) const noexcept;
  void put(const_bytes payload);

  route_store& into_;
  record_runs waiting_;  // each has its hash where the next of its list is told else
  route_shapes::number row_ = route_shapes::none;  // the shape of the last, which is wanted
  route_key key_;                                  // of the last
};

}  // namespace trivet::netlink

#endif  // TRIVET_NETLINK_ROUTE_STORE_H_
