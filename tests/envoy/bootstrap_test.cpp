// SPDX-License-Identifier: MIT
// What envoy::Bootstrap can be asked for, in a real Envoy.
#include "envoy_test.hpp"

namespace wasmup {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class RealBootstrap : public EnvoyTest {
 protected:
  static envoy::WasmFilter plugin(std::string name) {
    return {.module = WASMUP_ADD_HEADER_MODULE, .name = std::move(name)};
  }
};

TEST_F(RealBootstrap, starts_with_all_there_is) {
  envoy::WasmFilter filter = plugin("filter");
  filter.vm_configuration = "vm";
  filter.failure_policy = envoy::FailurePolicy::fail_reload;
  filter.vm_id = "shared";
  filter.environment = {{"COLOUR", "blue"}};
  filter.allow_on_headers_stop_iteration = true;
  filter.reload_backoff = 50ms;
  start({.upstream = start_upstream(),
         .filters = {filter},
         .direct_response_path = "/direct",
         .clusters = {{.name = "nowhere", .upstream = {.port = 1}},
                      {.name = "grpc", .upstream = {.port = 1, .http2 = true}}},
         .routes = {{.header = "x-to", .value = "nowhere", .cluster = "nowhere"}},
         .access_loggers = {{.module = test_module("logging")}},
         .tcp_filters = {plugin("tcp")},
         .tcp_cluster = "upstream",
         .stats_tags = {{"colour", "(_colour=([a-z]+))"}},
         .buffer_limit = 1000});
  EXPECT_THAT(filtered({.url = "/"}).values(header), ElementsAre("FOO"));
  EXPECT_THAT(control({.url = "/"}).values(header), IsEmpty());
}

TEST_F(RealBootstrap, routes_by_header_and_finds_a_cluster_that_is_not_there_out) {
  start({.clusters = {{.name = "nowhere", .upstream = {.port = 1}}},
         .routes = {{.header = "x-to", .value = "nowhere", .cluster = "nowhere"}}});
  EXPECT_EQ(filtered({.url = "/", .headers = {{"x-to", "nowhere"}}}).status, 503);
  EXPECT_EQ(control({.url = "/", .headers = {{"x-to", "nowhere"}}}).status, 503);
  EXPECT_EQ(filtered({.url = "/", .headers = {{"x-to", "upstream"}}}).status, 200);
}

TEST_F(RealBootstrap, refuses_a_route_to_a_cluster_that_it_does_not_know) {
  const auto server = envoy::Server::start(
      *processes_, options({.routes = {{.header = "x-to", .value = "nowhere", .cluster = "nowhere"}}}));
  ASSERT_FALSE(server);
  EXPECT_THAT(server.error().seen, HasSubstr("unknown cluster 'nowhere'"));
}

TEST_F(RealBootstrap, passes_bytes_through_the_tcp_filters) {
  start({.tcp_filters = {plugin("tcp")}});
  ASSERT_NE(server_->tcp_port(), 0);
  const auto response =
      http::send({.url = "http://127.0.0.1:" + std::to_string(server_->tcp_port()) + "/bytes/3"});
  ASSERT_TRUE(response) << response.error().seen;
  EXPECT_EQ(response->body, "xxx");
  EXPECT_THAT(response->values(header), IsEmpty()) << "an HTTP callback has no part in it";
  EXPECT_EQ(stat("tcp.tcp.downstream_cx_total"), 1);
}

TEST_F(RealBootstrap, has_no_tcp_listener_without_tcp_filters) {
  start_with_default_filter();
  EXPECT_EQ(server_->tcp_port(), 0);
}

TEST_F(RealBootstrap, loads_access_loggers_like_filters) {
  start({.access_loggers = {{.module = test_module("logging")}}});
  pump_until([&] { return !log_.empty(); });
  EXPECT_EQ(log_.front().message, "configured");
  EXPECT_EQ(filtered({.url = "/"}).status, 200);
  server_.reset();
  const auto server = envoy::Server::start(
      *processes_,
      options({.access_loggers = {{.module = test_module("logging"), .configuration = "refused"}}}));
  ASSERT_FALSE(server);
  EXPECT_EQ(server.error().code, ExitCode::module_refused);
}

TEST_F(RealBootstrap, tags_stats) {
  // On a stat of Envoy's own; those of a module go the same way.
  start({.stats_tags = {{"side", "\\.((down)stream_)rq_total$"}}});
  control({.url = "/"});
  const auto text = server_->prometheus();
  ASSERT_TRUE(text) << text.error().seen;
  EXPECT_THAT(*text, testing::ContainsRegex("\nenvoy_http_rq_total\\{.*side=\"down\".*\\} 1\n"));
}

TEST_F(RealBootstrap, reports_exchanges_with_the_headers_before_and_after_the_filters) {
  std::vector<envoy::Exchange> seen;
  envoy::ServerOptions wanted =
      options({.filters = {plugin("one")}, .tcp_filters = {plugin("tcp")}, .reports_exchanges = true});
  wanted.on_exchange = [&seen](const envoy::Exchange& exchange) { seen.push_back(exchange); };
  server_ = envoy::Server::start(*processes_, std::move(wanted)).value();
  filtered({.url = "/any?x", .headers = {{"x-binary", "\xff"}}});
  control({.url = "/"});
  http::send({.url = "http://127.0.0.1:" + std::to_string(server_->tcp_port()) + "/bytes/3"}).value();
  pump_until([&seen] { return seen.size() == 2; });

  const envoy::Exchange& stream = seen[seen[0].is_connection ? 1 : 0];
  EXPECT_EQ(stream.method, "GET");
  EXPECT_EQ(stream.path, "/any?x");
  EXPECT_EQ(stream.status, 200);
  EXPECT_EQ(stream.details, "via_upstream");
  EXPECT_GT(stream.time.count(), 0);
  EXPECT_NE(stream.port, 0);
  ASSERT_TRUE(stream.request_before && stream.request_after && stream.response_before &&
              stream.response_after);
  EXPECT_EQ(stream.request_before, stream.request_after);
  EXPECT_THAT(http::values(*stream.request_before, ":path"), ElementsAre("/any?x"));
  EXPECT_THAT(http::values(*stream.response_before, header), IsEmpty());
  EXPECT_THAT(http::values(*stream.response_after, header), ElementsAre("FOO"));

  const envoy::Exchange& connection = seen[seen[0].is_connection ? 0 : 1];
  EXPECT_TRUE(connection.is_connection);
  EXPECT_GT(connection.received, 0);
  EXPECT_GT(connection.sent, 3);
}

TEST_F(RealBootstrap, reports_what_a_filter_answers_itself_and_what_it_traps_on) {
  std::vector<envoy::Exchange> seen;
  envoy::ServerOptions wanted =
      options({.filters = {{.module = test_module("trapping")}}, .reports_exchanges = true});
  wanted.on_exchange = [&seen](const envoy::Exchange& exchange) { seen.push_back(exchange); };
  server_ = envoy::Server::start(*processes_, std::move(wanted)).value();
  filtered({.url = "/", .headers = {{"x-trap", "yes"}}});
  pump_until([&seen] { return seen.size() == 1; });
  EXPECT_EQ(seen[0].status, 503);
  EXPECT_EQ(seen[0].details, "wasm_fail_stream");
  EXPECT_FALSE(seen[0].request_after) << "it did not come as far";
}

TEST_F(RealBootstrap, has_an_admin_on_a_port_when_told_to) {
  start({.admin_port = 0});
  EXPECT_EQ(http::send({.url = server_->admin_url() + "/ready"}).value().body, "LIVE\n");
  server_.reset();
  start({});
  EXPECT_EQ(server_->admin_url(), "");
  EXPECT_EQ(stat("server.live"), 1) << "we can reach it all the same";
}

TEST_F(RealBootstrap, sets_a_header_by_envoys_own_filter) {
  start({.direct_response_path = "/direct", .native_header = {{"x-a", "b"}}});
  EXPECT_THAT(filtered({.url = "/direct"}).values("x-a"), ElementsAre("b"));
  EXPECT_THAT(control({.url = "/direct"}).values("x-a"), IsEmpty());
}

TEST_F(RealBootstrap, limits_what_is_buffered) {
  const envoy::WasmFilter buffering{.module = WASMUP_SDK_MODULES "/whole_body.wasm"};
  const http::Request long_request{.url = "/", .method = "POST", .body = std::string(5000, 'x')};
  start({.filters = {buffering}});
  EXPECT_EQ(filtered(long_request).status, 200);
  server_.reset();
  start({.filters = {buffering}, .buffer_limit = 1000});
  EXPECT_EQ(filtered(long_request).status, 413);
  EXPECT_EQ(filtered({.url = "/bytes/500"}).body, std::string(500, 'X'));
  const auto cut = http::send({.url = "http://127.0.0.1:" + std::to_string(server_->port()) + "/bytes/5000"});
  ASSERT_FALSE(cut) << cut->status;
  EXPECT_THAT(cut.error().seen, HasSubstr("closed")) << "its headers had gone out";
}

}  // namespace
}  // namespace wasmup
