// What dumps lacked although nothing had told that it is gone. No socket is known here.
//
// A dump of several pieces may pass over an object that is there, because others came or went
// between two of them. So an object that is absent from such a dump is suspected, and taken for
// gone where further dumps lack it, too, and no event has told of it meanwhile:
//
//   absences doubtful;
//   doubtful.begin(2);                                   // two dumps have to lack it
//   if (doubtful.gone(known.object)) remove(known);      // each object that the dump lacked
//   doubtful.end();
#ifndef TRIVET_NETLINK_ABSENCES_H_
#define TRIVET_NETLINK_ABSENCES_H_

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <unordered_map>
#include <unordered_set>

#include "trivet/netlink/objects.h"
#include "trivet/netlink/route_record.h"

namespace trivet::netlink {

/// The objects of one kind that are suspected to be gone. One thread at a time.
class absences {
 public:
  /// A dump is about to be judged.
  /// @param needed  how many dumps one behind the other have to lack an object, this one included.
  ///   For routes whose prefix had an event since the last but one began: one more. 0: this one was
  ///   not read to its end, and what it lacks means nothing
  void begin(unsigned needed) noexcept {
    needed_ = needed;
    found_ = false;
  }

  /// The dump lacked an object.
  /// @param object  as the table holds it: an event puts another in its place
  /// @return whether it is to be taken for gone; otherwise it is suspected
  [[nodiscard]] bool gone(const std::shared_ptr<const void>& object);
  /// Likewise a route, which an event leaves where it is: touch().
  [[nodiscard]] bool gone(const route_key& key, const route_view& route);

  /// All that the dump lacked has been judged: nothing else is suspected.
  void end();

  /// Whether anything is suspected.
  [[nodiscard]] bool any() const noexcept {
    return !before_.objects.empty() || !before_.routes.empty();
  }
  /// Whether the last dump had something taken for gone that may have been passed over.
  [[nodiscard]] bool found() const noexcept { return found_; }

  /// An event told of a route while a dump was made that is about to be judged …
  /// @param hash  route_key::hash
  void touch_meanwhile(std::uint32_t hash) { meanwhile_.insert(hash); }
  /// … or before the next one.
  void touch(std::uint32_t hash) { touched_.insert(hash); }

 private:
  struct suspects {
    std::unordered_map<std::shared_ptr<const void>, unsigned> objects;  // how many dumps lacked it
    std::unordered_map<std::uint64_t, unsigned> routes;                 // by key and way
  };

  template <class Map, class Key>
  bool judge(const Map& before, Map& now, const Key& what, unsigned needed);

  suspects before_;
  suspects now_;
  std::unordered_set<std::uint32_t> touched_;    // prefixes with events since the last dump began
  std::unordered_set<std::uint32_t> meanwhile_;  // and since the present one did
  unsigned needed_ = 2;
  bool found_ = false;
};

/// Those of all kinds. One thread at a time.
class all_absences {
 public:
  /// @param kind  a single one: route_v4, not route
  [[nodiscard]] absences& of(objects kind) noexcept {
    return kinds_[static_cast<std::size_t>(std::countr_zero(static_cast<std::uint32_t>(kind)))];
  }

  /// The kinds of which something is suspected.
  [[nodiscard]] objects suspected() const noexcept;
  /// The kinds of which something that may have been passed over was taken for gone.
  [[nodiscard]] objects found() const noexcept;

 private:
  std::array<absences, 10> kinds_;
};

}  // namespace trivet::netlink

#endif  // TRIVET_NETLINK_ABSENCES_H_
