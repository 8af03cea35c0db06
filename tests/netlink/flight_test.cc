// Several requests in flight on one client, deadlines, cancellation, lost answers.
#include "trivet/netlink/flight.h"

#include <gtest/gtest.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <set>
#include <stdexcept>
#include <thread>

#include "tests/lab/namespace_test.h"
#include "trivet/base/so.h"
#include "trivet/netlink/batch.h"
#include "trivet/netlink/client.h"
#include "trivet/netlink/error.h"
#include "trivet/netlink/route/link.h"
#include "trivet/netlink/route/route.h"

namespace trivet::netlink {
namespace {

using namespace std::chrono_literals;

waiting patience() { return {deadline::after(20s), {}}; }

void ask_for_loopback(message_builder& out) {
  ::ifinfomsg header{};
  header.ifi_index = 1;
  out.structure(header);
}

void ask_for_links(message_builder& out) { out.structure(::ifinfomsg{}); }

void ask_for_route(message_builder& out, const char* destination) {
  rtnl::route wanted;
  wanted.family = AF_INET;
  wanted.destination_length = 32;
  wanted.destination = rtnl::network_address::parse(destination);
  ::rtmsg header{};
  header.rtm_family = AF_INET;
  header.rtm_dst_len = 32;
  out.structure(header);
  out.attributes().bytes(RTA_DST, wanted.destination->bytes());
}

void set_loopback_mtu(message_builder& out, std::uint32_t mtu) {
  ask_for_loopback(out);
  out.attributes().value(IFLA_MTU, mtu);
}

// No room for the smallest of messages: newer kernels count the new one in.
void fill_buffer_of(std::uint32_t port) {
  socket writer(NETLINK_ROUTE);
  writer.bind(address());
  std::error_code full;
  for (int i = 0; i < 1000 && !full; ++i) {
    writer.send_to(std::vector<std::byte>(1), address(port), full,
                   {.until = deadline::immediate()});
  }
  ASSERT_TRUE(full) << "the buffer takes everything";
}

using netlink_flight = trivet::lab::namespace_test;

TEST_F(netlink_flight, several_are_in_the_air_and_land_in_any_order) {
  client kernel(NETLINK_ROUTE);
  std::string name;
  message_builder first(RTM_GETLINK);
  ask_for_loopback(first);
  pending one =
      kernel.start(first, [&](const message_view& m) { name = *rtnl::link::decode(m)->name; });
  message_builder second(RTM_GETROUTE);
  ask_for_route(second, "192.0.2.1");
  pending two = kernel.start(second, {}, answer_kind::object);
  message_builder third(RTM_NEWLINK);
  set_loopback_mtu(third, 1500);
  pending three = kernel.start(third);
  EXPECT_FALSE(one.ready());
  EXPECT_TRUE(kernel.wait(three, patience()).ok());
  EXPECT_TRUE(one.ready() && two.ready()) << "their answers came before";
  EXPECT_EQ(kernel.wait(two, patience()).error, std::errc::network_unreachable);
  EXPECT_TRUE(kernel.wait(one, patience()).ok());
  EXPECT_EQ(name, "lo");
}

TEST_F(netlink_flight, an_event_loop_takes_what_comes) {
  client kernel(NETLINK_ROUTE);
  message_builder request(RTM_NEWLINK);
  set_loopback_mtu(request, 1500);
  pending one = kernel.start(request);
  while (!one.ready()) ASSERT_TRUE(kernel.take_one(patience()));
  EXPECT_TRUE(kernel.wait(one).ok());
  EXPECT_FALSE(kernel.take_one({deadline::immediate(), {}}));
}

TEST_F(netlink_flight, one_that_is_forgotten_leaves_nothing_behind) {
  client kernel(NETLINK_ROUTE);
  int visits = 0;
  message_builder request(RTM_GETLINK);
  ask_for_loopback(request);
  {
    const pending forgotten = kernel.start(request, [&](const message_view&) { ++visits; });
  }
  pending replaced = kernel.start(request, [&](const message_view&) { ++visits; });
  replaced = {};
  std::string name;
  EXPECT_TRUE(kernel
                  .request(
                      request, [&](const message_view& m) { name = *rtnl::link::decode(m)->name; },
                      patience())
                  .ok());
  EXPECT_EQ(name, "lo");
  EXPECT_EQ(visits, 0);
}

TEST_F(netlink_flight, one_may_outlive_its_client) {
  pending orphan;
  {
    client kernel(NETLINK_ROUTE);
    message_builder request(RTM_GETLINK);
    ask_for_loopback(request);
    orphan = kernel.start(request);
  }
  EXPECT_TRUE(orphan);
  EXPECT_FALSE(orphan.ready());
}

TEST_F(netlink_flight, a_dump_is_not_one_of_several) {
  client kernel(NETLINK_ROUTE);
  message_builder request(RTM_GETLINK);
  ask_for_links(request);
  EXPECT_THROW((void)kernel.start(request, {}, answer_kind::dump), std::invalid_argument);
  pending none;
  EXPECT_THROW((void)kernel.wait(none), std::invalid_argument);
}

TEST_F(netlink_flight, an_object_comes_without_an_acknowledgement) {
  client kernel(NETLINK_ROUTE);
  message_builder link(RTM_GETLINK);
  ask_for_loopback(link);
  std::string name;
  EXPECT_TRUE(
      kernel
          .get(
              link, [&](const message_view& m) { name = *rtnl::link::decode(m)->name; }, patience())
          .ok());
  EXPECT_EQ(name, "lo");
  message_builder route(RTM_GETROUTE);
  ask_for_route(route, "192.0.2.1");
  const outcome refused = kernel.get(route, {}, patience());
  EXPECT_EQ(refused.status, request_status::refused);
  EXPECT_EQ(refused.error, std::errc::network_unreachable);
  EXPECT_FALSE(kernel.take_one({deadline::immediate(), {}})) << "nothing else came";
}

// The object is not the next thing that comes: a notification waits, or another's answer.
TEST_F(netlink_flight, an_object_comes_behind_what_is_nobodys) {
  socket taken(NETLINK_ROUTE);
  taken.bind(address());
  taken.join(RTNLGRP_LINK);
  client kernel(std::move(taken));
  home().run({"ip", "link", "set", "lo", "mtu", "1299"});
  home().run({"ip", "link", "set", "lo", "mtu", "1300"});
  std::uint32_t mtu = 0;
  message_builder link(RTM_GETLINK);
  ask_for_loopback(link);
  const auto read_mtu = [&](const message_view& m) { mtu = *rtnl::link::decode(m)->mtu; };
  EXPECT_TRUE(kernel.get(link, read_mtu, patience()).ok());
  EXPECT_EQ(mtu, 1300U);
  message_builder other(RTM_NEWLINK);
  set_loopback_mtu(other, 1400);
  pending own = kernel.start(other);
  EXPECT_TRUE(kernel.get(link, read_mtu, patience()).ok());
  EXPECT_EQ(mtu, 1400U);
  EXPECT_TRUE(own.ready()) << "its answer came before";
  own = {};
  EXPECT_TRUE(kernel.get(link, {}, patience()).ok()) << "nobody looks at it";
}

TEST_F(netlink_flight, an_exception_of_who_sees_the_object_is_handed_on) {
  client kernel(NETLINK_ROUTE);
  struct enough {};
  message_builder link(RTM_GETLINK);
  ask_for_loopback(link);
  const auto give_up = [](const message_view&) { throw enough(); };
  const auto ask_again = [&](const message_view&) { (void)kernel.get(link, {}, patience()); };
  EXPECT_THROW((void)kernel.get(link, give_up, patience()), enough);
  EXPECT_THROW((void)kernel.get(link, ask_again, patience()), std::logic_error);
  EXPECT_TRUE(kernel.get(link, {}, patience()).ok());
}

// A client that hears nothing, as long as its filter is there.
class deaf_client : public trivet::lab::namespace_test {
 protected:
  static client deaf() {
    socket taken(NETLINK_ROUTE);
    const ::sock_filter nothing[] = {{BPF_RET | BPF_K, 0, 0, 0}};
    taken.set(so::attach_filter{nothing});
    return client(std::move(taken));
  }

  void let_it_hear() {
    const int none = 0;
    ASSERT_EQ(::setsockopt(kernel_.underlying().native_handle(), SOL_SOCKET, SO_DETACH_FILTER,
                           &none, sizeof none),
              0);
  }

  client kernel_ = deaf();
  message_builder request_{RTM_NEWLINK};
};

TEST_F(deaf_client, is_stopped_from_another_thread_and_then_usable) {
  set_loopback_mtu(request_, 1500);
  std::stop_source stop;
  // It may be requested before or while the call waits: both end it.
  std::thread other([&] { stop.request_stop(); });
  const outcome got = kernel_.request(request_, {}, {deadline::after(20s), stop.get_token()});
  other.join();
  EXPECT_EQ(got.status, request_status::unknown) << "the kernel did it, and nobody was told";
  EXPECT_EQ(got.error, std::errc::operation_canceled);
  EXPECT_THROW(got.check("RTM_NEWLINK"), socket_error);
  let_it_hear();
  EXPECT_TRUE(kernel_.request(request_, {}, patience()).ok());
  std::stop_source another;
  EXPECT_TRUE(kernel_.request(request_, {}, {deadline::after(20s), another.get_token()}).ok());
}

TEST_F(deaf_client, waits_no_longer_than_it_may_and_may_wait_again) {
  set_loopback_mtu(request_, 1500);
  pending one = kernel_.start(request_);
  std::stop_source stop;
  for (const waiting& how :
       {waiting{deadline::after(5ms), {}}, waiting{deadline::after(5ms), stop.get_token()},
        waiting{deadline::after(-1s), {}}}) {
    const outcome got = kernel_.wait(one, how);
    EXPECT_EQ(got.status, request_status::unknown);
    EXPECT_TRUE(got.error == std::errc::timed_out ||
                got.error == std::errc::resource_unavailable_try_again)
        << got.error.message();
  }
}

TEST_F(deaf_client, waits_for_an_object_no_longer_than_it_may) {
  message_builder link(RTM_GETLINK);
  ask_for_loopback(link);
  std::stop_source stop;
  stop.request_stop();
  const auto error_of = [&](const waiting& how) {
    const outcome got = kernel_.get(link, {}, how);
    EXPECT_EQ(got.status, request_status::unknown);
    return got.error;
  };
  EXPECT_EQ(error_of({deadline::after(5ms), {}}), std::errc::timed_out);
  EXPECT_EQ(error_of({deadline::never(), stop.get_token()}), std::errc::operation_canceled);
  let_it_hear();
  EXPECT_TRUE(kernel_.get(link, {}, patience()).ok());
}

TEST_F(netlink_flight, a_dump_is_stopped_in_its_middle_and_the_next_one_is_whole) {
  std::string lines;
  for (int i = 0; i < 2000; ++i) {
    lines += "route add blackhole 10." + std::to_string(i / 250) + "." + std::to_string(i % 250) +
             ".0/24\n";
  }
  home().run({"ip", "-batch", "-"}, lines);
  client kernel(NETLINK_ROUTE);
  message_builder request(RTM_GETROUTE);
  ::rtmsg header{};
  header.rtm_family = AF_INET;
  request.structure(header);
  std::stop_source stop;
  dump_options options;
  options.until = deadline::after(20s);
  options.stop = stop.get_token();
  options.between = [&] { stop.request_stop(); };
  std::size_t seen = 0;
  const auto count = [&](const message_view&) { ++seen; };
  try {
    (void)kernel.dump(request, count, options);
    FAIL() << "it went on";
  } catch (const socket_error& e) {
    EXPECT_EQ(e.code(), std::errc::operation_canceled);
  }
  EXPECT_LT(seen, 2000U);
  seen = 0;
  const dump_end end = kernel.dump(request, count, {.until = deadline::after(20s)});
  EXPECT_TRUE(end.clean());
  EXPECT_GE(seen, 2000U);
}

TEST_F(netlink_flight, the_end_of_a_dump_is_heard_though_its_visitor_threw) {
  client kernel(NETLINK_ROUTE);
  message_builder request(RTM_GETLINK);
  ask_for_links(request);
  // All of this dump comes at once: what follows the message does not come again.
  struct enough {};
  const auto give_up = [](const message_view&) { throw enough(); };
  for (int i = 0; i < 3; ++i) {
    EXPECT_THROW((void)kernel.dump(request, give_up, {.until = deadline::after(20s)}), enough);
  }
  message_builder loopback(RTM_GETLINK);
  ask_for_loopback(loopback);
  EXPECT_THROW((void)kernel.request(loopback, give_up, patience()), enough);
  EXPECT_TRUE(kernel.request(loopback, {}, patience()).ok());
}

// What a visitor throws concerns those who asked, and nobody who happens to read.
TEST_F(netlink_flight, an_exception_waits_for_whoever_asked) {
  client kernel(NETLINK_ROUTE);
  struct enough {};
  int visits = 0;
  message_builder loopback(RTM_GETLINK);
  ask_for_loopback(loopback);
  const auto give_up = [&](const message_view&) {
    ++visits;
    throw enough();
  };
  pending one = kernel.start(loopback, give_up);
  pending two = kernel.start(loopback, give_up, answer_kind::object);
  message_builder other(RTM_NEWLINK);
  set_loopback_mtu(other, 1500);
  EXPECT_TRUE(kernel.request(other, {}, patience()).ok());
  EXPECT_TRUE(one.ready() && two.ready());
  for (pending* which : {&one, &two}) {
    EXPECT_THROW((void)kernel.wait(*which, patience()), enough);
    EXPECT_TRUE(kernel.wait(*which, patience()).ok()) << "its outcome is known all the same";
  }
  EXPECT_EQ(visits, 2);
}

// Notifications have the number of the request that caused them.
TEST_F(netlink_flight, a_member_of_a_group_tells_answers_from_notifications) {
  socket taken(NETLINK_ROUTE);
  taken.bind(address());
  taken.join(RTNLGRP_LINK);
  client kernel(std::move(taken));
  message_builder mtu(RTM_NEWLINK);
  set_loopback_mtu(mtu, 1400);
  pending own = kernel.start(mtu);
  home().run({"ip", "link", "set", "lo", "mtu", "1300"});
  std::set<std::string> names;
  message_builder links(RTM_GETLINK);
  ask_for_links(links);
  const dump_end end =
      kernel.dump(links, [&](const message_view& m) { names.insert(*rtnl::link::decode(m)->name); },
                  {.until = deadline::after(20s)});
  EXPECT_TRUE(end.clean());
  EXPECT_EQ(names, (std::set<std::string>{"lo"}));
  EXPECT_TRUE(own.ready());
  EXPECT_TRUE(kernel.wait(own, patience()).ok());
  batch all(kernel, {}, {.how = patience()});
  for (std::uint32_t i = 0; i < 3; ++i) {
    message_builder next(RTM_NEWLINK);
    set_loopback_mtu(next, 1500 + i);
    all.add(next);
  }
  all.flush();
  EXPECT_EQ(all.totals().done, 3U);
}

// From an overrun on the kernel drops answers without another word, until all has been read.
TEST_F(netlink_flight, a_request_after_an_overrun_has_its_answer) {
  socket taken(NETLINK_ROUTE);
  taken.set(so::rcvbuf{1});
  client kernel(std::move(taken));
  message_builder request(RTM_NEWLINK);
  set_loopback_mtu(request, 1500);
  std::vector<pending> several;
  several.reserve(20);
  for (int i = 0; i < 20; ++i) several.push_back(kernel.start(request));
  EXPECT_TRUE(kernel.wait(several[0], patience()).ok()) << "its acknowledgement is there";
  message_builder other(RTM_NEWLINK);
  set_loopback_mtu(other, 1400);
  EXPECT_TRUE(kernel.request(other, {}, patience()).ok());
  int unknown = 0;
  for (int i = 1; i < 20; ++i) {
    unknown += kernel.wait(several[static_cast<std::size_t>(i)], patience()).status ==
               request_status::unknown;
  }
  EXPECT_GT(unknown, 0) << "there was no overrun";
}

// ENOBUFS stands before everything that is in the buffer, and says nothing of what is there.
TEST_F(netlink_flight, after_an_overrun_each_has_the_outcome_that_is_known) {
  socket taken(NETLINK_ROUTE);
  taken.bind(address());
  taken.set(so::rcvbuf{8192});
  const std::uint32_t port = taken.local_address().pid();
  client kernel(std::move(taken));
  message_builder request(RTM_NEWLINK);
  set_loopback_mtu(request, 1500);
  pending before = kernel.start(request);
  fill_buffer_of(port);
  message_builder other(RTM_NEWLINK);
  set_loopback_mtu(other, 1400);
  pending lost = kernel.start(other);
  EXPECT_TRUE(kernel.wait(before, patience()).ok()) << "its acknowledgement is there";
  const outcome unknown = kernel.wait(lost, patience());
  EXPECT_EQ(unknown.status, request_status::unknown);
  EXPECT_EQ(unknown.error, std::errc::no_buffer_space);
  EXPECT_GT(kernel.foreign_datagrams(), 0U);
  EXPECT_TRUE(kernel.request(other, {}, patience()).ok());
}

// The same for an object: what was lost does not come, and is not waited for.
TEST_F(netlink_flight, an_object_that_was_lost_is_not_waited_for) {
  socket taken(NETLINK_ROUTE);
  taken.bind(address());
  taken.set(so::rcvbuf{8192});
  const std::uint32_t port = taken.local_address().pid();
  client kernel(std::move(taken));
  fill_buffer_of(port);
  message_builder link(RTM_GETLINK);
  ask_for_loopback(link);
  const outcome lost = kernel.get(link, {}, patience());
  EXPECT_EQ(lost.status, request_status::unknown);
  EXPECT_EQ(lost.error, std::errc::no_buffer_space);
  EXPECT_TRUE(kernel.get(link, {}, patience()).ok());
}

// What waiting for a stop needs is made before the kernel has been told anything.
TEST_F(netlink_flight, without_a_descriptor_for_the_stop_nothing_is_sent) {
  client kernel(NETLINK_ROUTE);
  const std::stop_source stop;
  message_builder request(RTM_NEWLINK, NLM_F_REQUEST | NLM_F_CREATE | NLM_F_EXCL);
  rtnl::link bridge;
  bridge.name = "late";
  bridge.info.emplace().kind = "bridge";
  bridge.encode(request);
  ::rlimit limit{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &limit), 0);
  const ::rlimit before = limit;
  limit.rlim_cur = 0;  // those that are open stay
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &limit), 0);
  std::string words;
  try {
    kernel.request(request, {}, {deadline::never(), stop.get_token()});
  } catch (const socket_error& error) {
    words = error.what();
  }
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_EQ(words, "eventfd: Too many open files (too many open files: raise the limit)");
  EXPECT_EQ(::if_nametoindex("late"), 0U);
}

}  // namespace
}  // namespace trivet::netlink
