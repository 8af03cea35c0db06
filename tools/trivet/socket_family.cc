#include "tools/trivet/socket_family.h"

#include <fmt/core.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>

#include "tools/trivet/failure.h"
#include "tools/trivet/socket_exchange.h"
#include "tools/trivet/socket_receive.h"
#include "trivet/base/so.h"
#include "trivet/bluetooth/socket.h"
#include "trivet/inet/socket.h"
#include "trivet/inet/socket6.h"
#include "trivet/netlink/socket.h"
#include "trivet/packet/socket.h"
#include "trivet/tipc/socket.h"
#include "trivet/unix/socket.h"

namespace trivet::tool {
namespace {

using names = std::span<const named_value>;

/// What most families have in common; each row below says where it differs.
struct plain_family {
  static constexpr names protocols = {};
  static constexpr int protocol = 0;
  static constexpr bool can_echo = true;
  static constexpr bool needs_name_for_reply = false;
};

struct unix_family : plain_family {
  using address = unix_domain::address;
  static constexpr std::string_view name = "unix";
  static constexpr std::string_view form = "PATH, @ABSTRACT, or '' for none";
  static constexpr named_value types[] = {
      {"dgram", SOCK_DGRAM}, {"stream", SOCK_STREAM}, {"seqpacket", SOCK_SEQPACKET}};
  static constexpr bool needs_name_for_reply = true;
  static unix_domain::socket open(int type, int) { return unix_domain::socket(type); }
  static void remove_name(const address& local) noexcept {
    if (!local.is_abstract() && !local.is_unnamed()) ::unlink(std::string(local.path()).c_str());
  }
};

constexpr named_value internet_types[] = {
    {"dgram", SOCK_DGRAM}, {"stream", SOCK_STREAM}, {"raw", SOCK_RAW}};

// Raw sockets want a protocol; the names are those of /etc/protocols.
constexpr named_value internet_protocols[] = {{"icmp", IPPROTO_ICMP},
                                              {"tcp", IPPROTO_TCP},
                                              {"udp", IPPROTO_UDP},
                                              {"sctp", IPPROTO_SCTP},
                                              {"ipv6-icmp", IPPROTO_ICMPV6}};

void check_raw(int type, int protocol) {
  if (type == SOCK_RAW && protocol == 0) {
    throw usage_error("--protocol: raw sockets of inet and inet6 need one, as icmp or 1");
  }
}

struct inet_family : plain_family {
  using address = inet::address;
  static constexpr std::string_view name = "inet";
  static constexpr std::string_view form = "(host, port); host '' for any, '<broadcast>'";
  static constexpr names types = internet_types;
  static constexpr names protocols = internet_protocols;
  static inet::socket open(int type, int number) {
    check_raw(type, number);
    return inet::socket(type, number);
  }
  static void prepare_send(inet::socket& socket) { socket.set(so::broadcast{{true}}); }
};

struct inet6_family : plain_family {
  using address = inet6::address;
  static constexpr std::string_view name = "inet6";
  static constexpr std::string_view form = "(host, port[, flowinfo[, scopeid]])";
  static constexpr names types = internet_types;
  static constexpr names protocols = internet_protocols;
  static inet6::socket open(int type, int number) {
    check_raw(type, number);
    return inet6::socket(type, number);
  }
};

constexpr named_value netlink_protocols[] = {
    {"usersock", NETLINK_USERSOCK},   {"route", NETLINK_ROUTE},
    {"generic", NETLINK_GENERIC},     {"sock_diag", NETLINK_SOCK_DIAG},
    {"netfilter", NETLINK_NETFILTER}, {"uevent", NETLINK_KOBJECT_UEVENT},
    {"xfrm", NETLINK_XFRM},           {"audit", NETLINK_AUDIT},
    {"connector", NETLINK_CONNECTOR}};

struct netlink_family : plain_family {
  using address = netlink::address;
  static constexpr std::string_view name = "netlink";
  static constexpr std::string_view form = "(pid, groups)";
  static constexpr named_value types[] = {{"raw", SOCK_RAW}, {"dgram", SOCK_DGRAM}};
  static constexpr names protocols = netlink_protocols;
  static constexpr int protocol = NETLINK_USERSOCK;
  static netlink::socket open(int type, int number) { return netlink::socket(number, type); }
};

struct tipc_family : plain_family {
  using address = tipc::address;
  static constexpr std::string_view name = "tipc";
  static constexpr std::string_view form = "(addr_type, v1, v2, v3[, scope])";
  static constexpr named_value types[] = {{"rdm", SOCK_RDM},
                                          {"dgram", SOCK_DGRAM},
                                          {"stream", SOCK_STREAM},
                                          {"seqpacket", SOCK_SEQPACKET}};
  static tipc::socket open(int type, int) { return tipc::socket(type); }
  static void finish_send(tipc::socket& socket) {
    if (connects(socket.type())) socket.shutdown();  // else the peer sees a broken connection
  }
};

struct packet_family : plain_family {
  using address = packet::address;
  static constexpr std::string_view name = "packet";
  static constexpr std::string_view form = "(ifname, proto[, pkttype[, hatype[, addr]]])";
  static constexpr named_value types[] = {{"raw", SOCK_RAW}, {"dgram", SOCK_DGRAM}};
  static constexpr bool can_echo = false;
  static packet::socket open(int type, int) { return packet::socket(type); }
};

struct hci_family : plain_family {
  using address = bluetooth::hci_address;
  static constexpr std::string_view name = "bluetooth-hci";
  static constexpr std::string_view form = "(dev_id[, channel])";
  static constexpr named_value types[] = {{"raw", SOCK_RAW}};
  static constexpr bool can_echo = false;
  static bluetooth::hci_socket open(int type, int) { return bluetooth::hci_socket(type); }
};

struct l2cap_family : plain_family {
  using address = bluetooth::l2cap_address;
  static constexpr std::string_view name = "bluetooth-l2cap";
  static constexpr std::string_view form = "(bdaddr, psm[, cid[, bdaddr_type]])";
  static constexpr named_value types[] = {{"seqpacket", SOCK_SEQPACKET},
                                          {"stream", SOCK_STREAM},
                                          {"dgram", SOCK_DGRAM},
                                          {"raw", SOCK_RAW}};
  static bluetooth::l2cap_socket open(int type, int) { return bluetooth::l2cap_socket(type); }
  static void finish_send(const bluetooth::l2cap_socket& socket) {
    // Closing would overtake it. A link that takes nothing for 20 s is given up by the controller
    // (the supervision timeout).
    (void)socket.wait_until_sent(deadline::after(std::chrono::seconds(20)));
  }
};

struct rfcomm_family : plain_family {
  using address = bluetooth::rfcomm_address;
  static constexpr std::string_view name = "bluetooth-rfcomm";
  static constexpr std::string_view form = "(bdaddr, channel)";
  static constexpr named_value types[] = {{"stream", SOCK_STREAM}, {"raw", SOCK_RAW}};
  static bluetooth::rfcomm_socket open(int type, int) { return bluetooth::rfcomm_socket(type); }
};

struct sco_family : plain_family {
  using address = bluetooth::sco_address;
  static constexpr std::string_view name = "bluetooth-sco";
  static constexpr std::string_view form = "bdaddr";
  static constexpr named_value types[] = {{"seqpacket", SOCK_SEQPACKET}};
  static bluetooth::sco_socket open(int type, int) { return bluetooth::sco_socket(type); }
};

template <class Family>
constexpr socket_family row = {Family::name,          Family::form,  Family::types,
                               &show_address<Family>, &send<Family>, &receive<Family>};

constexpr socket_family families[] = {
    row<unix_family>,   row<inet_family>, row<inet6_family>, row<netlink_family>, row<tipc_family>,
    row<packet_family>, row<hci_family>,  row<l2cap_family>, row<rfcomm_family>,  row<sco_family>,
};

}  // namespace

std::span<const socket_family> socket_families() { return families; }

const socket_family& socket_family_of(std::string_view name) {
  std::string known;
  for (const socket_family& family : families) {
    if (family.name == name) return family;
    known += fmt::format("{}{}", known.empty() ? "" : ", ", family.name);
  }
  throw usage_error(fmt::format("unknown family '{}': one of {}", name, known));
}

}  // namespace trivet::tool
