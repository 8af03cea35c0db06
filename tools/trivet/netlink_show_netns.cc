#include <fcntl.h>
#include <fmt/core.h>

#include <cerrno>
#include <filesystem>
#include <limits>

#include "tools/trivet/command.h"
#include "tools/trivet/context.h"
#include "tools/trivet/failure.h"
#include "tools/trivet/netlink_show_link.h"
#include "trivet/base/descriptor.h"
#include "trivet/netlink/namespace_listener.h"
#include "trivet/netlink/route/namespace_id.h"

namespace trivet::tool {
namespace {

using netlink::message_builder;
using netlink::message_view;
using netlink::rtnl::namespace_id;

constexpr help_text list_help = {
    .summary = "print the named network namespaces",
    .details =
        "Those that 'ip netns add' has made: the files in /run/netns, and the number that\n"
        "each goes by in this namespace, if it has one.",
    .examples = "trivet netlink netns list\ntrivet netlink netns list -j | jq -r '.[].name'\n"};

constexpr help_text list_id_help = {
    .summary = "print the numbers of network namespaces",
    .details =
        "Each namespace that has a number in this one, with the name that 'ip netns add' gave it.\n"
        "Words: target-nsid N, the numbers that count in another namespace, each with its own\n"
        "here; nsid N, this number alone.",
    .examples =
        "trivet netlink netns list-id\n"
        "trivet netlink netns list-id target-nsid 0 -j | jq '.[].nsid'\n"};

/// The namespaces that have a name, in the order of `ip`: the folder's.
std::vector<std::string> named_namespaces() {
  std::vector<std::string> names;
  std::error_code ignored;  // no folder: no names
  for (const auto& entry : std::filesystem::directory_iterator("/run/netns", ignored)) {
    names.push_back(entry.path().filename().string());
  }
  return names;
}

std::optional<std::int32_t> number_of_namespace(netlink::client& kernel, const std::string& name) {
  const descriptor file(::open(("/run/netns/" + name).c_str(), O_RDONLY | O_CLOEXEC));
  return file ? netlink::nsid_of(kernel, file.get()) : std::nullopt;
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

void show_number(show_session& s, const namespace_id& told, const namespace_names& names) {
  if (!told.id) return;
  s.out.open();
  s.out.number("nsid", "nsid ", *told.id);
  if (told.current.value_or(0) == NETNSA_NSID_NOT_ASSIGNED) {
    s.out.text("current-nsid unassigned ");
  } else if (told.current) {
    s.out.number("current-nsid", "current-nsid ", *told.current);
  }
  const auto name = names.find(told.current.value_or(*told.id));
  if (name != names.end()) s.out.string("name", "(iproute2 netns name: ", name->second, ")");
  s.out.close_line();
}

void list_numbers(context& ctx, const netlink_options& options, selector_words words) {
  namespace_id wanted;
  while (!words.empty()) {
    const std::string word = words.take("SELECTOR");
    if (word != "target-nsid" && word != "nsid") {
      throw usage_error(fmt::format("SELECTOR: '{}' is neither 'target-nsid' nor 'nsid'", word));
    }
    const std::uint32_t number = words.number(word);
    constexpr std::uint32_t most = std::numeric_limits<std::int32_t>::max();
    if (number > most) throw usage_error(fmt::format("{}: {} is more than {}", word, number, most));
    (word == "nsid" ? wanted.id : wanted.target) = static_cast<std::int32_t>(number);
  }
  show_session session(ctx, options);
  const namespace_names names = names_of_namespaces(session);
  message_builder request(RTM_GETNSID);
  wanted.encode(request);
  const auto visit = [&](const message_view& message) {
    if (message.type() != RTM_NEWNSID) return;
    if (const auto told = namespace_id::decode(message)) show_number(session, *told, names);
  };
  session.out.begin();
  if (wanted.id) {
    const netlink::outcome end = session.kernel.request(request, visit);
    if (end.error.value() == ENOENT) {
      throw failure(fmt::format("nsid {}", *wanted.id),
                    wanted.target
                        ? "no namespace has this number there, or that of target-nsid here"
                        : "no namespace has this number here",
                    "'trivet netlink netns list-id' lists those that there are");
    }
    end.check("RTM_GETNSID");
  } else {
    session.stream("RTM_GETNSID", request, visit);
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
  add_question_verb(netlink, ctx, options, "netns", "list-id", list_id_help, list_numbers, 0);
}

}  // namespace trivet::tool
