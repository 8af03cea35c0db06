#include "tools/trivet/packet_record.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <system_error>
#include <utility>

namespace trivet::tool {
namespace {

packet::capture_file open_file(const std::string& path) {
  if (path != "-") return packet::capture_file::create(path);
  descriptor copy(::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3));
  if (!copy) {
    throw packet::file_error(errno, std::system_category(), "standard output");
  }
  return packet::capture_file(std::move(copy), "standard output");
}

packet::timestamp now() {
  return std::chrono::time_point_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now());
}

packet::pcapng::interface description_of(const packet::capture& source,
                                         const packet::capture_options& options,
                                         const std::string& os) {
  const packet::device& device = source.device();
  packet::pcapng::interface block;
  block.linktype = source.link().linktype;
  block.snaplen = options.snaplen;
  block.name = device.name;
  block.mac = device.mac;
  block.speed = device.speed;
  block.filter = options.filter;
  block.os = os;
  return block;
}

}  // namespace

packet_recorder::packet_recorder(const std::string& path, int stop, const packet::capture& source,
                                 const packet::capture_options& options, device_baseline baseline)
    : source_(source),
      file_(open_file(path)),
      baseline_(std::move(baseline)),
      start_(now()),
      last_statistics_(start_) {
  const auto section = packet::pcapng::section::of_this_machine();
  file_.watch_stop(stop);
  file_.add(section);
  file_.add(description_of(source, options, section.os));
  file_.flush();
}

void packet_recorder::write(const packet::frame& frame, packet::ring_loss loss) {
  packet::pcapng::packet block;
  block.time = frame.time;
  block.data = frame.data;
  block.wire_size = frame.wire_size;
  block.flags = packet::pcapng::flags_of(frame.pkttype());
  std::string comment;
  if (loss.frames > 0) block.dropcount = loss.frames;
  if (loss.gaps > 1) {
    comment = fmt::format(
        "{} packets were lost in {} places: the first is before this packet, the others behind it",
        loss.frames, loss.gaps);
    block.comment = comment;
  }
  file_.add(block);
  ++added_;
  is_new_ = true;
}

void packet_recorder::flush() {
  const auto time = now();
  if (is_new_ && time - last_statistics_ >= std::chrono::seconds(1)) {
    add_statistics();
    last_statistics_ = time;
    is_new_ = false;
  }
  file_.flush();
}

void packet_recorder::add_statistics() {
  const packet::ring_statistics counted = source_.statistics();
  packet::pcapng::statistics block;
  block.time = now();
  block.start = start_;
  block.end = block.time;
  if (const auto device = baseline_.counters.read(); device && baseline_.at_start) {
    block.received = device->received - baseline_.at_start->received;
    block.if_dropped = device->dropped - baseline_.at_start->dropped;
  }
  block.accepted = counted.accepted - source_.not_matched();
  block.os_dropped = counted.dropped;
  block.delivered = added_;
  file_.add(block);
}

void packet_recorder::finish() {
  add_statistics();
  file_.close();
}

}  // namespace trivet::tool
