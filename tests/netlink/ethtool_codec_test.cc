// What devices are set to, as two real kernels sent it: known values, both forms of bit sets, and
// nothing lost when a message is encoded again.
#include <gtest/gtest.h>
#include <linux/ethtool.h>

#include "tests/netlink/codec_check.h"
#include "trivet/netlink/generic/ethtool.h"

namespace trivet::netlink::generic::ethtool {
namespace {

using trivet::testing::capture;
using trivet::testing::flatten;
using trivet::testing::messages_of;

using captured_devices = trivet::testing::captured_test;
INSTANTIATE_CAPTURED_TEST(captured_devices);

/// Every object of a kind in a capture.
template <class T>
std::vector<T> all(std::string_view kernel, const char* name) {
  std::vector<T> list;
  const auto bytes = capture(kernel, name);
  for (const message_view& message : messages_of(bytes)) {
    if (message.type() <= NLMSG_DONE) continue;
    const any_message any = decode_any(message);
    if (const T* object = std::get_if<T>(&any)) list.push_back(*object);
  }
  return list;
}

template <class T>
T of(std::string_view kernel, const char* name, const std::string& device_name) {
  for (const T& object : all<T>(kernel, name)) {
    if (object.device->name == device_name) return object;
  }
  throw std::runtime_error("no such device in the capture");
}

std::vector<std::string> names_of(std::string_view kernel, std::uint32_t id) {
  const auto found = all<string_sets>(kernel, "ethtool_strings");
  for (const string_set& set : found.at(0).sets.value()) {
    if (set.id == id) return set.names();
  }
  return {};
}

std::uint32_t bit_named(std::string_view kernel, std::string_view name) {
  const auto names = names_of(kernel, ETH_SS_FEATURES);
  const auto found = std::ranges::find(names, name);
  if (found == names.end()) throw std::runtime_error("no such feature");
  return static_cast<std::uint32_t>(found - names.begin());
}

TEST_P(captured_devices, nothing_is_lost_when_a_message_is_encoded_again) {
  for (const char* name : {"ethtool", "ethtool_named", "ethtool_strings", "ethtool_events"}) {
    std::size_t count = 0;
    const auto bytes = capture(kernel(), name);
    for (const message_view& message : messages_of(bytes)) {
      if (message.type() <= NLMSG_DONE) continue;
      ++count;
      std::visit(
          [&]<class T>(const T& object) {
            if constexpr (std::is_same_v<T, std::monostate>) {
              ADD_FAILURE() << name << " message " << count << " is none";
            } else {
              EXPECT_TRUE(object.others.empty()) << object.others.front().type;
              message_builder out(message.type(), 0);
              object.encode(out);
              const auto encoded = trivet::testing::bytes_of_message(out);
              const message_view again = messages_of(encoded).at(0);
              EXPECT_TRUE(std::ranges::equal(again.payload.first(sizeof(::genlmsghdr)),
                                             message.payload.first(sizeof(::genlmsghdr))));
              EXPECT_EQ(flatten(again.attributes<::genlmsghdr>()),
                        flatten(message.attributes<::genlmsghdr>()))
                  << name << " message " << count;
            }
          },
          decode_any(message));
    }
    EXPECT_GT(count, 0U) << name;
  }
}

TEST_P(captured_devices, names_of_bits) {
  EXPECT_EQ(names_of(kernel(), ETH_SS_FEATURES).at(0), "tx-scatter-gather");
  EXPECT_EQ(names_of(kernel(), ETH_SS_LINK_MODES).at(ETHTOOL_LINK_MODE_1000baseT_Full_BIT),
            "1000baseT/Full");
}

TEST_P(captured_devices, a_veth) {
  const auto info = of<link_info>(kernel(), "ethtool", "v0");
  EXPECT_EQ(info.command, ETHTOOL_MSG_LINKINFO_GET_REPLY);
  EXPECT_EQ(info.port, PORT_TP);
  EXPECT_EQ(info.transceiver, XCVR_INTERNAL);
  EXPECT_TRUE(info.device->index);
  const auto modes = of<link_modes>(kernel(), "ethtool", "v0");
  EXPECT_EQ(modes.speed, 10000U);
  EXPECT_EQ(modes.duplex, DUPLEX_FULL);
  EXPECT_EQ(modes.autonegotiation, AUTONEG_DISABLE);
  EXPECT_FALSE(modes.peer);
  EXPECT_EQ(of<link_state>(kernel(), "ethtool", "v0").link, 1);
  EXPECT_EQ(of<link_state>(kernel(), "ethtool", "br0").link, 0);
  const auto counts = of<channels>(kernel(), "ethtool", "v0");
  EXPECT_EQ(counts.rx_max, 2U);
  EXPECT_EQ(counts.tx, 2U);
  EXPECT_FALSE(counts.combined);
}

TEST_P(captured_devices, a_virtio_net) {
  if (kernel() != "linux-6.1") return;  // the other one was captured without
  const auto sizes = of<rings>(kernel(), "ethtool", "vec0");
  EXPECT_EQ(sizes.rx, 256U);
  EXPECT_EQ(sizes.tx_max, 256U);
  EXPECT_EQ(sizes.tx_push, 0);
  EXPECT_FALSE(sizes.rx_mini);
  EXPECT_EQ(of<channels>(kernel(), "ethtool", "vec0").combined_max, 1U);
  EXPECT_EQ(of<link_modes>(kernel(), "ethtool", "vec0").speed, static_cast<std::uint32_t>(-1));
}

TEST_P(captured_devices, features_in_words_and_by_name) {
  const auto words = of<features>(kernel(), "ethtool", "v0");
  const auto named = of<features>(kernel(), "ethtool_named", "v0");
  ASSERT_FALSE(words.active->bits);
  ASSERT_TRUE(named.active->bits);
  const auto names = names_of(kernel(), ETH_SS_FEATURES);
  EXPECT_EQ(words.active->size, names.size());
  for (std::uint32_t bit = 0; bit < names.size(); ++bit) {
    EXPECT_EQ(words.active->value(bit), named.active->value(bit)) << names[bit];
    EXPECT_EQ(words.fixed(bit), named.fixed(bit)) << names[bit];
    if (named.active->value(bit)) {
      EXPECT_EQ(*named.active->name(bit), names[bit]);
    }
  }
  const std::uint32_t offload = bit_named(kernel(), "tx-tcp-segmentation");
  EXPECT_TRUE(words.active->value(offload));
  EXPECT_FALSE(words.fixed(offload));
  EXPECT_TRUE(words.fixed(bit_named(kernel(), "rx-hashing")));
  EXPECT_FALSE(words.active->value(static_cast<std::uint32_t>(names.size())));
  EXPECT_FALSE(words.active->value(1 << 20));
}

TEST_P(captured_devices, notifications) {
  const auto changed = all<features>(kernel(), "ethtool_events");
  ASSERT_EQ(changed.size(), 2U);
  const std::uint32_t offload = bit_named(kernel(), "tx-tcp-segmentation");
  EXPECT_EQ(changed[0].command, ETHTOOL_MSG_FEATURES_NTF);
  EXPECT_EQ(changed[0].device->name, "v0");
  EXPECT_FALSE(changed[0].active->value(offload));
  EXPECT_TRUE(changed[1].active->value(offload));
  const auto counts = all<channels>(kernel(), "ethtool_events");
  ASSERT_EQ(counts.size(), 1U) << "what changes nothing is not told";
  EXPECT_EQ(counts[0].command, ETHTOOL_MSG_CHANNELS_NTF);
  EXPECT_EQ(counts[0].rx, 1U);
  EXPECT_EQ(counts[0].tx, 2U);
}

bitset some_words(std::uint32_t size, std::initializer_list<std::uint32_t> value,
                  std::initializer_list<std::uint32_t> mask) {
  const auto bytes = [](std::initializer_list<std::uint32_t> words) {
    const const_bytes all = std::as_bytes(std::span(words.begin(), words.size()));
    return std::vector<std::byte>(all.begin(), all.end());
  };
  bitset set;
  set.size = size;
  set.value_words = bytes(value);
  set.mask_words = bytes(mask);
  return set;
}

TEST(bitset, words) {
  const bitset set = some_words(40, {1U << 5, 1U << 3}, {3U << 5, 1U << 3});
  EXPECT_EQ(set.end(), 40U);
  EXPECT_TRUE(set.value(5) && set.mask(5) && set.value(35));
  EXPECT_TRUE(set.mask(6) && !set.value(6));
  EXPECT_FALSE(set.value(64) || set.value(0xffffffff));
}

TEST(bitset, says_no_more_than_it_has) {
  bitset set = some_words(0xffffffff, {1}, {1});
  EXPECT_EQ(set.end(), 32U) << "the size is only what the message claims";
  set.value_words->resize(3);
  EXPECT_FALSE(set.value(0));
}

TEST(bitset, ends_where_its_size_says_and_where_the_kernel_ends_all_sets) {
  const bitset words = some_words(4, {0xff}, {0xff});
  EXPECT_EQ(words.end(), 4U);
  EXPECT_TRUE(words.value(3));
  EXPECT_FALSE(words.value(4));
  EXPECT_FALSE(words.mask(4));
  bitset named;
  named.bits.emplace();
  for (const std::uint32_t index : {2U, 0xfffffffeU, 0xffffffffU}) {
    named.bits->push_back({index, "name", true, {}});
  }
  EXPECT_EQ(named.end(), 3U) << "nobody counts to four thousand million";
  EXPECT_FALSE(named.value(0xffffffff));
  for (const std::uint32_t index : {bitset::most_bits - 1, bitset::most_bits}) {
    named.bits->push_back({index, {}, true, {}});
  }
  EXPECT_EQ(named.end(), bitset::most_bits);
}

TEST(bitset, names) {
  bitset set;
  set.bits = {{3, "three", true, {}}, {7, "seven", false, {}}};
  EXPECT_TRUE(set.value(3) && set.mask(3) && set.mask(7));
  EXPECT_FALSE(set.value(7) || set.mask(4));
  EXPECT_EQ(set.end(), 8U);
  EXPECT_EQ(*set.name(7), "seven");
  EXPECT_EQ(set.name(4), nullptr);
  set.list = true;  // then all that are there are set
  EXPECT_TRUE(set.value(7));
}

TEST(string_sets, numbers_that_make_no_list_have_no_place) {
  string_set set;
  set.strings = {{1, "b", {}}, {0, "a", {}}, {0xffffffff, "far", {}}};
  EXPECT_EQ(set.names(), (std::vector<std::string>{"a", "b", ""}));
}

TEST(decode_any, other_commands_and_wrong_lengths_are_none) {
  message_builder out(21, 0);
  out.structure(::genlmsghdr{ETHTOOL_MSG_WOL_NTF, 1, 0});
  const auto other = trivet::testing::bytes_of_message(out);
  EXPECT_EQ(decode_any(messages_of(other).at(0)).index(), 0U);
  message_builder broken(21, 0);
  broken.structure(::genlmsghdr{ETHTOOL_MSG_RINGS_NTF, 1, 0})
      .structure(::nlattr{60, ETHTOOL_A_RINGS_RX});
  const auto wrong = trivet::testing::bytes_of_message(broken);
  EXPECT_EQ(decode_any(messages_of(wrong).at(0)).index(), 0U);
  message_builder empty(21, 0);
  const auto nothing = trivet::testing::bytes_of_message(empty);
  EXPECT_EQ(decode_any(messages_of(nothing).at(0)).index(), 0U);
}

}  // namespace
}  // namespace trivet::netlink::generic::ethtool
