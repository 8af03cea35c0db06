// What an extended ACK points at in a request, whatever it points at. The first four bytes are the
// offset, the next four a type that is missing; then come the request and, as its policy, the
// request's own payload.
#include <linux/netlink.h>

#include <span>
#include <string>

#include "tests/fuzz/require.h"
#include "trivet/base/bytes.h"
#include "trivet/netlink/attribute_path.h"
#include "trivet/netlink/message.h"
#include "trivet/netlink/route/request_names.h"

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using trivet::test::require;
  namespace netlink = trivet::netlink;
  trivet::byte_reader in(std::as_bytes(std::span(data, size)));
  const auto offset = in.read<std::uint32_t>();
  const auto missing = in.read<std::uint32_t>();
  const trivet::const_bytes request = in.rest();
  netlink::message_reader messages(request);
  netlink::message_view message;
  if (in.failed() || !messages.next(message)) return 0;
  netlink::extended_ack extended = netlink::extended_ack::decode(message.payload);
  extended.offset = offset;
  extended.missing_type = missing;
  extended.missing_nest = offset;
  extended.policy.assign(message.payload.begin(), message.payload.end());
  const auto* const names = netlink::rtnl::names_of_message(message.type(), message.payload);
  netlink::name_attributes(extended, request, names);
  require(extended.path.empty() || extended.path[0] == '.', "a path begins with a dot");
  require(extended.path.empty() || offset < request.size(), "a path leads into the request");
  require(names != nullptr || extended.path.empty(), "no names, no path");
  // From every attribute on, not only from one.
  if (names == nullptr) return 0;
  for (std::uint32_t at = 0; at < request.size() && at < 256; at += 4) {
    (void)netlink::attribute_path(request, *names, at);
  }
  return 0;
}
