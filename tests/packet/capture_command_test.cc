// trivet packet capture on the kernel under the test: what it prints and writes, and what it says
// when it cannot.
#include <gtest/gtest.h>
#include <rapidjson/document.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <unistd.h>

#include <string>

#include "tests/packet/capture_reader.h"
#include "tests/packet/veth.h"
#include "tests/tools/command.h"

namespace trivet::packet {
namespace {

using testing::outcome;
using testing::run_trivet;
using testing::running_trivet;
using words = std::vector<std::string>;

class packet_capture : public veth_test {
 protected:
  packet_capture() {
    std::string pattern = ::testing::TempDir() + "packet_capture_XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
  }

  [[nodiscard]] std::string path(const std::string& name) const { return folder_ + "/" + name; }

  // The words of a capture on v0, in the namespace near.
  static words capture(const words& more) {
    words all{"--netns", "near", "packet", "capture", "-i", "v0"};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }

  static void await_ready(running_trivet& run, const std::string& interface = "v0") {
    ASSERT_EQ(run.read_error_line(), "capturing on " + interface);
  }

 private:
  std::string folder_;
};

std::size_t count_of(const std::string& path, std::uint32_t type) {
  std::size_t count = 0;
  for (const stored_block& block : blocks_in(path)) count += block.type == type;
  return count;
}

// "IN words" of a line behind its time.
std::string without_time(const std::string& line) { return line.substr(line.find(' ') + 1); }

TEST_F(packet_capture, prints_a_line_for_each_packet) {
  running_trivet run(capture({"-c", "2", test_frames}));
  await_ready(run);
  send_numbered(1, 1);
  const std::string line = run.read_line();
  EXPECT_EQ(line.size() - without_time(line).size(), 19U) << "hh:mm:ss.nnnnnnnnn " << line;
  EXPECT_EQ(without_time(line),
            "Out    64 ethertype 0x88b5 02:00:00:00:00:01 > ff:ff:ff:ff:ff:ff, length 50");
  send_numbered(2, 1);
  const outcome got = run.wait();
  EXPECT_EQ(got.status, 0);
  EXPECT_EQ(got.errors, "2 packets captured, 0 dropped by the kernel\n");
}

TEST_F(packet_capture, prints_a_json_document_for_each_packet) {
  lab::add_address({near_, "v0"}, "192.0.2.1/24");
  lab::add_address({far_, "v1"}, "192.0.2.2/24");
  running_trivet run({"--netns", "far", "packet", "capture", "-i", "v1", "-c", "1", "-j", "icmp"});
  await_ready(run, "v1");
  near_.run({"ping", "-c", "1", "192.0.2.2"});
  const outcome got = run.wait();
  EXPECT_EQ(got.status, 0);
  ::rapidjson::Document document;
  document.Parse(got.output.c_str());
  ASSERT_TRUE(document.IsObject()) << got.output;
  EXPECT_STREQ(document["interface"].GetString(), "v1");
  EXPECT_STREQ(document["direction"].GetString(), "in");
  EXPECT_STREQ(document["to"].GetString(), "host");
  EXPECT_EQ(document["length"].GetInt(), 98);
  EXPECT_EQ(document["captured"].GetInt(), 98);
  EXPECT_STREQ(document["source"].GetString(), "192.0.2.1");
  EXPECT_STREQ(document["destination"].GetString(), "192.0.2.2");
  EXPECT_FALSE(document.HasMember("source_port"));
  ASSERT_EQ(document["protocols"].Size(), 3U);
  EXPECT_STREQ(document["protocols"][2].GetString(), "icmp");
  const std::string time = document["time"].GetString();
  EXPECT_EQ(time.size(), std::string("2026-01-01T00:00:00.123456789Z").size());
  EXPECT_EQ(std::string(document["text"].GetString())
                .find("IP 192.0.2.1 > 192.0.2.2: ICMP echo request, id "),
            0U);
}

TEST_F(packet_capture, writes_a_file_with_directions_and_statistics) {
  const std::string file = path("x.pcapng");
  running_trivet run(capture({"-w", file, test_frames}));
  await_ready(run);
  send_numbered(0, 300);
  run.signal(SIGINT);
  const outcome got = run.wait();
  EXPECT_EQ(got.status, 0);
  EXPECT_EQ(got.output, "");
  EXPECT_EQ(got.errors,
            "300 packets captured, 300 written to " + file + ", 0 dropped by the kernel\n");
  const auto packets = packets_in(file);
  ASSERT_EQ(packets.size(), 300U);
  for (std::uint32_t i = 0; i < 300; ++i) EXPECT_EQ(packets[i].data, numbered_frame(i));
  const auto blocks = blocks_in(file);
  const stored_block& last = blocks.back();
  ASSERT_EQ(last.type, statistics_block);
  EXPECT_EQ(last.number(isb_filteraccept), 300U);
  EXPECT_EQ(last.number(isb_osdrop), 0U);
  EXPECT_EQ(last.number(isb_usrdeliv), 300U);
  EXPECT_EQ(last.options.count(isb_ifrecv), 1U);
  const std::string outbound("\x02\0\0\0", 4);
  EXPECT_EQ(blocks[2].options.at(epb_flags), outbound);
  const std::string tool = lab::run({"capinfos", file});
  EXPECT_NE(tool.find("Capture application: trivet "), std::string::npos);
  EXPECT_NE(tool.find("Number of packets:   300\n"), std::string::npos) << tool;
  EXPECT_NE(tool.find("Name = v0\n"), std::string::npos);
  EXPECT_NE(tool.find("Filter string = ether proto 0x88b5"), std::string::npos) << tool;
  EXPECT_NE(tool.find("Strict time order:   True"), std::string::npos);
}

TEST_F(packet_capture, prints_beside_the_file_when_asked) {
  const std::string file = path("x.pcapng");
  running_trivet run(capture({"-w", file, "--print", "-c", "1", test_frames}));
  await_ready(run);
  send_numbered(0, 1);
  EXPECT_NE(run.read_line().find("ethertype 0x88b5"), std::string::npos);
  EXPECT_EQ(run.wait().status, 0);
  EXPECT_EQ(packets_in(file).size(), 1U);
}

TEST_F(packet_capture, ends_after_the_count_and_counts_what_came_beyond_it) {
  const std::string file = path("x.pcapng");
  running_trivet run(capture({"-w", file, "-c", "5", test_frames}));
  await_ready(run);
  run.signal(SIGSTOP);
  send_numbered(0, 12);
  run.signal(SIGCONT);
  const outcome got = run.wait();
  EXPECT_EQ(got.status, 0);
  EXPECT_EQ(got.errors, "5 packets captured, 5 written to " + file +
                            ", 0 dropped by the kernel, 7 more received after the count was "
                            "reached\n");
  EXPECT_EQ(packets_in(file).size(), 5U);
  const stored_block last = blocks_in(file).back();
  EXPECT_EQ(last.number(isb_filteraccept), 12U);
  EXPECT_EQ(last.number(isb_usrdeliv), 5U);
}

TEST_F(packet_capture, cuts_packets_to_the_snaplen) {
  const std::string file = path("x.pcapng");
  running_trivet run(capture({"-w", file, "-s", "20", "-c", "1", "--print", test_frames}));
  await_ready(run);
  send_numbered(7, 1);
  const outcome got = run.wait();
  EXPECT_NE(got.output.find(" (20 captured)\n"), std::string::npos) << got.output;
  const auto packets = packets_in(file);
  ASSERT_EQ(packets.size(), 1U);
  EXPECT_EQ(packets[0].data, numbered_frame(7).substr(0, 20));
  EXPECT_EQ(packets[0].wire_size, 64U);
}

// Whether the file tells of a loss yet; while it is being written its end may be half a block.
bool tells_of_a_loss(const std::string& path) {
  try {
    for (const stored_block& block : blocks_in(path)) {
      if (block.type == packet_block && block.number(epb_dropcount) > 0) return true;
    }
  } catch (const std::runtime_error&) {
    return false;
  }
  return false;
}

// Frames missing before those that the file says were lost before, and what it says in all.
struct losses {
  std::uint64_t missing = 0;
  std::uint64_t stated = 0;
  std::size_t places = 0;
  std::size_t imprecise = 0;  // where the file says that they are spread
};

losses losses_in(const std::string& path) {
  losses result;
  const auto packets = packets_in(path);
  std::size_t at = 0;
  std::int64_t before = -1;
  for (const stored_block& block : blocks_in(path)) {
    if (block.type != packet_block) continue;
    const auto number = static_cast<std::int64_t>(*number_in(bytes_of(packets[at++].data)));
    const auto missing = static_cast<std::uint64_t>(number - before - 1);
    const std::uint64_t stated = block.number(epb_dropcount);
    const bool is_spread = block.options.count(opt_comment) > 0;
    result.missing += missing;
    result.stated += stated;
    result.places += stated > 0;
    result.imprecise += is_spread;
    if (stated > 0 && !is_spread) {
      EXPECT_EQ(stated, missing) << "before " << number;
    }
    before = number;
  }
  return result;
}

// The process sleeps while the ring runs over; what was lost stands in the file, at its place.
TEST_F(packet_capture, states_exactly_what_was_lost_and_where) {
  const std::string file = path("x.pcapng");
  running_trivet run(capture({"-w", file, "-B", "512", test_frames}));
  await_ready(run);
  run.signal(SIGSTOP);
  send_numbered(0, 20'000);
  run.signal(SIGCONT);
  // What is missing shows with the first frame that finds room again.
  std::uint32_t sent = 20'000;
  const deadline until = soon();
  while (!tells_of_a_loss(file) && until.remaining().count() > 0) send_numbered(sent++, 1);
  run.signal(SIGINT);
  const outcome got = run.wait();
  EXPECT_EQ(got.status, 0);
  const losses lost = losses_in(file);
  const std::size_t packets = packets_in(file).size();
  EXPECT_GE(lost.places, 1U);  // more, and spread, where this machine is too slow for one more
  EXPECT_GT(lost.stated, 10'000U);
  EXPECT_EQ(packets + lost.stated, sent);
  EXPECT_EQ(got.errors, std::to_string(packets) + " packets captured, " + std::to_string(packets) +
                            " written to " + file + ", " + std::to_string(lost.stated) +
                            " dropped by the kernel\n");
  const stored_block last = blocks_in(file).back();
  EXPECT_EQ(last.number(isb_filteraccept), sent);
  EXPECT_EQ(last.number(isb_osdrop), lost.stated);
  EXPECT_EQ(last.number(isb_usrdeliv), packets);
}

// While it works off a full ring, the ring fills again: one count for several places, marked so.
TEST_F(packet_capture, says_so_where_losses_are_spread) {
  const std::string file = path("x.pcapng");
  running_trivet run(capture({"-w", file, "-B", "512", "--print", "-j", test_frames}));
  await_ready(run);
  run.signal(SIGSTOP);
  send_numbered(0, 20'000);
  run.signal(SIGCONT);
  socket sender = open_in(near_);
  sender.bind(address("v0", 0));
  std::uint32_t sent = 20'000;
  do {
    sender.send(bytes_of(numbered_frame(sent++)));
  } while (run.read_line().find("lost_before") == std::string::npos);
  run.signal(SIGINT);
  const outcome got = run.wait();
  EXPECT_EQ(got.status, 0);
  const losses lost = losses_in(file);
  const stored_block last = blocks_in(file).back();
  EXPECT_EQ(packets_in(file).size() + last.number(isb_osdrop), sent) << "the total is exact";
  EXPECT_LE(lost.missing, last.number(isb_osdrop));
  EXPECT_LE(lost.stated, last.number(isb_osdrop));
  EXPECT_GE(lost.stated, lost.missing) << "never stated later than it happened";
}

TEST_F(packet_capture, keeps_what_it_has_when_the_interface_is_deleted) {
  const std::string file = path("x.pcapng");
  running_trivet run(capture({"-w", file, test_frames}));
  await_ready(run);
  send_numbered(0, 50);
  near_.run({"ip", "link", "del", "v0"});
  const outcome got = run.wait();
  EXPECT_EQ(got.status, 1);
  // "v0 is down" may come first: the kernel sets it down, then removes it.
  EXPECT_NE(got.errors.find("50 packets captured, 50 written to " + file +
                            ", 0 dropped by the kernel\n"
                            "trivet: v0: the interface was removed while capturing ("),
            std::string::npos)
      << got.errors;
  EXPECT_EQ(packets_in(file).size(), 50U);
  EXPECT_EQ(blocks_in(file).back().number(isb_usrdeliv), 50U);
}

TEST_F(packet_capture, goes_on_when_the_link_was_down) {
  running_trivet run(capture({"-c", "2", test_frames}));
  await_ready(run);
  send_numbered(0, 1);
  (void)run.read_line();
  near_.run({"ip", "link", "set", "v0", "down"});
  EXPECT_EQ(run.read_error_line(), "trivet: v0 is down: packets come once it is up");
  near_.run({"ip", "link", "set", "v0", "up"});
  EXPECT_EQ(run.read_error_line(), "trivet: v0 is up again");
  lab::wait_until_running({near_, "v0"});
  send_numbered(1, 1);
  EXPECT_EQ(run.wait().status, 0);
}

TEST_F(packet_capture, starts_on_a_link_that_is_down) {
  near_.run({"ip", "link", "set", "v0", "down"});
  running_trivet run(capture({"-c", "1", test_frames}));
  await_ready(run);
  EXPECT_EQ(run.read_error_line(), "trivet: v0 is down: packets come once it is up");
  near_.run({"ip", "link", "set", "v0", "up"});
  lab::wait_until_running({near_, "v0"});
  send_numbered(1, 1);
  const outcome got = run.wait();
  EXPECT_EQ(got.status, 0) << got.errors;
}

TEST_F(packet_capture, leaves_a_whole_file_on_a_full_disk) {
  const std::string disk = path("disk");
  ASSERT_EQ(::mkdir(disk.c_str(), 0700), 0);
  ASSERT_EQ(::mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=64k"), 0);
  const std::string file = disk + "/x.pcapng";
  {
    running_trivet run(capture({"-w", file, test_frames}));
    await_ready(run);
    send_numbered(0, 2'000);
    const outcome got = run.wait();
    EXPECT_EQ(got.status, 1);
    const auto packets = packets_in(file);
    EXPECT_GT(packets.size(), 400U);
    EXPECT_LT(packets.size(), 700U);
    EXPECT_EQ(count_of(file, packet_block), packets.size()) << "to the last byte";
    const std::string written = std::to_string(packets.size());
    EXPECT_NE(got.errors.find(", " + written + " written to " + file), std::string::npos)
        << got.errors;
    EXPECT_NE(got.errors.find("trivet: " + file +
                              ": No space left on device (the file is whole up to packet " +
                              written + "; free some space)\n"),
              std::string::npos)
        << got.errors;
    EXPECT_EQ(testing::line_count(got.errors), 2U);
  }
  EXPECT_EQ(::umount(disk.c_str()), 0);
}

TEST_F(packet_capture, says_so_when_nothing_can_be_written) {
  const outcome full = run_trivet(capture({"-w", "/dev/full"}));
  EXPECT_EQ(full.status, 1);
  EXPECT_EQ(full.errors.find("trivet: /dev/full: No space left on device"), 0U) << full.errors;
  EXPECT_EQ(testing::line_count(full.errors), 1U);
  const outcome nowhere = run_trivet(capture({"-w", path("no/x")}));
  EXPECT_EQ(nowhere.status, 1);
  EXPECT_EQ(nowhere.errors, "trivet: " + path("no/x") + ": No such file or directory\n");
}

TEST_F(packet_capture, prints_to_a_full_disk_in_vain) {
  running_trivet run(capture({test_frames}), {.output_file = "/dev/full"});
  await_ready(run);
  send_numbered(0, 1);
  const outcome got = run.wait();
  EXPECT_EQ(got.status, 1);
  EXPECT_NE(got.errors.find("standard output: No space left on device"), std::string::npos)
      << got.errors;
}

TEST_F(packet_capture, needs_a_privilege_and_names_it) {
  const outcome got = run_trivet({"packet", "capture", "-i", "lo"}, {.as_nobody = true});
  EXPECT_EQ(got.status, 1);
  EXPECT_NE(got.errors.find("CAP_NET_RAW"), std::string::npos) << got.errors;
  EXPECT_EQ(testing::line_count(got.errors), 1U);
}

TEST_F(packet_capture, names_what_is_missing_or_wrong) {
  const outcome interface = run_trivet({"packet", "capture", "-i", "nosuch0"});
  EXPECT_EQ(interface.status, 1);
  EXPECT_EQ(interface.errors.find("trivet: interface nosuch0: No such device ("), 0U)
      << interface.errors;
  EXPECT_EQ(testing::line_count(interface.errors), 1U);
  const outcome filter = run_trivet(capture({"tcp", "prot", "80"}));
  EXPECT_EQ(filter.status, 2);
  EXPECT_EQ(filter.errors.find("trivet: filter 'tcp prot 80': "), 0U) << filter.errors;
  for (const words& wrong :
       {words{"-c", "0"}, words{"-c", "x"}, words{"-s", "262145"}, words{"-B", "1"},
        words{"-w", "-", "--print"}, words{"-i"}, words{"vlan and inbound"}}) {
    EXPECT_EQ(run_trivet(capture(wrong)).status, 2) << wrong.front();
  }
  EXPECT_EQ(run_trivet({"packet", "capture"}).status, 2);
}

TEST_F(packet_capture, takes_no_file_away_when_it_cannot_capture) {
  const std::string file = path("x.pcapng");
  lab::run({"sh", "-c", "echo kept > " + file});
  EXPECT_EQ(run_trivet({"packet", "capture", "-i", "nosuch0", "-w", file}).status, 1);
  EXPECT_EQ(content_of(file), "kept\n");
}

TEST_F(packet_capture, ends_quietly_when_the_reader_of_a_pipe_goes) {
  for (const words& to : {words{"-w", "-"}, words{"-j"}, words{}}) {
    words all = to;
    all.emplace_back(test_frames);
    running_trivet run(capture(all));
    await_ready(run);
    run.close_output();
    send_numbered(0, 10);
    const outcome got = run.wait();
    EXPECT_EQ(got.status, 0);
    EXPECT_EQ(got.errors, "");
  }
}

TEST_F(packet_capture, keeps_its_file_when_the_reader_of_its_lines_goes) {
  const std::string file = path("x.pcapng");
  running_trivet run(capture({"-w", file, "--print", test_frames}));
  await_ready(run);
  run.close_output();
  send_numbered(0, 10);
  EXPECT_EQ(run.wait().status, 0);
  const auto packets = packets_in(file);
  EXPECT_GT(packets.size(), 0U);
  EXPECT_EQ(blocks_in(file).back().number(isb_usrdeliv), packets.size());
}

TEST_F(packet_capture, streams_into_tshark) {
  lab::background reader = near_.start(
      {"sh", "-c",
       "tools/trivet/trivet packet capture -i v0 -w - -c 3 'ether proto 0x88b5' | "
       "tshark -r - -T fields -e frame.number -e eth.type -e frame.packet_flags_direction"});
  ASSERT_TRUE(reader.read_until("capturing on v0", lab::after(lab::patience)));
  send_numbered(0, 3);
  EXPECT_EQ(reader.wait(lab::after(lab::patience)), 0);
  const std::string out = reader.output();
  EXPECT_NE(out.find("3\t0x88b5\t0x00000002\n"), std::string::npos) << out;
}

TEST_F(packet_capture, writes_statistics_while_it_runs) {
  const std::string file = path("x.pcapng");
  running_trivet run(capture({"-w", file, "--print", test_frames}));
  await_ready(run);
  std::uint32_t sent = 0;
  const deadline until = soon();
  while (count_of(file, statistics_block) == 0 && until.remaining().count() > 0) {
    send_numbered(sent++, 1);
    (void)run.read_line();
  }
  run.signal(SIGKILL);
  (void)run.wait();
  const auto blocks = blocks_in(file);
  ASSERT_EQ(count_of(file, statistics_block), 1U);
  std::uint64_t packets_before = 0;
  for (const stored_block& block : blocks) {
    if (block.type == packet_block) ++packets_before;
    if (block.type != statistics_block) continue;
    EXPECT_EQ(block.number(isb_usrdeliv), packets_before) << "as of its place in the file";
    EXPECT_EQ(block.number(isb_filteraccept), packets_before);
  }
}

TEST_F(packet_capture, sees_a_packet_on_the_loopback_once) {
  running_trivet run({"--netns", "near", "packet", "capture", "-i", "lo", "-c", "2", "icmp"});
  await_ready(run, "lo");
  near_.run({"ping", "-c", "1", "127.0.0.1"});
  const outcome got = run.wait();
  EXPECT_NE(got.output.find("echo request"), std::string::npos);
  EXPECT_NE(got.output.find("echo reply"), std::string::npos);
  EXPECT_EQ(testing::line_count(got.output), 2U);
  EXPECT_EQ(got.errors, "2 packets captured, 0 dropped by the kernel\n");
}

TEST_F(packet_capture, of_any_names_the_interface) {
  running_trivet run({"--netns", "near", "packet", "capture", "-i", "any", "-c", "3",
                      "icmp or ether proto 0x88b5"});
  // libpcap knows no Ethernet header in cooked frames, but knows the protocol.
  await_ready(run, "any");
  near_.run({"ping", "-c", "1", "127.0.0.1"});
  send_numbered(1, 1);
  const outcome got = run.wait();
  EXPECT_NE(got.output.find(" lo       In "), std::string::npos) << got.output;
  EXPECT_NE(got.output.find(" v0       Out "), std::string::npos) << got.output;
}

}  // namespace
}  // namespace trivet::packet
