// Messages of rtnetlink as events and as dumps, into the table: whatever they are, what it iterates
// is what it finds, a snapshot is the same, and reading again what it holds changes nothing.
#include <linux/rtnetlink.h>

#include <algorithm>
#include <span>
#include <vector>

#include "tests/fuzz/require.h"
#include "trivet/netlink/message.h"
#include "trivet/netlink/table.h"

namespace {

using namespace trivet::netlink;
using trivet::const_bytes;
using trivet::test::require;

bool same_bytes(const route_view& a, const route_view& b) {
  return std::ranges::equal(a.bytes(), b.bytes());
}

void check(const route_store& routes) {
  std::size_t count = 0;
  for (const route_view r : routes) {
    ++count;
    const route_key key = r.key();
    const std::vector<route_view> list = routes.find(key);
    require(std::any_of(list.begin(), list.end(),
                        [&](const route_view& one) { return same_bytes(one, r); }),
            "what is iterated is found");
    const std::size_t size = r.family() == AF_INET ? 4 : 16;
    if (const auto best = routes.lookup(key.table, std::span(key.destination).first(size))) {
      require(best->table() == key.table, "what is looked up is of the table");
    }
  }
  require(count == routes.size(), "as many are iterated as there are");
}

void check_copy(const route_store& a, const route_store& b) {
  auto other = b.begin();
  for (const route_view r : a) {
    require(other != b.end() && same_bytes(r, *other), "a snapshot is the same");
    ++other;
  }
  require(other == b.end() && a.size() == b.size(), "and no more");
}

void check(const table& state) {
  check(state.routes_v4());
  check(state.routes_v6());
  const auto copy = state.snapshot();
  check_copy(state.routes_v4(), copy->routes_v4());
  check_copy(state.routes_v6(), copy->routes_v6());
}

template <class Visit>
void each(const_bytes datagram, Visit visit) {
  message_reader in(datagram);
  for (message_view message; in.next(message);) visit(message);
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const objects unsteady = data[0] % 2 == 0 ? objects::none : objects::all;
  const const_bytes datagram = std::as_bytes(std::span(data, size)).subspan(1);
  differences out;
  table now;
  each(datagram, [&](const message_view& message) { (void)now.apply(message, out); });
  now.look_ahead(std::span(&datagram, 1));
  check(now);

  table again;
  {
    table_loader loader(again);
    each(datagram, [&](const message_view& message) { loader.load(message); });
    loader.finish();
  }
  check(again);
  now.replace(objects::all, table(again), unsteady, out);
  check(now);

  if (unsteady == objects::none) {
    out.clear();
    now.replace(objects::route, table(again), objects::none, out);
    require(out.empty(), "reading the same again changes nothing");
  }
  // Events about what was read; and then all of it goes.
  each(datagram, [&](const message_view& message) { (void)now.apply(message, out); });
  each(datagram, [&](message_view message) {
    if (message.type() != RTM_NEWROUTE) return;
    message.header.nlmsg_type = RTM_DELROUTE;
    (void)now.apply(message, out);
  });
  check(now);
  return 0;
}
