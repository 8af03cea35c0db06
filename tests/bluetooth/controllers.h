// Two Bluetooth controllers that reach each other: BlueZ's emulator on the kernel's virtual HCI.
#ifndef TESTS_BLUETOOTH_CONTROLLERS_H_
#define TESTS_BLUETOOTH_CONTROLLERS_H_

#include <array>

#include "tests/lab/command.h"
#include "trivet/bluetooth/address.h"
#include "trivet/bluetooth/socket.h"

namespace trivet::test {

/// hci0 and hci1, up and open for connections. The kernel has Bluetooth in its first network
/// namespace only, so that there is one of these in a test program.
class controllers {
 public:
  /// Throws where btvirt is missing, or where the controllers do not appear in time.
  controllers();

  /// Of hci0 or hci1.
  [[nodiscard]] const bluetooth::bdaddr& address(std::size_t which) const {
    return addresses_[which];
  }

 private:
  lab::background emulator_;
  std::array<bluetooth::bdaddr, 2> addresses_;
};

}  // namespace trivet::test

#endif  // TESTS_BLUETOOTH_CONTROLLERS_H_
