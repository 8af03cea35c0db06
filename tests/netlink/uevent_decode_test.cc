// Device events: those that a kernel and a systemd-udevd sent, and what nobody sends.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/netlink/captures.h"
#include "trivet/netlink/uevent.h"

namespace trivet::netlink {
namespace {

using std::string_literals::operator""s;

std::optional<uevent> decoded(const std::string& datagram) {
  return uevent::decode(bytes_of(datagram));
}

std::vector<uevent> captured(std::string_view name) {
  std::vector<uevent> list;
  for (const auto& datagram : trivet::testing::datagrams("linux-6.1", name)) {
    const auto event = uevent::decode(datagram);
    EXPECT_TRUE(event);
    if (event) list.push_back(*event);
  }
  return list;
}

uevent event_of(const std::vector<uevent>& list, std::string_view action, std::string_view link) {
  const auto found = std::ranges::find_if(list, [&](const uevent& e) {
    const std::string* name = e.find("INTERFACE");
    return e.action == action && name != nullptr && *name == link;
  });
  if (found == list.end()) throw std::runtime_error("no such event in the capture");
  return *found;
}

TEST(captured_uevents, of_the_kernel) {
  const auto list = captured("uevent");
  EXPECT_GT(list.size(), 8U);
  for (const uevent& event : list) {
    EXPECT_FALSE(event.from_udev);
    ASSERT_NE(event.find("SEQNUM"), nullptr);
  }
  const uevent added = event_of(list, "add", "v0");
  EXPECT_EQ(added.device_path, "/devices/virtual/net/v0");
  EXPECT_EQ(*added.find("SUBSYSTEM"), "net");
  EXPECT_NE(added.find("IFINDEX"), nullptr);
  EXPECT_EQ(added.find("OF_A_RULE"), nullptr);
  const uevent moved = event_of(list, "move", "renamed");
  EXPECT_EQ(*moved.find("DEVPATH_OLD"), "/devices/virtual/net/v0");
  EXPECT_EQ(event_of(list, "remove", "renamed").device_path, "/devices/virtual/net/renamed");
}

TEST(captured_uevents, of_udev) {
  const auto list = captured("uevent_udev");
  EXPECT_GT(list.size(), 8U);
  for (const uevent& event : list) EXPECT_TRUE(event.from_udev);
  const uevent added = event_of(list, "add", "v0");
  EXPECT_EQ(added.device_path, "/devices/virtual/net/v0");
  EXPECT_EQ(*added.find("OF_A_RULE"), "yes") << "what a rule has added";
  EXPECT_EQ(*added.find("TAGS"), ":trivet:systemd:");
  const uevent kernels = event_of(captured("uevent"), "add", "v0");
  for (const auto& [name, value] : kernels.properties) {
    ASSERT_NE(added.find(name), nullptr) << name;
    EXPECT_EQ(*added.find(name), value);
  }
}

std::string number(std::uint32_t value) {
  return {static_cast<char>(value & 0xff), static_cast<char>(value >> 8 & 0xff),
          static_cast<char>(value >> 16 & 0xff), static_cast<char>(value >> 24 & 0xff)};
}

// NOLINTBEGIN(bugprone-string-literal-with-embedded-nul): zero bytes end each property
const std::string kernels = "add@/devices/virtual/net/d0\0ACTION=add\0DEVPATH=/devices/x\0A=b=c\0"s;

TEST(uevent, takes_the_kernels_form) {
  const auto event = decoded(kernels);
  ASSERT_TRUE(event);
  EXPECT_FALSE(event->from_udev);
  EXPECT_EQ(event->action, "add");
  EXPECT_EQ(event->device_path, "/devices/x");
  EXPECT_EQ(event->properties.size(), 3U);
  ASSERT_NE(event->find("A"), nullptr);
  EXPECT_EQ(*event->find("A"), "b=c");
  EXPECT_EQ(event->find("B"), nullptr);
}

TEST(uevent, has_a_property_once_with_its_last_value) {
  const auto event = decoded(kernels + "B=2\0A=3\0A=4\0"s);
  ASSERT_TRUE(event);
  EXPECT_EQ(event->properties.size(), 4U);
  EXPECT_EQ(*event->find("A"), "4");
  EXPECT_EQ(event->properties[2].first, "A") << "in the place of the first";
  EXPECT_EQ(*event->find("B"), "2");
}

TEST(uevent, takes_properties_with_any_name_behind_the_first_word) {
  const auto event = decoded(kernels + "ID@X=1\0"s);
  ASSERT_TRUE(event);
  ASSERT_NE(event->find("ID@X"), nullptr);
  EXPECT_EQ(*event->find("ID@X"), "1");
}

TEST(uevent, refuses_what_lacks_its_action_or_path) {
  EXPECT_FALSE(decoded(""));
  EXPECT_FALSE(decoded("add@/devices/x\0"s));
  EXPECT_FALSE(decoded("add@/devices/x\0ACTION=add\0"s));
  EXPECT_FALSE(decoded("add@/devices/x\0DEVPATH=/devices/x\0"s));
}

TEST(uevent, passes_over_what_is_no_property) {
  const auto event = decoded("x\0=y\0ACTION=add\0\0DEVPATH=/d\0tail"s);
  ASSERT_TRUE(event);
  EXPECT_EQ(event->properties.size(), 2U);
}

std::string udevs(std::uint32_t offset, std::uint32_t length, const std::string& properties) {
  return "libudev\0"s + "\xfe\xed\xca\xfe" + number(40) + number(offset) + number(length) +
         std::string(16, '\0') + properties;
}

TEST(uevent, takes_udevs_form_within_its_bounds) {
  const std::string properties = "ACTION=add\0DEVPATH=/d\0"s;
  const auto size = static_cast<std::uint32_t>(properties.size());
  const auto event = decoded(udevs(40, size, properties));
  ASSERT_TRUE(event);
  EXPECT_TRUE(event->from_udev);
  EXPECT_EQ(event->device_path, "/d");

  EXPECT_FALSE(decoded(udevs(40, size + 1, properties))) << "beyond the end";
  EXPECT_FALSE(decoded(udevs(41 + size, 0, properties))) << "begins beyond the end";
  EXPECT_FALSE(decoded(udevs(0xffffffff, 0xffffffff, properties)));
  EXPECT_FALSE(decoded("libudev\0\xfe\xed"s)) << "cut in its header";
  EXPECT_FALSE(decoded("libudev\0"s + std::string(32, '\0') + properties)) << "another magic";
}
// NOLINTEND(bugprone-string-literal-with-embedded-nul)

}  // namespace
}  // namespace trivet::netlink
