#include "tools/trivet/netlink_flush.h"

#include <fmt/core.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <vector>

#include "tools/trivet/failure.h"
#include "trivet/netlink/batch.h"

namespace trivet::tool {
namespace {

using netlink::message_builder;

/// As many as with ip(8).
constexpr int most_rounds = 10;

/// The payloads of requests, one behind the other.
class doomed_list {
 public:
  void add(const_bytes payload) {
    bytes_.insert(bytes_.end(), payload.begin(), payload.end());
    ends_.push_back(bytes_.size());
  }
  void clear() {
    bytes_.clear();
    ends_.clear();
  }
  [[nodiscard]] bool empty() const { return ends_.empty(); }

  template <class Visit>
  void each(Visit&& visit) const {
    std::size_t start = 0;
    for (const std::size_t end : ends_) {
      visit(const_bytes(bytes_).subspan(start, end - start));
      start = end;
    }
  }

 private:
  std::vector<std::byte> bytes_;
  std::vector<std::size_t> ends_;
};

/// Went by itself, or with another that was removed.
bool has_gone(const netlink::outcome& end) {
  constexpr int gone[] = {ENOENT, ESRCH, EADDRNOTAVAIL, ENODEV};
  return end.status == netlink::request_status::refused &&
         std::find(std::begin(gone), std::end(gone), end.error.value()) != std::end(gone);
}

}  // namespace

void flush_objects(show_session& session, output& out, const flush_noun& noun,
                   const flush_question& ask) {
  std::size_t removed = 0;
  int rounds = 0;
  doomed_list doomed;
  std::optional<netlink::outcome> missed;  // of a round in which nothing was removed
  while (true) {
    doomed.clear();
    ask(
        rounds, [&](const_bytes payload) { doomed.add(payload); }, [&] { doomed.clear(); });
    if (doomed.empty()) break;
    if (missed) missed->check(noun.request);  // they have not gone: the kernel does not find them
    if (++rounds > most_rounds) {
      throw failure(std::string(noun.request),
                    fmt::format("after {} rounds and {} {} there are still some", most_rounds,
                                removed, noun.objects),
                    "something adds them as fast as they are removed: stop it, and try again");
    }
    std::optional<netlink::outcome> refused;
    std::optional<netlink::outcome> gone;
    const std::size_t before = removed;
    netlink::batch batch(session.kernel, [&](std::size_t, const netlink::outcome& end) {
      if (end.ok()) {
        ++removed;
      } else if (has_gone(end)) {
        gone = end;
      } else if (!refused) {
        refused = end;
      }
    });
    message_builder request(noun.type);
    doomed.each([&](const_bytes payload) {
      request.restart(noun.type);
      request.attributes().plain(payload);
      batch.add(request);
    });
    batch.flush();
    if (refused) refused->check(noun.request);
    if (removed == before) missed = gone;
  }
  if (session.options.statistics == 0) return;
  out.line(session.out.json()
               ? fmt::format(R"({{"objects":"{}","removed":{},"rounds":{}}})", noun.objects,
                             removed, rounds)
               : fmt::format("{} removed: {}, rounds: {}", noun.objects, removed, rounds));
}

}  // namespace trivet::tool
