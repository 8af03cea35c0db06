// The paths of extended ACKs for requests of every protocol that has names, by the request's bytes.
#include "trivet/netlink/request_naming.h"

#include <gtest/gtest.h>
#include <linux/ethtool_netlink.h>
#include <linux/genetlink.h>
#include <linux/inet_diag.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "trivet/netlink/client.h"
#include "trivet/netlink/diag/inet.h"
#include "trivet/netlink/generic/controller.h"
#include "trivet/netlink/generic/ethtool_names.h"

namespace trivet::netlink {
namespace {

// The path of what starts at an offset of a request.
std::string path_in(int protocol, message_builder& request, std::uint32_t offset) {
  const const_bytes bytes = request.finish();
  const attribute_names* const names = names_of_requests(protocol)(bytes);
  return names == nullptr ? "no names" : attribute_path(bytes, *names, offset);
}

constexpr std::uint32_t after(std::size_t structure) {
  return static_cast<std::uint32_t>(sizeof(::nlmsghdr) + align4(structure));
}

TEST(request_naming, a_question_of_sock_diag) {
  message_builder request(SOCK_DIAG_BY_FAMILY);
  diag::ask_for_inet(request, AF_INET, IPPROTO_TCP);
  request.attributes().value(INET_DIAG_REQ_PROTOCOL, std::uint32_t{6});
  EXPECT_EQ(path_in(NETLINK_SOCK_DIAG, request, after(sizeof(::inet_diag_req_v2))), ".protocol");
}

TEST(request_naming, a_request_of_connections) {
  message_builder request(NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_GET);
  request.structure(::nfgenmsg{AF_INET, NFNETLINK_V0, 0});
  request.attributes().value_big_endian(CTA_MARK, std::uint32_t{7});
  EXPECT_EQ(path_in(NETLINK_NETFILTER, request, after(sizeof(::nfgenmsg))), ".mark");
}

TEST(request_naming, a_link_of_a_bridge_has_other_names) {
  for (const int family : {AF_UNSPEC, AF_BRIDGE}) {
    message_builder request(RTM_SETLINK);
    ::ifinfomsg head{};
    head.ifi_family = static_cast<unsigned char>(family);
    request.structure(head).attributes().nested(
        IFLA_AF_SPEC, [](attribute_writer& in) { in.value(2, std::uint16_t{1}); });
    EXPECT_EQ(path_in(NETLINK_ROUTE, request, after(sizeof head) + 4),
              family == AF_BRIDGE ? ".af-spec.vlan-info" : ".af-spec.inet");
  }
}

TEST(request_naming, what_is_no_message_and_what_is_unknown_has_no_names) {
  EXPECT_EQ(names_of_requests(NETLINK_ROUTE)({}), nullptr);
  message_builder request(GENL_MIN_ID + 1);
  EXPECT_EQ(path_in(NETLINK_GENERIC, request, 16), "no names");
  EXPECT_EQ(path_in(NETLINK_AUDIT, request, 16), "no names");
}

TEST(request_naming, a_refused_request_to_the_controller) {
  client kernel(NETLINK_GENERIC);
  message_builder request(GENL_ID_CTRL);
  request.structure(::genlmsghdr{CTRL_CMD_GETFAMILY, 2, 0});
  request.attributes().text(CTRL_ATTR_FAMILY_NAME, std::string(40, 'x'));
  const outcome end = kernel.request(request);
  EXPECT_EQ(end.status, request_status::refused);
  EXPECT_EQ(end.extended.path, ".family-name");
}

TEST(request_naming, a_refused_request_to_ethtool) {
  client kernel(NETLINK_GENERIC);
  const auto family = generic::find_family(kernel, ETHTOOL_GENL_NAME);
  ASSERT_TRUE(family);
  for (const bool named : {false, true}) {
    if (named) kernel.set_names(generic::ethtool::names_of_requests(*family->id));
    message_builder request(*family->id);
    request.structure(::genlmsghdr{ETHTOOL_MSG_LINKINFO_GET, ETHTOOL_GENL_VERSION, 0});
    request.attributes().nested(ETHTOOL_A_LINKINFO_HEADER, [](attribute_writer& in) {
      in.text(ETHTOOL_A_HEADER_DEV_NAME, std::string(200, 'x'));
    });
    const outcome end = kernel.request(request);
    EXPECT_EQ(end.status, request_status::refused);
    EXPECT_EQ(end.extended.path, named ? ".header.dev-name" : "");
  }
}

}  // namespace
}  // namespace trivet::netlink
