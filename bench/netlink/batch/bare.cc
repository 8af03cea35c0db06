#include "bench/netlink/batch/bare.h"

#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>

namespace trivet::bench {

struct bare_socket::request {
  ::nlmsghdr header;
  ::rtmsg route;
  ::nlattr destination_header;
  std::uint32_t destination;
  ::nlattr gateway_header;
  std::uint32_t gateway;
  ::nlattr link_header;
  int link;
};

void give_up(const char* what) {
  std::perror(what);
  std::exit(1);
}

bare_socket::bare_socket() : fd_(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE)) {
  if (fd_ < 0) give_up("socket");
}

bare_socket::~bare_socket() { ::close(fd_); }

void bare_socket::flush(std::vector<request>& chunk) {
  chunk.back().header.nlmsg_flags |= NLM_F_ACK;
  ::iovec piece{chunk.data(), chunk.size() * sizeof(request)};
  ::msghdr message{};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  if (::sendmsg(fd_, &message, 0) < 0) give_up("sendmsg");
  struct {
    ::nlmsghdr header;
    ::nlmsgerr error;
    std::array<char, 1024> rest;
  } answer{};
  do {
    if (::recv(fd_, &answer, sizeof answer, 0) < 0) give_up("recv");
    if (answer.error.error != 0) {
      errno = -answer.error.error;
      give_up("route");
    }
  } while (answer.header.nlmsg_seq != chunk.back().header.nlmsg_seq);
  chunk.clear();
}

void bare_socket::write_routes(std::uint16_t type, unsigned count, int link) {
  constexpr std::size_t most = 1024;
  std::vector<request> chunk;
  chunk.reserve(most);
  for (unsigned n = 0; n < count; ++n) {
    request one{};
    one.header.nlmsg_len = sizeof one;
    one.header.nlmsg_type = type;
    one.header.nlmsg_flags = NLM_F_REQUEST;
    if (type == RTM_NEWROUTE) one.header.nlmsg_flags |= NLM_F_CREATE | NLM_F_EXCL;
    one.header.nlmsg_seq = ++sequence_;
    one.route.rtm_family = AF_INET;
    one.route.rtm_dst_len = 24;
    one.route.rtm_table = RT_TABLE_MAIN;
    one.route.rtm_protocol = RTPROT_STATIC;
    one.route.rtm_scope = RT_SCOPE_UNIVERSE;
    one.route.rtm_type = RTN_UNICAST;
    one.destination_header = {8, RTA_DST};
    one.destination = __builtin_bswap32(route_address(n));
    one.gateway_header = {8, RTA_GATEWAY};
    one.gateway = __builtin_bswap32(gateway_address);
    one.link_header = {8, RTA_OIF};
    one.link = link;
    chunk.push_back(one);
    if (chunk.size() == most) flush(chunk);
  }
  if (!chunk.empty()) flush(chunk);
}

std::size_t bare_socket::get_route(unsigned n) {
  struct {
    ::nlmsghdr header;
    ::rtmsg route;
    ::nlattr destination_header;
    std::uint32_t destination;
  } wanted{};
  wanted.header = {sizeof wanted, RTM_GETROUTE, NLM_F_REQUEST, ++sequence_, 0};
  wanted.route.rtm_family = AF_INET;
  wanted.route.rtm_dst_len = 32;
  wanted.destination_header = {8, RTA_DST};
  wanted.destination = __builtin_bswap32(route_address(n));
  if (::send(fd_, &wanted, sizeof wanted, 0) < 0) give_up("send");
  alignas(::nlmsghdr) std::array<char, 8192> answer;  // filling it would count as work
  const ::ssize_t size = ::recv(fd_, answer.data(), answer.size(), 0);
  if (size < 0) give_up("recv");
  return static_cast<std::size_t>(size);
}

}  // namespace trivet::bench
