#include "tools/trivet/netlink_batch_lines.h"

#include <algorithm>
#include <utility>

#include "tools/trivet/failure.h"

namespace trivet::tool {
namespace {

// Beyond all that a message can hold: this is no file of lines.
constexpr std::size_t longest_line = std::size_t{1} << 20;

constexpr bool is_blank(char c) {
  return static_cast<unsigned char>(c) <= ' ' && (c == ' ' || c == '\t' || c == '\r');
}

}  // namespace

bool batch_lines::next() {
  while (read_joined()) {
    split();
    if (words_.empty()) continue;
    ++count_;
    return true;
  }
  return false;
}

// One line into piece_, without its end. @return false at the end of the file
bool batch_lines::read_line() {
  piece_.clear();
  while (true) {
    const std::size_t size = std::min(text_.find('\n'), text_.size());
    if (!within_line_) piece_ += text_.substr(0, size);
    const bool whole = size < text_.size();
    bytes_ += size + whole;
    text_.remove_prefix(size + whole);
    if (whole && !std::exchange(within_line_, false)) return true;
    if (whole) continue;
    if (piece_.size() > longest_line) {
      within_line_ = true;
      ++last_;
      ++count_;
      throw usage_error("a line of more than 1 MiB: this is no file of lines");
    }
    const auto more = more_();
    ended_ = !more;
    if (ended_) return false;
    text_ = *more;
    if (text_.empty()) return !piece_.empty();
  }
}

// @return false at the end of the file
bool batch_lines::read_joined() {
  line_.clear();
  first_ = last_ + 1;
  bool goes_on = false;
  while (read_line()) {
    ++last_;
    const std::size_t comment = piece_.find('#');  // ends the line
    goes_on = comment == std::string::npos && piece_.ends_with('\\');
    piece_.resize(std::min(comment, piece_.size() - (goes_on ? 1 : 0)));
    if (line_.empty()) {
      line_.swap(piece_);
    } else {
      line_ += piece_;
    }
    if (!goes_on) return true;
  }
  if (goes_on && !ended_) {
    ++count_;
    throw usage_error("it ends with a backslash, and the line that it goes on with is missing");
  }
  return !line_.empty() && !ended_;
}

void batch_lines::split() {
  words_.clear();
  if (line_.find('\0') != std::string::npos) {
    ++count_;
    throw usage_error("a byte of zero: this is no line of text");
  }
  const char* at = line_.data();
  const char* const end = at + line_.size();
  while (true) {
    while (at != end && is_blank(*at)) ++at;
    if (at == end) return;
    const char* start = at;
    if (*at == '"' || *at == '\'') {
      at = std::find(++start, end, *at);
      if (at == end) {
        ++count_;
        throw usage_error("a quote is not closed");
      }
      words_.emplace_back(start, at++);
    } else {
      while (at != end && !is_blank(*at)) ++at;
      words_.emplace_back(start, at);
    }
  }
}

}  // namespace trivet::tool
