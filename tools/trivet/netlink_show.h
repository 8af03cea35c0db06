// What the show verbs of `trivet netlink` share: options, names, and reading a dump.
#ifndef TOOLS_TRIVET_NETLINK_SHOW_H_
#define TOOLS_TRIVET_NETLINK_SHOW_H_

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tools/trivet/netlink_drawing.h"
#include "tools/trivet/nouns.h"
#include "trivet/netlink/client.h"
#include "trivet/netlink/route/network_address.h"

namespace trivet::tool {

struct context;

/// What the verbs read once the command line has been parsed.
using shared_options = std::shared_ptr<netlink_options>;

/// Declares them for a noun and all that is below it.
void add_netlink_options(CLI::App& noun, const shared_options& options);

/// Lets -0, -4 and -6 stand behind the words that take them, too; once all are declared. The
/// others, as `qdisc`, have values that begin so.
void repeat_family_flags(CLI::App& noun, context& ctx, const shared_options& options);

/// The words behind a verb, taken one after the other.
class selector_words {
 public:
  explicit selector_words(std::vector<std::string> words) : words_(words.begin(), words.end()) {}

  [[nodiscard]] bool empty() const { return words_.empty(); }
  /// The next word. Throws usage_error where there is none.
  std::string take(std::string_view what);
  /// Takes the next word if it is this one.
  bool skip(std::string_view word);
  /// Takes the value of the last word as a number.
  std::uint32_t number(std::string_view what);

 private:
  std::deque<std::string> words_;
};

/// "10.0.0.0/8", "10/8", "default", "2001:db8::1", "100" of MPLS: an address and how many of its
/// bits count.
struct prefix {
  netlink::rtnl::network_address address;  ///< family 0: "default" or "all" without one
  int length = 0;
  bool every = false;  ///< "all" or "any": whatever the length, where "default" is 0/0 alone

  /// @param family  what "default" and "all" are of; AF_UNSPEC: any
  /// Throws usage_error that names the selector.
  [[nodiscard]] static prefix parse(std::string_view what, std::string_view text, int family);

  /// Whether the first `length` bits are the same.
  [[nodiscard]] bool covers(const_bytes other) const;
};

/// The number behind a name of a table. Throws usage_error that names the selector.
[[nodiscard]] std::uint32_t number_of(std::string_view what, const netlink::rtnl::name_table& table,
                                      const std::string& word);

/// IPPROTO_ by its name in /etc/protocols or its number. Throws usage_error that names the option.
[[nodiscard]] std::uint8_t ip_protocol_number(std::string_view what, const std::string& word);

/// One run of a show verb: a socket, and the drawing that is made of what it reads.
class show_session : public drawing {
 public:
  show_session(context& ctx, const netlink_options& options);

  netlink::client kernel;

  /// Learns the links of the namespace: their names and flags.
  void learn_links();
  /// One link, as a dump brings them.
  void learn(const netlink::rtnl::link& link);
  void forget_links();
  /// The index of a link by its name or another name of it, or "if7". Throws failure.
  [[nodiscard]] std::uint32_t link_index(const std::string& name) const;

  /// The routing table of a VRF. Throws failure where the link is none.
  [[nodiscard]] std::uint32_t vrf_table(const std::string& name) const;

  /// Reads a dump whole; made anew up to four times where changes came in between.
  /// @param begin  called before each time: what was read before does not count
  void read(std::string_view what, netlink::message_builder& request,
            const netlink::message_visitor& visit, const std::function<void()>& begin);

  /// Reads a dump of any size once, and says so on standard error where it was interrupted.
  void stream(std::string_view what, netlink::message_builder& request,
              const netlink::message_visitor& visit);

 private:
  std::vector<std::pair<std::string, std::int32_t>> alternative_names_;
  std::map<std::int64_t, std::uint32_t> vrf_tables_;
};

/// Runs a show verb with its words.
using show_function = std::function<void(context&, const netlink_options&, selector_words)>;

/// Declares "NOUN show" and makes it what NOUN alone does; the noun is made unless it is there.
void add_show_verb(CLI::App& netlink, context& ctx, const shared_options& options,
                   const std::string& noun, std::string_view noun_summary,
                   const struct help_text& help, show_function show);

/// Declares another verb that takes the words of ip(8): "route get".
/// @param least_words  without as many it is a usage_error
void add_question_verb(CLI::App& netlink, context& ctx, const shared_options& options,
                       const std::string& noun, const std::string& verb,
                       const struct help_text& help, show_function run, int least_words = 1);

/// The nouns of the show verbs; each declares its own.
void add_link_show(CLI::App& netlink, context& ctx, const shared_options& options);
void add_address_show(CLI::App& netlink, context& ctx, const shared_options& options);
void add_route_show(CLI::App& netlink, context& ctx, const shared_options& options);
void add_neighbour_show(CLI::App& netlink, context& ctx, const shared_options& options);
void add_rule_show(CLI::App& netlink, context& ctx, const shared_options& options);
void add_nexthop_show(CLI::App& netlink, context& ctx, const shared_options& options);
void add_qdisc_show(CLI::App& netlink, context& ctx, const shared_options& options);
void add_netns_list(CLI::App& netlink, context& ctx, const shared_options& options);

/// All of them.
void add_netlink_show(CLI::App& netlink, context& ctx, const shared_options& options);

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_NETLINK_SHOW_H_
