#include "tools/trivet/packet_print.h"

#include <fmt/core.h>
#include <linux/if_packet.h>

#include <chrono>

#include "tools/trivet/json.h"
#include "tools/trivet/packet_describe.h"
#include "tools/trivet/text.h"
#include "tools/trivet/time_text.h"
#include "trivet/base/interface.h"

namespace trivet::tool {
namespace {

struct way {
  const char* word;       ///< tcpdump's
  const char* direction;  ///< for JSON
  const char* to;         ///< of what came in
};

way way_of(std::uint8_t pkttype) {
  switch (pkttype) {
    case PACKET_HOST:
      return {"In", "in", "host"};
    case PACKET_BROADCAST:
      return {"B", "in", "broadcast"};
    case PACKET_MULTICAST:
      return {"M", "in", "multicast"};
    case PACKET_OTHERHOST:
      return {"P", "in", "other"};
    case PACKET_OUTGOING:
      return {"Out", "out", nullptr};
    default:
      return {"?", "unknown", nullptr};
  }
}

}  // namespace

packet_printer::packet_printer(context& ctx, packet::capture& source)
    : ctx_(ctx), source_(source) {}

void packet_printer::print(const packet::frame& frame, std::uint64_t lost) {
  ctx_.json ? print_json(frame, lost) : print_line(frame, lost);
}

const std::string& packet_printer::interface_of(const packet::frame& frame) {
  const int index = frame.link.sll_ifindex;
  const auto [entry, is_new] = names_.try_emplace(index);
  if (is_new) {
    entry->second = interface_name(source_.socket().native_handle(), index)
                        .value_or(index == source_.device().index ? source_.device().name
                                                                  : fmt::format("if{}", index));
  }
  return entry->second;
}

void packet_printer::print_line(const packet::frame& frame, std::uint64_t lost) {
  const auto what = describe_packet(source_.link().linktype, frame.data, frame.wire_size);
  if (lost > 0) {
    ctx_.out.line(ctx_.paint(ink::warning,
                             fmt::format("--- {} packets lost here: the ring was full ---", lost)));
  }
  std::string line = ctx_.paint(ink::faint, local_time(frame.time.time_since_epoch()));
  if (source_.device().index == 0) line += fmt::format(" {:<8}", interface_of(frame));
  line += fmt::format(" {:<3} {:>5} {}", way_of(frame.pkttype()).word, frame.wire_size,
                      printable(what.text));
  if (frame.data.size() < frame.wire_size) {
    line += ctx_.paint(ink::faint, fmt::format(" ({} captured)", frame.data.size()));
  }
  ctx_.out.line(line);
}

void packet_printer::print_json(const packet::frame& frame, std::uint64_t lost) {
  const auto what = describe_packet(source_.link().linktype, frame.data, frame.wire_size);
  const way direction = way_of(frame.pkttype());
  json_writer json;
  json.begin_object().member("time", universal_time(frame.time.time_since_epoch()));
  json.member("interface", interface_of(frame));
  json.member("direction", direction.direction);
  if (direction.to != nullptr) json.member("to", direction.to);
  json.member("length", frame.wire_size).member("captured", frame.data.size());
  if (lost > 0) json.member("lost_before", lost);
  json.key("protocols").begin_array();
  for (const std::string& protocol : what.protocols) json.value(protocol);
  json.end_array();
  if (!what.vlans.empty()) {
    json.key("vlans").begin_array();
    for (const packet::vlan_tag& tag : what.vlans) {
      json.begin_object().member("id", tag.id()).member("priority", tag.priority());
      json.member("tpid", fmt::format("0x{:04x}", tag.tpid)).end_object();
    }
    json.end_array();
  }
  if (!what.source.empty()) json.member("source", what.source);
  json.member("source_port", what.source_port);
  if (!what.destination.empty()) json.member("destination", what.destination);
  json.member("destination_port", what.destination_port);
  ctx_.out.line(json.member("text", what.text).end_object().take());
}

}  // namespace trivet::tool
