// Dumps of IPv6 routes that go round, and those that only seem to.
#include "trivet/netlink/state_reading.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>
#include <optional>
#include <vector>

#include "tests/lab/links.h"
#include "tests/lab/namespace_test.h"
#include "tests/netlink/monitor_lab.h"

namespace trivet::netlink {
namespace {

constexpr std::array<std::byte, 1> notification{};

reading with(std::size_t visited, std::size_t notifications, bool lost) {
  reading result{table(objects::route_v6)};
  result.visited = visited;
  result.lost = lost;
  for (std::size_t i = 0; i < notifications; ++i) result.meanwhile.add(notification);
  return result;
}

TEST(readings, are_endless_where_more_came_than_they_told_of) {
  EXPECT_TRUE(with(100, 8'300, false).is_endless(objects::route_v6, 0));
  EXPECT_FALSE(with(100, 8'200, false).is_endless(objects::route_v6, 0));
  EXPECT_FALSE(with(5'000, 12'000, false).is_endless(objects::route_v6, 0));
  EXPECT_FALSE(with(100, 8'300, false).is_endless(objects::route_v4, 0)) << "it knows its place";
}

TEST(readings, are_endless_where_they_told_of_more_than_there_was_and_nobody_knows_what_came) {
  EXPECT_TRUE(with(10'200, 0, true).is_endless(objects::route_v6, 1'000));
  EXPECT_FALSE(with(10'100, 0, true).is_endless(objects::route_v6, 1'000));
  EXPECT_FALSE(with(10'200, 0, false).is_endless(objects::route_v6, 1'000));
  EXPECT_FALSE(with(10'200, 0, true).is_endless(objects::route_v6, 0)) << "the first of all";
}

class state_reading : public trivet::lab::namespace_test {
 protected:
  static constexpr std::uint32_t many = 3'000;

  void SetUp() override {
    home().run({"ip", "-batch", "-"},
               "link add w0 type veth peer name w1\nlink set w1 up\nlink set w0 up\n");
    trivet::lab::wait_until_running({home(), "w0"});
    routes_.emplace(AF_INET6, "w0");
    routes_->add(first_, many);
  }

  std::uint32_t first_ = 1U << 20;
  std::optional<route_maker> routes_;
  state_reader reader_;
};

TEST_F(state_reading, counts_while_a_dump_goes_on) {
  route_maker(AF_INET, "w0").add(0, 100);  // they are another dump's
  std::vector<std::size_t> seen;
  const reading got = reader_.read(objects::route, {}, [&](reading& into, objects dumped) {
    if (dumped == objects::route_v6) seen.push_back(into.visited);
    return true;
  });
  ASSERT_GT(seen.size(), 3U);
  EXPECT_LT(seen[1], many);
  EXPECT_GE(seen.back(), many);
  EXPECT_EQ(seen.back(), got.fresh.routes_v6().size());
  EXPECT_EQ(got.partial, objects::none);
}

TEST_F(state_reading, gives_up_a_dump_that_goes_round) {
  int pieces = 0;
  const reading got = reader_.read(objects::route_v6, {}, [&](reading& into, objects dumped) {
    if (dumped != objects::route_v6 || ++pieces > 100) return true;
    first_ -= 1'000;
    routes_->add(first_, 1'000);  // before its place
    for (int i = 0; i < 1'000; ++i) into.meanwhile.add(notification);
    return !into.is_endless(dumped, 0);
  });
  EXPECT_EQ(got.partial, objects::route_v6);
  EXPECT_LT(pieces, 40);
  EXPECT_GT(got.fresh.routes_v6().size(), 0U) << "what it told of is known all the same";

  const reading again = reader_.read(objects::route_v6, {}, [](reading&, objects) { return true; });
  EXPECT_EQ(again.partial, objects::none);
  EXPECT_GT(again.fresh.routes_v6().size(), many + 1'000U);
}

}  // namespace
}  // namespace trivet::netlink
