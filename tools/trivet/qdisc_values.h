// What the options of queueing disciplines are made of: attributes by number, and values that JSON
// has as numbers and text with their unit.
#ifndef TOOLS_TRIVET_QDISC_VALUES_H_
#define TOOLS_TRIVET_QDISC_VALUES_H_

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string_view>

#include "tools/trivet/show_writer.h"
#include "trivet/netlink/attribute.h"

namespace trivet::tool {

/// Attributes by their numbers; of two with the same number the last, as the kernel reads them.
class attributes_of {
 public:
  explicit attributes_of(const_bytes bytes);

  /// nullptr where there is none.
  [[nodiscard]] const netlink::attribute* find(std::uint16_t type) const;
  [[nodiscard]] std::optional<std::uint32_t> number(std::uint16_t type) const;
  /// Of 64 bits.
  [[nodiscard]] std::optional<std::uint64_t> wide_number(std::uint16_t type) const;
  /// A rate, which is in an attribute of its own where 32 bits are too few.
  [[nodiscard]] std::uint64_t rate(std::uint16_t wide, std::uint32_t narrow) const;
  /// Zeros where there is none.
  template <class T>
  [[nodiscard]] T structure(std::uint16_t type) const {
    const netlink::attribute* a = find(type);
    return a == nullptr ? T{} : a->structure<T>();
  }

 private:
  std::map<std::uint16_t, netlink::attribute> found_;
};

void show_number(show_writer& out, std::string_view key, std::uint64_t value,
                 std::string_view unit = "");
void show_size(show_writer& out, std::string_view key, std::uint32_t bytes);
void show_rate(show_writer& out, std::string_view key, std::uint64_t bytes_per_second);
void show_time(show_writer& out, std::string_view key, std::uint64_t microseconds);
/// A time that may have passed already.
void show_signed_time(show_writer& out, std::string_view key, std::int32_t microseconds);
void show_long_time(show_writer& out, std::string_view key, std::uint64_t nanoseconds);
void show_real(show_writer& out, std::string_view key, double value);

/// What random early detection does instead of dropping: TC_RED_ECN and so on.
void show_marking(show_writer& out, unsigned flags);

/// How random early detection makes the average length of a queue.
struct average_of_queue {
  unsigned weight;                    ///< of the newest length: a part of 2 to this power
  unsigned probability_factor;        ///< likewise, where `most` is not known
  unsigned cell;                      ///< of the table of idle times
  std::optional<std::uint32_t> most;  ///< the probability at the end of the range, of 2^32
};

void show_average(show_writer& out, const average_of_queue& red);

/// How a number of 32 bits is shown.
enum class shape { count, packets, size, microseconds, nanoseconds, rate, flag, power };

constexpr std::uint32_t all_bits = std::numeric_limits<std::uint32_t>::max();

/// One attribute that is a number: the row says all there is to say.
struct number_row {
  std::uint16_t type;
  std::string_view key;
  shape as;
  /// The value that stands for "not set" and is left out.
  std::optional<std::uint32_t> unset = std::nullopt;
};

void show_rows(show_writer& out, std::span<const number_row> rows, const attributes_of& attributes);

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_QDISC_VALUES_H_
