// AF_BLUETOOTH sockets, one class for each protocol, because each has its own address.
//
//   bluetooth::rfcomm_socket serial;
//   serial.connect({*bluetooth::bdaddr::parse("00:1A:7D:DA:71:13"), 1});
#ifndef TRIVET_BLUETOOTH_SOCKET_H_
#define TRIVET_BLUETOOTH_SOCKET_H_

#include <cerrno>
#include <string>
#include <utility>

#include "trivet/base/basic_socket.h"
#include "trivet/bluetooth/address.h"

namespace trivet::bluetooth {

/// The numbers of BTPROTO_HCI and the others. Source: bluetooth/bluetooth.h
enum class protocol : int { l2cap = 0, hci = 1, sco = 2, rfcomm = 3 };

/// What the four classes share: the protocol is a part of the type.
template <class Socket, class Address, protocol Protocol>
class protocol_socket : public basic_socket<Socket, Address> {
 public:
  protocol_socket(protocol_socket&&) noexcept = default;
  protocol_socket& operator=(protocol_socket&&) noexcept = default;

 protected:
  ~protocol_socket() = default;

  explicit protocol_socket(int type)
      : basic_socket<Socket, Address>(type, static_cast<int>(Protocol)) {}

  // Throws socket_error EPROTONOSUPPORT for a socket of another Bluetooth protocol: its addresses
  // are others.
  explicit protocol_socket(descriptor fd) : basic_socket<Socket, Address>(std::move(fd)) {
    if (this->socket_base::protocol() != static_cast<int>(Protocol)) {
      throw_socket_error(
          errno_code(EPROTONOSUPPORT), "adopt descriptor " + std::to_string(this->native_handle()),
          "it is of Bluetooth protocol " + std::to_string(this->socket_base::protocol()) +
              ", not of " + std::to_string(static_cast<int>(Protocol)));
    }
  }
};

/// socket(AF_BLUETOOTH, BTPROTO_HCI): commands to a controller and its events.
/// Thread safety as socket_base. Source: bluetooth/hci.h
class hci_socket final : public protocol_socket<hci_socket, hci_address, protocol::hci> {
 public:
  /// @param type  SOCK_RAW; SOCK_NONBLOCK may be added
  explicit hci_socket(int type = SOCK_RAW) : protocol_socket(type) {}
  /// Takes over an open socket of this protocol.
  explicit hci_socket(descriptor fd) : protocol_socket(std::move(fd)) {}
};

/// socket(AF_BLUETOOTH, BTPROTO_L2CAP): channels to devices. Of SOCK_SEQPACKET a receive_batch
/// takes one message in a call: the kernel tells an end before what waits. Thread safety as
/// socket_base. Source: bluetooth/l2cap.h
class l2cap_socket final : public protocol_socket<l2cap_socket, l2cap_address, protocol::l2cap> {
 public:
  /// @param type  SOCK_SEQPACKET, SOCK_STREAM, SOCK_DGRAM or SOCK_RAW (needs CAP_NET_RAW);
  ///   SOCK_NONBLOCK may be added
  explicit l2cap_socket(int type = SOCK_SEQPACKET) : protocol_socket(type) {}
  /// Takes over an open socket of this protocol.
  explicit l2cap_socket(descriptor fd) : protocol_socket(std::move(fd)) {}

  /// ioctl(TIOCOUTQ): waits until the controller has all that was sent. Before a close or shutdown:
  /// the request to disconnect overtakes data that waits, which is then lost.
  /// @return false when the deadline passed first
  /// Throws socket_error. Source: the kernel's bt_sock_ioctl, l2cap_chan_close
  [[nodiscard]] bool wait_until_sent(deadline until) const;
};

/// socket(AF_BLUETOOTH, BTPROTO_RFCOMM): serial lines to devices.
/// Thread safety as socket_base. Source: bluetooth/rfcomm.h
class rfcomm_socket final
    : public protocol_socket<rfcomm_socket, rfcomm_address, protocol::rfcomm> {
 public:
  /// @param type  SOCK_STREAM or SOCK_RAW; SOCK_NONBLOCK may be added
  explicit rfcomm_socket(int type = SOCK_STREAM) : protocol_socket(type) {}
  /// Takes over an open socket of this protocol.
  explicit rfcomm_socket(descriptor fd) : protocol_socket(std::move(fd)) {}
};

/// socket(AF_BLUETOOTH, BTPROTO_SCO): voice. A receive_batch takes one message in a call, likewise.
/// Thread safety as socket_base. Source: bluetooth/sco.h
class sco_socket final : public protocol_socket<sco_socket, sco_address, protocol::sco> {
 public:
  /// @param type  SOCK_SEQPACKET; SOCK_NONBLOCK may be added
  explicit sco_socket(int type = SOCK_SEQPACKET) : protocol_socket(type) {}
  /// Takes over an open socket of this protocol.
  explicit sco_socket(descriptor fd) : protocol_socket(std::move(fd)) {}
};

}  // namespace trivet::bluetooth

#endif  // TRIVET_BLUETOOTH_SOCKET_H_
