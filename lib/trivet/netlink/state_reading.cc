#include "trivet/netlink/state_reading.h"

#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <cerrno>
#include <chrono>
#include <system_error>
#include <utility>

#include "trivet/base/deadline.h"
#include "trivet/base/netns.h"
#include "trivet/base/so.h"
#include "trivet/netlink/object_dumps.h"

namespace trivet::netlink {
namespace {

using namespace std::chrono_literals;

// No dump takes that long, not even one of ten million routes.
constexpr std::chrono::nanoseconds longest_dump = 60s;

// Thrown out of a dump that is given up.
struct given_up {};

// Errors of a dump that say nothing of the state: to be made again.
bool is_transient(std::error_code error) {
  switch (error.value()) {
    case EAGAIN:
    case EBUSY:
    case EINTR:
    case ENOBUFS:
    case ENOMEM:
      return true;
    default:
      return false;
  }
}

// A kernel without the family, or without the routing table, has none of its objects.
bool is_absent(std::error_code error) {
  return error.value() == EAFNOSUPPORT || error.value() == EOPNOTSUPP || error.value() == ENOENT;
}

// A client in the namespace of another one, wherever the calling thread is. SIOCGSKNS needs
// CAP_NET_ADMIN, which whoever entered another namespace has.
client another(const client& known) {
  client here(NETLINK_ROUTE);
  std::error_code before_5_14;
  if (here.underlying().get<so::netns_cookie>(before_5_14) ==
          known.underlying().get<so::netns_cookie>(before_5_14) &&
      !before_5_14) {
    return here;
  }
  const int fd = ::ioctl(known.underlying().native_handle(), SIOCGSKNS);
  if (fd < 0) throw_socket_error(errno_code(errno), "SIOCGSKNS");
  const network_namespace where{descriptor(fd), "the monitor's"};
  return where.run([] { return client(NETLINK_ROUTE); });
}

}  // namespace

// A clear NLM_F_DUMP_INTR proves that none is missing of links, addresses and nexthops, which the
// kernel numbers by their changes. Of routes and neighbours a dump of one piece lacks none, because
// nothing comes between; one of several counts where it goes on. Rules have no identity by which
// notifications could be told from what the dump has already.
// Source: nl_dump_check_consistent(); fn_trie_dump_leaf(), neigh_dump_table(), dump_rules()
objects reading::uncertain(objects moved) const noexcept {
  const objects counted = (objects::route | objects::neighbour) & piecemeal;
  return interrupted | partial | ((counted | objects::rule) & (lost ? objects::all : moved));
}

// An IPv4 dump finds its place by the address of a prefix, so that changes of others do no harm.
// Elsewhere any change may have it pass over the same object again where the next dump has the same
// pieces: what is taken for gone by mistake is told as added after the next reading.
unsigned reading::needed(objects kind) const noexcept {
  if (overlap(partial, kind)) return 0;
  return overlap(kind, objects::route_v6 | objects::neighbour | objects::rule) ? 3 : 2;
}

// A dump of IPv6 routes goes back by as many as were added before its place: where more are added
// than a piece holds, it never ends. Source: fib6_dump_table(), net/ipv6/ip6_fib.c
bool reading::is_endless(objects dumped, std::size_t known) const noexcept {
  constexpr std::size_t most_outrun = 8192;  // routes
  if (dumped != objects::route_v6) return false;
  return meanwhile.count() > visited + most_outrun ||
         (lost && known > 0 && visited > 2 * known + most_outrun);
}

state_reader::state_reader() : client_(NETLINK_ROUTE) {}

void state_reader::wait_for_writers() {
  message_builder request(RTM_GETLINK, NLM_F_REQUEST);
  ::ifinfomsg loopback{};
  loopback.ifi_index = 1;
  request.structure(loopback);
  (void)client_.request(request);
}

// The kernel goes on with a dump for as long as its socket is there: what is left of it would have
// to be read before the next request.
void state_reader::renew() {
  try {
    client_ = another(client_);
  } catch (const std::system_error&) {
    // Then it is read.
  }
}

void state_reader::read_dump(reading& into, objects kind, message_builder& request,
                             const collector& collect) {
  const deadline until = deadline::after(longest_dump);
  std::size_t before = 0, pieces = 0;
  into.visited = 0;
  table_loader fresh(into.fresh);
  dump_options options;
  options.between = [&] {
    pieces += into.visited > std::exchange(before, into.visited);
    if (pieces > 1) into.piecemeal |= kind;
    if (!collect(into, kind) || until.passed()) throw given_up{};
  };
  try {
    const dump_end end = client_.dump(
        request,
        [&](const message_view& message) {
          ++into.visited;
          fresh.load(message);
        },
        options);
    fresh.finish();
    if (end.interrupted) into.interrupted |= kind;
    if (is_transient(end.error)) {
      into.partial |= kind;
    } else if (!is_absent(end.error)) {
      end.check("read links, addresses, routes …");
    }
  } catch (const given_up&) {
    fresh.finish();
    into.partial |= kind;
    renew();
  }
}

reading state_reader::read(objects which, const std::vector<std::uint32_t>& tables,
                           const collector& collect) {
  reading result{table(which, tables)};
  for (const objects kind : each_kind) {
    if (!overlap(kind, which)) continue;
    for_each_dump(kind, tables,
                  [&](message_builder& request) { read_dump(result, kind, request, collect); });
  }
  (void)collect(result, objects::none);
  // A program may have hundreds of monitors, which rest for most of the time.
  client_.release_memory();
  return result;
}

}  // namespace trivet::netlink
