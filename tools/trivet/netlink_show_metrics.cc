#include <fmt/core.h>
#include <linux/rtnetlink.h>

#include <array>

#include "tools/trivet/netlink_show_route.h"

namespace trivet::tool {
namespace {

using netlink::attribute;
using netlink::attribute_reader;

constexpr std::string_view metric_names[] = {
    "",         "lock",    "mtu",      "window",     "rtt",      "rttvar",
    "ssthresh", "cwnd",    "advmss",   "reordering", "hoplimit", "initcwnd",
    "features", "rto_min", "initrwnd", "quickack",   "congctl",  "fastopen_no_cookie"};

std::string duration(std::uint32_t milliseconds) {
  return milliseconds >= 1000 ? fmt::format("{:g}s ", milliseconds / 1e3)
                              : fmt::format("{}ms ", milliseconds);
}

}  // namespace

void show_metrics(show_writer& out, const_bytes metrics) {
  std::array<const_bytes, RTAX_MAX + 1> values{};
  std::uint32_t present = 0;
  attribute_reader in(metrics);
  for (attribute a; in.next(a);) {
    if (a.type > RTAX_MAX) continue;
    values[a.type] = a.data;
    present |= 1U << a.type;
  }
  const std::uint32_t locked = load_padded<std::uint32_t>(values[RTAX_LOCK]);
  out.open_list("metrics");
  out.open();
  for (unsigned i = RTAX_MTU; i <= RTAX_MAX; ++i) {
    if (((present | locked) >> i & 1) == 0) continue;
    auto value = load_padded<std::uint32_t>(values[i]);
    if (i == RTAX_HOPLIMIT && value == ~0U) continue;
    out.text(metric_names[i]);
    out.text((locked >> i & 1) != 0 ? " lock " : " ");
    switch (i) {
      case RTAX_FEATURES:
        if ((value & RTAX_FEATURE_ECN) != 0) {
          out.null("ecn");
          out.text("ecn ");
        }
        if ((value & ~std::uint32_t{RTAX_FEATURE_ECN}) != 0) {
          out.hexadecimal("features", "", value);
        }
        break;
      case RTAX_RTT:
      case RTAX_RTTVAR:
      case RTAX_RTO_MIN:
        // Smoothed values have fractions of 1/8 and 1/4 of a millisecond. Source: tcp_input.c
        value /= i == RTAX_RTT ? 8 : i == RTAX_RTTVAR ? 4 : 1;
        out.member(metric_names[i], value);
        out.text(duration(value));
        break;
      case RTAX_CC_ALGO:
        out.string("congestion", "", attribute{RTAX_CC_ALGO, false, false, values[i]}.text());
        break;
      default:
        out.number(metric_names[i], "", value);
    }
  }
  out.close();
  out.close_list();
}

}  // namespace trivet::tool
