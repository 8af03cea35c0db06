#include "bench/paired.h"

#include <time.h>

#include <algorithm>
#include <cstddef>

namespace trivet::bench {
namespace {

double seconds_of(::clockid_t clock) {
  ::timespec now{};
  ::clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

double seconds_for(const contender& who, int count, bool cpu_time) {
  const ::clockid_t clock = cpu_time ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_MONOTONIC;
  const double start = seconds_of(clock);
  who.run(count);
  const double took = seconds_of(clock) - start;
  if (who.after) who.after();
  return took;
}

// The value that the fraction `part` of the list lies below.
double quantile(std::vector<double> list, double part) {
  const auto index = static_cast<std::ptrdiff_t>(part * static_cast<double>(list.size() - 1));
  std::nth_element(list.begin(), list.begin() + index, list.end());
  return list[static_cast<std::size_t>(index)];
}

// How many operations fill a block, by the first contender, warmed up.
int operations_per_block(const contender& who, double seconds) {
  int count = 16;
  while (seconds_for(who, count, false) < seconds && count < (1 << 24)) count *= 2;
  return count;
}

}  // namespace

std::vector<timing> time_in_turn(const std::vector<contender>& contenders, const effort& how) {
  const std::size_t size = contenders.size();
  const int count =
      how.count > 0 ? how.count : operations_per_block(contenders.front(), how.block_seconds);
  for (const contender& who : contenders) seconds_for(who, count, how.cpu_time);
  std::vector<std::vector<double>> times(size);
  std::vector<std::vector<double>> ratios(size);
  std::vector<double> round(size);
  for (int i = 0; i < how.rounds; ++i) {
    // Each is first in turn, and every other round runs backwards: none has a better place.
    for (std::size_t step = 0; step < size; ++step) {
      const std::size_t place = i % 2 == 0 ? step : size - 1 - step;
      const std::size_t who = (place + static_cast<std::size_t>(i / 2)) % size;
      round[who] = seconds_for(contenders[who], count, how.cpu_time) / count * 1e9;
    }
    for (std::size_t who = 0; who < size; ++who) {
      times[who].push_back(round[who]);
      ratios[who].push_back(round[who] / round[0]);
    }
  }
  std::vector<timing> result;
  result.reserve(size);
  for (std::size_t who = 0; who < size; ++who) {
    result.push_back({contenders[who].name, quantile(times[who], 0.5), quantile(times[who], 0.1),
                      quantile(ratios[who], 0.5), quantile(ratios[who], 0.25),
                      quantile(ratios[who], 0.75)});
  }
  return result;
}

}  // namespace trivet::bench
