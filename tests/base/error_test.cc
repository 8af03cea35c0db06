// The classes of errors, and what their texts say.
#include "trivet/base/error.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <exception>
#include <future>
#include <memory>
#include <string>
#include <type_traits>
#include <typeinfo>
#include <utility>

#include "trivet/base/family.h"

namespace trivet {
namespace {

static_assert(std::is_base_of_v<std::system_error, socket_error>);
static_assert(std::is_nothrow_copy_constructible_v<socket_error>);
static_assert(std::is_nothrow_copy_constructible_v<address_error>);
static_assert(std::is_nothrow_copy_assignable_v<socket_error>);

struct error_class {
  int code;
  const std::type_info& type;
};

class error_classes : public testing::TestWithParam<error_class> {};

TEST_P(error_classes, belongs_to_the_code) {
  try {
    throw_socket_error(errno_code(GetParam().code), "call", "cure");
    FAIL() << "nothing was thrown";
  } catch (const socket_error& e) {
    EXPECT_EQ(typeid(e), GetParam().type) << e.what();
    EXPECT_EQ(e.code().value(), GetParam().code);
    EXPECT_EQ(e.code().category(), std::system_category());
    EXPECT_EQ(e.what(), "call: " + errno_code(GetParam().code).message() + " (cure)");
  }
}

INSTANTIATE_TEST_SUITE_P(
    every_code, error_classes,
    testing::Values(
        error_class{ETIMEDOUT, typeid(timed_out)}, error_class{EAGAIN, typeid(would_block)},
        error_class{EINPROGRESS, typeid(would_block)}, error_class{EALREADY, typeid(would_block)},
        error_class{EPERM, typeid(not_permitted)}, error_class{EACCES, typeid(not_permitted)},
        error_class{ECONNREFUSED, typeid(peer_error)}, error_class{ECONNRESET, typeid(peer_error)},
        error_class{ECONNABORTED, typeid(peer_error)}, error_class{EPIPE, typeid(peer_error)},
        error_class{ENOTCONN, typeid(peer_error)}, error_class{EHOSTUNREACH, typeid(peer_error)},
        error_class{EHOSTDOWN, typeid(peer_error)}, error_class{ENETUNREACH, typeid(peer_error)},
        error_class{ENETRESET, typeid(peer_error)}, error_class{ENODEV, typeid(device_error)},
        error_class{ENXIO, typeid(device_error)}, error_class{ENETDOWN, typeid(device_error)},
        error_class{EADDRNOTAVAIL, typeid(address_error)},
        error_class{EADDRINUSE, typeid(address_error)}, error_class{EINVAL, typeid(socket_error)},
        error_class{ENOBUFS, typeid(socket_error)}, error_class{EMSGSIZE, typeid(socket_error)},
        error_class{EBADF, typeid(socket_error)}, error_class{0, typeid(socket_error)}));

TEST(socket_error, keeps_a_code_of_another_category) {
  const auto code = std::make_error_code(std::future_errc::no_state);
  EXPECT_THROW(throw_socket_error(code, "call"), socket_error);
  try {
    throw_socket_error({EAGAIN, std::generic_category()}, "call");
  } catch (const would_block& e) {
    EXPECT_STREQ(e.what(), "call: Resource temporarily unavailable");
    EXPECT_EQ(e.advice(), "");
    EXPECT_EQ(e.operation(), "call");
  }
}

TEST(socket_error, keeps_its_text_in_every_copy) {
  auto first = std::make_unique<address_error>(address_error::in_field("inet", "port", "is wrong"));
  const address_error copied(*first);
  const address_error moved(std::move(*first));
  EXPECT_STREQ(first->what(), copied.what()) << "what was moved from still says what it said";
  first.reset();
  EXPECT_STREQ(copied.what(), "inet address, port: Invalid argument (is wrong)");
  EXPECT_STREQ(moved.what(), copied.what());
  EXPECT_EQ(copied.field(), "port");
  EXPECT_EQ(copied.code(), std::errc::invalid_argument);

  std::exception_ptr stored;
  try {
    throw family_unavailable(errno_code(EAFNOSUPPORT), "socket", unavailable_reason::not_built,
                             "x");
  } catch (...) {
    stored = std::current_exception();
  }
  try {
    std::rethrow_exception(stored);
  } catch (const family_unavailable& e) {
    EXPECT_EQ(e.reason(), unavailable_reason::not_built);
    EXPECT_EQ(e.advice(), "x");
  }
}

TEST(family_name, names_what_it_knows_and_numbers_the_rest) {
  EXPECT_EQ(family_name(30), "AF_TIPC");
  EXPECT_EQ(family_name(250), "AF_250");
  EXPECT_EQ(family_name(-1), "AF_-1");
  EXPECT_EQ(type_name(4), "SOCK_RDM");
  EXPECT_EQ(type_name(77), "77");
}

}  // namespace
}  // namespace trivet
