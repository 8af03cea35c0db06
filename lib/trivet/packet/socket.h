// AF_PACKET sockets: whole frames of a network interface.
//
//   packet::socket tap(SOCK_RAW);                    // hears nothing yet
//   tap.set(packet::add_membership{packet::promiscuous(index)});
//   tap.bind(packet::address("eth0", ETH_P_ALL));    // from here on it hears eth0, and only eth0
//   auto frame = tap.receive_message();              // frame.from says where from and which way
//
// Not here: filters (filter.h), receive rings (ring.h), capture files (pcapng.h).
#ifndef TRIVET_PACKET_SOCKET_H_
#define TRIVET_PACKET_SOCKET_H_

#include <cerrno>
#include <string_view>
#include <utility>

#include "trivet/base/basic_socket.h"
#include "trivet/packet/address.h"

namespace trivet::packet {

/// socket(AF_PACKET, type, 0). Needs CAP_NET_RAW in the network namespace, else not_permitted.
///
/// It is opened with protocol 0, which hears nothing: a socket that is opened with ETH_P_ALL hears
/// every interface until it is bound, and those frames stay in its queue. Attach the filter first
/// and bind last; the protocol is the address's.
/// Thread safety as socket_base. Source: packet(7)
class socket final : public basic_socket<socket, address> {
 public:
  /// @param type  SOCK_RAW: frames with their link-layer header; SOCK_DGRAM: without it, and
  ///              send_to() makes one from the address. SOCK_NONBLOCK may be added
  explicit socket(int type = SOCK_RAW) : basic_socket(type, 0) {}

  /// Takes over an open AF_PACKET socket.
  explicit socket(descriptor fd) : basic_socket(std::move(fd)) {}

  // For basic_socket: what an address that the kernel refuses should tell the user.
  [[nodiscard]] static std::string_view advice_for(std::string_view call,
                                                   std::error_code ec) noexcept {
    switch (ec.value()) {
      case ENODEV:
      case ENXIO:
        return "no such interface in the socket's network namespace: `ip link` there shows those "
               "that exist";
      case ENETDOWN:
        return call == "bind" ? "the interface is being removed"
                              : "the interface is down: `ip link set dev NAME up`";
      case EMSGSIZE:
        return "the frame is longer than the interface's MTU allows";
      default:
        return {};
    }
  }
};

}  // namespace trivet::packet

#endif  // TRIVET_PACKET_SOCKET_H_
