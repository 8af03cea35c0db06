#include "trivet/netlink/notification_filter.h"

#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include <cstddef>
#include <stdexcept>

#include "trivet/base/bytes.h"

namespace trivet::netlink {
namespace {

constexpr std::uint32_t everything = 0xffffffff;

::sock_filter load(int size, std::size_t offset) {
  return BPF_STMT(static_cast<std::uint16_t>(BPF_LD | size | BPF_ABS),
                  static_cast<std::uint32_t>(offset));
}
::sock_filter accept(std::uint32_t bytes) { return BPF_STMT(BPF_RET | BPF_K, bytes); }
// Skips so many of the next instructions.
::sock_filter if_equal(std::uint32_t value, unsigned then, unsigned otherwise) {
  return BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, static_cast<std::uint8_t>(then),
                  static_cast<std::uint8_t>(otherwise));
}

}  // namespace

std::vector<::sock_filter> filter_by_table(std::span<const std::uint32_t> tables) {
  if (tables.size() > 64) throw std::invalid_argument("a monitor filters by 64 tables at most");
  const auto count = static_cast<unsigned>(tables.size());
  constexpr std::size_t attributes = sizeof(::nlmsghdr) + sizeof(::rtmsg);
  // Loads are in network byte order, and netlink is in that of the host.
  const auto type = [](int number) {
    return std::uint32_t{big_endian(static_cast<std::uint16_t>(number))};
  };
  std::vector<::sock_filter> program{
      load(BPF_H, offsetof(::nlmsghdr, nlmsg_type)),
      if_equal(type(RTM_NEWROUTE), 2, 0),
      if_equal(type(RTM_DELROUTE), 1, 0),
      accept(everything),
      // A = where RTA_TABLE stands, searched from A for the type in X; 0: nowhere.
      BPF_STMT(BPF_LD | BPF_IMM, attributes),
      BPF_STMT(BPF_LDX | BPF_IMM, RTA_TABLE),
      load(BPF_W, static_cast<std::uint32_t>(SKF_AD_OFF + SKF_AD_NLATTR)),
      if_equal(0, 0, 1),
      accept(everything),  // no table: for the monitor to judge
      BPF_STMT(BPF_MISC | BPF_TAX, 0),
      BPF_STMT(BPF_LD | BPF_W | BPF_IND, sizeof(::nlattr)),
  };
  for (unsigned i = 0; i < count; ++i) {
    program.push_back(if_equal(big_endian(tables[i]), count - i, 0));
  }
  program.push_back(accept(0));
  program.push_back(accept(everything));
  return program;
}

}  // namespace trivet::netlink
