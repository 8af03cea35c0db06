// tipc::address as a value: text, sockaddr and comparison. Pure; CPython's view of the same
// addresses is compared in python_test.

#include "trivet/tipc/address.h"

#include <gtest/gtest.h>
#include <linux/tipc.h>

#include <unordered_set>

#include "trivet/base/error.h"

namespace trivet::tipc {
namespace {

static_assert(socket_address<address>);

std::string field_of(std::string_view text) {
  try {
    (void)address::parse(text);
  } catch (const address_error& error) {
    return error.field();
  }
  return "accepted";
}

std::string why(std::string_view text) {
  try {
    (void)address::parse(text);
  } catch (const address_error& error) {
    return error.what();
  }
  return "accepted";
}

const_bytes bytes_of_struct(const ::sockaddr_tipc& raw) {
  return std::as_bytes(std::span<const ::sockaddr_tipc, 1>(&raw, 1));
}

TEST(tipc_address, is_nobody_by_default) {
  EXPECT_EQ(address().to_string(), "(3, 0, 0, 0, 0)");
  EXPECT_EQ(address().as_socket(), socket_id());
}

TEST(tipc_address, parses_and_prints_each_form) {
  const auto range = address::parse("(1, 4711, 0, 99)");
  EXPECT_EQ(range, address(service_range{4711, 0, 99}));
  EXPECT_EQ(range.to_string(), "(1, 4711, 0, 99, 2)");
  const auto service = address::parse("(2, 4711, 7, 16781313, 3)");
  EXPECT_EQ(service, address(tipc::service{4711, 7, 0x1001001}, scope::node));
  EXPECT_EQ(service.to_string(), "(2, 4711, 7, 16781313, 3)");
  const auto socket = address::parse("(3, 16781313, 4294967295, 0, 0)");
  EXPECT_EQ(socket, address(socket_id{0x1001001, 0xffffffff}));
  EXPECT_EQ(socket.to_string(), "(3, 16781313, 4294967295, 0, 0)");
}

TEST(tipc_address, takes_names_for_numbers) {
  EXPECT_EQ(address::parse("TIPC_ADDR_NAMESEQ, 100, 1, 2, TIPC_NODE_SCOPE"),
            address(service_range{100, 1, 2}, scope::node));
  EXPECT_EQ(address::parse("(TIPC_SERVICE_RANGE, 100, 1, 2)"),
            address::parse("(TIPC_ADDR_MCAST, 100, 1, 2)"));
  EXPECT_EQ(address::parse("(TIPC_ADDR_NAME, 100, 1, 0, TIPC_ZONE_SCOPE)"),
            address(tipc::service{100, 1}, scope::zone));
  EXPECT_EQ(address::parse("(TIPC_SERVICE_ADDR, 100, 1, 0, TIPC_CLUSTER_SCOPE)"),
            address(tipc::service{100, 1}, scope::cluster));
  EXPECT_EQ(address::parse("(TIPC_ADDR_ID, 1, 2, 0, 0)"), address(socket_id{1, 2}));
  EXPECT_EQ(address::parse("(TIPC_SOCKET_ADDR, 0x1, 2, 0, 0)"), address(socket_id{1, 2}));
}

TEST(tipc_address, without_a_scope_means_cluster_as_in_python) {
  EXPECT_EQ(address::parse("(2, 100, 1, 0)").scope(), scope::cluster);
  EXPECT_EQ(address::parse("(3, 1, 2, 0)").scope(), scope::cluster);
}

TEST(tipc_address, names_the_wrong_field) {
  EXPECT_EQ(field_of("(4, 1, 2, 3)"), "addr_type");
  EXPECT_EQ(field_of("(0, 1, 2, 3)"), "addr_type");
  EXPECT_EQ(field_of("(TIPC_NONE, 1, 2, 3)"), "addr_type");
  EXPECT_EQ(field_of(""), "addr_type");
  EXPECT_EQ(field_of("(1, x, 2, 3)"), "type");
  EXPECT_EQ(field_of("(1, 4294967296, 2, 3)"), "type");
  EXPECT_EQ(field_of("(1, 1, -2, 3)"), "lower");
  EXPECT_EQ(field_of("(1, 1, 2)"), "upper");
  EXPECT_EQ(field_of("(1, 1, 3, 2)"), "upper");
  EXPECT_EQ(field_of("(2, 1, '2', 0)"), "instance");
  EXPECT_EQ(field_of("(2, 1, 2, 0x100000000)"), "domain");
  EXPECT_EQ(field_of("(3, , 2, 0)"), "node");
  EXPECT_EQ(field_of("(3, 1, ref, 0)"), "ref");
  EXPECT_EQ(field_of("(3, 1, 2, 1)"), "v3");
  EXPECT_EQ(field_of("(2, 1, 2, 0, 4)"), "scope");
  EXPECT_EQ(field_of("(2, 1, 2, 0, -2)"), "scope");
  EXPECT_EQ(field_of("(2, 1, 2, 0, 2, 2)"), "tuple");
  EXPECT_EQ(field_of("(2, 1, 2, 0, 2"), "tuple");
  EXPECT_EQ(why("(1, 1, 3, 2)"), "tipc address, upper: Invalid argument (2 is below lower, 3)");
  EXPECT_THROW(address(service_range{1, 3, 2}), address_error);
}

TEST(tipc_address, becomes_the_kernels_struct) {
  const address range(service_range{4711, 5, 9}, scope::node);
  const auto raw = load_padded<::sockaddr_tipc>(range.to_sockaddr().bytes());
  EXPECT_EQ(range.to_sockaddr().size(), 16u);
  EXPECT_EQ(raw.family, AF_TIPC);
  EXPECT_EQ(raw.addrtype, TIPC_SERVICE_RANGE);
  EXPECT_EQ(raw.scope, TIPC_NODE_SCOPE);
  EXPECT_EQ(raw.addr.nameseq.type, 4711u);
  EXPECT_EQ(raw.addr.nameseq.lower, 5u);
  EXPECT_EQ(raw.addr.nameseq.upper, 9u);

  const auto name =
      load_padded<::sockaddr_tipc>(address(tipc::service{4711, 5, 77}).to_sockaddr().bytes());
  EXPECT_EQ(name.addr.name.name.type, 4711u);
  EXPECT_EQ(name.addr.name.name.instance, 5u);
  EXPECT_EQ(name.addr.name.domain, 77u);

  const auto id = load_padded<::sockaddr_tipc>(address(socket_id{1, 2}).to_sockaddr().bytes());
  EXPECT_EQ(id.addr.id.node, 1u);
  EXPECT_EQ(id.addr.id.ref, 2u);
}

TEST(tipc_address, comes_back_from_its_sockaddr) {
  for (const char* text : {"(1, 64, 0, 4294967295, 1)", "(2, 4294967295, 1, 2, 2)",
                           "(3, 4294967295, 4294967295, 0, 3)", "(2, 0, 0, 0, 0)"}) {
    const auto value = address::parse(text);
    EXPECT_EQ(address::from_sockaddr(value.to_sockaddr().bytes()), value);
    EXPECT_EQ(value.to_string(), text);
  }
}

TEST(tipc_address, checks_a_sockaddrs_length_and_fields) {
  const ::sockaddr_tipc good{AF_TIPC, TIPC_SERVICE_RANGE, 2, {.nameseq = {100, 1, 2}}};
  EXPECT_EQ(address::from_sockaddr(bytes_of_struct(good)), address(service_range{100, 1, 2}));
  const auto field = [](const_bytes bytes) {
    try {
      (void)address::from_sockaddr(bytes);
    } catch (const address_error& error) {
      return error.field();
    }
    return std::string("accepted");
  };
  EXPECT_EQ(field(bytes_of_struct(good).first(15)), "sockaddr");
  EXPECT_EQ(field({}), "sockaddr");
  auto bad = good;
  bad.family = AF_INET;
  EXPECT_EQ(field(bytes_of_struct(bad)), "family");
  bad = good;
  bad.addrtype = 4;
  EXPECT_EQ(field(bytes_of_struct(bad)), "addr_type");
  bad = good;
  bad.scope = -2;
  EXPECT_EQ(field(bytes_of_struct(bad)), "scope");
  bad = good;
  bad.addr.nameseq.upper = 0;
  EXPECT_EQ(field(bytes_of_struct(bad)), "upper");
  std::error_code ec;
  EXPECT_EQ(address::from_sockaddr(bytes_of_struct(bad), ec), address());
  EXPECT_EQ(ec.value(), EINVAL);
}

TEST(tipc_address, compares_hashes_and_binds) {
  const address a(tipc::service{100, 1});
  const address b(tipc::service{100, 2});
  EXPECT_LT(a, b);
  EXPECT_NE(a, address(tipc::service{100, 1}, scope::node));
  const std::unordered_set<address> set{a, b, a};
  EXPECT_EQ(set.size(), 2u);
  const auto [form, type, instance, domain, range] = a;
  EXPECT_EQ(form, address_form::service);
  EXPECT_EQ(type, 100u);
  EXPECT_EQ(instance, 1u);
  EXPECT_EQ(domain, 0u);
  EXPECT_EQ(range, scope::cluster);
}

TEST(tipc_address, gives_only_the_form_that_it_has) {
  const address a(tipc::service{100, 1, 5});
  EXPECT_EQ(a.as_service(), (tipc::service{100, 1, 5}));
  EXPECT_EQ(a.as_range(), std::nullopt);
  EXPECT_EQ(a.as_socket(), std::nullopt);
}

}  // namespace
}  // namespace trivet::tipc
