#include "tools/trivet/netlink_genl.h"

#include <fmt/format.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>

#include <memory>
#include <vector>

#include "tools/trivet/command.h"
#include "tools/trivet/context.h"
#include "tools/trivet/failure.h"
#include "tools/trivet/json.h"
#include "tools/trivet/options.h"
#include "tools/trivet/text.h"
#include "trivet/netlink/generic/controller.h"

namespace trivet::tool {
namespace {

namespace generic = netlink::generic;
using generic::attribute_limits;
using generic::family;
using generic::family_policies;

constexpr help_text help = {
    .summary = "list generic netlink families, their commands and groups",
    .details =
        "Asks the controller (nlctrl) for all families, or for FAMILY, which as root loads\n"
        "its module. For FAMILY also what each command takes: which policy, and in it the\n"
        "attributes by number with their types and ranges, where the kernel tells (5.7).\n"
        "\n"
        "JSON: name, id, version, hdrsize, maxattr, ops (id, flags, do and dump: indices of\n"
        "policies), groups (name, id) and, for FAMILY, policies (index, attributes: type,\n"
        "takes, policy: the index of what is inside a nest).",
    .examples =
        "trivet netlink genl\n"
        "trivet netlink genl ethtool\n"
        "# the multicast groups of all families\n"
        "trivet netlink genl -j | jq -c '.[] | {name, groups}'\n"};

struct flag_word {
  std::uint32_t flag;
  std::string_view word;
};

constexpr flag_word operation_flags[] = {
    {GENL_CMD_CAP_DO, "do"},    {GENL_CMD_CAP_DUMP, "dump"},       {GENL_CMD_CAP_HASPOL, "policy"},
    {GENL_ADMIN_PERM, "admin"}, {GENL_UNS_ADMIN_PERM, "ns-admin"},
};

std::vector<std::string_view> words_of(std::uint32_t flags) {
  std::vector<std::string_view> words;
  for (const auto& [flag, word] : operation_flags) {
    if ((flags & flag) != 0) words.push_back(word);
  }
  return words;
}

struct shown_family {
  family what;
  std::optional<family_policies> policies;
};

void print_operation(context& ctx, std::uint32_t id, std::uint32_t flags,
                     const family_policies* policies) {
  std::string line = fmt::format("    command {:<3} {}", id, fmt::join(words_of(flags), " "));
  if (policies != nullptr) {
    const auto found = policies->operations.find(id);
    if (found != policies->operations.end()) {
      const auto& [request, dump, others] = found->second;
      if (request) line += fmt::format(", do takes policy {}", *request);
      if (dump) line += fmt::format(", dump takes policy {}", *dump);
    }
  }
  ctx.out.line(line);
}

void print_text(context& ctx, const shown_family& shown) {
  const family& f = shown.what;
  const family_policies* const policies = shown.policies ? &*shown.policies : nullptr;
  ctx.out.line(fmt::format("{}: id {:#x} version {} hdrsize {} maxattr {}",
                           ctx.paint(ink::name, printable(f.name.value_or("?"))), f.id.value_or(0),
                           f.version.value_or(0), f.header_size.value_or(0),
                           f.highest_attribute.value_or(0)));
  if (f.operations) {
    for (const auto& operation : *f.operations) {
      print_operation(ctx, operation.id.value_or(0), operation.flags.value_or(0), policies);
    }
  }
  if (f.groups) {
    for (const auto& group : *f.groups) {
      ctx.out.line(fmt::format("    group {} id {:#x}", printable(group.name.value_or("?")),
                               group.id.value_or(0)));
    }
  }
  if (policies == nullptr) return;
  for (const auto& [index, attributes] : policies->policies) {
    for (const auto& [type, limits] : attributes) {
      std::string line = fmt::format("    policy {} attribute {:<3} {}", index, type, limits.words);
      if (limits.policy_index) line += fmt::format(" of policy {}", *limits.policy_index);
      ctx.out.line(line);
    }
  }
}

void write_operations(json_writer& json, const shown_family& shown) {
  json.key("ops").begin_array();
  for (const auto& operation : *shown.what.operations) {
    json.begin_object().member("id", operation.id).key("flags").begin_array();
    for (const std::string_view word : words_of(operation.flags.value_or(0))) json.value(word);
    json.end_array();
    if (shown.policies) {
      const auto found = shown.policies->operations.find(operation.id.value_or(0));
      if (found != shown.policies->operations.end()) {
        json.member("do", found->second.request).member("dump", found->second.dump);
      }
    }
    json.end_object();
  }
  json.end_array();
}

void write_policies(json_writer& json, const family_policies& policies) {
  json.key("policies").begin_array();
  for (const auto& [index, attributes] : policies.policies) {
    json.begin_object().member("index", index).key("attributes").begin_array();
    for (const auto& [type, limits] : attributes) {
      json.begin_object().member("type", type).member("takes", limits.words);
      json.member("policy", limits.policy_index).end_object();
    }
    json.end_array().end_object();
  }
  json.end_array();
}

void write_json(json_writer& json, const shown_family& shown) {
  const family& f = shown.what;
  json.begin_object().member("name", f.name).member("id", f.id).member("version", f.version);
  json.member("hdrsize", f.header_size).member("maxattr", f.highest_attribute);
  if (f.operations) write_operations(json, shown);
  if (f.groups) {
    json.key("groups").begin_array();
    for (const auto& group : *f.groups) {
      json.begin_object().member("name", group.name).member("id", group.id).end_object();
    }
    json.end_array();
  }
  if (shown.policies) write_policies(json, *shown.policies);
  json.end_object();
}

std::vector<shown_family> ask(netlink::client& kernel, const std::optional<std::string>& name) {
  std::vector<shown_family> list;
  if (!name) {
    for (family& one : generic::list_families(kernel)) list.push_back({std::move(one), {}});
    return list;
  }
  auto found = generic::find_family(kernel, *name);
  if (!found) {
    throw failure("generic netlink family " + *name, "this kernel has none of that name",
                  "`trivet netlink genl` lists those that it has; a module may be missing");
  }
  auto policies = generic::policies_of(kernel, *found);
  list.push_back({std::move(*found), std::move(policies)});
  return list;
}

void show(context& ctx, const std::optional<std::string>& name) {
  if (name && name->empty()) throw usage_error(fmt::format("FAMILY: {}", empty_word));
  // The kernel compares names without their length in mind: a longer one is another attribute.
  if (name && name->size() >= GENL_NAMSIZ) {
    throw usage_error(
        fmt::format("FAMILY: {} bytes, and a name has at most {}", name->size(), GENL_NAMSIZ - 1));
  }
  auto kernel = ctx.open([] { return netlink::client(NETLINK_GENERIC); });
  const std::vector<shown_family> list = ask(kernel, name);
  if (!ctx.json) {
    for (const shown_family& one : list) print_text(ctx, one);
    return;
  }
  json_writer json;
  json.begin_array();
  for (const shown_family& one : list) write_json(json, one);
  ctx.out.line(json.end_array().take());
}

}  // namespace

void add_netlink_genl(CLI::App& noun, context& ctx) {
  auto name = std::make_shared<std::optional<std::string>>();
  CLI::App& verb = add_verb(noun, ctx, "genl", help, [&ctx, name] { show(ctx, *name); });
  add_option(verb, "FAMILY", *name, "one family, with its policies");
}

}  // namespace trivet::tool
