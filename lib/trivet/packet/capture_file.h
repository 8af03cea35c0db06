// A capture file being written: pcapng blocks, buffered, to a file or a pipe.
//
//   capture_file file = capture_file::create("eth0.pcapng");
//   file.add(pcapng::section::of_this_machine());
//   const auto eth0 = file.add(pcapng::interface{.name = "eth0"});
//   file.add(pcapng::packet{…});
//   file.close();                                  // what is buffered; and every late error
//
// Whatever fails, a regular file holds whole blocks only: what a full disk cut is taken off again.
#ifndef TRIVET_PACKET_CAPTURE_FILE_H_
#define TRIVET_PACKET_CAPTURE_FILE_H_

#include <cstdint>
#include <string>
#include <system_error>
#include <vector>

#include "trivet/base/descriptor.h"
#include "trivet/packet/pcapng.h"

namespace trivet::packet {

/// A capture file could not be opened or written: the errno, and the file's name.
class file_error : public std::system_error {
  using std::system_error::system_error;
};

/// An open capture file. Move-only; one thread. What is not flushed is lost at destruction.
/// After the first error it takes no more blocks: every later call gives that error.
class capture_file {
 public:
  /// open(2): empties a file that exists. Throws file_error.
  [[nodiscard]] static capture_file create(const std::string& path);

  /// Takes over a descriptor; a pipe or a terminal too.
  /// @param name  how errors call it
  capture_file(descriptor fd, std::string name);

  /// A descriptor that becomes readable when the run is to end: from then on a reader of a pipe who
  /// takes nothing is waited for no longer than 2 s, then ECANCELED. -1: none.
  void watch_stop(int fd) noexcept { stop_fd_ = fd; }

  /// Appends a block; writes once 1 MiB is together. Throws file_error: ENOSPC, EPIPE …
  void add(const pcapng::section& block) { add_block(block); }
  /// @return the interface's number, for the packets
  std::uint32_t add(const pcapng::interface& block) {
    add_block(block);
    return interfaces_++;
  }
  void add(const pcapng::packet& block) { add_block(block); }
  void add(const pcapng::statistics& block) { add_block(block); }

  /// write(2) of what is buffered.
  void flush();

  /// flush() and close(2), which may tell of an error too.
  void close();

  /// Packets in the file, in whole blocks: those that were written.
  [[nodiscard]] std::uint64_t packets() const noexcept { return packets_; }
  /// Bytes of whole blocks in the file.
  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
  /// How errors call it.
  [[nodiscard]] const std::string& name() const noexcept { return name_; }

 private:
  template <class Block>
  void add_block(const Block& block) {
    if (error_) fail();
    pcapng::append(buffer_, block);
    if (buffer_.size() >= buffer_size) flush();
  }
  [[noreturn]] void fail() const;
  std::error_code write_some(const_bytes bytes, std::size_t& written) noexcept;
  std::error_code wait_writable() noexcept;
  void cut_to_whole_blocks(std::size_t written) noexcept;

  static constexpr std::size_t buffer_size = 1 << 20;

  descriptor fd_;
  std::string name_;
  bool regular_ = false;
  bool pipe_ = false;
  int stop_fd_ = -1;
  std::uint32_t interfaces_ = 0;
  std::uint64_t packets_ = 0;
  std::uint64_t size_ = 0;
  std::vector<std::byte> buffer_;
  std::error_code error_;
};

}  // namespace trivet::packet

#endif  // TRIVET_PACKET_CAPTURE_FILE_H_
