// Dumps of many IPv4 routes: into the live table, and by others. To be run where nothing else is: a
// fresh network namespace with a link v0 that has 10.0.0.1/24.
//
//   dump [--routes N] [--rounds N] [--only CONTENDER]
//
// Prints a line for each contender: its name, CPU milliseconds for a dump, of the fastest tenth,
// ratio to the floor with its quartiles, and bytes per route that it holds then; separated by tabs.
#include <arpa/inet.h>
#include <libmnl/libmnl.h>
#include <net/if.h>
#include <netlink/cache.h>
#include <netlink/netlink.h>
#include <netlink/route/route.h>
#include <sys/socket.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <optional>
#include <string_view>

#include "bench/netlink/bare.h"
#include "bench/paired.h"
#include "trivet/netlink/client.h"
#include "trivet/netlink/monitor.h"
#include "trivet/netlink/table.h"

namespace trivet::bench {
namespace {

unsigned routes = 1'000'000;

void check_count(std::size_t count, const char* who) {
  if (count < routes) {
    std::fprintf(stderr, "%s has %zu of %u routes\n", who, count, routes);
    std::exit(1);
  }
}

contender floor() {
  const auto buffer = std::make_shared<std::vector<std::byte>>(32768);
  return {"receive only", [=](int count) {
            while (count-- > 0) {
              const bare_socket socket;
              socket.ask_for_routes();
              receive_routes(socket, *buffer);
            }
          }};
}

// What each contender had in memory when it was done.
std::size_t held_before;
std::size_t held;
void note_memory() { held = resident_memory() - std::min(resident_memory(), held_before); }

contender live_table() {
  const auto kernel = std::make_shared<std::optional<netlink::monitor>>();
  return {"trivet live table",
          [=](int) {
            kernel->emplace(netlink::monitor_options{.what = netlink::objects::route_v4});
            check_count((*kernel)->state().route_count(), "the live table");
          },
          [=] {
            note_memory();
            kernel->reset();
          }};
}

// The same without what a monitor does beside: subscriptions, links, notifications.
contender table_alone() {
  const auto state = std::make_shared<std::optional<netlink::table>>();
  return {"trivet table alone",
          [=](int) {
            state->emplace();
            netlink::client kernel(NETLINK_ROUTE);
            netlink::message_builder request(RTM_GETROUTE);
            ::rtmsg header{};
            header.rtm_family = AF_INET;
            request.structure(header);
            {
              netlink::table_loader into(**state);
              kernel
                  .dump(request, [&](const netlink::message_view& message) { into.load(message); })
                  .check("dump routes");
              into.finish();
            }
            check_count((*state)->route_count(), "the table");
          },
          [=] {
            note_memory();
            state->reset();
          }};
}

// What a state for another thread costs.
contender snapshot() {
  const auto kernel = std::make_shared<std::optional<netlink::monitor>>();
  const auto copy = std::make_shared<std::shared_ptr<const netlink::table>>();
  return {"trivet snapshot of it",
          [=](int) {
            if (!*kernel)
              kernel->emplace(netlink::monitor_options{.what = netlink::objects::route_v4});
            *copy = (*kernel)->state().snapshot();
            check_count((*copy)->route_count(), "the snapshot");
          },
          [=] { copy->reset(); }};
}

struct four_attributes {
  std::size_t count = 0;
  std::uint64_t sum = 0;  // so that reading them is not optimised away
};

int read_four(const ::nlmsghdr* message, void* data) {
  auto& into = *static_cast<four_attributes*>(data);
  ++into.count;
  const auto* attribute =
      static_cast<const ::nlattr*>(::mnl_nlmsg_get_payload_offset(message, sizeof(::rtmsg)));
  const char* const end = static_cast<const char*>(::mnl_nlmsg_get_payload_tail(message));
  // mnl_attr_for_each, which is no C++.
  for (; ::mnl_attr_ok(attribute, static_cast<int>(end - static_cast<const char*>(
                                                             static_cast<const void*>(attribute))));
       attribute = ::mnl_attr_next(attribute)) {
    switch (mnl_attr_get_type(attribute)) {
      case RTA_TABLE:
      case RTA_DST:
      case RTA_GATEWAY:
      case RTA_OIF:
        if (mnl_attr_validate(attribute, MNL_TYPE_U32) == 0)
          into.sum += mnl_attr_get_u32(attribute);
        break;
      default:
        break;
    }
  }
  return MNL_CB_OK;
}

contender libmnl() {
  const auto buffer = std::make_shared<std::vector<std::byte>>(32768);
  return {
      "libmnl, four attributes", [=](int) {
        ::mnl_socket* const socket = ::mnl_socket_open(NETLINK_ROUTE);
        if (socket == nullptr || ::mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) != 0) {
          give_up("libmnl");
        }
        std::byte bytes[128];
        ::nlmsghdr* const request = ::mnl_nlmsg_put_header(bytes);
        request->nlmsg_type = RTM_GETROUTE;
        request->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
        static_cast<::rtmsg*>(::mnl_nlmsg_put_extra_header(request, sizeof(::rtmsg)))->rtm_family =
            AF_INET;
        if (::mnl_socket_sendto(socket, request, request->nlmsg_len) < 0) give_up("libmnl");
        four_attributes found;
        int more = 1;
        while (more > 0) {
          const ::ssize_t size = ::mnl_socket_recvfrom(socket, buffer->data(), buffer->size());
          if (size < 0) give_up("libmnl");
          more =
              ::mnl_cb_run(buffer->data(), static_cast<std::size_t>(size), 0, 0, read_four, &found);
        }
        ::mnl_socket_close(socket);
        check_count(found.count, "libmnl");
      }};
}

contender libnl() {
  const auto cache = std::make_shared<::nl_cache*>(nullptr);
  return {"libnl rtnl_route_alloc_cache",
          [=](int) {
            ::nl_sock* const socket = ::nl_socket_alloc();
            if (::nl_connect(socket, NETLINK_ROUTE) != 0 ||
                ::rtnl_route_alloc_cache(socket, AF_INET, 0, cache.get()) != 0) {
              give_up("libnl");
            }
            check_count(static_cast<std::size_t>(::nl_cache_nitems(*cache)), "libnl");
            ::nl_socket_free(socket);
          },
          [=] {
            note_memory();
            ::nl_cache_free(*cache);
          }};
}

void print(const timing& t, std::size_t bytes) {
  std::printf("%s\t%.1f\t%.1f\t%.3f\t%.3f\t%.3f\t%.1f\n", t.name.c_str(), t.nanoseconds / 1e6,
              t.undisturbed / 1e6, t.ratio, t.lower, t.upper, static_cast<double>(bytes) / routes);
  std::fflush(stdout);
}

int run(effort how, std::string_view only) {
  const int link = static_cast<int>(::if_nametoindex("v0"));
  if (link == 0) give_up("link v0");
  route_writer(link).write(RTM_NEWROUTE, 0, routes);
  std::vector<contender> contenders{floor()};
  // libnl looks for each route among all: a million takes minutes.
  for (const contender& one :
       routes > 200'000 ? std::vector{live_table(), table_alone(), snapshot(), libmnl()}
                        : std::vector{live_table(), table_alone(), snapshot(), libmnl(), libnl()}) {
    if (only.empty() || one.name.find(only) != std::string::npos) contenders.push_back(one);
  }
  std::vector<std::size_t> bytes;
  for (const contender& one : contenders) {
    held = 0;
    held_before = resident_memory();
    one.run(1);
    if (one.after) one.after();
    bytes.push_back(held);
  }
  const std::vector<timing> timings = time_in_turn(contenders, how);
  for (std::size_t i = 0; i < timings.size(); ++i) print(timings[i], bytes[i]);
  return 0;
}

}  // namespace
}  // namespace trivet::bench

int main(int argc, char** argv) {
  trivet::bench::effort how{.rounds = 9, .count = 1, .cpu_time = true};
  std::string_view only;
  for (int i = 1; i + 1 < argc; i += 2) {
    if (std::strcmp(argv[i], "--routes") == 0) {
      trivet::bench::routes = static_cast<unsigned>(std::atol(argv[i + 1]));
    }
    if (std::strcmp(argv[i], "--rounds") == 0) how.rounds = std::atoi(argv[i + 1]);
    if (std::strcmp(argv[i], "--only") == 0) only = argv[i + 1];
  }
  if (argc % 2 == 0 || how.rounds < 1) {
    std::fprintf(stderr, "usage: dump [--routes N] [--rounds N] [--only CONTENDER]\n");
    return 2;
  }
  return trivet::bench::run(how, only);
}
