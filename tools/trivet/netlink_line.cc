#include "tools/trivet/netlink_line.h"

#include <fmt/core.h>
#include <linux/if.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "tools/trivet/failure.h"
#include "trivet/netlink/error.h"
#include "trivet/netlink/route/link.h"
#include "trivet/netlink/route/link_function.h"

namespace trivet::tool {

using netlink::rtnl::network_address;

void line_words::missing(std::string_view what) const {
  throw usage_error(fmt::format("{}: {}", what, empty() ? "a value is missing" : empty_word));
}

std::uint64_t line_words::number_between(std::string_view what, std::uint64_t least,
                                         std::uint64_t most) {
  const std::string_view word = take(what);
  const auto value = line_number(word);
  if (!value || *value < least || *value > most) {
    throw usage_error(fmt::format("{}: '{}' is no number from {} to {}", what, word, least, most));
  }
  return *value;
}

bool line_words::on_off(std::string_view what) {
  const std::string_view word = take(what);
  if (word == "on") return true;
  if (word == "off") return false;
  throw usage_error(fmt::format("{}: '{}' is neither on nor off", what, word));
}

network_address line_words::address(std::string_view what, int family) {
  const std::string_view word = take(what);
  const auto result = parse_line_address(word, family);
  if (!result)
    throw usage_error(fmt::format("{}: '{}' is not {}", what, word, address_phrase(family)));
  return *result;
}

netlink::rtnl::label_stack line_words::labels(std::string_view what) {
  const std::string_view word = take(what);
  auto result = parse_line_labels(word);
  if (!result) throw usage_error(fmt::format("{}: '{}' is not a stack of MPLS labels", what, word));
  return std::move(*result);
}

netlink::rtnl::hardware_address line_words::hardware(std::string_view what) {
  const std::string_view word = take(what);
  std::array<std::byte, netlink::rtnl::short_bytes::capacity> bytes{};
  std::size_t size = 0;
  std::string_view rest = word;
  // Tunnels have IP addresses.
  if (rest.find(':') == std::string_view::npos) {
    if (const auto ip = parse_line_address(rest, AF_INET)) return {ip->value};
  }
  while (size < bytes.size()) {
    const std::size_t colon = std::min(rest.find(':'), rest.size());
    const auto digit = line_number("0x" + std::string(rest.substr(0, colon)));
    if (colon == 0 || colon > 2 || !digit) break;
    bytes.at(size++) = static_cast<std::byte>(*digit);
    if (colon == rest.size()) return {netlink::rtnl::short_bytes(const_bytes(bytes).first(size))};
    rest.remove_prefix(colon + 1);
  }
  throw usage_error(fmt::format("{}: '{}' is no link address, as 02:00:00:00:00:01", what, word));
}

std::uint32_t line_words::named(std::string_view what, const netlink::rtnl::name_table& names,
                                std::uint64_t most) {
  const std::string_view word = take(what);
  const auto number = names.number(word);
  if (!number) {
    throw usage_error(fmt::format("{}: '{}' is neither a name of it nor a number", what, word));
  }
  if (*number > most) throw usage_error(fmt::format("{}: {} is more than {}", what, word, most));
  return *number;
}

std::uint32_t line_words::realms(const netlink::rtnl::name_table& names) {
  const std::string_view word = take("realms");
  std::uint32_t value = 0;
  std::string_view rest = word;
  while (true) {
    const std::size_t slash = std::min(rest.find('/'), rest.size());
    const auto part = names.number(rest.substr(0, slash));
    if (!part || *part > 0xffff || value > 0xffff) {
      throw usage_error(fmt::format("realms: '{}' is no realm, as 3 or 2/3", word));
    }
    value = value << 16 | *part;
    if (slash == rest.size()) return value;
    rest.remove_prefix(slash + 1);
  }
}

line_resolver::line_resolver(netlink::client& kernel)
    : names(netlink::rtnl::names::system()), kernel_(kernel) {}

std::uint32_t line_resolver::link(std::string_view name) {
  if (const auto known = links_.find(name); known != links_.end()) return known->second;
  if (before_question) before_question();
  netlink::message_builder request(RTM_GETLINK);
  request.structure(::ifinfomsg{});
  const bool is_long = name.size() >= IFNAMSIZ;
  request.attributes().text(static_cast<std::uint16_t>(is_long ? IFLA_ALT_IFNAME : IFLA_IFNAME),
                            name);
  request.attributes().value(IFLA_EXT_MASK, std::uint32_t{RTEXT_FILTER_SKIP_STATS});
  std::uint32_t index = 0;
  const auto remember = [&](const netlink::message_view& answer) {
    index = static_cast<std::uint32_t>(answer.structure<::ifinfomsg>().ifi_index);
  };
  netlink::outcome end = kernel_.get(request, remember);
  if (!end.ok() && !is_long) {  // a short one may be another name, too
    request.restart(RTM_GETLINK);
    request.structure(::ifinfomsg{});
    request.attributes().text(IFLA_ALT_IFNAME, name);
    request.attributes().value(IFLA_EXT_MASK, std::uint32_t{RTEXT_FILTER_SKIP_STATS});
    if (const netlink::outcome again = kernel_.get(request, remember); again.ok()) end = again;
  }
  if (end.status == netlink::request_status::unknown)
    end.check(fmt::format("RTM_GETLINK {}", name));
  if (index == 0 && name.starts_with("if")) {
    index = static_cast<std::uint32_t>(line_number(name.substr(2)).value_or(0));
  }
  if (index == 0) {
    throw failure(std::string(name), "there is no such link",
                  "'trivet netlink link show' lists them");
  }
  links_.emplace(name, index);
  return index;
}

std::optional<netlink::rtnl::link> line_resolver::read_link(std::string_view name,
                                                            std::uint32_t mask) {
  ::ifinfomsg header{};
  header.ifi_index = static_cast<int>(link(name));
  if (before_question) before_question();
  netlink::message_builder request(RTM_GETLINK);
  request.structure(header);
  request.attributes().value(IFLA_EXT_MASK, mask);
  std::optional<netlink::rtnl::link> found;
  const netlink::outcome end = kernel_.get(request, [&](const netlink::message_view& answer) {
    found = netlink::rtnl::link::decode(answer);
  });
  end.check(fmt::format("RTM_GETLINK {}", name));
  return found;
}

std::vector<std::byte> line_resolver::kind_data(std::string_view name, std::string_view kind) {
  auto found = read_link(name, RTEXT_FILTER_SKIP_STATS);
  if (!found || !found->info || found->info->kind != kind || !found->info->data) return {};
  return std::move(found->info->data->data);
}

::ifla_vf_rate line_resolver::function_rates(std::string_view name, std::uint32_t vf) {
  const auto found = read_link(name, RTEXT_FILTER_VF | RTEXT_FILTER_SKIP_STATS);
  if (found && found->functions) {
    for (const auto& function : netlink::rtnl::read_functions(*found->functions)) {
      if (function.rate && function.rate->vf == vf) return *function.rate;
    }
  }
  return {vf, 0, 0};
}

std::uint32_t line_resolver::vrf_table(std::string_view name) {
  const std::vector<std::byte> data = kind_data(name, "vrf");
  netlink::attribute_reader in(data);
  for (netlink::attribute a; in.next(a);) {
    if (a.type == IFLA_VRF_TABLE) return a.number<std::uint32_t>().value_or(0);
  }
  throw failure(std::string(name), "this link is no VRF",
                "'trivet netlink link show type vrf' lists them");
}

line_writer line_writer_of(std::string_view noun) {
  struct row {
    std::string_view noun;
    std::size_t shortest;
    line_writer writer;
  };
  // ip(8) takes the beginning of a noun for it: the first in its own order.
  constexpr row rows[] = {
      {"address", 1, write_address},    {"route", 1, write_route},         {"rule", 2, write_rule},
      {"neighbor", 1, write_neighbour}, {"neighbour", 1, write_neighbour}, {"link", 1, write_link},
      {"nexthop", 3, write_nexthop},
  };
  for (const row& r : rows) {
    if (noun.size() >= r.shortest && is_beginning(noun, r.noun)) return r.writer;
  }
  return nullptr;
}

std::string line_request::operation() const {
  std::string text(request);
  if (network) {
    text += network->has_address
                ? fmt::format(" {}/{}", network->address.to_string(), network->length)
                : " default";
  } else if (!subject.empty()) {
    text += " " + subject;
  }
  return text;
}

std::string advice_for(const line_request& what, const netlink::outcome& end) {
  const int error = end.error.value();
  if (error == EPERM) return "run as root, or with CAP_NET_ADMIN";
  const bool unknown_kind = error == EOPNOTSUPP && end.extended.message == "Unknown device type";
  if (!what.kind.empty() && (unknown_kind || error == ENODEV)) {
    // The alias that the kernel itself asks for: vlan is in 8021q, bond in bonding.
    return fmt::format("the kernel has no links of this kind: modprobe rtnl-link-{}", what.kind);
  }
  return {};
}

void check(const line_request& what, const netlink::outcome& end) {
  if (end.status == netlink::request_status::refused) {
    throw netlink::error(end.error, what.operation(), end.extended, advice_for(what, end));
  }
  end.check(what.operation());
}

}  // namespace trivet::tool
