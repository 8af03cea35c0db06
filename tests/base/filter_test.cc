// Filters on sockets: classic and extended BPF, attached, read back, detached and locked.
#include <gtest/gtest.h>
#include <linux/bpf.h>
#include <linux/filter.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <string>
#include <vector>

#include "tests/base/testing.h"
#include "trivet/base/error.h"
#include "trivet/base/so.h"
#include "trivet/inet/socket.h"
#include "trivet/unix/socket.h"

namespace trivet {
namespace {

using test::at_once;
using unix_domain::socket;

using filters = test::leaves_nothing_open;

constexpr ::sock_filter drop_all[] = {BPF_STMT(BPF_RET | BPF_K, 0)};
// Messages whose first byte is 'y'.
constexpr ::sock_filter only_y[] = {
    BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 0),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 'y', 0, 1),
    BPF_STMT(BPF_RET | BPF_K, 0xffff),
    BPF_STMT(BPF_RET | BPF_K, 0),
};

bool passes(socket& from, socket& to, std::string_view text) {
  from.send(bytes_of(text));
  std::array<std::byte, 16> buffer;
  std::error_code ec;
  to.receive(buffer, ec, at_once());
  EXPECT_TRUE(!ec || ec == std::errc::resource_unavailable_try_again) << ec.message();
  return !ec;
}

TEST_F(filters, decide_what_comes_in) {
  auto [a, b] = socket::pair(SOCK_DGRAM);
  EXPECT_TRUE(attached_filter(b.native_handle()).empty());
  EXPECT_TRUE(passes(a, b, "no"));
  b.set(so::attach_filter{{only_y}});
  EXPECT_FALSE(passes(a, b, "no"));
  EXPECT_TRUE(passes(a, b, "yes"));

  const std::vector<::sock_filter> read = attached_filter(b.native_handle());
  ASSERT_EQ(read.size(), std::size(only_y));
  EXPECT_EQ(std::memcmp(read.data(), only_y, sizeof only_y), 0);

  b.set(so::attach_filter{{drop_all}});
  EXPECT_FALSE(passes(a, b, "yes")) << "the one before is replaced";
  b.set(so::detach_filter{});
  EXPECT_TRUE(passes(a, b, "no"));
  EXPECT_TRUE(attached_filter(b.native_handle()).empty());
  std::error_code ec;
  b.set(so::detach_filter{}, ec);
  EXPECT_EQ(ec, std::errc::no_such_file_or_directory) << "there is none any more";
}

TEST_F(filters, that_are_no_programs_are_refused) {
  auto [a, b] = socket::pair(SOCK_DGRAM);
  std::error_code ec;
  b.set(so::attach_filter{}, ec);
  EXPECT_EQ(ec, std::errc::invalid_argument) << "no instruction";
  const ::sock_filter endless[] = {BPF_STMT(BPF_LD | BPF_IMM, 1)};
  b.set(so::attach_filter{{endless}}, ec);
  EXPECT_EQ(ec, std::errc::invalid_argument) << "no return";
  // 65537 instructions, as a 16-bit length, would be one.
  std::vector<::sock_filter> long_one(65537, BPF_STMT(BPF_RET | BPF_K, 0));
  b.set(so::attach_filter{{long_one}}, ec);
  EXPECT_EQ(ec, std::errc::invalid_argument);
  long_one.resize(4096);
  b.set(so::attach_filter{{long_one}}, ec);
  // 4096 are allowed, where net.core.optmem_max has room for them.
  EXPECT_EQ(attached_filter(b.native_handle()).size(), ec ? 0U : 4096U);
  EXPECT_TRUE(!ec || ec == std::errc::not_enough_memory) << ec.message();
}

TEST_F(filters, that_are_locked_stay) {
  auto [a, b] = socket::pair(SOCK_DGRAM);
  b.set(so::attach_filter{{only_y}});
  b.set(so::lock_filter{{true}});
  for (const int change : {0, 1, 2}) {
    try {
      if (change == 0) b.set(so::attach_filter{{drop_all}});
      if (change == 1) b.set(so::detach_filter{});
      if (change == 2) b.set(so::lock_filter{{false}});
      FAIL() << "change " << change;
    } catch (const not_permitted& e) {
      EXPECT_NE(std::string(e.what()).find("the filter is locked"), std::string::npos) << e.what();
    }
  }
  EXPECT_TRUE(passes(a, b, "yes"));
  EXPECT_FALSE(passes(a, b, "no"));
  b.set(so::lock_filter{{true}});
}

TEST_F(filters, tell_how_far_they_may_look) {
  auto [a, b] = socket::pair(SOCK_DGRAM);
  EXPECT_GE(b.get<so::bpf_extensions>(), SKF_AD_VLAN_TAG);
  EXPECT_LE(b.get<so::bpf_extensions>(), SKF_AD_MAX);
}

// bpf(BPF_PROG_LOAD): "mov r0, K; exit". Owns nothing where the kernel has no bpf(2) or says no.
descriptor load_ebpf(std::int32_t verdict) {
  const std::array<::bpf_insn, 2> code{
      {{BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, verdict}, {BPF_JMP | BPF_EXIT, 0, 0, 0, 0}}};
  constexpr char license[] = "Apache-2.0";
  ::bpf_attr attributes{};
  attributes.prog_type = BPF_PROG_TYPE_SOCKET_FILTER;
  attributes.insn_cnt = code.size();
  // NOLINTBEGIN(cppcoreguidelines-pro-type-reinterpret-cast): bpf(2) takes addresses as numbers
  attributes.insns = reinterpret_cast<std::uintptr_t>(code.data());
  attributes.license = reinterpret_cast<std::uintptr_t>(license);
  // NOLINTEND(cppcoreguidelines-pro-type-reinterpret-cast)
  return descriptor(
      static_cast<int>(::syscall(SYS_bpf, BPF_PROG_LOAD, &attributes, sizeof attributes)));
}

TEST_F(filters, of_extended_bpf_are_attached_by_descriptor) {
  const descriptor program = load_ebpf(0);
  ASSERT_TRUE(program) << "bpf(2): " << std::strerror(errno);
  auto [a, b] = socket::pair(SOCK_DGRAM);
  b.set(so::attach_bpf{{program.get()}});
  EXPECT_FALSE(passes(a, b, "dropped"));
  try {
    (void)attached_filter(b.native_handle());
    FAIL() << "it cannot be read back";
  } catch (const not_permitted& e) {
    EXPECT_NE(std::string(e.what()).find("eBPF"), std::string::npos) << e.what();
  }
  b.set(so::detach_bpf{});
  EXPECT_TRUE(passes(a, b, "passes"));
  std::error_code ec;
  b.set(so::attach_bpf{{-1}}, ec);
  EXPECT_EQ(ec, std::errc::bad_file_descriptor);
}

TEST_F(filters, choose_the_socket_of_a_reuseport_group) {
  std::vector<inet::socket> group;
  for (int i = 0; i < 2; ++i) {
    inet::socket member(SOCK_DGRAM);
    member.set(so::reuseport{{true}});
    member.bind(group.empty() ? inet::address::loopback(0) : group[0].local_address());
    group.push_back(std::move(member));
  }
  // The first byte of the data, '0' or '1', is the member's index.
  constexpr ::sock_filter by_first_byte[] = {
      BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 0),
      BPF_STMT(BPF_ALU | BPF_SUB | BPF_K, '0'),
      BPF_STMT(BPF_RET | BPF_A, 0),
  };
  group[0].set(so::attach_reuseport_cbpf{{by_first_byte}});
  inet::socket sender(SOCK_DGRAM);
  for (const char* text : {"0", "1", "1", "0"}) {
    sender.send_to(bytes_of(text), group[0].local_address());
    auto& chosen = group[static_cast<std::size_t>(text[0] - '0')];
    EXPECT_EQ(text_of(chosen.receive_message(test::soon()).data), text);
  }
  const descriptor always_second = load_ebpf(1);
  ASSERT_TRUE(always_second) << "bpf(2): " << std::strerror(errno);
  group[0].set(so::attach_reuseport_ebpf{{always_second.get()}});
  sender.send_to(bytes_of("0"), group[0].local_address());
  EXPECT_EQ(text_of(group[1].receive_message(test::soon()).data), "0");
  group[0].set(so::detach_reuseport_bpf{});
  std::error_code ec;
  group[0].set(so::detach_reuseport_bpf{}, ec);
  EXPECT_EQ(ec, std::errc::no_such_file_or_directory);
}

}  // namespace
}  // namespace trivet
