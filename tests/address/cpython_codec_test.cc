// The same addresses, given to CPython's socket module and to ours: the same bytes, and from the
// same bytes the same tuple; for every family, whatever the kernel at hand offers. Where the two
// differ on purpose, the difference stands here as a test.
#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <vector>

#include "tests/address/cpython.h"
#include "tests/address/families.h"
#include "tests/address/random_addresses.h"
#include "tests/address/testing.h"
#include "trivet/base/error.h"

namespace trivet::test {
namespace {

// One Python for all the tests: starting it is what costs.
class with_python : public ::testing::Test {
 public:
  static void SetUpTestSuite() { python_ = new cpython; }
  static void TearDownTestSuite() {
    delete python_;
    python_ = nullptr;
  }

 protected:
  // What neither of the two means by a sockaddr is made zero: CPython leaves these bytes as they
  // were on its stack.
  static std::string without_padding(std::string_view family, std::string bytes) {
    if (family == "netlink") bytes.replace(4, 4, "0000");
    if (family == "packet") {
      const std::size_t used = 2 * (12 + std::stoul(bytes.substr(22, 2), nullptr, 16));
      bytes.replace(used, std::string::npos, bytes.size() - used, '0');
    }
    return bytes;
  }

  static std::string python_encodes(std::string_view family, std::string_view text) {
    const python_answer answer = python_->ask({"encode", family, text});
    return answer.ok() ? without_padding(family, answer.word(0)) : answer.exception;
  }

  static std::string python_decodes(std::string_view family, std::string_view bytes) {
    return python_->ask({"decode", family, bytes}).word(0);
  }

  [[nodiscard]] std::string we_encode(std::string_view family, std::string_view text) const {
    try {
      return family_named(family).encode(text, socket_.native_handle());
    } catch (const socket_error& e) {
      return e.what();
    }
  }

  [[nodiscard]] std::string we_decode(std::string_view family, std::string_view hex_bytes) const {
    std::string bytes;
    for (std::size_t i = 0; i < hex_bytes.size(); i += 2) {
      bytes += static_cast<char>(std::stoi(std::string(hex_bytes.substr(i, 2)), nullptr, 16));
    }
    return family_named(family).decode(bytes_of(bytes), socket_.native_handle());
  }

  // The field that we blame; empty where we take it.
  [[nodiscard]] std::string we_blame(std::string_view family, std::string_view text) const {
    try {
      (void)family_named(family).canonical(text, socket_.native_handle());
      return "";
    } catch (const address_error& e) {
      return e.field();
    }
  }

  // Both make the same bytes of the text, and of the bytes the same address.
  void expect_same(std::string_view family, std::string_view text) const {
    SCOPED_TRACE(std::string(family).append(" ").append(text));
    const std::string bytes = we_encode(family, text);
    ASSERT_EQ(bytes, python_encodes(family, text));
    const std::string ours = we_decode(family, bytes);
    EXPECT_EQ(ours, family_named(family).canonical(text, socket_.native_handle()));
    const std::string pythons = python_decodes(family, bytes);
    if (family == "tipc" && ours.starts_with("(2, ")) {
      EXPECT_EQ(pythons, with_instance_as_domain(ours));
      return;
    }
    EXPECT_EQ(family_named(family).canonical(pythons, socket_.native_handle()), ours) << pythons;
    // Of these our text is not the repr: a path and a device stand alone, and Python gives a number
    // for HCI where it wants a tuple.
    if (family == "unix" || family == "bluetooth-sco" || family == "bluetooth-hci") return;
    EXPECT_EQ(ours, pythons);
  }

  // Python prints the instance of a service again where its domain belongs.
  static std::string with_instance_as_domain(std::string_view text) {
    const auto v2 = text.find(", ", 4) + 2;
    const auto v3 = text.find(", ", v2) + 2;
    const auto scope = text.find(", ", v3);
    return std::string(text.substr(0, v3))
        .append(text.substr(v2, v3 - v2 - 2))
        .append(text.substr(scope));
  }

  unix_domain::socket socket_{SOCK_DGRAM};
  static inline cpython* python_ = nullptr;
};

struct example {
  const char* family;
  const char* text;
};

constexpr example same[] = {
    {"unix", "''"},
    {"unix", "'/run/app.sock'"},
    {"unix", "b'/run/app.sock'"},
    {"unix", "b'\\x00'"},
    {"unix", "'\\x00bus'"},
    {"unix", "b'\\x00a\\x00b\\x00'"},
    {"unix", "b'/tmp/\\xff\\xfe \\'\"\\\\ \\n'"},
    {"unix", "'@not-abstract'"},
    {"inet", "('', 0)"},
    {"inet", "('0.0.0.0', 65535)"},
    {"inet", "('<broadcast>', 9)"},
    {"inet", "('255.255.255.255', 9)"},
    {"inet", "('127.0.0.1', 0x50)"},
    {"inet6", "('', 0)"},
    {"inet6", "('::', 0, 0, 0)"},
    {"inet6", "('::1', 80)"},
    {"inet6", "('::1', 80, 1048575)"},
    {"inet6", "('fe80::1', 65535, 0, 4294967295)"},
    {"inet6", "('::ffff:10.0.0.1', 1, 2, 3)"},
    {"inet6", "('ff02::1:2', 1, 2, 3)"},
    {"netlink", "(0, 0)"},
    {"netlink", "(4294967295, 4294967295)"},
    {"netlink", "(1234, 0x80000001)"},
    {"tipc", "(1, 4711, 0, 4294967295)"},
    {"tipc", "(TIPC_ADDR_NAMESEQ, 64, 1, 2, TIPC_NODE_SCOPE)"},
    {"tipc", "(1, 4294967295, 4294967295, 4294967295, TIPC_ZONE_SCOPE)"},
    {"tipc", "(2, 4711, 7, 0)"},
    {"tipc", "(2, 4294967295, 4294967295, 0, 3)"},
    {"tipc", "(3, 4294967295, 4294967295, 0)"},
    {"tipc", "(TIPC_ADDR_ID, 16781313, 5, 0, 0)"},
    {"packet", "('lo', 0)"},
    {"packet", "('lo', 65535, 255, 65535, b'')"},
    {"packet", "('lo', 3, 4, 772, b'\\x01\\x02\\x03\\x04\\x05\\x06')"},
    {"packet", "('lo', 3, 0, 1, b'12345678')"},
    {"bluetooth-hci", "(0,)"},
    {"bluetooth-hci", "(65535,)"},
    {"bluetooth-l2cap", "('00:1A:7D:DA:71:13', 25)"},
    {"bluetooth-l2cap", "('ff:ff:ff:ff:ff:ff', 65535)"},
    {"bluetooth-l2cap", "('0:0:0:0:0:0', 0)"},
    {"bluetooth-rfcomm", "('00:1A:7D:DA:71:13', 0)"},
    {"bluetooth-rfcomm", "('00:1a:7d:da:71:13', 255)"},
    {"bluetooth-sco", "b'00:1A:7D:DA:71:13'"},
    {"bluetooth-sco", "b'0:0:0:0:0:0'"},
};

TEST_F(with_python, encodes_and_decodes_alike) {
  for (const auto& [family, text] : same) expect_same(family, text);
  const std::string p107(107, 'p');
  expect_same("unix", "'" + p107 + "'");
  expect_same("unix", "'\\x00" + p107 + "'");
}

struct refusal {
  const char* family;
  const char* text;
  const char* field;  // that we blame
};

constexpr refusal refused[] = {
    {"inet", "('1.2.3.256', 80)", "host"},
    {"inet", "('::1', 80)", "host"},
    {"inet", "('1.2.3.4', -1)", "port"},
    {"inet", "('1.2.3.4', 65536)", "port"},
    {"inet", "('1.2.3.4', '80')", "port"},
    {"inet", "('1.2.3.4',)", "port"},
    {"inet", "('1.2.3.4', 80, 0)", "tuple"},
    {"inet6", "('1.2.3.4', 80)", "host"},
    {"inet6", "('<broadcast>', 80)", "host"},
    {"inet6", "('::1', 65536)", "port"},
    {"inet6", "('::1', 80, 1048576)", "flowinfo"},
    {"inet6", "('::1', 80, -1)", "flowinfo"},
    {"inet6", "('::1', 80, 0, 0, 0)", "tuple"},
    {"netlink", "(0,)", "groups"},
    {"netlink", "('0', 0)", "pid"},
    {"netlink", "(0, 0, 0)", "tuple"},
    {"tipc", "(0, 1, 2, 3)", "addr_type"},
    {"tipc", "(4, 1, 2, 3)", "addr_type"},
    {"tipc", "(2, 1, 2)", "domain"},
    {"tipc", "(1, 1, 2, 3, 2, 0)", "tuple"},
    {"packet", "('lo', -1)", "proto"},
    {"packet", "('lo', 65536)", "proto"},
    {"packet", "('lo',)", "proto"},
    {"packet", "('lo', 3, 0, 0, b'', 0)", "tuple"},
    {"bluetooth-hci", "('hci0',)", "dev_id"},
    {"bluetooth-hci", "()", "dev_id"},
    {"bluetooth-l2cap", "('00:1A:7D:DA:71', 1)", "bdaddr"},
    {"bluetooth-l2cap", "('00:1A:7D:DA:71:13:00', 1)", "bdaddr"},
    {"bluetooth-l2cap", "('00:1A:7D:DA:71:100', 1)", "bdaddr"},
    {"bluetooth-l2cap", "('00:1A:7D:DA:71:13',)", "psm"},
    {"bluetooth-rfcomm", "('00:1A:7D:DA:71:1G', 1)", "bdaddr"},
    {"bluetooth-rfcomm", "('00:1A:7D:DA:71:13', 1, 0)", "tuple"},
    {"bluetooth-sco", "b'hci0'", "bdaddr"},
};

TEST_F(with_python, refuses_alike) {
  for (const auto& [family, text, field] : refused) {
    SCOPED_TRACE(std::string(family) + " " + text);
    EXPECT_EQ(we_blame(family, text), field);
    EXPECT_FALSE(python_->ask({"encode", family, text}).ok());
  }
}

struct wrap {
  const char* family;
  const char* text;
  const char* taken_as;  // CPython makes the bytes of this of it
  const char* field;     // that we blame
};

// CPython does not check the range of these and cuts numbers to the field's width.
constexpr wrap wrapped[] = {
    {"inet6", "('::1', 80, 4294967301)", "('::1', 80, 5)", "flowinfo"},
    {"inet6", "('::1', 80, 0, 4294967296)", "('::1', 80)", "scopeid"},
    {"inet6", "('::1', 80, 0, -1)", "('::1', 80, 0, 4294967295)", "scopeid"},
    {"netlink", "(-1, 0)", "(4294967295, 0)", "pid"},
    {"netlink", "(0, 4294967297)", "(0, 1)", "groups"},
    {"tipc", "(2, -1, 7, 0)", "(2, 4294967295, 7, 0)", "type"},
    {"tipc", "(2, 1, 4294967303, 0)", "(2, 1, 7, 0)", "instance"},
    {"tipc", "(1, 1, 2, 4294967299)", "(1, 1, 2, 3)", "upper"},
    {"tipc", "(2, 1, 2, 0, 258)", "(2, 1, 2, 0, 2)", "scope"},
    {"packet", "('lo', 3, 257)", "('lo', 3, 1)", "pkttype"},
    {"packet", "('lo', 3, -1)", "('lo', 3, 255)", "pkttype"},
    {"packet", "('lo', 3, 0, 65537)", "('lo', 3, 0, 1)", "hatype"},
    {"bluetooth-l2cap", "('00:1A:7D:DA:71:13', 65561)", "('00:1A:7D:DA:71:13', 25)", "psm"},
    {"bluetooth-l2cap", "('00:1A:7D:DA:71:13', -1)", "('00:1A:7D:DA:71:13', 65535)", "psm"},
};

TEST_F(with_python, refuses_numbers_out_of_range_that_python_wraps_around) {
  for (const auto& [family, text, taken_as, field] : wrapped) {
    SCOPED_TRACE(std::string(family) + " " + text);
    EXPECT_EQ(we_blame(family, text), field);
    EXPECT_EQ(python_encodes(family, text), we_encode(family, taken_as));
  }
}

TEST_F(with_python, differs_on_unix_paths) {
  // A path of all 108 bytes is one to the kernel, and "too long" to Python.
  const std::string whole = "'" + std::string(108, 'p') + "'";
  EXPECT_EQ(we_blame("unix", whole), "");
  EXPECT_EQ(python_encodes("unix", whole), "OSError: AF_UNIX path too long");
  EXPECT_EQ(python_decodes("unix", we_encode("unix", whole)), "b" + whole);
  // Python lets a zero byte into a path, which the kernel takes for its end.
  EXPECT_EQ(we_blame("unix", "'a\\x00b'"), "path");
  EXPECT_EQ(python_encodes("unix", "'a\\x00b'"), "010061006200");
}

TEST_F(with_python, differs_on_hosts) {
  // What inet_aton(3) of old takes, we leave to inet::resolve.
  EXPECT_EQ(we_blame("inet", "('127.1', 80)"), "host");
  EXPECT_EQ(python_encodes("inet", "('127.1', 80)"), we_encode("inet", "('127.0.0.1', 80)"));
  EXPECT_EQ(we_blame("inet", "('010.0.0.1', 80)"), "host");
  EXPECT_EQ(python_encodes("inet", "('010.0.0.1', 80)"), we_encode("inet", "('8.0.0.1', 80)"));
  // Python resolves the scope in a host, and then puts 0 in its place.
  EXPECT_EQ(we_encode("inet6", "('fe80::1%lo', 80)"), we_encode("inet6", "('fe80::1', 80, 0, 1)"));
  EXPECT_EQ(python_encodes("inet6", "('fe80::1%lo', 80)"), we_encode("inet6", "('fe80::1', 80)"));
  // The traffic class, which accept(2) may tell beside the flow label, is no part of our address.
  const std::string bytes = "0a0000500ab12345fe80000000000000000000000000000107000000";
  EXPECT_EQ(we_decode("inet6", bytes), "('fe80::1', 80, 74565, 7)");
  EXPECT_EQ(python_decodes("inet6", bytes), "('fe80::1', 80, 179381061, 7)");
}

TEST_F(with_python, differs_on_tipc) {
  // The lookup domain, which Python drops when it sends and never prints.
  EXPECT_EQ(python_encodes("tipc", "(2, 1, 7, 99)"), we_encode("tipc", "(2, 1, 7, 0)"));
  const std::string bytes = we_encode("tipc", "(2, 1, 7, 99)");
  EXPECT_EQ(we_decode("tipc", bytes), "(2, 1, 7, 99, 2)");
  EXPECT_EQ(python_decodes("tipc", bytes), "(2, 1, 7, 7, 2)");
  // v3 of a socket address cannot be sent: Python drops it, and we say so.
  EXPECT_EQ(we_blame("tipc", "(3, 1, 7, 99)"), "v3");
  EXPECT_EQ(python_encodes("tipc", "(3, 1, 7, 99)"), we_encode("tipc", "(3, 1, 7, 0)"));
  // An empty range.
  EXPECT_EQ(we_blame("tipc", "(1, 64, 2, 1)"), "upper");
  EXPECT_EQ(python_encodes("tipc", "(1, 64, 2, 1)").size(), 32U);
}

TEST_F(with_python, differs_on_packet) {
  // Python asks for an interface; "" is every interface to us, and is what Python prints for it.
  EXPECT_EQ(we_decode("packet", we_encode("packet", "('', 3)")), "('', 3, 0, 0, b'')");
  EXPECT_EQ(python_encodes("packet", "('', 3)"), "OSError: [Errno 19] No such device");
  EXPECT_EQ(python_decodes("packet", we_encode("packet", "('', 3)")), "('', 3, 0, 0, b'')");
  // An interface that is not there: Python says so when it encodes, we when we call the kernel.
  EXPECT_EQ(python_encodes("packet", "('no-such-if', 3)"), "OSError: [Errno 19] No such device");
  EXPECT_EQ(we_encode("packet", "('no-such-if', 3)").substr(8, 8), "ffffffff");
  // A link-layer address of up to 32 bytes, as InfiniBand's 20.
  const std::string longer = "('lo', 3, 0, 32, b'" + std::string(20, 'x') + "')";
  EXPECT_EQ(we_decode("packet", we_encode("packet", longer)), longer);
  EXPECT_EQ(python_encodes("packet", longer),
            "ValueError: Hardware address must be 8 bytes or less");
  // It reads 8 bytes of such a one, and prints what lay behind them on its stack.
  EXPECT_NE(python_decodes("packet", we_encode("packet", longer)), longer);
}

TEST_F(with_python, differs_on_bluetooth) {
  // HCI: CPython 3.11 wants a tuple and gives a number; the channel lies in reach of its dev_id.
  EXPECT_EQ(we_encode("bluetooth-hci", "1"), we_encode("bluetooth-hci", "(1,)"));
  EXPECT_EQ(python_encodes("bluetooth-hci", "1"), "OSError: bind(): wrong format");
  EXPECT_EQ(python_encodes("bluetooth-hci", "(1, 2)"), "OSError: bind(): wrong format");
  EXPECT_EQ(python_encodes("bluetooth-hci", "(131073,)"), we_encode("bluetooth-hci", "(1, 2)"));
  EXPECT_EQ(we_blame("bluetooth-hci", "(131073,)"), "dev_id");
  EXPECT_EQ(python_decodes("bluetooth-hci", we_encode("bluetooth-hci", "(1, 2)")), "1");
  // L2CAP: cid and bdaddr_type came with 3.14.
  const std::string low_energy = "('00:1A:7D:DA:71:13', 0, 4, 1)";
  EXPECT_EQ(we_decode("bluetooth-l2cap", we_encode("bluetooth-l2cap", low_energy)), low_energy);
  EXPECT_EQ(python_encodes("bluetooth-l2cap", low_energy), "OSError: bind(): wrong format");
  EXPECT_EQ(python_decodes("bluetooth-l2cap", we_encode("bluetooth-l2cap", low_energy)),
            "('00:1A:7D:DA:71:13', 0)");
  // RFCOMM: a channel above 255 runs over into the padding.
  EXPECT_EQ(we_blame("bluetooth-rfcomm", "('00:1A:7D:DA:71:13', 256)"), "channel");
  EXPECT_EQ(python_encodes("bluetooth-rfcomm", "('00:1A:7D:DA:71:13', 256)"),
            "1f001371da7d1a000001");
  // SCO: bytes in, str out; we take either.
  EXPECT_EQ(python_encodes("bluetooth-sco", "'00:1A:7D:DA:71:13'"),
            "OSError: bind(): wrong format");
  EXPECT_EQ(we_encode("bluetooth-sco", "'00:1A:7D:DA:71:13'"), "1f001371da7d1a00");
  EXPECT_EQ(python_decodes("bluetooth-sco", "1f001371da7d1a00"), "'00:1A:7D:DA:71:13'");
  // sscanf(3) takes more for a device than six numbers with colons.
  EXPECT_EQ(we_blame("bluetooth-sco", "b'0x0: 1A:+7D:DA:71:13'"), "bdaddr");
  EXPECT_EQ(python_encodes("bluetooth-sco", "b'0x0: 1A:+7D:DA:71:13'"), "1f001371da7d1a00");
}

TEST_F(with_python, encodes_and_decodes_random_addresses_alike) {
  random_addresses random;
  for (const address_family& family : address_families()) {
    for (int i = 0; i < 400 && !HasFailure(); ++i) {
      expect_same(family.name, random.next(family.name));
    }
  }
}

}  // namespace
}  // namespace trivet::test
