// trivet netlink: the state of the kernel's networking, looked at, changed and watched.
#include <memory>

#include "tools/trivet/command.h"
#include "tools/trivet/context.h"
#include "tools/trivet/netlink_conntrack.h"
#include "tools/trivet/netlink_decode.h"
#include "tools/trivet/netlink_ethtool.h"
#include "tools/trivet/netlink_genl.h"
#include "tools/trivet/netlink_monitor.h"
#include "tools/trivet/netlink_show.h"
#include "tools/trivet/netlink_sniff.h"
#include "tools/trivet/netlink_sockets.h"
#include "tools/trivet/netlink_uevent.h"
#include "tools/trivet/netlink_write.h"

namespace trivet::tool {
namespace {

constexpr help_text noun_help = {
    .summary = "look at links, addresses and routes, change and watch them",
    .examples = "trivet netlink link\ntrivet netlink monitor link route --initial\n"};

}  // namespace

void add_netlink(CLI::App& app, context& ctx) {
  add_noun(app, ctx, "netlink", noun_help, [&ctx](CLI::App& noun) {
    const auto options = std::make_shared<netlink_options>();
    add_netlink_options(noun, options);
    add_netlink_monitor(noun, ctx, options);
    add_netlink_conntrack(noun, ctx, options);
    add_netlink_decode(noun, ctx);
    add_netlink_ethtool(noun, ctx);
    add_netlink_genl(noun, ctx);
    add_netlink_sniff(noun, ctx);
    add_netlink_sockets(noun, ctx, options);
    add_netlink_uevent(noun, ctx, options);
    add_netlink_show(noun, ctx, options);
    add_netlink_write(noun, ctx, [options] { return options->family; });
    repeat_family_flags(noun, ctx, options);
  });
}

}  // namespace trivet::tool
