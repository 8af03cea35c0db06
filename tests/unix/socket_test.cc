// AF_UNIX sockets of every type and with every kind of name, on a real kernel.
#include "trivet/unix/socket.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <string>

#include "trivet/base/so.h"

namespace trivet::unix_domain {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;

io_options soon() { return {.flags = 0, .until = deadline::after(5s)}; }

// A folder for paths, removed with what is in it. Below /tmp, because Bazel's own folder leaves no
// room in 108 bytes.
class folder {
 public:
  folder() {
    std::string name = "/tmp/trivet-XXXXXX";
    if (::mkdtemp(name.data()) == nullptr) throw_socket_error(errno_code(errno), "mkdtemp");
    name_ = name;
  }
  ~folder() {
    for (const std::string& path : paths_) ::unlink(path.c_str());
    ::rmdir(name_.c_str());
  }
  folder(const folder&) = delete;
  folder& operator=(const folder&) = delete;

  address path(std::string_view file) {
    paths_.push_back(name_ + "/" + std::string(file));
    return address(paths_.back());
  }

  // A path that is exactly so long.
  address path_of_length(std::size_t length) {
    return path(std::string(length - name_.size() - 1, 'p'));
  }

 private:
  std::string name_;
  std::vector<std::string> paths_;
};

address unique_abstract(std::string_view suffix = "") {
  return address::abstract("trivet-" + std::to_string(::getpid()) + std::string(suffix));
}

// Binds both ends, sends, and expects the sender's address to arrive; then connects and answers.
void exchange(int type, const address& here, const address& there) {
  socket receiver(type);
  receiver.bind(here);
  EXPECT_EQ(receiver.local_address(), here);
  socket sender(type);
  sender.bind(there);
  EXPECT_EQ(sender.send_to(bytes_of("ping"), here, soon()), 4U);
  const auto got = receiver.receive_message(soon());
  EXPECT_EQ(text_of(got.data), "ping");
  EXPECT_EQ(got.from, there);
  receiver.connect(got.from, soon());
  EXPECT_EQ(receiver.peer_address(), there);
  receiver.send(bytes_of("pong"), soon());
  EXPECT_EQ(text_of(sender.receive_message(soon()).data), "pong");
}

TEST(unix_socket, exchanges_datagrams_between_paths) {
  folder f;
  exchange(SOCK_DGRAM, f.path("a"), f.path("b"));
}

TEST(unix_socket, exchanges_datagrams_between_abstract_names_with_zero_bytes) {
  exchange(SOCK_DGRAM, unique_abstract("\0a"s), unique_abstract("\0a\0"s));
}

TEST(unix_socket, binds_to_paths_of_107_and_108_bytes) {
  folder f;
  exchange(SOCK_DGRAM, f.path_of_length(107), f.path_of_length(108));
}

TEST(unix_socket, binds_to_the_longest_abstract_name) {
  exchange(SOCK_DGRAM, address::abstract(std::string(107, 'a')),
           address::abstract(std::string(107, 'b')));
}

class unix_connected : public ::testing::TestWithParam<int> {};

TEST_P(unix_connected, accepts_from_unnamed_and_from_named_peers) {
  folder f;
  const address name = f.path("server");
  socket server(GetParam());
  server.bind(name);
  server.listen();

  socket unnamed(GetParam());
  unnamed.connect(name, soon());
  auto [first, nobody] = server.accept(soon());
  EXPECT_TRUE(nobody.is_unnamed());
  EXPECT_TRUE(unnamed.local_address().is_unnamed());

  const address client_name = unique_abstract();
  socket named(GetParam());
  named.bind(client_name);
  named.connect(name, soon());
  auto [second, somebody] = server.accept(soon());
  EXPECT_EQ(somebody, client_name);
  EXPECT_EQ(second.peer_address(), client_name);
  EXPECT_EQ(named.peer_address(), name);
  EXPECT_EQ(second.local_address(), name);

  named.send_all(bytes_of("both ways"), soon());
  EXPECT_EQ(text_of(second.receive_message(soon()).data), "both ways");
  second.send_all(bytes_of("and back"), soon());
  EXPECT_EQ(text_of(named.receive_message(soon()).data), "and back");
}

INSTANTIATE_TEST_SUITE_P(types, unix_connected, ::testing::Values(SOCK_STREAM, SOCK_SEQPACKET));

class unix_any_type : public ::testing::TestWithParam<int> {};

TEST_P(unix_any_type, makes_pairs_of_unnamed_sockets) {
  auto [a, b] = socket::pair(GetParam());
  EXPECT_EQ(a.get<so::type>(), GetParam());
  EXPECT_TRUE(a.local_address().is_unnamed());
  EXPECT_TRUE(b.peer_address().is_unnamed());
  a.send(bytes_of("x"));
  EXPECT_TRUE(b.receive_message(soon()).from.is_unnamed());
}

TEST_P(unix_any_type, gets_an_abstract_name_from_the_kernel_when_bound_to_none) {
  socket s(GetParam());
  s.bind(address());
  const address given = s.local_address();
  EXPECT_TRUE(given.is_abstract());
  EXPECT_EQ(given.path().size(), 6U) << given;  // a zero byte and five digits, unix(7)
  EXPECT_EQ(address::parse(given.to_string()), given);
}

INSTANTIATE_TEST_SUITE_P(types, unix_any_type,
                         ::testing::Values(SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET));

TEST(unix_socket, says_which_path_is_taken_and_which_is_not_there) {
  folder f;
  const address name = f.path("taken");
  socket first(SOCK_STREAM);
  first.bind(name);
  socket second(SOCK_STREAM);
  try {
    second.bind(name);
    FAIL() << "bound twice";
  } catch (const address_error& e) {
    EXPECT_EQ(e.what(), "bind " + name.to_string() + ": Address already in use");
  }
  EXPECT_THROW(second.connect(name), peer_error) << "nobody listens";
  EXPECT_THROW(second.connect(unique_abstract("nobody")), peer_error);
}

}  // namespace
}  // namespace trivet::unix_domain
