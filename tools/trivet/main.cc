// trivet: the command.
#include "tools/trivet/command.h"
#include "tools/trivet/nouns.h"
#include "tools/trivet/startup.h"

namespace {

/// The nouns, in the order of --help. Each has a file of its name.
constexpr trivet::tool::add_noun_function nouns[] = {
    trivet::tool::add_netlink, trivet::tool::add_packet, trivet::tool::add_probe,
    trivet::tool::add_socket,  trivet::tool::add_tipc,   trivet::tool::add_completion,
};

}  // namespace

int main(int argc, char** argv) {
  trivet::tool::prepare_process();
  return trivet::tool::run_command(argc, argv, nouns);
}
