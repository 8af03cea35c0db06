// Every option of level SOL_SOCKET on the running kernel: what it says at first, what it says after
// it was set, and ENOPROTOOPT, nothing else, where the kernel is too old for it.
#include <gtest/gtest.h>
#include <linux/capability.h>
#include <linux/net_tstamp.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <time.h>

#include <cerrno>
#include <chrono>
#include <compare>
#include <concepts>
#include <cstdio>
#include <cstring>
#include <functional>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "tests/lab/privilege.h"
#include "trivet/base/error.h"
#include "trivet/base/so.h"
#include "trivet/base/socket_base.h"

namespace trivet {
namespace {

using namespace std::chrono_literals;

// The base as it is, without a family on top.
class bare_socket final : public socket_base {
 public:
  bare_socket(int family, int type, int protocol = 0) : socket_base(family, type, protocol) {}
};

bare_socket udp() { return {AF_INET, SOCK_DGRAM}; }
bare_socket tcp() { return {AF_INET, SOCK_STREAM}; }
bare_socket unix_dgram() { return {AF_UNIX, SOCK_DGRAM}; }
bare_socket unix_stream() { return {AF_UNIX, SOCK_STREAM}; }

// A kernel's version. The default is older than any that this is built for.
struct version {
  int major = 0;
  int minor = 0;
  friend auto operator<=>(const version&, const version&) = default;
};

version running() {
  ::utsname name{};
  version result;
  ::uname(&name);
  std::sscanf(name.release, "%d.%d", &result.major, &result.minor);
  return result;
}

// ---- What does not compile.

template <class S, class O>
concept can_get = requires(const S& socket) {
  socket.template get<O>();
};
template <class S, class O>
concept can_set = requires(S& socket, const O& option) {
  socket.set(option);
};

static_assert(can_get<bare_socket, so::rcvbuf> && can_set<bare_socket, so::rcvbuf>);
static_assert(!can_get<bare_socket, so::rcvbufforce> && can_set<bare_socket, so::rcvbufforce>);
static_assert(!can_get<bare_socket, so::sndbufforce>);
static_assert(!can_get<bare_socket, so::attach_filter>);
static_assert(!can_get<bare_socket, so::detach_filter>);
static_assert(!can_get<bare_socket, so::busy_poll_budget>);
static_assert(!can_get<bare_socket, so::cnx_advice>);
static_assert(!can_get<bare_socket, so::inq>);
static_assert(can_get<bare_socket, so::cookie> && !can_set<bare_socket, so::cookie>);
static_assert(!can_set<bare_socket, so::error> && !can_set<bare_socket, so::domain>);
static_assert(!can_set<bare_socket, so::sndlowat>);
static_assert(!can_get<bare_socket, int> && !can_set<bare_socket, int>);
static_assert(
    noexcept(std::declval<const bare_socket&>().get<so::rcvbuf>(std::declval<std::error_code&>())));

// ---- Options that are set and read back.

template <class V>
bool same(const V& a, const V& b) {
  if constexpr (std::equality_comparable<V>) {
    return a == b;
  } else {
    static_assert(std::is_trivially_copyable_v<V>);
    return std::memcmp(&a, &b, sizeof a) == 0;
  }
}

struct option_case {
  std::string name;
  std::function<void()> check;

  friend std::ostream& operator<<(std::ostream& out, const option_case& c) { return out << c.name; }
};

// What may be said of an option beside its values.
struct facts {
  version since{};
  bool needs_configuration = false;  // of the kernel: may be missing from any
};

template <class O>
using value_of = typename O::value_type;

template <class O>
void set_and_get(bare_socket (*open)(), const std::optional<value_of<O>>& initial,
                 const value_of<O>& other, const value_of<O>& answer, const facts& known) {
  bare_socket socket = open();
  std::error_code ec;
  const value_of<O> before = socket.get<O>(ec);
  if (running() < known.since || (known.needs_configuration && ec)) {
    EXPECT_EQ(ec, std::errc::no_protocol_option);
    socket.set(O{{other}}, ec);
    EXPECT_EQ(ec, std::errc::no_protocol_option);
    try {
      socket.set(O{{other}});
      FAIL() << "set";
    } catch (const socket_error& e) {
      EXPECT_NE(std::string(e.what()).find("does not know the option"), std::string::npos);
    }
    return;
  }
  ASSERT_FALSE(ec) << ec.message();
  EXPECT_TRUE(!initial || same(before, *initial)) << "the initial value";
  ASSERT_FALSE(same(before, answer)) << "the test would show nothing";
  socket.set(O{{other}}, ec);
  ASSERT_FALSE(ec) << ec.message();
  EXPECT_TRUE(same(socket.get<O>(), answer)) << "the value that was set";
  EXPECT_TRUE(same(open().get<O>(), before)) << "another socket's";
}

template <class O>
option_case is(const char* name, bare_socket (*open)(), const value_of<O>& initial,
               const value_of<O>& other, const facts& known = {}) {
  return {name, [=] { set_and_get<O>(open, initial, other, other, known); }};
}

class settable : public ::testing::TestWithParam<option_case> {};

TEST_P(settable, says_what_was_set) { GetParam().check(); }

const option_case settable_options[] = {
    is<so::bindtodevice>("bindtodevice", udp, "", "lo"),
    is<so::bindtoifindex>("bindtoifindex", udp, 0, 1),
    is<so::broadcast>("broadcast", udp, false, true),
    is<so::buf_lock>("buf_lock", udp, 0, SOCK_RCVBUF_LOCK, {{5, 15}}),
    is<so::busy_poll>("busy_poll", udp, 0, 50, {.needs_configuration = true}),
    is<so::debug>("debug", udp, false, true),
    is<so::dontroute>("dontroute", udp, false, true),
    is<so::incoming_cpu>("incoming_cpu", udp, -1, 0),
    is<so::keepalive>("keepalive", tcp, false, true),
    is<so::linger>("linger", tcp, std::nullopt, 5s),
    is<so::lock_filter>("lock_filter", udp, false, true),
    is<so::mark>("mark", udp, 0, 0xfedcba98),
    is<so::max_pacing_rate>("max_pacing_rate", tcp, ~std::uint64_t{0}, 5'000'000'000),
    is<so::nofcs>("nofcs", udp, false, true),
    is<so::no_check>("no_check", udp, false, true),
    is<so::oobinline>("oobinline", tcp, false, true),
    is<so::passcred>("passcred", unix_dgram, false, true),
    is<so::passpidfd>("passpidfd", unix_dgram, false, true, {{6, 5}}),
    is<so::passrights>("passrights", unix_dgram, true, false, {{6, 16}}),
    is<so::peek_off>("peek_off", unix_dgram, -1, 4),
    is<so::prefer_busy_poll>("prefer_busy_poll", udp, false, true, {.needs_configuration = true}),
    is<so::priority>("priority", udp, 0, 7),
    {"rcvbuf", [] { set_and_get<so::rcvbuf>(udp, std::nullopt, 8192, 16384, {}); }},
    is<so::rcvlowat>("rcvlowat", unix_stream, 1, 10),
    is<so::rcvmark>("rcvmark", udp, false, true, {{5, 19}}),
    is<so::rcvpriority>("rcvpriority", udp, false, true, {{6, 14}}),
    is<so::rcvtimeo>("rcvtimeo", udp, 0us, 2'000'000us),
    is<so::reuseaddr>("reuseaddr", tcp, false, true),
    is<so::reuseport>("reuseport", tcp, false, true),
    is<so::rxq_ovfl>("rxq_ovfl", udp, false, true),
    is<so::select_err_queue>("select_err_queue", udp, false, true),
    {"sndbuf", [] { set_and_get<so::sndbuf>(udp, std::nullopt, 8192, 16384, {}); }},
    is<so::sndtimeo>("sndtimeo", udp, 0us, 2'000'000us),
    is<so::timestamp>("timestamp", udp, false, true),
    is<so::timestamping>("timestamping", udp, {0, 0},
                         {SOF_TIMESTAMPING_SOFTWARE | SOF_TIMESTAMPING_RX_SOFTWARE, 0}),
    is<so::timestampns>("timestampns", udp, false, true),
    {"txrehash",
     [] {
       set_and_get<so::txrehash>(tcp, std::nullopt, 0, 0, {{5, 18}});
     }},
    is<so::txtime>("txtime", udp, {0, 0}, {CLOCK_MONOTONIC, SOF_TXTIME_REPORT_ERRORS}),
    is<so::wifi_status>("wifi_status", udp, false, true),
    is<so::zerocopy>("zerocopy", udp, false, true),
};

INSTANTIATE_TEST_SUITE_P(so, settable, ::testing::ValuesIn(settable_options),
                         [](const auto& test) { return test.param.name; });

// ---- The same options, where they cannot be.

TEST(option, of_another_family_fails_with_its_cure) {
  bare_socket stream = unix_stream();
  std::error_code ec;
  stream.set(so::zerocopy{{true}}, ec);
  EXPECT_TRUE(ec);
  try {
    stream.set(so::zerocopy{{true}});
    FAIL() << "AF_UNIX has no zero copy";
  } catch (const socket_error& e) {
    EXPECT_NE(std::string(e.what()).find("setsockopt so::zerocopy: "), std::string::npos)
        << e.what();
    EXPECT_NE(e.advice(), "");
  }
}

TEST(option, in_use_elsewhere_says_so_by_its_name) {
  try {
    (void)udp().get<so::peercred>();
    (void)unix_dgram().get<so::peergroups>();
    FAIL() << "nobody is connected";
  } catch (const socket_error& e) {
    EXPECT_NE(std::string(e.what()).find("getsockopt so::peer"), std::string::npos) << e.what();
  }
}

// No kernel has it: there is nothing to tell it from an option that this kernel is too old for.
struct from_the_future : so::get_set<9999, int> {};

TEST(option, that_no_kernel_knows_fails_with_enoprotoopt) {
  std::error_code ec;
  EXPECT_EQ(udp().get<from_the_future>(ec), 0);
  EXPECT_EQ(ec, std::errc::no_protocol_option);
  udp().set(from_the_future{{1}}, ec);
  EXPECT_EQ(ec, std::errc::no_protocol_option);
  EXPECT_EQ(unix_dgram().get<from_the_future>(ec), 0);
  EXPECT_EQ(ec, std::errc::no_protocol_option);
}

TEST(option, of_a_closed_socket_fails_with_ebadf) {
  bare_socket socket = udp();
  socket.close();
  std::error_code ec;
  (void)socket.get<so::rcvbuf>(ec);
  EXPECT_EQ(ec, std::errc::bad_file_descriptor);
  (void)socket.get<so::bindtodevice>(ec);
  EXPECT_EQ(ec, std::errc::bad_file_descriptor);
  socket.set(so::rcvbuf{{1}}, ec);
  EXPECT_EQ(ec, std::errc::bad_file_descriptor);
}

TEST(option, refuses_values_that_the_kernel_refuses) {
  bare_socket socket = udp();
  EXPECT_THROW(socket.set(so::rcvtimeo{{-1us}}), socket_error) << "EDOM";
  EXPECT_THROW(socket.set(so::buf_lock{{1 << 20}}), socket_error);
  EXPECT_THROW(socket.set(so::timestamping{{{-1, 0}}}), socket_error);
  EXPECT_EQ(socket.get<so::rcvtimeo>(), 0us);
  socket.set(so::linger{{std::chrono::seconds::max()}});
  EXPECT_GT(socket.get<so::linger>(), 1h);
  socket.set(so::linger{{-5s}});
  EXPECT_EQ(socket.get<so::linger>(), 0s);
  socket.set(so::linger{{std::nullopt}});
  EXPECT_EQ(socket.get<so::linger>(), std::nullopt);
}

// ---- Options that are only set.

TEST(force_buffers, go_beyond_the_limit_that_the_others_keep) {
  bare_socket socket = udp();
  constexpr int huge = 1 << 28;
  socket.set(so::rcvbuf{{huge}});
  socket.set(so::sndbuf{{huge}});
  EXPECT_LT(socket.get<so::rcvbuf>(), huge) << "capped without a word";
  EXPECT_LT(socket.get<so::sndbuf>(), huge);
  socket.set(so::rcvbufforce{{huge}});
  socket.set(so::sndbufforce{{huge}});
  EXPECT_EQ(socket.get<so::rcvbuf>(), 2 * huge);
  EXPECT_EQ(socket.get<so::sndbuf>(), 2 * huge);
}

TEST(set_only, are_taken) {
  bare_socket socket = udp();
  std::error_code ec;
  socket.set(so::busy_poll_budget{{16}}, ec);
  EXPECT_TRUE(!ec || ec == std::errc::no_protocol_option) << ec.message();
  if (!ec) {
    EXPECT_THROW(socket.set(so::busy_poll_budget{{70000}}), socket_error);
  }
  tcp().set(so::cnx_advice{{1}});
  unix_stream().set(so::inq{{true}}, ec);
  EXPECT_EQ(ec.value(), (running() < version{6, 17}) ? ENOPROTOOPT : 0);
}

// Where no memory cgroup counts the socket there is nothing to reserve from.
TEST(reserve_mem, is_reserved_or_said_to_be_unsupported) {
  bare_socket socket = tcp();
  std::error_code ec;
  EXPECT_EQ(socket.get<so::reserve_mem>(ec), 0);
  if (running() < version{5, 16}) {
    EXPECT_EQ(ec, std::errc::no_protocol_option);
    return;
  }
  ASSERT_FALSE(ec);
  socket.set(so::reserve_mem{{1 << 16}}, ec);
  if (ec) {
    EXPECT_EQ(ec, std::errc::operation_not_supported);
  } else {
    EXPECT_EQ(socket.get<so::reserve_mem>(), 1 << 16);
  }
}

// Without a security module there are no labels to pass.
TEST(passsec, is_set_or_said_to_be_unsupported) {
  bare_socket socket = unix_dgram();
  std::error_code ec;
  EXPECT_FALSE(socket.get<so::passsec>(ec));
  if (!ec) socket.set(so::passsec{{true}}, ec);
  if (ec) {
    EXPECT_EQ(ec, std::errc::operation_not_supported);
    EXPECT_GE(running(), (version{6, 16})) << "older ones take it and do nothing";
  } else {
    EXPECT_TRUE(socket.get<so::passsec>());
  }
}

// ---- Without the privilege.

template <class O>
void is_forbidden(bare_socket (*open)(), const value_of<O>& value, version since = {}) {
  bare_socket socket = open();
  if (running() < since) return;
  std::error_code ec;
  socket.set(O{{value}}, ec);
  if (ec == std::errc::no_protocol_option) return;
  EXPECT_TRUE(ec.value() == EPERM || ec.value() == EACCES) << typeid(O).name() << ec.message();
  try {
    socket.set(O{{value}});
  } catch (const not_permitted& e) {
    EXPECT_NE(e.advice().find("CAP_NET_ADMIN"), std::string::npos) << e.what();
  }
}

TEST(option, that_needs_a_capability_is_not_permitted_without_it) {
  EXPECT_EQ(lab::without({CAP_NET_ADMIN, CAP_NET_RAW},
                         [] {
                           // 6.18 asks nobody for it any more.
                           if (running() < version{6, 2}) is_forbidden<so::busy_poll>(udp, 50);
                           is_forbidden<so::busy_poll_budget>(udp, 64);
                           is_forbidden<so::debug>(udp, true);
                           is_forbidden<so::mark>(udp, 1);
                           is_forbidden<so::prefer_busy_poll>(udp, true);
                           is_forbidden<so::priority>(udp, 7);
                           is_forbidden<so::rcvbufforce>(udp, 1 << 20);
                           is_forbidden<so::sndbufforce>(udp, 1 << 20);
                           bare_socket bound = udp();
                           bound.set(so::bindtodevice{{"lo"}});
                           EXPECT_THROW(bound.set(so::bindtodevice{{""}}), not_permitted);
                           udp().set(so::priority{{6}});
                           return 0;
                         }),
            0);
}

TEST(option, opening_a_raw_socket_names_the_capability) {
  EXPECT_EQ(lab::without({CAP_NET_RAW},
                         [] {
                           for (const auto& [family, protocol] :
                                {std::pair{AF_PACKET, 0}, {AF_INET, IPPROTO_ICMP}}) {
                             try {
                               bare_socket raw(family, SOCK_RAW, protocol);
                               ADD_FAILURE() << "opened";
                             } catch (const not_permitted& e) {
                               EXPECT_EQ(e.code(), std::errc::operation_not_permitted);
                               EXPECT_EQ(e.advice(), "needs CAP_NET_RAW: run as root");
                             }
                           }
                           return 0;
                         }),
            0);
}

}  // namespace
}  // namespace trivet
