// Prints the next three frames of an interface: packet eth0
#include <iostream>

#include "trivet/packet/socket.h"

int main(int, char** argv) {
  using namespace trivet;
  packet::socket tap(SOCK_RAW);
  tap.bind(packet::address(argv[1], ETH_P_ALL));
  for (int i = 0; i < 3; ++i) {
    const auto frame = tap.receive_message({.until = deadline::after(std::chrono::seconds(5))});
    std::cout << frame.from << ' ' << frame.full_size << " bytes\n";
  }
}
