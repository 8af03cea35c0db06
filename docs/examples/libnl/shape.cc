// Slows a link down with a token bucket that libnl builds and Trivet sends, then lists what queues
// there are: shape LINK BYTES_PER_SECOND
#include <net/if.h>
#include <netlink/route/qdisc/tbf.h>

#include <cstdlib>
#include <iostream>

#include "trivet/netlink/client.h"
#include "trivet/netlink/interop/libnl.h"

namespace {

using namespace trivet::netlink;

void add_bucket(client& kernel, int link, int rate) {
  const interop::object_ptr<::rtnl_qdisc> bucket(::rtnl_qdisc_alloc());
  ::rtnl_tc* const tc = interop::as_tc(bucket.get());
  ::rtnl_tc_set_ifindex(tc, link);
  ::rtnl_tc_set_parent(tc, TC_H_ROOT);
  ::rtnl_tc_set_kind(tc, "tbf");
  ::rtnl_qdisc_tbf_set_rate(bucket.get(), rate, 10000, 0);
  ::rtnl_qdisc_tbf_set_limit(bucket.get(), 20000);
  ::nl_msg* built = nullptr;
  if (::rtnl_qdisc_build_add_request(bucket.get(), NLM_F_CREATE | NLM_F_EXCL, &built) < 0)
    std::abort();
  const interop::message_ptr owner(built);
  message_builder request(0);
  interop::copy(*built, request);
  kernel.request(request).check("RTM_NEWQDISC");
}

void list(client& kernel) {
  message_builder request(RTM_GETQDISC);
  request.structure(::tcmsg{});
  const auto print = [](const message_view& message) {
    const auto qdisc = interop::object_of<::rtnl_qdisc>(message);
    if (!qdisc) return;
    ::rtnl_tc* const tc = interop::as_tc(qdisc.get());
    const std::string_view kind = ::rtnl_tc_get_kind(tc);
    std::cout << kind << " on link " << ::rtnl_tc_get_ifindex(tc);
    // libnl ends the program where it is asked for what a kind does not have.
    if (kind == "tbf") {
      std::cout << ", " << ::rtnl_qdisc_tbf_get_rate(qdisc.get()) << " bytes a second";
    }
    std::cout << std::endl;
  };
  kernel.dump(request, print).check("RTM_GETQDISC");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  try {
    client kernel(NETLINK_ROUTE);
    add_bucket(kernel, static_cast<int>(::if_nametoindex(argv[1])), std::atoi(argv[2]));
    list(kernel);
  } catch (const std::exception& error) {
    std::cerr << error.what() << std::endl;
    return 1;
  }
}
