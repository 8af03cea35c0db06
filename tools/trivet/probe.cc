#include "tools/trivet/probe.h"

#include <fmt/core.h>

#include <algorithm>

#include "tools/trivet/command.h"
#include "tools/trivet/context.h"
#include "tools/trivet/json.h"
#include "tools/trivet/text.h"

namespace trivet::tool {
namespace {

constexpr help_text help = {
    .summary = "print what this kernel offers each family",
    .details =
        "Tries every socket type, protocol, option and capability that the families have,\n"
        "each on a socket of its own that is closed again, and prints yes, no or 'needs\n"
        "privilege', with the reason. Run it as root to see what the kernel has, and as\n"
        "the user in question to see what that user gets.\n"
        "\n"
        "JSON: an array of objects: family, kind, name, answer, reason.",
    .examples =
        "trivet probe\n"
        "trivet probe --netns blue\n"
        "trivet probe -j | jq '.[] | select(.family == \"tipc\" and .answer == \"no\")'\n"};

struct family_table {
  std::string_view family;
  capability_list (*capabilities)();
};

constexpr family_table tables[] = {
    {"socket", socket_capabilities}, {"netlink", netlink_capabilities},
    {"tipc", tipc_capabilities},     {"packet", packet_capabilities},
    {"unix", unix_capabilities},     {"inet", inet_capabilities},
    {"inet6", inet6_capabilities},   {"bluetooth", bluetooth_capabilities},
};

/// A row after its check.
struct result {
  std::string_view family;
  std::string kind;
  std::string name;
  finding found;
};

std::vector<result> run_checks() {
  std::vector<result> results;
  for (const family_table& table : tables) {
    for (capability& row : table.capabilities()) {
      finding found = row.check();
      results.push_back({table.family, std::move(row.kind), std::move(row.name), std::move(found)});
    }
  }
  return results;
}

std::string_view word_of(answer has) {
  switch (has) {
    case answer::yes:
      return "yes";
    case answer::no:
      return "no";
    case answer::needs_privilege:
      return "needs privilege";
  }
  return "";
}

ink ink_of(answer has) {
  return has == answer::yes ? ink::added : has == answer::no ? ink::removed : ink::changed;
}

void print_json(context& ctx, const std::vector<result>& results) {
  json_writer json;
  json.begin_array();
  for (const result& row : results) {
    json.begin_object().member("family", row.family).member("kind", row.kind);
    json.member("name", row.name).member("answer", word_of(row.found.has));
    json.member("reason", row.found.reason).end_object();
  }
  ctx.out.line(json.end_array().take());
}

void print_text(context& ctx, const std::vector<result>& results) {
  std::size_t kind_width = 0;
  std::size_t name_width = 0;
  for (const result& row : results) {
    kind_width = std::max(kind_width, row.kind.size());
    name_width = std::max(name_width, row.name.size());
  }
  constexpr std::size_t answer_width = 15;  // "needs privilege"
  std::string_view family;
  for (const result& row : results) {
    if (row.family != family) {
      ctx.out.line((family.empty() ? "" : "\n") + ctx.paint(ink::name, row.family));
    }
    family = row.family;
    const std::string_view word = word_of(row.found.has);
    ctx.out.line(fmt::format("  {:{}}  {:{}}  {}{:{}}  {}", row.kind, kind_width, row.name,
                             name_width, ctx.paint(ink_of(row.found.has), word), "",
                             answer_width - word.size(),
                             ctx.paint(ink::faint, printable(row.found.reason))));
  }
}

void probe(context& ctx) {
  const std::vector<result> results = ctx.open(run_checks);
  if (ctx.json) {
    print_json(ctx, results);
  } else {
    print_text(ctx, results);
  }
}

}  // namespace

void add_probe(CLI::App& app, context& ctx) {
  add_verb(app, ctx, "probe", help, [&ctx] { probe(ctx); });
}

}  // namespace trivet::tool
