// trivet tipc: the cluster.
#include <memory>

#include "tools/trivet/command.h"
#include "tools/trivet/nouns.h"
#include "tools/trivet/options.h"
#include "tools/trivet/tipc_watch.h"

namespace trivet::tool {
namespace {

constexpr help_text noun_help = {
    .summary = "watch nodes, links and services of a TIPC cluster",
    .examples = "trivet tipc watch\ntrivet tipc watch 4711:0-99 nodes -j\n"};

constexpr help_text watch_help = {
    .summary = "print nodes, links and services as they come and go",
    .details =
        "Prints what is there ('present'), then every change until it is stopped: nodes\n"
        "and links 'up' and 'down', services 'published' and 'withdrawn'. Needs no\n"
        "privilege. Without SUBJECT, nodes and links are watched; else what is named:\n"
        "nodes, links, or the services of TYPE: all of its instances, one, or a range. A\n"
        "service is shown with the range that a socket is bound to and where the socket\n"
        "is. Links are those of this node. At the end, what was there is counted on\n"
        "standard error.\n"
        "\n"
        "JSON: event (present, up, down, published, withdrawn), object (node, link,\n"
        "service), node (its identity), number (that of its addresses); own (true, this\n"
        "node); link (its name), bearer, peer_bearer; type, lower, upper, ref.",
    .examples =
        "trivet tipc watch\n"
        "trivet tipc watch 4711 nodes\n"
        "trivet tipc watch 4711:0-99 --netns blue\n"
        "# the services of a type, now, as JSON\n"
        "trivet tipc watch 4711 --once -j\n"};

}  // namespace

void add_tipc(CLI::App& app, context& ctx) {
  add_noun(app, ctx, "tipc", noun_help, [&ctx](CLI::App& noun) {
    auto options = std::make_shared<watch_options>();
    CLI::App& verb =
        add_verb(noun, ctx, "watch", watch_help, [&ctx, options] { watch(ctx, *options); });
    add_option(verb, "SUBJECT", options->subjects, "nodes, links, or TYPE[:LOWER[-UPPER]]")
        .type_name("SUBJECT");
    add_flag(verb, "--once", options->once, "print what is there and end");
  });
}

}  // namespace trivet::tool
