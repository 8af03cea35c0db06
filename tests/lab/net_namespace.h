// Network namespaces of a test's own.

#ifndef TESTS_LAB_NET_NAMESPACE_H_
#define TESTS_LAB_NET_NAMESPACE_H_

#include <string>
#include <string_view>
#include <utility>

#include "tests/lab/command.h"
#include "tests/lab/descriptor.h"

namespace trivet::lab {

/// unshare(CLONE_NEWNET): a new network namespace with lo up, kept by a name below /run/netns as
/// ip-netns(8) keeps it, so that `ip netns` and setns(2) by path find it. Move-only; the name goes
/// at the end of its life, the namespace with the last process and socket in it.
///
/// Making one and entering one change the calling thread at most, never another.
class net_namespace {
 public:
  /// @param name  of the file below /run/netns; by itself lab1, lab2, …
  /// @throws std::runtime_error outside the lab, whose /run is private to the test
  /// @throws std::system_error EPERM without CAP_SYS_ADMIN, EEXIST if the name is taken
  explicit net_namespace(std::string name = {});
  net_namespace(net_namespace&& other) noexcept;
  net_namespace& operator=(net_namespace&&) = delete;
  ~net_namespace();

  [[nodiscard]] const std::string& name() const { return name_; }

  /// /run/netns/NAME.
  [[nodiscard]] std::string path() const;

  /// For setns(2) and the like; owned by this.
  [[nodiscard]] int fd() const { return fd_.get(); }

  /// Calls the function with the calling thread in this namespace, and returns what it returns.
  template <typename Function>
  decltype(auto) in(Function&& function) const;

  /// lab::run within; often for what the program does, not for what it says.
  // NOLINTNEXTLINE(modernize-use-nodiscard)
  std::string run(const arguments& argv, std::string_view input = {}) const;

  /// lab::try_run within.
  [[nodiscard]] outcome try_run(const arguments& argv, std::string_view input = {}) const;

  /// lab::background within.
  [[nodiscard]] background start(const arguments& argv) const;

 private:
  std::string name_;
  descriptor fd_;
};

/// setns(2) for the calling thread; its former namespace is back at the end of this one's life.
/// Make and destroy it in the same thread.
class inside {
 public:
  explicit inside(const net_namespace& where);
  inside(const inside&) = delete;
  inside& operator=(const inside&) = delete;
  ~inside();

 private:
  descriptor former_;
};

template <typename Function>
decltype(auto) net_namespace::in(Function&& function) const {
  const inside guard(*this);
  return std::forward<Function>(function)();
}

}  // namespace trivet::lab

#endif  // TESTS_LAB_NET_NAMESPACE_H_
