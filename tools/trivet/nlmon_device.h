// The nlmon device of a network namespace: the one that there is, or one made for the occasion.
#ifndef TOOLS_TRIVET_NLMON_DEVICE_H_
#define TOOLS_TRIVET_NLMON_DEVICE_H_

#include <optional>
#include <string>

#include "tools/trivet/context.h"
#include "trivet/netlink/client.h"

namespace trivet::tool {

/// Throws failure where a link of that name is there and captures no netlink.
void check_nlmon(context& ctx, const std::string& name);

/// RTM_NEWLINK of the kind nlmon, where it has to be made; it is removed again at destruction.
class nlmon_device {
 public:
  /// The first nlmon device that is up and was not made by another one of these, else a new one,
  /// which is up.
  /// Throws failure that says what is missing: the kernel's module, or the privilege.
  explicit nlmon_device(context& ctx);
  ~nlmon_device();
  nlmon_device(const nlmon_device&) = delete;
  nlmon_device& operator=(const nlmon_device&) = delete;

  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  /// Whether it was made here.
  [[nodiscard]] bool is_ours() const noexcept { return index_.has_value(); }

 private:
  void make();
  void remove() noexcept;

  netlink::client kernel_;
  std::string name_;
  std::optional<int> index_;  // of the one to be removed
};

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_NLMON_DEVICE_H_
