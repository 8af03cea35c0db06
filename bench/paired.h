// Timing contenders against each other on a noisy machine: many short blocks, taken in turn, so
// that what slows the machine down slows all of them; ratios are formed within a round only.
#ifndef BENCH_PAIRED_H_
#define BENCH_PAIRED_H_

#include <functional>
#include <string>
#include <vector>

namespace trivet::bench {

/// One way to do the work. `run(n)` does it n times.
struct contender {
  std::string name;
  std::function<void(int)> run;
  std::function<void()> after = {};  ///< what is left to do once the time is taken
};

/// What the rounds came to. Quartiles say how far the machine's noise reaches.
struct timing {
  std::string name;
  double nanoseconds = 0;  // per operation, the median of all rounds
  double undisturbed = 0;  // the tenth that was fastest: what is left where others use the machine
  double ratio = 0;        // to the first contender, the median of the rounds' ratios
  double lower = 0;        // its lower quartile
  double upper = 0;        // its upper quartile
};

struct effort {
  int rounds = 301;
  double block_seconds = 0.0005;
  int count = 0;  // operations in a block; 0: as many as take so long
  // CPU time of this process in place of the time of day, for work that is long, and done on one
  // CPU: a scheduler that gives it to others is then not part of it.
  bool cpu_time = false;
};

/// Times all contenders; the first is what the others are compared with.
[[nodiscard]] std::vector<timing> time_in_turn(const std::vector<contender>& contenders,
                                               const effort& how);

}  // namespace trivet::bench

#endif  // BENCH_PAIRED_H_
