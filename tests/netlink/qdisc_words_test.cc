// Options that no kernel at hand has, as only the hardware of some devices does: tc(8) reads the
// same bytes from a file and writes the same words.
#include <gtest/gtest.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <stdio.h>

#include <fstream>
#include <span>
#include <sstream>
#include <string>
#include <vector>

#include "tests/netlink/captures.h"
#include "tools/trivet/palette.h"
#include "tools/trivet/qdisc_options.h"
#include "tools/trivet/show_writer.h"
#include "trivet/netlink/message.h"

namespace trivet::tool {
namespace {

using netlink::attribute_writer;
using netlink::message_builder;

constexpr extent everything{.details = true, .statistics = true};

std::string without_blanks(const std::string& text) {
  std::istringstream in(text);
  std::string result;
  for (std::string word; in >> word;) result += (result.empty() ? "" : " ") + word;
  return result;
}

/// The options alone, as tc writes them of a message in a file.
std::string words_of_tc(const std::string& kind, const_bytes options) {
  message_builder message(RTM_NEWQDISC);
  ::tcmsg header{};
  header.tcm_ifindex = 1;
  header.tcm_parent = TC_H_ROOT;
  header.tcm_info = 1;
  message.structure(header);
  message.attributes().text(TCA_KIND, kind).bytes(TCA_OPTIONS, options);
  const std::string name = ::testing::TempDir() + "/qdisc-" + kind;
  const std::vector<std::byte> bytes = trivet::testing::bytes_of_message(message);
  std::ofstream file(name, std::ios::binary);
  for (const std::byte one : bytes) file.put(static_cast<char>(one));
  file.close();
  std::string text;
  // NOLINTNEXTLINE(cert-env33-c): the peer, by a name of our own
  ::FILE* const peer =
      ::popen(("PATH=$PATH:/usr/sbin:/sbin tc -d -s monitor file " + name).c_str(), "r");
  if (peer == nullptr) return "no tc";
  for (int one; (one = ::fgetc(peer)) != EOF;) text += static_cast<char>(one);
  EXPECT_EQ(::pclose(peer), 0) << text;
  text = without_blanks(text);
  const std::string before = "root ";
  const auto at = text.find(before);
  return at == std::string::npos ? "not as expected: " + text : text.substr(at + before.size());
}

std::string words_of_trivet(const std::string& kind, const_bytes options, show_form form) {
  show_writer out(palette(false), form);
  out.open();
  find_qdisc_kind(kind)->options(out, options, everything);
  out.close();
  return form == show_form::text ? without_blanks(out.take()) : out.take();
}

const_bytes bytes_of(const ::tc_mqprio_qopt& map) { return std::as_bytes(std::span(&map, 1)); }

constexpr ::tc_mqprio_qopt map{
    .num_tc = 2, .prio_tc_map = {1, 0}, .hw = 1, .count = {1, 3}, .offset = {0, 1}};

/// What a driver that shapes by itself has.
std::vector<std::byte> hardware(bool told, std::uint16_t mode, std::uint16_t shaper) {
  const const_bytes head = bytes_of(map);
  byte_buffer result;
  attribute_writer out(result);
  out.plain(head);
  if (told) out.value(TCA_MQPRIO_MODE, mode).value(TCA_MQPRIO_SHAPER, shaper);
  for (const std::uint16_t type : {TCA_MQPRIO_MIN_RATE64, TCA_MQPRIO_MAX_RATE64}) {
    out.nested_unmarked(type, [&](attribute_writer& rates) {
      rates.value(type, std::uint64_t{125'000'000} * type).value(type, std::uint64_t{17});
    });
  }
  return result.to_vector();
}

TEST(qdisc_words, mqprio_in_hardware) {
  for (const auto& options :
       {hardware(true, TC_MQPRIO_MODE_CHANNEL, TC_MQPRIO_SHAPER_BW_RATE),
        hardware(true, TC_MQPRIO_MODE_DCB, TC_MQPRIO_SHAPER_DCB), hardware(false, 0, 0)}) {
    const std::string ours = words_of_trivet("mqprio", options, show_form::text);
    EXPECT_EQ(ours, words_of_tc("mqprio", options));
    EXPECT_NE(ours.find("max_rate:4Gbit 136bit"), std::string::npos) << ours;
  }
  EXPECT_EQ(words_of_trivet("mqprio", hardware(true, TC_MQPRIO_MODE_CHANNEL, 1), show_form::json),
            R"({"tc":2,"map":[1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0],"queues":[[0,0],[1,3]],)"
            R"("mode":"channel","shaper":"bw_rlimit","min_rate":[375000000,17],)"
            R"("max_rate":[500000000,17]})");
}

// Bytes that end anywhere are read as far as they go.
TEST(qdisc_words, cut_anywhere) {
  const auto options = hardware(true, TC_MQPRIO_MODE_CHANNEL, TC_MQPRIO_SHAPER_BW_RATE);
  for (const std::string kind : {"etf", "fq_pie", "gred", "mqprio", "multiq", "sfb", "taprio"}) {
    for (std::size_t length = 0; length <= options.size(); ++length) {
      const std::string text =
          words_of_trivet(kind, const_bytes(options).first(length), show_form::json);
      EXPECT_TRUE(text.starts_with('{') && text.ends_with('}')) << text;
    }
  }
}

}  // namespace
}  // namespace trivet::tool
