#include "trivet/unix/address.h"

#include <fmt/core.h>
#include <sys/un.h>

#include <cerrno>
#include <cstddef>
#include <cstring>

#include "trivet/base/bytes.h"
#include "trivet/base/error.h"
#include "trivet/base/tuple.h"

namespace trivet::unix_domain {
namespace {

static_assert(sizeof(::sockaddr_un::sun_path) == address::capacity);
constexpr std::size_t path_offset = offsetof(::sockaddr_un, sun_path);

[[noreturn]] void fail(std::string_view reason) {
  throw address_error::in_field("unix", "path", reason);
}

bool is_quoted(std::string_view text) {
  if (text.starts_with('b')) text.remove_prefix(1);
  return text.size() >= 2 && (text.front() == '\'' || text.front() == '"') &&
         text.front() == text.back();
}

// The text without Python's quotes.
std::string escaped(std::string_view text) {
  const std::string quoted = quote_text(text);
  return quoted.substr(1, quoted.size() - 2);
}

}  // namespace

address::address(std::string_view bytes, int) noexcept : size_(bytes.size()) {
  if (!bytes.empty()) std::memcpy(bytes_.data(), bytes.data(), bytes.size());
}

address address::from_path(std::string_view path) {
  if (path.empty()) fail("is empty; an unnamed address is address()");
  if (path.find('\0') != std::string_view::npos) fail("has a zero byte inside");
  if (path.size() > capacity) fail(fmt::format("{} bytes are more than 108", path.size()));
  return address(path, 0);
}

address address::abstract(std::string_view name) {
  if (name.size() >= capacity) {
    fail(fmt::format("an abstract name of {} bytes is longer than 107", name.size()));
  }
  return address(std::string(1, '\0').append(name), 0);
}

address address::parse(std::string_view text) {
  std::string path(text);
  if (is_quoted(text)) {
    tuple_reader in("unix", text);
    path = in.text("path");
    in.end();
  } else {
    const auto plain = unescape(text);
    if (!plain) fail("an escape is broken; a backslash is written \\\\");
    path = *plain;
    if (text.starts_with('@')) return abstract(std::string_view(path).substr(1));
  }
  if (path.empty()) return {};
  if (path.front() == '\0') return abstract(std::string_view(path).substr(1));
  return from_path(path);
}

address address::from_sockaddr(const_bytes sockaddr, std::error_code& ec) noexcept {
  ec.clear();
  if (sockaddr.size() < path_offset || sockaddr.size() > sizeof(::sockaddr_un) + 1 ||
      family_of(sockaddr) != AF_UNIX) {
    ec = errno_code(EINVAL);
    return {};
  }
  std::string_view path = text_of(sockaddr.subspan(path_offset));
  // A path ends at its zero byte, which the kernel counts; one of 108 bytes has none. An abstract
  // name has no end but its length.
  if (!path.empty() && path.front() != '\0') path = path.substr(0, path.find('\0'));
  return address(path.substr(0, capacity), 0);
}

address address::from_sockaddr(const_bytes sockaddr) {
  std::error_code ec;
  const address result = from_sockaddr(sockaddr, ec);
  if (ec) {
    throw address_error::in_field(
        "unix", "sockaddr",
        fmt::format("{} bytes of family {}", sockaddr.size(), family_of(sockaddr)));
  }
  return result;
}

sockaddr_bytes address::to_sockaddr() const noexcept {
  auto raw = zeroed<::sockaddr_un>();
  raw.sun_family = AF_UNIX;
  if (size_ > 0) std::memcpy(raw.sun_path, bytes_.data(), size_);
  // With a path the terminator is counted where there is room for it, as CPython does.
  const bool terminated = size_ > 0 && !is_abstract() && size_ < capacity;
  return sockaddr_bytes(raw, path_offset + size_ + (terminated ? 1 : 0));
}

std::string address::to_string() const {
  if (is_abstract()) return "@" + escaped(path().substr(1));
  // As it stands, unless parse would read something else.
  const bool plain = !path().starts_with('@') && !is_quoted(path());
  return plain ? escaped(path()) : quote_text(path());
}

}  // namespace trivet::unix_domain
