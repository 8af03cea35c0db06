#include "tools/trivet/failure.h"

#include <fmt/core.h>
#include <unistd.h>

#include <cerrno>
#include <new>

#include "tools/trivet/text.h"
#include "trivet/base/error.h"

namespace trivet::tool {
namespace {

std::string join(std::string_view what, std::string_view why, std::string_view cure) {
  if (cure.empty()) return fmt::format("{}: {}", what, why);
  return fmt::format("{}: {} ({})", what, why, cure);
}

int report_usage(const std::string& command, const char* what) {
  print_error_line(fmt::format("trivet: {}", what));
  print_error_line(fmt::format("Try '{} --help'.", command));
  return 2;
}

int report_refusal(const char* what) {
  print_error_line(fmt::format("trivet: {}", what));
  return 1;
}

}  // namespace

failure::failure(std::string_view what, std::string_view why, std::string_view cure)
    : std::runtime_error(join(what, why, cure)) {}

int report_failure(const std::string& command) {
  try {
    throw;
  } catch (const closed_output&) {
    return 0;
  } catch (const usage_error& error) {
    return report_usage(command, error.what());
  } catch (const address_error& error) {
    return error.field().empty() ? report_refusal(error.what())
                                 : report_usage(command, error.what());
  } catch (const std::bad_alloc&) {
    return report_refusal("memory: the kernel gave no more of it");
  } catch (const std::exception& error) {
    return report_refusal(error.what());
  } catch (...) {
    return report_refusal("internal error: something was thrown that is no exception");
  }
}

void print_error_line(std::string_view line) noexcept {
  try {
    std::string text = printable(line) + "\n";
    std::string_view rest = text;
    while (!rest.empty()) {
      const ssize_t written = ::write(STDERR_FILENO, rest.data(), rest.size());
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) return;
      rest.remove_prefix(static_cast<std::size_t>(written));
    }
  } catch (...) {
    return;
  }
}

}  // namespace trivet::tool
