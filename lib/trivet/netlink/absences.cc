#include "trivet/netlink/absences.h"

namespace trivet::netlink {
namespace {

// Two routes of a key that share it are suspected together.
std::uint64_t fingerprint(const route_key& key, const route_view& route) {
  constexpr std::uint64_t odd = 0x9e3779b97f4a7c15;
  // Neighbours have neighbouring hashes: nothing else may stand where they differ.
  std::uint64_t h = (std::uint64_t{key.metric} << 32 | key.hash()) * odd;
  h = (h ^ (std::uint64_t{key.tos} << 8 | key.source_length)) * odd;
  return h ^ h >> 32 ^ route.way();
}

}  // namespace

template <class Map, class Key>
bool absences::judge(const Map& before, Map& now, const Key& what, unsigned needed) {
  const auto known = before.find(what);
  if (needed_ == 0) {
    if (known != before.end()) now.insert(*known);
    return false;
  }
  const unsigned count = known == before.end() ? 1 : known->second + 1;
  if (count >= needed) {
    found_ = true;
    return true;
  }
  now.emplace(what, count);
  return false;
}

bool absences::gone(const std::shared_ptr<const void>& object) {
  return judge(before_.objects, now_.objects, object, needed_);
}

bool absences::gone(const route_key& key, const route_view& route) {
  const std::uint32_t hash = key.hash();
  const bool restless = touched_.contains(hash) || meanwhile_.contains(hash);
  return judge(before_.routes, now_.routes, fingerprint(key, route), needed_ + (restless ? 1 : 0));
}

void absences::end() {
  before_ = std::move(now_);
  now_ = {};
  touched_ = std::move(meanwhile_);
  meanwhile_ = {};
  if (!any()) touched_ = {};
}

objects all_absences::suspected() const noexcept {
  objects set = objects::none;
  for (std::size_t i = 0; i < kinds_.size(); ++i) {
    if (kinds_[i].any()) set |= static_cast<objects>(1U << i);
  }
  return set;
}

objects all_absences::found() const noexcept {
  objects set = objects::none;
  for (std::size_t i = 0; i < kinds_.size(); ++i) {
    if (kinds_[i].found()) set |= static_cast<objects>(1U << i);
  }
  return set;
}

}  // namespace trivet::netlink
