#include "tools/trivet/probe_trial.h"

#include <fmt/core.h>

#include <cerrno>
#include <utility>

#include "trivet/base/error.h"
#include "trivet/base/family.h"

namespace trivet::tool {
namespace {

void try_option(const socket_kind& kind, const option_trial& trial) {
  trial_socket socket(kind.family, kind.type, kind.protocol);
  try {
    if (trial.get_size > 0) {
      (void)socket.get_option(trial.level, trial.number, trial.get_size);
    } else {
      socket.set_bytes(trial.level, trial.number, trial.value);
    }
  } catch (const socket_error& error) {
    if (trial.known_by == 0 || error.code().value() != trial.known_by) throw;
  }
}

}  // namespace

void trial_socket::bind(const sockaddr_bytes& local) {
  std::error_code ec;
  bind_raw(local.get(), local.size(), ec);
  if (ec) throw_socket_error(ec, "bind");
}

void trial_socket::connect(const sockaddr_bytes& peer) {
  std::error_code ec;
  connect_raw(peer.get(), peer.size(), ec, {.until = deadline::after(std::chrono::seconds(2))});
  if (ec) throw_socket_error(ec, "connect");
}

void trial_socket::set_bytes(int level, int name, const_bytes value) {
  std::error_code ec;
  set_raw(level, name, value, ec);
  if (ec) throw_socket_error(ec, "setsockopt");
}

std::vector<std::byte> trial_socket::get_option(int level, int name, std::size_t size) const {
  std::vector<std::byte> value(size);
  std::error_code ec;
  value.resize(get_raw(level, name, value, ec));
  if (ec) throw_socket_error(ec, "getsockopt");
  return value;
}

finding attempt(std::string_view done, const std::function<void()>& trial, std::string_view needs) {
  try {
    trial();
    return {answer::yes, std::string(done)};
  } catch (const family_unavailable& error) {
    const bool family = error.code().value() == EAFNOSUPPORT;
    return {answer::no, family ? "this kernel has no such family" : error.code().message()};
  } catch (const not_permitted& error) {
    const std::string cure = needs.empty() ? error.advice() : fmt::format("needs {}", needs);
    const std::string why = error.code().message();
    return {answer::needs_privilege, cure.empty() ? why : fmt::format("{} ({})", why, cure)};
  } catch (const socket_error& error) {
    if (error.code().value() == ENOPROTOOPT) {
      return {answer::no, "this kernel does not know the option"};
    }
    return {answer::no, error.advice().empty() ? error.code().message() : error.advice()};
  }
}

capability family_row(const socket_kind& kind) {
  capability row = socket_row("family", family_name(kind.family), kind);
  row.check = [check = row.check, kind] {
    try {
      const trial_socket opened(kind.family, kind.type, kind.protocol);
    } catch (const family_unavailable& error) {
      return finding{answer::no, error.advice()};  // the one row that says why and what to do
    } catch (const socket_error&) {
      return check();
    }
    return finding{answer::yes, "a socket was opened"};
  };
  return row;
}

capability socket_row(std::string_view kind, std::string_view name, const socket_kind& socket) {
  return {std::string(kind), std::string(name), [socket] {
            return attempt("a socket was opened", [&] {
              const trial_socket opened(socket.family, socket.type, socket.protocol);
            });
          }};
}

capability option_row(std::string_view kind, const socket_kind& socket, option_trial trial) {
  std::string name(trial.name);
  return {std::string(kind), std::move(name), [socket, trial = std::move(trial)] {
            return attempt(
                trial.get_size > 0 ? "the kernel answered it" : "the kernel took it",
                [&] { try_option(socket, trial); }, trial.needs);
          }};
}

}  // namespace trivet::tool
