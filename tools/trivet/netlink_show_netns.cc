#include <fcntl.h>
#include <fmt/core.h>
#include <linux/net_namespace.h>

#include <filesystem>

#include "tools/trivet/command.h"
#include "tools/trivet/context.h"
#include "tools/trivet/netlink_show_link.h"
#include "trivet/base/descriptor.h"

namespace trivet::tool {
namespace {

using netlink::message_builder;
using netlink::message_view;

constexpr help_text list_help = {
    .summary = "print the named network namespaces",
    .details =
        "Those that 'ip netns add' has made: the files in /run/netns, and the number that\n"
        "each goes by in this namespace, if it has one.",
    .examples = "trivet netlink netns list\ntrivet netlink netns list -j | jq -r '.[].name'\n"};

/// The namespaces that have a name, in the order of `ip`: the folder's.
std::vector<std::string> named_namespaces() {
  std::vector<std::string> names;
  std::error_code ignored;  // no folder: no names
  for (const auto& entry : std::filesystem::directory_iterator("/run/netns", ignored)) {
    names.push_back(entry.path().filename().string());
  }
  return names;
}

/// RTM_GETNSID: the number of a namespace in that of the socket; nothing where it has none.
std::optional<std::int32_t> number_of_namespace(netlink::client& kernel, const std::string& name) {
  const descriptor file(::open(("/run/netns/" + name).c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return std::nullopt;
  message_builder request(RTM_GETNSID);
  request.structure(::rtgenmsg{});
  request.attributes().value(NETNSA_FD, static_cast<std::uint32_t>(file.get()));
  std::optional<std::int32_t> number;
  const auto outcome = kernel.request(request, [&](const message_view& message) {
    netlink::attribute_reader in(message.attributes<::rtgenmsg>());
    for (netlink::attribute a; in.next(a);) {
      if (a.type == NETNSA_NSID) number = a.number<std::int32_t>();
    }
  });
  if (!outcome.ok() || number.value_or(-1) < 0) return std::nullopt;
  return number;
}

void list_namespaces(context& ctx, const netlink_options& options) {
  show_session session(ctx, options);
  session.out.begin();
  for (const std::string& name : named_namespaces()) {
    session.out.open();
    session.out.string("name", "", name, "");
    if (const auto number = number_of_namespace(session.kernel, name)) {
      session.out.number("id", " (id: ", *number, ")");
    }
    session.out.close_line();
  }
  session.out.end();
}

}  // namespace

namespace_names names_of_namespaces(show_session& session) {
  namespace_names names;
  for (const std::string& name : named_namespaces()) {
    if (const auto number = number_of_namespace(session.kernel, name)) names[*number] = name;
  }
  return names;
}

void add_netns_list(CLI::App& netlink, context& ctx, const shared_options& options) {
  const help_text help{.summary = "look at network namespaces", .examples = list_help.examples};
  add_noun(netlink, ctx, "netns", help, [&ctx, options](CLI::App& noun) {
    const auto run = [&ctx, options] { list_namespaces(ctx, *options); };
    CLI::App& verb = add_verb(noun, ctx, "list", list_help, run);
    add_alias(verb, "show");
    add_alias(verb, "ls");
    add_alias(verb, "lst");
    run_without_verb(noun, ctx, run);
  });
}

}  // namespace trivet::tool
