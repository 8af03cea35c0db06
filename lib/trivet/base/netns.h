// Network namespaces: naming one and working in it without moving the caller's thread.
//
//   auto blue = trivet::network_namespace::by_name("blue");
//   netlink::socket routes = blue.run([] { return netlink::socket(NETLINK_ROUTE); });
//
// A socket keeps the namespace in which it was opened, from whatever thread it is used.
#ifndef TRIVET_BASE_NETNS_H_
#define TRIVET_BASE_NETNS_H_

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "trivet/base/descriptor.h"

namespace trivet {

/// open(2) of a network namespace: a handle that keeps it alive. Move-only; const calls are
/// thread-safe. Source: network_namespaces(7), setns(2), ip-netns(8)
class network_namespace {
 public:
  /// The calling thread's own.
  [[nodiscard]] static network_namespace current();
  /// One that `ip netns` knows: /run/netns/NAME. Throws address_error for a name with '/' or of a
  /// special folder, socket_error ENOENT where there is none, EINVAL where the file is no network
  /// namespace (what `ip netns add` leaves behind when it is killed is an empty file).
  [[nodiscard]] static network_namespace by_name(std::string_view name);
  /// A file that is a namespace: /proc/PID/ns/net or a bind mount of one. Throws socket_error;
  /// EINVAL where the file is something else. Never waits, whatever the file is.
  [[nodiscard]] static network_namespace by_path(std::string_view path);
  /// That of a process. Throws socket_error ENOENT where there is none, not_permitted without the
  /// right to trace it (ptrace(2), PTRACE_MODE_READ_FSCREDS).
  [[nodiscard]] static network_namespace by_pid(::pid_t pid);
  /// Text as commands take it: digits alone are a pid, text with a '/' is a path, the rest a name.
  /// A name of digits alone is given as its path.
  [[nodiscard]] static network_namespace parse(std::string_view text);

  /// Takes over a descriptor of a namespace. @param label  how errors name it
  network_namespace(descriptor fd, std::string label) noexcept
      : fd_(std::move(fd)), label_(std::move(label)) {}

  /// The descriptor's number, for setns(2).
  [[nodiscard]] int native_handle() const noexcept { return fd_.get(); }

  /// How it was named.
  [[nodiscard]] const std::string& label() const noexcept { return label_; }

  /// The inode number, which tells two living namespaces apart. Source: namespaces(7)
  [[nodiscard]] std::uint64_t inode() const;

  /// setns(CLONE_NEWNET) on a short-lived thread, then `function` there; its result, or what it
  /// threw, is handed on. The caller's thread never moves. Needs CAP_SYS_ADMIN in the namespace's
  /// owner and in the caller's user namespace, else not_permitted. Throws socket_error EAGAIN where
  /// no thread can be had; then `function` has not run.
  /// Thread-safe. What is thread_local in `function` is the other thread's. Not for a child that a
  /// program with several threads forked, before it execs: no thread may be started there.
  // NOLINTNEXTLINE(modernize-use-nodiscard): what it returns is the function's to decide
  template <class Function>
  std::invoke_result_t<Function&> run(Function&& function) const {
    using result = std::invoke_result_t<Function&>;
    if constexpr (std::is_void_v<result>) {
      run_on_thread([&] { function(); });
    } else if constexpr (std::is_reference_v<result>) {
      std::remove_reference_t<result>* value = nullptr;
      run_on_thread([&] {
        auto&& got = function();
        value = std::addressof(got);
      });
      return static_cast<result>(*value);
    } else {
      std::optional<result> value;
      run_on_thread([&] { value.emplace(function()); });
      return std::move(*value);
    }
  }

 private:
  void run_on_thread(const std::function<void()>& function) const;

  descriptor fd_;
  std::string label_;
};

}  // namespace trivet

#endif  // TRIVET_BASE_NETNS_H_
