#include "bench/netlink/bare.h"

#include <linux/netlink.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace trivet::bench {

void give_up(const char* what) {
  std::perror(what);
  std::exit(1);
}

bare_socket::bare_socket(std::uint32_t groups)
    : fd_(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE)) {
  if (fd_ < 0) give_up("socket");
  ::sockaddr_nl own{};
  own.nl_family = AF_NETLINK;
  own.nl_groups = groups;
  if (::bind(fd_, static_cast<const ::sockaddr*>(static_cast<const void*>(&own)), sizeof own) != 0)
    give_up("bind");
}

bare_socket::~bare_socket() { ::close(fd_); }

void bare_socket::send(const void* data, std::size_t size) const {
  if (::send(fd_, data, size, 0) != static_cast<::ssize_t>(size)) give_up("send");
}

void bare_socket::ask_for_routes() const {
  struct {
    ::nlmsghdr header;
    ::rtmsg route;
  } request{};
  request.header.nlmsg_len = sizeof request;
  request.header.nlmsg_type = RTM_GETROUTE;
  request.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  request.route.rtm_family = AF_INET;
  send(&request, sizeof request);
}

void route_writer::write(std::uint16_t type, unsigned first, unsigned count) {
  constexpr std::size_t most = 1024;
  for (unsigned i = first; i != first + count; ++i) {
    request one{};
    one.header.nlmsg_len = sizeof one;
    one.header.nlmsg_type = type;
    one.header.nlmsg_flags = static_cast<std::uint16_t>(
        NLM_F_REQUEST | (type == RTM_NEWROUTE ? NLM_F_CREATE | NLM_F_EXCL : 0));
    one.header.nlmsg_seq = ++sequence_;
    one.route.rtm_family = AF_INET;
    one.route.rtm_dst_len = 24;
    one.route.rtm_table = RT_TABLE_MAIN;
    one.route.rtm_protocol = RTPROT_STATIC;
    one.route.rtm_scope = RT_SCOPE_UNIVERSE;
    one.route.rtm_type = RTN_UNICAST;
    one.destination_header = {8, RTA_DST};
    const std::uint32_t address = 0x10000000U + (i << 8);
    one.destination = {static_cast<std::uint8_t>(address >> 24),
                       static_cast<std::uint8_t>(address >> 16),
                       static_cast<std::uint8_t>(address >> 8), 0};
    one.gateway_header = {8, RTA_GATEWAY};
    one.gateway = {10, 0, 0, 2};
    one.link_header = {8, RTA_OIF};
    one.link = link_;
    batch_.push_back(one);
    if (batch_.size() == most) flush();
  }
  if (!batch_.empty()) flush();
}

void route_writer::flush() {
  batch_.back().header.nlmsg_flags |= NLM_F_ACK;
  socket_.send(batch_.data(), batch_.size() * sizeof(request));
  const std::uint32_t last = batch_.back().header.nlmsg_seq;
  batch_.clear();
  struct {
    ::nlmsghdr header;
    ::nlmsgerr error;
    std::array<std::byte, 256> rest;
  } answer{};
  do {
    if (::recv(socket_.fd(), &answer, sizeof answer, 0) < 0) give_up("recv");
    if (answer.error.error != 0) {
      errno = -answer.error.error;
      give_up("route");
    }
  } while (answer.header.nlmsg_seq != last);
}

std::size_t receive_routes(const bare_socket& socket, std::vector<std::byte>& buffer) {
  std::size_t sum = 0;
  while (true) {
    const ::ssize_t size = ::recv(socket.fd(), buffer.data(), buffer.size(), 0);
    if (size < 0) give_up("recv");
    sum += static_cast<std::size_t>(size);
    // The end stands alone, or behind the last routes.
    ::nlmsghdr last{};
    constexpr std::size_t done = sizeof last + sizeof(int);
    std::memcpy(&last, buffer.data() + size - done, sizeof last);
    if (last.nlmsg_len == done && last.nlmsg_type == NLMSG_DONE) return sum;
  }
}

std::size_t resident_memory() {
  std::FILE* const file = std::fopen("/proc/self/statm", "r");
  unsigned long pages = 0;
  if (file == nullptr || std::fscanf(file, "%*u %lu", &pages) != 1) give_up("/proc/self/statm");
  std::fclose(file);
  return pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace trivet::bench
