// A GoogleTest fixture: each test in a network namespace of its own.

#ifndef TESTS_LAB_NAMESPACE_TEST_H_
#define TESTS_LAB_NAMESPACE_TEST_H_

#include <gtest/gtest.h>

#include "tests/lab/net_namespace.h"

namespace trivet::lab {

/// The test's thread, and those that it starts, are in a fresh namespace with lo up.
///
///     using monitor = trivet::lab::namespace_test;
///     TEST_F(monitor, sees_a_new_link) { … }
class namespace_test : public testing::Test {
 protected:
  [[nodiscard]] const net_namespace& home() const { return home_; }

 private:
  net_namespace home_;
  inside inside_{home_};
};

}  // namespace trivet::lab

#endif  // TESTS_LAB_NAMESPACE_TEST_H_
