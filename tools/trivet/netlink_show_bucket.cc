// Buckets of resilient nexthop groups as `ip nexthop bucket` shows them.
#include <fmt/core.h>

#include <cerrno>

#include "tools/trivet/command.h"
#include "tools/trivet/context.h"
#include "tools/trivet/failure.h"
#include "tools/trivet/netlink_show_nexthop.h"
#include "tools/trivet/netlink_words.h"
#include "trivet/netlink/error.h"
#include "trivet/netlink/route/nexthop_bucket.h"

namespace trivet::tool {
namespace {

using netlink::message_builder;
using netlink::message_view;
using netlink::rtnl::nexthop_bucket;

constexpr help_text bucket_help = {
    .summary = "print the buckets of resilient groups",
    .details =
        "A resilient group sends what falls into a bucket to one nexthop, and moves a bucket\n"
        "only when it has been idle. The words are those of 'ip nexthop bucket show':\n"
        "  id NUMBER              buckets of that group\n"
        "  nhid NUMBER            those that lead to that nexthop object\n"
        "  dev NAME               those that lead to that link\n"
        "  master NAME, vrf NAME  to links that belong to it\n"
        "\n"
        "Text and JSON are as 'ip nexthop bucket' and 'ip -j nexthop bucket' print them. Needs\n"
        "no privilege.",
    .examples =
        "trivet netlink nexthop bucket\n"
        "trivet netlink nexthop bucket show id 10\n"
        "trivet netlink nexthop bucket show nhid 1 -j | jq length\n"};

constexpr help_text get_help = {
    .summary = "ask the kernel for one bucket",
    .details =
        "'id NUMBER index NUMBER', as behind 'ip nexthop bucket get': the group, and which of its\n"
        "buckets, from 0. Needs no privilege.",
    .examples = "trivet netlink nexthop bucket get id 10 index 0\n"};

void show_bucket(show_writer& out, const nexthop_bucket& b) {
  if (b.group) out.number("id", "id ", *b.group);
  if (b.bucket) {
    out.open("bucket");
    if (b.bucket->index) out.number("index", "index ", *b.bucket->index);
    if (b.bucket->idle_time) put_ticks(out, "idle_time", "idle_time ", *b.bucket->idle_time);
    if (b.bucket->nexthop) out.number("nhid", "nhid ", *b.bucket->nexthop);
    out.close();
  }
  out.open_list("flags");
  for (const std::string_view word : route_flag_words(b.flags)) out.string("", "", word);
  out.close_list();
}

/// Draws the buckets that messages bring.
netlink::message_visitor drawer(show_session& session) {
  return [&session](const message_view& message) {
    const auto b = nexthop_bucket::decode(message);
    if (!b || message.type() != RTM_NEWNEXTHOPBUCKET) return;
    session.out.open();
    show_bucket(session.out, *b);
    session.out.close_line();
  };
}

void show_buckets(context& ctx, const netlink_options& options, selector_words words) {
  show_session session(ctx, options);
  session.learn_links();
  std::optional<std::uint32_t> group;
  std::optional<std::uint32_t> nexthop;
  nexthop_place place;
  while (!words.empty()) {
    if (words.skip("id")) {
      group = words.number("id");
    } else if (words.skip("nhid")) {
      nexthop = words.number("nhid");
    } else if (!place.take(words, session)) {
      throw usage_error(fmt::format("SELECTOR: '{}' is none of id, nhid, dev, master, vrf",
                                    words.take("SELECTOR")));
    }
  }
  message_builder request(RTM_GETNEXTHOPBUCKET);
  netlink::attribute_writer& attributes = request.structure(::nhmsg{}).attributes();
  if (group) attributes.value(NHA_ID, *group);
  place.fill(attributes);
  if (nexthop) {
    attributes.nested(NHA_RES_BUCKET, [&](netlink::attribute_writer& bucket) {
      bucket.value(NHA_RES_BUCKET_NH_ID, *nexthop);
    });
  }
  session.out.begin();
  session.stream(group ? fmt::format("buckets of nexthop {}", *group) : "RTM_GETNEXTHOPBUCKET",
                 request, drawer(session));
  session.out.end();
}

void get_bucket(context& ctx, const netlink_options& options, selector_words words) {
  show_session session(ctx, options);
  std::optional<std::uint32_t> group;
  std::optional<std::uint32_t> index;
  while (!words.empty()) {
    if (words.skip("id")) {
      group = words.number("id");
    } else if (words.skip("index")) {
      index = words.number("index");
    } else {
      throw usage_error(fmt::format("SELECTOR: '{}' is none of id, index", words.take("SELECTOR")));
    }
  }
  if (!group || !index) throw usage_error("SELECTOR: 'id NUMBER index NUMBER' has to be given");
  if (*index > 0xffff) throw usage_error(fmt::format("index: {} is more than 65535", *index));
  message_builder request(RTM_GETNEXTHOPBUCKET);
  netlink::attribute_writer& attributes = request.structure(::nhmsg{}).attributes();
  attributes.value(NHA_ID, *group);
  attributes.nested(NHA_RES_BUCKET, [&](netlink::attribute_writer& bucket) {
    bucket.value(NHA_RES_BUCKET_INDEX, static_cast<std::uint16_t>(*index));
  });
  session.out.begin();
  const auto outcome = session.kernel.request(request, drawer(session));
  const std::string what = fmt::format("bucket {} of nexthop {}", *index, *group);
  if (outcome.error.value() == ENOENT || outcome.error.value() == EINVAL) {
    throw netlink::error(outcome.error, what, outcome.extended,
                         "'trivet netlink nexthop bucket show' lists those that there are");
  }
  outcome.check(what);
  session.out.end();
}

}  // namespace

void add_bucket_show(CLI::App& nexthop, context& ctx, const shared_options& options) {
  add_show_verb(nexthop, ctx, options, "bucket", "look at the buckets of resilient groups",
                bucket_help, show_buckets);
  add_question_verb(nexthop, ctx, options, "bucket", "get", get_help, get_bucket);
}

}  // namespace trivet::tool
