#include "tools/trivet/tipc_watch.h"

#include <fmt/core.h>

#include <charconv>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <tuple>

#include "tools/trivet/context.h"
#include "tools/trivet/failure.h"
#include "tools/trivet/json.h"
#include "tools/trivet/stream.h"
#include "tools/trivet/text.h"
#include "trivet/base/error.h"
#include "trivet/tipc/names.h"
#include "trivet/tipc/topology.h"

namespace trivet::tool {
namespace {

using tipc::topology_change;
using tipc::topology_event;

constexpr std::uint64_t end_handle = std::numeric_limits<std::uint64_t>::max();

std::uint32_t parse_part(std::string_view whole, std::string_view part, const char* name) {
  const bool hex = part.starts_with("0x") || part.starts_with("0X");
  const std::string_view digits = hex ? part.substr(2) : part;
  std::uint32_t value = 0;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), value, hex ? 16 : 10);
  if (error == std::errc() && end == digits.data() + digits.size()) return value;
  throw usage_error(
      fmt::format("'{}': {} '{}' is no number of 0 to {}; a SUBJECT is nodes, links "
                  "or TYPE[:LOWER[-UPPER]]",
                  whole, name, part, std::numeric_limits<std::uint32_t>::max()));
}

// A subscription for each subject; its handle is its place.
std::vector<tipc::subscription> subscriptions_of(const std::vector<std::string>& subjects) {
  std::vector<tipc::subscription> list;
  for (const std::string& subject : subjects) {
    const std::uint64_t handle = list.size();
    if (subject == "nodes") {
      list.push_back(tipc::node_states(handle));
    } else if (subject == "links") {
      list.push_back(tipc::link_states(handle));
    } else {
      list.push_back({.range = parse_service_range(subject), .handle = handle});
    }
  }
  return list;
}

bool overlap(const tipc::service_range& a, const tipc::service_range& b) {
  return a.type == b.type && a.lower <= b.upper && b.lower <= a.upper;
}

/// What is known of the cluster, and how an event is shown.
class watcher {
 public:
  watcher(context& ctx, const watch_options& options)
      : ctx_(ctx),
        subscriptions_(subscriptions_of(options.subjects)),
        server_(ctx.open([] { return tipc::topology(); })) {
    for (const auto& subscription : subscriptions_) server_.subscribe(subscription);
    server_.subscribe(tipc::initial_state_end(end_handle));
  }

  [[nodiscard]] int fd() const { return server_.native_handle(); }
  [[nodiscard]] bool knows_the_initial_state() const { return complete_; }

  /// Reads and prints what is there, though not so much that a stop would go unnoticed.
  void read() {
    for (int count = 0; count < 1024; ++count) {
      std::error_code ec;
      const topology_event event = server_.receive(ec, {.until = deadline::immediate()});
      if (ec.value() == EAGAIN) return;
      if (ec) throw_lost(ec);
      if (event.subscription.handle == end_handle) {
        complete_ = true;
        for (const std::string& line : initial_) ctx_.out.line(line);
        initial_.clear();
        server_.cancel(tipc::initial_state_end(end_handle));
        warn_if_alone();
        return;
      }
      if (event.change != topology_change::timed_out && is_first_to_tell(event)) show(event);
    }
  }

  [[nodiscard]] std::string summary() const {
    std::string up;
    add_count(up, tipc::node_state_type, nodes_, "node");
    add_count(up, tipc::link_state_type, links_, "link");
    if (watches_services()) add_count(up, std::nullopt, bindings_.size(), "binding");
    return fmt::format("{} event{}; there now: {}", events_, events_ == 1 ? "" : "s", up);
  }

 private:
  // A link is known by its peer and both bearers, a binding by its range and its socket.
  using binding = std::tuple<tipc::service_range, tipc::socket_id>;

  [[noreturn]] static void throw_lost(std::error_code ec) {
    if (ec.value() != ECONNRESET) throw_socket_error(ec, "receive from the topology server");
    throw failure("topology server", "it ended the connection",
                  "see whether TIPC is being unloaded, or the kernel's 65535 subscriptions are "
                  "used up");
  }

  // A node without a bearer has no nodes and no links to show, which looks like a fault of ours.
  void warn_if_alone() const {
    if (server_.own_node() != 0 || !watches(tipc::node_state_type)) return;
    ctx_.out.flush();
    print_error_line("this node is in no cluster yet: `tipc bearer enable media eth device IF`");
  }

  // Of subjects that overlap only the first one speaks.
  [[nodiscard]] bool is_first_to_tell(const topology_event& event) const {
    for (const auto& earlier : subscriptions_) {
      if (earlier.handle == event.subscription.handle) return true;
      if (overlap(earlier.range, event.found)) return false;
    }
    return false;
  }

  [[nodiscard]] bool watches(std::uint32_t type) const {
    for (const auto& subscription : subscriptions_) {
      if (subscription.range.type == type) return true;
    }
    return false;
  }
  [[nodiscard]] bool watches_services() const {
    for (const auto& subscription : subscriptions_) {
      const std::uint32_t type = subscription.range.type;
      if (type != tipc::node_state_type && type != tipc::link_state_type) return true;
    }
    return false;
  }

  template <class Count>
  void add_count(std::string& text, std::optional<std::uint32_t> type, Count count,
                 const char* what) const {
    if (type && !watches(*type)) return;
    text += fmt::format("{}{} {}{}", text.empty() ? "" : ", ", count, what, count == 1 ? "" : "s");
  }

  void show(const topology_event& event) {
    if (complete_) ++events_;
    if (const auto node = tipc::node_of(event)) return show_node(event, *node);
    if (const auto link = tipc::link_of(event)) return show_link(event, *link);
    show_service(event);
  }

  // "present" until the initial state is complete.
  [[nodiscard]] const char* word(const topology_event& event, const char* came,
                                 const char* went) const {
    if (event.change == topology_change::withdrawn) return went;
    return complete_ ? came : "present";
  }

  void show_node(const topology_event& event, std::uint32_t node) {
    nodes_ += event.change == topology_change::published ? 1 : -1;
    const bool own = node == server_.own_node();
    const char* what = word(event, "up", "down");
    if (ctx_.json) {
      json_writer& json = begin(what, "node");
      add_node(json, node);
      if (own) json.member("own", true);
      return end(json);
    }
    line(event, what, "node", name_of(node),
         fmt::format("{:08x}{}", node, own ? " (this node)" : ""));
  }

  void show_link(const topology_event& event, const tipc::link_state& link) {
    links_ += event.change == topology_change::published ? 1 : -1;
    const char* what = word(event, "up", "down");
    const auto name = link_name(link);
    if (ctx_.json) {
      json_writer& json = begin(what, "link");
      json.member("link", name).member("bearer", link.local_bearer);
      json.member("peer_bearer", link.peer_bearer);
      add_node(json, link.peer);
      return end(json);
    }
    line(event, what, "link",
         name.value_or(fmt::format("bearer {} to bearer {}", link.local_bearer, link.peer_bearer)),
         "to " + name_of(link.peer));
  }

  void show_service(const topology_event& event) {
    const binding key(event.found, event.socket);
    if (event.change == topology_change::published) {
      bindings_.insert(key);
    } else if (const auto known = bindings_.find(key); known != bindings_.end()) {
      bindings_.erase(known);
    }
    const char* what = word(event, "published", "withdrawn");
    const auto& [type, lower, upper] = event.found;
    if (ctx_.json) {
      json_writer& json = begin(what, "service");
      json.member("type", type).member("lower", lower).member("upper", upper);
      json.member("ref", event.socket.ref);
      add_node(json, event.socket.node);
      return end(json);
    }
    line(event, what, "service",
         lower == upper ? fmt::format("{}:{}", type, lower)
                        : fmt::format("{}:{}-{}", type, lower, upper),
         fmt::format("at {}, ref {}", name_of(event.socket.node), event.socket.ref));
  }

  void line(const topology_event& event, std::string_view what, std::string_view object,
            const std::string& name, const std::string& rest) {
    const ink color = event.change == topology_change::withdrawn ? ink::removed
                      : complete_                                ? ink::added
                                                                 : ink::faint;
    emit(fmt::format("{}  {:<7}  {}  {}", ctx_.paint(color, fmt::format("{:<9}", what)), object,
                     ctx_.paint(ink::name, printable(name)), printable(rest)));
  }

  json_writer& begin(const char* what, const char* object) {
    return json_.begin_object().member("event", what).member("object", object);
  }
  void end(json_writer& json) { emit(json.end_object().take()); }

  // The present state comes out as a whole: whoever has read a line of it has missed nothing.
  void emit(std::string line) {
    if (complete_) {
      ctx_.out.line(line);
    } else {
      initial_.push_back(std::move(line));
    }
  }

  // "node" is missing where the node has no identity, as one without a bearer has none.
  void add_node(json_writer& json, std::uint32_t node) {
    json.member("node", identity(node)).member("number", node);
  }

  [[nodiscard]] std::string name_of(std::uint32_t node) {
    if (auto known = identity(node)) return *known;
    return node == 0 ? "this node" : fmt::format("node {:08x}", node);
  }

  // A node's number is a hash of its identity, so that one that is known stays.
  [[nodiscard]] std::optional<std::string> identity(std::uint32_t node) {
    if (const auto known = identities_.find(node); known != identities_.end()) return known->second;
    const auto found = tipc::find_node_identity(fd(), node);
    if (!found) return std::nullopt;
    return identities_[node] = found->to_string();
  }

  // A link that goes down may have lost its name by then.
  [[nodiscard]] std::optional<std::string> link_name(const tipc::link_state& link) {
    if (auto found = tipc::find_link_name(fd(), link.peer, link.local_bearer)) {
      link_names_[link] = *found;
    }
    const auto known = link_names_.find(link);
    return known == link_names_.end() ? std::nullopt : std::optional(known->second);
  }

  context& ctx_;
  std::vector<tipc::subscription> subscriptions_;
  tipc::topology server_;
  json_writer json_;
  bool complete_ = false;
  std::vector<std::string> initial_;
  std::uint64_t events_ = 0;
  std::int64_t nodes_ = 0;
  std::int64_t links_ = 0;
  std::multiset<binding> bindings_;
  std::map<std::uint32_t, std::string> identities_;
  std::map<tipc::link_state, std::string> link_names_;
};

}  // namespace

tipc::service_range parse_service_range(std::string_view text) {
  const auto colon = text.find(':');
  const std::uint32_t type = parse_part(text, text.substr(0, colon), "TYPE");
  if (colon == std::string_view::npos) {
    return {type, 0, std::numeric_limits<std::uint32_t>::max()};
  }
  const std::string_view instances = text.substr(colon + 1);
  const auto dash = instances.find('-');
  const std::uint32_t lower = parse_part(text, instances.substr(0, dash), "LOWER");
  if (dash == std::string_view::npos) return {type, lower, lower};
  const std::uint32_t upper = parse_part(text, instances.substr(dash + 1), "UPPER");
  if (upper < lower) {
    throw usage_error(fmt::format("'{}': UPPER {} is below LOWER {}", text, upper, lower));
  }
  return {type, lower, upper};
}

void watch(context& ctx, const watch_options& options) {
  const stop_signal stop(ctx);
  watcher watching(ctx, options);
  try {
    while (!(options.once && watching.knows_the_initial_state()) &&
           wait_readable(ctx, stop, watching.fd()) != wake::stopped) {
      watching.read();
    }
  } catch (const failure&) {
    end_stream(ctx, watching.summary());
    throw;
  }
  end_stream(ctx, watching.summary());
}

}  // namespace trivet::tool
