// What sockets of every family have in sock_diag: their memory.
#ifndef TRIVET_NETLINK_DIAG_MEMORY_H_
#define TRIVET_NETLINK_DIAG_MEMORY_H_

#include <cstdint>

namespace trivet::netlink::diag {

/// SK_MEMINFO_: the memory of a socket, in bytes of the kernel's, what its own structs take
/// included. Older kernels send fewer: the rest is zero. A value.
/// Source: linux/sock_diag.h, net/core/sock.c (sk_get_meminfo)
struct memory {
  std::uint32_t received;        ///< SK_MEMINFO_RMEM_ALLOC: waits to be read
  std::uint32_t receive_buffer;  ///< SK_MEMINFO_RCVBUF: the most that may wait, as SO_RCVBUF tells
  std::uint32_t sent;            ///< SK_MEMINFO_WMEM_ALLOC: waits to be sent
  std::uint32_t send_buffer;     ///< SK_MEMINFO_SNDBUF: as SO_SNDBUF tells
  std::uint32_t reserved;        ///< SK_MEMINFO_FWD_ALLOC: set aside, and not in use yet
  std::uint32_t queued;          ///< SK_MEMINFO_WMEM_QUEUED: of a stream, not acknowledged yet
  std::uint32_t options;         ///< SK_MEMINFO_OPTMEM: options and control messages
  std::uint32_t backlog;         ///< SK_MEMINFO_BACKLOG: came while the socket was locked
  std::uint32_t drops;           ///< SK_MEMINFO_DROPS: messages that the socket had no room for

  friend bool operator==(const memory&, const memory&) = default;
};

}  // namespace trivet::netlink::diag

#endif  // TRIVET_NETLINK_DIAG_MEMORY_H_
