// CPython's TIPC sockets and ours, talking to each other: all three forms of an address, all scopes
// and all types, in both directions.
#include <gtest/gtest.h>
#include <linux/tipc.h>

#include <string>

#include "tests/address/cpython_peer.h"
#include "tests/lab/namespace_test.h"
#include "trivet/tipc/socket.h"

namespace trivet::test {
namespace {

using tipc::address;

class cpython_tipc : public lab::namespace_test {
 protected:
  cpython python_;
};

TEST_F(cpython_tipc, exchanges_datagrams_by_socket_address) {
  for (const auto& [type, name] : {std::pair(SOCK_RDM, "rdm"), {SOCK_DGRAM, "dgram"}}) {
    tipc::socket ours(type);
    python_socket pythons(python_, "tipc", name);
    expect_datagrams(ours, pythons);
  }
}

TEST_F(cpython_tipc, finds_what_the_other_bound_under_every_scope) {
  for (const char* scope : {"TIPC_ZONE_SCOPE", "TIPC_CLUSTER_SCOPE", "TIPC_NODE_SCOPE"}) {
    SCOPED_TRACE(scope);
    const std::string suffix = std::string(", ") + scope + ")";
    tipc::socket ours(SOCK_RDM);
    ours.bind(address::parse("(TIPC_ADDR_NAMESEQ, 4711, 0, 99" + suffix));
    python_socket pythons(python_, "tipc", "rdm");
    pythons.ask("bind", "(TIPC_ADDR_NAME, 4712, 7, 0" + suffix);

    // Python to a service and, as a multicast, to a range.
    for (const char* to : {"(TIPC_ADDR_NAME, 4711, 42, 0)", "(TIPC_ADDR_NAMESEQ, 4711, 90, 200)"}) {
      pythons.ask("sendto", to, hex_of(to));
      const auto got = ours.receive_message(soon());
      EXPECT_EQ(text_of(got.data), to);
      EXPECT_EQ(got.from.to_string(), pythons.name());
    }
    // The same, the other way round.
    for (const char* to : {"(2, 4712, 7, 0)", "(1, 4712, 0, 4294967295)"}) {
      ours.send_to(bytes_of(to), address::parse(to), soon());
      const python_answer heard = pythons.answer("recvfrom");
      EXPECT_EQ(heard.word(1), hex_of(to));
      EXPECT_EQ(heard.word(0), ours.local_address().to_string());
    }
    pythons.ask("close");
  }
}

TEST_F(cpython_tipc, connects_by_service_address) {
  for (const auto& [type, name] :
       {std::pair(SOCK_STREAM, "stream"), {SOCK_SEQPACKET, "seqpacket"}}) {
    SCOPED_TRACE(name);
    tipc::socket listening(type);
    listening.bind(tipc::service{.type = 4711, .instance = 1});
    python_socket python_listening(python_, "tipc", name);
    python_listening.ask("bind", "(TIPC_ADDR_NAMESEQ, 4712, 1, 1)");
    expect_connections(
        python_, "tipc", name, [type = type] { return tipc::socket(type); }, listening,
        python_listening, "(TIPC_ADDR_NAME, 4711, 1, 0)",
        tipc::service{.type = 4712, .instance = 1});
    python_listening.ask("close");
  }
}

TEST_F(cpython_tipc, is_refused_what_python_is_refused) {
  // The kernel's own types, and a service that nobody has bound.
  tipc::socket ours(SOCK_RDM);
  python_socket pythons(python_, "tipc", "rdm");
  EXPECT_THROW(ours.bind(tipc::service_range{.type = 63, .lower = 0, .upper = 0}), not_permitted);
  EXPECT_EQ(python_.ask({"bind", "0", "(1, 63, 0, 0)"}).exception,
            "PermissionError: [Errno 13] Permission denied");
  std::error_code ec;
  ours.send_to(bytes_of("x"), tipc::service{.type = 4713, .instance = 1}, ec);
  EXPECT_EQ(ec.value(), EHOSTUNREACH);
  EXPECT_EQ(python_.ask({"sendto", "0", "(2, 4713, 1, 0)", "78"}).exception,
            "OSError: [Errno 113] No route to host");
}

}  // namespace
}  // namespace trivet::test
