// The lines of a batch file as words: "route add 10.0.0.0/8 via 192.0.2.1".
//
//   batch_lines lines([&] { return file.read(); });
//   while (lines.next()) use(lines.number(), lines.words());
//
// '#' starts a comment, a backslash at the end of a line goes on with the next one, quotes hold
// words together. Source: ip(8), -batch
#ifndef TOOLS_TRIVET_NETLINK_BATCH_LINES_H_
#define TOOLS_TRIVET_NETLINK_BATCH_LINES_H_

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace trivet::tool {

/// The next bytes of a file, empty at its end; nothing where it is not to be read further, so that
/// a line that has begun is no line.
using text_source = std::function<std::optional<std::string_view>()>;

/// Reads the lines of a file that have words. Not shared between threads.
class batch_lines {
 public:
  /// @param more  what it gives is valid until it is called again; what it throws is handed on
  explicit batch_lines(text_source more) : more_(std::move(more)) {}
  // The words are views of line_.
  batch_lines(const batch_lines&) = delete;
  batch_lines& operator=(const batch_lines&) = delete;

  /// Reads the next line that has words; false at the end of the file. Throws usage_error for a
  /// quote that is not closed, for a line beyond 1 MiB, and for a last one that ends with a
  /// backslash; the next call goes on behind that line.
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
  bool read_line();
  bool read_joined();
  void split();

  text_source more_;
  std::string_view text_;     // what is left of what more_ gave
  bool within_line_ = false;  // that is too long: the rest of it is to be passed over
  bool ended_ = false;        // before the end of the file
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
