// A user's program: it sees only what is installed.
#include <linux/rtnetlink.h>
#include <trivet/base/version.h>
#include <trivet/netlink/describe.h>
#include <trivet/netlink/message.h>
#include <trivet/unix/socket.h>

#include <iostream>

int main() {
  namespace netlink = trivet::netlink;
  netlink::message_builder request(RTM_GETLINK);
  request.structure(ifinfomsg{});
  if (netlink::describer().describe(NETLINK_ROUTE, request.finish()).name != "RTM_GETLINK")
    return 1;
  auto [a, b] = trivet::unix_domain::socket::pair(SOCK_SEQPACKET);
  a.send(trivet::bytes_of("installed"));
  std::cout << trivet::version << ' ' << trivet::text_of(b.receive_message().data) << '\n';
}
