#include "tools/trivet/nlmon_device.h"

#include <fmt/core.h>
#include <linux/if.h>
#include <linux/if_arp.h>
#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include <cerrno>
#include <span>
#include <string_view>
#include <vector>

#include "tools/trivet/failure.h"
#include "trivet/netlink/message.h"
#include "trivet/netlink/route/link.h"

namespace trivet::tool {
namespace {

std::vector<netlink::rtnl::link> all_links(netlink::client& kernel) {
  std::vector<netlink::rtnl::link> list;
  netlink::message_builder request(RTM_GETLINK, NLM_F_REQUEST | NLM_F_DUMP);
  request.structure(::ifinfomsg{});
  request.attributes().value(IFLA_EXT_MASK, std::uint32_t{RTEXT_FILTER_SKIP_STATS});
  kernel
      .dump(request,
            [&](const netlink::message_view& message) {
              if (auto link = netlink::rtnl::link::decode(message)) {
                list.push_back(std::move(*link));
              }
            },
            {.attempts = 4, .restart = [&] { list.clear(); }})
      .check("RTM_GETLINK");
  return list;
}

bool is_nlmon(const netlink::rtnl::link& link) { return link.type == ARPHRD_NETLINK; }

// The alias of a device that goes when the sniffer does that made it: no other may rely on it.
constexpr std::string_view made_here = "made by trivet netlink sniff, which removes it";

// Marks it and brings it up, in this order.
void mark(netlink::client& kernel, const std::string& name, int index) {
  netlink::message_builder request(RTM_NEWLINK);
  ::ifinfomsg header{};
  header.ifi_index = index;
  header.ifi_flags = header.ifi_change = IFF_UP;
  request.structure(header);
  request.attributes().bytes(IFLA_IFALIAS, std::as_bytes(std::span(made_here)));
  kernel.request(request).check("RTM_NEWLINK " + name);
}

// Makes a device that is down: nobody takes it before it is marked.
netlink::outcome add(netlink::client& kernel, const std::string& name) {
  netlink::message_builder request(RTM_NEWLINK, NLM_F_REQUEST | NLM_F_CREATE | NLM_F_EXCL);
  request.structure(::ifinfomsg{});
  request.attributes().text(IFLA_IFNAME, name).nested(IFLA_LINKINFO, [](auto& info) {
    info.text(IFLA_INFO_KIND, "nlmon");
  });
  return kernel.request(request);
}

}  // namespace

void check_nlmon(context& ctx, const std::string& name) {
  auto kernel = ctx.open([] { return netlink::client(NETLINK_ROUTE); });
  for (const netlink::rtnl::link& link : all_links(kernel)) {
    if (link.name != name || is_nlmon(link)) continue;
    throw failure(
        name, "this is no nlmon device: no netlink messages pass it",
        "`ip link add nlmon0 type nlmon` makes one; without --dev one is made and removed");
  }
}

nlmon_device::nlmon_device(context& ctx)
    : kernel_(ctx.open([] { return netlink::client(NETLINK_ROUTE); })) {
  for (const netlink::rtnl::link& link : all_links(kernel_)) {
    if (!is_nlmon(link) || (link.flags & IFF_UP) == 0 || !link.name) continue;
    if (link.alias == made_here) continue;
    name_ = *link.name;
    return;
  }
  make();
}

void nlmon_device::make() {
  constexpr int most = 256;  // names that others may have taken
  for (int i = 0; i < most; ++i) {
    name_ = fmt::format("nlmon{}", i);
    const netlink::outcome got = add(kernel_, name_);
    if (got.ok()) {
      for (const netlink::rtnl::link& link : all_links(kernel_)) {
        if (link.name == name_) index_ = link.index;
      }
      if (!index_) return;
      try {
        mark(kernel_, name_, *index_);
      } catch (...) {
        remove();
        throw;
      }
      return;
    }
    switch (got.error.value()) {
      case EEXIST:
        continue;
      case EOPNOTSUPP:
        throw failure("nlmon device", "this kernel has none",
                      "load the module with `modprobe nlmon`; where there is no such module, the "
                      "kernel was built without CONFIG_NLMON");
      case EPERM:
        throw failure("nlmon device", "not permitted",
                      "run as root, or give the process CAP_NET_ADMIN and CAP_NET_RAW");
      default:
        got.check("RTM_NEWLINK " + name_);
    }
  }
  throw failure("nlmon device", fmt::format("the names nlmon0 to nlmon{} are taken", most - 1),
                "name the device to use with --dev");
}

nlmon_device::~nlmon_device() { remove(); }

void nlmon_device::remove() noexcept {
  if (!index_) return;
  try {
    netlink::message_builder request(RTM_DELLINK);
    ::ifinfomsg header{};
    header.ifi_index = *index_;
    request.structure(header);
    const netlink::outcome got = kernel_.request(request);
    // Whoever removed it before us did what we wanted.
    if (!got.ok() && got.error.value() != ENODEV) {
      print_error_line(fmt::format("trivet: {} is still there: {}", name_, got.error.message()));
    }
  } catch (const std::exception& error) {
    print_error_line(fmt::format("trivet: {} is still there: {}", name_, error.what()));
  }
}

}  // namespace trivet::tool
