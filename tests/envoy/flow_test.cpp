// SPDX-License-Identifier: MIT
// tests/sdk/flow.cpp in a real Envoy: what holds a message back there, and what lets it go.
#include "sdk_test.hpp"

namespace wasmup {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class Flow : public SdkTest {
 protected:
  void hold_with(bool allow_on_headers_stop_iteration) {
    envoy::WasmFilter held = filter("flow");
    held.allow_on_headers_stop_iteration = allow_on_headers_stop_iteration;
    start({.filters = {std::move(held)}}, "info");
  }

  http::Response held(const std::string& how, const std::string& body = "body") {
    return filtered({.url = "/", .method = "POST", .headers = {{"x-hold", how}}, .body = body});
  }
};

TEST_F(Flow, holds_all_of_a_request_until_it_is_let_go) {
  hold_with(false);
  const http::Response response = held("all");
  EXPECT_THAT(response.body,
              AllOf(HasSubstr("x-released: 1\n"), Not(HasSubstr("x-late")), HasSubstr("\n\nbody")));
  EXPECT_THAT(module_log(2), ElementsAre("info: gone on", "info: request body of 4, the end"));
}

TEST_F(Flow, holds_headers_but_sees_the_body_where_envoy_is_told_to) {
  hold_with(true);
  EXPECT_THAT(held("headers").body, AllOf(HasSubstr("x-released: 1\n"), HasSubstr("\n\nbody")));
  EXPECT_THAT(module_log(2), Contains("info: request body of 4, the end"));
}

TEST_F(Flow, holds_all_instead_of_headers_where_envoy_is_not_told_to) {
  hold_with(false);
  EXPECT_THAT(held("headers").body, HasSubstr("x-released: 1\n"));
  EXPECT_EQ(module_log(1)[0], "info: gone on") << "the body is seen after that";
}

TEST_F(Flow, holds_a_body_and_a_response) {
  hold_with(false);
  EXPECT_THAT(held("body").body, HasSubstr("\n\nbody"));
  EXPECT_THAT(held("response").values("x-released"), ElementsAre("1"));
}

TEST_F(Flow, answers_from_a_later_callback) {
  hold_with(false);
  const http::Response response = held("answer late");
  EXPECT_EQ(response.status, 202);
  EXPECT_EQ(response.body, "late");
}

TEST_F(Flow, resets_a_stream_in_either_direction) {
  hold_with(false);
  for (const char* const how : {"reset", "response reset"}) {
    const auto response = http::send(
        {.url = "http://127.0.0.1:" + std::to_string(server_->port()), .headers = {{"x-hold", how}}});
    EXPECT_FALSE(response) << how;
  }
  EXPECT_EQ(held("no").status, 200) << "other streams go on";
}

TEST_F(Flow, adds_trailers_where_none_came) {
  start({.upstream = start_upstream(), .filters = {filter("flow")}}, "info");
  http::Request request{.url = "/",
                        .method = "POST",
                        .headers = {{"x-hold", "trailer"}},
                        .body = "body",
                        .version = http::Version::http2_prior_knowledge};
  EXPECT_THAT(filtered(request).trailers, ElementsAre(testing::Pair("x-added", "response")));
  EXPECT_THAT(control(request).trailers, IsEmpty());
}

}  // namespace
}  // namespace wasmup
