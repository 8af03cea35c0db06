// Of which kind a notification or a difference is.
#ifndef TRIVET_NETLINK_OBJECT_KINDS_H_
#define TRIVET_NETLINK_OBJECT_KINDS_H_

#include "trivet/netlink/event.h"
#include "trivet/netlink/message.h"
#include "trivet/netlink/objects.h"

namespace trivet::netlink {

/// The kind of the object that differs; none where there is none.
[[nodiscard]] objects kind_of(const any_difference& change);

/// What a notification is about, whether it changes anything or not.
[[nodiscard]] objects subject_of(const message_view& message);

}  // namespace trivet::netlink

#endif  // TRIVET_NETLINK_OBJECT_KINDS_H_
