// Sockets in other network namespaces: by name, by path, by process; the caller stays where it is.
#include "trivet/base/netns.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/capability.h>
#include <pthread.h>
#include <sched.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "tests/base/testing.h"
#include "tests/lab/command.h"
#include "tests/lab/net_namespace.h"
#include "tests/lab/privilege.h"
#include "trivet/base/error.h"
#include "trivet/base/so.h"
#include "trivet/inet/socket.h"

namespace trivet {
namespace {

// A process in a network namespace of its own, until the end of this object's life.
class isolated_process {
 public:
  isolated_process() {
    int ready[2];
    int stop[2];
    EXPECT_EQ(::pipe2(ready, O_CLOEXEC), 0);
    EXPECT_EQ(::pipe2(stop, O_CLOEXEC), 0);
    pid_ = ::fork();
    if (pid_ == 0) {
      ::close(ready[0]);
      ::close(stop[1]);
      char byte = ::unshare(CLONE_NEWNET) == 0 ? 'y' : 'n';
      (void)!::write(ready[1], &byte, 1);
      (void)!::read(stop[0], &byte, 1);
      ::_exit(0);
    }
    ::close(ready[1]);
    ::close(stop[0]);
    char answer = 0;
    EXPECT_EQ(::read(ready[0], &answer, 1), 1);
    EXPECT_EQ(answer, 'y');
    ::close(ready[0]);
    stop_ = descriptor(stop[1]);
  }
  ~isolated_process() { end(); }
  isolated_process(const isolated_process&) = delete;
  isolated_process& operator=(const isolated_process&) = delete;

  [[nodiscard]] ::pid_t pid() const { return pid_; }
  void end() {
    stop_.reset();
    if (pid_ > 0) ::waitpid(pid_, nullptr, 0);
    pid_ = -1;
  }

 private:
  ::pid_t pid_ = -1;
  descriptor stop_;
};

class namespaces : public test::leaves_nothing_open {
 protected:
  // What opening says, or an empty text where it succeeds.
  template <class Error = socket_error, class Open>
  static std::string message(Open open) {
    try {
      open();
    } catch (const Error& e) {
      return e.what();
    }
    return "";
  }

  // Whether a message says what was opened, and what is wrong with it.
  static void expect_said(const std::string& message, std::initializer_list<const char*> parts) {
    for (const char* part : parts) {
      EXPECT_NE(message.find(part), std::string::npos) << message << "\n  lacks: " << part;
    }
  }

  static std::string scratch(const char* name) {
    return std::string(std::getenv("TEST_TMPDIR") ? std::getenv("TEST_TMPDIR") : "/tmp") + "/" +
           name + std::to_string(::getpid());
  }
};

std::uint64_t cookie_of(const inet::socket& socket) { return socket.get<so::netns_cookie>(); }

TEST_F(namespaces, are_opened_by_name_by_path_and_by_process) {
  const std::uint64_t here = network_namespace::current().inode();
  const lab::net_namespace blue("blue");
  const isolated_process other;
  const std::uint64_t our_cookie = cookie_of(inet::socket(SOCK_DGRAM));
  std::vector<std::uint64_t> cookies;
  std::vector<std::uint64_t> inodes;
  for (const std::string& text :
       {std::string("blue"), std::string("/run/netns/blue"), std::to_string(other.pid()),
        "/proc/" + std::to_string(other.pid()) + "/ns/net"}) {
    const network_namespace there = network_namespace::parse(text);
    EXPECT_NE(there.inode(), here) << text;
    const inet::socket socket = there.run([] { return inet::socket(SOCK_DGRAM); });
    EXPECT_NE(cookie_of(socket), our_cookie) << text;
    cookies.push_back(cookie_of(socket));
    inodes.push_back(there.inode());
    EXPECT_EQ(network_namespace::current().inode(), here) << "the caller has moved";
    EXPECT_EQ(there.run([] { return network_namespace::current().inode(); }), there.inode());
  }
  EXPECT_EQ(cookies[0], cookies[1]);
  EXPECT_EQ(cookies[2], cookies[3]);
  EXPECT_NE(cookies[0], cookies[2]);
  EXPECT_EQ(inodes[0], inodes[1]);
  EXPECT_EQ(network_namespace::by_name("blue").label(), "blue");
  EXPECT_EQ(network_namespace::by_pid(::getpid()).inode(), here);
  EXPECT_EQ(cookie_of(network_namespace::current().run([] { return inet::socket(SOCK_DGRAM); })),
            our_cookie);
}

TEST_F(namespaces, live_as_long_as_a_handle_does) {
  auto blue = std::make_unique<lab::net_namespace>("blue");
  const network_namespace handle = network_namespace::by_name("blue");
  const inet::socket before = handle.run([] { return inet::socket(SOCK_DGRAM); });
  blue.reset();
  expect_said(message([] { (void)network_namespace::by_name("blue"); }),
              {"blue", "No such file", "ip netns list"});
  EXPECT_EQ(cookie_of(handle.run([] { return inet::socket(SOCK_DGRAM); })), cookie_of(before));

  isolated_process process;
  const auto pid = process.pid();
  const network_namespace of_process = network_namespace::by_pid(pid);
  process.end();
  EXPECT_NO_THROW(of_process.run([] { return inet::socket(SOCK_DGRAM); }));
  expect_said(message([=] { (void)network_namespace::by_pid(pid); }),
              {"process ", std::to_string(pid).c_str(), "there is no such process"});
}

TEST_F(namespaces, say_what_is_wrong_with_their_text) {
  for (const std::string& name : {std::string(), std::string("."), std::string(".."),
                                  std::string("a/b"), std::string("a\0b", 3)}) {
    EXPECT_THROW((void)network_namespace::by_name(name), address_error) << name;
  }
  expect_said(message([] { (void)network_namespace::parse("nosuch"); }),
              {"network namespace nosuch", "No such file or directory"});
  expect_said(message([] { (void)network_namespace::parse("/nosuch/file"); }),
              {"/nosuch/file", "No such file or directory"});
  EXPECT_THROW((void)network_namespace::by_path(std::string("/proc/self/ns/net\0x", 19)),
               address_error);
  EXPECT_THROW((void)network_namespace::parse(""), address_error);
  EXPECT_THROW((void)network_namespace::parse("99999999999999999999"), address_error);
  expect_said(message([] { (void)network_namespace::parse("4194305"); }),
              {"of process 4194305", "there is no such process"});
  EXPECT_THROW((void)network_namespace::by_pid(0), socket_error);
  EXPECT_THROW((void)network_namespace::by_pid(-1), socket_error);
  expect_said(message([] { (void)network_namespace::parse("-1"); }), {"namespace -1", "ip netns"});
  expect_said(message([] { (void)network_namespace::parse("12monkeys"); }), {"ip netns"});
}

TEST_F(namespaces, refuse_files_of_another_kind_without_waiting) {
  const std::string fifo = scratch("fifo");
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0) << fifo;
  const std::string file = scratch("file");
  std::ofstream(file) << "no namespace";
  for (const std::string& path :
       {fifo, file, std::string("/"), std::string("/dev/null"), std::string("/proc/self/ns/mnt")}) {
    expect_said(message([&] { (void)network_namespace::by_path(path); }),
                {path.c_str(), "Invalid argument", "no network namespace"});
  }
  ::unlink(fifo.c_str());
  ::unlink(file.c_str());
  // What is left where `ip netns add` was killed half-way.
  std::ofstream("/run/netns/half") << "";
  expect_said(message([] { (void)network_namespace::by_name("half"); }),
              {"half", "no network namespace"});
  ::unlink("/run/netns/half");
}

TEST_F(namespaces, hand_on_results_of_every_kind) {
  const lab::net_namespace blue("blue");
  const network_namespace there = network_namespace::by_name("blue");
  EXPECT_EQ(there.run([] { return 42; }), 42);
  EXPECT_EQ(*there.run([] { return std::make_unique<int>(7); }), 7) << "a value that only moves";
  int variable = 1;
  int& reference = there.run([&]() -> int& { return variable; });
  EXPECT_EQ(&reference, &variable);
  int&& moved = there.run([&]() -> int&& { return static_cast<int&&>(variable); });
  EXPECT_EQ(&moved, &variable);
  there.run([&] { ++variable; });
  EXPECT_EQ(variable, 2);
  // A function that cannot be copied, and one that changes itself.
  auto counter = [count = std::make_unique<int>(0)]() mutable { return ++*count; };
  EXPECT_EQ(there.run(counter), 1);
  EXPECT_EQ(there.run(counter), 2);
}

TEST_F(namespaces, hand_on_what_was_thrown) {
  struct payload {
    int value;
  };
  const lab::net_namespace blue("blue");
  const network_namespace there = network_namespace::by_name("blue");
  EXPECT_THROW(there.run([]() -> int { throw std::out_of_range("x"); }), std::out_of_range);
  try {
    there.run([] { throw payload{7}; });
    FAIL() << "nothing came";
  } catch (const payload& p) {
    EXPECT_EQ(p.value, 7);
  }
  try {
    there.run([] { inet::socket().connect(inet::address("192.0.2.1", 9)); });
    FAIL() << "connected";
  } catch (const peer_error& e) {
    EXPECT_EQ(e.code(), std::errc::network_unreachable);
  }
}

TEST_F(namespaces, are_left_alone_by_other_threads) {
  const std::uint64_t here = network_namespace::current().inode();
  const lab::net_namespace blue("blue");
  const lab::net_namespace green("green");
  const network_namespace one = network_namespace::by_name("blue");
  const network_namespace two = network_namespace::by_name("green");
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      const network_namespace& mine = i % 2 == 0 ? one : two;
      for (int round = 0; round < 25; ++round) {
        const auto inside = mine.run([] { return network_namespace::current().inode(); });
        if (inside != mine.inode()) ++wrong;
        if (network_namespace::current().inode() != here) ++wrong;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

TEST_F(namespaces, need_a_privilege_to_enter_and_say_so) {
  const lab::net_namespace blue("blue");
  const network_namespace there = network_namespace::by_name("blue");
  EXPECT_EQ(
      lab::without({CAP_SYS_ADMIN},
                   [&] {
                     bool ran = false;
                     try {
                       there.run([&] { ran = true; });
                       ADD_FAILURE() << "entered";
                     } catch (const not_permitted& e) {
                       expect_said(e.what(), {"enter network namespace blue", "CAP_SYS_ADMIN"});
                     }
                     EXPECT_FALSE(ran);
                     return 0;
                   }),
      0);
  EXPECT_EQ(lab::as_nobody([] {
              expect_said(message<not_permitted>([] { (void)network_namespace::by_pid(1); }),
                          {"of process 1", "run as root"});
              return 0;
            }),
            0);
}

// No machine has room for such a stack.
TEST_F(namespaces, that_can_have_no_thread_say_so) {
  const lab::net_namespace blue("blue");
  const network_namespace there = network_namespace::by_name("blue");
  ::pthread_attr_t usual;
  ::pthread_attr_t huge;
  ASSERT_EQ(::pthread_getattr_default_np(&usual), 0);
  ASSERT_EQ(::pthread_getattr_default_np(&huge), 0);
  ASSERT_EQ(::pthread_attr_setstacksize(&huge, std::size_t{1} << 47), 0);
  ASSERT_EQ(::pthread_setattr_default_np(&huge), 0);
  bool ran = false;
  const std::string said = message([&] { there.run([&] { ran = true; }); });
  EXPECT_EQ(::pthread_setattr_default_np(&usual), 0);
  ::pthread_attr_destroy(&huge);
  ::pthread_attr_destroy(&usual);
  EXPECT_FALSE(ran);
  expect_said(said,
              {"start a thread in network namespace blue", "temporarily unavailable", "limit"});
  EXPECT_TRUE(there.run([] { return true; })) << "and afterwards it works again";
}

TEST_F(namespaces, that_were_closed_or_never_were_cannot_be_entered) {
  const network_namespace none(descriptor(), "nothing");
  expect_said(message([&] { none.run([] {}); }), {"enter network namespace nothing", "Bad file"});
  expect_said(message([&] { (void)none.inode(); }), {"nothing", "Bad file"});
}

}  // namespace
}  // namespace trivet
