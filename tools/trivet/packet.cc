// trivet packet: capturing frames of network interfaces.
#include <memory>

#include "tools/trivet/command.h"
#include "tools/trivet/context.h"
#include "tools/trivet/failure.h"
#include "tools/trivet/options.h"
#include "tools/trivet/packet_capture.h"

namespace trivet::tool {
namespace {

constexpr help_text noun_help = {.summary = "capture the frames of network interfaces",
                                 .examples =
                                     "trivet packet capture -i eth0\n"
                                     "trivet packet capture -i eth0 -w eth0.pcapng tcp port 80\n"};

constexpr help_text capture_help = {
    .summary = "print packets, or write them to a pcapng file",
    .details =
        "Prints a line for each packet: time, direction, length, and what it is. In: to this\n"
        "host, B: broadcast, M: multicast, P: to another host, Out: sent by this host.\n"
        "With -w the packets go to a pcapng file instead, with times in nanoseconds, the\n"
        "direction of each packet, and how many were lost and where.\n"
        "FILTER is an expression of pcap-filter(7); without it every packet is taken.\n"
        "At the end, standard error tells what was captured, written and lost, exactly.\n"
        "\n"
        "JSON, one object per packet: time, interface, direction, length, captured, to,\n"
        "lost_before, protocols, vlans, source, source_port, destination,\n"
        "destination_port, text.",
    .examples =
        "trivet packet capture -i eth0 -c 10\n"
        "trivet packet capture -i any -j icmp or arp\n"
        "trivet packet capture --netns blue -i eth0 -w eth0.pcapng 'tcp port 80'\n"
        "trivet packet capture -i eth0 -w - | wireshark -k -i -\n"};

/// Refuses what contradicts itself.
void check(const packet_capture_request& request) {
  if (request.print_too && request.file == "-") {
    throw usage_error("--print: standard output is taken by -w -");
  }
  if (request.count == 0) throw usage_error("--count: 1 or more");
}

}  // namespace

void add_packet(CLI::App& app, context& ctx) {
  add_noun(app, ctx, "packet", noun_help, [&ctx](CLI::App& noun) {
    auto request = std::make_shared<packet_capture_request>();
    CLI::App& verb = add_verb(noun, ctx, "capture", capture_help, [&ctx, request] {
      check(*request);
      run_packet_capture(ctx, *request);
    });
    add_option(verb, "-i,--interface", request->interface, "capture on this interface, or on 'any'")
        .required()
        .type_name("IF");
    add_option(verb, "-w,--write", request->file, "write a pcapng file; '-' is standard output")
        .type_name("FILE");
    add_option(verb, "-c,--count", request->count, "end after N packets").type_name("N");
    add_option(verb, "-s,--snaplen", request->snaplen,
               "keep N bytes of each packet (default: 262144, which 0 means too)")
        .range(0, 262144)
        .type_name("N");
    add_option(verb, "-B,--buffer", request->buffer_kib, "the ring's size in KiB (default: 32768)")
        .type_name("KIB");
    add_flag(verb, "-p,--no-promiscuous", request->stay_out_of_promiscuous,
             "leave the interface out of promiscuous mode");
    add_flag(verb, "--print", request->print_too, "print the packets too, beside -w FILE");
    add_option(verb, "FILTER", request->filter, "which packets, as pcap-filter(7) describes")
        .type_name("FILTER");
  });
}

}  // namespace trivet::tool
