#include "tools/trivet/palette.h"

#include <fmt/core.h>
#include <unistd.h>

#include <cstdlib>

namespace trivet::tool {
namespace {

/// SGR parameters that read on light and on dark backgrounds. Source: console_codes(4)
constexpr std::string_view parameters(ink color) {
  switch (color) {
    case ink::added:
      return "32";
    case ink::removed:
      return "31";
    case ink::changed:
      return "33";
    case ink::warning:
      return "1;31";
    case ink::name:
      return "36";
    case ink::address:
      return "35";
    case ink::faint:
      return "2";
  }
  return "0";
}

}  // namespace

std::optional<color_when> parse_color_when(std::string_view word) noexcept {
  if (word == "auto") return color_when::automatic;
  if (word == "always") return color_when::always;
  if (word == "never") return color_when::never;
  return std::nullopt;
}

bool wants_color(color_when when) noexcept {
  if (when != color_when::automatic) return when == color_when::always;
  const char* no_color = std::getenv("NO_COLOR");
  const char* terminal = std::getenv("TERM");
  const bool refused = no_color != nullptr && *no_color != '\0';
  const bool dumb = terminal == nullptr || std::string_view(terminal) == "dumb";
  return !refused && !dumb && ::isatty(STDOUT_FILENO) == 1;
}

std::string palette::operator()(ink color, std::string_view text) const {
  if (!enabled_ || text.empty()) return std::string(text);
  return fmt::format("\x1b[{}m{}\x1b[0m", parameters(color), text);
}

}  // namespace trivet::tool
