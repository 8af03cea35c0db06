// Random addresses of every family, as text that CPython and Trivet both take.
#ifndef TESTS_ADDRESS_RANDOM_ADDRESSES_H_
#define TESTS_ADDRESS_RANDOM_ADDRESSES_H_

#include <fmt/format.h>

#include <cstdint>
#include <random>
#include <string>
#include <string_view>

#include "trivet/base/tuple.h"

namespace trivet::test {

/// Values that both take, edges more often than chance would have them; the same in every run.
class random_addresses {
 public:
  /// The next address of a family, as a Python literal.
  std::string next(std::string_view family) {
    if (family == "unix") return path();
    if (family == "inet") return "('" + ipv4() + "', " + number(65535) + ")";
    if (family == "inet6") {
      return "('" + ipv6() + "', " + number(65535) + ", " + number(0xfffff) + ", " + number() + ")";
    }
    if (family == "netlink") return "(" + number() + ", " + number() + ")";
    if (family == "tipc") return tipc();
    if (family == "packet") {
      return "('lo', " + number(65535) + ", " + number(255) + ", " + number(65535) + ", " +
             quote_bytes(bytes(0, 8)) + ")";
    }
    if (family == "bluetooth-hci") return "(" + number(65535) + ",)";
    if (family == "bluetooth-sco") return "b'" + device() + "'";
    return "('" + device() + "', " + number(family == "bluetooth-l2cap" ? 65535 : 255) + ")";
  }

 private:
  std::string number(std::uint64_t most = 0xffffffff) {
    switch (random_() % 8) {
      case 0:
        return "0";
      case 1:
        return std::to_string(most);
      default:
        return std::to_string(random_() % (most + 1) >> random_() % 32);
    }
  }

  std::string bytes(std::size_t least, std::size_t most) {
    std::string result(least + random_() % (most - least + 1), '\0');
    for (char& c : result) c = static_cast<char>(random_() % 4 == 0 ? 0 : random_());
    return result;
  }

  std::string ipv6() {
    std::string text;
    for (int i = 0; i < 8; ++i) {
      text += fmt::format("{}{:x}", i > 0 ? ":" : "", random_() % 2 == 0 ? 0 : random_() & 0xffff);
    }
    return text;
  }

  std::string ipv4() {
    return number(255) + "." + number(255) + "." + number(255) + "." + number(255);
  }

  std::string device() {
    const auto r = random_();
    return fmt::format("{:02X}:{:02x}:{:02X}:{:02x}:{:02X}:{:02x}", r & 0xff, r >> 8 & 0xff,
                       r >> 16 & 0xff, r >> 24 & 0xff, r >> 32 & 0xff, r >> 40 & 0xff);
  }

  std::string path() {
    std::string result = bytes(1, 107);
    if (random_() % 2 == 0) return quote_bytes(std::string(1, '\0') + result);
    for (char& c : result) c = c == '\0' ? 'p' : c;
    return quote_bytes(result);
  }

  std::string tipc() {
    switch (random_() % 3) {
      case 0: {
        const auto lower = random_() & 0xffffffff;
        const auto upper = lower + random_() % (0x100000000 - lower);
        return "(1, " + number() + ", " + std::to_string(lower) + ", " + std::to_string(upper) +
               ", " + number(3) + ")";
      }
      case 1:
        return "(2, " + number() + ", " + number() + ", 0, " + number(3) + ")";
      default:
        return "(3, " + number() + ", " + number() + ", 0, " + number(3) + ")";
    }
  }

  std::mt19937_64 random_{20230614};
};

}  // namespace trivet::test

#endif  // TESTS_ADDRESS_RANDOM_ADDRESSES_H_
