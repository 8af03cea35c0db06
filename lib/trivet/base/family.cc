#include "trivet/base/family.h"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <zlib.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <sstream>

namespace trivet {
namespace {

// What a family is called in constants, in modules and in the kernel's configuration.
struct family_facts {
  int family;
  std::string_view name;
  std::string_view module;
  std::string_view config;
};

constexpr family_facts known_families[] = {
    {AF_UNIX, "AF_UNIX", "unix", "CONFIG_UNIX"},
    {AF_INET, "AF_INET", "", "CONFIG_INET"},
    {AF_INET6, "AF_INET6", "ipv6", "CONFIG_IPV6"},
    {AF_NETLINK, "AF_NETLINK", "", "CONFIG_NET"},
    {AF_PACKET, "AF_PACKET", "af_packet", "CONFIG_PACKET"},
    {AF_TIPC, "AF_TIPC", "tipc", "CONFIG_TIPC"},
    {AF_BLUETOOTH, "AF_BLUETOOTH", "bluetooth", "CONFIG_BT"},
};

constexpr std::pair<int, std::string_view> known_types[] = {
    {SOCK_STREAM, "SOCK_STREAM"}, {SOCK_DGRAM, "SOCK_DGRAM"},         {SOCK_RAW, "SOCK_RAW"},
    {SOCK_RDM, "SOCK_RDM"},       {SOCK_SEQPACKET, "SOCK_SEQPACKET"},
};

const family_facts* facts_of(int family) {
  const auto* found = std::find_if(std::begin(known_families), std::end(known_families),
                                   [=](const family_facts& f) { return f.family == family; });
  return found == std::end(known_families) ? nullptr : found;
}

std::string kernel_release() {
  ::utsname name{};
  return ::uname(&name) == 0 ? name.release : "";
}

// Whether a modprobe configuration line keeps `module` from being loaded.
// "install" replaces the loading by a command; hardening guides use /bin/true and /bin/false.
bool line_forbids(const std::string& line, std::string_view module) {
  std::istringstream words(line);
  std::string verb, name, command;
  words >> verb >> name >> command;
  if (name != module) return false;
  if (verb == "blacklist") return true;
  return verb == "install" && (command.ends_with("/true") || command.ends_with("/false") ||
                               command == "true" || command == "false" || command == ":");
}

// The modprobe.d file that forbids the module, or nothing. Source: modprobe.d(5)
std::optional<std::string> forbidding_file(std::string_view module) {
  for (const char* folder : {"/etc/modprobe.d", "/run/modprobe.d", "/usr/local/lib/modprobe.d",
                             "/usr/lib/modprobe.d", "/lib/modprobe.d"}) {
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
      if (entry.path().extension() != ".conf") continue;
      std::ifstream file(entry.path());
      for (std::string line; std::getline(file, line);) {
        if (line_forbids(line, module)) return entry.path().string();
      }
    }
  }
  return std::nullopt;
}

// Whether depmod's list holds the module: "kernel/net/tipc/tipc.ko: …", perhaps compressed.
bool module_installed(const std::string& release, std::string_view module) {
  std::ifstream list("/lib/modules/" + release + "/modules.dep");
  const std::string file = "/" + std::string(module) + ".ko";
  for (std::string line; std::getline(list, line);) {
    if (line.substr(0, line.find(':')).find(file) != std::string::npos) return true;
  }
  return false;
}

// What the kernel's configuration says of an option: 'y', 'm', 'n', or nothing where it cannot be
// read. gzopen(3) reads plain files too.
std::optional<char> configured(const std::string& release, std::string_view option) {
  for (const std::string& path : {std::string("/proc/config.gz"), "/boot/config-" + release,
                                  "/lib/modules/" + release + "/config"}) {
    const std::unique_ptr<gzFile_s, int (*)(gzFile)> file(::gzopen(path.c_str(), "re"), ::gzclose);
    if (!file) continue;
    char line[512];
    while (::gzgets(file.get(), line, sizeof line) != nullptr) {
      const std::string_view text(line);
      if (text == fmt::format("{}=y\n", option)) return 'y';
      if (text == fmt::format("{}=m\n", option)) return 'm';
    }
    return 'n';
  }
  return std::nullopt;
}

}  // namespace

std::string family_name(int family) {
  const family_facts* facts = facts_of(family);
  return facts ? std::string(facts->name) : fmt::format("AF_{}", family);
}

std::string type_name(int type) {
  for (const auto& [number, name] : known_types) {
    if (number == type) return std::string(name);
  }
  return std::to_string(type);
}

family_diagnosis diagnose_family(int family) {
  const family_facts* facts = facts_of(family);
  if (!facts || facts->module.empty()) {
    return {unavailable_reason::unknown, "this kernel does not offer " + family_name(family)};
  }
  const std::string release = kernel_release();
  const std::string module(facts->module);
  if (const auto file = forbidding_file(module)) {
    return {unavailable_reason::blacklisted,
            fmt::format("{} forbids module {}: remove the line, then `modprobe {}`", *file, module,
                        module)};
  }
  if (module_installed(release, module)) {
    return {unavailable_reason::not_loaded,
            fmt::format("module {} is installed but not loaded: `modprobe {}` as root", module,
                        module)};
  }
  const auto config = configured(release, facts->config);
  const bool has_modules = std::filesystem::exists("/lib/modules/" + release + "/modules.dep");
  if (config == 'm' || (!config && has_modules)) {
    return {unavailable_reason::module_missing,
            fmt::format("module {} of kernel {} is not installed: install the package with this "
                        "kernel's modules",
                        module, release)};
  }
  if (config == 'n') {
    return {unavailable_reason::not_built,
            fmt::format("kernel {} was built without {}: run a kernel that has it", release,
                        facts->config)};
  }
  return {unavailable_reason::unknown,
          fmt::format("kernel {} refuses {} and shows neither its configuration nor its modules",
                      release, facts->name)};
}

}  // namespace trivet
