// The text of addresses: what is read, what is refused, and which field the error names.
#include "trivet/base/tuple.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "trivet/base/error.h"

namespace trivet {
namespace {

using std::string_literals::operator""s;

constexpr named_number colours[] = {{"RED", 1}, {"GREEN", 2}};

// The field that the error names; "" where there is no error.
std::string field_of(const std::function<void()>& read) {
  try {
    read();
  } catch (const address_error& e) {
    EXPECT_EQ(e.code(), std::errc::invalid_argument);
    EXPECT_NE(std::string(e.what()).find(e.field()), std::string::npos) << e.what();
    return e.field();
  }
  return "";
}

struct pair_of_fields {
  std::string host;
  std::uint16_t port;
};

pair_of_fields parse(std::string_view text) {
  tuple_reader in("inet", text);
  pair_of_fields result;
  result.host = in.text("host");
  result.port = in.number<std::uint16_t>("port");
  in.end();
  return result;
}

TEST(tuple_reader, reads_what_python_prints_and_what_people_type) {
  for (const char* text :
       {"('::1', 80)", "(\"::1\", 80)", "  ( '::1' ,\t80 )\n", "'::1', 80", "::1,80",
        "('::1', 80,)", "(b'::1', 0x50)", "('\\x3a:1', 0o120)", "('\\72:1', +80)"}) {
    const auto result = parse(text);
    EXPECT_EQ(result.host, "::1") << text;
    EXPECT_EQ(result.port, 80) << text;
  }
  EXPECT_EQ(parse("('a, (b)', 1)").host, "a, (b)") << "what stands in quotes separates nothing";
  EXPECT_EQ(parse("('', 1)").host, "");
  EXPECT_EQ(parse("('don\\'t', 1)").host, "don't");
}

TEST(tuple_reader, names_the_field_that_is_wrong) {
  const auto names = [](std::string_view text) { return field_of([=] { parse(text); }); };
  EXPECT_EQ(names("('::1', 80"), "tuple");
  EXPECT_EQ(names("("), "tuple");
  EXPECT_EQ(names(""), "host");
  EXPECT_EQ(names("()"), "host");
  EXPECT_EQ(names("(,80)"), "host") << "empty text has to be quoted";
  EXPECT_EQ(names("('::1)"), "host");
  EXPECT_EQ(names("('::1\\')"), "host");
  EXPECT_EQ(names("('\\x4', 80)"), "host");
  EXPECT_EQ(names("('\\400', 80)"), "host") << "more than a byte";
  EXPECT_EQ(names("('a' 'b', 80)"), "host");
  EXPECT_EQ(names("('::1')"), "port");
  EXPECT_EQ(names("('::1',)"), "port");
  EXPECT_EQ(names("('::1', , 3)"), "port");
  EXPECT_EQ(names("('::1', '80')"), "port");
  for (const char* number : {"65536", "-1", "99999999999999999999", "-99999999999999999999", "0x",
                             "0x1g", "80a", "8 0", "--1", "+-1", "1.5", "1e3", "eighty"}) {
    EXPECT_EQ(names("('::1', "s + number + ")"), "port") << number;
  }
  EXPECT_EQ(names("('::1', 80, 1)"), "tuple");
  EXPECT_EQ(names("('::1', 80, )"), "") << "one comma at the end, as Python has it";
  EXPECT_EQ(names("('::1', 80,,)"), "tuple");
}

TEST(tuple_reader, tells_a_number_out_of_range_from_no_number) {
  const auto message = [](std::string_view text) -> std::string {
    try {
      parse(text);
    } catch (const address_error& e) {
      return e.advice();
    }
    return "";
  };
  EXPECT_EQ(message("('h', 70000)"), "70000 is not in 0 to 65535");
  EXPECT_EQ(message("('h', 99999999999999999999)"), "99999999999999999999 is not in 0 to 65535");
  EXPECT_EQ(message("('h', port)"), "'port' is no number");
  EXPECT_EQ(message("('h', \x1b[2J)"), "'\\x1b[2J' is no number") << "nothing steers the terminal";
}

TEST(tuple_reader, takes_names_for_numbers_and_lists_those_it_knows) {
  tuple_reader in("test", "(GREEN, 1, BLUE)");
  EXPECT_EQ(in.number<std::uint8_t>("colour", colours), 2);
  EXPECT_TRUE(in.more());
  EXPECT_EQ(in.number<std::uint8_t>("colour", colours, 1, 2), 1);
  try {
    (void)in.number<std::uint8_t>("colour", colours);
    FAIL() << "BLUE is no colour here";
  } catch (const address_error& e) {
    EXPECT_EQ(e.advice(), "'BLUE' is no number; names: RED, GREEN");
  }
  EXPECT_FALSE(in.more());
}

TEST(tuple_reader, holds_a_number_to_the_range_of_its_field) {
  const auto read = [](std::string_view text) {
    tuple_reader in("test", text);
    return in.number<std::int8_t>("n", -1, 3);
  };
  EXPECT_EQ(read("-1"), -1);
  EXPECT_EQ(read("3"), 3);
  EXPECT_EQ(field_of([&] { read("4"); }), "n");
  EXPECT_EQ(field_of([&] { read("-2"); }), "n");
  tuple_reader in("test", "4294967295, -2147483648");
  EXPECT_EQ(in.number<std::uint32_t>("n"), 0xffffffffU);
  EXPECT_EQ(in.number<std::int32_t>("n"), INT32_MIN);
}

TEST(quote_text, prints_as_python_does) {
  EXPECT_EQ(quote_text("plain"), "'plain'");
  EXPECT_EQ(quote_text("don't"), "\"don't\"");
  EXPECT_EQ(quote_text("'\""), "'\\'\"'");
  EXPECT_EQ(quote_text("a\\b\n\r\t\x01\x7f"), "'a\\\\b\\n\\r\\t\\x01\\x7f'");
  EXPECT_EQ(quote_text("\0x"s), "'\\x00x'");
  EXPECT_EQ(quote_text("é漢🙂"), "'é漢🙂'");
  EXPECT_EQ(quote_text("\xff\xc3"), "'\\xff\\xc3'");
  EXPECT_EQ(quote_bytes("\0é"s), "b'\\x00\\xc3\\xa9'");
}

TEST(quote_text, lets_nothing_through_that_steers_a_terminal) {
  EXPECT_EQ(quote_text("\xc2\x9b"), "'\\xc2\\x9b'") << "U+009B, the other way to write ESC [";
  EXPECT_EQ(quote_text("\xc2\xa0"), "'\xc2\xa0'");
  EXPECT_EQ(quote_text("\xe2\x80\xae"), "'\\xe2\\x80\\xae'") << "U+202E, right-to-left override";
  EXPECT_EQ(quote_text("\xe2\x81\xa6"), "'\\xe2\\x81\\xa6'") << "U+2066, an isolate";
  EXPECT_EQ(quote_text("\xef\xbb\xbf"), "'\\xef\\xbb\\xbf'") << "U+FEFF, which takes no room";
  EXPECT_EQ(quote_text("\xe2\x80\xa6"), "'…'");
}

TEST(quote_text, comes_back_as_it_was_whatever_the_bytes) {
  for (int first = 0; first < 256; ++first) {
    for (const int second : {0, 39, 34, 92, 120, 0x80, 0x9b, 0xbf, 0xff}) {
      const std::string text{static_cast<char>(first), static_cast<char>(second)};
      const std::string quoted = quote_text(text);
      tuple_reader as_text("test", quoted);
      EXPECT_EQ(as_text.text("t"), text) << quoted;
      const std::string bytes = quote_bytes(text);
      tuple_reader as_bytes("test", bytes);
      EXPECT_EQ(as_bytes.text("t"), text) << bytes;
    }
  }
}

TEST(utf8_sequence, takes_only_what_unicode_allows) {
  EXPECT_EQ(utf8_sequence("a"), 1U);
  EXPECT_EQ(utf8_sequence("é"), 2U);
  EXPECT_EQ(utf8_sequence("漢"), 3U);
  EXPECT_EQ(utf8_sequence("🙂"), 4U);
  for (const char* wrong :
       {"", "\x80", "\xc0\x80", "\xc1\xbf", "\xe0\x80\x80", "\xed\xa0\x80", "\xf0\x80\x80\x80",
        "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xc3", "\xe6\xbc", "\xc3(", "\xff"}) {
    EXPECT_EQ(utf8_sequence(wrong), 0U) << quote_bytes(wrong);
  }
}

TEST(unescape, knows_pythons_escapes_and_refuses_broken_ones) {
  EXPECT_EQ(unescape("\\\\\\'\\\"\\n\\r\\t\\a\\b\\f\\v"), "\\'\"\n\r\t\a\b\f\v");
  EXPECT_EQ(unescape("\\0\\x41\\101\\7"), "\0AA\7"s);
  for (const char* broken : {"\\", "\\x", "\\x4", "\\xg0", "\\q", "\\8", "\\777", "a\\"}) {
    EXPECT_FALSE(unescape(broken)) << broken;
  }
}

}  // namespace
}  // namespace trivet
