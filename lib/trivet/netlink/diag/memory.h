// What sockets of every family have in sock_diag: their memory.
#ifndef TRIVET_NETLINK_DIAG_MEMORY_H_
#define TRIVET_NETLINK_DIAG_MEMORY_H_

#include <cstdint>

namespace trivet::netlink::diag {

/// SK_MEMINFO_: the memory of a socket, in bytes. Older kernels send fewer: the rest is zero.
/// Source: linux/sock_diag.h
struct memory {
  std::uint32_t received;        ///< SK_MEMINFO_RMEM_ALLOC: waits to be read
  std::uint32_t receive_buffer;  ///< SK_MEMINFO_RCVBUF
  std::uint32_t sent;            ///< SK_MEMINFO_WMEM_ALLOC: waits to be sent
  std::uint32_t send_buffer;     ///< SK_MEMINFO_SNDBUF
  std::uint32_t reserved;        ///< SK_MEMINFO_FWD_ALLOC
  std::uint32_t queued;          ///< SK_MEMINFO_WMEM_QUEUED
  std::uint32_t options;         ///< SK_MEMINFO_OPTMEM
  std::uint32_t backlog;         ///< SK_MEMINFO_BACKLOG
  std::uint32_t drops;           ///< SK_MEMINFO_DROPS: messages that the socket had no room for

  friend bool operator==(const memory&, const memory&) = default;
};

}  // namespace trivet::netlink::diag

#endif  // TRIVET_NETLINK_DIAG_MEMORY_H_
