#include "tools/trivet/json.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <optional>
#include <string>

namespace trivet::tool {
namespace {

TEST(json, nests) {
  json_writer json;
  json.begin_array().begin_object().member("a", 1).key("b").begin_array().value(true).null();
  json.end_array().end_object().end_array();
  EXPECT_EQ(json.take(), R"([{"a":1,"b":[true,null]}])");
}

TEST(json, numbers_keep_their_value) {
  json_writer json;
  json.begin_array();
  json.value(std::numeric_limits<std::int64_t>::min());
  json.value(std::numeric_limits<std::uint64_t>::max());
  json.value(std::uint8_t{255}).value(std::int8_t{-128}).value(0.5);
  json.value(std::numeric_limits<double>::infinity());
  json.end_array();
  EXPECT_EQ(json.take(), "[-9223372036854775808,18446744073709551615,255,-128,0.5,null]");
}

TEST(json, is_valid_whatever_the_bytes) {
  json_writer json;
  json.begin_object().member("\xff", std::string("\"\\\n\x01\xfe", 5)).end_object();
  EXPECT_EQ(json.take(), R"({"\\xff":"\"\\\n\u0001\\xfe"})");
}

TEST(json, leaves_out_what_is_not_there) {
  json_writer json;
  json.begin_object().member("a", std::optional<int>()).member("b", std::optional<int>(2));
  EXPECT_EQ(json.end_object().take(), R"({"b":2})");
}

TEST(json, starts_afresh_after_take) {
  json_writer json;
  json.begin_array().end_array();
  EXPECT_EQ(json.take(), "[]");
  json.begin_object().end_object();
  EXPECT_EQ(json.take(), "{}");
}

}  // namespace
}  // namespace trivet::tool
