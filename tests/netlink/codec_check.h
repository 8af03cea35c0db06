// What the tests of the codecs do with captures.
#ifndef TESTS_NETLINK_CODEC_CHECK_H_
#define TESTS_NETLINK_CODEC_CHECK_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "tests/netlink/captures.h"

namespace trivet::testing {

/// A test that runs once for each kernel of which there are captures.
class captured_test : public ::testing::TestWithParam<std::string_view> {
 protected:
  [[nodiscard]] static std::string_view kernel() { return GetParam(); }
};

/// Every object of a capture, decoded from the messages of one type.
template <class T>
std::vector<T> decode_all(std::string_view kernel, const char* name, int type) {
  std::vector<T> list;
  const auto bytes = capture(kernel, name);
  for (const netlink::message_view& message : messages_of(bytes)) {
    if (message.type() != type) continue;
    auto object = T::decode(message);
    EXPECT_TRUE(object);
    if (object) list.push_back(std::move(*object));
  }
  EXPECT_FALSE(list.empty()) << name;
  return list;
}

/// Encodes what was decoded, and compares struct and attributes with the kernel's.
template <class T, class Header>
void expect_round_trip(std::string_view kernel, const char* name,
                       std::initializer_list<int> types) {
  std::size_t count = 0;
  const auto bytes = capture(kernel, name);
  for (const netlink::message_view& message : messages_of(bytes)) {
    if (std::find(types.begin(), types.end(), message.type()) == types.end()) continue;
    ++count;
    const auto object = T::decode(message);
    ASSERT_TRUE(object);
    netlink::message_builder out(message.type(), message.header.nlmsg_flags);
    object->encode(out);
    ASSERT_FALSE(out.failed());
    const auto encoded = bytes_of_message(out);
    const auto again = messages_of(encoded).at(0);
    EXPECT_TRUE(std::ranges::equal(again.payload.first(sizeof(Header)),
                                   message.payload.first(sizeof(Header))))
        << name << " message " << count;
    EXPECT_EQ(flatten(again.attributes<Header>()), flatten(message.attributes<Header>()))
        << name << " message " << count;
  }
  EXPECT_GT(count, 0U) << name;
}

/// "linux_6_1", the kernel's name as a part of a test's.
inline std::string kernel_test_name(const ::testing::TestParamInfo<std::string_view>& tested) {
  std::string name(tested.param);
  std::ranges::replace_if(
      name, [](char c) { return c == '-' || c == '.'; }, '_');
  return name;
}

}  // namespace trivet::testing

/// Has the tests of a captured_test run for every kernel.
#define INSTANTIATE_CAPTURED_TEST(suite)                                             \
  INSTANTIATE_TEST_SUITE_P(kernels, suite,                                           \
                           ::testing::ValuesIn(::trivet::testing::captured_kernels), \
                           ::trivet::testing::kernel_test_name)

#endif  // TESTS_NETLINK_CODEC_CHECK_H_
