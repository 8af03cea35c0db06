// Runs a fuzz target without libFuzzer: on the files named as arguments, and on inputs bred from
// them, the same in every run. Where the target fails, its input is printed.
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

constexpr int bred_inputs = 5000;
constexpr std::size_t longest = 256;

std::string current;

void print_input(int signal) {
  std::fprintf(stderr, "the input, in hex: ");
  for (const char c : current) std::fprintf(stderr, "%02x", static_cast<unsigned char>(c));
  std::fprintf(stderr, "\n");
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

void run(std::string input) {
  current = std::move(input);
  // A copy of its own, so that a read behind the end is one behind an allocation.
  const std::vector<std::uint8_t> exact(current.begin(), current.end());
  LLVMFuzzerTestOneInput(exact.data(), exact.size());
}

class breeder {
 public:
  explicit breeder(const std::vector<std::string>& seeds) : seeds_(seeds) {}

  std::string next() {
    std::string child = pick();
    for (auto changes = 1 + random_() % 4; changes > 0; --changes) change(child);
    child.resize(std::min(child.size(), longest));
    return child;
  }

 private:
  const std::string& pick() { return seeds_[random_() % seeds_.size()]; }
  std::size_t place(const std::string& in) { return in.empty() ? 0 : random_() % in.size(); }

  char character() {
    // What tuples and escapes are made of, and any byte at all.
    constexpr char special[] = "()',\"\\bx0123456789-+@:.%_<> \0\xff";
    return random_() % 2 == 0 ? special[random_() % (sizeof special - 1)]
                              : static_cast<char>(random_());
  }

  void change(std::string& child) {
    switch (random_() % 6) {
      case 0:
        child.insert(place(child), 1, character());
        break;
      case 1:
        if (!child.empty()) child[place(child)] = character();
        break;
      case 2:
        if (!child.empty()) child.erase(place(child), 1 + random_() % 4);
        break;
      case 3: {  // the head of one and the tail of another
        const std::string& other = pick();
        child = child.substr(0, place(child)) + other.substr(place(other));
        break;
      }
      case 4:
        child.insert(place(child), child.substr(place(child), random_() % 8));
        break;
      default:
        if (!child.empty()) {
          char& c = child[place(child)];
          c = static_cast<char>(static_cast<unsigned char>(c) ^ 1U << random_() % 8);
        }
    }
  }

  const std::vector<std::string>& seeds_;
  std::mt19937_64 random_{1};
};

std::string read(const char* path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    std::fprintf(stderr, "%s cannot be read\n", path);
    std::exit(2);
  }
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

int main(int argc, char** argv) {
  for (const int signal : {SIGABRT, SIGSEGV, SIGFPE, SIGILL, SIGBUS}) {
    std::signal(signal, print_input);
  }
  std::vector<std::string> seeds;
  for (int i = 1; i < argc; ++i) seeds.push_back(read(argv[i]));
  if (seeds.empty()) {
    std::fprintf(stderr, "a fuzz target without a corpus tests nothing\n");
    return 2;
  }
  for (const std::string& seed : seeds) run(seed);
  run("");
  breeder bred(seeds);
  for (int i = 0; i < bred_inputs; ++i) run(bred.next());
  std::printf("%zu seeds and %d inputs bred from them\n", seeds.size(), bred_inputs);
  return 0;
}
