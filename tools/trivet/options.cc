#include "tools/trivet/options.h"

#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <utility>

#include "tools/trivet/command.h"

namespace trivet::tool {
namespace {

template <class Value>
option declare(CLI::App& verb, const std::string& names, Value& value,
               const std::string& description) {
  return option(*verb.add_option(names, value, description));
}

}  // namespace

option& option::type_name(const std::string& name) {
  declared_->type_name(name);
  return *this;
}

option& option::required(bool yes) {
  declared_->required(yes);
  return *this;
}

option& option::expected(int least, int most) {
  declared_->expected(least, most);
  return *this;
}

option& option::delimiter(char between) {
  declared_->delimiter(between);
  return *this;
}

option& option::range(int least, int greatest) {
  declared_->check(CLI::Range(least, greatest));
  return *this;
}

// CLI::Range takes what is no number at all, "nan", for one in between.
option& option::range(double least, double greatest) {
  declared_->check([least, greatest](const std::string& text) -> std::string {
    double value = 0;
    const bool number = CLI::detail::lexical_cast(text, value);
    if (number && value >= least && value <= greatest) return {};
    return fmt::format("Value {} not in range {} to {}", text, least, greatest);
  });
  return *this;
}

option& option::needs(const option& other) {
  declared_->needs(other.declared_);
  return *this;
}

option& option::excludes(const option& other) {
  declared_->excludes(other.declared_);
  return *this;
}

option add_option(CLI::App& verb, const std::string& names, std::string& value,
                  const std::string& description) {
  return declare(verb, names, value, description);
}

option add_option(CLI::App& verb, const std::string& names, std::optional<std::string>& value,
                  const std::string& description) {
  return declare(verb, names, value, description);
}

option add_option(CLI::App& verb, const std::string& names, std::vector<std::string>& value,
                  const std::string& description) {
  return declare(verb, names, value, description);
}

option add_option(CLI::App& verb, const std::string& names, int& value,
                  const std::string& description) {
  return declare(verb, names, value, description);
}

option add_option(CLI::App& verb, const std::string& names, std::uint32_t& value,
                  const std::string& description) {
  return declare(verb, names, value, description);
}

option add_option(CLI::App& verb, const std::string& names, std::uint64_t& value,
                  const std::string& description) {
  return declare(verb, names, value, description);
}

// CLI11 takes "-1" for a very large number where the value is optional.
option add_option(CLI::App& verb, const std::string& names, std::optional<std::uint64_t>& value,
                  const std::string& description) {
  return option(*verb.add_option(names, value, description)
                     ->check([](const std::string& text) -> std::string {
                       return text.starts_with('-') ? text + " is less than 0" : std::string();
                     }));
}

option add_option(CLI::App& verb, const std::string& names, double& value,
                  const std::string& description) {
  return declare(verb, names, value, description);
}

option add_option(CLI::App& verb, const std::string& names, std::function<void(double)> take,
                  const std::string& description) {
  return option(*verb.add_option_function<double>(names, std::move(take), description));
}

option add_option(CLI::App& verb, const std::string& names,
                  const std::function<void(const std::string&)>& take,
                  const std::string& description) {
  return option(
      *verb.add_option_function<std::string>(names, take, description)->trigger_on_parse());
}

option add_flag(CLI::App& verb, const std::string& names, bool& given,
                const std::string& description) {
  return option(*verb.add_flag(names, given, description));
}

option add_flag(CLI::App& verb, const std::string& names, int& times,
                const std::string& description) {
  return option(*verb.add_flag(names, times, description));
}

option add_flag(CLI::App& verb, const std::string& names, const std::function<void()>& take,
                const std::string& description) {
  return option(*verb.add_flag_callback(names, take, description)->trigger_on_parse());
}

void repeat_flags(CLI::App& parent, context& ctx, const std::string& below,
                  const std::vector<acting_flag>& flags) {
  for (CLI::App* word : parent.get_subcommands(
           [&](const CLI::App* sub) { return below.empty() || sub->get_name() == below; })) {
    declare_when_named(*word, ctx, [&ctx, flags](CLI::App& named) {
      for (const acting_flag& flag : flags) {
        named.add_flag_callback(flag.name, flag.take)->trigger_on_parse()->group("");
      }
      repeat_flags(named, ctx, "", flags);
    });
  }
}

}  // namespace trivet::tool
