// The options of level SOL_SOCKET, one type each, sorted by the kernel's name.
//
//   socket.set(trivet::so::rcvbufforce{4 << 20});
//   if (socket.get<trivet::so::domain>() == AF_TIPC) …
//
// Left out: SO_BSDCOMPAT (does nothing), SO_PEERNAME (is getpeername(2)), the SO_SECURITY_ numbers
// (no kernel has them), and SO_DEVMEM_ (6.12: TCP into a device's memory, which needs that device's
// library). The filter that is attached is read by attached_filter().
// Thread safety: options are values; set() and get() may be called from any thread.
// Sources for all: socket(7), asm-generic/socket.h and the kernel's net/core/sock.c.
#ifndef TRIVET_BASE_SO_H_
#define TRIVET_BASE_SO_H_

#include <asm/socket.h>
#include <linux/filter.h>
#include <linux/net_tstamp.h>
#include <linux/sock_diag.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <system_error>
#include <vector>

#include "trivet/base/descriptor.h"
#include "trivet/base/error.h"
#include "trivet/base/interface.h"
#include "trivet/base/option.h"

// Options that are younger than Debian 12's headers; the numbers are the kernel's ABI.
#ifndef SO_PASSPIDFD
#define SO_PASSPIDFD 76
#endif
#ifndef SO_PEERPIDFD
#define SO_PEERPIDFD 77
#endif
#ifndef SO_RCVPRIORITY
#define SO_RCVPRIORITY 82
#endif
#ifndef SO_PASSRIGHTS
#define SO_PASSRIGHTS 83
#endif
#ifndef SO_INQ
#define SO_INQ 84
#endif

namespace trivet {

/// struct linger as an optional: no value means that close(2) does not wait. Times outside of
/// 0 to 2147483647 seconds count as the nearest end.
template <>
struct option_codec<std::optional<std::chrono::seconds>> {
  static constexpr std::size_t capacity = sizeof(::linger);
  static constexpr bool grows = false;
  static const_bytes encode(const std::optional<std::chrono::seconds>& value,
                            mutable_bytes scratch) noexcept {
    using seconds = std::chrono::seconds;
    constexpr seconds::rep most = std::numeric_limits<int>::max();
    const auto wait = std::clamp<seconds::rep>(value.value_or(seconds(0)).count(), 0, most);
    const ::linger linger{value.has_value(), static_cast<int>(wait)};
    std::memcpy(scratch.data(), &linger, sizeof linger);
    return scratch.first(sizeof linger);
  }
  static std::optional<std::chrono::seconds> decode(const_bytes bytes) noexcept {
    const auto linger = load_padded<::linger>(bytes);
    if (linger.l_onoff == 0) return std::nullopt;
    return std::chrono::seconds(linger.l_linger);
  }
};

/// A descriptor that the kernel opens for the caller, who owns it.
template <>
struct option_codec<descriptor> {
  static constexpr std::size_t capacity = sizeof(int);
  static constexpr bool grows = false;
  static descriptor decode(const_bytes bytes) noexcept {
    return bytes.size() < sizeof(int) ? descriptor() : descriptor(load_padded<int>(bytes));
  }
};

/// A classic BPF program as struct sock_fprog.
template <>
struct option_codec<std::span<const ::sock_filter>> {
  static constexpr std::size_t capacity = sizeof(::sock_fprog);
  static constexpr bool grows = false;
  static const_bytes encode(const std::span<const ::sock_filter>& program,
                            mutable_bytes scratch) noexcept {
    // Too long a program is cut to a length that the kernel refuses (BPF_MAXINSNS is 4096), never
    // to a shorter one that it would take.
    const std::size_t length = std::min<std::size_t>(program.size(), 0xffff);
    const ::sock_fprog fprog{static_cast<unsigned short>(length),
                             const_cast<::sock_filter*>(program.data())};
    std::memcpy(scratch.data(), &fprog, sizeof fprog);
    return scratch.first(sizeof fprog);
  }
};

namespace so {

template <int Name, class Value>
using get_only = socket_option<SOL_SOCKET, Name, Value, option_access::get>;
template <int Name, class Value>
using set_only = socket_option<SOL_SOCKET, Name, Value, option_access::set>;
template <int Name, class Value>
using get_set = socket_option<SOL_SOCKET, Name, Value, option_access::get_set>;

/// SO_ACCEPTCONN: whether listen(2) was called.
struct acceptconn : get_only<SO_ACCEPTCONN, bool> {};
/// SO_ATTACH_BPF: attaches a loaded eBPF program of type SOCKET_FILTER, by its descriptor.
struct attach_bpf : set_only<SO_ATTACH_BPF, int> {};
/// SO_ATTACH_FILTER: attaches a classic BPF program in place of the one before; 1 to 4096
/// instructions, else EINVAL. The program is copied; ENOMEM where net.core.optmem_max has no room
/// for it. EPERM once lock_filter is set.
struct attach_filter : set_only<SO_ATTACH_FILTER, std::span<const ::sock_filter>> {};
/// SO_ATTACH_REUSEPORT_CBPF: a classic program that picks the socket of a reuseport group.
struct attach_reuseport_cbpf : set_only<SO_ATTACH_REUSEPORT_CBPF, std::span<const ::sock_filter>> {
};
/// SO_ATTACH_REUSEPORT_EBPF: an eBPF program that picks the socket of a reuseport group.
struct attach_reuseport_ebpf : set_only<SO_ATTACH_REUSEPORT_EBPF, int> {};
/// SO_BINDTODEVICE: the interface by name, or "" for any. Changing one that is set needs
/// CAP_NET_RAW. AF_PACKET ignores it: use bind. The kernel cuts a name of more than 15 bytes, or at
/// a zero byte, to that of another interface perhaps; here it is ENODEV.
struct bindtodevice : get_set<SO_BINDTODEVICE, std::string> {
  [[nodiscard]] std::error_code check() const noexcept {
    const bool possible =
        value.size() < interface_name_capacity && value.find('\0') == std::string::npos;
    return possible ? std::error_code() : errno_code(ENODEV);
  }
};
/// SO_BINDTOIFINDEX: the interface by number, or 0 for any (5.0).
struct bindtoifindex : get_set<SO_BINDTOIFINDEX, int> {};
/// SO_BPF_EXTENSIONS: the highest SKF_AD_ offset that classic filters may load (SKF_AD_MAX).
struct bpf_extensions : get_only<SO_BPF_EXTENSIONS, int> {};
/// SO_BROADCAST: datagrams may go to a broadcast address.
struct broadcast : get_set<SO_BROADCAST, bool> {};
/// SO_BUF_LOCK: SOCK_SNDBUF_LOCK | SOCK_RCVBUF_LOCK: the kernel may not resize the buffers (5.15).
struct buf_lock : get_set<SO_BUF_LOCK, int> {};
/// SO_BUSY_POLL: microseconds of busy waiting on receive; raising it needs CAP_NET_ADMIN on older
/// kernels (6.1 asks for it, 6.18 does not).
struct busy_poll : get_set<SO_BUSY_POLL, int> {};
/// SO_BUSY_POLL_BUDGET: packets per busy poll, 0 to 65535; raising it needs CAP_NET_ADMIN. The
/// kernel does not tell it (5.11).
struct busy_poll_budget : set_only<SO_BUSY_POLL_BUDGET, int> {};
/// SO_CNX_ADVICE: 1 asks for another path of a connected socket.
struct cnx_advice : set_only<SO_CNX_ADVICE, int> {};
/// SO_COOKIE: the socket's identity on this machine, never reused.
struct cookie : get_only<SO_COOKIE, std::uint64_t> {};
/// SO_DEBUG: needs CAP_NET_ADMIN to set (EACCES).
struct debug : get_set<SO_DEBUG, bool> {};
/// SO_DETACH_BPF: the same as detach_filter. The kernel wants an int here and ignores its value.
struct detach_bpf : set_only<SO_DETACH_BPF, int> {};
/// SO_DETACH_FILTER: removes the filter; ENOENT where there is none, EPERM once locked. The kernel
/// wants an int here and ignores its value.
struct detach_filter : set_only<SO_DETACH_FILTER, int> {};
/// SO_DETACH_REUSEPORT_BPF: removes the program of a reuseport group; the value is ignored too.
struct detach_reuseport_bpf : set_only<SO_DETACH_REUSEPORT_BPF, int> {};
/// SO_DOMAIN: the address family, as given to socket(2).
struct domain : get_only<SO_DOMAIN, int> {};
/// SO_DONTROUTE: only directly connected hosts are reached.
struct dontroute : get_set<SO_DONTROUTE, bool> {};
/// SO_ERROR: the pending errno, which reading clears; 0 where there is none.
struct error : get_only<SO_ERROR, int> {};
/// SO_INCOMING_CPU: the CPU that receives for this socket, or -1.
struct incoming_cpu : get_set<SO_INCOMING_CPU, int> {};
/// SO_INCOMING_NAPI_ID: the queue that last received, or 0.
struct incoming_napi_id : get_only<SO_INCOMING_NAPI_ID, unsigned> {};
/// SO_INQ: messages come with the bytes that are left in the queue, as SCM_INQ. The kernel does not
/// tell it (streams of AF_UNIX; 6.17).
struct inq : set_only<SO_INQ, bool> {};
/// SO_KEEPALIVE: the protocol probes an idle connection.
struct keepalive : get_set<SO_KEEPALIVE, bool> {};
/// SO_LINGER: how long close(2) waits for data that is not sent; no value: it does not wait.
struct linger : get_set<SO_LINGER, std::optional<std::chrono::seconds>> {};
/// SO_LOCK_FILTER: the filter can no longer be changed or removed. Cannot be unset (EPERM).
struct lock_filter : get_set<SO_LOCK_FILTER, bool> {};
/// SO_MARK: the mark of packets sent. To set it needs CAP_NET_ADMIN or (since 5.17) CAP_NET_RAW.
struct mark : get_set<SO_MARK, std::uint32_t> {};
/// SO_MAX_PACING_RATE: bytes per second, at most; ~0 means no limit.
struct max_pacing_rate : get_set<SO_MAX_PACING_RATE, std::uint64_t> {};
/// SO_MEMINFO: SK_MEMINFO_VARS counters: memory in use, limits, backlog and drops (index
/// SK_MEMINFO_DROPS). Source: sock_diag(7), linux/sock_diag.h
struct meminfo : get_only<SO_MEMINFO, std::array<std::uint32_t, SK_MEMINFO_VARS>> {};
/// SO_NETNS_COOKIE: the identity of the socket's network namespace, never reused (5.14).
struct netns_cookie : get_only<SO_NETNS_COOKIE, std::uint64_t> {};
/// SO_NOFCS: the device's frame check sequence is in the frames that are sent (AF_PACKET).
struct nofcs : get_set<SO_NOFCS, bool> {};
/// SO_NO_CHECK: UDP over IPv4 is sent without a checksum.
struct no_check : get_set<SO_NO_CHECK, bool> {};
/// SO_OOBINLINE: urgent data stays in the stream.
struct oobinline : get_set<SO_OOBINLINE, bool> {};
/// SO_PASSCRED: messages come with SCM_CREDENTIALS (AF_UNIX, AF_NETLINK).
struct passcred : get_set<SO_PASSCRED, bool> {};
/// SO_PASSPIDFD: messages come with SCM_PIDFD (AF_UNIX; 6.5).
struct passpidfd : get_set<SO_PASSPIDFD, bool> {};
/// SO_PASSRIGHTS: whether a peer may send descriptors here: without it they fail with EPERM
/// (AF_UNIX; on by default; 6.16).
struct passrights : get_set<SO_PASSRIGHTS, bool> {};
/// SO_PASSSEC: messages come with SCM_SECURITY (AF_UNIX).
struct passsec : get_set<SO_PASSSEC, bool> {};
/// SO_PEEK_OFF: where MSG_PEEK starts, in bytes; -1 means at the front, without moving.
struct peek_off : get_set<SO_PEEK_OFF, int> {};
/// SO_PEERCRED: who connected or made the pair (AF_UNIX).
struct peercred : get_only<SO_PEERCRED, ::ucred> {};
/// SO_PEERGROUPS: the peer's supplementary groups (AF_UNIX).
struct peergroups : get_only<SO_PEERGROUPS, std::vector<::gid_t>> {};
/// SO_PEERPIDFD: a new pidfd of the peer, close-on-exec; ENODATA without a peer, ESRCH where it
/// has been reaped (AF_UNIX; 6.5).
struct peerpidfd : get_only<SO_PEERPIDFD, descriptor> {};
/// SO_PEERSEC: the peer's security label (AF_UNIX, TCP); ENOPROTOOPT without a security module.
struct peersec : get_only<SO_PEERSEC, std::string> {};
/// SO_PREFER_BUSY_POLL: interrupts stay off while busy polling; needs CAP_NET_ADMIN (5.11).
struct prefer_busy_poll : get_set<SO_PREFER_BUSY_POLL, bool> {};
/// SO_PRIORITY: the queueing priority; 0 to 6 without CAP_NET_ADMIN.
struct priority : get_set<SO_PRIORITY, int> {};
/// SO_PROTOCOL: the protocol, as given to socket(2).
struct protocol : get_only<SO_PROTOCOL, int> {};
/// SO_RCVBUF: bytes of kernel memory for what waits to be received. The kernel doubles what is
/// set, caps it at net.core.rmem_max without a word, and answers the doubled value.
struct rcvbuf : get_set<SO_RCVBUF, int> {};
/// SO_RCVBUFFORCE: the same beyond net.core.rmem_max; needs CAP_NET_ADMIN.
struct rcvbufforce : set_only<SO_RCVBUFFORCE, int> {};
/// SO_RCVLOWAT: bytes that make a stream readable.
struct rcvlowat : get_set<SO_RCVLOWAT, int> {};
/// SO_RCVMARK: messages come with the packet's mark (control: mark); needs CAP_NET_RAW or
/// CAP_NET_ADMIN before 6.4 (5.19).
struct rcvmark : get_set<SO_RCVMARK, bool> {};
/// SO_RCVPRIORITY: messages come with the packet's priority (control: priority) (6.14).
struct rcvpriority : get_set<SO_RCVPRIORITY, bool> {};
/// SO_RCVTIMEO: the kernel's own receive timeout, rounded up to its ticks; 0: none. socket_base's
/// deadlines do not use it.
struct rcvtimeo : get_set<SO_RCVTIMEO, std::chrono::microseconds> {};
/// SO_RESERVE_MEM: bytes of memory reserved for the socket, where memory cgroups count it;
/// EOPNOTSUPP elsewhere (5.16).
struct reserve_mem : get_set<SO_RESERVE_MEM, int> {};
/// SO_REUSEADDR: a local address may be bound again.
struct reuseaddr : get_set<SO_REUSEADDR, bool> {};
/// SO_REUSEPORT: several sockets share one local address.
struct reuseport : get_set<SO_REUSEPORT, bool> {};
/// SO_RXQ_OVFL: messages come with the number of packets dropped so far (control: rxq_ovfl).
struct rxq_ovfl : get_set<SO_RXQ_OVFL, bool> {};
/// SO_SELECT_ERR_QUEUE: an error queue that is not empty sets POLLPRI too.
struct select_err_queue : get_set<SO_SELECT_ERR_QUEUE, bool> {};
/// SO_SNDBUF: bytes of kernel memory for what is being sent; doubled and capped (wmem_max) as
/// rcvbuf is.
struct sndbuf : get_set<SO_SNDBUF, int> {};
/// SO_SNDBUFFORCE: the same beyond net.core.wmem_max; needs CAP_NET_ADMIN.
struct sndbufforce : set_only<SO_SNDBUFFORCE, int> {};
/// SO_SNDLOWAT: always 1 on Linux.
struct sndlowat : get_only<SO_SNDLOWAT, int> {};
/// SO_SNDTIMEO: the kernel's own send timeout, rounded up to its ticks; 0: none. socket_base's
/// deadlines do not use it.
struct sndtimeo : get_set<SO_SNDTIMEO, std::chrono::microseconds> {};
/// SO_TIMESTAMP: messages come with a struct timeval.
struct timestamp : get_set<SO_TIMESTAMP, bool> {};
/// SO_TIMESTAMPING: SOF_TIMESTAMPING_ flags, and the hardware clock to report. Stamps of sent
/// packets come by the error queue. Source: Documentation/networking/timestamping.rst
struct timestamping : get_set<SO_TIMESTAMPING, ::so_timestamping> {};
/// SO_TIMESTAMPNS: messages come with a struct timespec.
struct timestampns : get_set<SO_TIMESTAMPNS, bool> {};
/// SO_TXREHASH: whether TCP may look for another path by a new hash: 0 or 1; -1 sets the default of
/// net.core.txrehash. A socket that was not set answers 255 (5.18).
struct txrehash : get_set<SO_TXREHASH, int> {};
/// SO_TXTIME: SCM_TXTIME says when a packet leaves; the clock and SOF_TXTIME_ flags.
struct txtime : get_set<SO_TXTIME, ::sock_txtime> {};
/// SO_TYPE: SOCK_STREAM, SOCK_DGRAM …, as given to socket(2).
struct type : get_only<SO_TYPE, int> {};
/// SO_WIFI_STATUS: SCM_WIFI_STATUS tells whether a frame was acknowledged.
struct wifi_status : get_set<SO_WIFI_STATUS, bool> {};
/// SO_ZEROCOPY: MSG_ZEROCOPY may be given to send.
struct zerocopy : get_set<SO_ZEROCOPY, bool> {};

}  // namespace so

/// getsockopt(SO_GET_FILTER): the classic BPF program attached to a socket; empty where there is
/// none. Throws socket_error: EACCES where an eBPF program is attached.
/// @param fd  any socket. Thread-safe. Source: the kernel's sk_get_filter
[[nodiscard]] std::vector<::sock_filter> attached_filter(int fd);

}  // namespace trivet

#endif  // TRIVET_BASE_SO_H_
