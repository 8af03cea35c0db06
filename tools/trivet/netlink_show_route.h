// Routes as `ip route` shows them, straight from the kernel's bytes: no value is made of a route.
#ifndef TOOLS_TRIVET_NETLINK_SHOW_ROUTE_H_
#define TOOLS_TRIVET_NETLINK_SHOW_ROUTE_H_

#include <linux/rtnetlink.h>

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "tools/trivet/netlink_show.h"

namespace trivet::tool {

/// The struct of a message and where its attributes are. A view of the message.
class route_view {
 public:
  /// @return false where the message is shorter than its struct or a length in it is wrong
  [[nodiscard]] bool parse(const netlink::message_view& message) noexcept;
  /// The attributes alone, of a hop.
  [[nodiscard]] bool parse_attributes(const_bytes attributes) noexcept;

  [[nodiscard]] const ::rtmsg& header() const noexcept { return header_; }
  [[nodiscard]] bool has(unsigned type) const noexcept { return (present_ >> type & 1) != 0; }
  /// The payload; empty where there is none.
  [[nodiscard]] const_bytes bytes(unsigned type) const noexcept {
    return has(type) ? data_[type] : const_bytes();
  }
  /// The payload as a number; 0 where there is none or it has another length.
  template <class T = std::uint32_t>
  [[nodiscard]] T number(unsigned type) const noexcept {
    const const_bytes data = bytes(type);
    return data.size() == sizeof(T) ? load_padded<T>(data) : T{};
  }
  [[nodiscard]] std::uint32_t table() const noexcept {
    return has(RTA_TABLE) ? number(RTA_TABLE) : header_.rtm_table;
  }

 private:
  ::rtmsg header_{};
  std::uint64_t present_ = 0;
  std::array<const_bytes, RTA_MAX + 1> data_{};
};

/// What is left out of each route, because the selectors say it of all.
struct route_style {
  bool table = true;
  bool device = true;
  bool input = true;
  bool protocol = true;
  bool scope = true;
  bool metric = true;
  bool tos = true;
  bool gateway = true;
  bool source = true;
  bool realm = true;
};

/// Prints routes; looks up each name once. One thread.
class route_printer {
 public:
  route_printer(drawing& d, const route_style& style) : drawing_(d), out_(d.out), style_(style) {}

  /// One object of the array, or one route's lines.
  void print(const route_view& route);
  /// The members of an object, or its lines without the newline of the last.
  void print_members(const route_view& route);

  /// To be called when a link may have another name than before.
  void forget_links() { last_link_name_.clear(); }

  /// Prints what a nexthop object is, for -d.
  std::function<void(std::uint32_t id)> describe_nexthop;

 private:
  void put_destination(const route_view& route);
  void put_address(std::string_view key, std::string_view before, int family, const_bytes bytes);
  void put_via(const_bytes via);
  void put_flags(std::uint32_t flags);
  void put_flow(std::uint32_t flow);
  void put_origin(const route_view& route);
  void put_rest(const route_view& route);
  void put_cache_flags(std::uint32_t flags);
  void put_cache(const ::rta_cacheinfo& cache);
  void put_hops(const route_view& route);
  void put_hop(const route_view& route, const ::rtnexthop& header, const_bytes attributes);

  using cache = std::array<std::optional<std::string>, 256>;
  std::string_view cached(cache& names, const netlink::rtnl::name_table& table,
                          std::uint8_t number);
  std::string_view link(std::uint32_t index);
  std::string_view table(std::uint32_t number);

  drawing& drawing_;
  show_writer& out_;
  route_style style_;
  cache protocols_;
  cache scopes_;
  std::map<std::uint32_t, std::string> tables_;
  std::uint32_t last_link_ = 0;
  std::string last_link_name_;
};

/// RTA_METRICS: the member "metrics".
void show_metrics(show_writer& out, const_bytes metrics);

/// "route get", beside the other verbs of a noun that is there.
void add_route_get(CLI::App& netlink, context& ctx, const shared_options& options);

/// Whose members an encapsulation's stand among: a route has keys of the same names.
enum class encapsulation_of { route, hop, nexthop };

/// An encapsulation in the members of the object that it belongs to.
void show_encapsulation(drawing& d, encapsulation_of whose, std::uint16_t type, const_bytes data);

/// The text of an address in a buffer of the caller, or in `fallback` where it is of no IP family.
[[nodiscard]] std::string_view address_text(int family, const_bytes bytes,
                                            std::array<char, 64>& buffer, std::string& fallback);

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_NETLINK_SHOW_ROUTE_H_
