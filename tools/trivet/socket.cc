// trivet socket: addresses of every family, messages sent and received.
#include <fmt/core.h>

#include <algorithm>
#include <memory>

#include "tools/trivet/command.h"
#include "tools/trivet/context.h"
#include "tools/trivet/failure.h"
#include "tools/trivet/options.h"
#include "tools/trivet/socket_family.h"

namespace trivet::tool {
namespace {

constexpr help_text noun_help = {
    .summary = "send and receive over any address family",
    .details =
        "Addresses are written as the tuples of Python's socket module; the parentheses may\n"
        "be left out.",
    .examples =
        "trivet socket address inet \"('127.0.0.1', 80)\"\n"
        "trivet socket receive tipc '(TIPC_ADDR_NAME, 1000, 1, 0)' --echo\n"
        "trivet socket send tipc '(TIPC_ADDR_NAME, 1000, 1, 0)' --data hello --reply\n"};

constexpr help_text address_help = {
    .summary = "print an address's canonical tuple and its sockaddr",
    .details =
        "Prints two lines: the tuple, and the bytes that the kernel is given, in hexadecimal.\n"
        "With --json one object: family, address, length, sockaddr.",
    .examples =
        "trivet socket address unix @bus\n"
        "trivet socket address inet6 \"('fe80::1', 80, 0, 2)\"\n"
        "trivet socket address tipc '(1, 1000, 0, 99, 2)' -j\n"};

constexpr help_text send_help = {
    .summary = "send one message, or a stream",
    .details =
        "Sends the text of --data, or standard input where it is '-' or not given. Stream and\n"
        "seqpacket sockets connect first. Prints nothing, unless --json or --reply is given.",
    .examples =
        "trivet socket send unix /run/app.sock --data hello\n"
        "trivet socket send inet \"('127.0.0.1', 5000)\" --type stream < file\n"
        "trivet socket send tipc '(2, 1000, 1, 0)' --data ping --reply --timeout 2\n"};

constexpr help_text receive_help = {
    .summary = "print every message that arrives at an address",
    .details =
        "Prints the sender's tuple, the length and the data: text with control characters\n"
        "escaped, other bytes in hexadecimal after the word 'hex'. Stream and seqpacket\n"
        "sockets listen; each piece that a connection delivers counts as a message.\n"
        "The address in use is printed on standard error once the socket is ready, and\n"
        "the number of messages at the end.\n"
        "\n"
        "JSON, one object per message: from, length, data, hex. In data, a byte that is no\n"
        "UTF-8 is written \\xHH; hex always holds the exact bytes.",
    .examples =
        "trivet socket receive unix /run/app.sock\n"
        "trivet socket receive inet \"('', 5000)\" --type stream --echo\n"
        "trivet socket receive tipc '(1, 1000, 0, 99)' --count 3 --timeout 10 -j\n"};

std::string family_set() {
  std::string names;
  for (const socket_family& family : socket_families()) {
    names += fmt::format("{}{}", names.empty() ? "" : ",", family.name);
  }
  return "FAMILY:{" + names + "}";
}

/// The families and how each writes its addresses, for the end of the details.
std::string with_family_forms(std::string_view details) {
  std::string text(details);
  text += "\n\nFamilies and their addresses:\n";
  for (const socket_family& family : socket_families()) {
    text += fmt::format("  {:18}{}\n", family.name, family.form);
  }
  text.pop_back();
  return text;
}

void add_family_and_address(CLI::App& verb, socket_options& options, const char* name) {
  add_option(verb, "FAMILY", options.family, "one of the families above")
      .required()
      .type_name(family_set());
  add_option(verb, name, options.address, "the address, as its family writes it").required();
}

/// Seconds as a number, as in "1.5".
void add_timeout(CLI::App& verb, socket_options& options, const char* description) {
  add_option(
      verb, "--timeout",
      [&options](double seconds) {
        // Longer than a year is as good as for ever, and keeps the clock in its range.
        if (!(seconds >= 0)) throw usage_error("--timeout: seconds are 0 or more");
        const std::chrono::duration<double> time(std::min(seconds, 365.0 * 86400));
        options.timeout = std::chrono::duration_cast<std::chrono::nanoseconds>(time);
      },
      description)
      .type_name("S");
}

void add_type_and_protocol(CLI::App& verb, socket_options& options) {
  add_option(verb, "--type", options.type,
             "stream, dgram, raw, rdm or seqpacket (default: the family's first)")
      .type_name("TYPE:{stream,dgram,raw,rdm,seqpacket}");
  add_option(verb, "--protocol", options.protocol,
             "the protocol's number, for netlink also its name (default: usersock)")
      .type_name("PROTOCOL");
}

void add_address(CLI::App& noun, context& ctx) {
  help_text help = address_help;
  const std::string details = with_family_forms(help.details);
  help.details = details;
  auto options = std::make_shared<socket_options>();
  CLI::App& verb = add_verb(noun, ctx, "address", help, [&ctx, options] {
    socket_family_of(options->family).show_address(ctx, options->address);
  });
  add_family_and_address(verb, *options, "TEXT");
}

void add_send(CLI::App& noun, context& ctx) {
  help_text help = send_help;
  const std::string details = with_family_forms(help.details);
  help.details = details;
  auto options = std::make_shared<socket_options>();
  CLI::App& verb = add_verb(noun, ctx, "send", help, [&ctx, options] {
    socket_family_of(options->family).send(ctx, *options);
  });
  add_family_and_address(verb, *options, "ADDRESS");
  add_option(verb, "--data", options->data, "what to send; '-' is standard input (default)")
      .type_name("TEXT|-");
  add_option(verb, "--from", options->from, "bind to this address first").type_name("ADDRESS");
  add_flag(verb, "--reply", options->reply, "wait for one answer and print it");
  add_timeout(verb, *options, "give up after S seconds (default: never)");
  add_type_and_protocol(verb, *options);
}

void add_receive(CLI::App& noun, context& ctx) {
  help_text help = receive_help;
  const std::string details = with_family_forms(help.details);
  help.details = details;
  auto options = std::make_shared<socket_options>();
  CLI::App& verb = add_verb(noun, ctx, "receive", help, [&ctx, options] {
    socket_family_of(options->family).receive(ctx, *options);
  });
  add_family_and_address(verb, *options, "ADDRESS");
  add_option(verb, "-c,--count", options->count, "end after N messages (default: when stopped)")
      .type_name("N");
  add_flag(verb, "--echo", options->echo, "send each message back to its sender");
  add_timeout(verb, *options, "fail when nothing comes for S seconds (default: never)");
  add_type_and_protocol(verb, *options);
}

}  // namespace

void add_socket(CLI::App& app, context& ctx) {
  add_noun(app, ctx, "socket", noun_help, [&ctx](CLI::App& noun) {
    add_address(noun, ctx);
    add_send(noun, ctx);
    add_receive(noun, ctx);
  });
}

}  // namespace trivet::tool
