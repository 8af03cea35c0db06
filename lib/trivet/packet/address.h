// The address of an AF_PACKET socket: (ifname, proto[, pkttype[, hatype[, addr]]]).
//
// The text is the tuple that CPython prints, ('lo', 3, 0, 772, b'\x00\x00\x00\x00\x00\x00'). Read
// are also the names of constants (ETH_P_ALL, PACKET_OTHERHOST, ARPHRD_ETHER), an address as
// 02:00:5e:00:00:01 without quotes, and a number without quotes in the place of the name: the
// interface's index, which is what is printed where the name is not known. "" and 0 mean every
// interface.
//
// A name is not an address yet: the kernel takes an index, and what index a name has depends on
// the network namespace. with_index() and with_name() ask the namespace of a socket.
//
//   packet::address eth0("eth0", ETH_P_ALL);
//   socket.bind(eth0);                                  // asks for the index itself
//   packet::address to = eth0.with_index(socket.native_handle());   // once, for many sends
#ifndef TRIVET_PACKET_ADDRESS_H_
#define TRIVET_PACKET_ADDRESS_H_

#include <linux/if_ether.h>
#include <sys/socket.h>

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>
#include <tuple>

#include "trivet/base/address.h"
#include "trivet/base/interface.h"

namespace trivet::packet {

/// struct sockaddr_ll. A value; no memory of its own. Two are equal if every part is: one that
/// holds the index in place of the name, or beside it, is another value.
/// Source: packet(7), linux/if_packet.h
class address {
 public:
  static constexpr int family = AF_PACKET;
  /// The longest link-layer address. Source: MAX_ADDR_LEN, the kernel's linux/netdevice.h
  static constexpr std::size_t max_link_address = 32;

  /// The index of a socket's address once its interface is gone.
  static constexpr int removed = -1;

  /// Every interface and no protocol.
  address() noexcept = default;

  /// @param ifname    at most 15 bytes, or "" for every interface
  /// @param protocol  an ETH_P_ number in host byte order
  /// @param pkttype   PACKET_HOST, PACKET_OUTGOING …: only the kernel sets it
  /// @param hatype    ARPHRD_ETHER …: only the kernel sets it
  /// @param link      the peer's link-layer address, at most 32 bytes: where a frame of a
  ///                  SOCK_DGRAM socket goes
  /// Throws address_error that names the field.
  explicit address(std::string_view ifname, std::uint16_t protocol = ETH_P_ALL,
                   std::uint8_t pkttype = 0, std::uint16_t hatype = 0, const_bytes link = {});

  /// The same by the interface's index; 0 for every interface, `removed` for one that is gone.
  /// Throws address_error.
  [[nodiscard]] static address by_index(int index, std::uint16_t protocol = ETH_P_ALL,
                                        std::uint8_t pkttype = 0, std::uint16_t hatype = 0,
                                        const_bytes link = {});

  /// From the tuple. Throws address_error that names the field.
  [[nodiscard]] static address parse(std::string_view text);
  [[nodiscard]] static address from_sockaddr(const_bytes sockaddr);
  [[nodiscard]] static address from_sockaddr(const_bytes sockaddr, std::error_code& ec) noexcept;

  /// struct sockaddr_ll, longer where the link-layer address has more than 8 bytes. A name whose
  /// index has not been asked for becomes index -1, which no interface has: the kernel then says
  /// ENODEV or ENXIO, and never takes it for every interface.
  [[nodiscard]] sockaddr_bytes to_sockaddr() const noexcept;
  [[nodiscard]] std::string to_string() const;

  /// ioctl(SIOCGIFINDEX): the same address with the index that the name has in the network
  /// namespace of socket `fd`. Unchanged where the index is known already, where there is no name,
  /// and where there is no such interface. Source: netdevice(7)
  [[nodiscard]] address with_index(int fd) const noexcept;
  /// ioctl(SIOCGIFNAME): the reverse, under the same conditions. receive_from and receive_batch do
  /// not call it, since it costs a system call: their addresses hold the index only.
  [[nodiscard]] address with_name(int fd) const noexcept;

  /// The interface's name; empty where it is not known, or for every interface.
  [[nodiscard]] std::string_view ifname() const noexcept;
  /// The interface's index; 0 where it is not known, or for every interface; or `removed`.
  [[nodiscard]] int index() const noexcept { return index_; }
  /// ETH_P_ number in host byte order.
  [[nodiscard]] std::uint16_t protocol() const noexcept { return protocol_; }
  /// PACKET_HOST, PACKET_BROADCAST, PACKET_MULTICAST, PACKET_OTHERHOST, PACKET_OUTGOING.
  [[nodiscard]] std::uint8_t pkttype() const noexcept { return pkttype_; }
  /// ARPHRD_ number.
  [[nodiscard]] std::uint16_t hatype() const noexcept { return hatype_; }
  /// The link-layer address.
  [[nodiscard]] const_bytes link() const noexcept { return const_bytes(link_).first(link_size_); }

  // Unused bytes of the arrays are always zero.
  friend bool operator==(const address& a, const address& b) noexcept = default;
  friend std::strong_ordering operator<=>(const address& a, const address& b) noexcept = default;

  /// auto [ifname, protocol, pkttype, hatype, link] = address;
  template <std::size_t I>
  friend auto get(const address& a) noexcept {
    return std::get<I>(std::tuple(a.ifname(), a.protocol_, a.pkttype_, a.hatype_, a.link()));
  }

 private:
  std::array<char, interface_name_capacity> name_{};
  int index_ = 0;
  std::uint16_t protocol_ = 0;
  std::uint8_t pkttype_ = 0;
  std::uint8_t link_size_ = 0;
  std::uint16_t hatype_ = 0;
  std::array<std::byte, max_link_address> link_{};
};

using trivet::operator<<;

}  // namespace trivet::packet

template <>
struct std::tuple_size<trivet::packet::address> : std::integral_constant<std::size_t, 5> {};
template <std::size_t I>
struct std::tuple_element<I, trivet::packet::address> {
  using type = decltype(get<I>(std::declval<const trivet::packet::address&>()));
};
template <>
struct std::hash<trivet::packet::address> : trivet::address_hash<trivet::packet::address> {};

#endif  // TRIVET_PACKET_ADDRESS_H_
