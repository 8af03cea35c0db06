#include "trivet/packet/libpcap.h"

#include <dlfcn.h>
#include <fmt/core.h>

#include <cerrno>
#include <string>

#include "trivet/base/error.h"

namespace trivet::packet {
namespace {

[[noreturn]] void throw_not_loaded() {
  const char* const reason = ::dlerror();
  throw socket_error(errno_code(ELIBACC), "load libpcap",
                     fmt::format("install it (Debian's package is libpcap0.8): {}",
                                 reason == nullptr ? "unknown" : reason));
}

template <class Function>
void find(void* library, const char* name, Function*& function) {
  function = reinterpret_cast<Function*>(::dlsym(library, name));
  if (function == nullptr) throw_not_loaded();
}

libpcap load() {
  void* library = ::dlopen("libpcap.so.0.8", RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) library = ::dlopen("libpcap.so.1", RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) throw_not_loaded();
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

}  // namespace trivet::packet
