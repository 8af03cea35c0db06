// trivet netlink batch: the lines of `ip -batch`, many in each system call.
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <chrono>
#include <deque>
#include <fstream>
#include <iostream>
#include <memory>

#include "tools/trivet/command.h"
#include "tools/trivet/context.h"
#include "tools/trivet/failure.h"
#include "tools/trivet/netlink_line.h"
#include "tools/trivet/netlink_write.h"
#include "trivet/base/error.h"
#include "trivet/netlink/batch.h"

namespace trivet::tool {
namespace {

constexpr help_text batch_help = {
    .summary = "run lines of 'ip -batch', many in each system call",
    .details =
        "Each line is what would stand behind 'ip': a noun (link, addr, route, neigh, rule,\n"
        "nexthop), a verb that writes, and its words. '#' starts a comment, a backslash at\n"
        "the end of a line goes on with the next one, quotes hold words together.\n"
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

// The lines of a batch, joined and without comments, as words.
class batch_lines {
 public:
  explicit batch_lines(std::istream& in) : in_(in) {}

  /// The words of the next line that has some. Throws usage_error for an open quote.
  bool next(std::vector<std::string>& words) {
    std::string line;
    while (read_joined(line)) {
      if (std::all_of(line.begin(), line.end(), is_blank)) continue;
      ++count_;
      words = split(line);
      return true;
    }
    return false;
  }

  /// How many lines have had words.
  [[nodiscard]] std::size_t count() const noexcept { return count_; }

  /// Where the line that next() gave begins.
  [[nodiscard]] std::size_t number() const noexcept { return first_; }
  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }

 private:
  bool read_joined(std::string& line) {
    line.clear();
    first_ = last_ + 1;
    for (std::string piece; std::getline(in_, piece);) {
      ++last_;
      bytes_ += piece.size() + 1;
      if (const std::size_t comment = piece.find('#'); comment != std::string::npos) {
        piece.resize(comment);
      }
      const bool goes_on = piece.ends_with('\\');
      if (goes_on) piece.pop_back();
      line += piece;
      if (!goes_on) return true;
    }
    return !line.empty();
  }

  static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

  static std::vector<std::string> split(std::string_view line) {
    std::vector<std::string> words;
    words.reserve(16);
    std::size_t at = 0;
    while (true) {
      while (at < line.size() && is_blank(line[at])) ++at;
      if (at == line.size()) return words;
      const char quote = line[at];
      std::size_t end = at;
      if (quote == '"' || quote == '\'') {
        end = line.find(quote, ++at);
        if (end == std::string_view::npos) throw usage_error("a quote is not closed");
        words.emplace_back(line.substr(at, end - at));
        at = end + 1;
      } else {
        while (end < line.size() && !is_blank(line[end])) ++end;
        words.emplace_back(line.substr(at, end - at));
        at = end;
      }
    }
  }

  std::istream& in_;
  std::size_t count_ = 0;
  std::size_t first_ = 0;
  std::size_t last_ = 0;
  std::size_t bytes_ = 0;
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
    const auto now = clock::now();
    if (!on_ || now < next_) return;
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

class batch_run {
 public:
  batch_run(context& ctx, const batch_arguments& arguments, int family, std::istream& in,
            std::size_t size)
      : arguments_(arguments),
        lines_(in),
        kernel_(ctx.open([] { return netlink::client(NETLINK_ROUTE); })),
        resolver_(kernel_),
        batch_(kernel_, [this](std::size_t, const netlink::outcome& end) { told(end); }),
        progress_(size) {
    resolver_.family = family;
    resolver_.before_question = [this] { batch_.flush(); };
  }

  /// Throws failure where a line failed.
  void run() {
    while (!stopped() && next_line()) progress_.show(lines_.count(), lines_.bytes());
    batch_.flush();
    progress_.clear();
    summarise();
  }

 private:
  // What waits for its outcome.
  struct sent_line {
    std::size_t number;
    line_request what;
  };

  [[nodiscard]] bool stopped() const { return failed_ > 0 && !arguments_.force; }

  bool next_line() {
    try {
      if (!lines_.next(words_)) return false;
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
    const line_writer write = line_writer_of(words_.front());
    if (write == nullptr) {
      throw usage_error(
          fmt::format("'{}' is none of link, addr, route, neigh, rule, nexthop", words_.front()));
    }
    line_words words(std::move(words_), 1);
    line_request what = write(words, resolver_, message_);
    if (stopped()) return;  // an earlier line failed while this one asked for a link
    if (what.changes_links) resolver_.forget_links();
    waiting_.push_back({lines_.number(), std::move(what)});
    batch_.add(message_);
  }

  void told(const netlink::outcome& end) {
    const sent_line line = std::move(waiting_.front());
    waiting_.pop_front();
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
    print(number, why);
  }

  void print(std::size_t number, std::string_view text) {
    progress_.clear();
    const std::string file = arguments_.file == "-" ? "standard input" : arguments_.file;
    print_error_line(fmt::format("trivet: {}:{}: {}", file, number, text));
  }

  void summarise() {
    const netlink::batch_totals& totals = batch_.totals();
    const double seconds = progress_.seconds();
    const std::size_t read = lines_.count();
    std::string text = fmt::format("{} lines in {:.3f} s ({:.0f}/s): {} done", read, seconds,
                                   static_cast<double>(read) / seconds, totals.done);
    const std::size_t refused = totals.refused + totals.unsent + not_sent_;
    if (refused > 0) text += fmt::format(", {} failed", refused);
    if (totals.unknown > 0) text += fmt::format(", {} unknown", totals.unknown);
    if (stopped() && last_ > 0) text += fmt::format("; line {} was the last one sent", last_);
    print_error_line(text);
    if (failed_ > 0) {
      throw failure(arguments_.file, fmt::format("{} of {} lines failed", failed_, read),
                    arguments_.force ? "" : "--force goes on after a failure");
    }
  }

  const batch_arguments& arguments_;
  batch_lines lines_;
  netlink::client kernel_;
  line_resolver resolver_;
  std::deque<sent_line> waiting_;
  std::vector<std::string> words_;
  netlink::message_builder message_{0};
  std::size_t failed_ = 0;
  std::size_t not_sent_ = 0;
  std::size_t last_ = 0;
  netlink::batch batch_;  // after what its outcomes need
  progress progress_;
};

void run_batch(context& ctx, const batch_arguments& arguments, int family) {
  if (arguments.file == "-") {
    std::ios::sync_with_stdio(false);
    batch_run(ctx, arguments, family, std::cin, 0).run();
    return;
  }
  std::ifstream file(arguments.file);
  struct ::stat status {};
  if (!file || ::stat(arguments.file.c_str(), &status) < 0) {
    throw_socket_error(errno_code(errno), "open " + arguments.file);
  }
  if (S_ISDIR(status.st_mode)) throw_socket_error(errno_code(EISDIR), "read " + arguments.file);
  batch_run(ctx, arguments, family, file, static_cast<std::size_t>(status.st_size)).run();
}

}  // namespace

void add_netlink_batch(CLI::App& netlink, context& ctx, const family_option& family) {
  auto arguments = std::make_shared<batch_arguments>();
  CLI::App& verb = add_verb(netlink, ctx, "batch", batch_help,
                            [&ctx, arguments, family] { run_batch(ctx, *arguments, family()); });
  verb.add_option("FILE", arguments->file, "the lines; - is standard input")
      ->type_name("FILE|-")
      ->required();
  verb.add_flag("--force", arguments->force, "go on after a line that fails");
}

}  // namespace trivet::tool
