// IFLA_INFO_DATA of a tunnel while its words are read.
#ifndef TOOLS_TRIVET_NETLINK_TUNNEL_DATA_H_
#define TOOLS_TRIVET_NETLINK_TUNNEL_DATA_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "tools/trivet/netlink_tunnel_kinds.h"
#include "trivet/netlink/attribute.h"

namespace trivet::tool {

// GRE's bits for keys, sequence numbers and checksums, in host byte order. Source: RFC 2784, 2890
inline constexpr std::uint16_t gre_key = 0x2000;
inline constexpr std::uint16_t gre_sequence = 0x1000;
inline constexpr std::uint16_t gre_checksum = 0x8000;

/// What several words decide together is a member, and becomes an attribute at the end; a word that
/// stands for itself is appended to `out` at once. The kernel takes what a change does not name as
/// absent, and the tunnel would lose its ends: what is there is therefore where a change begins.
class tunnel_data {
 public:
  /// @param present  the data of the tunnel that is changed; empty: it is made
  tunnel_data(const tunnel_kind& kind, const_bytes present);
  tunnel_data(const tunnel_data&) = delete;
  tunnel_data& operator=(const tunnel_data&) = delete;

  /// gre, gretap, erspan and those of IPv6.
  [[nodiscard]] bool is_gre() const { return &to == &gre_attributes; }
  /// ipip, sit, ip6tnl.
  [[nodiscard]] bool is_ip() const { return &to == &ip_attributes; }

  /// Bits of GRE for what comes in and what goes out.
  void mark(std::uint16_t bit, bool in, bool out);
  void unmark(std::uint16_t bit, bool in, bool out);
  /// An attribute of the tunnel that is changed goes.
  void forget(std::uint16_t type);

  /// All of it, once.
  [[nodiscard]] std::vector<std::byte> finish();

 private:
  byte_buffer bytes_;                         // before `out`, which writes to it
  std::vector<netlink::raw_attribute> kept_;  // of the tunnel that is changed
  std::uint16_t input_flags_ = 0;
  std::uint16_t output_flags_ = 0;

  void begin();
  bool begin_with(const netlink::attribute& a);
  void write_members();

 public:
  const tunnel_attributes& to;
  const bool v6;  ///< outside
  netlink::attribute_writer out{bytes_};
  bool external = false;  ///< routes say everything
  std::optional<std::uint8_t> ttl;
  std::optional<std::uint8_t> encap_limit;
  std::optional<std::uint32_t> flow_info;
  std::optional<std::uint8_t> protocol;
  std::optional<std::uint16_t> encap_flags;
  std::uint32_t flags = 0;
};

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_NETLINK_TUNNEL_DATA_H_
