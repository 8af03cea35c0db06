// What the kernel tests of TIPC share.
#ifndef TESTS_TIPC_TESTING_H_
#define TESTS_TIPC_TESTING_H_

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include "tests/lab/command.h"
#include "tests/lab/namespace_test.h"
#include "trivet/base/error.h"
#include "trivet/tipc/socket.h"
#include "trivet/tipc/topology.h"

namespace trivet::tipc::testing {

/// How long an event may take before the test gives up; never waited for in full when all is well.
inline constexpr std::chrono::seconds patience{60};

[[nodiscard]] inline io_options soon() { return {.until = deadline::after(patience)}; }

/// Both ends of a connection, made by connect and accept and not by socketpair.
struct connection {
  socket client;
  socket server;
};

/// connect(2) returns only once the other side accepts, so that one thread does it without waiting.
[[nodiscard]] inline connection connect_to(const service& name, int type) {
  socket listener(type);
  listener.bind(name);
  listener.listen();
  socket client(type);
  client.set_blocking(false);
  std::error_code ec;
  client.connect(name, ec);
  if (ec.value() != EINPROGRESS) throw_socket_error(ec, "connect without waiting");
  auto server = listener.accept(soon()).socket;
  client.set_blocking(true);
  return {std::move(client), std::move(server)};
}

/// The next event, which must be a T; nothing where it is another.
template <class T>
[[nodiscard]] std::optional<T> receive_as(socket& from, event_buffer& buffer) {
  const received_event got = from.receive_event(buffer, soon());
  const T* event = std::get_if<T>(&got);
  return event != nullptr ? std::optional(*event) : std::nullopt;
}

/// The text of the next event where it is a message.
[[nodiscard]] inline std::string next_text(socket& from) {
  event_buffer buffer;
  const auto got = receive_as<delivery>(from, buffer);
  return got ? std::string(text_of(got->data)) : "(no message)";
}

/// Whether nothing is there to be received, now.
[[nodiscard]] inline bool is_quiet(const socket& socket) {
  return socket.poll(POLLIN, deadline::immediate()) == 0;
}

/// Waits until the topology server of this thread's namespace has no connection any more, when the
/// test's own sockets are closed. Due before a namespace goes: 6.1.176 loops for ever or panics in
/// tipc_topsrv_exit_net where a connection, or a group's own subscription, has work left then.
inline void settle() {
  {
    // It answers in order: what groups have left for it is done when this is answered.
    topology server;
    server.subscribe(initial_state_end());
    (void)server.receive(soon());
  }
  const deadline until = *soon().until;
  while (true) {
    const std::string list = lab::run({"tipc", "socket", "list"});
    // The server's own listening socket is always there.
    if (list.find("socket", 1) == std::string::npos) return;
    if (until.remaining().count() == 0) throw std::runtime_error("sockets are left:\n" + list);
  }
}

/// Each test in a namespace of its own, which is settled before it goes.
class namespace_test : public lab::namespace_test {
 protected:
  ~namespace_test() override {
    try {
      settle();
    } catch (const std::exception& error) {
      ADD_FAILURE() << error.what();
    }
  }
};

/// What a call throws: its errno, or 0.
template <class F>
[[nodiscard]] int errno_of(F&& call) {
  try {
    std::forward<F>(call)();
  } catch (const socket_error& error) {
    return error.code().value();
  }
  return 0;
}

/// The text of what a call throws.
template <class F>
[[nodiscard]] std::string error_of(F&& call) {
  try {
    std::forward<F>(call)();
  } catch (const socket_error& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace trivet::tipc::testing

#endif  // TESTS_TIPC_TESTING_H_
