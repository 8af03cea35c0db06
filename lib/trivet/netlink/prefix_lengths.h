// Which lengths of prefixes the tables of the kernel hold, for looking up the longest.
#ifndef TRIVET_NETLINK_PREFIX_LENGTHS_H_
#define TRIVET_NETLINK_PREFIX_LENGTHS_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <utility>

namespace trivet::netlink {

/// How many routes a table has of each length, 0 to 128. A table without routes is forgotten. One
/// thread at a time.
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

  /// One route more of a table (RT_TABLE_) and length. Throws std::bad_alloc, and has then changed
  /// nothing.
  void add(std::uint32_t table, std::uint8_t length) {
    if (last_ == nullptr || last_table_ != table) remember(table, tables_[table]);
    ++(*last_)[length];
  }
  /// One less. It was added before.
  void remove(std::uint32_t table, std::uint8_t length) noexcept {
    if (last_ == nullptr || last_table_ != table) {
      const auto found = tables_.find(table);
      if (found == tables_.end()) return;
      remember(table, found->second);
    }
    if (--(*last_)[length] > 0) return;
    if (std::any_of(last_->begin(), last_->end(), [](std::uint32_t n) { return n > 0; })) return;
    last_ = nullptr;
    tables_.erase(table);
  }

  /// nullptr where a table has no routes.
  [[nodiscard]] const counts* find(std::uint32_t table) const noexcept {
    const auto found = tables_.find(table);
    return found == tables_.end() ? nullptr : &found->second;
  }

  /// How many tables have routes.
  [[nodiscard]] std::size_t size() const noexcept { return tables_.size(); }

 private:
  void remember(std::uint32_t table, counts& e) noexcept {
    last_ = &e;
    last_table_ = table;
  }

  std::unordered_map<std::uint32_t, counts> tables_;
  counts* last_ = nullptr;  // routes of one table come in rows
  std::uint32_t last_table_ = 0;
};

}  // namespace trivet::netlink

#endif  // TRIVET_NETLINK_PREFIX_LENGTHS_H_
