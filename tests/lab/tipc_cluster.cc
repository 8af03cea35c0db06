#include "tests/lab/tipc_cluster.h"

#include <linux/tipc.h>
#include <sys/socket.h>

#include <set>
#include <stdexcept>

#include "tests/lab/kernel.h"
#include "tests/lab/links.h"

namespace trivet::lab {
namespace {

constexpr const char* bridge = "bridge";

std::string port_of(std::size_t number) { return "port" + std::to_string(number); }

tipc_subscr subscription(tipc_service_range range, char handle) {
  tipc_subscr result{};
  result.seq = range;
  result.timeout = static_cast<unsigned>(TIPC_WAIT_FOREVER);
  result.filter = TIPC_SUB_PORTS;
  result.usr_handle[0] = handle;
  return result;
}

/// A subscription to the states of the links of the calling thread's namespace.
class link_states {
 public:
  /// Knows the present state when it is made.
  explicit link_states(deadline until)
      : socket_(check(::socket(AF_TIPC, SOCK_SEQPACKET | SOCK_CLOEXEC, 0), "TIPC socket")) {
    sockaddr_tipc server{};
    server.family = AF_TIPC;
    server.addrtype = TIPC_SERVICE_ADDR;
    server.addr.name.name = {TIPC_TOP_SRV, TIPC_TOP_SRV};
    // connect(2) takes every family's address by the pointer to the common one.
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast)
    check(::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&server), sizeof server),
          "connect to the TIPC topology service");
    subscribe({TIPC_LINK_STATE, 0, ~0U}, links);
    // Events come in the order of the subscriptions, and the topology service itself is always
    // published: its event says that every link that is up has been told.
    subscribe({TIPC_TOP_SRV, TIPC_TOP_SRV, TIPC_TOP_SRV}, fence);
    while (!complete_ && next(until)) {
    }
  }

  /// Whether exactly so many links are up.
  [[nodiscard]] bool are_up(std::size_t count) const { return complete_ && up_.size() == count; }

  /// Takes the next event; false at the deadline.
  bool next(deadline until) {
    if (!wait_readable(socket_.get(), until)) {
      return false;
    }
    tipc_event event{};
    const ssize_t size = ::recv(socket_.get(), &event, sizeof event, 0);
    check(static_cast<int>(size), "TIPC topology event");
    if (size != sizeof event) {
      throw std::runtime_error("the TIPC topology service closed the subscription");
    }
    // Two links to one peer differ in their bearers, which are in the port's reference.
    const std::pair link(event.found_lower, event.port.ref);
    if (event.s.usr_handle[0] == fence) {
      complete_ = true;
    } else if (event.event == TIPC_PUBLISHED) {
      up_.insert(link);
    } else {
      up_.erase(link);
    }
    return true;
  }

 private:
  static constexpr char links = 'l';
  static constexpr char fence = 'f';

  void subscribe(tipc_service_range range, char handle) const {
    const tipc_subscr request = subscription(range, handle);
    check(static_cast<int>(::send(socket_.get(), &request, sizeof request, 0)), "subscribe");
  }

  descriptor socket_;
  bool complete_ = false;
  std::set<std::pair<unsigned, unsigned>> up_;
};

void require_tipc() {
  // The module has no alias by which a socket would load it.
  const descriptor probe(::socket(AF_TIPC, SOCK_RDM | SOCK_CLOEXEC, 0));
  if (probe.get() < 0) {
    throw std::system_error(
        errno, std::generic_category(),
        "kernel " + kernel() +
            " gives no TIPC socket; run this test with kernels = [\"uml\"], modules = [\"tipc\"]");
  }
}

}  // namespace

tipc_cluster::tipc_cluster(std::size_t nodes, std::chrono::milliseconds tolerance)
    : switch_("switch") {
  require_tipc();
  add_bridge({switch_, bridge});
  for (std::size_t number = 1; number <= nodes; ++number) {
    const auto& node = nodes_.emplace_back("node" + std::to_string(number));
    plug({node, "eth0"}, {switch_, port_of(number)}, bridge);
    node.run({"tipc", "node", "set", "identity", node.name()});
    node.run({"tipc", "bearer", "enable", "media", "eth", "device", "eth0"});
    node.run({"tipc", "bearer", "set", "tolerance", std::to_string(tolerance.count()), "media",
              "eth", "device", "eth0"});
  }
  for (std::size_t number = 1; number <= nodes; ++number) {
    wait_for_links(number, nodes - 1);
  }
}

void tipc_cluster::cut(std::size_t number) const {
  switch_.run({"ip", "link", "set", "dev", port_of(number), "nomaster"});
}

void tipc_cluster::mend(std::size_t number) const {
  switch_.run({"ip", "link", "set", "dev", port_of(number), "master", bridge});
}

void tipc_cluster::wait_for_links(std::size_t number, std::size_t count, deadline until) const {
  node(number).in([&] {
    link_states states(until);
    while (!states.are_up(count)) {
      if (!states.next(until)) {
        throw std::runtime_error(node(number).name() + " waits for " + std::to_string(count) +
                                 " links:\n" + lab::run({"tipc", "link", "list"}));
      }
    }
  });
}

}  // namespace trivet::lab
