// libpcap(3PCAP), loaded when it is first needed. Debian's brings D-Bus, systemd and libgcrypt into
// a process, which makes the start of a small program longer by two thirds.
#ifndef THIRD_PARTY_LIBPCAP_LOAD_H_
#define THIRD_PARTY_LIBPCAP_LOAD_H_

#include <pcap/pcap.h>

#include <memory>

namespace trivet {

/// The functions of libpcap that are used here, by their names without `pcap_`.
struct libpcap {
  decltype(&::pcap_open_dead) open_dead;
  decltype(&::pcap_close) close;
  decltype(&::pcap_geterr) geterr;
  decltype(&::pcap_compile) compile;
  decltype(&::pcap_freecode) freecode;
  decltype(&::pcap_offline_filter) offline_filter;
  decltype(&::pcap_fopen_offline_with_tstamp_precision) fopen_offline_with_tstamp_precision;
  decltype(&::pcap_datalink) datalink;
  decltype(&::pcap_next_ex) next_ex;

  using handle = std::unique_ptr<::pcap_t, void (*)(::pcap_t*)>;
  [[nodiscard]] handle own(::pcap_t* opened) const { return {opened, close}; }
};

/// dlopen(3) of libpcap.so.0.8 (Debian) or, where there is none, libpcap.so.1, the first time; it
/// stays. Any thread. Throws socket_error (ELIBACC) with the loader's words where it is not
/// installed or not whole.
[[nodiscard]] const libpcap& load_libpcap();

}  // namespace trivet

#endif  // THIRD_PARTY_LIBPCAP_LOAD_H_
