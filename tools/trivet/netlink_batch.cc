// trivet netlink batch: the lines of `ip -batch`, many in each system call.
#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tools/trivet/command.h"
#include "tools/trivet/context.h"
#include "tools/trivet/failure.h"
#include "tools/trivet/input_file.h"
#include "tools/trivet/netlink_batch_lines.h"
#include "tools/trivet/netlink_line.h"
#include "tools/trivet/netlink_write.h"
#include "tools/trivet/options.h"
#include "tools/trivet/stream.h"
#include "trivet/base/error.h"
#include "trivet/netlink/batch.h"

namespace trivet::tool {
namespace {

constexpr help_text batch_help = {
    .summary = "run lines of 'ip -batch', many in each system call",
    .details =
        "Each line is what would stand behind 'ip': a noun (link, addr, route, neigh, rule,\n"
        "nexthop), a verb that writes, and its words. '#' starts a comment, a backslash at\n"
        "the end of a line goes on with the next one, quotes hold words together. Verbs\n"
        "that ask, and 'flush', which asks first, are refused. Of a noun its beginning is\n"
        "enough, as for 'ip'.\n"
        "\n"
        "Lines are sent in the order of the file, up to 1024 at once. The first that fails\n"
        "ends the run, but those that were sent with it have been done by then: the last\n"
        "line of standard error says how far the run came. --force goes on.",
    .examples =
        "trivet netlink batch routes.txt\n"
        "generate-routes | trivet netlink batch - --force\n"};

struct batch_arguments {
  std::string file;
  bool force = false;
};

// One line on a terminal that is written over again and again.
class progress {
 public:
  using clock = std::chrono::steady_clock;

  explicit progress(std::size_t size) : size_(size), on_(::isatty(STDERR_FILENO) == 1) {}
  progress(const progress&) = delete;
  progress& operator=(const progress&) = delete;
  ~progress() { clear(); }

  void show(std::size_t lines, std::size_t bytes) {
    if (!on_) return;  // before the clock is asked, for each line
    const auto now = clock::now();
    if (now < next_) return;
    next_ = now + std::chrono::milliseconds(100);
    const double rate = static_cast<double>(lines) / seconds();
    std::string text = fmt::format("\r{} lines, {:.0f}/s", lines, rate);
    if (size_ > 0) {
      constexpr std::size_t width = 30;
      const std::size_t full = std::min(width, bytes * width / size_);
      text += fmt::format("  [{:#<{}}{:.<{}}] {}%", "", full, "", width - full,
                          std::min<std::size_t>(100, bytes * 100 / size_));
    }
    write(text + "\x1b[K");
    shown_ = true;
  }

  void clear() {
    if (std::exchange(shown_, false)) write("\r\x1b[K");
  }

  [[nodiscard]] double seconds() const {
    return std::chrono::duration<double>(clock::now() - start_).count();
  }

 private:
  static void write(std::string_view text) {
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, text.data(), text.size());
  }

  std::size_t size_;
  bool on_;
  bool shown_ = false;
  clock::time_point start_ = clock::now();
  clock::time_point next_ = start_ + std::chrono::milliseconds(300);
};

// What is no file of lines has words of any length, and errors repeat them.
std::string with_short_words(std::string_view text) {
  constexpr std::size_t most = 60;
  std::string result;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    std::size_t kept = std::min(word.size(), most);
    // Not in the middle of a character of UTF-8.
    while (kept < word.size() && kept > 0 && (word[kept] & '\xc0') == '\x80') --kept;
    result += word.substr(0, kept);
    if (kept < word.size()) result += word.ends_with('\'') ? "…'" : "…";
    text.remove_prefix(word.size());
    if (text.empty()) break;
    result += ' ';
    text.remove_prefix(1);
  }
  return result;
}

class batch_run {
 public:
  batch_run(context& ctx, const batch_arguments& arguments, int family)
      : ctx_(ctx),
        force_(arguments.force),
        input_(arguments.file),
        stop_(ctx),
        lines_([this] { return more(); }),
        kernel_(ctx.open([] { return netlink::client(NETLINK_ROUTE); })),
        resolver_(kernel_),
        batch_(kernel_, [this](std::size_t, const netlink::outcome& end) { told(end); }),
        progress_(input_.size()) {
    resolver_.family = family;
    resolver_.before_question = [this] { batch_.flush(); };
  }

  /// Throws failure where not all lines were done.
  void run() {
    while (!stopped() && next_line()) progress_.show(lines_.count(), lines_.bytes());
    if (!stopped()) batch_.flush();  // a line may have been read after the one that failed
    progress_.clear();
    summarise();
  }

 private:
  // What waits for its outcome.
  struct sent_line {
    std::size_t number;
    line_request what;
  };

  [[nodiscard]] bool stopped() const { return failed_ > 0 && !force_; }

  // The next bytes of the file.
  std::optional<std::string_view> more() {
    // What has been read does not wait for what comes slowly.
    if (!input_.is_ready()) batch_.flush();
    if (stopped()) return std::nullopt;
    if (wait_readable(ctx_, stop_, input_.fd()) == wake::stopped) {
      ended_by_ = "stopped by a signal";
      return std::nullopt;
    }
    try {
      return input_.read();
    } catch (const socket_error& error) {
      ended_by_ = error.what();
      return std::nullopt;
    }
  }

  bool next_line() {
    try {
      if (!lines_.next()) return false;
      send();
    } catch (const usage_error& error) {
      fail(lines_.number(), error.what());
    } catch (const failure& error) {
      fail(lines_.number(), error.what());
    } catch (const address_error& error) {
      fail(lines_.number(), error.what());
    } catch (const socket_error& error) {
      fail(lines_.number(), error.what());
    }
    return true;
  }

  void send() {
    line_words words(lines_.words());
    const std::string_view noun = words.take("noun");
    const line_writer write = line_writer_of(noun);
    if (write == nullptr) {
      throw usage_error(
          fmt::format("'{}' is none of link, addr, route, neigh, rule, nexthop", noun));
    }
    line_request what = write(words, resolver_, message_);
    if (stopped()) return;  // an earlier line failed while this one asked for a link
    if (what.changes_links) resolver_.forget_links();
    waiting_.push_back({lines_.number(), std::move(what)});
    batch_.add(message_);
    // The outcomes of a chunk come all at once.
    const auto done = static_cast<std::ptrdiff_t>(std::exchange(told_, 0));
    waiting_.erase(waiting_.begin(), waiting_.begin() + done);
  }

  void told(const netlink::outcome& end) { judge(waiting_[told_++], end); }

  void judge(const sent_line& line, const netlink::outcome& end) {
    last_ = line.number;
    if (end.ok()) {
      if (!end.extended.message.empty()) {
        print(line.number,
              fmt::format("warning: {}: {}", line.what.operation(), end.extended.message));
      }
      return;
    }
    try {
      check(line.what, end);
    } catch (const socket_error& error) {
      ++failed_;
      print(line.number, error.what());
    }
  }

  // A line that was not sent: the outcomes of those before it come first.
  void fail(std::size_t number, std::string_view why) {
    batch_.flush();
    if (stopped()) return;
    ++failed_;
    ++not_sent_;
    print(number, with_short_words(why));
  }

  void print(std::size_t number, std::string_view text) {
    progress_.clear();
    print_error_line(fmt::format("trivet: {}:{}: {}", input_.name(), number, text));
  }

  void summarise() {
    const netlink::batch_totals& totals = batch_.totals();
    const double seconds = progress_.seconds();
    const std::size_t read = lines_.count();
    std::string text =
        fmt::format("{} {} in {:.3f} s ({:.0f}/s): {} done", read, read == 1 ? "line" : "lines",
                    seconds, static_cast<double>(read) / seconds, totals.done);
    const std::size_t refused = totals.refused + totals.unsent + not_sent_;
    if (refused > 0) text += fmt::format(", {} failed", refused);
    if (totals.unknown > 0) text += fmt::format(", {} unknown", totals.unknown);
    if (stopped() && last_ > 0) text += fmt::format("; line {} was the last one sent", last_);
    print_error_line(text);
    if (!ended_by_.empty()) {
      throw failure(fmt::format("{}:{}", input_.name(), lines_.number()), ended_by_,
                    "this line and what follows were not run");
    }
    if (failed_ > 0) {
      throw failure(input_.name(), fmt::format("{} of {} lines failed", failed_, read),
                    force_ ? "" : "--force goes on after a failure");
    }
  }

  context& ctx_;
  bool force_;
  input_file input_;
  stop_signal stop_;
  std::string ended_by_;  // why the file was not read to its end
  batch_lines lines_;
  netlink::client kernel_;
  line_resolver resolver_;
  std::vector<sent_line> waiting_;
  std::size_t told_ = 0;  // how many of them are done
  netlink::message_builder message_{0};
  std::size_t failed_ = 0;
  std::size_t not_sent_ = 0;
  std::size_t last_ = 0;
  netlink::batch batch_;  // after what its outcomes need
  progress progress_;
};

}  // namespace

void add_netlink_batch(CLI::App& netlink, context& ctx, const family_option& family) {
  auto arguments = std::make_shared<batch_arguments>();
  CLI::App& verb = add_verb(netlink, ctx, "batch", batch_help, [&ctx, arguments, family] {
    batch_run(ctx, *arguments, family()).run();
  });
  add_option(verb, "FILE", arguments->file, "the lines; - is standard input")
      .type_name("FILE|-")
      .required();
  add_flag(verb, "--force", arguments->force, "go on after a line that fails");
}

}  // namespace trivet::tool
