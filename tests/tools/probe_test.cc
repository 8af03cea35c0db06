// trivet probe on real kernels: its answers against what the same system calls say here.
#include <gtest/gtest.h>
#include <rapidjson/document.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fstream>
#include <map>
#include <sstream>
#include <string>

#include "tests/lab/kernel.h"
#include "tests/tools/command.h"

namespace trivet::testing {
namespace {

struct row {
  std::string answer;
  std::string reason;
};

/// The rows of `trivet probe -j` by "family kind name".
std::map<std::string, row> probe(const run_options& how = {}) {
  const outcome got = run_trivet({"probe", "-j"}, how);
  EXPECT_EQ(got.status, 0) << got.errors;
  EXPECT_EQ(got.errors, "");
  EXPECT_EQ(line_count(got.output), 1U) << "one JSON document";
  ::rapidjson::Document document;
  document.Parse(got.output.c_str());
  std::map<std::string, row> rows;
  if (!document.IsArray()) {
    ADD_FAILURE() << "no array: " << got.output;
    return rows;
  }
  for (const auto& entry : document.GetArray()) {
    const std::string key = std::string(entry["family"].GetString()) + " " +
                            entry["kind"].GetString() + " " + entry["name"].GetString();
    const row r{entry["answer"].GetString(), entry["reason"].GetString()};
    EXPECT_TRUE(rows.emplace(key, r).second) << key << " stands there twice";
  }
  return rows;
}

std::string contents(const char* path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST(probe, every_row_has_an_answer_and_a_reason) {
  const auto rows = probe();
  EXPECT_GT(rows.size(), 150U);
  for (const auto& [name, r] : rows) {
    EXPECT_TRUE(r.answer == "yes" || r.answer == "no" || r.answer == "needs privilege") << name;
    EXPECT_NE(r.reason, "") << name;
  }
}

TEST(probe, says_of_families_what_socket_says) {
  const struct {
    const char* row;
    int family;
    int type;
    int protocol;
  } cases[] = {
      {"netlink family AF_NETLINK", AF_NETLINK, SOCK_RAW, 0},
      {"tipc family AF_TIPC", AF_TIPC, SOCK_RDM, 0},
      {"tipc socket type SOCK_SEQPACKET", AF_TIPC, SOCK_SEQPACKET, 0},
      {"packet family AF_PACKET", AF_PACKET, SOCK_RAW, 0},
      {"unix family AF_UNIX", AF_UNIX, SOCK_DGRAM, 0},
      {"inet protocol IPPROTO_SCTP", AF_INET, SOCK_SEQPACKET, 132},
      {"inet6 family AF_INET6", AF_INET6, SOCK_DGRAM, 0},
      {"bluetooth family AF_BLUETOOTH", AF_BLUETOOTH, SOCK_SEQPACKET, 0},
  };
  const auto rows = probe();
  for (const auto& c : cases) {
    const int fd = ::socket(c.family, c.type, c.protocol);
    EXPECT_EQ(rows.at(c.row).answer, fd >= 0 ? "yes" : "no") << c.row;
    if (fd >= 0) ::close(fd);
  }
}

TEST(probe, finds_what_a_kernel_of_debian_12_has) {
  if (lab::kernel() != "uml") return;  // the host may be any kernel
  const auto rows = probe();
  for (const char* name : {
           "netlink option NETLINK_GET_STRICT_CHK",
           "netlink check extended ACK",
           "tipc group TIPC_GROUP_JOIN",
           "tipc topology server TIPC_TOP_SRV",
           "tipc crypto TIPC_NL_KEY_SET",
           "tipc bearer udp",
           "packet ring TPACKET_V3 receive",
           "packet fanout PACKET_FANOUT_EBPF",
           "packet fanout PACKET_FANOUT_FLAG_IGNORE_OUTGOING",
       }) {
    EXPECT_EQ(rows.at(name).answer, "yes") << name << ": " << rows.at(name).reason;
  }
  for (const char* name : {
           "unix option SO_PASSPIDFD",          // 6.5
           "packet option PACKET_VNET_HDR_SZ",  // 6.6
           "netlink group RTNLGRP_IPV6_ACADDR",
           "bluetooth family AF_BLUETOOTH",
       }) {
    EXPECT_EQ(rows.at(name).answer, "no") << name << ": " << rows.at(name).reason;
  }
}

TEST(probe, as_nobody_says_what_needs_privilege) {
  const auto rows = probe({.as_nobody = true});
  for (const char* name :
       {"packet family AF_PACKET", "packet ring TPACKET_V3 receive", "inet socket type SOCK_RAW",
        "socket option SO_RCVBUFFORCE", "netlink option NETLINK_LISTEN_ALL_NSID"}) {
    EXPECT_EQ(rows.at(name).answer, "needs privilege") << name;
    EXPECT_NE(rows.at(name).reason.find("needs CAP_"), std::string::npos)
        << name << ": " << rows.at(name).reason;
  }
  for (const char* name : {"unix socket type SOCK_STREAM", "netlink option NETLINK_EXT_ACK",
                           "netlink group RTNLGRP_NEXTHOP"}) {
    EXPECT_EQ(rows.at(name).answer, "yes") << name << ": " << rows.at(name).reason;
  }
}

TEST(probe, leaves_nothing_behind) {
  // Lists the interfaces' multicast memberships, the packet sockets and the network namespace's
  // interfaces; a fresh namespace has no others that could change meanwhile.
  const char* const files[] = {"/proc/net/packet", "/proc/net/dev_mcast", "/proc/net/dev",
                               "/proc/net/ptype"};
  std::map<std::string, std::string> before;
  for (const char* file : files) before[file] = contents(file);
  (void)probe();
  for (const char* file : files) EXPECT_EQ(contents(file), before[file]) << file;
}

TEST(probe, prints_a_table_for_people) {
  const outcome got = run_trivet({"probe", "--color=always"});
  EXPECT_EQ(got.status, 0);
  EXPECT_NE(got.output.find("\x1b[32myes\x1b[0m"), std::string::npos);
  const outcome plain = run_trivet({"probe"}, {.environment = {"NO_COLOR=1"}});
  EXPECT_EQ(plain.output.find('\x1b'), std::string::npos);
  EXPECT_NE(plain.output.find("\nnetlink\n  family           AF_NETLINK "), std::string::npos)
      << plain.output;
}

TEST(probe, a_full_disk_is_an_error) {
  const outcome got = run_trivet({"probe"}, {.output_file = "/dev/full"});
  EXPECT_EQ(got.status, 1);
  EXPECT_EQ(got.errors, "trivet: standard output: No space left on device (free some space)\n");
}

}  // namespace
}  // namespace trivet::testing
