#include "tools/trivet/socket_raw.h"

#include <sys/socket.h>
#include <unistd.h>

#include <charconv>
#include <span>
#include <sstream>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "tools/trivet/failure.h"
#include "tools/trivet/input_file.h"
#include "trivet/base/error.h"

namespace trivet::tool {
namespace {

using netlink::diag::inet_endpoint;
using netlink::diag::inet_socket;

template <class Number>
bool read(std::string_view text, Number& into, int base = 16) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), into, base);
  return error == std::errc() && end == text.data() + text.size();
}

// "0100007F:0001": 32 bits at a time, which were printed as if they were a number of this machine.
bool read(std::string_view text, std::uint8_t family, inet_endpoint& into) {
  std::uint32_t words[4] = {};
  const std::span used(words, family == AF_INET ? 1U : 4U);
  if (text.size() != used.size() * 8 + 5 || text[used.size() * 8] != ':') return false;
  for (std::uint32_t& word : used) {
    if (!read(text.substr(0, 8), word)) return false;
    text.remove_prefix(8);
  }
  into.address = {family, netlink::rtnl::short_bytes(std::as_bytes(used))};
  return read(text.substr(1), into.port);
}

std::optional<inet_socket> parse(const std::string& line, std::uint8_t family) {
  std::istringstream in(line);
  std::string slot, local, peer, state, queues, timer, retransmits, uid, timeout, inode, references,
      pointer, drops;
  in >> slot >> local >> peer >> state >> queues >> timer >> retransmits >> uid >> timeout >>
      inode >> references >> pointer >> drops;
  inet_socket s;
  s.family = family;
  s.memory.emplace();
  const std::string_view both = queues;
  const bool whole = in && both.size() == 17 && read(local, family, s.local) &&
                     read(peer, family, s.peer) && read(state, s.state) &&
                     read(both.substr(0, 8), s.send_queue) &&
                     read(both.substr(9), s.receive_queue) && read(uid, s.uid, 10) &&
                     read(inode, s.inode, 10) && read(drops, s.memory->drops, 10);
  if (!whole) return std::nullopt;
  if (family == AF_INET6) s.v6only = 0;  // not told: as sockets begin, and as ss(8) has it
  s.protocol = static_cast<std::uint8_t>(s.local.port);
  return s;
}

}  // namespace

std::optional<std::vector<inet_socket>> find_raw_sockets(std::uint8_t family) {
  const std::string directory = "/proc/thread-self/net/";
  const std::string path = directory + (family == AF_INET ? "raw" : "raw6");
  std::vector<inet_socket> found;
  std::istringstream file;
  try {
    file.str(input_file(path).read_all());
  } catch (const socket_error& error) {
    if (error.code() != std::errc::no_such_file_or_directory) throw;
    const bool without_ipv6 =
        family == AF_INET6 && ::access((directory + "raw").c_str(), F_OK) == 0;
    return without_ipv6 ? std::optional(found) : std::nullopt;
  }
  std::string line;
  std::getline(file, line);  // the titles
  while (std::getline(file, line)) {
    auto one = parse(line, family);
    if (!one) throw failure(path, "a line is not as the kernel writes it");
    found.push_back(std::move(*one));
  }
  return found;
}

}  // namespace trivet::tool
