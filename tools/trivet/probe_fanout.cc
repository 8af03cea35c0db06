#include "tools/trivet/probe_fanout.h"

#include <arpa/inet.h>
#include <fmt/core.h>
#include <linux/bpf.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <bit>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <thread>

#include "tools/trivet/probe_trial.h"

// Younger than Debian 12's headers; the number is the kernel's ABI.
#ifndef PACKET_FANOUT_FLAG_IGNORE_OUTGOING
#define PACKET_FANOUT_FLAG_IGNORE_OUTGOING 0x4000
#endif

namespace trivet::tool {
namespace {

/// "Local Experimental Ethertype 1": no protocol uses it, so that nothing arrives. Source: IEEE 802
constexpr std::uint16_t experimental = 0x88b5;

/// A socket that is attached to every interface, as fanout wants it.
trial_socket attached_socket() { return {AF_PACKET, SOCK_RAW, htons(experimental)}; }

/// PACKET_FANOUT: a mode and flags in the upper half, the group's id in the lower.
void join(trial_socket& socket, unsigned mode_and_flags, std::uint16_t id) {
  socket.set_option(SOL_PACKET, PACKET_FANOUT, static_cast<int>(mode_and_flags << 16 | id));
}

std::uint16_t group_of(const trial_socket& socket) {
  const auto value = socket.get_option(SOL_PACKET, PACKET_FANOUT, sizeof(int));
  return static_cast<std::uint16_t>(load_padded<int>(value) & 0xffff);
}

/// Joins a group of its own. Kernels before UNIQUEID take the id that is given, and the process's
/// is as good as any.
void join_alone(trial_socket& socket, unsigned mode_and_flags) {
  join(socket, mode_and_flags, static_cast<std::uint16_t>(::getpid() & 0xffff));
}

capability mode_row(std::string_view name, unsigned mode_and_flags) {
  return {"fanout", std::string(name), [mode_and_flags] {
            return attempt("a group was made", [=] {
              trial_socket socket = attached_socket();
              join_alone(socket, mode_and_flags);
            });
          }};
}

[[noreturn]] void refuse(const char* what, const char* why) {
  throw socket_error(errno_code(EINVAL), what, why);
}

/// An unknown flag is no error to the kernel: only two groups show whether ids are unique.
capability unique_id_row() {
  return {"fanout", "PACKET_FANOUT_FLAG_UNIQUEID", [] {
            return attempt("two groups got ids of the kernel's choice", [] {
              trial_socket first = attached_socket();
              trial_socket second = attached_socket();
              join(first, PACKET_FANOUT_HASH | PACKET_FANOUT_FLAG_UNIQUEID, 0);
              join(second, PACKET_FANOUT_HASH | PACKET_FANOUT_FLAG_UNIQUEID, 0);
              if (group_of(first) == group_of(second)) refuse("PACKET_FANOUT", "ids are the same");
            });
          }};
}

capability max_members_row() {
  return {"fanout", "max_num_members", [] {
            return attempt("a group for one member was made", [] {
              trial_socket socket = attached_socket();
              // struct fanout_args of linux/if_packet.h, little and big endian alike
              struct {
                int id_and_mode;
                std::uint32_t max_num_members;
              } arguments{::getpid() & 0xffff, 1};
              if constexpr (std::endian::native == std::endian::big) {
                arguments.id_and_mode =
                    static_cast<int>(static_cast<unsigned>(arguments.id_and_mode) << 16);
              }
              socket.set_option(SOL_PACKET, PACKET_FANOUT, arguments);
            });
          }};
}

capability rollover_statistics_row() {
  return {"fanout", "PACKET_ROLLOVER_STATS", [] {
            return attempt("the kernel answered it", [] {
              trial_socket socket = attached_socket();
              join_alone(socket, PACKET_FANOUT_ROLLOVER);
              (void)socket.get_option(SOL_PACKET, PACKET_ROLLOVER_STATS,
                                      sizeof(::tpacket_rollover_stats));
            });
          }};
}

capability classic_program_row() {
  return {"fanout", "PACKET_FANOUT_CBPF", [] {
            return attempt("a group took a classic program", [] {
              trial_socket socket = attached_socket();
              join_alone(socket, PACKET_FANOUT_CBPF);
              std::array<::sock_filter, 1> program{{BPF_STMT(BPF_RET | BPF_K, 0)}};
              socket.set_option(SOL_PACKET, PACKET_FANOUT_DATA,
                                ::sock_fprog{program.size(), program.data()});
            });
          }};
}

/// A pointer as the kernel takes it in a 64-bit field.
std::uint64_t address_of(const void* pointer) { return std::bit_cast<std::uintptr_t>(pointer); }

/// bpf(BPF_PROG_LOAD): a socket filter that returns 0. Closing it unloads it.
descriptor load_program() {
  std::array<::bpf_insn, 2> program{};
  program[0].code = BPF_ALU64 | BPF_MOV | BPF_K;  // r0 = 0
  program[1].code = BPF_JMP | BPF_EXIT;
  ::bpf_attr attributes;
  std::memset(&attributes, 0, sizeof attributes);
  attributes.prog_type = BPF_PROG_TYPE_SOCKET_FILTER;
  attributes.insn_cnt = program.size();
  attributes.insns = address_of(program.data());
  attributes.license = address_of("Apache-2.0");
  descriptor loaded(
      static_cast<int>(::syscall(SYS_bpf, BPF_PROG_LOAD, &attributes, sizeof attributes)));
  if (!loaded) throw_socket_error(errno_code(errno), "bpf BPF_PROG_LOAD");
  return loaded;
}

capability extended_program_row() {
  return {"fanout", "PACKET_FANOUT_EBPF", [] {
            return attempt("a group took an eBPF program", [] {
              trial_socket socket = attached_socket();
              join_alone(socket, PACKET_FANOUT_EBPF);
              const descriptor program = load_program();
              socket.set_option(SOL_PACKET, PACKET_FANOUT_DATA, program.get());
            });
          }};
}

sockaddr_bytes loopback(int index) {
  ::sockaddr_ll address{};
  address.sll_family = AF_PACKET;
  address.sll_protocol = htons(experimental);
  address.sll_ifindex = index;
  return sockaddr_bytes(address);
}

/// In a network namespace of this thread's own: sends one frame over lo, where it is seen twice,
/// going out and coming in, and counts what a group with the flag sees.
void see_only_what_comes_in() {
  if (::unshare(CLONE_NEWNET) < 0) {
    throw_socket_error(errno_code(errno), "unshare CLONE_NEWNET",
                       "only a packet shows it, in a network namespace of its own");
  }
  trial_socket sender(AF_PACKET, SOCK_RAW, 0);
  ::ifreq interface {};
  std::memcpy(interface.ifr_name, "lo", 3);
  interface.ifr_flags = IFF_UP;
  if (::ioctl(sender.native_handle(), SIOCSIFFLAGS, &interface) < 0) {
    throw_socket_error(errno_code(errno), "lo up");
  }
  trial_socket member = attached_socket();
  join_alone(member, PACKET_FANOUT_HASH | PACKET_FANOUT_FLAG_IGNORE_OUTGOING);
  sender.bind(loopback(1));
  std::array<std::byte, 60> frame{};
  const std::uint16_t type = htons(experimental);
  std::memcpy(frame.data() + 12, &type, sizeof type);
  sender.send(const_bytes(frame));
  std::array<std::byte, 60> seen;
  const deadline until = deadline::after(std::chrono::seconds(1));
  (void)member.receive(mutable_bytes(seen), {.until = until});  // the one that comes in
  std::error_code ec;
  (void)member.receive(mutable_bytes(seen), ec, {.flags = MSG_DONTWAIT});
  if (!ec) refuse("PACKET_FANOUT_FLAG_IGNORE_OUTGOING", "the group saw a frame going out");
}

/// Older kernels take the flag and do nothing.
capability ignore_outgoing_row() {
  return {"fanout", "PACKET_FANOUT_FLAG_IGNORE_OUTGOING", [] {
            finding found{};
            std::thread([&] {
              found = attempt("a group saw a frame only as it came in", see_only_what_comes_in);
            }).join();
            return found;
          }};
}

}  // namespace

capability_list fanout_capabilities() {
  return {
      mode_row("PACKET_FANOUT_HASH", PACKET_FANOUT_HASH),
      mode_row("PACKET_FANOUT_LB", PACKET_FANOUT_LB),
      mode_row("PACKET_FANOUT_CPU", PACKET_FANOUT_CPU),
      mode_row("PACKET_FANOUT_ROLLOVER", PACKET_FANOUT_ROLLOVER),
      mode_row("PACKET_FANOUT_RND", PACKET_FANOUT_RND),
      mode_row("PACKET_FANOUT_QM", PACKET_FANOUT_QM),
      classic_program_row(),
      extended_program_row(),
      mode_row("PACKET_FANOUT_FLAG_DEFRAG", PACKET_FANOUT_HASH | PACKET_FANOUT_FLAG_DEFRAG),
      mode_row("PACKET_FANOUT_FLAG_ROLLOVER", PACKET_FANOUT_HASH | PACKET_FANOUT_FLAG_ROLLOVER),
      unique_id_row(),
      ignore_outgoing_row(),
      max_members_row(),
      rollover_statistics_row(),
  };
}

}  // namespace trivet::tool
