#include "trivet/packet/filter.h"

#include <fmt/core.h>
#include <linux/if_arp.h>
#include <linux/if_packet.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <string>

#include "third_party/libpcap/load.h"
#include "trivet/base/so.h"

namespace trivet::packet {
namespace {

using program_code = std::vector<::sock_filter>;

constexpr ::sock_filter statement(int code, std::uint32_t k) {
  return {static_cast<std::uint16_t>(code), 0, 0, k};
}
constexpr ::sock_filter jump_if_equal(std::uint32_t k, std::uint8_t yes, std::uint8_t no) {
  return {BPF_JMP | BPF_JEQ | BPF_K, yes, no, k};
}
// A load of what the kernel knows beside the frame. Source: linux/filter.h (SKF_AD_)
constexpr ::sock_filter load_extra(int what) {
  return statement(BPF_LD | BPF_B | BPF_ABS, static_cast<std::uint32_t>(SKF_AD_OFF + what));
}

// A frame on a loopback interface passes twice, going out and coming in; the first is left out.
constexpr std::array skip_looped{
    load_extra(SKF_AD_PKTTYPE),    jump_if_equal(PACKET_OUTGOING, 0, 3),
    load_extra(SKF_AD_HATYPE),     jump_if_equal(ARPHRD_LOOPBACK, 0, 1),
    statement(BPF_RET | BPF_K, 0),
};

// What is returned for a frame that is still to be looked at.
constexpr std::uint32_t whole_frame = 0x40000;

bool is_packet_load(const ::bpf_insn& i) {
  const int kind = BPF_CLASS(i.code);
  const int mode = BPF_MODE(i.code);
  return (kind == BPF_LD || kind == BPF_LDX) &&
         (mode == BPF_ABS || mode == BPF_IND || mode == BPF_MSH);
}

bool loads_extra(const ::bpf_insn& i) {
  return is_packet_load(i) && i.k >= static_cast<std::uint32_t>(SKF_AD_OFF);
}

// In a SOCK_DGRAM socket the kernel's filter sees no link-layer header. What the compiler reads
// from the header that we put there later is to be had beside the frame.
struct cooked_field {
  std::uint32_t offset;
  int extra;
};
struct cooked_layout {
  std::uint32_t size;
  std::span<const cooked_field> fields;
};
constexpr cooked_field sll2_fields[] = {
    {0, SKF_AD_PROTOCOL}, {4, SKF_AD_IFINDEX}, {8, SKF_AD_HATYPE}, {10, SKF_AD_PKTTYPE}};
constexpr cooked_layout sll2_layout{20, sll2_fields};
constexpr cooked_field netlink_fields[] = {
    {0, SKF_AD_PKTTYPE}, {2, SKF_AD_HATYPE}, {14, SKF_AD_PROTOCOL}};
constexpr cooked_layout netlink_layout{16, netlink_fields};

bool to_cooked(::sock_filter& i, const cooked_layout& layout) {
  if (i.k >= static_cast<std::uint32_t>(SKF_AD_OFF)) return true;
  if (i.k >= layout.size) {
    i.k -= layout.size;
    return true;
  }
  for (const cooked_field& field : layout.fields) {
    if (field.offset == i.k && BPF_MODE(i.code) == BPF_ABS) {
      i = load_extra(field.extra);
      return true;
    }
  }
  return false;
}

// Whether `vlan` is one of the words: what a number, a name or a sign separates is no word.
bool mentions_vlan(std::string_view expression) {
  constexpr std::string_view part_of_word =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
  while (true) {
    const auto start = expression.find_first_of(part_of_word);
    if (start == std::string_view::npos) return false;
    expression.remove_prefix(start);
    const auto size = std::min(expression.find_first_not_of(part_of_word), expression.size());
    if (expression.substr(0, size) == "vlan") return true;
    expression.remove_prefix(size);
  }
}

void free_program(::bpf_program* program) {
  load_libpcap().freecode(program);
  delete program;
}

std::shared_ptr<::bpf_program> compile_expression(const std::string& expression,
                                                  const filter_options& options) {
  const libpcap& pcap = load_libpcap();
  const auto handle = pcap.own(pcap.open_dead(options.link.dlt, static_cast<int>(options.snaplen)));
  if (!handle) throw std::bad_alloc();
  std::shared_ptr<::bpf_program> program(new ::bpf_program{}, free_program);
  if (pcap.compile(handle.get(), program.get(), expression.c_str(), 1,
                   options.netmask.value_or(PCAP_NETMASK_UNKNOWN)) < 0) {
    throw filter_error(expression, pcap.geterr(handle.get()));
  }
  return program;
}

}  // namespace

filter_error::filter_error(std::string_view expression, std::string_view reason)
    : socket_error(errno_code(EINVAL), fmt::format("filter '{}'", expression), reason) {}

filter filter::compile(std::string_view expression, const filter_options& options) {
  if (options.snaplen == 0) throw filter_error(expression, "a snaplen of 0 takes no packet");
  // One without words needs no compiler, and no libpcap.
  const ::bpf_insn take_all{BPF_RET | BPF_K, 0, 0, options.snaplen};
  std::span<const ::bpf_insn> code(&take_all, 1);
  std::shared_ptr<::bpf_program> compiled;
  if (expression.find_first_not_of(" \t\r\n") != std::string_view::npos) {
    compiled = compile_expression(std::string(expression), options);
    code = {compiled->bf_insns, compiled->bf_len};
  }
  filter result;
  auto program = std::make_shared<program_code>();
  if (options.drop_looped) program->assign(skip_looped.begin(), skip_looped.end());
  if (mentions_vlan(expression)) {
    for (const ::bpf_insn& i : code) {
      if (loads_extra(i)) {
        throw filter_error(expression, "vlan cannot be combined with inbound, outbound, ifindex");
      }
    }
    result.wire_ = compiled;
    program->push_back(load_extra(SKF_AD_VLAN_TAG_PRESENT));
    program->push_back(jump_if_equal(0, 1, 0));
    program->push_back(statement(BPF_RET | BPF_K, whole_frame));
  }
  const cooked_layout& layout = options.link == netlink_link_layer ? netlink_layout : sll2_layout;
  for (const ::bpf_insn& i : code) {
    ::sock_filter copy{i.code, i.jt, i.jf, i.k};
    if (options.link.cooked && is_packet_load(i) && !to_cooked(copy, layout)) {
      throw filter_error(expression, "it looks at a part of the header that no kernel can show it");
    }
    program->push_back(copy);
  }
  if (program->size() > BPF_MAXINSNS) {
    throw filter_error(expression,
                       fmt::format("it compiles to {} instructions, the kernel takes {}",
                                   program->size(), BPF_MAXINSNS));
  }
  result.program_ = std::move(program);
  return result;
}

filter filter::drop_all() {
  filter result;
  result.program_ =
      std::make_shared<const program_code>(program_code{statement(BPF_RET | BPF_K, 0)});
  return result;
}

bool filter::matches(const_bytes frame, std::uint32_t wire_size) const noexcept {
  if (!wire_) return true;
  ::pcap_pkthdr header{};
  header.caplen = static_cast<std::uint32_t>(frame.size());
  header.len = wire_size;
  const void* const data = frame.data();
  return load_libpcap().offline_filter(wire_.get(), &header,
                                       static_cast<const unsigned char*>(data)) != 0;
}

void attach_filter(socket& s, const filter& f, bool lock) {
  std::error_code ec;
  s.set(so::attach_filter{f.program()}, ec);
  if (ec) {
    throw_socket_error(ec, "attach filter",
                       ec.value() == EPERM ? "the socket's filter is locked" : "");
  }
  if (lock) s.set(so::lock_filter{true});
}

std::size_t replace_filter(socket& s, const filter& f) {
  attach_filter(s, filter::drop_all());
  std::size_t thrown_away = 0;
  std::array<std::byte, 1> scrap;
  std::error_code ec;
  while (true) {
    s.receive(scrap, ec, {.flags = MSG_DONTWAIT});
    if (!ec) {
      ++thrown_away;
    } else if (ec.value() != ENETDOWN) {
      break;  // EAGAIN: it is empty
    }
  }
  attach_filter(s, f);
  return thrown_away;
}

}  // namespace trivet::packet
