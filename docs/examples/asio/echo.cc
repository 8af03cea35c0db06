// A TIPC service that answers, and a client that asks it, in one thread: co_await.
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <asio/use_awaitable.hpp>
#include <iostream>

#include "trivet/asio/socket.h"
#include "trivet/tipc/socket.h"

namespace {

using namespace trivet;
using service_socket = async::socket<tipc::socket>;

asio::awaitable<void> answer(service_socket& service) {
  while (true) {
    const auto question = co_await service.async_receive_message(asio::use_awaitable);
    co_await service.async_send_to(question.data, question.from, asio::use_awaitable);
  }
}

asio::awaitable<void> ask(asio::io_context& context) {
  service_socket client(context.get_executor(), tipc::socket(SOCK_RDM));
  const tipc::address to(tipc::service{.type = 4711, .instance = 7});
  co_await client.async_send_to(bytes_of("hello"), to, asio::use_awaitable);
  const auto reply = co_await client.async_receive_message(asio::use_awaitable);
  std::cout << text_of(reply.data) << " from " << reply.from << '\n';
  context.stop();
}

}  // namespace

int main() {
  asio::io_context context;
  service_socket service(context.get_executor(), tipc::socket(SOCK_RDM));
  service.plain().bind(tipc::service_range{.type = 4711, .lower = 0, .upper = 99});
  asio::co_spawn(context, answer(service), asio::detached);
  asio::co_spawn(context, ask(context), asio::detached);
  context.run();
}
