// Declaring the options and the arguments of a verb; options.cc hands them to CLI11, whose header
// alone takes the compiler four seconds and which no verb includes.
//
//   auto wanted = std::make_shared<show_arguments>();  // lives as long as the verb's lambda
//   CLI::App& show = add_verb(...);                    // command.h
//   add_option(show, "NAME", wanted->name, "the link's name").required();
//   add_option(show, "-c,--count", wanted->count, "end after N events").type_name("N");
//   add_flag(show, "--once", wanted->once, "print what is there and end");
//
// A name without dashes is an argument, which stands alone. The value is written while the command
// line is parsed, and left as it is where the option is not given: that is the default. What is no
// value of its type is refused by CLI11.
#ifndef TOOLS_TRIVET_OPTIONS_H_
#define TOOLS_TRIVET_OPTIONS_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "tools/trivet/nouns.h"

namespace trivet::tool {

/// An option that has been declared, to say more about it. It lives as long as its verb.
class option {
 public:
  explicit option(CLI::Option& declared) : declared_(&declared) {}

  /// What --help calls the value. Completion offers interfaces for IF, files for FILE, namespaces
  /// for NAME|PATH|PID, and the words of a list: "{a,b}", or "FAMILY:{a,b}", which is shown as
  /// FAMILY.
  option& type_name(const std::string& name);
  /// It must be given.
  option& required(bool yes = true);
  /// How many values it takes; -1: any number.
  option& expected(int least, int most);
  /// What may stand between values that are one word.
  option& delimiter(char between);
  /// The least value and the greatest.
  option& range(int least, int greatest);
  option& range(double least, double greatest);
  /// May be given only together with the other.
  option& needs(const option& other);
  /// May not be given together with the other.
  option& excludes(const option& other);

 private:
  CLI::Option* declared_;
};

/// Declares an option that takes a value, or an argument.
/// @param names  "-c,--count", "--count", or the argument's name as --help shows it
/// A further type of value is a line here and one in options.cc.
option add_option(CLI::App& verb, const std::string& names, std::string& value,
                  const std::string& description);
option add_option(CLI::App& verb, const std::string& names, std::optional<std::string>& value,
                  const std::string& description);
option add_option(CLI::App& verb, const std::string& names, std::vector<std::string>& value,
                  const std::string& description);
option add_option(CLI::App& verb, const std::string& names, int& value,
                  const std::string& description);
option add_option(CLI::App& verb, const std::string& names, std::uint32_t& value,
                  const std::string& description);
option add_option(CLI::App& verb, const std::string& names, std::uint64_t& value,
                  const std::string& description);
option add_option(CLI::App& verb, const std::string& names, std::optional<std::uint64_t>& value,
                  const std::string& description);
option add_option(CLI::App& verb, const std::string& names, double& value,
                  const std::string& description);
/// The same, where the value becomes something else. `take` may throw usage_error; of texts it is
/// called where they stand, in the order of the command line.
option add_option(CLI::App& verb, const std::string& names,
                  const std::function<void(const std::string&)>& take,
                  const std::string& description);
option add_option(CLI::App& verb, const std::string& names, std::function<void(double)> take,
                  const std::string& description);

/// Declares an option without a value: true where it is given, or how often.
option add_flag(CLI::App& verb, const std::string& names, bool& given,
                const std::string& description);
option add_flag(CLI::App& verb, const std::string& names, int& times,
                const std::string& description);

/// The same, where it is an act: `take` is called where it stands, in the order of the command
/// line.
option add_flag(CLI::App& verb, const std::string& names, const std::function<void()>& take,
                const std::string& description);

/// A flag that is an act.
struct acting_flag {
  std::string name;
  std::function<void()> take;
};

/// Declares flags of `parent` once more, hidden, for the noun or verb `below` it and all that is
/// below that one, after all else of it. CLI11 passes "-4" to the parent only from a verb that has
/// it, too: elsewhere a dash and a digit are an argument.
void repeat_flags(CLI::App& parent, context& ctx, const std::string& below,
                  const std::vector<acting_flag>& flags);

}  // namespace trivet::tool

#endif  // TOOLS_TRIVET_OPTIONS_H_
