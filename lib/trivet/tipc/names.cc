#include "trivet/tipc/names.h"

#include <fmt/core.h>
#include <linux/tipc.h>
#include <sys/ioctl.h>

#include <algorithm>
#include <cstring>
#include <string_view>

#include "trivet/base/bytes.h"

namespace trivet::tipc {
namespace {

// What the kernel prints as text in the names of links (tipc_nodeid2string).
bool is_name_character(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
         std::string_view(".:_-@").find(c) != std::string_view::npos;
}

}  // namespace

std::string node_identity::to_string() const {
  const std::string_view all = text_of(bytes);
  const auto last = all.find_last_not_of('\0');
  const std::string_view used = all.substr(0, last == std::string_view::npos ? 0 : last + 1);
  if (std::all_of(used.begin(), used.end(), is_name_character)) return std::string(used);
  std::string hex;
  for (const char c : used) hex += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return hex;
}

std::optional<node_identity> find_node_identity(int fd, std::uint32_t node) {
  ::tipc_sioc_nodeid_req request{};
  request.peer = node;
  if (::ioctl(fd, SIOCGETNODEID, &request) < 0) return std::nullopt;
  node_identity identity;
  static_assert(sizeof request.node_id == sizeof identity.bytes);
  std::memcpy(identity.bytes.data(), request.node_id, sizeof request.node_id);
  // A node without a bearer has none yet, and answers for every number with nothing.
  return identity == node_identity() ? std::nullopt : std::optional(identity);
}

std::optional<std::string> find_link_name(int fd, std::uint32_t node, std::uint32_t bearer) {
  ::tipc_sioc_ln_req request{};
  request.peer = node;
  request.bearer_id = bearer;
  if (::ioctl(fd, SIOCGETLINKNAME, &request) < 0) return std::nullopt;
  const std::string_view name(request.linkname, sizeof request.linkname);
  return std::string(name.substr(0, name.find('\0')));
}

}  // namespace trivet::tipc
