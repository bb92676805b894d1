// SPDX-License-Identifier: MIT
#include "envoy_test.hpp"

namespace wasmup {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

class BuiltinUpstream : public EnvoyTest {
 protected:
  void SetUp() override {
    EnvoyTest::SetUp();
    if (!HasFatalFailure()) start({});
  }
};

TEST_F(BuiltinUpstream, answers_with_the_request_as_it_arrived) {
  const http::Response response = control({.url = "/a?b=c", .method = "POST", .headers = {{"x-one", "1"}}});
  EXPECT_EQ(response.status, 200);
  EXPECT_THAT(response.values("content-type"), ElementsAre("text/plain"));
  EXPECT_THAT(response.body, StartsWith("POST /a?b=c\n:authority: wasmup.test\n"));
  EXPECT_THAT(response.body, HasSubstr("\nx-one: 1\n"));
  EXPECT_THAT(response.body, EndsWith("\n"));
}

TEST_F(BuiltinUpstream, answers_with_the_status_asked_for) {
  EXPECT_EQ(control({.url = "/status/204"}).status, 204);
  EXPECT_EQ(control({.url = "/status/599"}).status, 599);
  for (const char* path : {"/status/199", "/status/600", "/status/99", "/status/2000"}) {
    EXPECT_EQ(control({.url = path}).status, 400) << path;
  }
}

TEST_F(BuiltinUpstream, answers_with_the_headers_asked_for) {
  const http::Response response =
      control({.url = "/header/X-One/1/header/x-two/a,b/header/x-one/2/status/404"});
  EXPECT_EQ(response.status, 404);
  EXPECT_THAT(response.values("x-one"), ElementsAre("1", "2"));
  EXPECT_THAT(response.values("x-two"), ElementsAre("a,b"));
  EXPECT_THAT(control({.url = "/header/content-type/text%2Fhtml"}).values("content-type"),
              ElementsAre("text%2Fhtml"));
}

TEST_F(BuiltinUpstream, answers_with_as_many_bytes_as_asked_for) {
  EXPECT_EQ(control({.url = "/bytes/0"}).body, "");
  EXPECT_EQ(control({.url = "/bytes/1000"}).body, std::string(1000, 'x'));
  EXPECT_EQ(control({.url = "/bytes/67108865"}).status, 400);
  EXPECT_EQ(control({.url = "/bytes/99999999999999999999"}).status, 400);
}

TEST_F(BuiltinUpstream, reads_a_long_request_before_it_answers) {
  for (const auto version : {http::Version::http1, http::Version::http2_prior_knowledge}) {
    const http::Response response =
        control({.url = "/", .method = "POST", .body = std::string(8'000'000, 'y'), .version = version});
    EXPECT_EQ(response.status, 200);
    EXPECT_THAT(response.body, HasSubstr("\ncontent-length: 8000000\n"));
  }
}

TEST_F(BuiltinUpstream, takes_no_instructions_from_a_query) {
  EXPECT_EQ(control({.url = "/?/status/500"}).status, 200);
}

}  // namespace
}  // namespace wasmup
