#include "tests/bluetooth/controllers.h"

// clang-format off: the others need what bluetooth.h defines
#include <bluetooth/bluetooth.h>
#include <bluetooth/hci.h>
// clang-format on
#include <sys/ioctl.h>

#include <algorithm>
#include <stdexcept>

#include "tests/lab/wait.h"

namespace trivet::test {
namespace {

// The head of what comes from HCI_CHANNEL_MONITOR. Source: BlueZ's monitor/bt.h
struct monitor_header {
  std::uint16_t opcode;
  std::uint16_t index;
  std::uint16_t size;
};
constexpr std::uint16_t new_index = 0;

// Waits until the kernel has told of so many controllers; those that are there it tells at once.
void wait_for_controllers(int count) {
  bluetooth::hci_socket monitor;
  monitor.bind({bluetooth::hci_address::no_device, HCI_CHANNEL_MONITOR});
  const deadline until = deadline::after(lab::patience);
  while (count > 0) {
    const auto got = monitor.receive_message({.flags = 0, .until = until});
    if (load_padded<monitor_header>(got.data).opcode == new_index) --count;
  }
}

void control(const bluetooth::hci_socket& socket, unsigned long request, unsigned long argument,
             const char* name) {
  // EALREADY: the kernel has brought it up by itself.
  if (::ioctl(socket.native_handle(), request, argument) < 0 && errno != EALREADY) {
    throw_socket_error(errno_code(errno), name);
  }
}

lab::background start_emulator() {
  try {
    return lab::background({"btvirt", "-l2", "-B"});
  } catch (const std::system_error& e) {
    throw std::runtime_error(std::string("btvirt: ") + e.what() +
                             "; fetch it: tests/lab/lab qemu --fetch");
  }
}

}  // namespace

controllers::controllers() : emulator_(start_emulator()) {
  wait_for_controllers(2);
  const bluetooth::hci_socket any;
  for (std::size_t index = 0; index < addresses_.size(); ++index) {
    const auto i = static_cast<std::uint16_t>(index);
    control(any, HCIDEVUP, i, "HCIDEVUP");
    ::hci_dev_req scan{.dev_id = i, .dev_opt = SCAN_PAGE};
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): ioctl(2) takes a pointer so
    control(any, HCISETSCAN, reinterpret_cast<unsigned long>(&scan), "HCISETSCAN");
    ::hci_dev_info info{};
    info.dev_id = i;
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): ioctl(2) takes a pointer so
    control(any, HCIGETDEVINFO, reinterpret_cast<unsigned long>(&info), "HCIGETDEVINFO");
    std::reverse_copy(std::begin(info.bdaddr.b), std::end(info.bdaddr.b),
                      addresses_[i].bytes.begin());
  }
}

}  // namespace trivet::test
