// A datagram of sock_diag: no length is trusted, and an inet socket is the same once encoded.
#include <linux/sock_diag.h>

#include <span>

#include "tests/fuzz/require.h"
#include "trivet/netlink/diag/inet.h"
#include "trivet/netlink/diag/local.h"
#include "trivet/netlink/message.h"

namespace {

using trivet::const_bytes;
using trivet::netlink::message_builder;
using trivet::netlink::message_reader;
using trivet::netlink::message_view;
using trivet::test::require;
namespace diag = trivet::netlink::diag;

void take_inet(const message_view& message) {
  const auto first = diag::inet_socket::decode(message);
  if (!first) return;
  message_builder out(SOCK_DIAG_BY_FAMILY, 0);
  first->encode(out);
  if (out.failed()) return;  // longer than an attribute may be
  message_reader in(out.finish());
  message_view again;
  require(in.next(again), "what is encoded is a message");
  const auto second = diag::inet_socket::decode(again);
  require(second.has_value(), "what is encoded can be decoded");
  require(*second == *first, "decode, encode, decode is the identity");
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  message_reader in(std::as_bytes(std::span(data, size)));
  for (message_view message; in.next(message);) {
    take_inet(message);
    (void)diag::unix_socket::decode(message);
    (void)diag::packet_socket::decode(message);
    (void)diag::tipc_socket::decode(message);
    if (const auto socket = diag::netlink_socket::decode(message)) {
      std::size_t before = 0;
      for (const std::uint32_t group : socket->memberships()) {
        require(group > before, "groups come in order, from 1 on");
        before = group;
      }
    }
  }
  return 0;
}
