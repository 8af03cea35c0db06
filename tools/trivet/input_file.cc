#include "tools/trivet/input_file.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "trivet/base/error.h"

namespace trivet::tool {
namespace {

constexpr std::size_t piece_size = std::size_t{64} << 10;

}  // namespace

input_file::input_file(const std::string& file) : name_(file == "-" ? "standard input" : file) {
  if (file != "-") {
    file_.reset(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file_) throw_socket_error(errno_code(errno), "open " + (file.empty() ? "''" : file));
  }
  struct ::stat status {};
  if (::fstat(fd(), &status) != 0) throw_socket_error(errno_code(errno), "read " + name_);
  if (S_ISDIR(status.st_mode)) throw_socket_error(errno_code(EISDIR), "read " + name_);
  if (S_ISREG(status.st_mode)) size_ = static_cast<std::size_t>(status.st_size);
}

int input_file::fd() const noexcept { return file_ ? file_.get() : STDIN_FILENO; }

bool input_file::is_ready() const noexcept {
  ::pollfd one{fd(), POLLIN, 0};
  return ::poll(&one, 1, 0) != 0;  // also where it fails: read() tells why
}

std::string_view input_file::read() {
  piece_.resize(piece_size);
  while (true) {
    const ::ssize_t got = ::read(fd(), piece_.data(), piece_.size());
    if (got >= 0) return std::string_view(piece_).substr(0, static_cast<std::size_t>(got));
    if (errno != EINTR) throw_socket_error(errno_code(errno), "read " + name_);
  }
}

std::string input_file::read_all() {
  std::string all;
  all.reserve(size_);
  for (std::string_view text = read(); !text.empty(); text = read()) all += text;
  return all;
}

}  // namespace trivet::tool
