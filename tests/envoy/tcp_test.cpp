// SPDX-License-Identifier: MIT
// tests/sdk/tcp.cpp in a real Envoy: what its unit tests see of the fake host, under the same names, Envoy
// does too. What does not happen is shown by what comes after it.
#include <optional>

#include "sdk_test.hpp"
#include "tcp_peer.hpp"

namespace wasmup {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

class Tcp : public SdkTest {
 protected:
  void serve(const std::string& on_new = "",
             envoy::FailurePolicy policy = envoy::FailurePolicy::fail_closed) {
    envoy::WasmFilter tcp = filter("tcp", on_new);
    tcp.failure_policy = policy;
    tcp.reload_backoff = 10ms;
    start({.clusters = {{.name = "peer", .upstream = {.port = upstream_port_}}},
           .tcp_filters = {tcp},
           .tcp_cluster = "peer"});
  }

  TcpPeer connect() { return TcpPeer::connect(server_->tcp_port()); }

  /// What the filter has logged since this was last asked, once `last` is the last of it.
  std::vector<std::string> events_until(const std::string& last) {
    std::vector<std::string> texts;
    pump_until([&] {
      for (const envoy::LogLine& line : log_) {
        if (line.from_module) texts.push_back(line.message);
      }
      log_.clear();
      return !texts.empty() && texts.back() == last;
    });
    return texts;
  }

  TcpListener listener_;
  uint16_t upstream_port_ = listener_.port();
};

TEST_F(Tcp, sees_a_connection_from_its_beginning_to_its_end) {
  serve();
  TcpPeer client = connect();
  TcpPeer upstream = listener_.accept();
  client.send("question");
  EXPECT_EQ(upstream.receive(8), "question");
  upstream.send("answer");
  EXPECT_EQ(client.receive(6), "answer");
  EXPECT_THAT(events_until("up: 'answer'"),
              ElementsAre("new connection from loopback", "down: 'question'", "up: 'answer'"));
  client.end();
  EXPECT_TRUE(upstream.is_ended());
  EXPECT_THAT(events_until("down: '' end"), ElementsAre("down: '' end"));
  upstream.end();
  EXPECT_TRUE(client.is_ended());
  EXPECT_THAT(events_until("deleted"), ElementsAre("up: '' end", "up:closed by unknown",
                                                   "down:closed by local", "done", "log", "deleted"));
}

TEST_F(Tcp, is_closed_by_the_client_when_that_ends_last) {
  serve();
  TcpPeer client = connect();
  TcpPeer upstream = listener_.accept();
  upstream.end();
  EXPECT_TRUE(client.is_ended());
  EXPECT_THAT(events_until("up:closed by unknown"),
              ElementsAre("new connection from loopback", "up: '' end", "up:closed by unknown"));
  client.send("more");
  EXPECT_EQ(upstream.receive(4), "more");
  client.end();
  EXPECT_THAT(events_until("deleted"),
              ElementsAre("down: 'more'", "down: '' end", "down:closed by remote", "done", "log", "deleted"));
}

TEST_F(Tcp, hears_nothing_of_the_upstream_when_the_connection_is_cut) {
  serve();
  {
    TcpPeer client = connect();
    TcpPeer upstream = listener_.accept();
    client.cut();
    EXPECT_THAT(events_until("deleted"), ElementsAre("new connection from loopback", "down:closed by remote",
                                                     "done", "log", "deleted"));
  }
  TcpPeer client = connect();
  listener_.accept().cut();
  EXPECT_TRUE(client.is_ended());
  EXPECT_THAT(events_until("deleted"),
              ElementsAre("new connection from loopback", "down:closed by local", "done", "log", "deleted"));
}

TEST_F(Tcp, is_closed_by_envoy_when_there_is_no_upstream) {
  upstream_port_ = 1;
  serve();
  TcpPeer client = connect();
  EXPECT_TRUE(client.is_ended());
  EXPECT_THAT(events_until("deleted"),
              ElementsAre("new connection from loopback", "down:closed by local", "done", "log", "deleted"));
}

TEST_F(Tcp, changes_bytes_in_both_directions) {
  serve();
  const auto passed = [this](const std::string& word) {
    TcpPeer client = connect();
    TcpPeer upstream = listener_.accept();
    client.send("down:" + word);
    events_until("down: 'down:" + word + "'");
    upstream.send("up:" + word);
    events_until("up: 'up:" + word + "'");
    client.end();
    upstream.end();
    return upstream.receive(100) + " " + client.receive(100);
  };
  EXPECT_EQ(passed("prepend"), "<down:prepend <up:prepend");
  EXPECT_EQ(passed("append"), "down:append> up:append>");
  EXPECT_EQ(passed("replace"), "other other");
  EXPECT_EQ(passed("drop"), " ");
}

TEST_F(Tcp, holds_bytes_and_sees_all_of_them_when_more_come) {
  serve();
  TcpPeer client = connect();
  TcpPeer upstream = listener_.accept();
  for (const char* bytes : {"down:hold", "-1", "go"}) {
    client.send(bytes);
    pump_until([this, count = log_.size()] { return log_.size() > count; });
  }
  EXPECT_EQ(upstream.receive(13), "down:hold-1go");
  for (const char* bytes : {"up:hold", "-2", "go"}) {
    upstream.send(bytes);
    pump_until([this, count = log_.size()] { return log_.size() > count; });
  }
  EXPECT_EQ(client.receive(11), "up:hold-2go");
  EXPECT_THAT(events_until("up: 'up:hold-2go'"),
              ElementsAre("new connection from loopback", "down: 'down:hold'", "down: 'down:hold-1'",
                          "down: 'down:hold-1go'", "up: 'up:hold'", "up: 'up:hold-2'", "up: 'up:hold-2go'"));
}

TEST_F(Tcp, loses_what_it_holds_of_the_upstream_at_its_end) {
  serve();
  TcpPeer client = connect();
  TcpPeer upstream = listener_.accept();
  upstream.send("up:hold");
  events_until("up: 'up:hold'");
  upstream.end();
  EXPECT_THAT(events_until("up:closed by unknown"), ElementsAre("up: 'up:hold' end", "up:closed by unknown"));
  client.end();
  EXPECT_THAT(events_until("deleted"),
              ElementsAre("down: '' end", "down:closed by local", "done", "log", "deleted"));
  EXPECT_TRUE(client.is_ended());
}

TEST_F(Tcp, ends_with_the_upstream_even_when_it_holds_the_clients_end) {
  serve();
  TcpPeer client = connect();
  TcpPeer upstream = listener_.accept();
  client.send("down:hold");
  client.end();
  pump_until([this] { return !log_.empty() && log_.back().message == "down: 'down:hold' end"; });
  upstream.send("bye");
  EXPECT_EQ(client.receive(3), "bye");
  upstream.end();
  EXPECT_TRUE(client.is_ended());
  EXPECT_TRUE(upstream.is_ended());
  const std::vector<std::string> events = events_until("deleted");
  EXPECT_THAT(std::vector(events.end() - 4, events.end()),
              ElementsAre("down:closed by local", "done", "log", "deleted"));
}

TEST_F(Tcp, holds_a_new_connection_without_a_callback_until_it_goes_on) {
  serve("hold");
  TcpPeer client = connect();
  client.send("early");
  TcpPeer upstream = listener_.accept();
  EXPECT_EQ(upstream.receive(5), "early");
  EXPECT_THAT(events_until("down: 'early'"),
              ElementsAre("new connection from loopback", "lets go '' as it is", "down: 'early'"));
}

TEST_F(Tcp, lets_held_bytes_go_on_from_outside_with_a_change_and_without_a_callback) {
  serve();
  TcpPeer client = connect();
  TcpPeer upstream = listener_.accept();
  client.send("down:later");
  events_until("down: 'down:later'");
  TcpPeer other = connect();
  other.send("down:release");
  EXPECT_EQ(upstream.receive(11), "down:later+");
  client.send("more");
  EXPECT_EQ(upstream.receive(4), "more");
  EXPECT_THAT(events_until("down: 'more'"),
              ElementsAre("new connection from loopback", "down: 'down:release'", "lets go 'down:later'",
                          "down: 'more'"));
}

TEST_F(Tcp, lets_bytes_go_on_from_their_own_callback) {
  serve();
  TcpPeer client = connect();
  TcpPeer upstream = listener_.accept();
  client.send("down:resume");
  EXPECT_EQ(upstream.receive(11), "down:resume");
  client.end();
  EXPECT_THAT(events_until("down: '' end"),
              ElementsAre("new connection from loopback", "down: 'down:resume'", "down: '' end"));
}

TEST_F(Tcp, finds_that_a_connection_it_held_is_gone) {
  serve();
  TcpPeer client = connect();
  TcpPeer upstream = listener_.accept();
  client.send("down:later");
  events_until("down: 'down:later'");
  client.cut();
  events_until("deleted");
  TcpPeer other = connect();
  other.send("down:release");
  EXPECT_THAT(events_until("is gone"),
              ElementsAre("new connection from loopback", "down: 'down:release'", "is gone"));
}

TEST_F(Tcp, closes_a_new_connection) {
  serve("close");
  TcpPeer client = connect();
  EXPECT_TRUE(client.is_ended());
  EXPECT_THAT(events_until("deleted"),
              ElementsAre("new connection from loopback", "down:closed by local", "done", "log", "deleted"));
  EXPECT_FALSE(listener_.has_connection());
}

TEST_F(Tcp, closes_a_connection_from_either_side_and_drops_the_bytes_at_hand) {
  serve();
  for (const char* close : {"close_downstream", "close_upstream"}) {
    for (const char* side : {"down:", "up:"}) {
      const std::string asked = std::string(side) + close;
      TcpPeer client = connect();
      TcpPeer upstream = listener_.accept();
      (asked.starts_with("up") ? upstream : client).send(asked);
      EXPECT_EQ(upstream.receive(100) + client.receive(100), "") << asked;
      EXPECT_THAT(events_until("deleted"),
                  ElementsAre("new connection from loopback", std::string(side) + " '" + asked + "'",
                              "down:closed by local", "done", "log", "deleted"));
    }
  }
}

TEST_F(Tcp, keeps_a_property_with_the_connection_for_its_log) {
  serve();
  TcpPeer client = connect();
  TcpPeer upstream = listener_.accept();
  client.send("down:keep");
  EXPECT_EQ(upstream.receive(9), "down:keep");
  client.cut();
  EXPECT_THAT(events_until("deleted"),
              ElementsAre("new connection from loopback", "down: 'down:keep'", "down:closed by remote",
                          "done", "log with down:keep", "deleted"));
}

/// What is the same in the names of tests/host/tcp_trap_test.cpp.
class TcpTrap : public Tcp {
 protected:
  /// A connection that traps, and one more of the same VM.
  void serve_and_trap(envoy::FailurePolicy policy) {
    serve("", policy);
    other_.emplace(connect());
    other_upstream_.emplace(listener_.accept());
    TcpPeer client = connect();
    TcpPeer upstream = listener_.accept();
    client.send("before");
    EXPECT_EQ(upstream.receive(6), "before");
    client.send("down:trap");
    EXPECT_TRUE(client.is_ended());
    EXPECT_TRUE(upstream.is_ended());
  }

  /// Something comes on the other connection.
  void expect_other_closed() {
    other_->send("after");
    EXPECT_TRUE(other_upstream_->is_ended());
    EXPECT_TRUE(other_->is_ended());
  }

  std::optional<TcpPeer> other_;
  std::optional<TcpPeer> other_upstream_;
};

TEST_F(TcpTrap, closes_its_connection_and_every_new_one_when_failing_closed) {
  serve_and_trap(envoy::FailurePolicy::fail_closed);
  expect_other_closed();
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(connect().is_ended());
  EXPECT_FALSE(listener_.has_connection());
}

TEST_F(TcpTrap, lets_new_connections_pass_when_failing_open) {
  serve_and_trap(envoy::FailurePolicy::fail_open);
  expect_other_closed();
  TcpPeer client = connect();
  TcpPeer upstream = listener_.accept();
  client.send("down:replace");
  EXPECT_EQ(upstream.receive(12), "down:replace");
  upstream.send("up:replace");
  EXPECT_EQ(client.receive(10), "up:replace");
}

TEST_F(TcpTrap, is_followed_by_a_fresh_vm_for_new_connections_when_reloading) {
  serve_and_trap(envoy::FailurePolicy::fail_reload);
  std::optional<TcpPeer> client;
  pump_until([&] {
    if (listener_.has_connection()) return true;
    if (!client || client->has_news()) client.emplace(connect());  // closed: it is too soon
    return false;
  });
  TcpPeer upstream = listener_.accept();
  client->send("down:prepend");
  EXPECT_EQ(upstream.receive(13), "<down:prepend");
  expect_other_closed();
}

}  // namespace
}  // namespace wasmup
