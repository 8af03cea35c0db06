// Standard output, with every failure noticed.
//
// What a verb writes is collected and goes out at flush(), at 64 KiB, and at the end of the verb.
// A stream flushes before it waits (wait_readable() in stream.h does), so that each event is
// visible at once, also in a pipe.
#ifndef TOOLS_TRIVET_OUTPUT_H_
#define TOOLS_TRIVET_OUTPUT_H_

#include <string>
#include <string_view>

namespace trivet::tool {

/// A buffered writer to standard output. One thread. What is not flushed is lost at destruction.
class output {
 public:
  output() = default;
  output(const output&) = delete;
  output& operator=(const output&) = delete;

  /// Adds bytes as they are. Throws as flush() does when the buffer is full.
  void write(std::string_view bytes);

  /// Adds a line and its newline.
  void line(std::string_view text);

  /// write(2): hands everything over.
  /// @throws closed_output  EPIPE: the reader has gone away, which is no failure
  /// @throws failure        any other error, as ENOSPC of a full disk
  /// Keeps waiting for a slow reader, until the stop descriptor is readable; after that the
  /// reader has two seconds.
  void flush();

  /// Whether anything has been handed over: only then somebody who goes away is missed.
  [[nodiscard]] bool has_written() const noexcept { return has_written_; }

  /// Has flush() watch a descriptor that becomes readable when the run is to end; -1 for none.
  void watch_stop(int fd) noexcept { stop_fd_ = fd; }

 private:
  void wait_writable();

  std::string buffer_;
  int stop_fd_ = -1;
  bool has_written_ = false;
};

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_OUTPUT_H_
