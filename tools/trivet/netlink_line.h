// A line of ip(8) as a request of rtnetlink: "route add 10.0.0.0/8 via 192.0.2.1".
//
//   constexpr std::string_view line[] = {"add", "10.0.0.0/8", "via", "192.0.2.1"};
//   line_words words(line);
//   netlink::message_builder message(0);
//   const line_request what = write_route(words, resolver, message);
//
// The words are those of iproute2, each noun's in a file of its own. Nothing is sent here, but the
// resolver may ask the kernel for the indices of links.
#ifndef TOOLS_TRIVET_NETLINK_LINE_H_
#define TOOLS_TRIVET_NETLINK_LINE_H_

#include <linux/if_link.h>

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tools/trivet/netlink_last_route.h"
#include "tools/trivet/netlink_prefix.h"
#include "trivet/base/descriptor.h"
#include "trivet/netlink/client.h"
#include "trivet/netlink/message.h"
#include "trivet/netlink/route/label_stack.h"
#include "trivet/netlink/route/link.h"
#include "trivet/netlink/route/names.h"
#include "trivet/netlink/route/network_address.h"

namespace trivet::tool {

/// Whether a word is the beginning of another, or all of it: ip(8) takes it for that.
[[nodiscard]] constexpr bool is_beginning(std::string_view word, std::string_view of) {
  // The first letter tells most apart, without a call.
  return !word.empty() && word.front() == of.front() && of.starts_with(word);
}

/// The words of a line, taken one after the other. A view: they outlive it and what was taken.
/// Everything that is wrong with them is a usage_error that names the word.
class line_words {
 public:
  explicit line_words(std::span<const std::string_view> words) noexcept : rest_(words) {}

  /// Those that have not been taken.
  [[nodiscard]] std::span<const std::string_view> rest() const noexcept { return rest_; }
  [[nodiscard]] bool empty() const noexcept { return rest_.empty(); }
  /// The next word without taking it; empty at the end.
  [[nodiscard]] std::string_view peek() const noexcept {
    return empty() ? std::string_view() : rest_.front();
  }
  /// Takes the next word. An empty one is refused: it is an unset variable of a shell, and what the
  /// kernel makes of it may be anything. @param what  what is missing where there is none
  std::string_view take(std::string_view what) {
    if (peek().empty()) missing(what);
    return take_any(what);
  }
  /// The same, and it may be empty.
  std::string_view take_any(std::string_view what) {
    if (empty()) missing(what);
    const std::string_view word = rest_.front();
    rest_ = rest_.subspan(1);
    return word;
  }
  /// Takes the next word if it is one of these.
  bool skip(std::initializer_list<std::string_view> words) {
    // Called for every keyword at every word of every line.
    const std::string_view next = peek();
    if (next.empty()) return false;
    for (const std::string_view word : words) {
      if (word.size() != next.size() || word.front() != next.front() || word != next) continue;
      rest_ = rest_.subspan(1);
      return true;
    }
    return false;
  }

  /// The value of a keyword: a number in decimal, hexadecimal (0x) or octal (0).
  template <class T = std::uint32_t>
  T number(std::string_view what, std::uint64_t least = 0,
           std::uint64_t most = std::numeric_limits<T>::max()) {
    return static_cast<T>(number_between(what, least, most));
  }
  /// "on" or "off".
  bool on_off(std::string_view what);
  /// An address of the family, or of any where it is AF_UNSPEC: "10.1" is 10.1.0.0.
  netlink::rtnl::network_address address(std::string_view what, int family);
  /// A stack of MPLS labels: "100/200".
  netlink::rtnl::label_stack labels(std::string_view what);
  /// "02:00:00:00:00:01", or the IP address of a tunnel.
  netlink::rtnl::hardware_address hardware(std::string_view what);
  /// A name of the table, or a number.
  std::uint32_t named(std::string_view what, const netlink::rtnl::name_table& names,
                      std::uint64_t most = 0xffffffff);
  /// "3", or "2/3": from and to, each a name of the table or a number, in 16 bits.
  std::uint32_t realms(const netlink::rtnl::name_table& names);

 private:
  [[noreturn]] void missing(std::string_view what) const;
  std::uint64_t number_between(std::string_view what, std::uint64_t least, std::uint64_t most);

  std::span<const std::string_view> rest_;
};

/// What the lines of a run share: names, the links of the namespace, the last route.
class line_resolver {
 public:
  /// @param kernel  outlives this
  explicit line_resolver(netlink::client& kernel);

  netlink::rtnl::names names;
  int family = 0;   ///< of -4 and -6
  last_route last;  ///< for the routes alone

  /// The index of a link by its name or another name of it, or "if7". Throws failure.
  [[nodiscard]] std::uint32_t link(std::string_view name);
  /// What the kernel says of a link of that kind: IFLA_INFO_DATA. Empty where it is of another kind
  /// or says nothing. Throws failure where there is no such link.
  [[nodiscard]] std::vector<std::byte> kind_data(std::string_view name, std::string_view kind);
  /// The routing table of a VRF. Throws failure where the link is none.
  [[nodiscard]] std::uint32_t vrf_table(std::string_view name);
  /// The limits of a virtual function of a link, in Mbit/s; zeros where the kernel tells none.
  /// Throws failure where there is no such link.
  [[nodiscard]] ::ifla_vf_rate function_rates(std::string_view name, std::uint32_t vf);
  /// Links have changed, or are about to.
  void forget_links() {
    links_.clear();
    last.forget();
  }

  /// Called before the kernel is asked: what waits to be sent goes first.
  std::function<void()> before_question{};

 private:
  /// @param mask  RTEXT_FILTER_: what is told of it
  std::optional<netlink::rtnl::link> read_link(std::string_view name, std::uint32_t mask);

  netlink::client& kernel_;
  std::map<std::string, std::uint32_t, std::less<>> links_;
};

/// A request that is in the caller's message_builder.
struct line_request {
  std::string_view request;              ///< "RTM_NEWROUTE"
  std::string subject{};                 ///< what it is about, or
  std::optional<line_prefix> network{};  ///< the prefix that it is about
  bool changes_links = false;            ///< names and indices of links may be others afterwards
  std::string kind{};                    ///< of the link that is made, for the advice
  std::vector<descriptor> held{};        ///< what the message refers to: open until it is sent

  /// For its error: "RTM_NEWROUTE 10.0.0.0/8". Made when it is needed, which is seldom.
  [[nodiscard]] std::string operation() const;
};

/// The words of one noun, the verb first. Throws usage_error, failure.
using line_writer = line_request (*)(line_words& words, line_resolver& resolver,
                                     netlink::message_builder& out);

[[nodiscard]] line_request write_address(line_words& words, line_resolver& resolver,
                                         netlink::message_builder& out);
[[nodiscard]] line_request write_link(line_words& words, line_resolver& resolver,
                                      netlink::message_builder& out);
[[nodiscard]] line_request write_neighbour(line_words& words, line_resolver& resolver,
                                           netlink::message_builder& out);
[[nodiscard]] line_request write_nexthop(line_words& words, line_resolver& resolver,
                                         netlink::message_builder& out);
[[nodiscard]] line_request write_route(line_words& words, line_resolver& resolver,
                                       netlink::message_builder& out);
[[nodiscard]] line_request write_rule(line_words& words, line_resolver& resolver,
                                      netlink::message_builder& out);

/// The writer of a noun by its word or one that ip(8) takes for it ("a", "addr", "address");
/// nullptr where it is none of these nouns.
[[nodiscard]] line_writer line_writer_of(std::string_view noun);

/// What a refused request may need: "modprobe rtnl-link-vrf" where a kind is unknown. May be empty.
[[nodiscard]] std::string advice_for(const line_request& what, const netlink::outcome& end);

/// Throws netlink::error, or socket_error, with that advice, unless the outcome is ok.
void check(const line_request& what, const netlink::outcome& end);

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_NETLINK_LINE_H_
