// What the kernel tests of TIPC share.
#ifndef TESTS_TIPC_TESTING_H_
#define TESTS_TIPC_TESTING_H_

#include <poll.h>
#include <sys/socket.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "trivet/base/error.h"
#include "trivet/tipc/socket.h"
#include "trivet/tipc/topology.h"

namespace trivet::tipc::testing {

/// How long an event may take before the test gives up; never waited for in full when all is well.
inline constexpr std::chrono::seconds patience{20};

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

/// Waits until the topology server of this thread's namespace has worked off what it had to do: it
/// answers in order. Due before a namespace goes in which a group's member was closed: 6.1.176
/// panics where a group's own subscription still has work to do then (tipc_conn_close of a
/// connection without a socket).
inline void settle() {
  topology server;
  server.subscribe(initial_state_end());
  (void)server.receive(soon());
}

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
