// Routes in an arena: those that have a shape as its number and their destination, in a third of
// the memory, the others whole.
#ifndef TRIVET_NETLINK_ROUTE_RECORDS_H_
#define TRIVET_NETLINK_ROUTE_RECORDS_H_

#include <cstring>

#include "trivet/netlink/record_arena.h"
#include "trivet/netlink/route_record.h"
#include "trivet/netlink/route_shapes.h"

namespace trivet::netlink {

/// A record_arena whose records are read as routes. Views hold until it is changed.
class route_records : private record_arena {
 public:
  using record_arena::behind;
  using record_arena::evacuate;
  using record_arena::first_after;
  using record_arena::first_from;
  using record_arena::next;
  using record_arena::set_first;
  using record_arena::set_next;
  using record_arena::thin;

  /// A route of its own, the first and the last of its list. Throws std::bad_alloc, and has then
  /// added nothing.
  /// @param payload  of RTM_NEWROUTE, at least struct rtmsg, with right lengths
  [[nodiscard]] record_handle add(const_bytes payload) {
    const auto shape = shapes_.take(payload);
    return shape == route_shapes::none ? record_arena::add(payload)
                                       : add(shape, shapes_.destination(shape, payload));
  }
  /// Forgets a route. Its list is the caller's to mend.
  void remove(record_handle h) noexcept;

  /// The whole route, put together where it has a shape.
  [[nodiscard]] route_view at(record_handle h) const noexcept {
    const const_bytes bytes = record_arena::at(h);
    return marked(h) ? shapes_.view(shape_in(bytes), bytes.data() + destination)
                     : route_view(bytes);
  }
  /// What route_view::key() gives, without reading attributes where it has a shape.
  [[nodiscard]] route_key key(record_handle h) const noexcept {
    const const_bytes bytes = record_arena::at(h);
    return marked(h) ? shapes_.key(shape_in(bytes), bytes.data() + destination)
                     : route_view(bytes).key();
  }

  /// Whether overwrite() takes other bytes for a route: those of a shape are not written over.
  [[nodiscard]] bool fits(record_handle h, const_bytes payload) const noexcept {
    const const_bytes bytes = record_arena::at(h);
    return marked(h) ? shapes_.is(shape_in(bytes), bytes.data() + destination, payload)
                     : record_arena::fits(h, payload.size());
  }
  /// Writes other bytes in the place of a route, if they fit().
  void overwrite(record_handle h, const_bytes payload) noexcept {
    if (!marked(h)) (void)record_arena::overwrite(h, payload);
  }

  /// Where a route stands, for __builtin_prefetch.
  [[nodiscard]] const void* place(record_handle h) const noexcept {
    return record_arena::at(h).data();
  }
  /// Memory in use, in bytes.
  [[nodiscard]] std::size_t memory() const noexcept {
    return record_arena::memory() + shapes_.memory();
  }

 private:
  record_handle add(route_shapes::number shape, const_bytes to);

  static constexpr std::size_t destination = sizeof(route_shapes::number);  // where it stands

  [[nodiscard]] static route_shapes::number shape_in(const_bytes bytes) noexcept {
    route_shapes::number shape;
    std::memcpy(&shape, bytes.data(), sizeof shape);
    return shape;
  }

  route_shapes shapes_;
};

}  // namespace trivet::netlink

#endif  // TRIVET_NETLINK_ROUTE_RECORDS_H_
