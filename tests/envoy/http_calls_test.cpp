// SPDX-License-Identifier: MIT
// tests/sdk/http_calls.cpp in a real Envoy.
#include "os/network.hpp"
#include "sdk_test.hpp"

namespace wasmup {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

class HttpCalls : public SdkTest {
 protected:
  /// With "auth", a server that answers by the path, and "dead", where nobody listens.
  void serve_with_clusters(const std::string& configuration = "") {
    start({.filters = {filter("http_calls", configuration)},
           .clusters = {{"auth", start_upstream()}, {"dead", {.port = 1}}}},
          "info");
  }

  http::Response asking(const std::string& paths, const std::string& cluster = "auth") {
    return filtered({.url = "/", .headers = {{"x-cluster", cluster}, {"x-paths", paths}}});
  }
};

TEST_F(HttpCalls, hold_the_request_until_the_answer_lets_it_go) {
  serve_with_clusters();
  EXPECT_THAT(asking("/bytes/3/header/x-user/ada").body,
              HasSubstr("x-answer: /bytes/3/header/x-user/ada=200 xxx ada"));
}

TEST_F(HttpCalls, carry_method_headers_and_body) {
  serve_with_clusters();
  // The server answers with the request as it came, and the answer becomes a header's value: unless it has
  // line breaks, which no header may have.
  asking("/echo");
  EXPECT_THAT(module_log(1), ElementsAre(AllOf(HasSubstr("POST /echo"), HasSubstr("x-from: filter"),
                                               HasSubstr("content-length: 8"))));
}

TEST_F(HttpCalls, may_answer_the_client_instead) {
  serve_with_clusters();
  const http::Response response = asking("/status/403");
  EXPECT_EQ(response.status, 403);
  EXPECT_EQ(response.body, "no");
}

TEST_F(HttpCalls, several_at_once_are_all_waited_for) {
  serve_with_clusters();
  EXPECT_THAT(
      asking("/bytes/1 /bytes/2 /bytes/3").body,
      AllOf(HasSubstr("/bytes/1=200 x\n"), HasSubstr("/bytes/2=200 xx\n"), HasSubstr("/bytes/3=200 xxx\n")));
}

TEST_F(HttpCalls, time_out_as_a_504_made_by_envoy) {
  serve_with_clusters();
  EXPECT_THAT(asking("/never").body, HasSubstr("x-answer: /never=504 upstream request timeout"));
}

TEST_F(HttpCalls, to_where_nobody_listens_are_a_503_made_by_envoy) {
  serve_with_clusters();
  EXPECT_THAT(asking("/a", "dead").body, HasSubstr("x-answer: /a=503 upstream connect error"));
}

TEST_F(HttpCalls, answered_after_the_stream_is_gone_reach_nobody) {
  serve_with_clusters();
  const auto response = http::send({.url = "http://127.0.0.1:" + std::to_string(server_->port()),
                                    .headers = {{"x-cluster", "auth"}, {"x-paths", "/never"}},
                                    .limit = std::chrono::milliseconds(100)});
  ASSERT_FALSE(response) << "the client gives up first";
  pump_until([this] { return stat("cluster.auth.upstream_rq_timeout") == 1; });
  EXPECT_THAT(asking("/bytes/1").body, HasSubstr("=200 x")) << "the VM is none the worse";
  EXPECT_THAT(module_log(), testing::IsEmpty());
}

TEST_F(HttpCalls, to_an_unknown_cluster_are_not_sent) {
  serve_with_clusters();
  EXPECT_EQ(asking("/a", "other").status, 200);
  EXPECT_THAT(module_log(1), ElementsAre("warning: not sent: 2"));
}

TEST_F(HttpCalls, come_from_a_root_on_a_tick) {
  serve_with_clusters("tick");
  EXPECT_THAT(module_log(1), Contains(StartsWith("info: root was told 200 GET /from-root")));
}

}  // namespace
}  // namespace wasmup
