// Bluetooth sockets on a real kernel with two emulated controllers, hci0 and hci1, and CPython's
// sockets beside ours. SCO is bound and listened on only: the emulator makes no SCO links.
#include "trivet/bluetooth/socket.h"

// clang-format off: the others need what bluetooth.h defines
#include <bluetooth/bluetooth.h>
#include <bluetooth/hci.h>
// clang-format on
#include <gtest/gtest.h>

#include <array>
#include <future>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "tests/address/cpython_peer.h"
#include "tests/bluetooth/controllers.h"
#include "trivet/base/batch.h"
#include "trivet/base/poll.h"

namespace trivet::bluetooth {
namespace {

using test::hex_of;
using test::python_answer;
using test::python_socket;
using test::soon;

struct hci_filter_option
    : socket_option<SOL_HCI, HCI_FILTER, ::hci_filter, option_access::get_set> {};

class bluetooth_socket : public ::testing::Test {
 public:
  static void SetUpTestSuite() {
    controllers_ = std::make_unique<test::controllers>();
    shared_python_ = std::make_unique<test::cpython>();  // takes seconds to start here
  }
  static void TearDownTestSuite() {
    shared_python_.reset();
    controllers_.reset();
  }

 protected:
  static const bdaddr& here() { return controllers_->address(0); }
  static const bdaddr& there() { return controllers_->address(1); }

  static std::string literal(const bdaddr& device, int number) {
    return "('" + device.to_string() + "', " + std::to_string(number) + ")";
  }

  test::cpython& python_ = *shared_python_;

 private:
  static inline std::unique_ptr<test::controllers> controllers_;
  static inline std::unique_ptr<test::cpython> shared_python_;
};

// The channel's number is the kernel's choice, and Python does not tell it.
l2cap_address without_cid(l2cap_address address) {
  address.cid = 0;
  return address;
}

TEST_F(bluetooth_socket, commands_a_controller_over_hci) {
  hci_socket s;
  s.bind({0, HCI_CHANNEL_RAW});
  EXPECT_EQ(s.local_address(), hci_address());
  ::hci_filter filter{};
  filter.type_mask = 1U << HCI_EVENT_PKT;
  filter.event_mask[0] = 1U << EVT_CMD_COMPLETE;
  s.set(hci_filter_option{{filter}});
  // Read BD_ADDR, and its Command Complete with the address at the end.
  constexpr std::array<std::uint8_t, 4> command{HCI_COMMAND_PKT, 0x09, 0x10, 0};
  s.send(std::as_bytes(std::span(command)), soon());
  const auto got = s.receive_message(soon());
  ASSERT_EQ(got.data.size(), 13U);
  bdaddr answer;
  for (std::size_t i = 0; i < 6; ++i) {
    answer.bytes[i] = std::to_integer<std::uint8_t>(got.data[12 - i]);
  }
  EXPECT_EQ(answer, here());

  EXPECT_EQ(here().to_string(), "00:AA:01:00:00:00");
  EXPECT_THROW(hci_socket().bind({7, HCI_CHANNEL_RAW}), device_error);
  EXPECT_THROW(hci_socket().bind({0, HCI_CHANNEL_USER}), socket_error) << "it is up: EBUSY";
}

TEST_F(bluetooth_socket, names_a_controller_as_python_does) {
  python_socket pythons(python_, "bluetooth-hci", "raw");
  pythons.ask("bind", "(1,)");
  EXPECT_EQ(hci_address::parse(pythons.name()), (hci_address{1, 0}));
  const std::string another = python_.ask({"open", "bluetooth-hci", "raw"}).word(0);
  EXPECT_EQ(python_.ask({"bind", another, "(7,)"}).exception, "OSError: [Errno 19] No such device");
}

TEST_F(bluetooth_socket, connects_over_l2cap) {
  l2cap_socket server;
  server.bind({there(), 0x1001});
  server.listen();
  l2cap_socket client;
  client.bind({here(), 0});
  client.connect({there(), 0x1001}, soon());
  auto [connection, peer] = server.accept(soon());
  EXPECT_EQ(without_cid(peer), (l2cap_address{here(), 0x1001}));
  // Each end has a channel of its own, which the other knows.
  EXPECT_GE(client.local_address().cid, 0x40);
  EXPECT_EQ(connection.peer_address().cid, client.local_address().cid);
  EXPECT_EQ(client.peer_address().cid, connection.local_address().cid);
  client.send(bytes_of("packets, not a stream"), soon());
  client.send(bytes_of("second"), soon());
  EXPECT_EQ(text_of(connection.receive_message(soon()).data), "packets, not a stream");
  EXPECT_EQ(text_of(connection.receive_message(soon()).data), "second");
  connection.send(bytes_of("back"), soon());
  EXPECT_EQ(text_of(client.receive_message(soon()).data), "back");

  l2cap_socket nobody;
  nobody.bind({here(), 0});
  EXPECT_THROW(nobody.connect({there(), 0x1003}, soon()), peer_error);
  EXPECT_THROW(l2cap_socket().bind({here(), 0x1002}), socket_error) << "a PSM is odd";
}

// The kernel tells the end of a channel before what waits in its queue.
class l2cap_end : public bluetooth_socket {
 protected:
  using way = std::string (*)(l2cap_socket&, io_options);
  static constexpr way ways[] = {
      [](l2cap_socket& s, io_options io) {
        return std::string(text_of(s.receive_message(io).data));
      },
      [](l2cap_socket& s, io_options io) {
        std::array<std::byte, 16> room{};
        return std::string(text_of(std::span(room).first(s.receive(room, io).size)));
      },
      [](l2cap_socket& s, io_options io) {
        std::array<std::byte, 16> room{};
        return std::string(text_of(std::span(room).first(s.receive_from(room, io).size)));
      },
      [](l2cap_socket& s, io_options io) {
        receive_batch<l2cap_address> batch(1, 16);
        EXPECT_EQ(s.receive(batch, io), 1U);
        return std::string(text_of(batch[0].data));
      },
  };

  void SetUp() override {
    server_.bind({there(), 0x1009});
    server_.listen();
  }
  // A channel whose other end says that, and goes.
  l2cap_socket connect() {
    l2cap_socket client;
    client.bind({here(), 0});
    client.connect({there(), 0x1009}, soon());
    other_ = std::make_unique<l2cap_socket>(server_.accept(soon()).socket);
    return client;
  }
  void say_and_go(std::initializer_list<std::string_view> words) {
    for (const std::string_view word : words) other_->send(bytes_of(word), soon());
    EXPECT_TRUE(other_->wait_until_sent(*soon().until));
    other_.reset();
  }
  static void wait_for_end(const l2cap_socket& client) {
    std::error_code ec;
    ASSERT_NE(poll_one(client.native_handle(), POLLRDHUP, *soon().until, ec) & POLLRDHUP, 0);
  }

 private:
  l2cap_socket server_;
  std::unique_ptr<l2cap_socket> other_;
};

TEST_F(l2cap_end, is_received_after_what_came_before) {
  for (std::size_t i = 0; i < std::size(ways); ++i) {
    for (const io_options& how : {soon(), io_options{}, io_options{.flags = MSG_DONTWAIT}}) {
      SCOPED_TRACE(i);
      SCOPED_TRACE(how.flags);
      l2cap_socket client = connect();
      say_and_go({"a", "", "last"});
      wait_for_end(client);
      for (const char* expected : {"a", "", "last", "", ""}) {
        EXPECT_EQ(ways[i](client, how), expected);
      }
    }
  }
}

TEST_F(l2cap_end, is_received_after_what_came_while_waiting) {
  for (const way receive : ways) {
    for (int turn = 0; turn < 5; ++turn) {
      l2cap_socket client = connect();
      auto words = std::async(std::launch::async, [&] {
        const std::string first = receive(client, {});
        return std::pair(first, receive(client, {}));
      });
      say_and_go({"first", "last"});
      EXPECT_EQ(words.get(), (std::pair<std::string, std::string>("first", "last")));
    }
  }
}

TEST_F(bluetooth_socket, connects_to_python_over_l2cap) {
  python_socket python_server(python_, "bluetooth-l2cap", "seqpacket");
  python_server.ask("bind", literal(there(), 0x1005));
  python_server.ask("listen");
  l2cap_socket client;
  client.bind({here(), 0});
  python_server.begin("accept");
  client.connect({there(), 0x1005}, soon());
  const python_answer came = python_server.finish();
  EXPECT_EQ(without_cid(client.local_address()), l2cap_address::parse(came.word(1)));
  python_socket accepted(python_, came.word(0));
  EXPECT_EQ(without_cid(client.peer_address()), l2cap_address::parse(accepted.name()));
  client.send(bytes_of("to Python"), soon());
  EXPECT_EQ(accepted.ask("recv"), hex_of("to Python"));

  l2cap_socket server;
  server.bind({there(), 0x1007});
  server.listen();
  python_socket caller(python_, "bluetooth-l2cap", "seqpacket");
  caller.ask("bind", literal(here(), 0));
  caller.begin("connect", literal(there(), 0x1007));
  auto [connection, peer] = server.accept(soon());
  caller.finish();
  EXPECT_EQ(without_cid(peer), l2cap_address::parse(caller.name()));
  caller.ask("send", hex_of("to Trivet"));
  EXPECT_EQ(text_of(connection.receive_message(soon()).data), "to Trivet");
}

TEST_F(bluetooth_socket, connects_over_rfcomm_and_to_python) {
  rfcomm_socket listening;
  listening.bind({there(), 5});
  EXPECT_EQ(listening.local_address(), (rfcomm_address{there(), 5}));
  python_socket python_listening(python_, "bluetooth-rfcomm", "stream");
  python_listening.ask("bind", literal(there(), 6));
  EXPECT_EQ(python_listening.name(), (rfcomm_address{there(), 6}.to_string()));
  const auto open = [] {
    rfcomm_socket client;
    client.bind({here(), 0});
    return client;
  };
  test::expect_connections(python_, "bluetooth-rfcomm", "stream", open, listening, python_listening,
                           literal(there(), 5), rfcomm_address{there(), 6});
}

TEST_F(bluetooth_socket, listens_for_sco) {
  sco_socket ours;
  ours.bind({here()});
  ours.listen();
  EXPECT_EQ(ours.local_address(), sco_address{here()});
  python_socket pythons(python_, "bluetooth-sco", "seqpacket");
  pythons.ask("bind", "b'" + there().to_string() + "'");
  EXPECT_EQ(sco_address::parse(pythons.name()), sco_address{there()});
}

TEST_F(bluetooth_socket, refuses_to_adopt_another_protocol) {
  EXPECT_THROW(rfcomm_socket{l2cap_socket().release()}, socket_error);
  EXPECT_NO_THROW(l2cap_socket{l2cap_socket().release()});
}

}  // namespace
}  // namespace trivet::bluetooth
