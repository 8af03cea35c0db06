// The four Bluetooth addresses: text, sockaddr and comparison. Pure.
#include "trivet/bluetooth/address.h"

#include <gtest/gtest.h>

#include <set>
#include <unordered_set>

#include "tests/address/testing.h"

namespace trivet::bluetooth {
namespace {

using trivet::test::blamed;
using trivet::test::expect_round_trip;
using trivet::test::hex;
using trivet::test::refuses;
using trivet::test::resized;

constexpr bdaddr dongle{{0x00, 0x1a, 0x7d, 0xda, 0x71, 0x13}};

TEST(bdaddr, is_read_in_either_case_and_printed_in_upper_case) {
  EXPECT_EQ(bdaddr::parse("00:1a:7D:da:71:13"), dongle);
  EXPECT_EQ(bdaddr::parse("0:1A:7d:DA:71:13"), dongle);
  EXPECT_EQ(dongle.to_string(), "00:1A:7D:DA:71:13");
  EXPECT_EQ(bdaddr::parse("0:0:0:FF:FF:FF"), local_device);
  EXPECT_EQ(bdaddr::parse("0:0:0:0:0:0"), any_device);
  EXPECT_NE(std::hash<bdaddr>()(dongle), std::hash<bdaddr>()(any_device));
  for (const char* text :
       {"", "00:1A:7D:DA:71", "00:1A:7D:DA:71:13:00", "00:1A:7D:DA:71:13:", ":1A:7D:DA:71:13",
        "001A7DDA7113", "00-1A-7D-DA-71-13", "00:1A:7D:DA:71:1G", "00:1A:7D:DA:71:130",
        "00:1A:7D:DA:71: 1", "00:1A:7D:DA:71:-1", "00:1A::DA:71:13", "0x:1A:7D:DA:71:13"}) {
    EXPECT_EQ(bdaddr::parse(text), std::nullopt) << text;
  }
}

TEST(bluetooth_hci, goes_to_text_and_sockaddr_and_back) {
  expect_round_trip(hci_address(), "(0,)");
  expect_round_trip(hci_address{65535, 0}, "(65535,)");
  expect_round_trip(hci_address{1, 4}, "(1, 4)");
  expect_round_trip(hci_address{0, 65535}, "(0, 65535)");
  EXPECT_EQ(hci_address::parse("0"), hci_address());
  EXPECT_EQ(hci_address::parse("(65535, HCI_CHANNEL_MONITOR)"),
            (hci_address{hci_address::no_device, 2}));
  EXPECT_EQ(hex(hci_address{0x0102, 0x0304}.to_sockaddr().bytes()),
            "1f00"
            "0201"
            "0403");
}

TEST(bluetooth_hci, names_the_wrong_field) {
  EXPECT_EQ(blamed<hci_address>(""), "dev_id");
  EXPECT_EQ(blamed<hci_address>("(-1,)"), "dev_id");
  EXPECT_EQ(blamed<hci_address>("(65536,)"), "dev_id");
  EXPECT_EQ(blamed<hci_address>("('hci0',)"), "dev_id");
  EXPECT_EQ(blamed<hci_address>("(0, 65536)"), "channel");
  EXPECT_EQ(blamed<hci_address>("(0, HCI_CHANNEL_NONE)"), "channel");
  EXPECT_EQ(blamed<hci_address>("(0, 0, 0)"), "tuple");
}

TEST(bluetooth_l2cap, goes_to_text_and_sockaddr_and_back) {
  expect_round_trip(l2cap_address(), "('00:00:00:00:00:00', 0)");
  expect_round_trip(l2cap_address{dongle, 25}, "('00:1A:7D:DA:71:13', 25)");
  expect_round_trip(l2cap_address{dongle, 0, 4}, "('00:1A:7D:DA:71:13', 0, 4)");
  expect_round_trip(l2cap_address{dongle, 65535, 65535, bdaddr_type::le_random},
                    "('00:1A:7D:DA:71:13', 65535, 65535, 2)");
  expect_round_trip(l2cap_address{dongle, 0, 0, bdaddr_type::le_public},
                    "('00:1A:7D:DA:71:13', 0, 0, 1)");
  EXPECT_EQ(l2cap_address::parse("(00:1A:7D:DA:71:13, 0, 4, BDADDR_LE_PUBLIC)"),
            (l2cap_address{dongle, 0, 4, bdaddr_type::le_public}));
  EXPECT_EQ(
      hex(l2cap_address{dongle, 0x0102, 0x0304, bdaddr_type::le_random}.to_sockaddr().bytes()),
      "1f00"
      "0201"
      "1371da7d1a00"
      "0403"
      "02"
      "00");
}

TEST(bluetooth_l2cap, names_the_wrong_field) {
  EXPECT_EQ(blamed<l2cap_address>("('00:1A:7D:DA:71', 1)"), "bdaddr");
  EXPECT_EQ(blamed<l2cap_address>("('', 1)"), "bdaddr");
  EXPECT_EQ(blamed<l2cap_address>("('00:1A:7D:DA:71:13')"), "psm");
  EXPECT_EQ(blamed<l2cap_address>("('00:1A:7D:DA:71:13', 65536)"), "psm");
  EXPECT_EQ(blamed<l2cap_address>("('00:1A:7D:DA:71:13', 1, -1)"), "cid");
  EXPECT_EQ(blamed<l2cap_address>("('00:1A:7D:DA:71:13', 1, 0, 3)"), "bdaddr_type");
  EXPECT_EQ(blamed<l2cap_address>("('00:1A:7D:DA:71:13', 1, 0, 0, 0)"), "tuple");
}

TEST(bluetooth_l2cap, refuses_an_unknown_type_of_device) {
  std::string raw = resized(l2cap_address{dongle, 1, 2}.to_sockaddr(), 14);
  raw[12] = 3;
  std::error_code ec;
  EXPECT_EQ(l2cap_address::from_sockaddr(bytes_of(raw), ec), l2cap_address());
  EXPECT_EQ(ec, errno_code(EINVAL));
  try {
    (void)l2cap_address::from_sockaddr(bytes_of(raw));
    FAIL() << "took type 3";
  } catch (const address_error& e) {
    EXPECT_EQ(e.field(), "bdaddr_type");
    EXPECT_EQ(e.advice(), "3 is not in 0 to 2");
  }
}

TEST(bluetooth_rfcomm, goes_to_text_and_sockaddr_and_back) {
  expect_round_trip(rfcomm_address(), "('00:00:00:00:00:00', 0)");
  expect_round_trip(rfcomm_address{dongle, 255}, "('00:1A:7D:DA:71:13', 255)");
  EXPECT_EQ(hex(rfcomm_address{dongle, 7}.to_sockaddr().bytes()),
            "1f00"
            "1371da7d1a00"
            "07"
            "00");
}

TEST(bluetooth_rfcomm, names_the_wrong_field) {
  EXPECT_EQ(blamed<rfcomm_address>("(, 1)"), "bdaddr");
  EXPECT_EQ(blamed<rfcomm_address>("('00:1A:7D:DA:71:13', 256)"), "channel");
  EXPECT_EQ(blamed<rfcomm_address>("('00:1A:7D:DA:71:13', -1)"), "channel");
  EXPECT_EQ(blamed<rfcomm_address>("('00:1A:7D:DA:71:13', 1, 0)"), "tuple");
}

TEST(bluetooth_sco, goes_to_text_and_sockaddr_and_back) {
  expect_round_trip(sco_address(), "00:00:00:00:00:00");
  expect_round_trip(sco_address{dongle}, "00:1A:7D:DA:71:13");
  EXPECT_EQ(sco_address::parse("('00:1a:7d:da:71:13',)"), sco_address{dongle});
  EXPECT_EQ(sco_address::parse("b'00:1a:7d:da:71:13'"), sco_address{dongle});
  EXPECT_EQ(hex(sco_address{dongle}.to_sockaddr().bytes()),
            "1f00"
            "1371da7d1a00");
  EXPECT_EQ(blamed<sco_address>("hci0"), "bdaddr");
  EXPECT_EQ(blamed<sco_address>("00:1A:7D:DA:71:13, 1"), "tuple");
}

// @param least  the bytes without which there is no address
template <class Address>
void expect_lengths_checked(const Address& address, std::size_t least) {
  const sockaddr_bytes whole = address.to_sockaddr();
  for (std::size_t size = 0; size < least; ++size) {
    EXPECT_TRUE(refuses<Address>(bytes_of(resized(whole, size)))) << size;
  }
  for (const std::size_t size : {least, least + 1, std::size_t{128}}) {
    EXPECT_EQ(Address::from_sockaddr(bytes_of(resized(whole, size))), address) << size;
  }
  std::string other = resized(whole, 128);
  other[0] = AF_INET;
  EXPECT_TRUE(refuses<Address>(bytes_of(other)));
}

TEST(bluetooth, refuses_a_short_sockaddr_and_another_family) {
  expect_lengths_checked(hci_address{1, 2}, 6);
  expect_lengths_checked(l2cap_address{dongle, 1, 2, bdaddr_type::le_public}, 13);
  expect_lengths_checked(rfcomm_address{dongle, 3}, 9);
  expect_lengths_checked(sco_address{dongle}, 8);
}

TEST(bluetooth, addresses_come_apart_and_compare) {
  const auto [dev_id, hci_channel] = hci_address{1, 2};
  EXPECT_EQ(dev_id, 1);
  EXPECT_EQ(hci_channel, 2);
  const auto [device, psm, cid, type] = l2cap_address{dongle, 1, 2, bdaddr_type::le_public};
  EXPECT_EQ(device, dongle);
  EXPECT_EQ(psm, 1);
  EXPECT_EQ(cid, 2);
  EXPECT_EQ(type, bdaddr_type::le_public);
  const std::set<rfcomm_address> ordered{{dongle, 1}, {any_device, 2}, {dongle, 0}};
  EXPECT_EQ(*ordered.begin(), (rfcomm_address{any_device, 2}));
  EXPECT_EQ(std::unordered_set<rfcomm_address>(ordered.begin(), ordered.end()).size(), 3U);
}

}  // namespace
}  // namespace trivet::bluetooth
