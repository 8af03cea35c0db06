#include "third_party/libpcap/load.h"

#include <dlfcn.h>
#include <fmt/core.h>

#include <cerrno>
#include <string>

#include "trivet/base/error.h"

namespace trivet {
namespace {

std::string loader_error() {
  const char* const reason = ::dlerror();
  return reason == nullptr ? "unknown" : reason;
}

[[noreturn]] void throw_not_loaded(const std::string& reason) {
  throw socket_error(errno_code(ELIBACC), "load libpcap",
                     fmt::format("install it (Debian's package is libpcap0.8): {}", reason));
}

template <class Function>
void find(void* library, const char* name, Function*& function) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): what dlsym(3) is for
  function = reinterpret_cast<Function*>(::dlsym(library, name));
  if (function == nullptr) throw_not_loaded(loader_error());
}

libpcap load() {
  void* library = ::dlopen("libpcap.so.0.8", RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    const std::string reason = loader_error();
    library = ::dlopen("libpcap.so.1", RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) throw_not_loaded(fmt::format("{}; {}", reason, loader_error()));
  }
  libpcap found{};
  find(library, "pcap_open_dead", found.open_dead);
  find(library, "pcap_close", found.close);
  find(library, "pcap_geterr", found.geterr);
  find(library, "pcap_compile", found.compile);
  find(library, "pcap_freecode", found.freecode);
  find(library, "pcap_offline_filter", found.offline_filter);
  find(library, "pcap_fopen_offline_with_tstamp_precision",
       found.fopen_offline_with_tstamp_precision);
  find(library, "pcap_datalink", found.datalink);
  find(library, "pcap_next_ex", found.next_ex);
  return found;
}

}  // namespace

const libpcap& load_libpcap() {
  static const libpcap loaded = load();
  return loaded;
}

}  // namespace trivet
