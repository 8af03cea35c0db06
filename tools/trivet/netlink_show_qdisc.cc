// Queueing disciplines in the words of tc(8): what all have is read by libnl; qdisc_options.h has
// what each kind says.
#include <fmt/core.h>
#include <linux/gen_stats.h>
#include <linux/rtnetlink.h>

#include "tools/trivet/command.h"
#include "tools/trivet/context.h"
#include "tools/trivet/failure.h"
#include "tools/trivet/netlink_show.h"
#include "tools/trivet/qdisc_options.h"
#include "tools/trivet/qdisc_values.h"
#include "trivet/netlink/interop/libnl.h"

namespace trivet::tool {
namespace {

using netlink::attribute;
using netlink::message_builder;
using netlink::message_view;

constexpr help_text qdisc_help = {
    .summary = "print queueing disciplines",
    .details =
        "Of all links, or with 'dev NAME' of one, in the words of 'tc qdisc show'; with -s also\n"
        "their counters, and with -d more of their options. Known are bfifo, cake, cbs, choke,\n"
        "clsact, codel, drr, etf, ets, fq, fq_codel, fq_pie, gred, hfsc, hhf, htb, ingress, mq,\n"
        "mqprio, multiq, netem, noop, noqueue, pfifo, pfifo_fast, pfifo_head_drop, pie, plug,\n"
        "prio, qfq, red, sfb, sfq, skbprio, taprio and tbf; of other kinds what all of them have\n"
        "is printed. JSON has the keys of 'tc -j qdisc', and no key options where they are not\n"
        "known. Needs no privilege.",
    .examples =
        "trivet netlink qdisc\n"
        "trivet netlink -s qdisc show dev eth0\n"
        "# where packets are dropped\n"
        "trivet netlink -s qdisc -j | jq -c '.[] | select(.drops > 0)'\n"};

/// "1:", "1:10", ":3". Source: tc(8), HANDLES AND CLASSES
std::string class_id(std::uint32_t id) {
  const std::uint32_t major = TC_H_MAJ(id) >> 16;
  const std::uint32_t minor = TC_H_MIN(id);
  if (major == 0) return fmt::format(":{:x}", minor);
  if (minor == 0) return fmt::format("{:x}:", major);
  return fmt::format("{:x}:{:x}", major, minor);
}

void show_counters(show_writer& out, ::rtnl_tc* tc) {
  const auto count = [&](::rtnl_tc_stat which) { return ::rtnl_tc_get_stat(tc, which); };
  out.text("\n ");
  out.number("bytes", "Sent ", count(RTNL_TC_BYTES), " bytes ");
  out.number("packets", "", count(RTNL_TC_PACKETS), " pkt ");
  out.number("drops", "(dropped ", count(RTNL_TC_DROPS), ", ");
  out.number("overlimits", "overlimits ", count(RTNL_TC_OVERLIMITS), " ");
  out.number("requeues", "requeues ", count(RTNL_TC_REQUEUES), ") \n ");
  out.number("backlog", "backlog ", count(RTNL_TC_BACKLOG), "b ");
  out.number("qlen", "", count(RTNL_TC_QLEN), "p ");
  out.text(fmt::format("requeues {}", count(RTNL_TC_REQUEUES)));
}

/// What the kind alone counts: TCA_STATS_APP, of which TCA_XSTATS is the older copy that not every
/// kind has.
std::optional<attribute> own_counts(const attributes_of& attributes) {
  if (const attribute* all = attributes.find(TCA_STATS2)) {
    const attributes_of inner(all->data);
    if (const attribute* own = inner.find(TCA_STATS_APP)) return *own;
  }
  const attribute* own = attributes.find(TCA_XSTATS);
  return own == nullptr ? std::nullopt : std::optional(*own);
}

/// Whether a device does the work, and the blocks of filters that are shared with other links.
void show_blocks(show_writer& out, const attributes_of& attributes) {
  const attribute* const offloaded = attributes.find(TCA_HW_OFFLOAD);
  out.yes("offloaded", "offloaded ",
          offloaded != nullptr && offloaded->number<std::uint8_t>().value_or(0) != 0);
  if (const auto block = attributes.number(TCA_INGRESS_BLOCK).value_or(0); block != 0) {
    out.number("ingress_block", "ingress_block ", block);
  }
  if (const auto block = attributes.number(TCA_EGRESS_BLOCK).value_or(0); block != 0) {
    out.number("egress_block", "egress_block ", block);
  }
}

void show_qdisc(show_session& s, const message_view& message, bool with_device) {
  const auto qdisc = netlink::interop::object_of<::rtnl_qdisc>(message);
  if (!qdisc) throw failure("RTM_GETQDISC", "libnl cannot read what the kernel answers");
  ::rtnl_tc* const tc = netlink::interop::as_tc(qdisc.get());
  const char* const name = ::rtnl_tc_get_kind(tc);
  const std::string_view kind = name == nullptr ? "" : name;
  show_writer& out = s.out;
  out.open();
  out.text("qdisc ");
  out.painted(ink::name, "kind", "", kind);
  out.string("handle", "", fmt::format("{:x}:", ::rtnl_tc_get_handle(tc) >> 16));
  if (with_device) {
    out.painted(ink::name, "dev", "dev ", s.names.link(::rtnl_tc_get_ifindex(tc)));
  }
  const std::uint32_t parent = ::rtnl_tc_get_parent(tc);
  if (parent == TC_H_ROOT) {
    out.yes("root", "root ");
  } else if (parent != 0) {
    out.string("parent", "parent ", class_id(parent));
  }
  // libnl keeps it and does not tell it.
  const std::uint32_t references = message.structure<::tcmsg>().tcm_info;
  if (references != 1) out.number("refcnt", "refcnt ", references);
  const attributes_of attributes(message.attributes<::tcmsg>());
  show_blocks(out, attributes);
  const qdisc_kind* const known = find_qdisc_kind(kind);
  if (known != nullptr) {
    out.open("options");
    const attribute* options = attributes.find(TCA_OPTIONS);
    if (options != nullptr && known->options != nullptr) {
      known->options(out, options->data,
                     {.details = s.options.details, .statistics = s.options.statistics > 0});
    }
    out.close();
  }
  if (s.options.statistics > 0) {
    show_counters(out, tc);
    const std::optional<attribute> counts = own_counts(attributes);
    if (counts && known != nullptr && known->counts != nullptr) {
      out.text("\n  ");
      known->counts(out, counts->data);
    }
  }
  out.close_line();
}

void show_qdiscs(context& ctx, const netlink_options& options, selector_words words) {
  show_session session(ctx, options);
  session.learn_links();
  std::optional<std::uint32_t> device;
  while (!words.empty()) {
    const std::string word = words.take("SELECTOR");
    if (word != "dev") throw usage_error(fmt::format("SELECTOR: '{}' is not 'dev'", word));
    device = session.link_index(words.take("dev"));
  }
  message_builder request(RTM_GETQDISC);
  request.structure(::tcmsg{});
  session.out.begin();
  session.stream("RTM_GETQDISC", request, [&](const message_view& message) {
    if (message.type() != RTM_NEWQDISC) return;
    const int link = message.structure<::tcmsg>().tcm_ifindex;
    if (device && static_cast<std::uint32_t>(link) != *device) return;
    show_qdisc(session, message, !device);
  });
  session.out.end();
}

}  // namespace

void add_qdisc_show(CLI::App& netlink, context& ctx, const shared_options& options) {
  add_show_verb(netlink, ctx, options, "qdisc", "look at queueing disciplines", qdisc_help,
                show_qdiscs);
}

}  // namespace trivet::tool
