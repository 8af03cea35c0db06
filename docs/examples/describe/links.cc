// Prints every message about links for ten seconds: its name, and all that it says.
#include <linux/rtnetlink.h>

#include <iostream>

#include "trivet/netlink/describe.h"
#include "trivet/netlink/socket.h"

using namespace trivet;

void print(const std::vector<netlink::node>& parts, int depth = 2) {
  for (const netlink::node& part : parts) {
    std::cout << std::string(depth, ' ') << part.name << ' ';
    if (!part.meaning.empty()) {
      std::cout << part.meaning;
    } else {
      std::visit(
          [](const auto& value) {
            if constexpr (requires { std::cout << value; }) std::cout << value;
          },
          part.value);
    }
    std::cout << '\n';
    print(part.children, depth + 2);
  }
}

int main() {
  netlink::socket events(NETLINK_ROUTE);
  events.bind(netlink::address(0, RTMGRP_LINK));
  const deadline end = deadline::after(std::chrono::seconds(10));
  const netlink::describer words;
  std::error_code ec;
  while (true) {
    const auto datagram = events.receive_message(ec, {.until = end});
    if (ec) break;
    for (const auto& message : words.describe_datagram(NETLINK_ROUTE, datagram.data)) {
      std::cout << message.name << '\n';
      print(message.parts);
    }
    std::cout.flush();
  }
  std::cout << ec.message() << '\n';
}
