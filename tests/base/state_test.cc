// Options that are only read: what a socket is, who the peer is, what has happened to it.
#include <fcntl.h>
#include <grp.h>
#include <gtest/gtest.h>
#include <linux/sock_diag.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "tests/base/testing.h"
#include "tests/lab/command.h"
#include "tests/lab/namespace_test.h"
#include "tests/lab/privilege.h"
#include "trivet/base/error.h"
#include "trivet/base/interface.h"
#include "trivet/base/netns.h"
#include "trivet/base/so.h"
#include "trivet/inet/socket.h"
#include "trivet/unix/socket.h"

namespace trivet {
namespace {

using test::soon;

class state : public lab::namespace_test {};

TEST_F(state, a_socket_says_what_it_is) {
  const inet::socket stream(SOCK_STREAM);
  EXPECT_EQ(stream.get<so::domain>(), AF_INET);
  EXPECT_EQ(stream.get<so::type>(), SOCK_STREAM);
  EXPECT_EQ(stream.get<so::protocol>(), IPPROTO_TCP);
  EXPECT_EQ(stream.family(), AF_INET);
  EXPECT_EQ(stream.get<so::sndlowat>(), 1);
  EXPECT_EQ(stream.get<so::incoming_napi_id>(), 0U);

  unix_domain::socket listener;
  EXPECT_FALSE(listener.get<so::acceptconn>());
  listener.bind(test::unique_name());
  listener.listen();
  EXPECT_TRUE(listener.get<so::acceptconn>());
}

TEST_F(state, cookies_name_a_socket_and_a_namespace_for_good) {
  std::set<std::uint64_t> seen;
  for (int i = 0; i < 20; ++i) {
    const inet::socket socket(SOCK_DGRAM);
    const std::uint64_t cookie = socket.get<so::cookie>();
    EXPECT_EQ(cookie, socket.get<so::cookie>());
    EXPECT_TRUE(seen.insert(cookie).second) << "used again";
  }
  const lab::net_namespace other;
  const std::uint64_t here = inet::socket(SOCK_DGRAM).get<so::netns_cookie>();
  const std::uint64_t there =
      other.in([] { return inet::socket(SOCK_DGRAM).get<so::netns_cookie>(); });
  EXPECT_NE(here, there);
  EXPECT_EQ(here, inet::socket(SOCK_DGRAM).get<so::netns_cookie>());
}

TEST_F(state, an_error_is_reported_once) {
  inet::socket placeholder(SOCK_DGRAM);
  placeholder.bind(inet::address::loopback(0));
  inet::socket sender(SOCK_DGRAM);
  sender.connect(placeholder.local_address());
  EXPECT_EQ(sender.get<so::error>(), 0);
  placeholder.close();
  sender.send(bytes_of("to nobody"));
  EXPECT_NE(sender.poll(POLLIN, deadline::after(test::patience)) & POLLERR, 0);
  EXPECT_EQ(sender.get<so::error>(), ECONNREFUSED);
  EXPECT_EQ(sender.get<so::error>(), 0);
  sender.send(bytes_of("to nobody"));
  std::array<std::byte, 8> buffer;
  EXPECT_THROW(sender.receive(buffer, soon()), peer_error);
}

TEST_F(state, memory_and_drops_are_counted) {
  inet::socket receiver(SOCK_DGRAM);
  receiver.set(so::rcvbuf{{1}});  // the smallest that the kernel gives
  receiver.bind(inet::address::loopback(0));
  EXPECT_EQ(receiver.get<so::meminfo>()[SK_MEMINFO_DROPS], 0U);
  EXPECT_EQ(receiver.get<so::meminfo>()[SK_MEMINFO_RMEM_ALLOC], 0U);
  inet::socket sender(SOCK_DGRAM);
  const deadline end = deadline::after(test::patience);
  while (receiver.get<so::meminfo>()[SK_MEMINFO_DROPS] == 0 && !end.passed()) {
    sender.send_to(bytes_of("drop"), receiver.local_address());
  }
  EXPECT_GT(receiver.get<so::meminfo>()[SK_MEMINFO_DROPS], 0U);
  EXPECT_GT(receiver.get<so::meminfo>()[SK_MEMINFO_RMEM_ALLOC], 0U);
  EXPECT_EQ(static_cast<int>(receiver.get<so::meminfo>()[SK_MEMINFO_RCVBUF]),
            receiver.get<so::rcvbuf>());
}

TEST_F(state, a_unix_socket_knows_its_peer) {
  auto [a, b] = unix_domain::socket::pair();
  const ::ucred peer = a.get<so::peercred>();
  EXPECT_EQ(peer.pid, ::getpid());
  EXPECT_EQ(peer.uid, ::geteuid());
  EXPECT_EQ(peer.gid, ::getegid());

  std::error_code ec;
  descriptor pidfd = a.get<so::peerpidfd>(ec);
  if (ec) {
    EXPECT_EQ(ec, std::errc::no_protocol_option);
    EXPECT_FALSE(pidfd);
  } else {
    ASSERT_TRUE(pidfd);
    EXPECT_EQ(::fcntl(pidfd.get(), F_GETFD), FD_CLOEXEC);
    std::ifstream info("/proc/self/fdinfo/" + std::to_string(pidfd.get()));
    std::string word;
    while (info >> word && word != "Pid:") {
    }
    ::pid_t pid = 0;
    info >> pid;
    EXPECT_EQ(pid, ::getpid());
    pidfd = a.get<so::peerpidfd>();
    pidfd.reset();
    const auto before = test::open_descriptors();
    (void)a.get<so::peerpidfd>();
    EXPECT_EQ(test::open_descriptors(), before) << "what nobody keeps is closed";
  }

  const std::string label = a.get<so::peersec>(ec);
  EXPECT_TRUE(!ec || ec == std::errc::no_protocol_option) << ec.message();
  EXPECT_EQ(label.find('\0'), std::string::npos);

  const unix_domain::socket alone;
  EXPECT_EQ(alone.get<so::peercred>().pid, 0) << "nobody";
  EXPECT_EQ(alone.get<so::peerpidfd>(ec).get(), -1);
  EXPECT_TRUE(ec);
}

// More groups than the buffer of the first try holds.
TEST_F(state, all_groups_of_the_peer_are_told) {
  EXPECT_EQ(lab::in_child([] {
              for (const std::size_t count : {0U, 1U, 64U, 65U, 1000U}) {
                std::vector<::gid_t> groups(count);
                for (std::size_t i = 0; i < count; ++i) groups[i] = static_cast<::gid_t>(i);
                if (::setgroups(count, groups.data()) < 0) {
                  // A user namespace that maps one group alone may not set any.
                  EXPECT_EQ(errno, EPERM);
                  groups.resize(static_cast<std::size_t>(::getgroups(0, nullptr)));
                  ::getgroups(static_cast<int>(groups.size()), groups.data());
                }
                auto [a, b] = unix_domain::socket::pair();
                EXPECT_EQ(a.get<so::peergroups>(), groups);
              }
              return 0;
            }),
            0);
}

TEST_F(state, a_device_is_bound_by_its_whole_name) {
  inet::socket socket(SOCK_DGRAM);
  EXPECT_EQ(socket.get<so::bindtodevice>(), "");
  socket.set(so::bindtodevice{"lo"});
  EXPECT_EQ(socket.get<so::bindtodevice>(), "lo");
  EXPECT_EQ(socket.get<so::bindtoifindex>(), 1);
  socket.set(so::bindtodevice{""});
  EXPECT_EQ(socket.get<so::bindtoifindex>(), 0);
  EXPECT_THROW(socket.set(so::bindtodevice{"nosuch0"}), device_error);

  // 15 bytes, which is what is left of a longer name in the kernel.
  lab::run({"ip", "link", "set", "lo", "down"});
  lab::run({"ip", "link", "set", "lo", "name", "abcdefghijklmno"});
  socket.set(so::bindtodevice{"abcdefghijklmno"});
  socket.set(so::bindtodevice{""});
  try {
    socket.set(so::bindtodevice{"abcdefghijklmnop"});
    FAIL() << "bound to " << socket.get<so::bindtodevice>();
  } catch (const device_error& e) {
    EXPECT_EQ(e.code(), std::errc::no_such_device);
  }
  EXPECT_EQ(socket.get<so::bindtoifindex>(), 0);
  EXPECT_THROW(socket.set(so::bindtodevice{std::string(5000, 'x')}), device_error);
  EXPECT_THROW(socket.set(so::bindtodevice{std::string("abcdefghijklmno\0", 16)}), device_error);
  EXPECT_THROW(socket.set(so::bindtodevice{std::string("abc\0", 4)}), device_error);
}

TEST_F(state, interfaces_are_looked_up_in_the_sockets_namespace) {
  const lab::net_namespace other;
  lab::run({"ip", "link", "set", "lo", "down"});
  lab::run({"ip", "link", "set", "lo", "name", "here0"});
  const inet::socket here(SOCK_DGRAM);
  const inet::socket there = other.in([] { return inet::socket(SOCK_DGRAM); });
  EXPECT_EQ(interface_index(here.native_handle(), "here0"), 1);
  EXPECT_EQ(interface_index(there.native_handle(), "here0"), std::nullopt);
  EXPECT_EQ(interface_index(there.native_handle(), "lo"), 1);
  EXPECT_EQ(interface_name(here.native_handle(), 1), "here0");
  EXPECT_EQ(interface_name(there.native_handle(), 1), "lo");
  for (const int index : {0, -1, 77777}) {
    EXPECT_EQ(interface_name(here.native_handle(), index), std::nullopt) << index;
  }
  EXPECT_EQ(interface_index(here.native_handle(), ""), std::nullopt);
  EXPECT_EQ(interface_index(here.native_handle(), "here0here0here0h"), std::nullopt);
  EXPECT_EQ(interface_index(here.native_handle(), std::string("here0\0x", 7)), std::nullopt);
  EXPECT_EQ(interface_index(-1, "here0"), std::nullopt);
}

TEST_F(state, busy_polling_receives) {
  inet::socket receiver(SOCK_DGRAM);
  std::error_code ec;
  receiver.set(so::busy_poll{{50}}, ec);
  EXPECT_TRUE(!ec || ec == std::errc::no_protocol_option) << ec.message();
  receiver.bind(inet::address::loopback(0));
  inet::socket(SOCK_DGRAM).send_to(bytes_of("busy"), receiver.local_address());
  EXPECT_EQ(text_of(receiver.receive_message(soon()).data), "busy");
}

}  // namespace
}  // namespace trivet
