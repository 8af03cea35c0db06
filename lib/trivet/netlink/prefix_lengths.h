// Which lengths of prefixes the tables of the kernel hold, for looking up the longest.
#ifndef TRIVET_NETLINK_PREFIX_LENGTHS_H_
#define TRIVET_NETLINK_PREFIX_LENGTHS_H_

#include <array>
#include <cstdint>
#include <memory>
#include <unordered_map>

namespace trivet::netlink {

/// How many routes a table has of each length, 0 to 128. One thread at a time.
class prefix_lengths {
 public:
  /// By length.
  using counts = std::array<std::uint32_t, 256>;

  prefix_lengths() = default;
  prefix_lengths(const prefix_lengths& other) : tables_(other.tables_) {}
  prefix_lengths& operator=(const prefix_lengths& other) { return *this = prefix_lengths(other); }
  prefix_lengths(prefix_lengths&& other) noexcept : tables_(std::move(other.tables_)) {
    other.last_ = nullptr;
  }
  prefix_lengths& operator=(prefix_lengths&& other) noexcept {
    tables_ = std::move(other.tables_);
    last_ = other.last_ = nullptr;
    return *this;
  }
  ~prefix_lengths() = default;

  /// One route more, or less, of a table (RT_TABLE_) and length. What is removed was added before.
  void add(std::uint32_t table, std::uint8_t length) { ++of(table)[length]; }
  void remove(std::uint32_t table, std::uint8_t length) { --of(table)[length]; }

  /// nullptr where a table was never seen.
  [[nodiscard]] const counts* find(std::uint32_t table) const noexcept {
    const auto found = tables_.find(table);
    return found == tables_.end() ? nullptr : &found->second;
  }

 private:
  counts& of(std::uint32_t table) {
    if (last_ == nullptr || last_table_ != table) {
      last_ = &tables_[table];
      last_table_ = table;
    }
    return *last_;
  }

  std::unordered_map<std::uint32_t, counts> tables_;
  counts* last_ = nullptr;  // routes of one table come in rows
  std::uint32_t last_table_ = 0;
};

}  // namespace trivet::netlink

#endif  // TRIVET_NETLINK_PREFIX_LENGTHS_H_
