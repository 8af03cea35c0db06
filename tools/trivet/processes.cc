#include "tools/trivet/processes.h"

#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string_view>
#include <system_error>

namespace trivet::tool {
namespace {

namespace files = std::filesystem;

template <class Number>
std::optional<Number> number_in(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// "socket:[4711]"
std::optional<std::uint64_t> socket_inode(std::string_view target) {
  constexpr std::string_view start = "socket:[";
  if (!target.starts_with(start) || !target.ends_with(']')) return std::nullopt;
  target.remove_prefix(start.size());
  target.remove_suffix(1);
  return number_in<std::uint64_t>(target);
}

bool is_too_many_files(const std::error_code& ec) {
  return ec == std::errc::too_many_files_open || ec == std::errc::too_many_files_open_in_system;
}

// As the process calls itself: any bytes but zero, a newline among them.
std::string name_of(const files::path& process) {
  std::ifstream in(process / "comm");
  std::string name(std::istreambuf_iterator<char>(in), {});
  if (name.ends_with('\n')) name.pop_back();
  return name;
}

// @param too_many  set where files could not be opened for their number
void add_process(const files::path& process, ::pid_t pid, socket_users& users,
                 std::error_code& too_many) {
  std::error_code ec;
  std::string name;
  for (files::directory_iterator fd(process / "fd", ec), end; !ec && fd != end; fd.increment(ec)) {
    std::error_code gone;
    const auto inode = socket_inode(files::read_symlink(fd->path(), gone).native());
    const auto number = number_in<int>(fd->path().filename().native());
    if (gone || !inode || !number) continue;
    if (name.empty()) name = name_of(process);
    users[*inode].push_back({name, pid, *number});
  }
  if (is_too_many_files(ec)) too_many = ec;
}

}  // namespace

socket_users find_socket_users(std::error_code& ec) {
  socket_users users;
  std::error_code too_many;
  bool any = false;
  ec.clear();
  for (files::directory_iterator entry("/proc", ec), end; !ec && entry != end;
       entry.increment(ec)) {
    const auto pid = number_in<::pid_t>(entry->path().filename().native());
    if (pid) add_process(entry->path(), *pid, users, too_many);
    any |= pid.has_value();
  }
  if (!ec) ec = any ? too_many : std::make_error_code(std::errc::no_such_file_or_directory);
  return users;
}

}  // namespace trivet::tool
