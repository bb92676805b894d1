// SPDX-License-Identifier: MIT
#include <chrono>

#include <wasmup/testing.hpp>

using namespace wasmup::testing;
using namespace std::chrono_literals;

// The filter of tests/sdk/tcp.cpp. tests/envoy/tcp_test.cpp shows the same of real Envoy.

TEST(TcpTrap, closes_its_connection_and_every_new_one_when_failing_closed) {
  Host host;
  Connection connection = host.open_connection();
  connection.downstream_data("before").downstream_data("down:trap");
  EXPECT_EQ(connection.to_upstream(), "before");
  EXPECT_TRUE(connection.was_closed());
  EXPECT_TRUE(host.open_connection().was_closed());
}

TEST(TcpTrap, closes_the_other_connections_when_something_comes_however_it_fails) {
  for (const bool fail_open : {false, true}) {
    Host host(HostOptions{.fail_open = fail_open});
    Connection trapped = host.open_connection();
    Connection other = host.open_connection();
    trapped.upstream_data("up:trap");
    EXPECT_TRUE(trapped.was_closed());
    EXPECT_FALSE(other.was_closed());
    other.downstream_data("after");
    EXPECT_TRUE(other.was_closed());
    EXPECT_EQ(other.to_upstream(), "");
  }
}

TEST(TcpTrap, lets_new_connections_pass_when_failing_open) {
  Host host(HostOptions{.plugin_configuration = "trap", .fail_open = true});
  EXPECT_TRUE(host.open_connection().was_closed()) << "the one that trapped";
  Connection connection = host.open_connection();
  connection.downstream_data("down:replace", true).upstream_data("up:replace");
  EXPECT_EQ(connection.to_upstream(), "down:replace");
  EXPECT_EQ(connection.to_client(), "up:replace");
}

TEST(TcpTrap, is_followed_by_a_fresh_vm_for_new_connections_when_reloading) {
  Host host(HostOptions{.reload = true});
  Connection old = host.open_connection();
  host.open_connection().downstream_data("down:trap");
  EXPECT_TRUE(host.open_connection().was_closed()) << "too soon";
  host.advance(1s);
  Connection connection = host.open_connection();
  connection.downstream_data("down:prepend");
  EXPECT_EQ(connection.to_upstream(), "<down:prepend");
  old.downstream_data("more");
  EXPECT_TRUE(old.was_closed()) << "its VM is gone";
}
