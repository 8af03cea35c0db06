// The lines of a batch file as words: "route add 10.0.0.0/8 via 192.0.2.1".
//
//   batch_lines lines(file);
//   while (lines.next()) use(lines.number(), lines.words());
//
// '#' starts a comment, a backslash at the end of a line goes on with the next one, quotes hold
// words together. Source: ip(8), -batch
#ifndef TOOLS_TRIVET_NETLINK_BATCH_LINES_H_
#define TOOLS_TRIVET_NETLINK_BATCH_LINES_H_

#include <cstddef>
#include <istream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace trivet::tool {

/// Reads the lines of a stream that have words. Not shared between threads.
class batch_lines {
 public:
  /// @param in  outlives this
  explicit batch_lines(std::istream& in) : in_(in) {}
  // The words are views of line_.
  batch_lines(const batch_lines&) = delete;
  batch_lines& operator=(const batch_lines&) = delete;

  /// Reads the next line that has words; false at the end of the file. Throws usage_error for a
  /// quote that is not closed; the next call goes on behind that line.
  [[nodiscard]] bool next();

  /// Of the line that next() read; valid until it is called again.
  [[nodiscard]] std::span<const std::string_view> words() const noexcept { return words_; }
  /// Where that line begins: the first of the file is 1.
  [[nodiscard]] std::size_t number() const noexcept { return first_; }

  /// How many lines have had words.
  [[nodiscard]] std::size_t count() const noexcept { return count_; }
  /// How much of the file has been read.
  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }

 private:
  bool read_joined();
  void split();

  std::istream& in_;
  std::string line_;
  std::string piece_;
  std::vector<std::string_view> words_;
  std::size_t count_ = 0;
  std::size_t first_ = 0;
  std::size_t last_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_NETLINK_BATCH_LINES_H_
