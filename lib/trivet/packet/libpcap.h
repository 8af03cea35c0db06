// libpcap(3PCAP), loaded when it is first needed. Debian's brings D-Bus, systemd and libgcrypt into
// a process: a third of the start of a program that compiles no filter and reads no capture.
#ifndef TRIVET_PACKET_LIBPCAP_H_
#define TRIVET_PACKET_LIBPCAP_H_

#include <pcap/pcap.h>

#include <memory>

namespace trivet::packet {

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

/// dlopen(3) of libpcap.so.0.8 (Debian) or libpcap.so.1, the first time; it stays. Any thread.
/// Throws socket_error (ELIBACC) with the loader's words where it is not installed.
[[nodiscard]] const libpcap& load_libpcap();

}  // namespace trivet::packet

#endif  // TRIVET_PACKET_LIBPCAP_H_
