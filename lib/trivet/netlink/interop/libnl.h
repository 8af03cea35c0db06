// Messages to libnl's objects, and libnl's messages to requests: for programs that use both, and
// for traffic control, whose objects libnl-route-3 has and Trivet has not.
//
//   kernel.dump(request, [](const message_view& message) {
//     if (const auto qdisc = interop::object_of<::rtnl_qdisc>(message)) {
//       … ::rtnl_tc_get_kind(interop::as_tc(qdisc.get())) …
//     }
//   });
//
//   ::nl_msg* built = nullptr;                          // libnl builds the request, Trivet sends
//   it
//   ::rtnl_qdisc_build_add_request(qdisc, NLM_F_CREATE, &built);
//   const interop::message_ptr owner(built);
//   message_builder request(0);
//   interop::copy(*built, request);
//   kernel.request(request).check("RTM_NEWQDISC");      // with the kernel's own words
//
// Include it where libnl is used: link with `pkg-config --libs libnl-route-3.0`; libtrivet itself
// needs no libnl. Not here: libnl's sockets and caches. Thread safety: as libnl's, which shares
// nothing between objects but their caches.
#ifndef TRIVET_NETLINK_INTEROP_LIBNL_H_
#define TRIVET_NETLINK_INTEROP_LIBNL_H_

#include <netlink/msg.h>
#include <netlink/object.h>
#include <netlink/route/addr.h>
#include <netlink/route/class.h>
#include <netlink/route/classifier.h>
#include <netlink/route/link.h>
#include <netlink/route/neighbour.h>
#include <netlink/route/qdisc.h>
#include <netlink/route/route.h>
#include <netlink/route/rule.h>
#include <netlink/route/tc.h>

#include <cstring>
#include <memory>
#include <new>
#include <span>
#include <string_view>

#include "trivet/base/bytes.h"
#include "trivet/netlink/message.h"

namespace trivet::netlink::interop {

/// nlmsg_free, for message_ptr.
struct free_message {
  void operator()(::nl_msg* message) const noexcept { ::nlmsg_free(message); }
};
/// Sole ownership of a message of libnl.
using message_ptr = std::unique_ptr<::nl_msg, free_message>;

/// What libnl calls the objects of a type.
template <class T>
inline constexpr std::string_view object_name{};
template <>
inline constexpr std::string_view object_name<::rtnl_link> = "route/link";
template <>
inline constexpr std::string_view object_name<::rtnl_addr> = "route/addr";
template <>
inline constexpr std::string_view object_name<::rtnl_route> = "route/route";
template <>
inline constexpr std::string_view object_name<::rtnl_neigh> = "route/neigh";
template <>
inline constexpr std::string_view object_name<::rtnl_rule> = "route/rule";
template <>
inline constexpr std::string_view object_name<::rtnl_qdisc> = "route/qdisc";
template <>
inline constexpr std::string_view object_name<::rtnl_class> = "route/class";
template <>
inline constexpr std::string_view object_name<::rtnl_cls> = "route/cls";

/// A type of libnl's objects.
template <class T>
concept libnl_object = !object_name<T>.empty();

/// Every object of libnl begins with what they have in common.
template <libnl_object T>
[[nodiscard]] ::nl_object* as_object(T* object) noexcept {
  return static_cast<::nl_object*>(static_cast<void*>(object));
}

/// TC_CAST: what qdiscs, classes and filters have in common.
template <libnl_object T>
requires std::same_as<T, ::rtnl_qdisc> || std::same_as<T, ::rtnl_class> ||
    std::same_as<T, ::rtnl_cls>
[[nodiscard]] ::rtnl_tc* as_tc(T* object) noexcept {
  return static_cast<::rtnl_tc*>(static_cast<void*>(object));
}

/// nl_object_put, for the two that follow.
struct put_object {
  void operator()(::nl_object* object) const noexcept { ::nl_object_put(object); }
  template <libnl_object T>
  void operator()(T* object) const noexcept {
    ::nl_object_put(as_object(object));
  }
};
/// One reference to an object of libnl.
using any_object_ptr = std::unique_ptr<::nl_object, put_object>;
/// One reference to an object whose type is known.
template <libnl_object T>
using object_ptr = std::unique_ptr<T, put_object>;

/// nlmsg_alloc: a copy for libnl, header and all. Throws std::bad_alloc.
/// @param protocol  by which libnl knows what the type means
[[nodiscard]] inline message_ptr message_of(const message_view& from,
                                            int protocol = NETLINK_ROUTE) {
  message_ptr copy(::nlmsg_alloc_size(NLMSG_SPACE(from.payload.size())));
  if (!copy) throw std::bad_alloc();
  const ::nlmsghdr& head = from.header;
  ::nlmsghdr* const into = ::nlmsg_put(copy.get(), head.nlmsg_pid, head.nlmsg_seq, head.nlmsg_type,
                                       static_cast<int>(from.payload.size()), head.nlmsg_flags);
  if (into == nullptr) throw std::bad_alloc();
  if (!from.payload.empty()) {
    std::memcpy(::nlmsg_data(into), from.payload.data(), from.payload.size());
  }
  ::nlmsg_set_proto(copy.get(), protocol);
  return copy;
}

/// nl_msg_parse: the object of a message; nullptr where libnl knows no such type or cannot read it.
[[nodiscard]] inline any_object_ptr any_object_of(const message_view& from,
                                                  int protocol = NETLINK_ROUTE) {
  const message_ptr copy = message_of(from, protocol);
  any_object_ptr found;
  ::nl_msg_parse(
      copy.get(),
      [](::nl_object* object, void* into) {
        ::nl_object_get(object);
        static_cast<any_object_ptr*>(into)->reset(object);
      },
      &found);
  return found;
}

/// The same where the type is known; nullptr also where the object is of another one.
template <libnl_object T>
[[nodiscard]] object_ptr<T> object_of(const message_view& from) {
  any_object_ptr any = any_object_of(from);
  if (!any || ::nl_object_get_type(any.get()) != object_name<T>) return nullptr;
  return object_ptr<T>(static_cast<T*>(static_cast<void*>(any.release())));
}

/// Makes `into` the request that libnl built: type, flags and payload, with NLM_F_REQUEST. What
/// libnl would add when it sends (NLM_F_ACK, number, port) Trivet adds when it sends.
inline void copy(::nl_msg& from, message_builder& into) {
  const ::nlmsghdr* const head = ::nlmsg_hdr(&from);
  into.restart(head->nlmsg_type, head->nlmsg_flags | NLM_F_REQUEST);
  const auto size = static_cast<std::size_t>(::nlmsg_datalen(head));
  into.attributes().plain(const_bytes(static_cast<const std::byte*>(::nlmsg_data(head)), size));
}

}  // namespace trivet::netlink::interop

#endif  // TRIVET_NETLINK_INTEROP_LIBNL_H_
