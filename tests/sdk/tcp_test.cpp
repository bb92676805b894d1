// SPDX-License-Identifier: MIT
#include <chrono>
#include <string>
#include <vector>

#include <wasmup/testing.hpp>

using namespace wasmup::testing;
using namespace std::chrono_literals;
using ::testing::ElementsAre;

namespace {

/// What the filter has logged since this was last asked.
std::vector<std::string> events(Host& host) {
  std::vector<std::string> texts;
  for (const LogLine& line : host.logs()) texts.push_back(line.text);
  host.clear_records();
  return texts;
}

}  // namespace

// tests/envoy/tcp_test.cpp shows the same of real Envoy, test by test.

TEST(Tcp, sees_a_connection_from_its_beginning_to_its_end) {
  Host host;
  host.set_property({"source", "address"}, "127.0.0.1:40000");
  Connection connection = host.open_connection();
  connection.downstream_data("question").upstream_data("answer");
  EXPECT_EQ(connection.to_upstream(), "question");
  EXPECT_EQ(connection.to_client(), "answer");
  EXPECT_THAT(events(host), ElementsAre("new connection from loopback", "down: 'question'", "up: 'answer'"));
  connection.downstream_data("", true);
  EXPECT_THAT(events(host), ElementsAre("down: '' end")) << "the upstream may go on";
  connection.upstream_data("", true);
  EXPECT_THAT(events(host), ElementsAre("up: '' end", "up:closed by unknown", "down:closed by local", "done",
                                        "log", "deleted"));
  EXPECT_FALSE(connection.was_closed());
}

TEST(Tcp, is_closed_by_the_client_when_that_ends_last) {
  Host host;
  Connection connection = host.open_connection();
  connection.upstream_data("", true);
  EXPECT_THAT(events(host), ElementsAre("new connection", "up: '' end", "up:closed by unknown"));
  connection.downstream_data("more");
  EXPECT_EQ(connection.to_upstream(), "more") << "the upstream may still read";
  connection.downstream_data("", true);
  EXPECT_THAT(events(host),
              ElementsAre("down: 'more'", "down: '' end", "down:closed by remote", "done", "log", "deleted"));
}

TEST(Tcp, hears_nothing_of_the_upstream_when_the_connection_is_cut) {
  Host host;
  {
    Connection cut_by_client = host.open_connection();
    cut_by_client.close();
    cut_by_client.close();
    EXPECT_THAT(events(host),
                ElementsAre("new connection", "down:closed by remote", "done", "log", "deleted"));
  }
  host.open_connection().close(wasmup::PeerType::local);
  EXPECT_THAT(events(host), ElementsAre("new connection", "down:closed by local", "done", "log", "deleted"));
  {
    const Connection dropped_by_test = host.open_connection();
  }
  EXPECT_THAT(events(host), ElementsAre("new connection", "down:closed by remote", "done", "log", "deleted"));
}

TEST(Tcp, changes_bytes_in_both_directions) {
  Host host;
  const auto passed = [&host](const std::string& word) {
    Connection connection = host.open_connection();
    connection.downstream_data("down:" + word).upstream_data("up:" + word);
    return connection.to_upstream() + " " + connection.to_client();
  };
  EXPECT_EQ(passed("prepend"), "<down:prepend <up:prepend");
  EXPECT_EQ(passed("append"), "down:append> up:append>");
  EXPECT_EQ(passed("replace"), "other other");
  EXPECT_EQ(passed("drop"), " ");
}

TEST(Tcp, holds_bytes_and_sees_all_of_them_when_more_come) {
  Host host;
  Connection connection = host.open_connection();
  connection.downstream_data("down:hold").downstream_data("-1");
  connection.upstream_data("up:hold").upstream_data("-2");
  EXPECT_EQ(connection.to_upstream(), "");
  EXPECT_EQ(connection.to_client(), "");
  connection.downstream_data("go").upstream_data("go");
  EXPECT_EQ(connection.to_upstream(), "down:hold-1go");
  EXPECT_EQ(connection.to_client(), "up:hold-2go");
  EXPECT_THAT(events(host),
              ElementsAre("new connection", "down: 'down:hold'", "down: 'down:hold-1'", "up: 'up:hold'",
                          "up: 'up:hold-2'", "down: 'down:hold-1go'", "up: 'up:hold-2go'"));
}

TEST(Tcp, loses_what_it_holds_of_the_upstream_at_its_end) {
  Host host;
  Connection connection = host.open_connection();
  connection.upstream_data("up:hold").upstream_data("", true);
  EXPECT_THAT(events(host),
              ElementsAre("new connection", "up: 'up:hold'", "up: 'up:hold' end", "up:closed by unknown"));
  connection.downstream_data("", true);
  EXPECT_THAT(events(host), ElementsAre("down: '' end", "down:closed by local", "done", "log", "deleted"));
  EXPECT_EQ(connection.to_client(), "");
}

TEST(Tcp, ends_with_the_upstream_even_when_it_holds_the_clients_end) {
  Host host;
  Connection connection = host.open_connection();
  connection.downstream_data("down:hold", true).upstream_data("bye", true);
  EXPECT_EQ(connection.to_client(), "bye");
  EXPECT_EQ(connection.to_upstream(), "");
  EXPECT_THAT(events(host),
              ElementsAre("new connection", "down: 'down:hold' end", "up: 'bye' end", "up:closed by unknown",
                          "down:closed by local", "done", "log", "deleted"));
}

TEST(Tcp, holds_a_new_connection_without_a_callback_until_it_goes_on) {
  Host host("hold");
  Connection connection = host.open_connection();
  EXPECT_TRUE(connection.is_held());
  connection.downstream_data("early").downstream_data("+");
  EXPECT_THAT(events(host), ElementsAre("new connection"));
  host.advance(100ms);
  EXPECT_FALSE(connection.is_held());
  EXPECT_THAT(events(host), ElementsAre("lets go '' as it is", "down: 'early+'"));
  EXPECT_EQ(connection.to_upstream(), "early+");
}

TEST(Tcp, lets_held_bytes_go_on_from_outside_with_a_change_and_without_a_callback) {
  Host host;
  Connection connection = host.open_connection();
  Connection other = host.open_connection();
  connection.downstream_data("down:later");
  other.downstream_data("down:release");
  EXPECT_EQ(connection.to_upstream(), "down:later+");
  connection.downstream_data("more");
  EXPECT_EQ(connection.to_upstream(), "down:later+more");
  EXPECT_THAT(events(host), ElementsAre("new connection", "new connection", "down: 'down:later'",
                                        "down: 'down:release'", "lets go 'down:later'", "down: 'more'"));
}

TEST(Tcp, lets_bytes_go_on_from_their_own_callback) {
  Host host;
  Connection connection = host.open_connection();
  connection.downstream_data("down:resume");
  EXPECT_EQ(connection.to_upstream(), "down:resume");
  EXPECT_THAT(events(host), ElementsAre("new connection", "down: 'down:resume'"));
}

TEST(Tcp, finds_that_a_connection_it_held_is_gone) {
  Host host;
  Connection connection = host.open_connection();
  Connection other = host.open_connection();
  connection.downstream_data("down:later");
  connection.close();
  host.clear_records();
  other.downstream_data("down:release");
  EXPECT_THAT(events(host), ElementsAre("down: 'down:release'", "is gone"));
}

TEST(Tcp, closes_a_new_connection) {
  Host host("close");
  Connection connection = host.open_connection();
  EXPECT_TRUE(connection.was_closed());
  connection.downstream_data("more");
  EXPECT_THAT(events(host), ElementsAre("new connection", "down:closed by local", "done", "log", "deleted"));
}

TEST(Tcp, closes_a_connection_from_either_side_and_drops_the_bytes_at_hand) {
  Host host;
  for (const char* close : {"close_downstream", "close_upstream"}) {
    for (const char* side : {"down:", "up:"}) {
      const std::string asked = std::string(side) + close;
      Connection connection = host.open_connection();
      asked.starts_with("up") ? connection.upstream_data(asked) : connection.downstream_data(asked);
      EXPECT_TRUE(connection.was_closed()) << asked;
      EXPECT_EQ(connection.to_upstream() + connection.to_client(), "") << asked;
      EXPECT_THAT(events(host), ElementsAre("new connection", std::string(side) + " '" + asked + "'",
                                            "down:closed by local", "done", "log", "deleted"));
    }
  }
}

TEST(Tcp, keeps_a_property_with_the_connection_for_its_log) {
  Host host;
  host.open_connection().downstream_data("down:keep");
  EXPECT_THAT(events(host), ElementsAre("new connection", "down: 'down:keep'", "down:closed by remote",
                                        "done", "log with down:keep", "deleted"));
}

TEST(Tcp, goes_on_with_its_old_configuration_after_a_change) {
  Host host("close");
  host.open_connection();
  ASSERT_TRUE(host.reconfigure(""));
  Connection connection = host.open_connection();
  ASSERT_TRUE(host.reconfigure("close"));
  EXPECT_FALSE(connection.was_closed());
  connection.downstream_data("passes");
  EXPECT_EQ(connection.to_upstream(), "passes");
  EXPECT_TRUE(host.open_connection().was_closed());
}

TEST(Tcp, leaves_http_alone) {
  Host host;
  EXPECT_EQ(host.exchange(get("/"), reply(200, "answer")).client, reply(200, "answer"));
  EXPECT_THAT(events(host), ElementsAre("log", "done", "deleted"));
}
