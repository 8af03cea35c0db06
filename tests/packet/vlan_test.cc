// VLAN interfaces: what a tag looks like beneath one. For kernels with module 8021q.
#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>

#include <string>

#include "tests/packet/capture_reader.h"
#include "tests/packet/veth.h"
#include "tests/tools/command.h"

namespace trivet::packet {
namespace {

using testing::outcome;
using testing::running_trivet;

class packet_vlan : public veth_test {
 protected:
  // v0.5 and v1.5, tagged on the veth pair; 802.1ad by `protocol`.
  void add_vlan(const std::string& protocol) const {
    for (const auto& [where, name, address] : {std::tuple(&near_, "v0", "198.51.100.1/24"),
                                               std::tuple(&far_, "v1", "198.51.100.2/24")}) {
      const std::string vlan = std::string(name) + ".5";
      where->run({"ip", "link", "add", "link", name, "name", vlan, "type", "vlan", "protocol",
                  protocol, "id", "5"});
      where->run({"ip", "link", "set", vlan, "up"});
      lab::add_address({*where, vlan}, address);
    }
  }

  static std::string path() {
    std::string pattern = ::testing::TempDir() + "packet_vlan_XXXXXX";
    return std::string(::mkdtemp(pattern.data())) + "/x.pcapng";
  }
};

TEST_F(packet_vlan, tags_are_whole_on_both_sides) {
  for (const char* const protocol : {"802.1Q", "802.1ad"}) {
    add_vlan(protocol);
    for (const auto& [where, name] : {std::pair("near", "v0"), std::pair("far", "v1")}) {
      const std::string file = path();
      running_trivet run({"--netns", where, "packet", "capture", "-i", name, "-w", file, "--print",
                          "-c", "2", "vlan 5 and icmp"});
      ASSERT_EQ(run.read_error_line(), "capturing on " + std::string(name));
      near_.run({"ping", "-c", "1", "198.51.100.2"});
      const outcome got = run.wait();
      EXPECT_EQ(got.status, 0);
      EXPECT_NE(got.output.find(" vlan 5, p 0, IP 198.51.100.1 > 198.51.100.2: ICMP echo request"),
                std::string::npos)
          << got.output;
      for (const stored_packet& p : packets_in(file)) {
        const std::string tag = protocol == std::string("802.1Q") ? "\x81" : "\x88";
        EXPECT_EQ(p.data.substr(12, 1), tag);
        EXPECT_EQ(p.data.substr(14, 4), std::string("\x00\x05\x08\x00", 4));
        EXPECT_EQ(p.wire_size, 102U);
      }
      const std::string seen =
          lab::run({"tshark", "-r", file, "-Y", "vlan.id == 5 || ieee8021ad.id == 5", "-T",
                    "fields", "-e", "frame.number"});
      EXPECT_EQ(seen, "1\n2\n");
    }
    near_.run({"ip", "link", "del", "v0.5"});
    far_.run({"ip", "link", "del", "v1.5"});
  }
}

// On the VLAN interface itself there is no tag any more.
TEST_F(packet_vlan, tags_are_not_seen_above) {
  add_vlan("802.1Q");
  running_trivet run({"--netns", "far", "packet", "capture", "-i", "v1.5", "-c", "2", "icmp"});
  ASSERT_EQ(run.read_error_line(), "capturing on v1.5");
  near_.run({"ping", "-c", "1", "198.51.100.2"});
  EXPECT_EQ(run.wait().output.find("vlan"), std::string::npos);
}

}  // namespace
}  // namespace trivet::packet
