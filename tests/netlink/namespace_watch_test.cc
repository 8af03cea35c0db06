// The watch of network namespaces on a real kernel.
#include "trivet/netlink/namespace_watch.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <thread>

#include "tests/lab/command.h"
#include "tests/lab/namespace_test.h"

namespace trivet::netlink {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;
using kind = namespace_change_kind;
using trivet::lab::net_namespace;

class netlink_namespace_watch : public trivet::lab::namespace_test {
 protected:
  netlink_namespace_watch() : top_(fs::path(testing::TempDir()) / "spaces") {
    fs::remove_all(top_);
    fs::create_directory(top_);
  }
  ~netlink_namespace_watch() override {
    // Detached: what a failed test left mounted shall not keep the folder.
    for (const auto& [at, what] : mounted_) ::umount2(at.c_str(), MNT_DETACH);
    std::error_code ignored;
    fs::remove_all(top_, ignored);
  }

  [[nodiscard]] fs::path folder() const { return top_ / "run" / "names"; }
  [[nodiscard]] namespace_watch_options options() const {
    return {.folder = folder(), .own = false};
  }

  // The steps of `ip netns add`.
  void make_file(const std::string& name) const {
    const int fd = ::open((folder() / name).c_str(), O_RDONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0);
    ASSERT_GE(fd, 0);
    ::close(fd);
  }
  void mount(const std::string& name, const std::string& what) {
    const std::string at = folder() / name;
    ASSERT_EQ(::mount(what.c_str(), at.c_str(), nullptr, MS_BIND, nullptr), 0);
    mounted_[at] = what;
  }
  void add(const std::string& name, const net_namespace& space) {
    make_file(name);
    mount(name, space.path());
  }
  void unmount(const std::string& name) {
    const std::string at = folder() / name;
    ASSERT_EQ(::umount2(at.c_str(), MNT_DETACH), 0);
    mounted_.erase(at);
  }
  void remove(const std::string& name) {
    unmount(name);
    ASSERT_EQ(::unlink((folder() / name).c_str()), 0);
  }

 private:
  fs::path top_;
  std::map<std::string, std::string> mounted_;
};

std::string text(const std::optional<namespace_change>& change) {
  if (!change) return "nothing";
  const char* const word = change->kind == kind::appeared   ? "appeared"
                           : change->kind == kind::vanished ? "vanished"
                                                            : "renamed";
  std::string result = word;
  for (const std::string& name : change->which.names) result += " " + name;
  return result;
}

std::string next(namespace_watch& watch) { return text(watch.next(deadline::after(20s))); }
// What has been told by now. A system call that has returned has told it.
std::string now(namespace_watch& watch) { return text(watch.next(deadline::immediate())); }

TEST_F(netlink_namespace_watch, knows_those_with_a_name_and_the_own_one) {
  const net_namespace blue("blue");
  namespace_watch watch;
  EXPECT_EQ(now(watch), "nothing") << "the beginning is no news";
  ASSERT_EQ(watch.namespaces().size(), 2U);
  for (const auto& [identity, space] : watch.namespaces()) {
    EXPECT_EQ(identity, space.identity);
    EXPECT_EQ(space.own, space.label() == home().name());
    EXPECT_EQ(identity.inode, network_namespace::by_name(space.label()).inode());
  }
  {
    const net_namespace green("green");
    EXPECT_EQ(now(watch), "appeared green");
    EXPECT_EQ(now(watch), "nothing");
    EXPECT_EQ(watch.namespaces().size(), 3U);
  }
  EXPECT_EQ(now(watch), "vanished green");
  EXPECT_EQ(now(watch), "nothing");
  EXPECT_TRUE(watch.wake_up().is_never()) << "nothing is searched for by the clock";
}

TEST_F(netlink_namespace_watch, an_own_one_without_a_name_goes_by_a_path) {
  namespace_watch watch({.folder = folder()});
  ASSERT_EQ(watch.namespaces().size(), 1U);
  const known_namespace& own = watch.namespaces().begin()->second;
  EXPECT_TRUE(own.own);
  EXPECT_EQ(own.label(), "/proc/self/ns/net");
  EXPECT_EQ(own.identity, namespace_identity::current());
}

TEST_F(netlink_namespace_watch, a_name_is_one_from_the_mount_to_the_unmount) {
  fs::create_directories(folder());
  namespace_watch watch(options());
  const net_namespace blue;
  make_file("blue");
  EXPECT_EQ(now(watch), "nothing");
  EXPECT_EQ(watch.other_files(), 1U);
  mount("blue", blue.path());
  EXPECT_EQ(now(watch), "appeared blue");
  EXPECT_EQ(watch.other_files(), 0U);
  unmount("blue");
  EXPECT_EQ(now(watch), "vanished blue");
  EXPECT_EQ(watch.other_files(), 1U);
  fs::remove(folder() / "blue");
  EXPECT_EQ(now(watch), "nothing");
  EXPECT_EQ(watch.other_files(), 0U);
}

TEST_F(netlink_namespace_watch, finds_the_folder_when_it_is_made_and_made_again) {
  namespace_watch watch(options());
  const net_namespace blue;
  for (int i = 0; i < 2; ++i) {
    fs::create_directory(folder().parent_path());
    EXPECT_EQ(now(watch), "nothing");
    fs::create_directory(folder());
    EXPECT_EQ(now(watch), "nothing");
    add("blue", blue);
    EXPECT_EQ(now(watch), "appeared blue");
    remove("blue");
    EXPECT_EQ(now(watch), "vanished blue");
    fs::remove_all(folder().parent_path());
    EXPECT_EQ(now(watch), "nothing");
  }
  // All at once.
  fs::create_directories(folder());
  add("blue", blue);
  EXPECT_EQ(now(watch), "appeared blue");
}

TEST_F(netlink_namespace_watch, follows_a_folder_that_something_is_mounted_on) {
  fs::create_directories(folder());
  const net_namespace blue, green;
  add("blue", blue);
  namespace_watch watch(options());
  ASSERT_EQ(::mount("none", folder().c_str(), "tmpfs", 0, nullptr), 0);
  EXPECT_EQ(now(watch), "vanished blue");
  add("green", green);
  EXPECT_EQ(now(watch), "appeared green");
  remove("green");
  EXPECT_EQ(now(watch), "vanished green");
  ASSERT_EQ(::umount(folder().c_str()), 0);
  EXPECT_EQ(now(watch), "appeared blue");
}

TEST_F(netlink_namespace_watch, one_namespace_may_have_several_names) {
  fs::create_directories(folder());
  namespace_watch watch(options());
  const net_namespace blue;
  add("m", blue);
  EXPECT_EQ(now(watch), "appeared m");
  add("a", blue);
  EXPECT_EQ(now(watch), "renamed a m");
  EXPECT_EQ(watch.namespaces().begin()->second.label(), "a");
  remove("a");
  EXPECT_EQ(now(watch), "renamed m");
  remove("m");
  EXPECT_EQ(now(watch), "vanished m");
}

TEST_F(netlink_namespace_watch, one_name_may_be_several_namespaces_one_after_the_other) {
  fs::create_directories(folder());
  namespace_watch watch(options());
  const net_namespace one, other;
  add("blue", one);
  EXPECT_EQ(now(watch), "appeared blue");
  remove("blue");
  add("blue", other);  // nobody has looked meanwhile
  EXPECT_EQ(now(watch), "vanished blue");
  EXPECT_EQ(now(watch), "appeared blue");
  EXPECT_EQ(watch.namespaces().begin()->first.inode,
            network_namespace::by_name(other.name()).inode());
}

TEST_F(netlink_namespace_watch, follows_a_name_that_is_changed) {
  fs::create_directories(folder());
  namespace_watch watch(options());
  const net_namespace blue;
  add("blue", blue);
  EXPECT_EQ(now(watch), "appeared blue");
  // Where it is mounted it cannot be renamed; elsewhere it can.
  const std::string from = folder() / "blue", to = folder() / "green";
  trivet::lab::run({"unshare", "-m", "sh", "-c", "umount " + from + " && mv " + from + " " + to});
  EXPECT_EQ(now(watch), "renamed green");
  ASSERT_EQ(::umount2(to.c_str(), MNT_DETACH), 0);
  EXPECT_EQ(now(watch), "vanished green");
}

TEST_F(netlink_namespace_watch, what_is_no_network_namespace_is_counted_and_harms_nothing) {
  fs::create_directories(folder());
  make_file("plain");
  ASSERT_EQ(::mkfifo((folder() / "fifo").c_str(), 0600), 0);
  fs::create_directory(folder() / "folder");
  fs::create_symlink("nowhere", folder() / "dangling");
  fs::create_symlink("/proc/self/ns/mnt", folder() / "mounts");
  namespace_watch watch(options());
  EXPECT_TRUE(watch.namespaces().empty());
  EXPECT_EQ(watch.other_files(), 5U);
}

// A process in a namespace of its own, until it is told to end.
class process_elsewhere {
 public:
  process_elsewhere() : running_({"unshare", "-n", "sh", "-c", "echo ready; exec sleep 1000"}) {
    EXPECT_TRUE(running_.read_until("ready", trivet::lab::after(trivet::lab::patience)));
  }
  [[nodiscard]] std::string path() const {
    return "/proc/" + std::to_string(running_.pid()) + "/ns/net";
  }
  void end() {
    running_.signal(SIGKILL);
    running_.wait(trivet::lab::after(trivet::lab::patience));
  }

 private:
  trivet::lab::background running_;
};

TEST_F(netlink_namespace_watch, a_namespace_that_a_process_holds_vanishes_with_its_name) {
  fs::create_directories(folder());
  namespace_watch watch(options());
  process_elsewhere other;
  make_file("blue");
  mount("blue", other.path());
  EXPECT_EQ(now(watch), "appeared blue");
  remove("blue");
  EXPECT_EQ(now(watch), "vanished blue");
}

TEST_F(netlink_namespace_watch, a_name_that_is_a_link_to_a_process_goes_with_it) {
  fs::create_directories(folder());
  process_elsewhere other;
  fs::create_symlink(other.path(), folder() / "container");
  namespace_watch watch(options());
  ASSERT_EQ(watch.namespaces().size(), 1U);
  fs::rename(folder() / "container", folder() / "crate");
  EXPECT_EQ(now(watch), "renamed crate");
  EXPECT_TRUE(watch.wake_up().is_never());
  other.end();
  EXPECT_EQ(next(watch), "vanished crate");
  EXPECT_EQ(watch.other_files(), 1U);
}

TEST_F(netlink_namespace_watch, finds_those_of_processes_by_searching_where_it_is_asked_to) {
  fs::create_directories(folder());
  process_elsewhere other;
  auto with_processes = options();
  with_processes.process_interval = 20ms;
  namespace_watch watch(with_processes);
  const auto identity = namespace_identity::at(other.path());
  ASSERT_TRUE(identity);
  ASSERT_EQ(watch.namespaces().count(*identity), 1U);
  EXPECT_EQ(watch.namespaces().at(*identity).label(), other.path());
  EXPECT_FALSE(watch.wake_up().is_never());
  ASSERT_TRUE(watch.open(*identity));
  make_file("blue");
  mount("blue", other.path());
  // Other processes of this machine may come and go.
  const auto wait_for = [&](kind what) {
    while (auto change = watch.next(deadline::after(20s))) {
      if (change->which.identity == *identity && change->kind == what) return change;
    }
    return std::optional<namespace_change>();
  };
  EXPECT_EQ(text(wait_for(kind::renamed)), "renamed blue");
  remove("blue");
  EXPECT_EQ(text(wait_for(kind::renamed)), "renamed");
  other.end();
  EXPECT_EQ(text(wait_for(kind::vanished)), "vanished");
}

TEST_F(netlink_namespace_watch, opens_what_it_knows_and_keeps_nothing_open) {
  fs::create_directories(folder());
  const auto open_files = [] {
    return std::distance(fs::directory_iterator("/proc/self/fd"), fs::directory_iterator());
  };
  const auto before = open_files();
  {
    namespace_watch watch(options());
    const auto own_files = open_files() - before;
    EXPECT_LE(own_files, 5);
    const net_namespace blue;
    add("blue", blue);
    EXPECT_EQ(now(watch), "appeared blue");
    const auto identity = watch.namespaces().begin()->first;
    const auto opened = watch.open(identity);
    ASSERT_TRUE(opened);
    EXPECT_EQ(namespace_identity::of(*opened), identity);
    remove("blue");
    EXPECT_FALSE(watch.open(identity)) << "no longer there, and not yet told";
    EXPECT_EQ(now(watch), "vanished blue");
    EXPECT_FALSE(watch.open(identity));
  }
  EXPECT_EQ(open_files(), before);
}

short readable(int fd, int milliseconds) {
  ::pollfd file{fd, POLLIN, 0};
  ::poll(&file, 1, milliseconds);
  return file.revents;
}

TEST_F(netlink_namespace_watch, wakes_an_event_loop_that_polls_its_descriptor) {
  fs::create_directories(folder());
  make_file("blue");
  const net_namespace blue;
  namespace_watch watch(options());
  EXPECT_EQ(readable(watch.native_handle(), 0), 0);
  std::thread other([&] { mount("blue", blue.path()); });
  EXPECT_EQ(readable(watch.native_handle(), 20'000), POLLIN);
  other.join();
  // That poll took the kernel's word that the mounts have changed; it is not lost.
  EXPECT_EQ(now(watch), "appeared blue");
  EXPECT_EQ(now(watch), "nothing");
  EXPECT_EQ(readable(watch.native_handle(), 50), 0) << "an idle watch wakes nobody";
  unmount("blue");
  EXPECT_EQ(now(watch), "vanished blue") << "nobody polled";
  EXPECT_EQ(readable(watch.native_handle(), 0), 0);
}

}  // namespace
}  // namespace trivet::netlink
