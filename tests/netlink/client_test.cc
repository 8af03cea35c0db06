// Requests and dumps on a real kernel.
#include "trivet/netlink/client.h"

#include <gtest/gtest.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sys/socket.h>

#include <set>

#include "tests/lab/namespace_test.h"
#include "tests/lab/privilege.h"
#include "trivet/base/so.h"
#include "trivet/netlink/batch.h"
#include "trivet/netlink/error.h"
#include "trivet/netlink/option.h"
#include "trivet/netlink/route/address.h"
#include "trivet/netlink/route/link.h"
#include "trivet/netlink/route/route.h"

namespace trivet::netlink {
namespace {

using namespace std::chrono_literals;

using netlink_client = trivet::lab::namespace_test;

deadline patience() { return deadline::after(20s); }

void ask_for_links(message_builder& request) { request.structure(::ifinfomsg{}); }

std::set<std::string> link_names(client& kernel) {
  message_builder request(RTM_GETLINK);
  ask_for_links(request);
  std::set<std::string> names;
  const dump_end end = kernel.dump(
      request, [&](const message_view& m) { names.insert(rtnl::link::decode(m)->name.value()); },
      {.until = patience()});
  EXPECT_TRUE(end.clean());
  return names;
}

// A veth pair, by a request of ours.
outcome add_pair(client& kernel, const char* name, const char* peer) {
  rtnl::link pair;
  pair.name = name;
  message_builder request(RTM_NEWLINK, NLM_F_REQUEST | NLM_F_CREATE | NLM_F_EXCL);
  pair.encode(request);
  request.attributes().nested(IFLA_LINKINFO, [&](attribute_writer& info) {
    info.text(IFLA_INFO_KIND, "veth");
    info.nested(IFLA_INFO_DATA, [&](attribute_writer& data) {
      data.nested(1 /* VETH_INFO_PEER */, [&](attribute_writer& other) {
        const ::ifinfomsg header{};
        other.plain(std::as_bytes(std::span(&header, 1))).text(IFLA_IFNAME, peer);
      });
    });
  });
  return kernel.request(
      request, [](const message_view&) {}, patience());
}

TEST_F(netlink_client, does_what_is_asked_and_dumps_it) {
  client kernel(NETLINK_ROUTE);
  EXPECT_NE(kernel.port(), 0U);
  EXPECT_TRUE(add_pair(kernel, "ours", "theirs").ok());
  const auto names = link_names(kernel);
  EXPECT_TRUE(names.contains("ours"));
  EXPECT_TRUE(names.contains("theirs"));
  EXPECT_TRUE(names.contains("lo"));
}

TEST_F(netlink_client, encodes_an_address_and_a_route_as_the_kernel_takes_them) {
  client kernel(NETLINK_ROUTE);
  ASSERT_TRUE(add_pair(kernel, "ours", "theirs").ok());
  home().run({"ip", "link", "set", "ours", "up"});
  rtnl::address address;
  address.family = AF_INET;
  address.prefix_length = 24;
  address.index = ::if_nametoindex("ours");
  address.local = rtnl::network_address::parse("192.0.2.1");
  address.peer = address.local;
  message_builder add_address(RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL);
  address.encode(add_address);
  kernel
      .request(
          add_address, [](const message_view&) {}, patience())
      .check("RTM_NEWADDR");

  rtnl::route route;
  route.family = AF_INET;
  route.table = 4321;
  route.protocol = RTPROT_STATIC;
  route.type = RTN_UNICAST;
  route.destination_length = 24;
  route.destination = rtnl::network_address::parse("198.51.100.0");
  route.next_hops.emplace();
  for (const char* gateway : {"192.0.2.7", "192.0.2.8"}) {
    rtnl::next_hop hop;
    hop.family = AF_INET;
    hop.index = static_cast<std::int32_t>(address.index);
    hop.hops = 4;
    hop.gateway = rtnl::network_address::parse(gateway);
    route.next_hops->hops.push_back(hop);
  }
  message_builder add_route(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL);
  route.encode(add_route);
  kernel
      .request(
          add_route, [](const message_view&) {}, patience())
      .check("RTM_NEWROUTE");
  const std::string seen = home().run({"ip", "route", "show", "table", "4321"});
  EXPECT_NE(seen.find("198.51.100.0/24 proto static"), std::string::npos) << seen;
  EXPECT_NE(seen.find("via 192.0.2.8 dev ours weight 5"), std::string::npos) << seen;
}

TEST_F(netlink_client, a_refusal_carries_the_kernels_words) {
  client kernel(NETLINK_ROUTE);
  rtnl::route route;
  route.family = AF_INET;
  route.table = RT_TABLE_MAIN;
  route.type = RTN_UNICAST;
  route.destination_length = 24;
  route.destination = rtnl::network_address::parse("198.51.100.0");
  route.gateway = rtnl::network_address::parse("203.0.113.1");
  message_builder request(RTM_NEWROUTE, NLM_F_CREATE);
  route.encode(request);
  const outcome got = kernel.request(
      request, [](const message_view&) {}, patience());
  EXPECT_EQ(got.status, request_status::refused);
  EXPECT_EQ(got.error, std::errc::network_unreachable);
  EXPECT_EQ(got.extended.message, "Nexthop has invalid gateway");
  EXPECT_THROW(got.check("RTM_NEWROUTE"), error);
}

TEST_F(netlink_client, a_refusal_names_the_attribute_and_what_it_should_be) {
  client kernel(NETLINK_ROUTE);
  message_builder request(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL);
  request.structure(::ifinfomsg{});
  request.attributes().text(IFLA_IFNAME, "ours").nested(IFLA_LINKINFO, [](attribute_writer& info) {
    info.text(IFLA_INFO_KIND, "veth");
    info.nested(IFLA_INFO_DATA, [](attribute_writer& data) {
      data.nested(1 /* VETH_INFO_PEER */, [](attribute_writer& other) {
        const ::ifinfomsg header{};
        other.plain(std::as_bytes(std::span(&header, 1)));
        other.text(IFLA_IFNAME, "theirs").value(IFLA_MTU, std::uint8_t{1});  // not 4 bytes
      });
    });
  });
  const auto examine = [](const outcome& got) {
    EXPECT_EQ(got.status, request_status::refused);
    EXPECT_EQ(got.extended.path, ".linkinfo.data.peer.mtu") << got.extended.message;
    EXPECT_EQ(got.extended.expected, "u32");
    try {
      got.check("RTM_NEWLINK ours");
      FAIL() << "it was refused";
    } catch (const error& e) {
      EXPECT_EQ(e.path(), ".linkinfo.data.peer.mtu");
    }
  };
  examine(kernel.request(request, {}, patience()));
  pending started = kernel.start(request);
  examine(kernel.wait(started, {patience(), {}}));
  int told = 0;
  batch all(kernel, [&](std::size_t, const outcome& end) {
    ++told;
    examine(end);
  });
  all.add(request);
  all.add(request);
  all.flush();
  EXPECT_EQ(told, 2);
}

// The kernel looks at a dump's attributes when it makes the first piece: the reason is in DONE.
TEST_F(netlink_client, a_refused_dump_names_the_attribute) {
  client kernel(NETLINK_ROUTE);
  message_builder request(RTM_GETLINK);
  ask_for_links(request);
  request.attributes().value(IFLA_EXT_MASK, std::uint8_t{1});  // not 4 bytes
  const dump_end end = kernel.dump(request, {}, {.until = patience()});
  EXPECT_TRUE(end.error);
  EXPECT_EQ(end.extended.message, "Attribute failed policy validation");
  const bool knows_where = end.extended.offset.has_value();  // 6.1 puts words alone into DONE
  EXPECT_EQ(end.extended.path, knows_where ? ".ext-mask" : "");
  EXPECT_EQ(end.extended.expected, knows_where ? "u32" : "");
  EXPECT_THROW(end.check("RTM_GETLINK"), error);
}

TEST_F(netlink_client, an_answer_comes_before_its_acknowledgement) {
  client kernel(NETLINK_ROUTE);
  message_builder request(RTM_GETLINK);
  ::ifinfomsg loopback{};
  loopback.ifi_index = 1;
  request.structure(loopback);
  std::string name;
  const outcome got = kernel.request(
      request, [&](const message_view& m) { name = rtnl::link::decode(m)->name.value_or(""); },
      patience());
  EXPECT_TRUE(got.ok());
  EXPECT_EQ(name, "lo");
}

TEST_F(netlink_client, a_dump_that_nobody_finished_does_not_stand_in_the_way) {
  client kernel(NETLINK_ROUTE);
  // More than one piece, so that the kernel is in the middle of it.
  std::string batch;
  for (int i = 0; i < 2000; ++i) {
    batch += "route add blackhole 10." + std::to_string(i / 250) + "." + std::to_string(i % 250) +
             ".0/24\n";
  }
  home().run({"ip", "-batch", "-"}, batch);
  struct enough {};
  std::size_t seen = 0;
  const auto give_up = [&](const message_view&) {
    if (++seen == 3) throw enough();
  };
  ::rtmsg header{};
  header.rtm_family = AF_INET;
  message_builder routes(RTM_GETROUTE);
  routes.structure(header);
  EXPECT_THROW((void)kernel.dump(routes, give_up, {.until = patience()}), enough);
  // The kernel would answer EBUSY, or with the rest of the first.
  seen = 0;
  const dump_end end =
      kernel.dump(routes, [&](const message_view&) { ++seen; }, {.until = patience()});
  EXPECT_TRUE(end.clean());
  EXPECT_GE(seen, 2000U);
  EXPECT_TRUE(link_names(kernel).contains("lo"));
}

TEST_F(netlink_client, calls_between_the_pieces_and_not_more_often) {
  client kernel(NETLINK_ROUTE);
  int pieces = 0;
  message_builder request(RTM_GETLINK);
  ask_for_links(request);
  dump_options options;
  options.until = patience();
  options.between = [&] { ++pieces; };
  (void)kernel.dump(
      request, [](const message_view&) {}, options);
  EXPECT_GE(pieces, 1);
  EXPECT_LE(pieces, 2);
}

// 1000 addresses, which take more than one piece; another one comes between the pieces.
class interrupted_dump : public netlink_client {
 protected:
  void SetUp() override {
    std::string batch;
    for (int i = 0; i < 1000; ++i) {
      batch += "addr add 10." + std::to_string(i / 250) + "." + std::to_string(i % 250) +
               ".1/32 dev lo\n";
    }
    home().run({"ip", "-batch", "-"}, batch);
    options_.until = patience();
    options_.restart = [this] { addresses_.clear(); };
  }

  void add_one() {
    home().run({"ip", "addr", "add", "10.99.0." + std::to_string(++added_) + "/32", "dev", "lo"});
  }

  dump_end dump() {
    message_builder request(RTM_GETADDR);
    ::ifaddrmsg header{};
    header.ifa_family = AF_INET;
    request.structure(header);
    return kernel_.dump(
        request,
        [this](const message_view& m) {
          addresses_.insert(rtnl::address::decode(m)->own()->to_string());
        },
        options_);
  }

  client kernel_{NETLINK_ROUTE};
  dump_options options_;
  std::set<std::string> addresses_;
  int added_ = 0;
};

TEST_F(interrupted_dump, is_read_to_its_end_and_flagged) {
  bool first = true;
  options_.between = [&] {
    if (std::exchange(first, false)) add_one();
  };
  const dump_end end = dump();
  EXPECT_TRUE(end.interrupted);
  EXPECT_FALSE(end.error);
  EXPECT_GE(addresses_.size(), 1000U);
  EXPECT_TRUE(dump().clean()) << "the next one is not in its way";
}

TEST_F(interrupted_dump, is_made_again_until_it_is_clean) {
  bool first = true;
  options_.between = [&] {
    if (std::exchange(first, false)) add_one();
  };
  options_.attempts = 3;
  const dump_end end = dump();
  EXPECT_TRUE(end.clean());
  EXPECT_EQ(end.attempts, 2U);
  EXPECT_EQ(addresses_.size(), 1002U) << "with 127.0.0.1 and the one that came";
}

TEST_F(interrupted_dump, is_not_made_again_for_ever) {
  options_.between = [&] { add_one(); };
  options_.attempts = 3;
  const dump_end end = dump();
  EXPECT_TRUE(end.interrupted);
  EXPECT_EQ(end.attempts, 3U);
}

// What says that it is the end of the first request of whoever has this port.
std::vector<std::byte> forged_end(std::uint16_t type, std::uint32_t port) {
  message_builder forged(type, 0);
  forged.header().nlmsg_seq = 1;
  forged.header().nlmsg_pid = port;
  ::nlmsgerr refused{};
  refused.error = -EPERM;
  forged.structure(refused);
  const const_bytes bytes = forged.finish();
  return {bytes.begin(), bytes.end()};
}

TEST_F(netlink_client, believes_nobody_but_the_kernel) {
  // Root may write to the port of another socket.
  client kernel{socket(NETLINK_ROUTE)};
  socket forger(NETLINK_ROUTE);
  forger.bind(address());
  for (const std::uint16_t type : {std::uint16_t{NLMSG_ERROR}, std::uint16_t{NLMSG_DONE}}) {
    forger.send_to(forged_end(type, kernel.port()), address(kernel.port()));
  }
  const auto names = link_names(kernel);
  EXPECT_TRUE(names.contains("lo")) << "a forged end was taken for the kernel's";
  EXPECT_EQ(kernel.foreign_datagrams(), 2U);
}

TEST_F(netlink_client, a_socket_of_its_own_is_closed_to_all_but_the_kernel) {
  client kernel(NETLINK_ROUTE);
  socket forger(NETLINK_ROUTE);
  forger.bind(address());
  std::error_code ec;
  forger.send_to(forged_end(NLMSG_DONE, kernel.port()), address(kernel.port()), ec);
  EXPECT_EQ(ec, std::errc::connection_refused);
  EXPECT_TRUE(link_names(kernel).contains("lo"));
}

TEST_F(netlink_client, a_lost_acknowledgement_is_unknown_and_not_done) {
  socket taken(NETLINK_ROUTE);
  taken.bind(address());
  taken.set(so::rcvbuf{1});  // the kernel makes it as small as it allows
  const std::uint32_t port = taken.local_address().pid();
  client kernel(std::move(taken));
  // Fill the buffer, so that the kernel has no room for its answer.
  socket writer(NETLINK_ROUTE);
  writer.bind(address());
  std::error_code full;
  for (int i = 0; i < 100 && !full; ++i) {
    writer.send_to(std::vector<std::byte>(1024), address(port), full,
                   {.until = deadline::immediate()});
  }
  ASSERT_TRUE(full) << "the buffer takes everything";
  const outcome got = add_pair(kernel, "ours", "theirs");
  EXPECT_EQ(got.status, request_status::unknown);
  EXPECT_EQ(got.error, std::errc::no_buffer_space);
  EXPECT_THROW(got.check("RTM_NEWLINK"), socket_error);
  EXPECT_NE(::if_nametoindex("ours"), 0U) << "the kernel did it nevertheless";
}

TEST_F(netlink_client, without_privilege_reads_and_is_refused_to_write) {
  EXPECT_EQ(trivet::lab::as_nobody([] {
              client kernel(NETLINK_ROUTE);
              EXPECT_TRUE(link_names(kernel).contains("lo"));
              const outcome got = add_pair(kernel, "ours", "theirs");
              EXPECT_EQ(got.status, request_status::refused);
              EXPECT_EQ(got.error, std::errc::operation_not_permitted);
              return 0;
            }),
            0);
}

TEST_F(netlink_client, gives_up_at_its_deadline) {
  // A filter that takes nothing applies to answers too.
  socket deaf(NETLINK_ROUTE);
  const ::sock_filter nothing[] = {{BPF_RET | BPF_K, 0, 0, 0}};
  deaf.set(so::attach_filter{nothing});
  client kernel(std::move(deaf));
  message_builder request(RTM_GETLINK);
  ask_for_links(request);
  const outcome got = kernel.request(
      request, [](const message_view&) {}, deadline::after(20ms));
  EXPECT_EQ(got.status, request_status::unknown);
  EXPECT_EQ(got.error, std::errc::timed_out);
  EXPECT_THROW(
      (void)kernel.dump(request, [](const message_view&) {}, {.until = deadline::after(20ms)}),
      timed_out);
}

// A link whose message is longer than 64 KiB, by its alternative names.
TEST_F(netlink_client, an_answer_that_does_not_fit_is_asked_for_again) {
  std::string lines = "link add v0 type veth peer name v1\n";
  for (int i = 0; i < 496; ++i) {
    lines += "link property add dev v0 altname n" + std::to_string(1000 + i) +
             std::string(122, 'x') + "\n";
  }
  home().run({"ip", "-batch", "-"}, lines);
  ::ifinfomsg header{};
  header.ifi_index = static_cast<int>(::if_nametoindex("v0"));
  message_builder request(RTM_GETLINK);
  request.structure(header);
  std::string name;
  const auto read_name = [&](const message_view& m) {
    EXPECT_GT(m.header.nlmsg_len, 65536U);
    name = rtnl::link::decode(m)->name.value_or("");
  };
  for (const bool connected : {true, false}) {
    client kernel = connected ? client(NETLINK_ROUTE) : client(socket(NETLINK_ROUTE));
    name.clear();
    const outcome got = kernel.get(request, read_name, {patience(), {}});
    EXPECT_TRUE(got.ok()) << got.error.message();
    EXPECT_EQ(name, "v0");
    kernel.release_memory();
    name.clear();
    EXPECT_TRUE(kernel.request(request, read_name, patience()).ok()) << "it is known how long";
    EXPECT_EQ(name, "v0");
  }
}

// rtnetlink says nothing to it, so that whoever waits would wait for ever.
TEST_F(netlink_client, refuses_what_has_no_answer) {
  client k(NETLINK_ROUTE);
  message_builder bare(RTM_GETLINK);
  EXPECT_THROW(k.request(bare), std::invalid_argument);
  EXPECT_THROW(k.get(bare, {}), std::invalid_argument);
  EXPECT_THROW(k.dump(bare, {}), std::invalid_argument);
  batch many(k);
  EXPECT_THROW(many.add(bare), std::invalid_argument);
  message_builder dump(RTM_GETLINK, NLM_F_DUMP);
  dump.structure(::ifinfomsg{});
  EXPECT_THROW(many.add(dump), std::invalid_argument);
  EXPECT_EQ(many.waiting_requests(), 0U);
  EXPECT_TRUE(link_names(k).contains("lo"));
}

TEST_F(netlink_client, a_request_may_be_forgotten_by_its_visitor) {
  client kernel(NETLINK_ROUTE);
  message_builder request(RTM_GETLINK);
  ask_for_links(request);
  request.attributes().text(IFLA_IFNAME, "lo");
  pending which;
  which = kernel.start(request, [&](const message_view& /*lo*/) { which = {}; });
  EXPECT_TRUE(kernel.wait(which, {patience(), {}}).ok());
  EXPECT_FALSE(which);
}

TEST_F(netlink_client, waits_for_its_own_requests_alone) {
  client kernel(NETLINK_ROUTE);
  client other(NETLINK_ROUTE);
  message_builder request(RTM_GETLINK);
  ask_for_links(request);
  request.attributes().text(IFLA_IFNAME, "lo");
  pending which = kernel.start(request);
  EXPECT_THROW(other.wait(which), std::invalid_argument);
  EXPECT_TRUE(kernel.wait(which, {patience(), {}}).ok());
}

TEST_F(netlink_client, names_what_is_too_long_before_it_is_sent) {
  client kernel(NETLINK_ROUTE);
  message_builder request(RTM_NEWLINK);
  request.structure(::ifinfomsg{});
  request.attributes().bytes(IFLA_IFALIAS, std::vector<std::byte>(70000));
  EXPECT_THROW((void)kernel.request(request), socket_error);
}

TEST_F(netlink_client, sets_what_the_kernel_has) {
  client kernel(NETLINK_ROUTE);
  EXPECT_TRUE(kernel.underlying().get<option::ext_ack>());
  EXPECT_TRUE(kernel.underlying().get<option::cap_ack>());
  EXPECT_TRUE(kernel.underlying().get<option::get_strict_chk>());
}

}  // namespace
}  // namespace trivet::netlink
