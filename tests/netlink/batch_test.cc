// Many requests per system call, on a real kernel: one outcome for each, whatever is lost.
#include "trivet/netlink/batch.h"

#include <gtest/gtest.h>
#include <linux/if_link.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sys/socket.h>

#include <span>

#include "tests/lab/namespace_test.h"
#include "tests/lab/privilege.h"
#include "trivet/base/so.h"
#include "trivet/netlink/error.h"
#include "trivet/netlink/route/route.h"

namespace trivet::netlink {
namespace {

using namespace std::chrono_literals;

waiting patience() { return {deadline::after(20s), {}}; }

class netlink_batch : public trivet::lab::namespace_test {
 protected:
  // Route number n: 10.x.y.0/24 in a table of its own, to nowhere.
  static message_builder& route(message_builder& out, unsigned n, unsigned flags = NLM_F_EXCL) {
    rtnl::route r;
    r.family = AF_INET;
    r.table = table;
    r.protocol = RTPROT_STATIC;
    r.type = RTN_BLACKHOLE;
    r.destination_length = 28;
    const std::uint32_t address = big_endian(0x0a000000U | n << 4);
    r.destination = {AF_INET, rtnl::short_bytes(std::as_bytes(std::span(&address, 1)))};
    out.restart(RTM_NEWROUTE, NLM_F_CREATE | flags);
    r.encode(out);
    return out;
  }

  outcome_visitor collect() {
    return [this](std::size_t index, const outcome& end) {
      EXPECT_EQ(index, ends_.size()) << "in the order of adding";
      ends_.push_back(end);
    };
  }

  [[nodiscard]] std::size_t routes_there() const {
    // Without a route there is no table, which `ip` calls an error.
    const std::string all =
        home().try_run({"ip", "route", "show", "table", std::to_string(table)}).output;
    return static_cast<std::size_t>(std::count(all.begin(), all.end(), '\n'));
  }

  static constexpr unsigned table = 777;
  client kernel_{NETLINK_ROUTE};
  message_builder message_{RTM_NEWROUTE};
  std::vector<outcome> ends_;
};

TEST_F(netlink_batch, of_any_size_tells_of_every_request_in_order) {
  batch all(kernel_, collect(), {.how = patience()});
  constexpr unsigned count = 5000;
  for (unsigned n = 0; n < count; ++n) EXPECT_EQ(all.add(route(message_, n)), n);
  EXPECT_GT(all.waiting_requests(), 0U);
  EXPECT_LT(ends_.size(), count) << "the last chunk waits";
  all.flush();
  EXPECT_EQ(all.waiting_requests(), 0U);
  ASSERT_EQ(ends_.size(), count);
  for (const outcome& end : ends_) EXPECT_TRUE(end.ok());
  EXPECT_EQ(all.totals().done, count);
  EXPECT_TRUE(all.totals().ok());
  EXPECT_EQ(routes_there(), count);
  all.flush();
  EXPECT_EQ(ends_.size(), count);
}

TEST_F(netlink_batch, those_that_fail_have_the_kernels_error_and_the_others_are_done) {
  batch all(kernel_, collect(), {.how = patience()});
  for (unsigned n = 0; n < 3000; ++n) {
    // Every seventh is there already, and one has no way to its gateway.
    if (n % 7 == 6) {
      all.add(route(message_, n - 1));
    } else if (n == 1500) {
      rtnl::route r;
      r.family = AF_INET;
      r.table = table;
      r.type = RTN_UNICAST;
      r.destination_length = 32;
      r.destination = rtnl::network_address::parse("192.0.2.1");
      r.gateway = rtnl::network_address::parse("203.0.113.1");
      message_.restart(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL);
      r.encode(message_);
      all.add(message_);
    } else {
      all.add(route(message_, n));
    }
  }
  all.flush();
  ASSERT_EQ(ends_.size(), 3000U);
  for (unsigned n = 0; n < 3000; ++n) {
    if (n % 7 == 6) {
      EXPECT_EQ(ends_[n].status, request_status::refused) << n;
      EXPECT_EQ(ends_[n].error, std::errc::file_exists) << n;
    } else if (n == 1500) {
      EXPECT_EQ(ends_[n].error, std::errc::network_unreachable);
      EXPECT_EQ(ends_[n].extended.message, "Nexthop has invalid gateway");
      EXPECT_THROW(ends_[n].check("RTM_NEWROUTE"), error);
    } else {
      EXPECT_TRUE(ends_[n].ok()) << n;
    }
  }
  EXPECT_EQ(all.totals().refused, 3000U / 7 + 1);
}

TEST_F(netlink_batch, errors_of_all_requests_fit_into_the_receive_buffer) {
  batch first(kernel_, {}, {.how = patience()});
  for (unsigned n = 0; n < 4096; ++n) first.add(route(message_, n));
  first.flush();
  ASSERT_TRUE(first.totals().ok());
  batch second(kernel_, collect(), {.how = patience()});
  for (unsigned n = 0; n < 4096; ++n) second.add(route(message_, n));
  second.flush();
  EXPECT_EQ(second.totals().refused, 4096U);
  EXPECT_EQ(second.totals().unknown, 0U);
}

TEST_F(netlink_batch, what_was_lost_is_unknown_and_never_done) {
  batch first(kernel_, {}, {.how = patience()});
  for (unsigned n = 0; n < 1000; ++n) first.add(route(message_, n));
  first.flush();
  ASSERT_TRUE(first.totals().ok());
  // All of these fail, and the errors have no room.
  batch second(kernel_, collect(), {.how = patience()});
  const int smallest = 1;
  ASSERT_EQ(::setsockopt(kernel_.underlying().native_handle(), SOL_SOCKET, SO_RCVBUF, &smallest,
                         sizeof smallest),
            0);
  for (unsigned n = 0; n < 1000; ++n) second.add(route(message_, n));
  second.flush();
  ASSERT_EQ(ends_.size(), 1000U);
  EXPECT_EQ(second.totals().done, 0U) << "silence was taken for success";
  EXPECT_GT(second.totals().unknown, 0U);
  EXPECT_GT(second.totals().refused, 0U) << "those that had room are known";
  EXPECT_EQ(ends_.back().error, std::errc::no_buffer_space);
  EXPECT_FALSE(second.totals().ok());
  // Nothing is in the way of what comes next.
  EXPECT_TRUE(kernel_.request(route(message_, 2000), {}, patience()).ok());
}

TEST_F(netlink_batch, chunks_are_as_short_as_a_small_receive_buffer_needs) {
  batch first(kernel_, {}, {.how = patience()});
  for (unsigned n = 0; n < 300; ++n) first.add(route(message_, n));
  first.flush();
  batch second(kernel_, {}, {.chunk_requests = 3, .chunk_bytes = 1000, .how = patience()});
  for (unsigned n = 0; n < 300; ++n) {
    second.add(route(message_, n));
    EXPECT_LE(second.waiting_requests(), 3U);
  }
  second.flush();
  EXPECT_EQ(second.totals().refused, 300U);
}

// The limit of others is net.core.rmem_max: a chunk is no longer than its errors have room.
TEST_F(netlink_batch, chunks_fit_into_what_a_user_may_have) {
  EXPECT_EQ(trivet::lab::as_nobody([] {
              client kernel(NETLINK_ROUTE);
              batch all(kernel, {}, {.how = patience()});
              const auto room = static_cast<std::size_t>(kernel.underlying().get<so::rcvbuf>());
              message_builder message(RTM_NEWROUTE);
              for (unsigned n = 0; n < 3000; ++n) {
                all.add(route(message, n));
                EXPECT_LE(all.waiting_requests() * 2048, room);
              }
              all.flush();
              EXPECT_EQ(all.totals().refused, 3000U);
              EXPECT_EQ(all.totals().unknown, 0U);
              return 0;
            }),
            0);
}

TEST_F(netlink_batch, is_sent_once_although_somebody_elses_visitor_throws) {
  struct enough {};
  message_builder loopback(RTM_GETLINK);
  ::ifinfomsg header{};
  header.ifi_index = 1;
  loopback.structure(header);
  pending before = kernel_.start(loopback, [](const message_view&) { throw enough(); });
  batch all(kernel_, collect(), {.how = patience()});
  for (unsigned n = 0; n < 10; ++n) all.add(route(message_, n));
  all.flush();
  all.flush();
  EXPECT_EQ(all.totals().done, 10U) << "sent twice, they would exist";
  EXPECT_EQ(ends_.size(), 10U);
  EXPECT_THROW((void)kernel_.wait(before, patience()), enough);
}

// sch_htb creates the class and says what it thinks of its quantum; before 6.2 to the log alone.
TEST_F(netlink_batch, a_warning_comes_with_success) {
  home().run({"ip", "link", "add", "v0", "type", "veth", "peer", "name", "v1"});
  home().run({"tc", "qdisc", "add", "dev", "v0", "root", "handle", "1:", "htb"});
  const auto by_tc = home().try_run({"tc", "class", "add", "dev", "v0", "parent", "1:", "classid",
                                     "1:9", "htb", "rate", "1kbit"});
  ASSERT_EQ(by_tc.status, 0);
  const bool warns = by_tc.error.find("quantum of class") != std::string::npos;
  const auto slow_class = [&](std::uint16_t minor) -> message_builder& {
    ::tcmsg header{};
    header.tcm_ifindex = static_cast<int>(::if_nametoindex("v0"));
    header.tcm_parent = 0x10000;
    header.tcm_handle = 0x10000U | minor;
    ::tc_htb_opt speed{};
    speed.rate.rate = speed.ceil.rate = 125;  // bytes a second
    speed.rate.linklayer = speed.ceil.linklayer = TC_LINKLAYER_ETHERNET;
    message_.restart(RTM_NEWTCLASS, NLM_F_CREATE | NLM_F_EXCL);
    message_.structure(header);
    message_.attributes().text(TCA_KIND, "htb").nested(TCA_OPTIONS, [&](attribute_writer& data) {
      data.bytes(TCA_HTB_PARMS, std::as_bytes(std::span(&speed, 1)));
    });
    return message_;
  };
  batch all(kernel_, collect(), {.acknowledge_each = true, .how = patience()});
  all.add(slow_class(1));
  all.add(route(message_, 1));
  all.add(slow_class(2));
  all.flush();
  ASSERT_EQ(ends_.size(), 3U);
  EXPECT_EQ(all.totals().done, 3U);
  for (const std::size_t index : {0U, 2U}) {
    EXPECT_TRUE(ends_[index].ok());
    EXPECT_EQ(ends_[index].extended.message.find("quantum of class") != std::string::npos, warns)
        << ends_[index].extended.message << by_tc.error;
  }
  EXPECT_EQ(ends_[1].extended, extended_ack());
}

TEST_F(netlink_batch, what_exceeds_the_send_buffer_has_an_error_of_its_own) {
  socket taken(NETLINK_ROUTE);
  taken.set(so::sndbuf{1});  // the kernel makes it as small as it allows
  client kernel(std::move(taken));
  batch all(kernel, collect(), {.how = patience()});
  all.add(route(message_, 1));
  message_.restart(RTM_NEWLINK, 0);
  message_.structure(::ifinfomsg{});
  message_.attributes().bytes(IFLA_IFALIAS, std::vector<std::byte>(60000));
  all.add(message_);
  message_.restart(RTM_NEWLINK, 0);
  message_.structure(::ifinfomsg{});
  message_.attributes().bytes(IFLA_IFALIAS, std::vector<std::byte>(70000));
  all.add(message_);
  for (unsigned n = 2; n < 200; ++n) all.add(route(message_, n));
  all.flush();
  ASSERT_EQ(ends_.size(), 201U);
  for (const std::size_t index : {1U, 2U}) {
    EXPECT_EQ(ends_[index].status, request_status::unsent);
    EXPECT_EQ(ends_[index].error, std::errc::message_size);
  }
  EXPECT_NE(ends_[1].extended.message.find("60036 bytes"), std::string::npos)
      << ends_[1].extended.message;
  EXPECT_NE(ends_[2].extended.message.find("64 KiB"), std::string::npos);
  EXPECT_THROW(ends_[1].check("RTM_NEWLINK"), socket_error);
  EXPECT_EQ(all.totals().done, 199U);
  EXPECT_EQ(all.totals().unsent, 2U);
}

TEST_F(netlink_batch, what_was_not_sent_in_time_is_unsent) {
  batch late(kernel_, collect(), {.how = {deadline::after(-1s), {}}});
  late.add(route(message_, 1));
  late.flush();
  std::stop_source stop;
  batch stopped(kernel_, {},
                {.chunk_requests = 2, .how = {deadline::after(20s), stop.get_token()}});
  for (unsigned n = 1; n <= 2; ++n) stopped.add(route(message_, n));
  stopped.flush();
  EXPECT_EQ(stopped.totals().done, 2U);
  stop.request_stop();
  for (unsigned n = 3; n <= 7; ++n) stopped.add(route(message_, n));
  stopped.flush();
  EXPECT_EQ(stopped.totals().unsent, 5U);
  ASSERT_EQ(ends_.size(), 1U);
  EXPECT_EQ(ends_[0].status, request_status::unsent);
  EXPECT_EQ(ends_[0].error, std::errc::timed_out);
  EXPECT_EQ(routes_there(), 2U);
}

TEST_F(netlink_batch, dropped_before_it_is_flushed_sends_nothing) {
  {
    batch all(kernel_, collect(), {.how = patience()});
    all.add(route(message_, 1));
  }
  EXPECT_TRUE(ends_.empty());
  EXPECT_EQ(routes_there(), 0U);
}

TEST_F(netlink_batch, goes_together_with_requests_in_flight) {
  pending before = kernel_.start(route(message_, 1));
  batch all(kernel_, collect(), {.how = patience()});
  all.add(route(message_, 1));
  all.flush();
  EXPECT_TRUE(before.ready()) << "its answer came before those of the batch";
  EXPECT_TRUE(kernel_.wait(before).ok());
  ASSERT_EQ(ends_.size(), 1U);
  EXPECT_EQ(ends_[0].error, std::errc::file_exists);
}

TEST_F(netlink_batch, may_ask_for_every_acknowledgement) {
  batch all(kernel_, collect(), {.acknowledge_each = true, .how = patience()});
  for (unsigned n = 0; n < 100; ++n) all.add(route(message_, n / 2));
  all.flush();
  EXPECT_EQ(all.totals().done, 50U);
  EXPECT_EQ(all.totals().refused, 50U);
}

}  // namespace
}  // namespace trivet::netlink
