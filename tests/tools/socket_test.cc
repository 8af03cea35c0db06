// trivet socket over AF_UNIX: what the verbs do in every family. Needs no privilege.
#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>
#include <random>
#include <string>

#include "tests/tools/command.h"

namespace trivet::testing {
namespace {

using words = std::vector<std::string>;

/// What no other run of this test has. A process id would not do: Bazel's sandbox has process ids
/// of its own, but shares the machine's abstract names.
const std::string& own_suffix() {
  static const std::string suffix = std::to_string(std::random_device()());
  return suffix;
}

/// An abstract address for this test.
std::string own_address() {
  const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
  return "@trivet-" + std::string(test->name()) + "-" + own_suffix();
}

/// A path for this test; below /tmp, because 108 bytes are all that it may have.
std::string own_path() { return "/tmp/trivet-socket-test-" + own_suffix(); }

/// Starts a receiver and waits until it is bound.
void await_ready(running_trivet& receiver, const std::string& address) {
  ASSERT_EQ(receiver.read_error_line(), "receiving at " + address);
}

TEST(socket_address, prints_the_tuple_and_the_bytes) {
  const outcome text = run_trivet({"socket", "address", "unix", "@a"});
  EXPECT_EQ(text.status, 0);
  EXPECT_EQ(text.output, "@a\n01000061\n");
  const outcome json = run_trivet({"socket", "address", "unix", "/x", "-j"});
  EXPECT_EQ(json.output,
            "{\"family\":\"unix\",\"address\":\"/x\",\"length\":5,\"sockaddr\":\"01002f7800\"}\n");
}

TEST(socket_address, takes_the_name_of_a_noun_for_an_address) {
  EXPECT_EQ(run_trivet({"socket", "address", "unix", "socket"}).output,
            "socket\n0100736f636b657400\n");
}

TEST(socket_address, refuses_a_wrong_address_and_names_the_field) {
  const outcome got = run_trivet({"socket", "address", "unix", std::string(109, 'x')});
  EXPECT_EQ(got.status, 2);
  EXPECT_EQ(got.output, "");
  EXPECT_EQ(got.errors.find("trivet: unix address, path: "), 0U) << got.errors;
  EXPECT_EQ(line_count(got.errors), 2U);
}

TEST(socket_address, refuses_a_family_that_there_is_not) {
  const outcome got = run_trivet({"socket", "address", "decnet", "1.1"});
  EXPECT_EQ(got.status, 2);
  EXPECT_EQ(got.errors.find("trivet: unknown family 'decnet': one of unix"), 0U) << got.errors;
}

TEST(socket, sends_a_datagram_and_receives_it) {
  const std::string address = own_address();
  running_trivet receiver({"socket", "receive", "unix", address, "--count", "2", "-j"});
  await_ready(receiver, address);
  const outcome sent = run_trivet({"socket", "send", "unix", address, "--data", "hällo"});
  EXPECT_EQ(sent.status, 0) << sent.errors;
  EXPECT_EQ(sent.output, "");
  EXPECT_EQ(receiver.read_line(),
            "{\"from\":\"\",\"length\":6,\"data\":\"hällo\",\"hex\":\"68c3a46c6c6f\"}")
      << "visible at once, also in a pipe";
  const std::string bytes("\0\xff\n", 3);
  EXPECT_EQ(run_trivet({"socket", "send", "unix", address, "-j"}, {.input = bytes}).output,
            "{\"to\":\"" + address + "\",\"length\":3}\n");
  EXPECT_EQ(receiver.read_line(),
            "{\"from\":\"\",\"length\":3,\"data\":\"\\u0000\\\\xff\\n\",\"hex\":\"00ff0a\"}");
  const outcome got = receiver.wait();
  EXPECT_EQ(got.status, 0);
  EXPECT_EQ(got.errors, "2 messages, 9 bytes\n");
}

TEST(socket, echoes_datagrams_to_a_sender_that_has_a_name) {
  const std::string address = own_address();
  running_trivet receiver({"socket", "receive", "unix", address, "--echo", "--count", "2"});
  await_ready(receiver, address);
  const outcome answer = run_trivet({"socket", "send", "unix", address, "--data", "ping", "--from",
                                     address + "-client", "--reply"});
  EXPECT_EQ(answer.status, 0) << answer.errors;
  EXPECT_EQ(answer.output, address + "  4  ping\n");
  EXPECT_EQ(receiver.read_line(), address + "-client  4  ping");
  ASSERT_EQ(run_trivet({"socket", "send", "unix", address, "--data", "x"}).status, 0);
  const outcome got = receiver.wait();
  EXPECT_EQ(got.output, "''  1  x\n");
  EXPECT_EQ(got.errors,
            "trivet: echo to '': the sender has no address\n"
            "2 messages, 5 bytes, 1 not echoed\n");
}

class socket_connection : public ::testing::TestWithParam<const char*> {};

TEST_P(socket_connection, is_made_accepted_and_echoed) {
  const std::string address = own_path();
  const std::string type = GetParam();
  running_trivet receiver(
      {"socket", "receive", "unix", address, "--type", type, "--echo", "--count", "1"});
  await_ready(receiver, address);
  const outcome answer =
      run_trivet({"socket", "send", "unix", address, "--type", type, "--reply"}, {.input = "over"});
  EXPECT_EQ(answer.status, 0) << answer.errors;
  EXPECT_EQ(answer.output, address + "  4  over\n");
  const outcome got = receiver.wait();
  EXPECT_EQ(got.status, 0);
  EXPECT_EQ(got.output, "''  4  over\n");
  EXPECT_FALSE(std::filesystem::exists(address)) << "the path that binding made is removed";
}

INSTANTIATE_TEST_SUITE_P(types, socket_connection, ::testing::Values("stream", "seqpacket"),
                         [](const auto& param) { return std::string(param.param); });

TEST(socket, a_long_stream_arrives_whole) {
  const std::string address = own_address();
  const std::string input(1'000'000, 'x');
  running_trivet receiver({"socket", "receive", "unix", address, "--type", "stream", "-j"});
  await_ready(receiver, address);
  running_trivet sender({"socket", "send", "unix", address, "--type", "stream"}, {.input = input});
  std::size_t arrived = 0;
  while (arrived < input.size()) {
    const std::string line = receiver.read_line();
    const std::size_t at = line.find("\"length\":");
    ASSERT_NE(at, std::string::npos);
    arrived += std::stoul(line.substr(at + 9));
  }
  EXPECT_EQ(arrived, input.size());
  EXPECT_EQ(sender.wait().status, 0);
  receiver.signal(SIGTERM);
  EXPECT_EQ(receiver.wait().status, 0);
}

TEST(socket, signals_end_a_stream_with_its_summary) {
  for (const int number : {SIGINT, SIGTERM}) {
    const std::string address = own_address();
    running_trivet receiver({"socket", "receive", "unix", address});
    await_ready(receiver, address);
    receiver.signal(number);
    const outcome got = receiver.wait();
    EXPECT_EQ(got.status, 0);
    EXPECT_EQ(got.output, "");
    EXPECT_EQ(got.errors, "0 messages, 0 bytes\n");
  }
}

/// Has a receiver print more than a pipe holds (64 KiB), and waits until it has begun to.
void overflow(running_trivet& receiver, const std::string& address) {
  const std::string message(150'000, 'x');
  ASSERT_EQ(run_trivet({"socket", "send", "unix", address}, {.input = message}).status, 0);
  receiver.await_output();
}

TEST(socket, a_slow_reader_does_not_keep_a_signal_from_ending_it) {
  const std::string address = own_address();
  running_trivet receiver({"socket", "receive", "unix", address});
  await_ready(receiver, address);
  overflow(receiver, address);
  receiver.signal(SIGTERM);
  const outcome got = receiver.wait();  // reads the rest
  EXPECT_EQ(got.status, 0);
  EXPECT_EQ(got.output.size(), std::string("''  150000  \n").size() + 150'000);
  EXPECT_EQ(got.errors, "1 message, 150000 bytes\n");
}

TEST(socket, a_reader_that_reads_no_more_is_given_up) {
  const std::string address = own_address();
  running_trivet receiver({"socket", "receive", "unix", address});
  await_ready(receiver, address);
  overflow(receiver, address);
  receiver.signal(SIGTERM);
  EXPECT_EQ(receiver.read_error_line(), "1 message, 150000 bytes");
  EXPECT_EQ(receiver.read_error_line(),
            "trivet: standard output: the reader did not take the rest within 2 s of the stop");
  EXPECT_EQ(receiver.wait().status, 1);
}

TEST(socket, a_closed_pipe_ends_a_stream_quietly) {
  const std::string address = own_address();
  running_trivet receiver({"socket", "receive", "unix", address});
  await_ready(receiver, address);
  receiver.close_output();
  ASSERT_EQ(run_trivet({"socket", "send", "unix", address, "--data", "x"}).status, 0);
  const outcome got = receiver.wait();
  EXPECT_EQ(got.status, 0);
  EXPECT_EQ(got.errors, "");
}

TEST(socket, a_full_disk_ends_a_stream_with_an_error) {
  const std::string address = own_address();
  running_trivet receiver({"socket", "receive", "unix", address}, {.output_file = "/dev/full"});
  await_ready(receiver, address);
  ASSERT_EQ(run_trivet({"socket", "send", "unix", address, "--data", "x"}).status, 0);
  const outcome got = receiver.wait();
  EXPECT_EQ(got.status, 1);
  EXPECT_EQ(got.errors,
            "1 message, 1 byte\n"
            "trivet: standard output: No space left on device (free some space)\n");
}

TEST(socket, says_why_nothing_could_be_sent) {
  const outcome got = run_trivet({"socket", "send", "unix", own_address(), "--data", "x"});
  EXPECT_EQ(got.status, 1);
  EXPECT_EQ(got.errors, "trivet: send to " + own_address() + ": Connection refused\n");
}

TEST(socket, says_that_an_address_is_taken) {
  const std::string address = own_address();
  running_trivet receiver({"socket", "receive", "unix", address});
  await_ready(receiver, address);
  const outcome got = run_trivet({"socket", "receive", "unix", address});
  EXPECT_EQ(got.status, 1);
  EXPECT_EQ(got.errors, "trivet: bind " + address + ": Address already in use\n");
}

TEST(socket, gives_up_when_nothing_comes) {
  const std::string address = own_address();
  const outcome got = run_trivet({"socket", "receive", "unix", address, "--timeout", "0.05"});
  EXPECT_EQ(got.status, 1);
  EXPECT_EQ(got.errors, "receiving at " + address +
                            "\n0 messages, 0 bytes\n"
                            "trivet: receive at " +
                            address + ": nothing came for 0.05 s\n");
}

TEST(socket, usage_errors) {
  const struct {
    words arguments;
    const char* first_line;
  } cases[] = {
      {{"socket", "send", "unix"}, "trivet: ADDRESS is required\n"},
      {{"socket", "send"}, "trivet: FAMILY is required\n"},
      {{"socket", "send", "unix", "@x", "--type", "rdm"},
       "trivet: --type: unix has no 'rdm' sockets: dgram, stream, seqpacket\n"},
      {{"socket", "send", "unix", "@x", "--timeout", "-1"},
       "trivet: --timeout: seconds are 0 or more\n"},
      {{"socket", "receive", "unix", "@x", "--count", "0"}, "trivet: --count: 1 or more\n"},
      {{"socket", "receive", "unix", "@x", "--count", "many"},
       "trivet: Could not convert: --count = many\n"},
      {{"socket", "receive", "unix", "@x", "--protocol", "1"},
       "trivet: --protocol: unix has no choice of one\n"},
      {{"socket", "receive", "netlink", "0, 0", "--protocol", "tcp"},
       "trivet: --protocol: 'tcp' is no number and none of usersock, route, "},
      {{"socket", "receive", "inet", "'', 0", "--type", "raw"},
       "trivet: --protocol: raw sockets of inet and inet6 need one, as icmp or 1\n"},
  };
  for (const auto& wrong : cases) {
    const outcome got = run_trivet(wrong.arguments);
    EXPECT_EQ(got.status, 2);
    EXPECT_EQ(got.output, "");
    EXPECT_EQ(got.errors.find(wrong.first_line), 0U) << got.errors;
    EXPECT_NE(got.errors.find("Try 'trivet socket"), std::string::npos) << got.errors;
    EXPECT_EQ(line_count(got.errors), 2U);
  }
}

TEST(netns, a_namespace_that_is_not_there_is_an_error) {
  const outcome got =
      run_trivet({"--netns", "no-such-namespace", "socket", "send", "unix", "@x", "--data", ""});
  EXPECT_EQ(got.status, 1);
  EXPECT_EQ(got.errors,
            "trivet: open network namespace no-such-namespace: No such file or directory "
            "(`ip netns list` shows those that exist)\n");
}

}  // namespace
}  // namespace trivet::testing
