// A datagram of device events: what is read out of it can be written again and read the same.
#include <span>
#include <string>

#include "tests/fuzz/require.h"
#include "trivet/netlink/uevent.h"

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using trivet::netlink::uevent;
  using trivet::test::require;
  const auto event = uevent::decode(std::as_bytes(std::span(data, size)));
  if (!event) return 0;
  require(event->find("ACTION") != nullptr && *event->find("ACTION") == event->action,
          "an event has an action");
  require(event->find("DEVPATH") != nullptr && *event->find("DEVPATH") == event->device_path,
          "an event has a device");
  std::string text = "add@x";
  text += '\0';
  for (const auto& [name, value] : event->properties) {
    require(!name.empty(), "a property has a name");
    text.append(name).append("=").append(value).push_back('\0');
  }
  require(text.size() <= size + 6 + 1, "properties lie inside the datagram");
  const auto again = uevent::decode(trivet::bytes_of(text));
  require(again.has_value() && again->properties == event->properties, "written and read again");
  return 0;
}
