// Colour on the terminal.
#ifndef TOOLS_TRIVET_PALETTE_H_
#define TOOLS_TRIVET_PALETTE_H_

#include <optional>
#include <string>
#include <string_view>

namespace trivet::tool {

/// When colour is wanted: --color.
enum class color_when { automatic, always, never };

/// "auto", "always" or "never"; nullopt for anything else.
[[nodiscard]] std::optional<color_when> parse_color_when(std::string_view word) noexcept;

/// Whether to colour standard output. `automatic`: only on a terminal that is not dumb, and not
/// when NO_COLOR is set to anything but an empty string. Source: no-color.org
[[nodiscard]] bool wants_color(color_when when) noexcept;

/// What a piece of text is, as far as its colour goes.
enum class ink { added, removed, changed, warning, name, address, faint };

/// Paints text, or hands it on unchanged.
class palette {
 public:
  explicit palette(bool enabled) noexcept : enabled_(enabled) {}

  [[nodiscard]] bool enabled() const noexcept { return enabled_; }

  /// `text` between the escape sequences of `color`; `text` itself where colour is off.
  [[nodiscard]] std::string operator()(ink color, std::string_view text) const;

 private:
  bool enabled_;
};

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_PALETTE_H_
