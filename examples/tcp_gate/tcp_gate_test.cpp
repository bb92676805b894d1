// SPDX-License-Identifier: MIT
#include <string>

#include <wasmup/testing.hpp>

using namespace wasmup::testing;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using wasmup::LogLevel;

namespace {

class TcpGate : public ::testing::Test {
 protected:
  TcpGate() { host_.set_property({"source", "address"}, "192.0.2.1:40000"); }

  Host host_{"blue\ngreen"};
};

constexpr const char* refused = "refused 192.0.2.1:40000: its first line is no key";

}  // namespace

TEST_F(TcpGate, opens_for_a_key_and_keeps_that_from_the_upstream) {
  for (const char* key : {"blue\n", "green\n", "green\r\n"}) {
    Connection connection = host_.open_connection();
    connection.downstream_data(std::string(key) + "hello\n").downstream_data("again\n");
    EXPECT_EQ(connection.to_upstream(), "hello\nagain\n") << key;
    EXPECT_FALSE(connection.was_closed());
  }
}

TEST_F(TcpGate, greets_the_client_once) {
  Connection connection = host_.open_connection();
  connection.downstream_data("blue\n").upstream_data("one\n").upstream_data("two\n");
  EXPECT_EQ(connection.to_client(), "welcome\none\ntwo\n");
}

TEST_F(TcpGate, waits_for_the_whole_line) {
  Connection connection = host_.open_connection();
  for (const char* part : {"b", "lu", "e"}) connection.downstream_data(part);
  EXPECT_EQ(connection.to_upstream(), "");
  EXPECT_FALSE(connection.was_closed());
  connection.downstream_data("\nhello");
  EXPECT_EQ(connection.to_upstream(), "hello");
}

TEST_F(TcpGate, takes_a_key_that_is_all_there_is) {
  Connection connection = host_.open_connection();
  connection.downstream_data("blue", true).upstream_data("answer", true);
  EXPECT_EQ(connection.to_upstream(), "");
  EXPECT_EQ(connection.to_client(), "welcome\nanswer");
}

TEST_F(TcpGate, refuses_everything_else) {
  for (const char* line : {"red\n", "\n", "blu\n", "bluegreen\n", "blue \n", " blue\n", "BLUE\n"}) {
    Connection connection = host_.open_connection();
    host_.clear_records();
    connection.downstream_data(std::string(line) + "hello\n");
    EXPECT_TRUE(connection.was_closed()) << line;
    EXPECT_EQ(connection.to_upstream(), "") << line;
    EXPECT_THAT(host_.logs(),
                ElementsAre(Logged(LogLevel::warn, refused), Logged(LogLevel::info, "was closed: 0 bytes")));
  }
}

TEST_F(TcpGate, refuses_a_client_that_ends_without_a_key) {
  for (const char* part : {"", "blu"}) {
    Connection connection = host_.open_connection();
    connection.downstream_data(part, true);
    EXPECT_TRUE(connection.was_closed()) << part;
  }
}

TEST_F(TcpGate, does_not_wait_for_a_line_without_end) {
  Connection connection = host_.open_connection();
  connection.downstream_data(std::string(255, 'x'));
  EXPECT_FALSE(connection.was_closed());
  connection.downstream_data("x");
  EXPECT_TRUE(connection.was_closed());
}

TEST_F(TcpGate, shows_a_client_nothing_of_the_upstream_before_it_is_open) {
  Connection connection = host_.open_connection();
  connection.upstream_data("220 ready\n");
  EXPECT_EQ(connection.to_client(), "");
  connection.downstream_data("blue\n").upstream_data("250 ok\n");
  EXPECT_EQ(connection.to_client(), "welcome\n220 ready\n250 ok\n");

  Connection ended = host_.open_connection();
  ended.upstream_data("goodbye", true);
  EXPECT_EQ(ended.to_client(), "");
  EXPECT_TRUE(ended.was_closed());
}

TEST_F(TcpGate, logs_how_much_has_passed_when_the_connection_closes) {
  Connection connection = host_.open_connection();
  connection.downstream_data("blue\nhello\n").upstream_data("hello\n").downstream_data("1234567890");
  connection.close();
  EXPECT_THAT(
      host_.logs(),
      ElementsAre(Logged(LogLevel::info, "192.0.2.1:40000 has closed: 16 bytes to the upstream, 6 from it")));
}

TEST(TcpGateConfiguration, needs_a_key) {
  Host host("");
  EXPECT_THAT(host.failure(), HasSubstr("on_configure returned false"));
  EXPECT_THAT(host.logs(), ElementsAre(Logged(LogLevel::error, "the configuration has no key")));
}
