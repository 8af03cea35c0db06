// trivet socket receive, once for all families; see socket_exchange.h for what a family is.
#ifndef TOOLS_TRIVET_SOCKET_RECEIVE_H_
#define TOOLS_TRIVET_SOCKET_RECEIVE_H_

#include <fmt/core.h>
#include <poll.h>

#include <cerrno>
#include <string>
#include <utility>
#include <vector>

#include "tools/trivet/socket_exchange.h"
#include "tools/trivet/stream.h"

namespace trivet::tool {

/// bind(2), and at the end of the scope the removal of what binding left in the file system.
template <class Family>
class bound_name {
 public:
  using address = typename Family::address;

  template <class Socket>
  bound_name(Socket& socket, const address& local) : local_(local) {
    socket.bind(local);
  }
  ~bound_name() {
    if constexpr (requires { Family::remove_name(local_); }) Family::remove_name(local_);
  }
  bound_name(const bound_name&) = delete;
  bound_name& operator=(const bound_name&) = delete;

 private:
  address local_;
};

/// Receives until --count, --timeout or a signal. One per run.
template <class Family>
class receiver {
 public:
  using address = typename Family::address;
  using socket = decltype(Family::open(0, 0));

  receiver(context& ctx, const socket_options& options)
      : ctx_(ctx), options_(options), socket_(open_socket<Family>(ctx, options)) {}

  void run() {
    const stop_signal stop(ctx_);
    const bound_name<Family> bound(socket_, address::parse(options_.address));
    socket_.set_blocking(false);
    if (connects(socket_.type())) socket_.listen();
    local_ = socket_.local_address().to_string();
    print_error_line("receiving at " + (local_.empty() ? "''" : local_));
    try {
      while (!enough() && serve_once(stop)) continue;
      finish_echoes();
    } catch (const closed_output&) {
      throw;
    } catch (...) {
      end_stream(ctx_, summary());
      throw;
    }
    end_stream(ctx_, summary());
  }

 private:
  /// A connection that was accepted.
  struct peer {
    socket connection;
    std::string name;
    bool open = true;
  };

  [[nodiscard]] bool enough() const { return options_.count && messages_ >= *options_.count; }

  [[nodiscard]] std::vector<::pollfd> watched() const {
    std::vector<::pollfd> files = {{socket_.native_handle(), POLLIN, 0}};
    for (const peer& p : peers_) files.push_back({p.connection.native_handle(), POLLIN, 0});
    return files;
  }

  /// Waits and takes what is there. @return whether to go on
  bool serve_once(const stop_signal& stop) {
    std::vector<::pollfd> files = watched();
    const wake woken = wait_readable(ctx_, stop, files, give_up_at(options_));
    if (woken == wake::timed_out) give_up();
    if (woken == wake::ready) serve(files);
    return woken != wake::stopped;
  }

  void serve(const std::vector<::pollfd>& files) {
    for (std::size_t i = 0; i < peers_.size() && !enough(); ++i) {
      if (files[i + 1].revents != 0) take_from(peers_[i]);
    }
    std::erase_if(peers_, [](const peer& p) { return !p.open; });
    if (files[0].revents == 0 || enough()) return;
    if (connects(socket_.type())) {
      accept();
    } else {
      take_message();
    }
  }

  void accept() {
    try {
      auto [connection, from] = socket_.accept();
      connection.set_blocking(false);
      peers_.push_back({std::move(connection), from.to_string()});
    } catch (const would_block&) {
      return;  // it gave up before we came
    } catch (const peer_error&) {
      return;
    }
  }

  void take_message() {
    try {
      const auto message = socket_.receive_message();
      // A TIPC message has at least one byte: this is one that came back, or news of a group.
      if (address::family == AF_TIPC && message.data.empty()) return;
      arrived({message.from.to_string(), text_of(message.data), message.truncated()});
      if (!options_.echo) return;
      if (message.from == address()) return not_echoed("''", "the sender has no address");
      std::error_code ec;
      socket_.send_to(const_bytes(message.data), message.from, ec, {.until = echo_deadline()});
      if (ec) not_echoed(message.from.to_string(), ec.message());
    } catch (const would_block&) {
      return;  // the kernel threw it away after poll(2) had seen it, as a wrong UDP checksum
    } catch (const socket_error& error) {
      if (error.code().value() != ENOBUFS) throw;
      overran();
    }
  }

  void take_from(peer& from) {
    try {
      const auto message = from.connection.receive_message();
      from.open = !message.data.empty();
      if (!from.open) return;
      arrived({from.name, text_of(message.data), message.truncated()});
      if (!options_.echo) return;
      std::error_code ec;
      from.connection.send_all(const_bytes(message.data), ec, {.until = echo_deadline()});
      if (ec) not_echoed(from.name, ec.message());
      from.open = !ec;
    } catch (const would_block&) {
      return;
    } catch (const peer_error&) {
      from.open = false;  // it reset the connection
    }
  }

  /// What was echoed last is to arrive, too, before the connections are closed.
  void finish_echoes() {
    if constexpr (requires(socket & s) { Family::finish_send(s); }) {
      for (peer& p : peers_) {
        try {
          if (options_.echo) Family::finish_send(p.connection);
        } catch (const socket_error&) {
          continue;  // it has closed already
        }
      }
    }
  }

  void arrived(const arrived_message& message) {
    ++messages_;
    bytes_ += message.data.size();
    print_message(ctx_, message);
    ctx_.out.flush();
  }

  /// A peer that does not read its echo must not keep the others waiting for long.
  [[nodiscard]] static deadline echo_deadline() { return deadline::after(std::chrono::seconds(2)); }

  void not_echoed(const std::string& to, const std::string& why) {
    ++not_echoed_;
    ctx_.out.flush();
    print_error_line(fmt::format("trivet: echo to {}: {}", to.empty() ? "''" : to, why));
  }

  /// ENOBUFS: netlink says so where messages came faster than they were read. Source: netlink(7)
  void overran() {
    ++overruns_;
    ctx_.out.flush();
    print_error_line("trivet: receive at " + local_ + ": messages were lost, they came too fast");
  }

  [[noreturn]] void give_up() const {
    throw failure("receive at " + local_,
                  fmt::format("nothing came for {} s",
                              std::chrono::duration<double>(*options_.timeout).count()));
  }

  [[nodiscard]] std::string summary() const {
    std::string text = fmt::format("{} message{}, {} byte{}", messages_, messages_ == 1 ? "" : "s",
                                   bytes_, bytes_ == 1 ? "" : "s");
    if (not_echoed_ > 0) text += fmt::format(", {} not echoed", not_echoed_);
    if (overruns_ > 0) text += fmt::format(", {} times some were lost", overruns_);
    return text;
  }

  context& ctx_;
  const socket_options& options_;
  socket socket_;
  std::string local_;
  std::vector<peer> peers_;
  std::uint64_t messages_ = 0;
  std::uint64_t bytes_ = 0;
  std::uint64_t not_echoed_ = 0;
  std::uint64_t overruns_ = 0;
};

/// trivet socket receive
template <class Family>
void receive(context& ctx, const socket_options& options) {
  if (options.echo && !Family::can_echo) {
    throw usage_error(fmt::format("--echo: {} would receive its own echo", Family::name));
  }
  if (options.count == 0) throw usage_error("--count: 1 or more");
  receiver<Family>(ctx, options).run();
}

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_SOCKET_RECEIVE_H_
