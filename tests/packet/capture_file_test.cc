// Capture files on real file systems and pipes: what is in them when a write fails.
#include "trivet/packet/capture_file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>

namespace trivet::packet {
namespace {

const std::string payload(1000, 'x');

pcapng::packet a_packet() { return {.data = bytes_of(payload), .wire_size = 1000}; }

std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

class capture_files : public ::testing::Test {
 protected:
  capture_files() {
    std::string pattern = ::testing::TempDir() + "capture_file_XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
  }
  [[nodiscard]] std::string path() const { return folder_ + "/x.pcapng"; }

 private:
  std::string folder_;
};

TEST_F(capture_files, hold_what_was_added_once_they_are_closed) {
  capture_file file = capture_file::create(path());
  file.add(pcapng::section{});
  EXPECT_EQ(file.add(pcapng::interface{}), 0U);
  EXPECT_EQ(file.add(pcapng::interface{}), 1U);
  for (int i = 0; i < 3000; ++i) file.add(a_packet());
  EXPECT_LT(file.packets(), 3000U) << "some are buffered";
  file.close();
  EXPECT_EQ(file.packets(), 3000U);
  const std::string content = content_of(path());
  EXPECT_EQ(file.size(), content.size());
  const pcapng::whole_blocks whole = pcapng::count_whole(bytes_of(content));
  EXPECT_EQ(whole.size, content.size());
  EXPECT_EQ(whole.packets, 3000U);
}

TEST_F(capture_files, empty_a_file_that_exists) {
  std::ofstream(path()) << payload;
  capture_file::create(path()).close();
  EXPECT_EQ(content_of(path()), "");
}

TEST_F(capture_files, name_what_cannot_be_opened) {
  try {
    (void)capture_file::create(path() + "/no");
    FAIL();
  } catch (const file_error& error) {
    EXPECT_EQ(error.code(), std::errc::no_such_file_or_directory);
    EXPECT_NE(std::string(error.what()).find(path()), std::string::npos);
  }
}

// A limit on the size stands for a full disk: the kernel writes what fits, then fails.
TEST_F(capture_files, end_with_a_whole_block_when_the_disk_is_full) {
  ::signal(SIGXFSZ, SIG_IGN);
  ::rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  const ::rlimit small{10'000, before.rlim_max};
  capture_file file = capture_file::create(path());
  file.add(pcapng::section{});
  file.add(pcapng::interface{});
  file.flush();
  for (int i = 0; i < 100; ++i) file.add(a_packet());
  ::setrlimit(RLIMIT_FSIZE, &small);
  std::error_code failed;
  try {
    file.flush();
  } catch (const file_error& error) {
    failed = error.code();
  }
  ::setrlimit(RLIMIT_FSIZE, &before);
  EXPECT_EQ(failed, std::errc::file_too_large);
  const std::string content = content_of(path());
  EXPECT_LE(content.size(), 10'000U);
  EXPECT_GT(content.size(), 8'900U);
  const pcapng::whole_blocks whole = pcapng::count_whole(bytes_of(content));
  EXPECT_EQ(whole.size, content.size());
  EXPECT_EQ(whole.packets, 9U);
  EXPECT_EQ(file.packets(), 9U);
  EXPECT_EQ(file.size(), content.size());
  EXPECT_THROW(file.add(a_packet()), file_error) << "after an error it takes nothing";
  EXPECT_THROW(file.close(), file_error);
  EXPECT_EQ(content_of(path()), content);
}

TEST_F(capture_files, begin_where_the_descriptor_stands) {
  std::ofstream(path()) << "before";
  descriptor fd(::open(path().c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
  capture_file file(std::move(fd), "x");
  file.add(pcapng::section{});
  file.close();
  EXPECT_EQ(content_of(path()).size(), 6U + 28U);
}

struct pipe_ends {
  pipe_ends() {
    int fds[2];
    EXPECT_EQ(::pipe2(fds, O_CLOEXEC), 0);
    reader = descriptor(fds[0]);
    writer = descriptor(fds[1]);
  }
  descriptor reader;
  descriptor writer;
};

TEST(capture_pipes, say_that_the_reader_went) {
  ::signal(SIGPIPE, SIG_IGN);
  pipe_ends ends;
  ends.reader.reset();
  capture_file file(std::move(ends.writer), "pipe");
  file.add(pcapng::section{});
  try {
    file.flush();
    FAIL();
  } catch (const file_error& error) {
    EXPECT_EQ(error.code(), std::errc::broken_pipe);
  }
}

TEST(capture_pipes, wait_for_a_slow_reader) {
  pipe_ends ends;
  std::size_t received = 0;
  std::thread reader([&, fd = std::move(ends.reader)] {
    char chunk[1000];
    for (::ssize_t got = 1; got > 0; received += static_cast<std::size_t>(got)) {
      got = ::read(fd.get(), chunk, sizeof chunk);
    }
  });
  capture_file file(std::move(ends.writer), "pipe");
  for (int i = 0; i < 2000; ++i) file.add(a_packet());
  file.close();
  reader.join();
  EXPECT_EQ(received, file.size());
  EXPECT_EQ(file.packets(), 2000U);
}

TEST(capture_pipes, give_up_a_reader_who_stopped_once_the_run_is_to_end) {
  pipe_ends ends;
  pipe_ends stop;
  capture_file file(std::move(ends.writer), "pipe");
  file.watch_stop(stop.reader.get());
  stop.writer.reset();  // readable from now on
  for (int i = 0; i < 100; ++i) file.add(a_packet());
  try {
    file.flush();
    FAIL();
  } catch (const file_error& error) {
    EXPECT_EQ(error.code(), std::errc::operation_canceled);
  }
}

}  // namespace
}  // namespace trivet::packet
