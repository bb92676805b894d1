// SPDX-License-Identifier: MIT
// The filters of tests/sdk in a real Envoy: what their unit tests see of the fake host, Envoy does too.
#include "sdk_test.hpp"

namespace wasmup {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class Sdk : public SdkTest {};

TEST_F(Sdk, reads_and_writes_headers_with_the_same_statuses) {
  serve(filter("header_access"));
  // The built-in upstream sends these headers; the filter does what they ask, on the response.
  const auto after = [this](const std::string& headers) { return filtered({.url = headers}); };
  const auto get = after("/header/x-do/get/header/x-name/X-A/header/x-a/1/header/x-a/2");
  EXPECT_THAT(get.values("x-status"), ElementsAre("0"));
  EXPECT_THAT(get.values("x-result"), ElementsAre("1"));
  EXPECT_THAT(after("/header/x-do/get/header/x-name/x-none").values("x-status"), ElementsAre("1"));
  EXPECT_THAT(after("/header/x-do/get_all/header/x-name/X-A/header/x-a/1/header/x-a/2").values("x-result"),
              ElementsAre("[1][2]"));
  EXPECT_THAT(
      after("/header/x-do/set/header/x-name/x-a/header/x-value/3/header/x-a/1/header/x-a/2").values("x-a"),
      ElementsAre("3"));
  EXPECT_THAT(after("/header/x-do/add/header/x-name/x-a/header/x-value/3/header/x-a/1").values("x-a"),
              ElementsAre("1", "3"));
  EXPECT_THAT(after("/header/x-do/remove/header/x-name/x-a/header/x-a/1/header/x-a/2").values("x-a"),
              IsEmpty());
  EXPECT_THAT(control({.url = "/header/x-do/remove/header/x-name/x-a/header/x-a/1"}).values("x-a"),
              ElementsAre("1"));
}

TEST_F(Sdk, replaces_all_headers_and_counts_their_bytes) {
  serve(filter("header_access"));
  const http::Response replaced =
      filtered({.url = "/header/x-do/replace_all/header/x-name/x-a/header/x-value/first/header/x-b/2"});
  EXPECT_EQ(replaced.status, 201);
  EXPECT_THAT(replaced.values("x-status"), ElementsAre("0"));
  EXPECT_THAT(replaced.values("x-a"), ElementsAre("first", "last"));
  EXPECT_THAT(replaced.values("x-b"), IsEmpty());
  const auto bytes_with = [this](const std::string& more) {
    const http::Response counted = filtered({.url = "/header/x-do/byte_size/header/x-name/x-a" + more});
    EXPECT_THAT(counted.values("x-status"), ElementsAre("0"));
    return std::stoi(counted.values("x-result").at(0));
  };
  // What else there is, Envoy and the upstream add to both; the lines of the body come without a length.
  EXPECT_EQ(bytes_with("/header/x-more/12345"), bytes_with("/header/x-more/1") + 4);
}

TEST_F(Sdk, keeps_stream_state_and_configuration) {
  serve(filter("stream_state", "text"));
  const http::Response response = filtered({.url = "/some/path"});
  EXPECT_THAT(response.values("x-path"), ElementsAre("/some/path"));
  EXPECT_THAT(response.values("x-configuration"), ElementsAre("text"));
  EXPECT_THAT(response.values("x-at-start"), ElementsAre("text"));
  EXPECT_THAT(response.values("x-global"), ElementsAre(std::string(40, 'g')));
  EXPECT_THAT(response.values("x-request"), ElementsAre("gone"))
      << "request headers are not at hand in a response";
  EXPECT_THAT(module_log(1), Contains("info: tick of text"));
}

TEST_F(Sdk, refuses_a_configuration_with_the_modules_reason) {
  const auto server =
      envoy::Server::start(*processes_, options({.filters = {filter("stream_state", "refuse")}}));
  ASSERT_FALSE(server);
  EXPECT_EQ(server.error().code, ExitCode::module_refused);
  EXPECT_THAT(module_log(1), Contains("error: refused: refuse"));
}

TEST_F(Sdk, chooses_the_filter_by_root_id_and_refuses_an_unknown_one) {
  serve(filter("root_ids", "", "plain"));
  EXPECT_THAT(filtered({.url = "/"}).values("x-by"), ElementsAre("plain"));
  server_.reset();
  serve(filter("root_ids", "me", "configured"));
  EXPECT_THAT(filtered({.url = "/"}).body, HasSubstr("x-by: me\n")) << "on the request this time";
  server_.reset();
  const auto server = envoy::Server::start(
      *processes_,
      options({.filters = {{.module = WASMUP_SDK_MODULES "/root_ids.wasm", .root_id = "other"}}}));
  ASSERT_FALSE(server);
  EXPECT_THAT(module_log(1), Contains("error: this module has no filter for the root id 'other'"));
}

TEST_F(Sdk, edits_bodies) {
  const auto edited = [this](const char* what) {
    serve(filter("body_edit", what));
    const std::string body = filtered({.url = "/", .method = "POST", .body = "question"}).body;
    server_.reset();
    return body;
  };
  // The built-in upstream answers with the request, its body last: edited on the way there, and again on the
  // way back.
  // Each chunk is edited by itself, and the end may come as an empty one.
  EXPECT_THAT(edited("prepend"), AllOf(testing::StartsWith("<POST /\n"), HasSubstr("\n\n<question")));
  EXPECT_THAT(edited("append"), testing::MatchesRegex("POST /\n(.*\n)+\nquestion>+"));
  EXPECT_THAT(edited("replace"), testing::MatchesRegex("(new)+"));
  EXPECT_EQ(edited("clear"), "");
}

TEST_F(Sdk, gives_the_whole_body_once_however_the_message_ends) {
  serve(filter("whole_body"), true);
  EXPECT_THAT(filtered({.url = "/bytes/10", .method = "POST", .body = "question"}).body, "XXXXXXXXXX");
  EXPECT_THAT(module_log(2), ElementsAre("info: request: question", "info: response: xxxxxxxxxx"));
  log_.clear();

  EXPECT_EQ(filtered({.url = "/status/204"}).status, 204);
  EXPECT_THAT(module_log(2), ElementsAre("info: request: ", "info: response: "));
  log_.clear();

  const http::Response trailers =
      filtered({.url = "/trailers", .version = http::Version::http2_prior_knowledge});
  EXPECT_EQ(trailers.body, "HELLO, WORLD");
  EXPECT_THAT(trailers.trailers, Contains(testing::Pair("grpc-status", "0")));
  EXPECT_THAT(module_log(2), ElementsAre("info: request: ", "info: response: hello, world"));
}

TEST_F(Sdk, answers_locally) {
  serve(filter("local_reply"));
  const http::Response denied = filtered({.url = "/deny"});
  EXPECT_EQ(denied.status, 403);
  EXPECT_EQ(denied.body, "denied\n");
  EXPECT_THAT(denied.values("x-reason"), ElementsAre("denied", "twice"));
  EXPECT_THAT(denied.values("content-type"), ElementsAre("text/plain"));
  EXPECT_THAT(denied.values("x-passed"), ElementsAre("response callback"));

  EXPECT_THAT(filtered({.url = "/grpc"}).values("grpc-status"), IsEmpty());
  const http::Request grpc{.url = "/deny",
                           .method = "POST",
                           .headers = {{"content-type", "application/grpc"}, {"te", "trailers"}},
                           .version = http::Version::http2_prior_knowledge};
  const http::Response translated = filtered(grpc);
  EXPECT_EQ(translated.status, 200);
  EXPECT_THAT(translated.values("grpc-status"), ElementsAre("7"));
  EXPECT_THAT(translated.values("grpc-message"), ElementsAre("denied%0A"));

  const http::Response late = filtered({.url = "/header/x-late/1"});
  EXPECT_EQ(late.status, 502);
  EXPECT_EQ(late.body, "late");
  EXPECT_THAT(late.values("x-passed"), IsEmpty()) << "past the filters, straight to the client";

  EXPECT_EQ(filtered({.url = "/bad"}).status, 200);
  EXPECT_THAT(module_log(3), ElementsAre("warning: not sent", "warning: nor this", "warning: nor that"));
}

TEST_F(Sdk, reads_attributes_and_logs_at_every_level) {
  serve(filter("attributes"));
  filtered({.url = "/"});
  EXPECT_THAT(module_log(6),
              ElementsAre("trace: method GET", "debug: root id add_header_root", "info: missing",
                          "warning: no path", "error: too long", "critical: kept by me"));
}

}  // namespace
}  // namespace wasmup
