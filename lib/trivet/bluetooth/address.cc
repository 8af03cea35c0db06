#include "trivet/bluetooth/address.h"

// clang-format off: the others need what bluetooth.h defines
#include <bluetooth/bluetooth.h>
#include <bluetooth/hci.h>
#include <bluetooth/l2cap.h>
#include <bluetooth/rfcomm.h>
#include <bluetooth/sco.h>
// clang-format on
#include <fmt/core.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstddef>
#include <string>

#include "trivet/base/bytes.h"
#include "trivet/base/error.h"
#include "trivet/base/tuple.h"

namespace trivet::bluetooth {
namespace {

constexpr std::string_view hci = "bluetooth-hci";
constexpr std::string_view l2cap = "bluetooth-l2cap";
constexpr std::string_view rfcomm = "bluetooth-rfcomm";
constexpr std::string_view sco = "bluetooth-sco";

// The fields; what follows them is padding that a program may leave out.
constexpr std::size_t hci_size = sizeof(::sockaddr_hci);
constexpr std::size_t l2cap_size = offsetof(::sockaddr_l2, l2_bdaddr_type) + sizeof(std::uint8_t);
constexpr std::size_t rfcomm_size = offsetof(::sockaddr_rc, rc_channel) + sizeof(std::uint8_t);
constexpr std::size_t sco_size = sizeof(::sockaddr_sco);

constexpr named_number channel_names[] = {
    {"HCI_CHANNEL_RAW", HCI_CHANNEL_RAW},         {"HCI_CHANNEL_USER", HCI_CHANNEL_USER},
    {"HCI_CHANNEL_MONITOR", HCI_CHANNEL_MONITOR}, {"HCI_CHANNEL_CONTROL", HCI_CHANNEL_CONTROL},
    {"HCI_CHANNEL_LOGGING", HCI_CHANNEL_LOGGING},
};
constexpr named_number type_names[] = {
    {"BDADDR_BREDR", BDADDR_BREDR},
    {"BDADDR_LE_PUBLIC", BDADDR_LE_PUBLIC},
    {"BDADDR_LE_RANDOM", BDADDR_LE_RANDOM},
};

// PSM and cid stand in a sockaddr in little-endian order.
std::uint16_t little_endian(std::uint16_t value) noexcept {
  return std::endian::native == std::endian::big ? __builtin_bswap16(value) : value;
}

::bdaddr_t reversed(const bdaddr& device) noexcept {
  ::bdaddr_t raw{};
  std::reverse_copy(device.bytes.begin(), device.bytes.end(), std::begin(raw.b));
  return raw;
}

bdaddr reversed(const ::bdaddr_t& raw) noexcept {
  bdaddr device;
  std::reverse_copy(std::begin(raw.b), std::end(raw.b), device.bytes.begin());
  return device;
}

bdaddr read_device(tuple_reader& in) {
  const std::string text = in.text("bdaddr");
  const auto device = bdaddr::parse(text);
  if (!device) {
    in.fail("bdaddr", fmt::format("{} is not six hexadecimal bytes, as in '00:1A:7D:DA:71:13'",
                                  quote_text(text)));
  }
  return *device;
}

bool fits(const_bytes sockaddr, std::size_t least, std::error_code& ec) noexcept {
  ec.clear();
  if (sockaddr.size() < least || family_of(sockaddr) != AF_BLUETOOTH) ec = errno_code(EINVAL);
  return !ec;
}

[[noreturn]] void fail_sockaddr(std::string_view protocol, const_bytes sockaddr,
                                std::size_t least) {
  throw address_error::in_field(
      protocol, "sockaddr",
      fmt::format("{} bytes of family {}; at least {} of AF_BLUETOOTH are wanted", sockaddr.size(),
                  family_of(sockaddr), least));
}

}  // namespace

hci_address hci_address::parse(std::string_view text) {
  tuple_reader in(hci, text);
  hci_address result;
  result.dev_id = in.number<std::uint16_t>("dev_id");
  if (in.more()) result.channel = in.number<std::uint16_t>("channel", channel_names);
  in.end();
  return result;
}

hci_address hci_address::from_sockaddr(const_bytes sockaddr, std::error_code& ec) noexcept {
  if (!fits(sockaddr, hci_size, ec)) return {};
  const auto raw = load_padded<::sockaddr_hci>(sockaddr);
  return {raw.hci_dev, raw.hci_channel};
}

hci_address hci_address::from_sockaddr(const_bytes sockaddr) {
  std::error_code ec;
  const hci_address result = from_sockaddr(sockaddr, ec);
  if (ec) fail_sockaddr(hci, sockaddr, hci_size);
  return result;
}

sockaddr_bytes hci_address::to_sockaddr() const noexcept {
  auto raw = zeroed<::sockaddr_hci>();
  raw.hci_family = AF_BLUETOOTH;
  raw.hci_dev = dev_id;
  raw.hci_channel = channel;
  return sockaddr_bytes(raw);
}

std::string hci_address::to_string() const {
  return channel == 0 ? fmt::format("({},)", dev_id) : fmt::format("({}, {})", dev_id, channel);
}

l2cap_address l2cap_address::parse(std::string_view text) {
  tuple_reader in(l2cap, text);
  l2cap_address result;
  result.device = read_device(in);
  result.psm = in.number<std::uint16_t>("psm");
  if (in.more()) result.cid = in.number<std::uint16_t>("cid");
  if (in.more()) {
    result.type = bdaddr_type(
        in.number<std::uint8_t>("bdaddr_type", type_names, BDADDR_BREDR, BDADDR_LE_RANDOM));
  }
  in.end();
  return result;
}

l2cap_address l2cap_address::from_sockaddr(const_bytes sockaddr, std::error_code& ec) noexcept {
  if (!fits(sockaddr, l2cap_size, ec)) return {};
  const auto raw = load_padded<::sockaddr_l2>(sockaddr);
  if (raw.l2_bdaddr_type > BDADDR_LE_RANDOM) {
    ec = errno_code(EINVAL);
    return {};
  }
  return {reversed(raw.l2_bdaddr), little_endian(raw.l2_psm), little_endian(raw.l2_cid),
          bdaddr_type(raw.l2_bdaddr_type)};
}

l2cap_address l2cap_address::from_sockaddr(const_bytes sockaddr) {
  std::error_code ec;
  const l2cap_address result = from_sockaddr(sockaddr, ec);
  if (!ec) return result;
  if (fits(sockaddr, l2cap_size, ec)) {
    throw address_error::in_field(
        l2cap, "bdaddr_type",
        fmt::format("{} is not in 0 to 2", std::to_integer<int>(sockaddr[l2cap_size - 1])));
  }
  fail_sockaddr(l2cap, sockaddr, l2cap_size);
}

sockaddr_bytes l2cap_address::to_sockaddr() const noexcept {
  auto raw = zeroed<::sockaddr_l2>();
  raw.l2_family = AF_BLUETOOTH;
  raw.l2_psm = little_endian(psm);
  raw.l2_bdaddr = reversed(device);
  raw.l2_cid = little_endian(cid);
  raw.l2_bdaddr_type = static_cast<std::uint8_t>(type);
  return sockaddr_bytes(raw);
}

std::string l2cap_address::to_string() const {
  std::string text = fmt::format("('{}', {}", device.to_string(), psm);
  if (cid != 0 || type != bdaddr_type::bredr) text += fmt::format(", {}", cid);
  if (type != bdaddr_type::bredr) text += fmt::format(", {}", static_cast<unsigned>(type));
  return text + ")";
}

rfcomm_address rfcomm_address::parse(std::string_view text) {
  tuple_reader in(rfcomm, text);
  rfcomm_address result;
  result.device = read_device(in);
  result.channel = in.number<std::uint8_t>("channel");
  in.end();
  return result;
}

rfcomm_address rfcomm_address::from_sockaddr(const_bytes sockaddr, std::error_code& ec) noexcept {
  if (!fits(sockaddr, rfcomm_size, ec)) return {};
  const auto raw = load_padded<::sockaddr_rc>(sockaddr);
  return {reversed(raw.rc_bdaddr), raw.rc_channel};
}

rfcomm_address rfcomm_address::from_sockaddr(const_bytes sockaddr) {
  std::error_code ec;
  const rfcomm_address result = from_sockaddr(sockaddr, ec);
  if (ec) fail_sockaddr(rfcomm, sockaddr, rfcomm_size);
  return result;
}

sockaddr_bytes rfcomm_address::to_sockaddr() const noexcept {
  auto raw = zeroed<::sockaddr_rc>();
  raw.rc_family = AF_BLUETOOTH;
  raw.rc_bdaddr = reversed(device);
  raw.rc_channel = channel;
  return sockaddr_bytes(raw);
}

std::string rfcomm_address::to_string() const {
  return fmt::format("('{}', {})", device.to_string(), channel);
}

sco_address sco_address::parse(std::string_view text) {
  tuple_reader in(sco, text);
  const sco_address result{read_device(in)};
  in.end();
  return result;
}

sco_address sco_address::from_sockaddr(const_bytes sockaddr, std::error_code& ec) noexcept {
  if (!fits(sockaddr, sco_size, ec)) return {};
  return {reversed(load_padded<::sockaddr_sco>(sockaddr).sco_bdaddr)};
}

sco_address sco_address::from_sockaddr(const_bytes sockaddr) {
  std::error_code ec;
  const sco_address result = from_sockaddr(sockaddr, ec);
  if (ec) fail_sockaddr(sco, sockaddr, sco_size);
  return result;
}

sockaddr_bytes sco_address::to_sockaddr() const noexcept {
  auto raw = zeroed<::sockaddr_sco>();
  raw.sco_family = AF_BLUETOOTH;
  raw.sco_bdaddr = reversed(device);
  return sockaddr_bytes(raw);
}

std::string sco_address::to_string() const { return device.to_string(); }

}  // namespace trivet::bluetooth
