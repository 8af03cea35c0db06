#include "tools/trivet/socket_family.h"

#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tools/trivet/failure.h"
#include "tools/trivet/socket_exchange.h"
#include "tools/trivet/socket_receive.h"
#include "trivet/unix/socket.h"

namespace trivet::tool {
namespace {

using no_names = std::span<const named_value>;

struct unix_family {
  using address = unix_domain::address;
  static constexpr std::string_view name = "unix";
  static constexpr std::string_view form = "PATH, @ABSTRACT, or '' for none";
  static constexpr named_value types[] = {
      {"dgram", SOCK_DGRAM}, {"stream", SOCK_STREAM}, {"seqpacket", SOCK_SEQPACKET}};
  static constexpr no_names protocols = {};
  static constexpr int protocol = 0;
  static constexpr bool can_echo = true;
  static constexpr bool needs_name_for_reply = true;
  static unix_domain::socket open(int type, int /*protocol*/) { return unix_domain::socket(type); }
  static void remove_name(const address& local) noexcept {
    if (!local.is_abstract() && !local.is_unnamed()) ::unlink(std::string(local.path()).c_str());
  }
};

template <class Family>
constexpr socket_family row = {Family::name,          Family::form,  Family::types,
                               &show_address<Family>, &send<Family>, &receive<Family>};

constexpr socket_family families[] = {
    row<unix_family>,
};

}  // namespace

std::span<const socket_family> socket_families() { return families; }

const socket_family& socket_family_of(std::string_view name) {
  std::string known;
  for (const socket_family& family : families) {
    if (family.name == name) return family;
    known += fmt::format("{}{}", known.empty() ? "" : ", ", family.name);
  }
  throw usage_error(fmt::format("unknown family '{}': one of {}", name, known));
}

}  // namespace trivet::tool
