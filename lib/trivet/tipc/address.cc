#include "trivet/tipc/address.h"

#include <fmt/core.h>
#include <linux/tipc.h>

#include <cerrno>

#include "trivet/base/bytes.h"
#include "trivet/base/error.h"
#include "trivet/base/tuple.h"

namespace trivet::tipc {
namespace {

static_assert(sizeof(::sockaddr_tipc) == 16);
static_assert(address::max_message == TIPC_MAX_USER_MSG_SIZE);
static_assert(first_user_type == TIPC_RESERVED_TYPES);

constexpr named_number form_names[] = {
    {"TIPC_ADDR_NAMESEQ", TIPC_ADDR_NAMESEQ}, {"TIPC_ADDR_NAME", TIPC_ADDR_NAME},
    {"TIPC_ADDR_ID", TIPC_ADDR_ID},           {"TIPC_SERVICE_RANGE", TIPC_SERVICE_RANGE},
    {"TIPC_SERVICE_ADDR", TIPC_SERVICE_ADDR}, {"TIPC_SOCKET_ADDR", TIPC_SOCKET_ADDR},
    {"TIPC_ADDR_MCAST", TIPC_ADDR_MCAST},
};

constexpr named_number scope_names[] = {
    {"TIPC_ZONE_SCOPE", TIPC_ZONE_SCOPE},
    {"TIPC_CLUSTER_SCOPE", TIPC_CLUSTER_SCOPE},
    {"TIPC_NODE_SCOPE", TIPC_NODE_SCOPE},
};

[[noreturn]] void fail(std::string_view field, std::string_view reason) {
  throw address_error::in_field("tipc", field, reason);
}

// The names of v1, v2 and v3 in each form.
constexpr const char* field_names[][3] = {
    {"type", "lower", "upper"}, {"type", "instance", "domain"}, {"node", "ref", "v3"}};

// The offending field, or nothing where the sockaddr is a good one.
std::string_view wrong_field(const_bytes bytes, const ::sockaddr_tipc& raw) {
  if (bytes.size() < sizeof raw) return "sockaddr";
  if (raw.family != AF_TIPC) return "family";
  if (raw.addrtype < TIPC_SERVICE_RANGE || raw.addrtype > TIPC_SOCKET_ADDR) return "addr_type";
  if (raw.scope < 0 || raw.scope > TIPC_NODE_SCOPE) return "scope";
  if (raw.addrtype == TIPC_SERVICE_RANGE && raw.addr.nameseq.lower > raw.addr.nameseq.upper) {
    return "upper";
  }
  return {};
}

}  // namespace

address::address(const service_range& range, tipc::scope scope)
    : address(address_form::range, range.type, range.lower, range.upper, scope) {
  if (range.lower > range.upper) {
    fail("upper", fmt::format("{} is below lower, {}", range.upper, range.lower));
  }
}

address::address(const tipc::service& service, tipc::scope scope) noexcept
    : address(address_form::service, service.type, service.instance, service.domain, scope) {}

address::address(const socket_id& id) noexcept
    : address(address_form::socket, id.node, id.ref, 0, scope::none) {}

address address::parse(std::string_view text) {
  tuple_reader in("tipc", text);
  const auto form =
      in.number<std::uint8_t>("addr_type", form_names, TIPC_SERVICE_RANGE, TIPC_SOCKET_ADDR);
  const auto& names = field_names[form - 1];
  const auto v1 = in.number<std::uint32_t>(names[0]);
  const auto v2 = in.number<std::uint32_t>(names[1]);
  const auto v3 = in.number<std::uint32_t>(names[2]);
  const auto scope =
      in.more() ? tipc::scope(in.number<std::int8_t>("scope", scope_names, 0, TIPC_NODE_SCOPE))
                : scope::cluster;
  in.end();
  if (form == TIPC_SERVICE_RANGE) return address(service_range{v1, v2, v3}, scope);
  if (form == TIPC_SOCKET_ADDR && v3 != 0) {
    fail("v3", fmt::format("{} cannot be sent: a socket address is (3, node, ref, 0)", v3));
  }
  return address(address_form(form), v1, v2, v3, scope);
}

address address::from_sockaddr(const_bytes sockaddr, std::error_code& ec) noexcept {
  ec.clear();
  const auto raw = load_padded<::sockaddr_tipc>(sockaddr);
  if (!wrong_field(sockaddr, raw).empty()) {
    ec = errno_code(EINVAL);
    return {};
  }
  const auto form = address_form(raw.addrtype);
  const auto scope = tipc::scope(raw.scope);
  if (form == address_form::socket) {
    return {form, raw.addr.id.node, raw.addr.id.ref, 0, scope};
  }
  // A service has its domain where a range has its upper end.
  return {form, raw.addr.nameseq.type, raw.addr.nameseq.lower, raw.addr.nameseq.upper, scope};
}

address address::from_sockaddr(const_bytes sockaddr) {
  std::error_code ec;
  const address result = from_sockaddr(sockaddr, ec);
  if (!ec) return result;
  const auto raw = load_padded<::sockaddr_tipc>(sockaddr);
  const std::string_view field = wrong_field(sockaddr, raw);
  if (field == "sockaddr") {
    fail(field, fmt::format("{} bytes are fewer than {}", sockaddr.size(), sizeof raw));
  }
  if (field == "family") fail(field, fmt::format("{} is not AF_TIPC, {}", raw.family, AF_TIPC));
  if (field == "addr_type") fail(field, fmt::format("{} is not in 1 to 3", raw.addrtype));
  if (field == "scope") fail(field, fmt::format("{} is not in 0 to 3", raw.scope));
  fail(field, fmt::format("{} is below lower, {}", raw.addr.nameseq.upper, raw.addr.nameseq.lower));
}

sockaddr_bytes address::to_sockaddr() const noexcept {
  auto raw = zeroed<::sockaddr_tipc>();
  raw.family = AF_TIPC;
  raw.addrtype = static_cast<unsigned char>(form_);
  raw.scope = static_cast<signed char>(scope_);
  if (form_ == address_form::socket) {
    raw.addr.id = {.ref = v2_, .node = v1_};
  } else {
    raw.addr.nameseq = {.type = v1_, .lower = v2_, .upper = v3_};
  }
  return sockaddr_bytes(raw);
}

std::string address::to_string() const {
  return fmt::format("({}, {}, {}, {}, {})", static_cast<int>(form_), v1_, v2_, v3_,
                     static_cast<int>(scope_));
}

std::optional<service_range> address::as_range() const noexcept {
  if (form_ != address_form::range) return std::nullopt;
  return service_range{v1_, v2_, v3_};
}

std::optional<service> address::as_service() const noexcept {
  if (form_ != address_form::service) return std::nullopt;
  return tipc::service{v1_, v2_, v3_};
}

std::optional<socket_id> address::as_socket() const noexcept {
  if (form_ != address_form::socket) return std::nullopt;
  return socket_id{v1_, v2_};
}

}  // namespace trivet::tipc
