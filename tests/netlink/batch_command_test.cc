// `trivet netlink batch` as a user runs it.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

#include "tests/lab/namespace_test.h"
#include "tests/lab/wait.h"
#include "tests/tools/command.h"
#include "trivet/base/descriptor.h"

namespace trivet::testing {
namespace {

class batch_command : public lab::namespace_test {
 protected:
  static outcome run_lines(const std::string& lines, std::vector<std::string> more = {}) {
    const std::string path = ::testing::TempDir() + "/lines";
    std::ofstream(path) << lines;
    std::vector<std::string> words = {"netlink", "batch", path};
    words.insert(words.end(), more.begin(), more.end());
    outcome got = run_trivet(words);
    // The file's name is chance.
    for (std::size_t at; (at = got.errors.find(path)) != std::string::npos;) {
      got.errors.replace(at, path.size(), "FILE");
    }
    return got;
  }

  [[nodiscard]] std::size_t routes_there() const {
    const std::string all = home().try_run({"ip", "route", "show", "table", "77"}).output;
    return static_cast<std::size_t>(std::count(all.begin(), all.end(), '\n'));
  }
};

TEST_F(batch_command, runs_lines_with_comments_continuations_and_quotes) {
  const outcome got = run_lines(
      "# what a comment says does not count: route add nonsense\n"
      "\n"
      "link add b0 type veth peer name b1   # made here, and used in the next line\n"
      "link set b0 alias \"two words\"\n"
      "link set b0 up\n"
      "link set b1 up\n"
      "addr add 192.0.2.1/24 \\\n"
      "   dev b0\n"
      "route add 198.51.100.0/24 via 192.0.2.2 table 77\n"
      "route add blackhole 'default' table 77\n"
      "neigh add 192.0.2.9 lladdr 02:00:00:00:00:09 dev b0\n"
      "rule add from 192.0.2.0/24 lookup 77\n"
      "nexthop add id 5 via 192.0.2.7 dev b0");
  EXPECT_EQ(got.status, 0) << got.errors;
  EXPECT_EQ(got.output, "");
  EXPECT_EQ(line_count(got.errors), 1U);
  EXPECT_EQ(got.errors.find("10 lines in "), 0U) << got.errors;
  EXPECT_NE(got.errors.find("/s): 10 done\n"), std::string::npos) << got.errors;
  EXPECT_EQ(routes_there(), 2U);
  EXPECT_NE(home().run({"ip", "link", "show", "b0"}).find("alias two words"), std::string::npos);
  EXPECT_NE(home().run({"ip", "nexthop"}).find("id 5 via 192.0.2.7"), std::string::npos);
  EXPECT_NE(home().run({"ip", "rule"}).find("from 192.0.2.0/24 lookup 77"), std::string::npos);
}

TEST_F(batch_command, a_comment_ends_a_line_and_a_file_does_not_end_within_one) {
  const outcome got = run_lines(
      "route add blackhole 192.0.2.0/24 table 77 # no \\\n"
      "route add blackhole 198.51.100.0/24 table 77\n"
      "route add blackhole 203.0.113.0/24 table 77 \\\n");
  EXPECT_EQ(got.status, 1);
  EXPECT_NE(got.errors.find(":3: it ends with a backslash"), std::string::npos) << got.errors;
  EXPECT_EQ(routes_there(), 2U);
}

TEST_F(batch_command, stops_at_the_first_line_that_fails_and_names_it) {
  std::string lines;
  for (int i = 0; i < 3000; ++i) {
    // Line 2001 is that of line 2000 once more.
    lines += "route add blackhole 10." + std::to_string(i / 250) + "." +
             std::to_string((i == 2000 ? i - 1 : i) % 250) + ".0/24 table 77\n";
    if (i == 2000) lines.replace(lines.rfind("10."), 5, "10.7.");
  }
  const outcome got = run_lines(lines);
  EXPECT_EQ(got.status, 1);
  EXPECT_EQ(got.errors.find("trivet: FILE:2001: RTM_NEWROUTE 10.7.249.0/24: File exists\n"), 0U)
      << got.errors;
  EXPECT_NE(got.errors.find("was the last one sent\n"), std::string::npos) << got.errors;
  EXPECT_NE(got.errors.find("trivet: FILE: 1 of "), std::string::npos) << got.errors;
  EXPECT_NE(got.errors.find("(--force goes on after a failure)\n"), std::string::npos);
  EXPECT_GE(routes_there(), 2000U);
  EXPECT_LT(routes_there(), 2999U) << "it went on";
}

// 1024 are sent at once: when the failure of one is told, the next line has been read.
TEST_F(batch_command, sends_nothing_behind_a_failure_that_it_knows_of) {
  std::string lines = "route add blackhole 10.0.0.0/24 table 77\n";
  for (int i = 0; i < 1024; ++i) {
    lines += "route add blackhole 10." + std::to_string(i / 250) + "." + std::to_string(i % 250) +
             ".0/24 table 77\n";
  }
  const outcome got = run_lines(lines);
  EXPECT_EQ(got.status, 1);
  EXPECT_EQ(got.errors.find("trivet: FILE:2: RTM_NEWROUTE 10.0.0.0/24: File exists\n"), 0U)
      << got.errors;
  EXPECT_NE(got.errors.find(": 1023 done, 1 failed; line 1024 was the last one sent\n"),
            std::string::npos)
      << got.errors;
  EXPECT_EQ(routes_there(), 1023U);
}

TEST_F(batch_command, goes_on_when_it_is_forced) {
  const outcome got = run_lines(
      "route add blackhole 10.0.0.0/24 table 77\n"
      "route add blackhole 10.0.0.0/24 table 77\n"
      "route add nonsense\n"
      "rout add blackhole 10.0.1.0/24 \\\n"
      "  table 77\n"
      "nonsense add\n"
      "route add 10.0.2.0/24 dev no-such-link table 77\n"
      "addr add '192.0.2.1/24 dev lo\n"
      "route add 10.0.3.0/24 via 203.0.113.1 table 77\n"
      "route add blackhole 10.0.4.0/24 table 77\n",
      {"--force"});
  EXPECT_EQ(got.status, 1);
  EXPECT_EQ(routes_there(), 3U);
  const std::string expected =
      "trivet: FILE:2: RTM_NEWROUTE 10.0.0.0/24: File exists\n"
      "trivet: FILE:3: route: 'nonsense' is not an IP address with a length, as 10.0.0.0/8\n"
      "trivet: FILE:6: 'nonsense' is none of link, addr, route, neigh, rule, nexthop\n"
      "trivet: FILE:7: no-such-link: there is no such link "
      "('trivet netlink link show' lists them)\n"
      "trivet: FILE:8: a quote is not closed\n"
      "trivet: FILE:9: RTM_NEWROUTE 10.0.3.0/24: Nexthop has invalid gateway: Network is "
      "unreachable\n"
      "9 lines in ";
  EXPECT_EQ(got.errors.substr(0, expected.size()), expected) << got.errors;
  EXPECT_NE(got.errors.find(": 3 done, 6 failed\n"), std::string::npos) << got.errors;
  EXPECT_NE(got.errors.find("trivet: FILE: 6 of 9 lines failed\n"), std::string::npos);
}

TEST_F(batch_command, reads_standard_input) {
  lab::run({"bash", "-c",
            "seq 0 199 | sed 's|.*|route add blackhole 10.0.&.0/24 table 77|' | " + trivet_path() +
                " netlink batch -"});
  EXPECT_EQ(routes_there(), 200U);
}

// The words behind the destination are not read again where they are the same.
TEST_F(batch_command, routes_like_the_one_before_are_as_ip_reads_them) {
  run_lines(
      "link add b0 type veth peer name b1\nlink set b0 up\nlink set b1 up\n"
      "addr add 192.0.2.1/24 dev b0\naddr add 2001:db8::1/64 dev b0 nodad\n");
  const std::string lines =
      "route add 10.0.0.0/24 via 192.0.2.2 dev b0 metric 5 table 77\n"
      "route add 10.0.1.0/25 via 192.0.2.2 dev b0 metric 5 table 77\n"
      "route add 10.0.2/24 via 192.0.2.2 dev b0 metric 5 table 77\n"
      "route add 10.0.0x3.0/255.255.255.0 via 192.0.2.2 dev b0 metric 5 table 77\n"
      "route add 10.0.4.1 via 192.0.2.2 dev b0 metric 5 table 77\n"
      "route add 0/0 via 192.0.2.2 dev b0 metric 5 table 77\n"
      "route add 2001:db8:1::/48 dev b0 metric 5 table 77\n"  // another family
      "route add 2001:db8:2::/48 dev b0 metric 5 table 77\n"
      "route add 2001:db8:3::1 dev b0 metric 5 table 77\n"
      "route add 10.1.0.0/16 dev b0 metric 5 table 77\n"
      "route add default dev b0 metric 6 table 77\n"
      "route add 10.2.0.0/16 dev b0 metric 6 table 77\n"
      "route add 10.3.0.0/16 dev b0 metric 7 table 77\n"  // another word
      "route add 10.4.0.0/16 via 198.51.100.1 dev b0 metric 7 table 77 onlink\n"
      "route add blackhole 10.5.0.0/16 metric 7 table 77\n"
      "route add blackhole 10.6.0.0/16 metric 7 table 77\n"
      "route add 10.7.0.0/16 metric 7 table 77 nexthop via 192.0.2.3 nexthop via 192.0.2.4\n"
      "route add 10.8.0.0/16 metric 7 table 77 nexthop via 192.0.2.3 nexthop via 192.0.2.4\n"
      "route replace 10.8.0.0/16 metric 7 table 77 nexthop via 192.0.2.3 nexthop via 192.0.2.4\n"
      "route append 10.8.0.0/16 metric 7 table 77 nexthop via 192.0.2.3 nexthop via 192.0.2.5\n"
      "route del 10.0.0.0/24 via 192.0.2.2 dev b0 metric 5 table 77\n"
      "route del 10.0.1.0/25 via 192.0.2.2 dev b0 metric 5 table 77\n";
  const auto routes = [this] {
    return home().run({"ip", "route", "show", "table", "77"}) +
           home().run({"ip", "-6", "route", "show", "table", "77"});
  };
  const outcome got = run_lines(lines);
  EXPECT_EQ(got.status, 0) << got.errors;
  const std::string ours = routes();
  home().run({"ip", "route", "flush", "table", "77"});
  home().run({"ip", "-6", "route", "flush", "table", "77"});
  ASSERT_EQ(routes(), "");
  home().run({"ip", "-batch", ::testing::TempDir() + "/lines"});
  EXPECT_EQ(ours, routes());
  EXPECT_EQ(line_count(ours), 23U) << ours;

  const outcome wrong = run_lines(
      "route add 10.9.0.0/16 dev b0 table 77\n"
      "route add 10.300.0.0/16 dev b0 table 77\n"
      "route add 10.10.0.0/33 dev b0 table 77\n"
      "route add 10.10.0.0/16 dev b0 table 77\n"
      "route add blackhole 10.11.0.0/16 table 77\n"
      "route add 10.12.0.0/16 10.11.0.0/16 table 77\n",
      {"--force"});
  const std::string expected =
      "trivet: FILE:2: route: '10.300.0.0/16' is not an IP address with a length, as 10.0.0.0/8\n"
      "trivet: FILE:3: route: '33' is no length from 0 to 32\n"
      "trivet: FILE:6: route: '10.11.0.0/16' is no word of a route\n"
      "6 lines in ";
  EXPECT_EQ(wrong.errors.substr(0, expected.size()), expected) << wrong.errors;
  EXPECT_NE(routes().find("10.10.0.0/16 dev b0"), std::string::npos) << routes();
}

TEST_F(batch_command, a_name_may_mean_another_link_in_the_next_line) {
  const outcome got = run_lines(
      "link add b0 type veth peer name b1\nlink set b0 up\nlink set b1 up\n"
      "link property add dev b0 altname this-one\n"
      "route add 10.0.0.0/24 dev this-one table 77\n"
      "link property del dev b0 altname this-one\n"
      "link property add dev b1 altname this-one\n"
      "route add 10.0.1.0/24 dev this-one table 77\n");
  EXPECT_EQ(got.status, 0) << got.errors;
  const std::string routes = home().run({"ip", "route", "show", "table", "77"});
  EXPECT_NE(routes.find("10.0.0.0/24 dev b0"), std::string::npos) << routes;
  EXPECT_NE(routes.find("10.0.1.0/24 dev b1"), std::string::npos) << routes;
}

TEST_F(batch_command, works_in_another_namespace) {
  const lab::net_namespace other;
  const std::string path = ::testing::TempDir() + "/other";
  std::ofstream(path) << "link add there type veth peer name also\n";
  EXPECT_EQ(run_trivet({"netlink", "batch", path, "--netns", other.name()}).status, 0);
  EXPECT_NE(other.run({"ip", "link"}).find("there"), std::string::npos);
  EXPECT_EQ(home().run({"ip", "link"}).find("there"), std::string::npos);
}

TEST_F(batch_command, names_a_file_that_cannot_be_read) {
  const outcome missing = run_trivet({"netlink", "batch", "/no/such/file"});
  EXPECT_EQ(missing.status, 1);
  EXPECT_EQ(missing.errors, "trivet: open /no/such/file: No such file or directory\n");
  EXPECT_EQ(run_trivet({"netlink", "batch", "/"}).errors, "trivet: read /: Is a directory\n");
}

// A pipe that is written to line by line.
class batch_pipe : public batch_command {
 protected:
  batch_pipe() {
    ::unlink(path_.c_str());
    EXPECT_EQ(::mkfifo(path_.c_str(), 0600), 0);
  }
  void write(std::string_view text) {
    if (!end_) end_.reset(::open(path_.c_str(), O_WRONLY | O_CLOEXEC));  // once it is read from
    EXPECT_EQ(::write(end_.get(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  void await_routes(std::size_t count) {
    EXPECT_TRUE(
        lab::wait_until([&] { return routes_there() == count; }, lab::after(lab::patience)));
  }

  const std::string path_ = ::testing::TempDir() + "/fifo";
  descriptor end_;
};

TEST_F(batch_pipe, does_not_keep_lines_waiting_for_those_that_have_not_come) {
  running_trivet batch({"netlink", "batch", path_});
  write("route add blackhole 10.0.1.0/24 table 77\nroute add blackhole");
  await_routes(1);
  write(" 10.0.2.0/24 table 77\n");
  await_routes(2);
  end_.reset();
  EXPECT_EQ(batch.wait().status, 0);
}

TEST_F(batch_pipe, says_how_far_it_came_when_a_signal_ends_it) {
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    (void)home().try_run({"ip", "route", "flush", "table", "77"});
    running_trivet batch({"netlink", "batch", path_});
    write("route add blackhole 10.0.1.0/24 table 77\nroute add blackhole 10.0.2.0/24 table 77");
    await_routes(1);
    batch.signal(number);
    const outcome got = batch.wait();
    end_.reset();
    EXPECT_EQ(got.status, 1);
    EXPECT_NE(got.errors.find(": 1 done\n"), std::string::npos) << got.errors;
    EXPECT_NE(got.errors.find("trivet: " + path_ +
                              ":2: stopped by a signal (this line and what follows were not "
                              "run)\n"),
              std::string::npos)
        << got.errors;
    EXPECT_EQ(routes_there(), 1U) << "a piece of a line was run";
  }
}

TEST_F(batch_command, a_file_that_cannot_be_read_to_its_end_is_no_success) {
  const outcome got = run_trivet({"netlink", "batch", "/proc/self/mem"});
  EXPECT_EQ(got.status, 1);
  EXPECT_NE(got.errors.find("trivet: /proc/self/mem:1: read /proc/self/mem: Input/output error"),
            std::string::npos)
      << got.errors;
  const outcome zero = run_trivet({"netlink", "batch", "/dev/zero"});
  EXPECT_EQ(zero.status, 1);
  EXPECT_TRUE(zero.errors.starts_with("trivet: /dev/zero:1: a line of more than 1 MiB"))
      << zero.errors;
}

TEST_F(batch_command, goes_on_behind_a_line_that_is_too_long) {
  const std::string lines = "route add blackhole 10.0.1.0/24 table 77\n" +
                            std::string(3 << 20, 'x') +
                            "\nroute add blackhole 10.0.2.0/24 table 77\n";
  const outcome got = run_lines(lines, {"--force"});
  EXPECT_EQ(got.status, 1);
  EXPECT_TRUE(got.errors.starts_with("trivet: FILE:2: a line of more than 1 MiB")) << got.errors;
  EXPECT_NE(got.errors.find(": 2 done, 1 failed\n"), std::string::npos) << got.errors;
  EXPECT_EQ(routes_there(), 2U);
}

TEST_F(batch_command, a_refused_line_says_why_where_and_what_to_do) {
  const outcome kind = run_trivet({"netlink", "link", "add", "x0", "type", "no-such-kind"});
  EXPECT_EQ(kind.status, 1);
  EXPECT_EQ(kind.errors,
            "trivet: RTM_NEWLINK x0: Unknown device type: Operation not supported "
            "(the kernel has no links of this kind: modprobe rtnl-link-no-such-kind)\n");
  const outcome gateway =
      run_trivet({"netlink", "route", "add", "10.0.0.0/8", "via", "203.0.113.1"});
  EXPECT_EQ(gateway.errors,
            "trivet: RTM_NEWROUTE 10.0.0.0/8: Nexthop has invalid gateway: Network is "
            "unreachable\n");
  const outcome word = run_trivet({"netlink", "route", "add", "10.0.0.0/8", "metric", "many"});
  EXPECT_EQ(word.status, 2);
  EXPECT_EQ(word.errors.find("trivet: metric: 'many' is no number from 0 to 4294967295\n"), 0U);
}

}  // namespace
}  // namespace trivet::testing
