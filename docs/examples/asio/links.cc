// Prints links as they come and go, until SIGINT: callbacks.
#include <asio/io_context.hpp>
#include <asio/signal_set.hpp>
#include <iostream>

#include "trivet/asio/netlink.h"

namespace {

using namespace trivet;

class printer {
 public:
  explicit printer(asio::io_context& context)
      : monitor_(context.get_executor(), netlink::monitor({.what = netlink::objects::link})) {}

  void start() {
    monitor_.async_next([this](std::error_code ec, const netlink::event& event) {
      if (ec) return;  // cancelled
      print(event);
      start();
    });
  }
  void stop() { monitor_.cancel(); }

 private:
  static void print(const netlink::event& event) {
    const auto* link = std::get_if<netlink::difference<netlink::rtnl::link>>(&event.object);
    if (link == nullptr) return;
    const bool gone = event.kind == netlink::event_kind::removed;
    std::cout << (gone ? "gone " : "there ") << *link->newest()->name << std::endl;
  }

  async::monitor monitor_;
};

}  // namespace

int main() {
  asio::io_context context;
  printer links(context);
  asio::signal_set signals(context, SIGINT);
  signals.async_wait([&](std::error_code, int) { links.stop(); });
  links.start();
  std::cout << "listening" << std::endl;
  context.run();
}
