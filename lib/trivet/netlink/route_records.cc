#include "trivet/netlink/route_records.h"

namespace trivet::netlink {

void route_records::remove(record_handle h) noexcept {
  if (marked(h)) shapes_.give_back(shape_in(record_arena::at(h)));
  record_arena::remove(h);
}

}  // namespace trivet::netlink
