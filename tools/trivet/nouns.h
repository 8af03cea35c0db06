// The nouns of the command, one function and one file each. main.cc lists them in a table.
#ifndef TOOLS_TRIVET_NOUNS_H_
#define TOOLS_TRIVET_NOUNS_H_

#include <functional>

namespace CLI {  // NOLINT(readability-identifier-naming): the library's name
class App;
class Option;
}  // namespace CLI

namespace trivet::tool {

struct context;

/// Declares a noun, its verbs and their options, below `app`. `ctx` outlives `app`.
using add_noun_function = void (*)(CLI::App& app, context& ctx);

/// Declares what is below a word, once the command line has come to it.
using declare_function = std::function<void(CLI::App& word)>;

void add_completion(CLI::App& app, context& ctx);
void add_netlink(CLI::App& app, context& ctx);
void add_packet(CLI::App& app, context& ctx);
void add_probe(CLI::App& app, context& ctx);
void add_socket(CLI::App& app, context& ctx);
void add_tipc(CLI::App& app, context& ctx);

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_NOUNS_H_
