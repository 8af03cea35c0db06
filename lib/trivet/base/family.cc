#include "trivet/base/family.h"

#include <fmt/core.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <sstream>
#include <system_error>
#include <utility>

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

// Hands every line of a file, plain or compressed, to `visit` until that says true.
// @return what the last call said, or nothing where the file cannot be read
template <class Visit>
std::optional<bool> any_line(const std::string& path, Visit visit) {
  // gzopen(3) reads plain files too; "e": close-on-exec.
  const std::unique_ptr<gzFile_s, int (*)(gzFile)> file(::gzopen(path.c_str(), "re"), ::gzclose);
  if (!file) return std::nullopt;
  std::string line;
  std::array<char, 512> piece;
  while (::gzgets(file.get(), piece.data(), static_cast<int>(piece.size())) != nullptr) {
    line += piece.data();
    if (!line.ends_with('\n')) continue;
    line.pop_back();
    if (visit(line)) return true;
    line.clear();
  }
  return !line.empty() && visit(line);
}

// modprobe takes '-' and '_' for the same.
std::string module_name(std::string_view text) {
  std::string name(text);
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

// Whether a modprobe configuration line keeps the module of a family from being loaded.
// "install" replaces the loading by a command; hardening guides use /bin/true and /bin/false.
bool line_forbids(const std::string& line, const family_facts& facts) {
  std::istringstream words(line);
  std::string verb, name, command;
  words >> verb >> name >> command;
  name = module_name(name);
  const bool is_alias = name == fmt::format("net_pf_{}", facts.family);
  if (verb == "alias") return is_alias && command == "off";
  if (name != facts.module && !is_alias) return false;
  if (verb == "blacklist") return true;
  return verb == "install" && (command.ends_with("/true") || command.ends_with("/false") ||
                               command == "true" || command == "false" || command == ":");
}

// The files that modprobe reads: one of /etc hides those of the same name in the later folders.
// Source: modprobe.d(5)
std::map<std::string, std::string> modprobe_files() {
  std::map<std::string, std::string> paths;
  for (const char* folder : {"/etc/modprobe.d", "/run/modprobe.d", "/usr/local/lib/modprobe.d",
                             "/usr/lib/modprobe.d", "/lib/modprobe.d"}) {
    std::error_code ec;
    std::filesystem::directory_iterator entry(folder, ec);
    for (; !ec && entry != std::filesystem::directory_iterator(); entry.increment(ec)) {
      const std::filesystem::path& path = entry->path();
      if (path.extension() == ".conf") paths.emplace(path.filename().string(), path.string());
    }
  }
  return paths;
}

// What forbids the module, with the cure, or nothing.
std::optional<std::string> forbidden_by(const family_facts& facts) {
  for (const auto& [name, path] : modprobe_files()) {
    if (any_line(path, [&](const std::string& line) { return line_forbids(line, facts); }) ==
        true) {
      return fmt::format("{0} forbids module {1}: remove the line, then `modprobe {1}`", path,
                         facts.module);
    }
  }
  // Source: the kernel's Documentation/admin-guide/kernel-parameters.txt; modprobe(8)
  const auto forbids = [&](const std::string& line) {
    std::istringstream words(line);
    for (std::string word; words >> word;) {
      const auto list = word.find("blacklist=");
      const auto start = list + std::string_view("blacklist=").size();
      if (list == std::string::npos) continue;
      if (!word.starts_with("module_") && !word.starts_with("modprobe.")) continue;
      std::istringstream names(word.substr(start));
      for (std::string name; std::getline(names, name, ',');) {
        if (module_name(name) == facts.module) return true;
      }
    }
    return false;
  };
  if (any_line("/proc/cmdline", forbids) == true) {
    return fmt::format("the kernel was started with module {} forbidden: boot without that",
                       facts.module);
  }
  return std::nullopt;
}

// Whether depmod's list holds the module: "kernel/net/tipc/tipc.ko: …", perhaps compressed.
// Nothing where there is no such list.
std::optional<bool> module_installed(const std::string& release, std::string_view module) {
  const std::string file = fmt::format("/{}.ko", module);
  return any_line("/lib/modules/" + release + "/modules.dep", [&](const std::string& line) {
    const std::string name = module_name(std::string_view(line).substr(0, line.find(':')));
    const auto found = name.find(file);
    return found != std::string::npos &&
           (found + file.size() == name.size() || name[found + file.size()] == '.');
  });
}

// What the kernel's configuration says of an option: 'y', 'm', 'n', or nothing where it cannot be
// read.
std::optional<char> configured(const std::string& release, std::string_view option) {
  for (const std::string& path : {std::string("/proc/config.gz"), "/boot/config-" + release,
                                  "/lib/modules/" + release + "/config"}) {
    char value = 'n';
    const auto found = any_line(path, [&](const std::string& line) {
      if (!line.starts_with(option) || line.size() != option.size() + 2) return false;
      if (line[option.size()] != '=') return false;
      value = line.back();
      return true;
    });
    if (found) return value;
  }
  return std::nullopt;
}

family_diagnosis refused_all_the_same(const family_facts& facts) {
  if (facts.family == AF_BLUETOOTH) {
    return {unavailable_reason::unknown,
            "the kernel has AF_BLUETOOTH, in the machine's first network namespace only"};
  }
  return {
      unavailable_reason::unknown,
      fmt::format("the kernel has {}, yet it is refused: a kernel parameter or a seccomp filter "
                  "(systemd: RestrictAddressFamilies=) may forbid it",
                  facts.name)};
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
  std::error_code ignored;
  if (std::filesystem::exists(fmt::format("/sys/module/{}", facts->module), ignored)) {
    return refused_all_the_same(*facts);
  }
  if (auto why = forbidden_by(*facts)) return {unavailable_reason::blacklisted, std::move(*why)};
  const std::optional<bool> installed = module_installed(release, facts->module);
  if (installed == true) {
    return {unavailable_reason::not_loaded,
            fmt::format("module {0} is installed but not loaded: `modprobe {0}` as root",
                        facts->module)};
  }
  const std::optional<char> config = configured(release, facts->config);
  if (config == 'y') return refused_all_the_same(*facts);
  if (config == 'm' || (!config && installed)) {
    return {unavailable_reason::module_missing,
            fmt::format("module {} of kernel {} is not installed: install the package with this "
                        "kernel's modules",
                        facts->module, release)};
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
