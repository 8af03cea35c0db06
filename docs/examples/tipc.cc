// Publishes service 4711:7, sends a message to it by name and answers the sender.
#include <iostream>

#include "trivet/tipc/socket.h"

int main() {
  using namespace trivet;
  tipc::socket server(SOCK_RDM);
  server.bind(tipc::service_range{.type = 4711, .lower = 0, .upper = 99});
  tipc::socket client(SOCK_RDM);
  client.send_to(bytes_of("hello"), tipc::service{.type = 4711, .instance = 7});
  const auto question = server.receive_message();
  server.send_to(question.data, question.from);
  std::cout << text_of(client.receive_message().data) << " by way of " << question.from << '\n';
}
