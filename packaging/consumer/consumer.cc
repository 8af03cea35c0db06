// A user's program: it sees only what is installed.
#include <trivet/base/version.h>
#include <trivet/unix/socket.h>

#include <iostream>

int main() {
  auto [a, b] = trivet::unix_domain::socket::pair(SOCK_SEQPACKET);
  a.send(trivet::bytes_of("installed"));
  std::cout << trivet::version << ' ' << trivet::text_of(b.receive_message().data) << '\n';
}
