// A socket of ours and one of CPython's that talk to each other on a real kernel: both see the same
// tuples, in both directions.
#ifndef TESTS_ADDRESS_CPYTHON_PEER_H_
#define TESTS_ADDRESS_CPYTHON_PEER_H_

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>

#include "tests/address/cpython.h"
#include "tests/address/testing.h"
#include "tests/lab/wait.h"
#include "trivet/base/basic_socket.h"

namespace trivet::test {

/// What a call of a test may take.
inline io_options soon() { return {.flags = 0, .until = deadline::after(lab::patience)}; }

/// A socket of Python's, by the number that the oracle gave it.
class python_socket {
 public:
  /// @param family  as oracle.py names it
  /// @param type    stream, dgram, seqpacket, rdm or raw
  python_socket(cpython& python, std::string_view family, std::string_view type)
      : python_(python), number_(python.ask({"open", family, type}).word(0)) {}
  /// One that accept gave.
  python_socket(cpython& python, std::string number)
      : python_(python), number_(std::move(number)) {}

  /// A command on it, as oracle.py lists them. Where Python raises, the test fails.
  std::string ask(std::string_view command, std::string_view first = "",
                  std::string_view second = "") {
    return answer(command, first, second).word(0);
  }
  python_answer answer(std::string_view command, std::string_view first = "",
                       std::string_view second = "") {
    python_answer result = python_.ask({command, number_, first, second});
    EXPECT_TRUE(result.ok()) << "Python, " << command << " " << first << ": " << result.exception;
    return result;
  }

  /// getsockname: the repr, and what we read in it.
  std::string name() { return ask("name"); }

  /// Starts a command that waits for what the test does before finish().
  void begin(std::string_view command, std::string_view first = "") {
    python_.begin({command, number_, first, ""});
  }
  python_answer finish() {
    python_answer result = python_.end();
    EXPECT_TRUE(result.ok()) << "Python: " << result.exception;
    return result;
  }

 private:
  cpython& python_;
  std::string number_;
};

/// Text as Python and we exchange it.
inline std::string hex_of(std::string_view text) { return hex(bytes_of(text)); }

/// Datagrams in both directions; `ours` and `pythons` are bound.
/// @param python_text  what Python prints for our address, where that is not our text
template <class Socket>
void expect_datagrams(Socket& ours, python_socket& pythons, std::string_view python_text = {}) {
  using address = typename Socket::address_type;
  const address our_name = ours.local_address();
  const address python_name = address::parse(pythons.name());
  const std::string our_text(python_text.empty() ? our_name.to_string() : python_text);

  EXPECT_EQ(pythons.ask("sendto", our_text, hex_of("from Python")), "11");
  const auto got = ours.receive_message(soon());
  EXPECT_EQ(text_of(got.data), "from Python");
  EXPECT_EQ(got.from, python_name);

  ours.send_to(bytes_of("to Python"), python_name, soon());
  const python_answer heard = pythons.answer("recvfrom");
  EXPECT_EQ(address::parse(heard.word(0)), our_name) << heard.word(0);
  EXPECT_EQ(heard.word(1), hex_of("to Python"));
}

/// Connections in both directions, between sockets that are bound. Each end's idea of the other is
/// the other's own name.
/// @param open   makes a socket of ours; its type in Python is `type`
/// @param here   where Python reaches ours, as a Python literal
/// @param there  where we reach Python's
template <class Socket, class Open>
void expect_connections(cpython& python, std::string_view family, std::string_view type, Open open,
                        Socket& listening, python_socket& python_listening, const std::string& here,
                        const typename Socket::address_type& there) {
  using address = typename Socket::address_type;
  listening.listen();
  python_listening.ask("listen");

  // We connect to Python. (TIPC's connect returns when the other side has accepted.)
  Socket client = open();
  python_listening.begin("accept");
  client.connect(there, soon());
  const python_answer came = python_listening.finish();
  python_socket accepted(python, came.word(0));
  EXPECT_EQ(address::parse(came.word(1)), client.local_address()) << came.word(1);
  EXPECT_EQ(client.peer_address(), address::parse(accepted.name()));
  client.send_all(bytes_of("hello Python"), soon());
  EXPECT_EQ(accepted.ask("recv"), hex_of("hello Python"));
  accepted.ask("send", hex_of("hello"));
  EXPECT_EQ(text_of(client.receive_message(soon()).data), "hello");

  // Python connects to us.
  python_socket caller(python, family, type);
  caller.begin("connect", here);
  auto [connection, from] = listening.accept(soon());
  caller.finish();
  EXPECT_EQ(from, address::parse(caller.name()));
  EXPECT_EQ(connection.local_address(), address::parse(caller.ask("peer")));
  caller.ask("send", hex_of("hello Trivet"));
  EXPECT_EQ(text_of(connection.receive_message(soon()).data), "hello Trivet");
}

}  // namespace trivet::test

#endif  // TESTS_ADDRESS_CPYTHON_PEER_H_
