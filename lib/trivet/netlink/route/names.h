// Names for the numbers of rtnetlink: those of /etc/iproute2, and those that are fixed.
//
// The files are read here, and not by libnl-route: it reads two of them, not the folders beside
// them, and keeps the names in lists that the whole process shares; and its words for the types of
// links are not those of `ip`.
#ifndef TRIVET_NETLINK_ROUTE_NAMES_H_
#define TRIVET_NETLINK_ROUTE_NAMES_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace trivet::netlink::rtnl {

/// Numbers with names, as a file of /etc/iproute2 has them. A value.
class name_table {
 public:
  /// The name, or the number in decimal.
  [[nodiscard]] std::string operator()(std::uint32_t number) const;

  /// From now on every number is given in decimal; number() knows the names all the same.
  void prefer_numbers() noexcept { numeric_ = true; }

  /// The number that goes by a name, or that the text is, decimal or hexadecimal (0x).
  [[nodiscard]] std::optional<std::uint32_t> number(std::string_view name) const;

  /// Reads lines "NUMBER NAME"; a number may be hexadecimal (0x). '#' starts a comment; a line that
  /// is something else is passed over. A later name replaces an earlier one.
  void read(std::string_view text);

  /// One more name, or another one, of a number.
  void set(std::uint32_t number, std::string_view name) { names_[number] = name; }

 private:
  std::map<std::uint32_t, std::string> names_;
  bool numeric_ = false;
};

/// The names of one machine. A value; const calls are thread-safe. Source: ip-route(8)
struct names {
  name_table protocols;     ///< rt_protos: "kernel", "static"
  name_table tables;        ///< rt_tables: "main", "local"
  name_table scopes;        ///< rt_scopes: "link", "global"
  name_table realms;        ///< rt_realms
  name_table tos;           ///< rt_dsfield: names and, without one, 0x and two digits
  name_table groups;        ///< group: of links
  name_table down_reasons;  ///< protodown_reasons: bits of IFLA_PROTO_DOWN_REASON

  /// The names that every system has, without a file.
  [[nodiscard]] static names built_in();

  /// These, and those of the files in /etc/iproute2 (or, where one is not there, of
  /// /usr/share/iproute2 or /usr/lib/iproute2) and of the folders FILE.d beside them. A file that
  /// cannot be read adds nothing.
  [[nodiscard]] static names system();

  /// name_table::prefer_numbers() of each.
  void prefer_numbers() noexcept;

  /// rtm_tos as `ip` prints it.
  [[nodiscard]] std::string tos_name(std::uint8_t value) const;
};

/// RTN_: "unicast", "blackhole"; the number where it is unknown.
[[nodiscard]] std::string route_type_name(std::uint8_t type);

/// The RTN_ number of a name or a number; nothing where it is neither.
[[nodiscard]] std::optional<std::uint8_t> route_type_number(std::string_view name);

/// ARPHRD_: "ether", "loopback"; "[NUMBER]" where it is unknown.
[[nodiscard]] std::string link_type_name(std::uint16_t type);

}  // namespace trivet::netlink::rtnl

#endif  // TRIVET_NETLINK_ROUTE_NAMES_H_
