// Descriptors over fork(2) and execve(2): what a child has, and what it has not.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <string>
#include <vector>

#include "tests/base/testing.h"
#include "tests/lab/command.h"
#include "tests/lab/privilege.h"
#include "trivet/base/error.h"
#include "trivet/base/netns.h"
#include "trivet/base/so.h"
#include "trivet/inet/socket.h"
#include "trivet/unix/socket.h"

namespace trivet {
namespace {

using test::soon;
using unix_domain::socket;

using processes = test::leaves_nothing_open;

// "socket:[123]": what a link of /proc/self/fd says, which no two open sockets share.
std::string link_of(int fd) {
  std::array<char, 64> text{};
  const std::string path = "/proc/self/fd/" + std::to_string(fd);
  EXPECT_GT(::readlink(path.c_str(), text.data(), text.size() - 1), 0) << fd;
  return text.data();
}

TEST_F(processes, see_no_descriptor_after_exec) {
  std::vector<std::string> links;
  auto [a, b] = socket::pair();
  socket listener;
  const auto name = test::unique_name();
  listener.bind(name);
  listener.listen();
  socket client;
  client.connect(name);
  auto [connection, peer] = listener.accept();
  const inet::socket udp(SOCK_DGRAM | SOCK_NONBLOCK);
  // Adopted: a descriptor that its maker let through.
  descriptor open_to_all(::socket(AF_UNIX, SOCK_STREAM, 0));
  EXPECT_EQ(::fcntl(open_to_all.get(), F_GETFD), 0);
  const socket adopted(std::move(open_to_all));
  for (const socket_base* s : std::initializer_list<const socket_base*>{
           &a, &b, &listener, &client, &connection, &udp, &adopted}) {
    links.push_back(link_of(s->native_handle()));
  }
  // Received, and not yet taken.
  int ends[2];
  ASSERT_EQ(::pipe2(ends, 0), 0);
  const descriptor read_end(ends[0]);
  descriptor write_end(ends[1]);
  ASSERT_EQ(::fcntl(read_end.get(), F_SETFD, FD_CLOEXEC), 0);
  const ::iovec piece = buffer(bytes_of("x"));
  a.send(std::span(&piece, 1), control_writer().add(control::rights{{write_end.get()}}));
  write_end.reset();
  control_buffer control;
  std::array<std::byte, 1> room;
  const ::iovec into = buffer(mutable_bytes(room));
  b.receive(std::span(&into, 1), control, soon());
  links.push_back(link_of(control.find<control::rights>()->fds.at(0)));
  const network_namespace here = network_namespace::current();
  links.push_back(link_of(here.native_handle()));
  std::error_code ec;
  const descriptor pidfd = a.get<so::peerpidfd>(ec);
  // All pidfds share one name before Linux 6.9; then the number must do.
  const std::string pidfd_entry = " " + std::to_string(pidfd.get()) + " -> ";

  const std::string seen = lab::run({"ls", "-l", "/proc/self/fd"});
  EXPECT_NE(seen.find("-> "), std::string::npos) << "the list must be one";
  for (const std::string& link : links) {
    EXPECT_EQ(seen.find(link), std::string::npos) << link << " in\n" << seen;
  }
  EXPECT_TRUE(!pidfd || seen.find(pidfd_entry + "anon") == std::string::npos) << seen;
}

TEST_F(processes, share_an_open_socket_after_fork) {
  auto [a, b] = socket::pair(SOCK_SEQPACKET);
  b.set_timeout(test::patience);
  const int status = lab::in_child([&a = a, &b = b] {
    b.close();  // the child's own; the parent's stays
    a.send(bytes_of("from the child"));
    EXPECT_EQ(a.timeout(), std::nullopt);
    return 0;
  });
  EXPECT_EQ(status, 0);
  EXPECT_EQ(text_of(b.receive_message().data), "from the child");
  EXPECT_TRUE(b.is_open());
  a.close();
  EXPECT_EQ(b.receive_message().size, 0U) << "the child's end of it is gone too";
}

TEST_F(processes, in_another_namespace_are_run_in_a_child_as_well) {
  EXPECT_EQ(lab::in_child([] {
              const auto here = network_namespace::current();
              return here.run([] { return socket(SOCK_DGRAM).is_open(); }) ? 0 : 1;
            }),
            0);
}

TEST_F(processes, are_not_killed_by_a_peer_that_has_gone) {
  struct ::sigaction former {};
  struct ::sigaction deadly {};
  deadly.sa_handler = SIG_DFL;
  ASSERT_EQ(::sigaction(SIGPIPE, &deadly, &former), 0);
  EXPECT_EQ(lab::in_child([] {
              for (const int type : {SOCK_STREAM, SOCK_SEQPACKET}) {
                auto [a, b] = socket::pair(type);
                b.close();
                const ::iovec piece = buffer(bytes_of("x"));
                EXPECT_THROW(a.send(bytes_of("x")), peer_error);
                EXPECT_THROW(a.send(std::span(&piece, 1)), peer_error);
                EXPECT_THROW(a.send_all(bytes_of("x")), peer_error);
                send_batch<unix_domain::address> batch;
                batch.add(bytes_of("x"));
                std::error_code ec;
                a.send(batch, ec);
                EXPECT_EQ(ec, std::errc::broken_pipe);
              }
              return 0;
            }),
            0);
  ::sigaction(SIGPIPE, &former, nullptr);
}

TEST_F(processes, lose_nothing_by_moving_and_closing) {
  socket first(SOCK_DGRAM);
  const int fd = first.native_handle();
  socket second(std::move(first));
  socket& alias = second;
  second = std::move(alias);
  EXPECT_EQ(second.native_handle(), fd) << "moved to itself";
  EXPECT_FALSE(first.is_open());  // NOLINT(bugprone-use-after-move): that is what is tested
  EXPECT_EQ(first.native_handle(), -1);
  first = std::move(second);
  first.close();
  first.close();
  EXPECT_EQ(first.native_handle(), -1);
  EXPECT_EQ(::fcntl(fd, F_GETFD), -1);

  descriptor none(-5);
  EXPECT_EQ(none.get(), -1);
  none.reset(-7);
  EXPECT_FALSE(none);
  errno = EXFULL;
  descriptor(::dup(0)).reset();
  EXPECT_EQ(errno, EXFULL) << "closing must not hide the error that led to it";
}

TEST_F(processes, close_what_they_cannot_adopt) {
  const auto adopt = [](int fd) { socket adopted{descriptor(fd)}; };
  const int udp = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  try {
    adopt(udp);
    FAIL() << "adopted";
  } catch (const socket_error& e) {
    EXPECT_EQ(e.code(), std::errc::address_family_not_supported);
    EXPECT_NE(std::string(e.what()).find("it is of AF_INET, not of AF_UNIX"), std::string::npos);
  }
  EXPECT_EQ(::fcntl(udp, F_GETFD), -1);
  const int file = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  try {
    adopt(file);
    FAIL() << "adopted";
  } catch (const socket_error& e) {
    EXPECT_EQ(e.code(), std::errc::not_a_socket);
  }
  EXPECT_EQ(::fcntl(file, F_GETFD), -1);
  EXPECT_THROW(adopt(-1), socket_error);
  EXPECT_THROW(adopt(1'000'000), socket_error);
}

}  // namespace
}  // namespace trivet
