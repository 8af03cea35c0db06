// The kinds that sort packets into bands and classes: prio, multiq, ets, htb and
// hfsc.
#include <fmt/core.h>
#include <linux/pkt_sched.h>

#include "tools/trivet/qdisc_kinds.h"
#include "tools/trivet/qdisc_values.h"

namespace trivet::tool {

using netlink::attribute;
using netlink::attribute_reader;

void show_priorities(show_writer& out, const_bytes bytes, const extent&) {
  const auto bands = load_padded<::tc_prio_qopt>(bytes);
  out.number("bands", "bands ", bands.bands);
  out.open_list("priomap");
  out.text("priomap ");
  for (const std::uint8_t band : bands.priomap) out.number("", "", unsigned{band});
  out.close_list();
  out.member("multiqueue", false);  // a kernel since 2.6.27 has mq for that
}

void show_bands_of_queues(show_writer& out, const_bytes bytes, const extent&) {
  const auto multiq = load_padded<::tc_multiq_qopt>(bytes);
  out.number("bands", "bands ", unsigned{multiq.bands}, "");
  out.number("max_bands", "/", unsigned{multiq.max_bands});
}

void show_transmission_selection(show_writer& out, const_bytes bytes, const extent&) {
  const attributes_of ets(bytes);
  const auto octet = [](const attribute& a) -> unsigned {
    return a.number<std::uint8_t>().value_or(0);
  };
  if (const attribute* bands = ets.find(TCA_ETS_NBANDS)) {
    out.number("bands", "bands ", octet(*bands));
  }
  if (const attribute* strict = ets.find(TCA_ETS_NSTRICT)) {
    out.number("strict", "strict ", octet(*strict));
  }
  const auto list = [&](std::uint16_t nest, std::string_view key, const auto& value) {
    const attribute* all = ets.find(nest);
    if (all == nullptr) return;
    out.open_list(key);
    out.text(fmt::format("{} ", key));
    attribute_reader in(all->data);
    for (attribute one; in.next(one);) out.number("", "", value(one));
    out.close_list();
  };
  list(TCA_ETS_QUANTA, "quanta",
       [](const attribute& a) { return a.number<std::uint32_t>().value_or(0); });
  list(TCA_ETS_PRIOMAP, "priomap", octet);
}

void show_bucket_tree(show_writer& out, const_bytes bytes, const extent& how_much) {
  const attributes_of attributes(bytes);
  if (const attribute* init = attributes.find(TCA_HTB_INIT)) {
    const auto global = init->structure<::tc_htb_glob>();
    out.number("r2q", "r2q ", global.rate2quantum);
    out.hexadecimal("default", "default ", global.defcls);
    out.number("direct_packets_stat", "direct_packets_stat ", global.direct_pkts);
    if (how_much.details) {
      out.string("ver", "ver ",
                 fmt::format("{}.{}", global.version >> 16, global.version & 0xffffU));
    }
  }
  constexpr number_row length[] = {{TCA_HTB_DIRECT_QLEN, "direct_qlen", shape::count}};
  show_rows(out, length, attributes);
  if (attributes.find(TCA_HTB_OFFLOAD) != nullptr) {
    out.null("offload");
    out.text("offload ");
  }
}

void show_service_curves(show_writer& out, const_bytes bytes, const extent&) {
  const unsigned rest = load_padded<::tc_hfsc_qopt>(bytes).defcls;
  if (rest == 0) return;
  out.member("default", fmt::format("{:#x}", rest));
  out.text(fmt::format("default {:x} ", rest));
}

}  // namespace trivet::tool
