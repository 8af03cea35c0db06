// What kernels sent, as tests/data/netlink keeps it.
#ifndef TESTS_NETLINK_CAPTURES_H_
#define TESTS_NETLINK_CAPTURES_H_

#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

#include "trivet/netlink/message.h"

namespace trivet::testing {

/// The kernels that there are captures of.
inline constexpr std::string_view captured_kernels[] = {"linux-6.1", "linux-6.18"};

/// The bytes of a capture: messages one after another. Throws where there is no such file.
/// @param name  "link", "addr", "route4", "route6", "events", "error" of capture.py; "kinds",
/// "neigh", "rule" and the others of capture_kinds.py; "diag_inet" … of capture_diag.py
[[nodiscard]] std::vector<std::byte> capture(std::string_view kernel, std::string_view name);

/// The datagrams of a capture whose protocol has no messages, as capture_uevent.py writes them.
[[nodiscard]] std::vector<std::vector<std::byte>> datagrams(std::string_view kernel,
                                                            std::string_view name);

/// Every message of it; views of the bytes.
[[nodiscard]] std::vector<netlink::message_view> messages_of(const_bytes bytes);

/// The message as it would come back from encoding: its bytes, header and all.
[[nodiscard]] std::vector<std::byte> bytes_of_message(netlink::message_builder& message);

/// The attributes of a payload as a sorted list of (type with its flags, bytes): two payloads with
/// the same list mean the same.
struct flat_attribute {
  std::uint16_t type;  ///< with NLA_F_NESTED and NLA_F_NET_BYTEORDER
  std::vector<std::byte> data;
  friend auto operator<=>(const flat_attribute&, const flat_attribute&) = default;
};
/// "0x8012:0a000b00", for what fails.
std::ostream& operator<<(std::ostream& out, const flat_attribute& what);
[[nodiscard]] std::vector<flat_attribute> flatten(const_bytes attributes);

}  // namespace trivet::testing

#endif  // TESTS_NETLINK_CAPTURES_H_
