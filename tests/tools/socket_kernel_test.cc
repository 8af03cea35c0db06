// trivet socket on real kernels: the families that AF_UNIX does not stand for, and namespaces.
#include <gtest/gtest.h>
#include <linux/if_ether.h>
#include <signal.h>
#include <unistd.h>

#include <string>

#include "tests/lab/namespace_test.h"
#include "tests/tools/command.h"
#include "tests/tools/exchange.h"

namespace trivet::testing {
namespace {

/// A fresh namespace with lo up for each test.
using socket_kernel = lab::namespace_test;

TEST_F(socket_kernel, inet) {
  exchange("inet", "('127.0.0.1', 0)", "", {});
  exchange("inet", "('127.0.0.1', 0)", "", {"--type", "stream"});
}

TEST_F(socket_kernel, inet6) {
  exchange("inet6", "('::1', 0)", "", {});
  exchange("inet6", "('::1', 0)", "", {"--type", "stream"});
}

TEST_F(socket_kernel, netlink) {
  exchange("netlink", "(4711, 0)", "", {});
  exchange("netlink", "(0, 0)", "", {"--type", "dgram"});
}

TEST_F(socket_kernel, netlink_groups_of_the_kernel) {
  running_trivet receiver(
      {"socket", "receive", "netlink", "(0, 1)", "--protocol", "route", "--count", "1", "-j"});
  (void)address_of(receiver);
  home().run({"ip", "link", "set", "lo", "down"});
  const outcome got = receiver.wait();
  EXPECT_EQ(got.status, 0) << got.errors;
  EXPECT_EQ(got.output.find("{\"from\":\"(0, 1)\",\"length\":"), 0U) << got.output;
}

TEST_F(socket_kernel, an_interface_that_goes_down_ends_the_stream_with_its_summary) {
  running_trivet receiver({"socket", "receive", "packet", "('lo', 0x88b5)"});
  (void)address_of(receiver);
  home().run({"ip", "link", "set", "lo", "down"});
  const outcome got = receiver.wait();
  EXPECT_EQ(got.status, 1);
  EXPECT_EQ(got.errors,
            "0 messages, 0 bytes\ntrivet: receive: Network is down "
            "(the interface is down: `ip link set dev NAME up`)\n");
}

TEST_F(socket_kernel, says_that_netlink_messages_were_lost) {
  running_trivet receiver({"socket", "receive", "netlink", "(0, 1)", "--protocol", "route"});
  (void)address_of(receiver);
  // Stopped, it reads nothing, and its buffer (212992 bytes) overruns.
  receiver.signal(SIGSTOP);
  std::string batch;
  for (int i = 0; i < 500; ++i) batch += "link set lo down\nlink set lo up\n";
  home().run({"ip", "-batch", "-"}, batch);
  receiver.signal(SIGCONT);
  EXPECT_NE(receiver.read_error_line().find(": messages were lost, they came too fast"),
            std::string::npos);
  receiver.signal(SIGTERM);
  const outcome got = receiver.wait();
  EXPECT_EQ(got.status, 0);
  EXPECT_NE(got.errors.find(" 1 times some were lost"), std::string::npos) << got.errors;
}

TEST_F(socket_kernel, packet_of_both_types) {
  const std::string frame = std::string(12, '\0') + "\x88\xb5" + std::string(46, 'x');
  const std::string address = "('lo', 0x88b5)";
  running_trivet raw({"socket", "receive", "packet", address, "--count", "1"});
  running_trivet dgram({"socket", "receive", "packet", address, "--type", "dgram", "--count", "1"});
  EXPECT_EQ(address_of(raw), "('lo', 34997, 0, 772, b'\\x00\\x00\\x00\\x00\\x00\\x00')");
  (void)address_of(dgram);
  const outcome sent = run_trivet({"socket", "send", "packet", address}, {.input = frame});
  EXPECT_EQ(sent.status, 0) << sent.errors;
  const outcome whole = raw.wait();
  EXPECT_EQ(whole.output.find("('lo', 34997, "), 0U) << whole.output;
  EXPECT_NE(whole.output.find("  60  hex 00000000000000000000000088b57878"), std::string::npos)
      << whole.output;
  const outcome payload = dgram.wait();
  EXPECT_NE(payload.output.find("  46  " + std::string(46, 'x') + "\n"), std::string::npos)
      << payload.output;
}

TEST_F(socket_kernel, an_interface_that_is_not_there) {
  for (const words& verb : {words{"address"}, words{"receive"}, words{"send", "--data", "x"}}) {
    const outcome got = run_trivet(words{"socket", verb[0], "packet", "('eth77', ETH_P_ALL)"} +
                                   words(verb.begin() + 1, verb.end()));
    EXPECT_EQ(got.status, 1);
    EXPECT_NE(got.errors.find("eth77"), std::string::npos) << got.errors;
    EXPECT_EQ(line_count(got.errors), 1U) << got.errors;
  }
}

TEST_F(socket_kernel, refuses_to_echo_frames) {
  const outcome got = run_trivet({"socket", "receive", "packet", "('lo', 3)", "--echo"});
  EXPECT_EQ(got.status, 2);
  EXPECT_EQ(got.errors.find("trivet: --echo: packet would receive its own echo\n"), 0U);
}

TEST_F(socket_kernel, as_nobody) {
  const outcome packet =
      run_trivet({"socket", "receive", "packet", "('lo', 3)"}, {.as_nobody = true});
  EXPECT_EQ(packet.status, 1);
  EXPECT_EQ(packet.errors,
            "trivet: socket AF_PACKET SOCK_RAW 0: Operation not permitted (needs CAP_NET_RAW: "
            "run as root)\n");
  const outcome low_port =
      run_trivet({"socket", "receive", "inet", "('127.0.0.1', 80)"}, {.as_nobody = true});
  EXPECT_EQ(low_port.status, 1);
  EXPECT_NE(low_port.errors.find("CAP_NET_BIND_SERVICE"), std::string::npos) << low_port.errors;
  const outcome other_namespace =
      run_trivet({"--netns", home().name(), "socket", "receive", "inet", "('127.0.0.1', 0)"},
                 {.as_nobody = true});
  EXPECT_EQ(other_namespace.status, 1);
  EXPECT_EQ(line_count(other_namespace.errors), 1U) << other_namespace.errors;
  running_trivet receiver({"socket", "receive", "unix", "@own", "--count", "1"},
                          {.as_nobody = true});
  EXPECT_EQ(address_of(receiver), "@own");
  EXPECT_EQ(
      run_trivet({"socket", "send", "unix", "@own", "--data", "x"}, {.as_nobody = true}).status, 0);
  EXPECT_EQ(receiver.wait().status, 0);
}

TEST_F(socket_kernel, works_in_another_namespace_by_name_path_and_pid) {
  const lab::net_namespace other;
  running_trivet receiver(
      {"--netns", other.name(), "socket", "receive", "unix", "@there", "--count", "3"});
  EXPECT_EQ(address_of(receiver), "@there");
  const words send = {"socket", "send", "unix", "@there", "--data", "x"};
  EXPECT_EQ(run_trivet(send).status, 1) << "abstract names belong to a namespace";
  const lab::background inside = other.start({"sleep", "60"});
  for (const std::string& name : {other.name(), other.path(), std::to_string(inside.pid())}) {
    const outcome sent = run_trivet(send + words{"--netns", name});
    EXPECT_EQ(sent.status, 0) << name << ": " << sent.errors;
  }
  EXPECT_EQ(receiver.wait().status, 0);
}

}  // namespace
}  // namespace trivet::testing
