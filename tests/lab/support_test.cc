// The support library itself: each helper does what it says on a real kernel.

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <net/if.h>
#include <signal.h>
#include <sys/capability.h>
#include <sys/socket.h>

#include <thread>

#include "tests/lab/command.h"
#include "tests/lab/kernel.h"
#include "tests/lab/links.h"
#include "tests/lab/namespace_test.h"
#include "tests/lab/privilege.h"
#include "tests/lab/wait.h"

namespace trivet::lab {
namespace {

using fresh_namespace = namespace_test;

bool exists(const std::string& name) { return ::if_nametoindex(name.c_str()) != 0; }

int raw_socket_error() {
  const descriptor socket(::socket(AF_INET, SOCK_RAW, IPPROTO_ICMP));
  return socket.get() >= 0 ? 0 : errno;
}

TEST(command, gives_both_outputs_and_the_status) {
  const outcome result = try_run({"sh", "-c", "cat; echo bad >&2; exit 7"}, "in");
  EXPECT_EQ(result.status, 7);
  EXPECT_EQ(result.output, "in");
  EXPECT_EQ(result.error, "bad\n");
  EXPECT_EQ(try_run({"sh", "-c", "kill -9 $$"}).status, 128 + SIGKILL);
}

TEST(command, feeds_more_than_a_pipe_holds_to_a_program_that_echoes) {
  const std::string much(1 << 20, 'x');
  EXPECT_EQ(run({"cat"}, much), much);
  EXPECT_EQ(run({"true"}, much), "");
}

TEST(command, throws_what_a_failing_program_said) {
  try {
    run({"ip", "link", "show", "dev", "nowhere"});
    FAIL() << "no exception";
  } catch (const command_error& error) {
    EXPECT_NE(std::string(error.what()).find("\"nowhere\" does not exist"), std::string::npos)
        << error.what();
  }
  EXPECT_THROW(run({"/no/such/program"}), std::system_error);
}

TEST(background_program, is_read_and_waited_for_and_killed) {
  background speaker({"sh", "-c", "echo one; exec cat /proc/self/stat"});
  EXPECT_TRUE(speaker.read_until("(cat)", after(patience)));
  EXPECT_TRUE(speaker.output().starts_with("one\n")) << speaker.output();
  EXPECT_EQ(speaker.wait(after(patience)), 0);

  background sleeper({"sleep", "1000"});
  EXPECT_FALSE(sleeper.wait(after(std::chrono::milliseconds(20))).has_value());
  sleeper.signal(SIGTERM);
  EXPECT_EQ(sleeper.wait(after(patience)), 128 + SIGTERM);

  pid_t pid = 0;
  {
    const background forgotten({"sleep", "1000"});
    pid = forgotten.pid();
    EXPECT_EQ(::kill(pid, 0), 0);
  }
  EXPECT_EQ(::kill(pid, 0), -1);
  EXPECT_EQ(errno, ESRCH);
}

TEST_F(fresh_namespace, has_a_loopback_device_that_is_up_and_nothing_else) {
  EXPECT_TRUE(run({"ip", "-o", "link"}).find(",UP,") != std::string::npos);
  EXPECT_FALSE(exists("eth0"));
  EXPECT_NE(run({"ip", "netns"}).find(home().name()), std::string::npos);
  run({"ip", "link", "add", "made-here", "type", "bridge"});
}

TEST_F(fresh_namespace, knows_nothing_of_the_test_before) { EXPECT_FALSE(exists("made-here")); }

TEST_F(fresh_namespace, is_that_of_the_calling_thread_only) {
  const net_namespace other("other");
  bool seen = true;
  other.in([&] {
    run({"ip", "link", "add", "there", "type", "bridge"});
    EXPECT_TRUE(exists("there"));
    std::thread([&] { home().in([&] { seen = exists("there"); }); }).join();
  });
  EXPECT_FALSE(seen);
  EXPECT_FALSE(exists("there"));
  EXPECT_NE(run({"ip", "-n", "other", "link"}).find("there"), std::string::npos);
}

TEST_F(fresh_namespace, name_is_free_again_afterwards) {
  { const net_namespace one("once"); }
  const net_namespace two("once");
  EXPECT_THROW(net_namespace("once"), std::system_error);
}

TEST_F(fresh_namespace, joins_two_of_them_by_a_bridge) {
  const net_namespace hub("hub");
  const net_namespace one("one");
  const net_namespace two("two");
  add_bridge({hub, "br0"});
  plug({one, "eth0"}, {hub, "p1"}, "br0");
  plug({two, "eth0"}, {hub, "p2"}, "br0");
  add_address({one, "eth0"}, "192.0.2.1/24");
  add_address({two, "eth0"}, "192.0.2.2/24");

  const descriptor receiver(two.in([] { return ::socket(AF_INET, SOCK_DGRAM, 0); }));
  sockaddr_in address{AF_INET, htons(9), {::inet_addr("192.0.2.2")}, {}};
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): what bind(2) asks for.
  const auto* generic = reinterpret_cast<const sockaddr*>(&address);
  check(::bind(receiver.get(), generic, sizeof address), "bind");
  const descriptor sender(one.in([] { return ::socket(AF_INET, SOCK_DGRAM, 0); }));
  ASSERT_EQ(::sendto(sender.get(), "x", 1, 0, generic, sizeof address), 1);
  EXPECT_TRUE(wait_readable(receiver.get(), after(patience)));
}

TEST_F(fresh_namespace, wakes_a_waiting_test_when_something_changes) {
  network_changes changes;
  EXPECT_FALSE(wait_until([] { return exists("late"); }, after(std::chrono::milliseconds(20))));
  std::thread later([&] { home().run({"ip", "link", "add", "late", "type", "bridge"}); });
  EXPECT_TRUE(wait_until([] { return exists("late"); }, after(patience), changes));
  later.join();
}

TEST_F(fresh_namespace, is_left_by_a_child_with_fewer_privileges) {
  ASSERT_EQ(raw_socket_error(), 0);
  EXPECT_EQ(without({CAP_NET_RAW}, raw_socket_error), EPERM);
  EXPECT_EQ(without({CAP_SYS_TIME}, raw_socket_error), 0);
  EXPECT_EQ(as_nobody(raw_socket_error), EPERM);
  // Nor does a program that they execute get them back.
  const auto add_link = [] { return try_run({"ip", "link", "add", "x", "type", "bridge"}).status; };
  EXPECT_EQ(without({CAP_NET_ADMIN}, add_link), 2);
  EXPECT_EQ(as_nobody(add_link), 2);
  EXPECT_EQ(without({CAP_NET_RAW}, add_link), 0);
}

TEST(child, failures_are_seen) {
  EXPECT_EQ(in_child([] { return 3; }), 3);
  EXPECT_EQ(in_child([] { return ::raise(SIGKILL); }), 128 + SIGKILL);
  EXPECT_EQ(in_child([]() -> int { throw std::runtime_error("expected by this test"); }),
            child_failed);
}

}  // namespace
}  // namespace trivet::lab
