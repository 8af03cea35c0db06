// What a client keeps of its callers' callbacks, and what keeps them from using it.
#ifndef TRIVET_NETLINK_CLIENT_CALLBACKS_H_
#define TRIVET_NETLINK_CLIENT_CALLBACKS_H_

#include <stdexcept>

#include "trivet/netlink/client.h"

namespace trivet::netlink {

/// A client that runs callbacks, which must not pull away what it uses. While it lives, what sends
/// or reads refuse()s.
class client::occupation {
 public:
  explicit occupation(client& busy) : busy_(busy) { busy_.occupied_ = true; }
  ~occupation() { busy_.occupied_ = false; }
  occupation(const occupation&) = delete;
  occupation& operator=(const occupation&) = delete;

  static void refuse(const client& which) {
    if (which.occupied_) throw std::logic_error("a visitor uses the netlink client that calls it");
  }

 private:
  client& busy_;
};

/// Without a copy, which may need memory. Holds for as long as `visit` does.
inline message_visitor by_reference(const message_visitor& visit) {
  if (!visit) return {};
  return [&visit](const message_view& m) { visit(m); };
}

}  // namespace trivet::netlink

#endif  // TRIVET_NETLINK_CLIENT_CALLBACKS_H_
