// SPDX-License-Identifier: MIT
#include <chrono>

#include <wasmup/testing.hpp>

using namespace wasmup::testing;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(RootIds, choose_the_filter) {
  {
    Host host(HostOptions{.root_id = "plain"});
    const Exchange exchange = host.exchange(get("/"));
    EXPECT_THAT(exchange.client, HasHeader("x-by", "plain"));
    EXPECT_THAT(exchange.upstream, LacksHeader("x-by"));
  }
  Host host(HostOptions{.plugin_configuration = "me", .root_id = "configured"});
  const Exchange exchange = host.exchange(get("/"));
  EXPECT_THAT(exchange.upstream, HasHeader("x-by", "me"));
  EXPECT_THAT(exchange.client, LacksHeader("x-by"));
}

TEST(RootIds, a_root_context_needs_no_filter) {
  Host host(HostOptions{.root_id = "service"});
  host.advance(std::chrono::seconds(1));
  EXPECT_THAT(host.logs(), ElementsAre(Logged(wasmup::LogLevel::warn, "served")));
  EXPECT_THAT(host.exchange(get("/")).client, LacksHeader("x-by"));
}

TEST(RootIds, an_unknown_one_refuses_the_configuration_and_says_so) {
  for (const char* unknown : {"", "plain2", "PLAIN", "add_header_root"}) {
    Host host(HostOptions{.root_id = unknown});
    EXPECT_THAT(host.failure(), HasSubstr("on_configure returned false")) << unknown;
    EXPECT_THAT(host.logs(), ElementsAre(Logged(wasmup::LogLevel::error, std::string("'") + unknown + "'")));
  }
}
