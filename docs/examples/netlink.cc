// Prints the links there are, then each change of links and routes for ten seconds.
#include <iostream>

#include "trivet/netlink/monitor.h"

int main() {
  using namespace trivet;
  netlink::monitor monitor({.what = netlink::objects::link | netlink::objects::route});
  for (const auto& [index, link] : monitor.state().links()) std::cout << *link->name << std::endl;
  const deadline end = deadline::after(std::chrono::seconds(10));
  while (const auto event = monitor.next(end)) {
    if (event->kind == netlink::event_kind::overrun) std::cout << "events were lost\n";
    std::cout << (event->kind == netlink::event_kind::removed ? "removed\n" : "changed\n");
  }
}
