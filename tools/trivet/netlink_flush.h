// Removing all objects that selectors match: `addr flush`, `route flush`, `neigh flush` and so on.
#ifndef TOOLS_TRIVET_NETLINK_FLUSH_H_
#define TOOLS_TRIVET_NETLINK_FLUSH_H_

#include <cstdint>
#include <functional>
#include <string_view>

#include "tools/trivet/netlink_show.h"

namespace trivet::tool {

/// What a flush is of.
struct flush_noun {
  std::string_view request;  ///< "RTM_DELADDR", for errors
  std::uint16_t type;        ///< of the request
  std::string_view objects;  ///< "addresses", for -s
};

/// Takes the payload of a request that removes one object.
using doomed_visitor = std::function<void(const_bytes payload)>;

/// Asks the kernel for the objects that are to go, and hands on for each what a request says that
/// removes it: mostly what the kernel says of it. Begins anew by calling `again` where the dump is
/// repeated.
/// @param round  0 when it is called first
using flush_question =
    std::function<void(int round, const doomed_visitor& found, const std::function<void()>& again)>;

/// Removes what the question finds, and asks again until it finds nothing: an address may take the
/// place of one that went. What has gone by itself meanwhile is no error. With -s one line says how
/// many there were, with -j as an object. Throws where the kernel refuses, or where objects come as
/// fast as they go.
void flush_objects(show_session& session, output& out, const flush_noun& noun,
                   const flush_question& ask);

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_NETLINK_FLUSH_H_
