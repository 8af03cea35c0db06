// Prints the links of all network namespaces as they change, for ten seconds.
#include <iostream>

#include "trivet/netlink/namespace_monitor.h"

int main() {
  using namespace trivet::netlink;
  namespace_monitor all({.each = {.what = objects::link}});
  for (const auto& [where, state] : all.spaces()) {
    if (state != nullptr) {
      std::cout << where->label() << ": " << state->links().size() << " links" << std::endl;
    }
  }
  const auto end = trivet::deadline::after(std::chrono::seconds(10));
  while (const auto told = all.next(end)) {
    std::cout << told->where->label();
    if (told->kind == namespace_event_kind::appeared) std::cout << " appeared";
    if (told->kind == namespace_event_kind::vanished) std::cout << " vanished";
    if (told->kind == namespace_event_kind::failed) std::cout << ": " << told->problem;
    if (const auto* link = std::get_if<difference<rtnl::link>>(&told->inside.object)) {
      std::cout << ": " << *link->newest()->name << (link->after ? " is there" : " is gone");
    }
    std::cout << std::endl;
  }
}
