// Control messages: crafted buffers, broken lengths, and who owns the descriptors in them.
#include "trivet/base/control.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/errqueue.h>
#include <netinet/in.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "trivet/base/error_queue.h"

namespace trivet {
namespace {

// A buffer as a kernel might have filled it, or as none ever would.
class crafted {
 public:
  // @param length  cmsg_len as it is claimed
  crafted& header(std::size_t length, int level, int type) {
    ::cmsghdr header{};
    header.cmsg_len = length;
    header.cmsg_level = level;
    header.cmsg_type = type;
    return bytes(std::as_bytes(std::span(&header, 1)));
  }
  crafted& bytes(const_bytes more) {
    bytes_.insert(bytes_.end(), more.begin(), more.end());
    return *this;
  }
  crafted& zeros(std::size_t count) {
    bytes_.resize(bytes_.size() + count);
    return *this;
  }
  crafted& whole(int level, int type, const_bytes data) {
    header(CMSG_LEN(data.size()), level, type).bytes(data);
    return zeros(CMSG_SPACE(data.size()) - CMSG_LEN(data.size()));
  }

  void into(control_buffer& buffer) const {
    std::memcpy(buffer.storage().data(), bytes_.data(), bytes_.size());
    buffer.filled(bytes_.size(), false);
  }

 private:
  std::vector<std::byte> bytes_;
};

template <class T>
const_bytes raw(const T& value) {
  return std::as_bytes(std::span<const T, 1>(&value, 1));
}

bool is_open(int fd) { return ::fcntl(fd, F_GETFD) >= 0; }

descriptor some_descriptor() { return descriptor(::open("/dev/null", O_RDONLY | O_CLOEXEC)); }

TEST(control_buffer, reads_every_message_in_order) {
  control_buffer buffer;
  const int first = 1;
  const std::uint64_t second = 2;
  crafted().whole(1000, 1, raw(first)).whole(1000, 2, raw(second)).into(buffer);
  const auto messages = buffer.messages();
  ASSERT_EQ(messages.size(), 2U);
  EXPECT_EQ(messages[0].type, 1);
  EXPECT_EQ(messages[0].data.size(), sizeof first);
  EXPECT_EQ(load_padded<std::uint64_t>(messages[1].data), 2U);
  EXPECT_FALSE(buffer.find(1000, 3));
  EXPECT_TRUE(buffer.find(1000, 2));
}

TEST(control_buffer, ends_the_list_at_a_broken_length) {
  constexpr std::size_t huge = std::numeric_limits<std::size_t>::max();
  const int value = 1;
  for (const std::size_t length : {std::size_t{0}, std::size_t{1}, CMSG_LEN(0) - 1, CMSG_LEN(9),
                                   huge, huge - sizeof(::cmsghdr) + 1, huge / 2 + 1}) {
    control_buffer buffer;
    crafted().whole(1000, 1, raw(value)).header(length, 1000, 2).bytes(raw(value)).into(buffer);
    EXPECT_EQ(buffer.messages().size(), 1U) << length;
    EXPECT_FALSE(buffer.find(1000, 2)) << length;
  }
}

TEST(control_buffer, takes_a_last_message_without_padding_and_a_header_without_data) {
  control_buffer buffer;
  const char byte = 'x';
  crafted().header(CMSG_LEN(0), 1000, 1).header(CMSG_LEN(1), 1000, 2).bytes(raw(byte)).into(buffer);
  ASSERT_EQ(buffer.messages().size(), 2U);
  EXPECT_TRUE(buffer.messages()[0].data.empty());
  EXPECT_EQ(text_of(buffer.messages()[1].data), "x");
}

TEST(control_buffer, ignores_less_than_a_header) {
  control_buffer buffer;
  crafted().zeros(sizeof(::cmsghdr) - 1).into(buffer);
  EXPECT_TRUE(buffer.messages().empty());
  buffer.filled(0, true);
  EXPECT_TRUE(buffer.messages().empty());
  EXPECT_TRUE(buffer.truncated());
}

TEST(control_buffer, believes_no_size_beyond_its_own) {
  control_buffer buffer;
  std::memset(buffer.storage().data(), 0, buffer.storage().size());
  buffer.filled(std::numeric_limits<std::size_t>::max(), false);
  EXPECT_TRUE(buffer.messages().empty());
}

TEST(control_buffer, finds_nothing_in_a_message_that_is_too_short) {
  control_buffer buffer;
  const int half = 1;
  crafted().whole(SOL_SOCKET, SO_TIMESTAMPNS, raw(half)).into(buffer);
  EXPECT_FALSE(buffer.find<control::timestampns>());
}

TEST(control_buffer, closes_descriptors_that_nobody_took) {
  const int fd = some_descriptor().release();
  const int other = some_descriptor().release();
  const int pidfd = some_descriptor().release();
  {
    control_buffer buffer;
    const int fds[] = {fd, other};
    crafted()
        .whole(SOL_SOCKET, SCM_RIGHTS, std::as_bytes(std::span(fds)))
        .whole(SOL_SOCKET, SCM_PIDFD, raw(pidfd))
        .into(buffer);
    EXPECT_EQ(buffer.find<control::rights>()->fds, (std::vector<int>{fd, other}));
    EXPECT_EQ(buffer.find<control::pidfd>()->value, pidfd);
    EXPECT_TRUE(is_open(fd)) << "reading the numbers takes nothing";
  }
  EXPECT_FALSE(is_open(fd));
  EXPECT_FALSE(is_open(other));
  EXPECT_FALSE(is_open(pidfd));
}

TEST(control_buffer, hands_over_descriptors_once_each_kind_for_itself) {
  const int fd = some_descriptor().release();
  const int pidfd = some_descriptor().release();
  std::vector<descriptor> taken;
  {
    control_buffer buffer;
    crafted()
        .whole(SOL_SOCKET, SCM_RIGHTS, raw(fd))
        .whole(SOL_SOCKET, SCM_PIDFD, raw(pidfd))
        .into(buffer);
    taken = buffer.take_descriptors();
    ASSERT_EQ(taken.size(), 1U);
    EXPECT_EQ(taken[0].get(), fd);
    EXPECT_TRUE(buffer.take_descriptors().empty());
  }
  EXPECT_TRUE(is_open(fd)) << "it was taken";
  EXPECT_FALSE(is_open(pidfd)) << "it was not";

  const int other = some_descriptor().release();
  control_buffer buffer;
  crafted().whole(SOL_SOCKET, SCM_PIDFD, raw(other)).into(buffer);
  {
    const descriptor mine = buffer.take_pidfd();
    EXPECT_EQ(mine.get(), other);
    EXPECT_FALSE(buffer.take_pidfd());
    buffer.clear();
    EXPECT_TRUE(is_open(other));
  }
  EXPECT_FALSE(is_open(other));
}

TEST(control_buffer, closes_no_descriptor_twice_and_none_of_another_level) {
  const descriptor mine = some_descriptor();
  const int fd = mine.get();
  control_buffer buffer;
  crafted().whole(1000, SCM_RIGHTS, raw(fd)).into(buffer);
  buffer.clear();
  EXPECT_TRUE(is_open(fd));
  const int negative = -1;
  crafted().whole(SOL_SOCKET, SCM_RIGHTS, raw(negative)).into(buffer);
  EXPECT_TRUE(buffer.take_descriptors().empty());
  buffer.clear();
  buffer.clear();
  EXPECT_TRUE(is_open(fd));
}

TEST(control_buffer, reads_descriptors_out_of_an_odd_length) {
  const int fd = some_descriptor().release();
  control_buffer buffer;
  std::array<std::byte, sizeof(int) + 3> data{};
  std::memcpy(data.data(), &fd, sizeof fd);
  crafted().whole(SOL_SOCKET, SCM_RIGHTS, data).into(buffer);
  EXPECT_EQ(buffer.find<control::rights>()->fds.size(), 1U);
  EXPECT_EQ(buffer.take_descriptors().size(), 1U);
  EXPECT_FALSE(is_open(fd));
}

TEST(control_writer, writes_what_control_buffer_reads) {
  control_writer out;
  EXPECT_TRUE(out.empty());
  const ::ucred me{::getpid(), ::getuid(), ::getgid()};
  control::credentials credentials;
  credentials.value = me;
  control::mark mark;
  mark.value = 7;
  out.add(credentials).add(mark).append(1000, 1, bytes_of("odd"));
  EXPECT_EQ(out.bytes().size() % alignof(::cmsghdr), 0U);

  control_buffer buffer;
  std::memcpy(buffer.storage().data(), out.bytes().data(), out.bytes().size());
  buffer.filled(out.bytes().size(), false);
  EXPECT_EQ(buffer.find<control::credentials>()->value.pid, me.pid);
  EXPECT_EQ(buffer.find<control::mark>()->value, 7U);
  EXPECT_EQ(text_of(*buffer.find(1000, 1)), "odd");
}

TEST(control, decodes_text_up_to_its_terminator) {
  EXPECT_EQ(control::security::decode(bytes_of(std::string("label\0x", 7)))->label, "label");
  EXPECT_EQ(control::security::decode(bytes_of("label"))->label, "label");
  EXPECT_EQ(control::security::decode({})->label, "");
}

// What the kernel only hands out cannot be sent by mistake, and the other way round.
static_assert(readable_control<control::timestampns> && !writable_control<control::timestampns>);
static_assert(readable_control<control::rxq_ovfl> && !writable_control<control::rxq_ovfl>);
static_assert(readable_control<control::pidfd> && !writable_control<control::pidfd>);
static_assert(readable_control<control::security> && !writable_control<control::security>);
static_assert(readable_control<control::rights> && writable_control<control::rights>);
static_assert(readable_control<control::mark> && writable_control<control::mark>);
static_assert(writable_control<control::txtime> && !readable_control<control::txtime>);
static_assert(writable_control<control::timestamping_request>);

TEST(extended_error, is_found_at_each_familys_level) {
  ::sock_extended_err error{};
  error.ee_errno = ECONNREFUSED;
  error.ee_origin = SO_EE_ORIGIN_ICMP;
  error.ee_type = 3;
  error.ee_code = 4;
  error.ee_info = 5;
  error.ee_data = 6;
  for (const auto& [level, type] : {std::pair{SOL_IP, IP_RECVERR}, {SOL_IPV6, IPV6_RECVERR}}) {
    control_buffer buffer;
    crafted().whole(1000, 1, {}).whole(level, type, raw(error)).into(buffer);
    const auto found = find_extended_error(buffer);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->code(), std::errc::connection_refused);
    EXPECT_EQ(found->origin, SO_EE_ORIGIN_ICMP);
    EXPECT_EQ(found->type, 3);
    EXPECT_EQ(found->detail, 4);
    EXPECT_EQ(found->info, 5U);
    EXPECT_EQ(found->data, 6U);
    EXPECT_EQ(found->offender.size(), 0U);
  }
}

TEST(extended_error, takes_no_offender_from_too_few_bytes) {
  ::sock_extended_err error{};
  EXPECT_FALSE(extended_error::decode(raw(error).first(sizeof error - 1)));

  std::vector<std::byte> data(raw(error).begin(), raw(error).end());
  data.push_back(std::byte{AF_INET});
  EXPECT_EQ(extended_error::decode(data)->offender.size(), 0U) << "half a family";
  data.push_back(std::byte{0});
  EXPECT_EQ(extended_error::decode(data)->offender.size(), 2U) << "a family and no more";
  data.resize(data.size() + 500);
  EXPECT_EQ(extended_error::decode(data)->offender.size(), sockaddr_bytes::capacity);
}

}  // namespace
}  // namespace trivet
