#include "tools/trivet/netlink_decode.h"

#include <fmt/core.h>
#include <linux/netlink.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

#include "tools/trivet/command.h"
#include "tools/trivet/context.h"
#include "tools/trivet/failure.h"
#include "tools/trivet/input_file.h"
#include "tools/trivet/netlink_decode_input.h"
#include "tools/trivet/netlink_decode_run.h"
#include "tools/trivet/options.h"
#include "tools/trivet/stream.h"
#include "trivet/base/error.h"
#include "trivet/netlink/protocol.h"

namespace trivet::tool {
namespace {

constexpr help_text help = {
    .summary = "print what netlink messages mean",
    .details =
        "Reads a capture of an nlmon device (pcap or pcapng, as `trivet netlink sniff -w`,\n"
        "tcpdump and dumpcap write it), or messages in hexadecimal: as the argument, in a\n"
        "file, or on standard input where the argument is '-'. Digits may stand as\n"
        "xxd -p or strace -xx print them; an empty line stands between datagrams.\n"
        "Prints every message by name with its flags, and below it, at their offsets, its\n"
        "struct and its attributes by name and value, nests to their full depth. What has\n"
        "no name keeps its number and its bytes; a length that is wrong is said where it\n"
        "is. Requests and answers are paired: a request's line says how it ended.\n"
        "\n"
        "JSON, one object per message: number, time, direction, protocol, name, type,\n"
        "flags, seq, port, length, role, answers or cause, end, ended, flawed, and parts:\n"
        "kind, offset, length, type, name, value, meaning, hex, parts.",
    .examples =
        "trivet netlink decode nlmon0.pcapng\n"
        "trivet netlink decode 1400000012000103010000000000000000000000\n"
        "xxd -p message | trivet netlink decode - --protocol generic\n"
        "# the requests that failed, and why\n"
        "trivet netlink decode -j nlmon0.pcapng | jq -c 'select(.ended.errno) | .ended'\n"};

struct decode_arguments {
  std::string input;
  std::string protocol = "route";
};

/// What the argument means; nothing where it names no file.
std::optional<std::string> read_input(const std::string& input) {
  try {
    return input_file(input).read_all();
  } catch (const socket_error& error) {
    // Digits may be more than a name of a file can be.
    if (error.code() == std::errc::no_such_file_or_directory ||
        error.code() == std::errc::filename_too_long) {
      return std::nullopt;
    }
    throw;
  }
}

// libpcap reads files whose interfaces are alike.
std::string_view cure_of_capture(std::string_view error) {
  if (error.starts_with("an interface has a ")) {
    return "`tshark -r FILE -Y netlink -w - | editcap -T netlink -F nsecpcap - NEW` makes a file "
           "of "
           "one interface";
  }
  return "what came before is whole";
}

// The first bytes of a file that gzip has made. Source: RFC 1952
constexpr std::string_view gzip_start = "\x1f\x8b";

void decode_capture(context& ctx, const std::string& name, const std::string& file) {
  // Twice: a request's line says how it ended.
  request_ends ends;
  message_run first(ctx);
  each_datagram(name, file, [&](const netlink_datagram& d) { first.look_at(d, ends); });
  message_run second(ctx, &ends);
  const capture_ending ending =
      each_datagram(name, file, [&](const netlink_datagram& d) { second.print(d); });
  std::string summary = second.summary();
  if (ending.others > 0) summary += fmt::format(", {} packets that are no netlink", ending.others);
  if (ending.short_packets > 0) {
    summary += fmt::format(", {} packets too short for a message", ending.short_packets);
  }
  end_stream(ctx, summary);
  if (!ending.error.empty()) throw failure(name, ending.error, cure_of_capture(ending.error));
  second.check(name);
}

void decode_hex(context& ctx, const std::string& name, const std::string& text, int protocol) {
  const auto datagrams = datagrams_of_hex(name, text);
  if (datagrams.empty()) throw usage_error(name + ": there are no bytes in it");
  request_ends ends;
  message_run first(ctx);
  message_run second(ctx, &ends);
  for (const auto& bytes : datagrams) {
    first.look_at({.protocol = protocol, .bytes = bytes}, ends);
  }
  for (const auto& bytes : datagrams) second.print({.protocol = protocol, .bytes = bytes});
  end_stream(ctx, second.summary());
  second.check(name);
}

void decode(context& ctx, const decode_arguments& arguments) {
  const auto protocol = netlink::protocol_number(arguments.protocol);
  if (!protocol) {
    throw usage_error(
        fmt::format("--protocol: '{}' is none: route, generic, sock_diag, netfilter, uevent … or a "
                    "number from 0 to "
                    "31",
                    arguments.protocol));
  }
  const auto file = read_input(arguments.input);
  if (file && file->starts_with(gzip_start)) {
    throw failure(arguments.input, "it is compressed", "`zcat FILE | trivet netlink decode -`");
  }
  if (file && is_capture(bytes_of(*file))) {
    return decode_capture(ctx, arguments.input == "-" ? "standard input" : arguments.input, *file);
  }
  if (file) {
    return decode_hex(ctx, arguments.input == "-" ? "standard input" : arguments.input, *file,
                      *protocol);
  }
  const std::string digits = "0123456789abcdefABCDEFxX\\ \t\n\r,:\"'";
  if (arguments.input.find_first_not_of(digits) != std::string::npos) {
    throw usage_error(arguments.input + ": there is no such file, and it is not hexadecimal");
  }
  decode_hex(ctx, "HEX", arguments.input, *protocol);
}

}  // namespace

void add_netlink_decode(CLI::App& noun, context& ctx) {
  auto arguments = std::make_shared<decode_arguments>();
  CLI::App& verb =
      add_verb(noun, ctx, "decode", help, [&ctx, arguments] { decode(ctx, *arguments); });
  add_option(verb, "FILE|HEX", arguments->input,
             "a capture, a file with hexadecimal digits, '-', or the digits themselves")
      .required();
  add_option(verb, "--protocol", arguments->protocol,
             "of messages in hexadecimal: route, generic, sock_diag, netfilter, uevent …")
      .type_name("NAME");
}

}  // namespace trivet::tool
