// A file that is named on the command line, or standard input.
//
//   input_file in(arguments.file);              // "-" is standard input
//   for (std::string_view text = in.read(); !text.empty(); text = in.read()) use(text);
#ifndef TOOLS_TRIVET_INPUT_FILE_H_
#define TOOLS_TRIVET_INPUT_FILE_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "trivet/base/descriptor.h"

namespace trivet::tool {

/// open(2), read(2). Not shared between threads.
class input_file {
 public:
  /// @param file  its path; "-" is standard input
  /// Throws socket_error as open(2), EISDIR for a folder.
  explicit input_file(const std::string& file);

  /// How messages call it.
  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  /// For poll(2).
  [[nodiscard]] int fd() const noexcept;
  /// In bytes, of a file; 0 for what has none, as a pipe.
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  /// Whether read() would not wait.
  [[nodiscard]] bool is_ready() const noexcept;

  /// The next bytes, at most 64 KiB, valid until it is called again; empty at the end. Throws
  /// socket_error as read(2).
  [[nodiscard]] std::string_view read();
  /// All that is left. Throws as read(), std::bad_alloc.
  [[nodiscard]] std::string read_all();

 private:
  std::string name_;
  descriptor file_;  // none: standard input
  std::size_t size_ = 0;
  std::string piece_;
};

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_INPUT_FILE_H_
