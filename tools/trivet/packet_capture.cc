#include "tools/trivet/packet_capture.h"

#include <fmt/core.h>

#include <chrono>
#include <exception>
#include <memory>
#include <optional>
#include <utility>

#include "tools/trivet/failure.h"
#include "tools/trivet/packet_print.h"
#include "tools/trivet/packet_record.h"
#include "tools/trivet/stream.h"
#include "trivet/packet/capture.h"

namespace trivet::tool {
namespace {

constexpr std::uint32_t longest_snaplen = 262144;

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

packet::capture_options options_of(const packet_capture_request& request) {
  packet::capture_options options;
  options.interface = request.interface;
  options.filter = joined(request.filter);
  options.snaplen = request.snaplen == 0 ? longest_snaplen : request.snaplen;
  options.promiscuous = !request.stay_out_of_promiscuous;
  packet::ring_geometry& ring = options.ring;
  const std::uint64_t blocks = request.buffer_kib * 1024 / ring.block_size;
  if (blocks < 2 || blocks > 65536) {
    throw usage_error(fmt::format("--buffer: {} is not in {} to {} KiB", request.buffer_kib,
                                  2 * ring.block_size / 1024, 65536 * ring.block_size / 1024));
  }
  ring.block_count = static_cast<unsigned>(blocks);
  // Whoever watches wants to see packets at once; a file is served by fewer wake-ups.
  const bool is_watched = !request.file || request.print_too || request.file == "-";
  ring.block_timeout = std::chrono::milliseconds(is_watched ? 10 : 100);
  return options;
}

/// One run of the command.
class capture_run {
 public:
  capture_run(context& ctx, const packet_capture_request& request, const frame_printing& printing)
      : ctx_(ctx),
        request_(request),
        printing_(printing),
        options_(options_of(request)),
        stop_(ctx) {
    open();
    const bool prints = !request.file || request.print_too || (ctx.json && request.file != "-");
    if (!prints) return;
    if (printing.print) {
      printer_ = printing.print;
    } else {
      printer_ = [lines = std::make_shared<packet_printer>(ctx, *source_)](
                     const packet::frame& frame, std::uint64_t lost) { lines->print(frame, lost); };
    }
  }

  void run() {
    try {
      follow();
    } catch (const packet::file_error&) {
      file_failed_ = std::current_exception();
    } catch (const closed_output&) {
      output_failed_ = std::current_exception();
    } catch (const failure&) {
      output_failed_ = std::current_exception();
    }
    if (output_failed_) printer_ = nullptr;
    source_->stop();
    read_the_rest();
    print_last_loss();
    close_file();
    if (is_quiet_end()) throw closed_output();
    if (output_failed_) std::rethrow_exception(output_failed_);
    end_stream(ctx_, summary());
    if (printer_ && printing_.summary) print_error_line(printing_.summary());
    if (file_failed_) fail_for_file();
    if (is_removed_) {
      throw failure(options_.interface, "the interface was removed while capturing",
                    request_.file ? "the file is whole up to its last packet" : "");
    }
  }

 private:
  void open() {
    try {
      std::optional<device_baseline> baseline;
      ctx_.open([&] {
        baseline.emplace(
            device_baseline{packet::device_counters(options_.interface), std::nullopt});
        source_ = std::make_unique<packet::capture>(options_);
        baseline->at_start = baseline->counters.read();
      });
      if (request_.file) {
        recorder_.emplace(*request_.file, stop_.fd(), *source_, options_, std::move(*baseline));
      }
    } catch (const packet::filter_error& error) {
      throw usage_error(fmt::format("{}: {}", error.operation(), error.advice()));
    } catch (const packet::file_error& error) {
      // A pipe whose reader went before the first byte.
      if (error.code() == std::errc::broken_pipe) throw closed_output();
      throw;
    }
    print_error_line(fmt::format("capturing on {}", options_.interface));
  }

  [[nodiscard]] bool is_done() const {
    return file_failed_ || output_failed_ || (request_.count && captured_ >= *request_.count);
  }

  void follow() {
    while (!is_done() && !is_removed_) {
      if (recorder_) recorder_->flush();
      const wake why =
          wait_readable(ctx_, stop_, source_->socket().native_handle(), source_->next_look());
      if (why == wake::stopped) return;
      bool had_any = false;
      while (!is_done() && !stop_.requested()) {
        auto block = source_->next();
        if (!block) break;
        had_any = true;
        take(*block);
        if (printer_) ctx_.out.flush();
      }
      if (!had_any) look_at_link();
    }
  }

  void look_at_link() {
    switch (source_->link_event()) {
      case packet::ring_event::down:
        return print_error_line(
            fmt::format("trivet: {} is down: packets come once it is up", options_.interface));
      case packet::ring_event::up:
        return print_error_line(fmt::format("trivet: {} is up again", options_.interface));
      case packet::ring_event::removed:
        is_removed_ = true;
        return;
      default:
        return;
    }
  }

  void take(packet::captured_block& block) {
    pending_.frames += block.loss().frames;
    pending_.gaps += block.loss().gaps;
    while (const packet::frame* frame = block.next()) {
      if (is_done()) {
        ++left_over_;
      } else {
        take(*frame);
      }
    }
  }

  /// Whatever fails, the frames of the block that follow are still counted.
  void take(const packet::frame& frame) {
    ++captured_;
    const packet::ring_loss loss = std::exchange(pending_, {});
    told_ += loss.frames;
    try {
      if (recorder_) recorder_->write(frame, loss);
    } catch (const packet::file_error&) {
      file_failed_ = std::current_exception();
    }
    try {
      if (printer_) printer_(frame, loss.frames);
    } catch (...) {
      output_failed_ = std::current_exception();
      printer_ = nullptr;
    }
  }

  /// What is in the ring still, until the kernel's count is reached: exact totals.
  void read_the_rest() {
    const auto patience = options_.ring.block_timeout * 20 + std::chrono::seconds(2);
    const deadline until = deadline::after(patience);
    while (true) {
      take_all();
      // An open block with frames in it comes after its timeout.
      const auto soon = deadline::after(options_.ring.block_timeout * 3 / 2);
      if (source_->wait(soon) != packet::ring_event::nothing) {
        if (until.remaining().count() > 0) continue;
      }
      take_all();
      if (source_->complete() || until.remaining().count() == 0) return;
    }
  }

  // Of what was lost behind the last frame that is printed no frame tells.
  void print_last_loss() {
    const std::uint64_t dropped = source_->statistics().dropped;
    if (!printer_ || !printing_.print_last_loss || left_over_ > 0 || dropped <= told_) return;
    try {
      printing_.print_last_loss(dropped - told_);
    } catch (...) {
      output_failed_ = std::current_exception();
    }
  }

  void take_all() {
    while (auto block = source_->next()) take(*block);
  }

  void close_file() {
    if (!recorder_ || file_failed_) return;
    try {
      recorder_->finish();
    } catch (const packet::file_error&) {
      file_failed_ = std::current_exception();
    }
  }

  [[nodiscard]] bool is_quiet_end() const {
    if (!file_failed_) return false;
    try {
      std::rethrow_exception(file_failed_);
    } catch (const packet::file_error& error) {
      return error.code() == std::errc::broken_pipe;
    }
  }

  [[noreturn]] void fail_for_file() {
    try {
      std::rethrow_exception(file_failed_);
    } catch (const packet::file_error& error) {
      if (error.code() == std::errc::operation_canceled) {
        throw failure(recorder_->name(), "the reader did not take the rest within 2 s of the stop");
      }
      const std::string whole =
          fmt::format("the file is whole up to packet {}", recorder_->packets());
      throw failure(
          recorder_->name(), error.code().message(),
          error.code() == std::errc::no_space_on_device ? whole + "; free some space" : whole);
    }
  }

  [[nodiscard]] std::string summary() const {
    const packet::ring_statistics counted = source_->statistics();
    std::string text = fmt::format("{} packets captured", captured_);
    if (recorder_)
      text += fmt::format(", {} written to {}", recorder_->packets(), recorder_->name());
    text += fmt::format(", {} dropped by the kernel", counted.dropped);
    if (left_over_ > 0) {
      text += fmt::format(", {} more received {}", left_over_,
                          file_failed_ ? "after the file failed" : "after the count was reached");
    }
    if (source_->cut() > 0) {
      text += fmt::format(", {} cut to the size of a ring block", source_->cut());
    }
    const std::uint64_t unaccounted = counted.accepted - counted.read - counted.dropped;
    if (unaccounted + counted.damaged > 0) {
      text += fmt::format(", {} unaccounted for", unaccounted + counted.damaged);
    }
    return text;
  }

  context& ctx_;
  const packet_capture_request& request_;
  const frame_printing& printing_;
  packet::capture_options options_;
  stop_signal stop_;
  std::unique_ptr<packet::capture> source_;
  std::optional<packet_recorder> recorder_;
  frame_printer printer_;
  packet::ring_loss pending_;
  std::uint64_t told_ = 0;  // of what was lost
  std::uint64_t captured_ = 0;
  std::uint64_t left_over_ = 0;
  bool is_removed_ = false;
  std::exception_ptr file_failed_;
  std::exception_ptr output_failed_;  // of what is printed
};

}  // namespace

void run_packet_capture(context& ctx, const packet_capture_request& request,
                        const frame_printing& printing) {
  capture_run(ctx, request, printing).run();
}

}  // namespace trivet::tool
