#include "tools/trivet/text.h"

#include <gtest/gtest.h>

namespace trivet::tool {
namespace {

TEST(text, keeps_what_is_printable) {
  EXPECT_EQ(printable("eth0"), "eth0");
  EXPECT_EQ(printable("Brücke-№1"), "Brücke-№1");
  EXPECT_EQ(printable("a\\b"), "a\\b");
}

TEST(text, control_characters_cannot_reach_the_terminal) {
  EXPECT_EQ(printable("a\nb\tc\rd"), "a\\nb\\tc\\rd");
  EXPECT_EQ(printable("\x1b[2J"), "\\x1b[2J");
  EXPECT_EQ(printable(std::string_view("\0", 1)), "\\x00");
  EXPECT_EQ(printable("\x7f"), "\\x7f");
  EXPECT_EQ(printable("\xc2\x9b"), "\\xc2\\x9b") << "CSI as one character of two bytes";
}

TEST(text, bytes_that_are_no_utf8_are_shown_as_numbers) {
  EXPECT_EQ(valid_utf8("a\xff"
                       "b"),
            "a\\xffb");
  EXPECT_EQ(valid_utf8("\xc3"), "\\xc3") << "cut short";
  EXPECT_EQ(valid_utf8("\xc0\xaf"), "\\xc0\\xaf") << "longer than needed";
  EXPECT_EQ(valid_utf8("\xed\xa0\x80"), "\\xed\\xa0\\x80") << "a surrogate";
  EXPECT_EQ(valid_utf8("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80") << "above U+10FFFF";
  EXPECT_EQ(valid_utf8("\n"), "\n") << "the JSON writer escapes it";
}

TEST(text, tells_text_from_bytes) {
  EXPECT_TRUE(is_text(""));
  EXPECT_TRUE(is_text("zwei\tWörter\n"));
  EXPECT_FALSE(is_text(std::string_view("a\0b", 3)));
  EXPECT_FALSE(is_text("\xff"));
  EXPECT_FALSE(is_text("\x1b[0m"));
}

TEST(text, hex_has_two_digits_for_each_byte) {
  EXPECT_EQ(hex(std::string_view("\x00\x0f\xf0\xff", 4)), "000ff0ff");
  EXPECT_EQ(hex(""), "");
}

}  // namespace
}  // namespace trivet::tool
