// trivet tipc watch on a cluster, against what iproute2's tipc says of it.
#include <gtest/gtest.h>
#include <rapidjson/document.h>
#include <signal.h>

#include <optional>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tests/lab/command.h"
#include "tests/lab/tipc_cluster.h"
#include "tests/tipc/testing.h"
#include "tests/tools/command.h"
#include "trivet/tipc/names.h"
#include "trivet/tipc/socket.h"

namespace trivet::tipc {
namespace {

using namespace std::chrono_literals;
using trivet::testing::outcome;
using trivet::testing::run_trivet;
using trivet::testing::running_trivet;

std::vector<std::string> lines_of(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::vector<std::string> words_of(const std::string& line) {
  std::istringstream in(line);
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

// Two nodes for all tests; the test itself works on node1.
class tipc_watch : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { cluster_.emplace(2, 300ms); }
  static void TearDownTestSuite() {
    for (std::size_t node = 1; node <= 2; ++node) cluster_->node(node).in(testing::settle);
    cluster_.reset();
  }

  [[nodiscard]] static socket socket_on_two() {
    return cluster_->node(2).in([] { return socket(SOCK_RDM); });
  }

  static inline std::optional<lab::tipc_cluster> cluster_;
  lab::inside inside_{cluster_->node(1)};
};

TEST_F(tipc_watch, shows_the_nodes_and_links_that_are_there) {
  const outcome got = run_trivet({"tipc", "watch", "--once"});
  EXPECT_EQ(got.status, 0) << got.errors;
  EXPECT_EQ(got.errors, "0 events; there now: 2 nodes, 1 link\n");
  const auto lines = lines_of(got.output);
  const std::set<std::string> all(lines.begin(), lines.end());
  EXPECT_EQ(lines.size(), 3U) << got.output;
  const std::string one = lab::run({"tipc", "node", "get", "address"});
  EXPECT_TRUE(all.contains("present    node     node1  " + one.substr(0, 8) + " (this node)"))
      << got.output << one;
  EXPECT_TRUE(all.contains("present    link     node1:eth0-node2:eth0  to node2")) << got.output;
}

TEST_F(tipc_watch, agrees_with_tipc_node_list) {
  // "node2   6e6f6532 up": identity, hash, state; its own node is not in the list.
  std::set<std::pair<std::string, std::string>> theirs;
  for (const auto& line : lines_of(lab::run({"tipc", "node", "list"}))) {
    const auto words = words_of(line);
    if (words.size() == 3 && words[2] == "up") theirs.emplace(words[0], words[1]);
  }
  std::set<std::pair<std::string, std::string>> ours;
  for (const auto& line : lines_of(run_trivet({"tipc", "watch", "nodes", "--once"}).output)) {
    const auto words = words_of(line);
    if (words.size() == 4) ours.emplace(words[2], words[3]);
  }
  EXPECT_EQ(ours.size(), 1U);
  EXPECT_EQ(ours, theirs);
}

TEST_F(tipc_watch, agrees_with_tipc_link_list) {
  std::set<std::string> theirs;
  for (const auto& line : lines_of(lab::run({"tipc", "link", "list"}))) {
    const auto words = words_of(line);
    if (words.size() == 2 && words[1] == "up" && words[0] != "broadcast-link:") {
      theirs.insert(words[0].substr(0, words[0].size() - 1));
    }
  }
  std::set<std::string> ours;
  for (const auto& line : lines_of(run_trivet({"tipc", "watch", "links", "--once"}).output)) {
    ours.insert(words_of(line).at(2));
  }
  EXPECT_EQ(ours.size(), 1U);
  EXPECT_EQ(ours, theirs);
}

TEST_F(tipc_watch, agrees_with_tipc_nametable_show) {
  socket here(SOCK_RDM);
  here.bind(service_range{20000, 5, 9});
  here.bind(address(service{20000, 30}, scope::node));
  here.bind(service{20001, 4294967295});
  // "20000  5  9  cluster  123456  node1": the publications of the user's types.
  using row = std::tuple<std::uint64_t, std::uint64_t, std::uint64_t, std::uint64_t, std::string>;
  std::multiset<row> theirs;
  for (const auto& line : lines_of(lab::run({"tipc", "nametable", "show"}))) {
    const auto words = words_of(line);
    if (words.size() != 6 || !words[0].starts_with("2000")) continue;
    theirs.emplace(std::stoull(words[0]), std::stoull(words[1]), std::stoull(words[2]),
                   std::stoull(words[4]), words[5]);
  }
  std::multiset<row> ours;
  const outcome got = run_trivet({"tipc", "watch", "20000", "20001", "--once", "-j"});
  for (const auto& line : lines_of(got.output)) {
    ::rapidjson::Document event;
    event.Parse(line.c_str());
    ASSERT_TRUE(event.IsObject()) << line;
    EXPECT_STREQ(event["event"].GetString(), "present");
    EXPECT_STREQ(event["object"].GetString(), "service");
    ours.emplace(event["type"].GetUint(), event["lower"].GetUint(), event["upper"].GetUint(),
                 event["ref"].GetUint(), event["node"].GetString());
  }
  EXPECT_EQ(ours.size(), 3U);
  EXPECT_EQ(ours, theirs);
}

TEST_F(tipc_watch, shows_services_as_they_come_and_go) {
  auto far = socket_on_two();
  socket here(SOCK_RDM);
  here.bind(service{21001, 0});
  const std::string ref = std::to_string(here.local_address().as_socket()->ref);
  running_trivet watch({"tipc", "watch", "21000:5-9", "21000:7", "21001:0"});
  EXPECT_EQ(watch.read_line(), "present    service  21001:0  at node1, ref " + ref);
  far.bind(service_range{21000, 0, 5});
  far.bind(service{21000, 4});
  far.bind(service{21000, 7});
  const std::string far_ref = std::to_string(far.local_address().as_socket()->ref);
  EXPECT_EQ(watch.read_line(), "published  service  21000:0-5  at node2, ref " + far_ref);
  EXPECT_EQ(watch.read_line(), "published  service  21000:7  at node2, ref " + far_ref)
      << "4 is not asked for; 7 is asked for twice and told once";
  far.unbind(service{21000, 7});
  EXPECT_EQ(watch.read_line(), "withdrawn  service  21000:7  at node2, ref " + far_ref);
  watch.signal(SIGTERM);
  const outcome end = watch.wait();
  EXPECT_EQ(end.status, 0);
  EXPECT_EQ(end.output, "");
  EXPECT_EQ(end.errors, "3 events; there now: 2 bindings\n");
}

TEST_F(tipc_watch, shows_a_node_that_is_cut_off_and_comes_back) {
  running_trivet watch({"tipc", "watch"});
  for (int i = 0; i < 3; ++i) (void)watch.read_line();
  cluster_->cut(2);
  std::set<std::string> down{watch.read_line(), watch.read_line()};
  EXPECT_TRUE(down.contains("down       link     node1:eth0-node2:eth0  to node2"))
      << *down.begin() << '\n'
      << *down.rbegin();
  EXPECT_TRUE(
      std::regex_match(*down.rbegin(), std::regex("down       node     node2  [0-9a-f]{8}")))
      << *down.rbegin();
  cluster_->mend(2);
  std::set<std::string> up{watch.read_line(), watch.read_line()};
  EXPECT_TRUE(up.contains("up         link     node1:eth0-node2:eth0  to node2")) << *up.begin();
  EXPECT_TRUE(std::regex_match(*up.rbegin(), std::regex("up         node     node2  [0-9a-f]{8}")));
  watch.signal(SIGINT);
  const outcome end = watch.wait();
  EXPECT_EQ(end.status, 0);
  EXPECT_EQ(end.errors, "4 events; there now: 2 nodes, 1 link\n");
  cluster_->wait_for_links(2, 1);
}

TEST_F(tipc_watch, writes_json) {
  const outcome got = run_trivet({"tipc", "watch", "-j", "--once"});
  const auto lines = lines_of(got.output);
  ASSERT_EQ(lines.size(), 3U);
  int own = 0;
  for (const auto& line : lines) {
    ::rapidjson::Document event;
    event.Parse(line.c_str());
    ASSERT_TRUE(event.IsObject()) << line;
    EXPECT_STREQ(event["event"].GetString(), "present");
    EXPECT_NE(event["number"].GetUint(), 0U);
    if (event.HasMember("own")) {
      ++own;
      EXPECT_STREQ(event["node"].GetString(), "node1");
    } else {
      EXPECT_STREQ(event["node"].GetString(), "node2");
    }
    if (std::string_view(event["object"].GetString()) == "link") {
      EXPECT_STREQ(event["link"].GetString(), "node1:eth0-node2:eth0");
    }
  }
  EXPECT_EQ(own, 1);
}

TEST_F(tipc_watch, needs_no_privilege) {
  const outcome got = run_trivet({"tipc", "watch", "--once"}, {.as_nobody = true});
  EXPECT_EQ(got.status, 0) << got.errors;
  EXPECT_EQ(lines_of(got.output).size(), 3U);
}

TEST_F(tipc_watch, works_in_another_namespace) {
  const outcome got = run_trivet({"tipc", "watch", "nodes", "--once", "--netns", "node2"});
  EXPECT_EQ(got.status, 0) << got.errors;
  EXPECT_NE(got.output.find("node2  "), std::string::npos);
  EXPECT_TRUE(std::regex_search(got.output, std::regex("node2  [0-9a-f]{8} \\(this node\\)")))
      << got.output;
}

TEST_F(tipc_watch, ends_quietly_when_nobody_reads_any_more) {
  socket here(SOCK_RDM);
  here.bind(service{22000, 1});
  running_trivet watch({"tipc", "watch", "22000"});
  (void)watch.read_line();
  watch.close_output();  // what head(1) does; nothing happens afterwards
  const outcome end = watch.wait();
  EXPECT_EQ(end.status, 0);
  EXPECT_EQ(end.errors, "");
}

TEST_F(tipc_watch, reports_a_full_disk) {
  const outcome got = run_trivet({"tipc", "watch", "--once"}, {.output_file = "/dev/full"});
  EXPECT_EQ(got.status, 1);
  EXPECT_NE(got.errors.find("No space left on device"), std::string::npos) << got.errors;
}

TEST(tipc_watch_alone, says_that_there_is_no_cluster) {
  const lab::net_namespace space;
  const lab::inside inside(space);
  const outcome got = run_trivet({"tipc", "watch", "--once"});
  EXPECT_EQ(got.status, 0);
  EXPECT_EQ(got.output, "");
  EXPECT_EQ(got.errors,
            "this node is in no cluster yet: `tipc bearer enable media eth device IF`\n"
            "0 events; there now: 0 nodes, 0 links\n");
  {
    socket here(SOCK_RDM);
    here.bind(service{23000, 1});
    EXPECT_EQ(run_trivet({"tipc", "watch", "23000", "--once"}).output,
              "present    service  23000:1  at this node, ref " +
                  std::to_string(here.local_address().as_socket()->ref) + "\n");
  }
  testing::settle();
}

}  // namespace
}  // namespace trivet::tipc
