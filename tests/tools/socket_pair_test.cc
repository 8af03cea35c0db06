// trivet socket over TIPC between two kernels, and against CPython in both directions.
#include <gtest/gtest.h>
#include <signal.h>

#include <string>

#include "tests/lab/command.h"
#include "tests/lab/pair.h"
#include "tests/tools/bindings.h"
#include "tests/tools/command.h"
#include "tests/tools/exchange.h"

namespace trivet::testing {
namespace {

// Service types, one for each exchange.
constexpr std::uint32_t echo_type = 4711;
constexpr std::uint32_t stream_type = 4712;
constexpr std::uint32_t python_type = 4713;

constexpr std::size_t longest_message = 66000;  // TIPC_MAX_USER_MSG_SIZE
constexpr std::size_t stream_length = 1'000'000;

/// Answers one message with what it got, in capitals.
constexpr char python_server[] = R"(
import socket
s = socket.socket(socket.AF_TIPC, socket.SOCK_RDM)
s.bind((socket.TIPC_ADDR_NAMESEQ, 4713, 0, 99))
print("bound", flush=True)
data, sender = s.recvfrom(66000)
s.sendto(data.upper(), sender)
)";

constexpr char python_client[] = R"(
import socket
s = socket.socket(socket.AF_TIPC, socket.SOCK_RDM)
s.sendto(b"from python", (socket.TIPC_ADDR_NAME, 4711, 7, 0))
s.settimeout(20)
data, sender = s.recvfrom(100)
assert sender[0] == socket.TIPC_ADDR_ID, sender
print(data.decode())
)";

std::string service(std::uint32_t type) {
  return "(TIPC_ADDR_NAME, " + std::to_string(type) + ", 7, 0)";
}

std::string range(std::uint32_t type) {
  return "(TIPC_ADDR_NAMESEQ, " + std::to_string(type) + ", 0, 99)";
}

std::size_t length_in(const std::string& json) {
  const std::size_t at = json.find("\"length\":");
  return at == std::string::npos ? 0 : std::stoul(json.substr(at + 9));
}

/// Each test runs on both nodes: node 1 receives and node 2 sends.
class socket_pair : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    lab::run({"tipc", "bearer", "enable", "media", "eth", "device", lab::link_device()});
  }
  const bool receives_ = lab::node() == 1;
};

TEST_F(socket_pair, messages_there_and_back) {
  if (receives_) {
    running_trivet receiver(
        {"socket", "receive", "tipc", range(echo_type), "--echo", "--count", "3", "-j"});
    (void)address_of(receiver);
    EXPECT_NE(receiver.read_line().find("\"data\":\"hello\""), std::string::npos);
    EXPECT_EQ(length_in(receiver.read_line()), longest_message);
    EXPECT_NE(receiver.read_line().find("\"data\":\"from python\""), std::string::npos);
    EXPECT_EQ(receiver.wait().status, 0);
  } else {
    wait_for_bindings(echo_type, 1);
    const words send = {"socket", "send", "tipc", service(echo_type), "--reply", "--timeout", "20"};
    const outcome answer = run_trivet(send + words{"--data", "hello"});
    EXPECT_EQ(answer.status, 0) << answer.errors;
    EXPECT_NE(answer.output.find("  5  hello\n"), std::string::npos) << answer.output;
    const std::string message(longest_message, 'x');
    const outcome longest = run_trivet(send + words{"-j"}, {.input = message});
    EXPECT_EQ(length_in(longest.output), longest_message) << longest.errors;
    EXPECT_EQ(lab::run({"/usr/bin/python3", "-c", python_client}), "from python\n");
  }
  lab::barrier("messages");
}

TEST_F(socket_pair, a_message_that_is_too_long_is_refused) {
  if (!receives_) {
    const std::string message(longest_message + 1, 'x');
    const outcome got =
        run_trivet({"socket", "send", "tipc", service(echo_type)}, {.input = message});
    EXPECT_EQ(got.status, 1);
    EXPECT_NE(got.errors.find("Message too long"), std::string::npos) << got.errors;
    EXPECT_EQ(line_count(got.errors), 1U);
  }
  lab::barrier("too_long");
}

TEST_F(socket_pair, a_stream_arrives_whole) {
  if (receives_) {
    running_trivet receiver(
        {"socket", "receive", "tipc", range(stream_type), "--type", "stream", "-j"});
    (void)address_of(receiver);
    std::size_t arrived = 0;
    while (arrived < stream_length) arrived += length_in(receiver.read_line());
    EXPECT_EQ(arrived, stream_length);
    receiver.signal(SIGTERM);
    EXPECT_EQ(receiver.wait().status, 0);
  } else {
    wait_for_bindings(stream_type, 1);
    const outcome sent = run_trivet(
        {"socket", "send", "tipc", service(stream_type), "--type", "stream", "--timeout", "20"},
        {.input = std::string(stream_length, 'x')});
    EXPECT_EQ(sent.status, 0) << sent.errors;
  }
  lab::barrier("stream");
}

TEST_F(socket_pair, cpython_answers) {
  if (receives_) {
    lab::background server({"/usr/bin/python3", "-c", python_server});
    ASSERT_TRUE(server.read_until("bound", lab::after(lab::patience)));
    EXPECT_EQ(server.wait(lab::after(lab::patience)), 0) << server.output();
  } else {
    wait_for_bindings(python_type, 1);
    const outcome answer = run_trivet({"socket", "send", "tipc", service(python_type), "--data",
                                       "hello", "--reply", "--timeout", "20"});
    EXPECT_EQ(answer.status, 0) << answer.errors;
    EXPECT_NE(answer.output.find("  5  HELLO\n"), std::string::npos) << answer.output;
  }
  lab::barrier("python");
}

}  // namespace
}  // namespace trivet::testing
