// AF_PACKET: rings, fanout, and options. The sockets listen to nothing: they are opened with
// protocol 0, or with an EtherType for experiments where fanout wants one that is attached.
#include <arpa/inet.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/net_tstamp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

#include "tools/trivet/probe_fanout.h"
#include "tools/trivet/probe_query.h"
#include "tools/trivet/probe_trial.h"

// Younger than Debian 12's headers; the numbers are the kernel's ABI.
#ifndef PACKET_VNET_HDR_SZ
#define PACKET_VNET_HDR_SZ 24
#endif

namespace trivet::tool {
namespace {

constexpr socket_kind silent = {AF_PACKET, SOCK_RAW, 0};

option_trial set(std::string_view name, int number, int value = 1) {
  return {name, SOL_PACKET, number, value_of(value)};
}

/// A ring of one block, which closing the socket frees.
void make_ring(int version, int option) {
  trial_socket socket(AF_PACKET, SOCK_RAW, 0);
  socket.set_option(SOL_PACKET, PACKET_VERSION, version);
  const auto page = static_cast<unsigned>(::sysconf(_SC_PAGESIZE));
  if (version == TPACKET_V3) {
    ::tpacket_req3 ring{};
    ring.tp_block_size = ring.tp_frame_size = page;
    ring.tp_block_nr = ring.tp_frame_nr = 1;
    socket.set_option(SOL_PACKET, option, ring);
  } else {
    socket.set_option(SOL_PACKET, option, ::tpacket_req{page, 1, page, 1});
  }
}

capability ring_row(std::string_view name, int version, int option) {
  return {"ring", std::string(name), [version, option] {
            return attempt("a ring of one block was made", [=] { make_ring(version, option); });
          }};
}

/// Joining a multicast group on an interface that there is not: ENODEV comes from the code that
/// would have joined, and no interface is touched.
capability membership_row(std::string_view name, unsigned short kind) {
  ::packet_mreq request{};
  request.mr_ifindex = 0x7fffffff;
  request.mr_type = kind;
  request.mr_alen = ETH_ALEN;
  return option_row("membership", silent,
                    {name, SOL_PACKET, PACKET_ADD_MEMBERSHIP, value_of(request), 0, ENODEV});
}

}  // namespace

capability_list packet_capabilities() {
  capability_list rows = {
      family_row(silent),
      socket_row("socket type", "SOCK_RAW", silent),
      socket_row("socket type", "SOCK_DGRAM", {AF_PACKET, SOCK_DGRAM, 0}),
      socket_row("socket type", "SOCK_PACKET", {AF_PACKET, SOCK_PACKET, 0}),
      ring_row("TPACKET_V1 receive", TPACKET_V1, PACKET_RX_RING),
      ring_row("TPACKET_V2 receive", TPACKET_V2, PACKET_RX_RING),
      ring_row("TPACKET_V3 receive", TPACKET_V3, PACKET_RX_RING),
      ring_row("TPACKET_V1 transmit", TPACKET_V1, PACKET_TX_RING),
      ring_row("TPACKET_V2 transmit", TPACKET_V2, PACKET_TX_RING),
      ring_row("TPACKET_V3 transmit", TPACKET_V3, PACKET_TX_RING),
  };
  const auto option = [&rows](option_trial trial) {
    rows.push_back(option_row("option", silent, std::move(trial)));
  };
  option(set("PACKET_AUXDATA", PACKET_AUXDATA));
  option(set("PACKET_ORIGDEV", PACKET_ORIGDEV));
  option(set("PACKET_IGNORE_OUTGOING", PACKET_IGNORE_OUTGOING));
  option(set("PACKET_QDISC_BYPASS", PACKET_QDISC_BYPASS));
  option(set("PACKET_VNET_HDR", PACKET_VNET_HDR));
  option(set("PACKET_VNET_HDR_SZ", PACKET_VNET_HDR_SZ, 12));
  option(set("PACKET_LOSS", PACKET_LOSS));
  option(set("PACKET_TX_HAS_OFF", PACKET_TX_HAS_OFF));
  option(set("PACKET_RESERVE", PACKET_RESERVE, 4));
  option(set("PACKET_COPY_THRESH", PACKET_COPY_THRESH));
  option(set("PACKET_TIMESTAMP", PACKET_TIMESTAMP, SOF_TIMESTAMPING_RAW_HARDWARE));
  option({"PACKET_HDRLEN", SOL_PACKET, PACKET_HDRLEN, {}, sizeof(int)});
  option({"PACKET_STATISTICS", SOL_PACKET, PACKET_STATISTICS, {}, sizeof(::tpacket_stats)});
  option({"SO_TIMESTAMPING", SOL_SOCKET, SO_TIMESTAMPING,
          value_of<int>(SOF_TIMESTAMPING_TX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE)});
  rows.push_back(membership_row("PACKET_MR_PROMISC", PACKET_MR_PROMISC));
  rows.push_back(membership_row("PACKET_MR_ALLMULTI", PACKET_MR_ALLMULTI));
  rows.push_back(membership_row("PACKET_MR_MULTICAST", PACKET_MR_MULTICAST));
  rows.push_back(membership_row("PACKET_MR_UNICAST", PACKET_MR_UNICAST));
  for (capability& row : fanout_capabilities()) rows.push_back(std::move(row));
  rows.push_back(diag_row("packet_diag", AF_PACKET));
  return rows;
}

}  // namespace trivet::tool
