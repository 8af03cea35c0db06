#include "tests/netlink/captures.h"

#include <algorithm>
#include <fstream>
#include <iomanip>
#include <iterator>
#include <ostream>
#include <stdexcept>

namespace trivet::testing {

namespace {

std::vector<std::byte> read_file(std::string_view kernel, std::string_view name,
                                 std::string_view ending) {
  const std::string path =
      "tests/data/netlink/" + std::string(kernel) + "/" + std::string(name) + std::string(ending);
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("no capture " + path);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const const_bytes bytes = bytes_of(text);
  return {bytes.begin(), bytes.end()};
}

}  // namespace

std::vector<std::byte> capture(std::string_view kernel, std::string_view name) {
  return read_file(kernel, name, ".nlmsg");
}

std::vector<std::vector<std::byte>> datagrams(std::string_view kernel, std::string_view name) {
  const auto bytes = read_file(kernel, name, ".datagrams");
  std::vector<std::vector<std::byte>> list;
  byte_reader in(bytes);
  while (!in.rest().empty()) {
    const const_bytes one = in.take(in.read<std::uint32_t>());
    if (in.failed()) throw std::runtime_error("malformed capture");
    list.emplace_back(one.begin(), one.end());
  }
  return list;
}

std::vector<netlink::message_view> messages_of(const_bytes bytes) {
  std::vector<netlink::message_view> list;
  netlink::message_reader in(bytes);
  for (netlink::message_view message; in.next(message);) list.push_back(message);
  if (in.failed()) throw std::runtime_error("malformed capture");
  return list;
}

std::vector<std::byte> bytes_of_message(netlink::message_builder& message) {
  const const_bytes bytes = message.finish();
  return {bytes.begin(), bytes.end()};
}

std::vector<flat_attribute> flatten(const_bytes attributes) {
  std::vector<flat_attribute> list;
  netlink::attribute_reader in(attributes);
  for (netlink::attribute a; in.next(a);) {
    const netlink::raw_attribute kept = netlink::raw_attribute::of(a);
    list.push_back({kept.type, kept.data});
  }
  if (in.failed()) throw std::runtime_error("malformed attributes");
  std::sort(list.begin(), list.end());
  return list;
}

std::ostream& operator<<(std::ostream& out, const flat_attribute& what) {
  out << std::hex << "0x" << what.type << ':';
  for (const std::byte b : what.data)
    out << std::setw(2) << std::setfill('0') << std::to_integer<int>(b);
  return out << std::dec;
}

}  // namespace trivet::testing
