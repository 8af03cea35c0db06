#include "trivet/netlink/generic/controller.h"

#include <cerrno>
#include <utility>

#include "trivet/base/error.h"

namespace trivet::netlink::generic {
namespace {

// Version 2 is what the controller says of itself since 2006.
constexpr std::uint8_t controller_version = 2;

void start(message_builder& request, std::uint8_t command) {
  request.structure(::genlmsghdr{command, controller_version, 0});
}

constexpr unsigned attempts = 10;  // families come and go with modules, seldom

}  // namespace

std::optional<family> find_family(client& kernel, std::string_view name, deadline until) {
  message_builder request(GENL_ID_CTRL);
  start(request, CTRL_CMD_GETFAMILY);
  request.attributes().text(CTRL_ATTR_FAMILY_NAME, name);
  std::optional<family> found;
  const outcome end = kernel.request(
      request,
      [&](const message_view& message) {
        if (auto one = family::decode(message)) found = std::move(one);
      },
      until);
  if (end.status == request_status::refused && end.error.value() == ENOENT) return std::nullopt;
  end.check("CTRL_CMD_GETFAMILY");
  return found;
}

std::vector<family> list_families(client& kernel, deadline until) {
  message_builder request(GENL_ID_CTRL);
  start(request, CTRL_CMD_GETFAMILY);
  std::vector<family> list;
  const dump_end end =
      kernel.dump(request,
                  [&](const message_view& message) {
                    if (auto one = family::decode(message)) list.push_back(std::move(*one));
                  },
                  {.until = until, .attempts = attempts, .restart = [&] { list.clear(); }});
  end.check("CTRL_CMD_GETFAMILY");
  return list;
}

std::optional<family_policies> policies_of(client& kernel, const family& which, deadline until) {
  message_builder request(GENL_ID_CTRL);
  start(request, CTRL_CMD_GETPOLICY);
  request.attributes().value(CTRL_ATTR_FAMILY_ID, which.id.value_or(0));
  family_policies found;
  bool whole = true;
  const dump_end end =
      kernel.dump(request, [&](const message_view& message) { whole &= found.load(message); },
                  {.until = until, .attempts = attempts, .restart = [&] { found = {}; }});
  if (end.error.value() == EOPNOTSUPP) return std::nullopt;
  // A family without a policy has nothing to dump.
  if (end.error.value() != ENODATA) end.check("CTRL_CMD_GETPOLICY");
  if (!whole) throw_socket_error(errno_code(EPROTO), "CTRL_CMD_GETPOLICY", "a length was wrong");
  return found;
}

}  // namespace trivet::netlink::generic
