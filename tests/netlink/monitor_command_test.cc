// `trivet netlink monitor` as a user runs it.
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <regex>
#include <thread>

#include "tests/lab/namespace_test.h"
#include "tests/tools/command.h"

namespace trivet::testing {
namespace {

using netlink_command = lab::namespace_test;

// Reads lines up to one that starts so.
std::string line_with(running_trivet& watch, const std::string& start) {
  std::string passed;
  while (true) {
    std::string line = watch.read_line();
    if (line.starts_with(start)) return line;
    passed += line + "\n";
    if (line_count(passed) > 2000) {
      ADD_FAILURE() << "no line starts with " << start << " among\n" << passed;
      return "";
    }
  }
}

TEST_F(netlink_command, prints_the_present_state_and_then_what_becomes_of_it) {
  running_trivet watch({"netlink", "monitor", "--initial"});
  EXPECT_EQ(
      watch.read_line(),
      "present link  1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN "
      "mode DEFAULT group default qlen 1000 link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00");
  EXPECT_EQ(watch.read_line(),
            "present addr  1: lo inet 127.0.0.1/8 scope host lo valid_lft forever preferred_lft "
            "forever");
  home().run({"ip", "link", "set", "lo", "mtu", "1400"});
  EXPECT_EQ(line_with(watch, "changed"), "changed link  1: lo: mtu 65536 → 1400");
  home().run(
      {"ip", "route", "add", "198.51.100.0/24", "dev", "lo", "proto", "static", "metric", "7"});
  EXPECT_EQ(line_with(watch, "added"),
            "added   route 198.51.100.0/24 dev lo proto static scope link metric 7");
  home().run({"ip", "route", "change", "198.51.100.0/24", "dev", "lo", "proto", "bird", "metric",
              "7", "mtu", "900"});
  EXPECT_EQ(line_with(watch, "changed"),
            "changed route 198.51.100.0/24 metric 7: protocol static → bird, "
            "metrics none → mtu 900");
  home().run({"ip", "route", "del", "198.51.100.0/24", "metric", "7"});
  EXPECT_EQ(line_with(watch, "removed"),
            "removed route 198.51.100.0/24 dev lo proto bird scope link metric 7 mtu 900");
  home().run({"ip", "link", "set", "lo", "down"});
  EXPECT_EQ(line_with(watch, "changed link"),
            "changed link  1: lo: flags -UP -LOWER_UP, operstate UNKNOWN → DOWN");
  watch.signal(SIGINT);
  const outcome end = watch.wait();
  EXPECT_EQ(end.status, 0);
  EXPECT_NE(end.errors.find("link 2 (0 added, 2 changed, 0 removed)"), std::string::npos)
      << end.errors;
  EXPECT_NE(end.errors.find("no overrun"), std::string::npos) << end.errors;
  EXPECT_EQ(line_count(end.errors), 1U);
}

TEST_F(netlink_command, prints_json_with_the_keys_of_iproute2) {
  running_trivet watch({"netlink", "monitor", "-j", "addr", "--initial"});
  EXPECT_EQ(watch.read_line(),
            R"({"event":"present","object":"addr","index":1,"dev":"lo","family":"inet",)"
            R"("local":"127.0.0.1","prefixlen":8,"scope":"host","label":"lo",)"
            R"("valid_life_time":4294967295,"preferred_life_time":4294967295})");
  home().run(
      {"ip", "addr", "add", "192.0.2.1/24", "dev", "lo", "valid_lft", "90", "preferred_lft", "80"});
  const std::string added = line_with(watch, R"({"event":"added")");
  EXPECT_NE(added.find(R"("local":"192.0.2.1","prefixlen":24,"scope":"global","dynamic":true)"),
            std::string::npos)
      << added;
  home().run({"ip", "addr", "change", "192.0.2.1/24", "dev", "lo"});
  const std::string changed = line_with(watch, R"({"event":"changed")");
  EXPECT_NE(changed.find(R"("old":{"valid_life_time":)"), std::string::npos) << changed;
  EXPECT_NE(changed.find(R"("dynamic":true)"), std::string::npos) << changed;
  watch.signal(SIGTERM);
  EXPECT_EQ(watch.wait().status, 0);
}

TEST_F(netlink_command, prints_the_state_at_the_end) {
  running_trivet watch({"netlink", "monitor", "-j", "addr", "route", "--initial", "--table"});
  (void)watch.read_line();
  home().run({"ip", "addr", "add", "192.0.2.1/32", "dev", "lo"});
  (void)line_with(watch, R"({"event":"added","object":"addr")");
  watch.signal(SIGINT);
  const outcome end = watch.wait();
  EXPECT_EQ(end.status, 0);
  const std::size_t last = end.output.rfind('\n', end.output.size() - 2) + 1;
  const std::string table = end.output.substr(last);
  EXPECT_TRUE(table.starts_with(R"({"table":{"addr":[{"ifindex":1,"ifname":"lo",)")) << table;
  EXPECT_NE(table.find(R"("local":"192.0.2.1","prefixlen":32)"), std::string::npos) << table;
  EXPECT_NE(table.find(R"("route":[{)"), std::string::npos) << table;
  EXPECT_EQ(table.find(R"("link":[)"), std::string::npos) << table;
}

TEST_F(netlink_command, prints_neighbours_rules_and_nexthops) {
  home().run({"ip", "link", "add", "v0", "type", "veth", "peer", "name", "v1"});
  home().run({"ip", "link", "set", "v0", "up"});
  home().run({"ip", "link", "set", "v1", "up"});
  running_trivet watch({"netlink", "monitor", "neigh", "rule", "nexthop", "--initial"});
  EXPECT_EQ(watch.read_line(), "present rule  inet 0: from all lookup local");
  home().run({"ip", "neigh", "add", "192.0.2.7", "lladdr", "02:00:00:00:00:07", "dev", "v0"});
  EXPECT_EQ(line_with(watch, "added"),
            "added   neigh 192.0.2.7 dev v0 lladdr 02:00:00:00:00:07 PERMANENT");
  home().run({"ip", "neigh", "change", "192.0.2.7", "lladdr", "02:00:00:00:00:08", "dev", "v0"});
  EXPECT_EQ(line_with(watch, "changed"),
            "changed neigh 192.0.2.7 dev v0: lladdr 02:00:00:00:00:07 → 02:00:00:00:00:08");
  home().run({"ip", "-6", "rule", "add", "pref", "9", "iif", "v0", "lookup", "77"});
  EXPECT_EQ(line_with(watch, "added"), "added   rule  inet6 9: from all iif v0 lookup 77");
  home().run({"ip", "-6", "rule", "del", "pref", "9"});
  EXPECT_EQ(line_with(watch, "removed"), "removed rule  inet6 9: from all iif v0 lookup 77");
  home().run({"ip", "nexthop", "add", "id", "5", "blackhole"});
  EXPECT_EQ(line_with(watch, "added"), "added   nexthop id 5 blackhole");
  home().run({"ip", "nexthop", "replace", "id", "5", "dev", "v0"});
  EXPECT_TRUE(line_with(watch, "changed").starts_with("changed nexthop id 5: dev none → v0"));
}

TEST_F(netlink_command, selects_a_family) {
  for (const std::vector<std::string>& option :
       {std::vector<std::string>{"-6"}, {"-f", "inet6"}, {"--ipv4", "--family", "inet6"}}) {
    std::vector<std::string> words = {"netlink"};
    words.insert(words.end(), option.begin(), option.end());
    words.insert(words.end(), {"monitor", "rule", "--initial"});
    running_trivet watch(words);
    EXPECT_EQ(watch.read_line(), "present rule  inet6 0: from all lookup local") << option.back();
  }
}

TEST_F(netlink_command, selects_a_link_and_a_table) {
  home().run({"ip", "link", "add", "v0", "type", "veth", "peer", "name", "v1"});
  home().run({"ip", "link", "set", "v0", "up"});
  home().run({"ip", "link", "set", "v1", "up"});
  running_trivet watch(
      {"netlink", "monitor", "link", "route", "dev", "lo", "table", "77", "--initial"});
  EXPECT_TRUE(watch.read_line().starts_with("present link  1: lo:"));
  const auto add = [this](const char* table, const char* device, const char* destination) {
    home().run({"ip", "route", "add", destination, "dev", device, "table", table});
  };
  home().run({"ip", "link", "set", "v0", "mtu", "1400"});
  add("78", "lo", "192.0.2.1");
  add("77", "v0", "192.0.2.2");
  add("77", "lo", "192.0.2.3");
  EXPECT_EQ(watch.read_line(), "added   route 192.0.2.3 dev lo table 77 scope link");
}

TEST_F(netlink_command, says_when_a_line_was_printed) {
  running_trivet watch({"netlink", "monitor", "link", "--initial", "--timestamp"});
  const std::string first = watch.read_line();
  EXPECT_TRUE(std::regex_match(
      first, std::regex(R"(\[\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\] present link  1: lo: .*)")))
      << first;
  running_trivet json({"netlink", "monitor", "link", "--initial", "--timestamp", "-j"});
  EXPECT_TRUE(json.read_line().starts_with(R"({"timestamp":"20)"));
}

TEST_F(netlink_command, watches_another_namespace) {
  const lab::net_namespace blue("blue");
  blue.run({"ip", "link", "set", "lo", "mtu", "1234"});
  running_trivet watch({"netlink", "monitor", "link", "--initial", "--netns", "blue"});
  EXPECT_NE(watch.read_line().find("mtu 1234"), std::string::npos);
  blue.run({"ip", "link", "set", "lo", "mtu", "1235"});
  EXPECT_EQ(line_with(watch, "changed"), "changed link  1: lo: mtu 1234 → 1235");
}

TEST_F(netlink_command, watches_all_namespaces_and_those_that_come) {
  const std::string own = "[netns: " + home().name() + "] ";
  running_trivet watch({"netlink", "monitor", "link", "--all-netns", "--initial", "--table"});
  const std::string first = watch.read_line();
  EXPECT_TRUE(std::regex_match(
      first, std::regex("\\[netns: " + home().name() + "\\] present netns inode \\d+ own")))
      << first;
  EXPECT_TRUE(watch.read_line().starts_with(own + "present link  1: lo: "));
  {
    const lab::net_namespace blue("blue");
    const std::string appeared = line_with(watch, "[netns: blue] appeared");
    EXPECT_TRUE(
        std::regex_match(appeared, std::regex("\\[netns: blue\\] appeared netns inode \\d+")))
        << appeared;
    (void)line_with(watch, "[netns: blue] added   link  1: lo: ");
    blue.run({"ip", "link", "set", "lo", "mtu", "1235"});
    // It may have been seen before lo was up.
    EXPECT_EQ(line_with(watch, "[netns: blue] changed link  1: lo: mtu"),
              "[netns: blue] changed link  1: lo: mtu 65536 → 1235");
  }
  (void)line_with(watch, "[netns: blue] vanished netns inode ");
  home().run({"ip", "link", "set", "lo", "mtu", "1400"});
  EXPECT_EQ(line_with(watch, own + "changed"), own + "changed link  1: lo: mtu 65536 → 1400");
  watch.signal(SIGINT);
  const outcome end = watch.wait();
  EXPECT_EQ(end.status, 0);
  EXPECT_NE(end.output.find("netns: " + home().name() + "\nnow     link  1: lo: "),
            std::string::npos)
      << end.output;
  EXPECT_NE(end.errors.find("; no overrun; 1 namespace (1 appeared, 1 vanished, 0 failed)"),
            std::string::npos)
      << end.errors;
}

TEST_F(netlink_command, says_of_each_namespace_why_it_is_not_watched) {
  const lab::net_namespace blue("blue");
  running_trivet watch({"netlink", "monitor", "link", "--all-netns", "-j"}, {.as_nobody = true});
  const std::string line = watch.read_line();
  EXPECT_TRUE(line.starts_with(R"({"netns":"blue","event":"failed","object":"netns","inode":)"))
      << line;
  EXPECT_NE(
      line.find(R"("error":"enter network namespace /run/netns/blue: Operation not permitted )"),
      std::string::npos)
      << line;
  home().run({"ip", "link", "set", "lo", "mtu", "1400"});
  EXPECT_NE(watch.read_line().find(R"("event":"changed","object":"link")"), std::string::npos);
}

TEST_F(netlink_command, finds_namespaces_of_processes_where_it_is_asked_to) {
  lab::background process({"unshare", "-n", "sh", "-c", "echo ready; exec sleep 1000"});
  ASSERT_TRUE(process.read_until("ready", lab::after(lab::patience)));
  // No link is called so: only what is said of namespaces is printed.
  running_trivet watch({"netlink", "monitor", "link", "dev", "none", "--all-netns", "--initial",
                        "--processes", "0.05"});
  const std::string where = "[netns: /proc/" + std::to_string(process.pid()) + "/ns/net] ";
  (void)line_with(watch, where + "present netns inode ");
  process.signal(SIGKILL);
  (void)process.wait(lab::after(lab::patience));
  (void)line_with(watch, where + "vanished netns inode ");
}

TEST_F(netlink_command, prints_what_is_heard_of_namespaces_by_their_numbers) {
  const lab::net_namespace blue("blue");
  home().run({"ip", "netns", "set", "blue", "7"});
  blue.run({"ip", "link", "add", "v0", "type", "veth", "peer", "name", "v1"});
  running_trivet watch({"netlink", "monitor", "--all-nsid", "link", "addr", "route"});
  running_trivet json({"netlink", "monitor", "--all-nsid", "link", "-j"});
  // They listen when they have been heard.
  for (running_trivet* one : {&watch, &json}) {
    const std::jthread again([&](const std::stop_token& stop) {
      for (int i = 0; !stop.stop_requested(); ++i) {
        lab::run({"ip", "-n", "blue", "link", "set", "v0", "mtu", std::to_string(1000 + i % 400)});
      }
    });
    const std::string line = one->read_line();
    EXPECT_TRUE(line.starts_with(one == &watch ? "[nsid 7] new     link  3: v0@v1: "
                                               : R"({"nsid":7,"event":"new","object":"link",)"))
        << line;
  }
  blue.run({"ip", "addr", "add", "192.0.2.1/24", "dev", "v0"});
  EXPECT_EQ(line_with(watch, "[nsid 7] new     addr").substr(0, 45),
            "[nsid 7] new     addr  3: v0 inet 192.0.2.1/2");
  blue.run({"ip", "addr", "del", "192.0.2.1/24", "dev", "v0"});
  (void)line_with(watch, "[nsid 7] removed addr  3: v0 inet 192.0.2.1/24");
  home().run({"ip", "link", "set", "lo", "mtu", "1400"});
  (void)line_with(watch, "[nsid current] new     link  1: lo: ");
  EXPECT_TRUE(line_with(json, R"({"nsid":null)")
                  .starts_with(R"({"nsid":null,"event":"new","object":"link","ifindex":1,)"));
  watch.signal(SIGINT);
  EXPECT_EQ(watch.wait().status, 0);
}

TEST_F(netlink_command, forgets_the_links_of_a_number_that_goes_to_another_namespace) {
  running_trivet watch({"netlink", "monitor", "--all-nsid", "link", "addr"});
  const auto wait_until_heard = [&](const lab::net_namespace& space, const std::string& line) {
    const std::jthread again([&](const std::stop_token& stop) {
      for (int i = 0; !stop.stop_requested(); ++i) {
        space.run({"ip", "link", "set", "lo", "mtu", std::to_string(1000 + i % 400)});
      }
    });
    (void)line_with(watch, line);
  };
  for (const char* name : {"blue", "green"}) {
    {
      const lab::net_namespace space(name);
      const std::string link = std::string(name) + "0";
      space.run({"ip", "link", "add", link, "type", "veth", "peer", "name", "v1"});
      home().run({"ip", "netns", "set", name, "7"});
      wait_until_heard(space, "[nsid 7] new     link  1: lo: ");
      space.run({"ip", "addr", "add", "192.0.2.1/24", "dev", link});
      (void)line_with(watch, "[nsid 7] new     addr  3: " + link + " inet 192.0.2.1/24");
    }
    (void)line_with(watch, "[nsid 7] vanished netns");
  }
  watch.signal(SIGINT);
  const outcome end = watch.wait();
  EXPECT_EQ(end.status, 0);
  EXPECT_NE(end.errors.find("; 2 namespaces"), std::string::npos) << end.errors;
}

TEST_F(netlink_command, says_how_many_were_lost_of_namespaces_by_their_numbers) {
  const lab::net_namespace blue("blue");
  home().run({"ip", "netns", "set", "blue", "7"});
  running_trivet watch(
      {"netlink", "monitor", "--all-nsid", "link", "-j", "--receive-buffer", "4096"});
  {
    const std::jthread again([&](const std::stop_token& stop) {
      for (int i = 0; !stop.stop_requested(); ++i) {
        blue.run({"ip", "link", "set", "lo", "mtu", std::to_string(1000 + i % 400)});
      }
    });
    (void)watch.read_line();
  }
  watch.signal(SIGSTOP);
  std::string lines;
  for (int i = 0; i < 300; ++i) lines += "link set lo mtu " + std::to_string(2000 + i) + "\n";
  blue.run({"ip", "-batch", "-"}, lines);
  watch.signal(SIGCONT);
  // Some may have been lost before.
  constexpr std::string_view overrun = R"({"event":"overrun","lost":)";
  int lost = 0;
  while (lost < 200) {
    const std::string line = line_with(watch, std::string(overrun));
    lost += std::stoi(line.substr(overrun.size()));
  }
  watch.signal(SIGINT);
  EXPECT_EQ(watch.wait().status, 0);
}

TEST_F(netlink_command, needs_no_privilege) {
  running_trivet watch({"netlink", "monitor", "--initial", "link"}, {.as_nobody = true});
  EXPECT_TRUE(watch.read_line().starts_with("present link  1: lo"));
  watch.signal(SIGINT);
  const outcome end = watch.wait();
  EXPECT_EQ(end.status, 0);
  EXPECT_EQ(end.errors, "0 events: link 0 (0 added, 0 changed, 0 removed); no overrun\n");
}

TEST_F(netlink_command, a_wrong_command_line_is_a_usage_error) {
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"netlink", "monitor", "bogus"},
        {"netlink", "monitor", "route", "table"},
        {"netlink", "monitor", "route", "table", "nowhere"},
        {"netlink", "monitor", "--bogus"},
        {"netlink", "monitor", "--mpls"},
        {"netlink", "monitor", "--statistics"},
        {"netlink", "monitor", "--receive-buffer", "none"},
        {"netlink", "monitor", "--all-netns", "--netns", "blue"},
        {"netlink", "monitor", "--processes", "1"},
        {"netlink", "monitor", "--all-nsid", "--all-netns"},
        {"netlink", "monitor", "--all-nsid", "--table"},
        {"netlink", "monitor", "--all-nsid", "--reread", "1"},
        {"netlink", "-f", "mpls", "monitor"},
        {"netlink", "monitor", "--all-netns", "--processes", "0"},
        {"netlink", "monitor", "--receive-buffer", "0"},
        {"netlink", "bogus"},
        {"netlink"}}) {
    const outcome got = run_trivet(words);
    EXPECT_EQ(got.status, 2) << words.back();
    EXPECT_EQ(got.output, "");
    EXPECT_EQ(line_count(got.errors), 2U) << got.errors;
  }
  EXPECT_EQ(run_trivet({"netlink", "monitor", "bogus"}).errors,
            "trivet: OBJECT: 'bogus' is none of link, addr, route, neigh, rule, nexthop, all\n"
            "Try 'trivet netlink monitor --help'.\n");
}

TEST_F(netlink_command, a_namespace_that_is_not_there_is_refused_in_one_line) {
  const outcome got = run_trivet({"netlink", "monitor", "--netns", "nowhere"});
  EXPECT_EQ(got.status, 1);
  EXPECT_EQ(got.output, "");
  EXPECT_EQ(got.errors,
            "trivet: open network namespace nowhere: No such file or directory "
            "(`ip netns list` shows those that exist)\n");
}

TEST_F(netlink_command, a_full_disk_is_an_error_and_a_closed_pipe_is_none) {
  const outcome full =
      run_trivet({"netlink", "monitor", "--initial"}, {.output_file = "/dev/full"});
  EXPECT_EQ(full.status, 1);
  EXPECT_EQ(line_count(full.errors), 1U) << full.errors;
  const outcome closed = run_trivet({"netlink", "monitor", "--initial"}, {.output_closed = true});
  EXPECT_EQ(closed.status, 0);
  EXPECT_EQ(closed.errors, "");
}

}  // namespace
}  // namespace trivet::testing
