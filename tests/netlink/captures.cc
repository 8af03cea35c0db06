#include "tests/netlink/captures.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace trivet::testing {

std::vector<std::byte> capture(std::string_view kernel, std::string_view name) {
  const std::string path =
      "tests/data/netlink/" + std::string(kernel) + "/" + std::string(name) + ".nlmsg";
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("no capture " + path);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const const_bytes bytes = bytes_of(text);
  return {bytes.begin(), bytes.end()};
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
    list.push_back({a.type, {a.data.begin(), a.data.end()}});
  }
  if (in.failed()) throw std::runtime_error("malformed attributes");
  std::sort(list.begin(), list.end());
  return list;
}

}  // namespace trivet::testing
