// Capture filters: libpcap's expressions, compiled to classic BPF and attached to a socket.
//
//   const auto web = packet::filter::compile("tcp port 80", {.link = link_layer_of(ARPHRD_ETHER)});
//   packet::socket tap;
//   packet::attach_filter(tap, web);      // before bind, so that nothing else gets in
//   tap.bind(packet::address("eth0"));
//
// VLAN. The kernel takes the outermost tag out of a frame before filters see it. An expression
// with the word `vlan` is therefore checked in two places: frames without such a tag by the kernel,
// frames with one by matches(), once the tag is back in its place. Other expressions see tagged
// frames as if they had no tag, as they do in libpcap.
#ifndef TRIVET_PACKET_FILTER_H_
#define TRIVET_PACKET_FILTER_H_

#include <linux/filter.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "trivet/base/error.h"
#include "trivet/packet/link_layer.h"
#include "trivet/packet/socket.h"

struct bpf_program;

namespace trivet::packet {

/// libpcap refused an expression: EINVAL, with its message as advice().
class filter_error : public socket_error {
 public:
  /// @param reason  libpcap's own words
  filter_error(std::string_view expression, std::string_view reason);
};

/// For which frames a filter is made.
struct filter_options {
  link_layer link;                         ///< what they begin with
  std::uint32_t snaplen = 262144;          ///< bytes kept of a frame: what the program returns
  std::optional<std::uint32_t> netmask{};  ///< for `ip broadcast`; network byte order
  bool drop_looped = false;                ///< not the first of the two sights of a loopback frame
};

/// A compiled filter; immutable, cheap to copy, shared freely between threads.
class filter {
 public:
  /// pcap_compile(3PCAP). An empty expression takes every frame. Throws filter_error, and
  /// socket_error (ELIBACC) where libpcap, which is loaded here, is not installed.
  /// Host names in it are resolved, which may take time.
  [[nodiscard]] static filter compile(std::string_view expression, const filter_options& options);

  /// Takes nothing.
  [[nodiscard]] static filter drop_all();

  /// What the kernel runs.
  [[nodiscard]] std::span<const ::sock_filter> program() const noexcept { return *program_; }

  /// Whether frames whose tag was taken out must be shown to matches().
  [[nodiscard]] bool rechecks_tagged() const noexcept { return wire_ != nullptr; }

  /// Runs the expression over a frame as it was on the wire; true where rechecks_tagged() is not.
  /// @param wire_size  the frame's length, of which `frame` may be the beginning
  [[nodiscard]] bool matches(const_bytes frame, std::uint32_t wire_size) const noexcept;

 private:
  filter() = default;

  std::shared_ptr<const std::vector<::sock_filter>> program_;
  std::shared_ptr<const ::bpf_program> wire_;
};

/// setsockopt(SO_ATTACH_FILTER): in place of the filter before.
/// @param lock  SO_LOCK_FILTER: nobody can change or remove it any more, this process included
/// Throws not_permitted where the filter before is locked.
void attach_filter(socket& s, const filter& f, bool lock = false);

/// Replaces the filter of a socket in use so that nothing that passed the one before is received
/// afterwards: takes nothing for a moment, empties the queue, attaches the new one. Not for a
/// socket with a ring, whose blocks recv cannot empty: receive_ring::stop, read until complete,
/// then attach_filter. Only a frame that another CPU is handling at that moment may come late. A
/// pending ENETDOWN is used up.
/// @return frames of the old filter that were thrown away
std::size_t replace_filter(socket& s, const filter& f);

}  // namespace trivet::packet

#endif  // TRIVET_PACKET_FILTER_H_
