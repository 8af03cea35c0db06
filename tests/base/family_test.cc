// Why a kernel refuses a family: every answer, from the files that a machine would have.
#include "trivet/base/family.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <unistd.h>
#include <zlib.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "tests/base/testing.h"
#include "tests/lab/privilege.h"
#include "trivet/base/socket_base.h"

namespace trivet {
namespace {

std::string release() {
  ::utsname name{};
  ::uname(&name);
  return name.release;
}

// A root directory that holds a few files; diagnose_family is asked in a child that sees no other.
class machine {
 public:
  machine() {
    std::string name =
        std::string(std::getenv("TEST_TMPDIR") ? std::getenv("TEST_TMPDIR") : "/tmp") +
        "/machine-XXXXXX";
    if (::mkdtemp(name.data()) == nullptr) ADD_FAILURE() << name;
    root_ = name;
  }
  ~machine() { std::filesystem::remove_all(root_); }
  machine(const machine&) = delete;
  machine& operator=(const machine&) = delete;

  machine& file(const std::string& path, const std::string& content) {
    std::filesystem::create_directories((root_ + path).substr(0, (root_ + path).rfind('/')));
    std::ofstream(root_ + path) << content;
    return *this;
  }
  machine& compressed(const std::string& path, const std::string& content) {
    file(path, "");
    const gzFile out = ::gzopen((root_ + path).c_str(), "w");
    ::gzwrite(out, content.data(), static_cast<unsigned>(content.size()));
    ::gzclose(out);
    return *this;
  }
  machine& folder(const std::string& path) {
    std::filesystem::create_directories(root_ + path);
    return *this;
  }

  [[nodiscard]] family_diagnosis ask(int family = AF_TIPC) const {
    int ends[2];
    EXPECT_EQ(::pipe2(ends, O_CLOEXEC), 0);
    const descriptor in(ends[0]);
    descriptor out(ends[1]);
    const int status = lab::in_child([&] {
      if (::chroot(root_.c_str()) < 0 || ::chdir("/") < 0) return 1;
      const family_diagnosis found = diagnose_family(family);
      const std::string text = std::to_string(static_cast<int>(found.reason)) + found.advice;
      return ::write(out.get(), text.data(), text.size()) < 0 ? 1 : 0;
    });
    EXPECT_EQ(status, 0);
    out.reset();
    std::array<char, 4096> text{};
    EXPECT_GT(::read(in.get(), text.data(), text.size() - 1), 1);
    return {static_cast<unavailable_reason>(text[0] - '0'), text.data() + 1};
  }

 private:
  std::string root_;
};

std::string modules_dep() { return "/lib/modules/" + release() + "/modules.dep"; }

bool says(const family_diagnosis& found, const std::string& part) {
  return found.advice.find(part) != std::string::npos;
}

TEST(diagnosis, of_a_machine_that_shows_nothing) {
  const auto found = machine().ask();
  EXPECT_EQ(found.reason, unavailable_reason::unknown);
  EXPECT_TRUE(says(found, "AF_TIPC") && says(found, release())) << found.advice;
}

TEST(diagnosis, of_a_family_that_was_left_out) {
  const std::string config = "CONFIG_NET=y\n# CONFIG_TIPC is not set\nCONFIG_TIPC_CRYPTO=y\n";
  EXPECT_EQ(machine().file("/boot/config-" + release(), config).ask().reason,
            unavailable_reason::not_built);
  const auto found = machine().compressed("/proc/config.gz", config).ask();
  EXPECT_EQ(found.reason, unavailable_reason::not_built);
  EXPECT_TRUE(says(found, "CONFIG_TIPC")) << found.advice;
  EXPECT_EQ(machine().file("/lib/modules/" + release() + "/config", config).ask().reason,
            unavailable_reason::not_built);
}

TEST(diagnosis, of_a_module_whose_file_is_missing) {
  for (const char* last_line : {"CONFIG_TIPC=m\n", "CONFIG_TIPC=m"}) {
    const auto found = machine().file("/boot/config-" + release(), last_line).ask();
    EXPECT_EQ(found.reason, unavailable_reason::module_missing);
    EXPECT_TRUE(says(found, "install the package")) << found.advice;
  }
  EXPECT_EQ(machine()
                .file(modules_dep(), "kernel/net/sctp/sctp.ko: kernel/net/tipc/tipc.ko\n")
                .ask()
                .reason,
            unavailable_reason::module_missing)
      << "a dependency in another module's line is not the module";
  EXPECT_EQ(machine()
                .file(modules_dep(), "kernel/net/tipc/diag/nottipc.ko:\nkernel/x/tipc.koala:")
                .ask()
                .reason,
            unavailable_reason::module_missing);
}

TEST(diagnosis, of_a_module_that_is_not_loaded) {
  const std::string other(5000, 'x');
  std::string after_a_long_line = other;
  after_a_long_line.append(": ").append(other).append("\nkernel/net/tipc/tipc.ko.zst:\n");
  for (const std::string& line :
       {std::string("kernel/net/tipc/tipc.ko:"),
        std::string("kernel/net/tipc/tipc.ko.xz: a.ko b.ko"), after_a_long_line}) {
    const auto found = machine().file(modules_dep(), line).ask();
    EXPECT_EQ(found.reason, unavailable_reason::not_loaded) << line;
    EXPECT_TRUE(says(found, "modprobe tipc")) << found.advice;
  }
  EXPECT_EQ(machine().file(modules_dep(), "kernel/net/packet/af-packet.ko:").ask(AF_PACKET).reason,
            unavailable_reason::not_loaded)
      << "modprobe takes '-' for '_'";
}

TEST(diagnosis, of_a_module_that_is_forbidden) {
  const std::string module = "kernel/net/tipc/tipc.ko:\n";
  for (const char* line :
       {"blacklist tipc\n", "  blacklist\ttipc", "install tipc /bin/false\n",
        "install tipc /bin/true", "install tipc /usr/bin/false # hardening", "install tipc :\n",
        "alias net-pf-30 off\n", "install net-pf-30 /bin/true\n", "blacklist net_pf_30\n"}) {
    const auto found =
        machine().file(modules_dep(), module).file("/etc/modprobe.d/hardening.conf", line).ask();
    EXPECT_EQ(found.reason, unavailable_reason::blacklisted) << line;
    EXPECT_TRUE(says(found, "/etc/modprobe.d/hardening.conf")) << found.advice;
  }
  for (const char* line :
       {"# blacklist tipc\n", "blacklist tipc2\n", "options tipc off\n", "alias net-pf-30 tipc\n",
        "alias net-pf-3 off\n", "install tipc /sbin/modprobe --ignore-install tipc\n",
        "blacklist\n", "", "install other /bin/true"}) {
    EXPECT_EQ(
        machine().file(modules_dep(), module).file("/etc/modprobe.d/a.conf", line).ask().reason,
        unavailable_reason::not_loaded)
        << line;
  }
}

TEST(diagnosis, reads_the_files_that_modprobe_reads) {
  const std::string module = "kernel/net/tipc/tipc.ko:\n";
  for (const char* folder :
       {"/run/modprobe.d", "/usr/local/lib/modprobe.d", "/usr/lib/modprobe.d", "/lib/modprobe.d"}) {
    machine one;
    one.file(modules_dep(), module).file(std::string(folder) + "/x.conf", "blacklist tipc\n");
    EXPECT_EQ(one.ask().reason, unavailable_reason::blacklisted) << folder;
    one.file("/etc/modprobe.d/x.conf", "# nothing: hides the other of its name\n");
    EXPECT_EQ(one.ask().reason, unavailable_reason::not_loaded) << folder;
  }
  EXPECT_EQ(machine()
                .file(modules_dep(), module)
                .file("/etc/modprobe.d/x.conf.dpkg-old", "blacklist tipc\n")
                .folder("/etc/modprobe.d/folder.conf")
                .ask()
                .reason,
            unavailable_reason::not_loaded);
}

TEST(diagnosis, reads_the_kernels_command_line) {
  for (const char* line : {"quiet module_blacklist=sctp,tipc ro\n", "modprobe.blacklist=tipc\n"}) {
    const auto found = machine().file("/proc/cmdline", line).ask();
    EXPECT_EQ(found.reason, unavailable_reason::blacklisted) << line;
    EXPECT_TRUE(says(found, "boot without")) << found.advice;
  }
  for (const char* line : {"initcall_blacklist=tipc\n", "module_blacklist=tipc2\n", "tipc\n"}) {
    EXPECT_EQ(machine().file("/proc/cmdline", line).ask().reason, unavailable_reason::unknown)
        << line;
  }
}

TEST(diagnosis, of_a_family_that_is_there_and_refused) {
  auto found = machine().folder("/sys/module/tipc").file(modules_dep(), "net/tipc.ko:").ask();
  EXPECT_EQ(found.reason, unavailable_reason::unknown);
  EXPECT_TRUE(says(found, "seccomp")) << found.advice;
  found = machine().file("/boot/config-" + release(), "CONFIG_IPV6=y\n").ask(AF_INET6);
  EXPECT_EQ(found.reason, unavailable_reason::unknown);
  EXPECT_TRUE(says(found, "AF_INET6")) << found.advice;
  found = machine().folder("/sys/module/bluetooth").ask(AF_BLUETOOTH);
  EXPECT_TRUE(says(found, "first network namespace")) << found.advice;
}

TEST(diagnosis, of_a_family_that_is_unknown_here) {
  EXPECT_EQ(machine().ask(200).reason, unavailable_reason::unknown);
  EXPECT_EQ(machine().ask(-1).advice, "this kernel does not offer AF_-1");
}

class any_socket final : public socket_base {
 public:
  any_socket(int family, int type, int protocol) : socket_base(family, type, protocol) {}
};

// AF_KEY and its like may be there or not; a number beyond all families is not.
TEST(opening, says_why_there_is_no_such_family) {
  try {
    any_socket none(250, SOCK_DGRAM, 0);
    FAIL() << "opened";
  } catch (const family_unavailable& e) {
    EXPECT_EQ(e.code(), std::errc::address_family_not_supported);
    EXPECT_EQ(e.reason(), unavailable_reason::unknown);
    EXPECT_NE(std::string(e.what()).find("socket AF_250 SOCK_DGRAM 0: "), std::string::npos);
  }
  try {
    any_socket none(AF_UNIX, SOCK_DGRAM, 77);
    FAIL() << "opened";
  } catch (const family_unavailable& e) {
    EXPECT_EQ(e.code(), std::errc::protocol_not_supported);
    EXPECT_NE(e.advice().find("not this protocol"), std::string::npos);
  }
  EXPECT_THROW(any_socket(AF_UNIX, 77, 0), socket_error);
}

// Whatever this kernel is: the exception and the diagnosis agree.
TEST(opening, a_family_of_this_kernel_or_saying_why_not) {
  for (const int family : {AF_TIPC, AF_BLUETOOTH, AF_INET6, AF_PACKET}) {
    try {
      any_socket socket(family, family == AF_TIPC ? SOCK_RDM : SOCK_RAW,
                        family == AF_INET6       ? IPPROTO_ICMPV6
                        : family == AF_BLUETOOTH ? 1
                                                 : 0);
      EXPECT_EQ(socket.family(), family);
    } catch (const family_unavailable& e) {
      EXPECT_NE(e.advice(), "") << family;
      if (e.code() == std::errc::address_family_not_supported) {
        EXPECT_EQ(e.reason(), diagnose_family(family).reason);
      }
    }
  }
}

}  // namespace
}  // namespace trivet
