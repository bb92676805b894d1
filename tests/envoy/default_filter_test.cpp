// SPDX-License-Identifier: MIT
// The default filter in a real Envoy: its header is on every response, once, and nothing else is touched.
// Each check has its negative control: the same request past the filter, to the same upstream.
#include <algorithm>
#include <ostream>

#include "envoy_test.hpp"

namespace wasmup {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

/// All headers but the filter's and the time of day, in order.
http::Headers others(const http::Response& response) {
  http::Headers headers = response.headers;
  std::erase_if(headers, [](const auto& entry) { return entry.first == header || entry.first == "date"; });
  return headers;
}

struct Case {
  const char* name;
  const char* path;
  int status = 200;
  const char* method = "GET";
  std::vector<std::string> own = {};  ///< values of the filter's header that the upstream sends itself
  size_t body = 0;                    ///< bytes expected, when they are many
};

void PrintTo(const Case& value, std::ostream* out) { *out << value.name; }

const std::vector<Case> cases{
    {.name = "get", .path = "/some/path?and=query"},
    {.name = "post", .path = "/", .method = "POST"},
    {.name = "head", .path = "/bytes/100", .method = "HEAD"},
    {.name = "no_content", .path = "/status/204", .status = 204},
    {.name = "not_modified", .path = "/status/304", .status = 304},
    {.name = "not_found", .path = "/status/404", .status = 404},
    {.name = "server_error", .path = "/status/500", .status = 500},
    {.name = "upstreams_own", .path = "/header/x-wasm-custom/theirs", .own = {"theirs"}},
    {.name = "upstreams_own_in_capitals", .path = "/header/X-Wasm-Custom/theirs", .own = {"theirs"}},
    {.name = "upstreams_own_twice",
     .path = "/header/x-wasm-custom/one/header/x-other/1/header/x-wasm-custom/two",
     .own = {"one", "two"}},
    {.name = "other_headers", .path = "/header/x-one/1/header/set-cookie/a/header/set-cookie/b"},
    {.name = "large_body", .path = "/bytes/8388608", .body = 8388608},
};

class DefaultFilter : public EnvoyTest, public testing::WithParamInterface<Case> {
 protected:
  void expect_one_header(http::Version version) {
    const Case& expected = GetParam();
    const http::Request request{.url = expected.path,
                                .method = expected.method,
                                .body = std::string_view(expected.method) == "POST" ? "question" : "",
                                .version = version};
    const http::Response with = filtered(request);
    const http::Response without = control(request);

    EXPECT_THAT(with.values(header), ElementsAre("FOO"));
    EXPECT_EQ(without.values(header), expected.own);
    EXPECT_EQ(with.status, expected.status);
    EXPECT_EQ(without.status, expected.status);
    EXPECT_EQ(others(with), others(without));
    EXPECT_TRUE(with.body == without.body) << "bodies differ";  // may be long
    if (expected.body != 0) {
      EXPECT_TRUE(with.body == std::string(expected.body, 'x')) << with.body.size() << " bytes";
    }
    EXPECT_THAT(with.trailers, IsEmpty());
  }

  void expect_one_header_in_both_versions() {
    {
      SCOPED_TRACE("HTTP/1.1");
      expect_one_header(http::Version::http1);
    }
    {
      SCOPED_TRACE("HTTP/2");
      expect_one_header(http::Version::http2_prior_knowledge);
    }
  }
};

TEST_P(DefaultFilter, before_the_built_in_upstream) {
  start_with_default_filter();
  expect_one_header_in_both_versions();
}

TEST_P(DefaultFilter, before_a_real_upstream) {
  start_with_default_filter({.upstream = start_upstream()});
  expect_one_header_in_both_versions();
}

INSTANTIATE_TEST_SUITE_P(sets_its_header, DefaultFilter, testing::ValuesIn(cases),
                         [](const auto& info) { return std::string(info.param.name); });

class DefaultFilterAlone : public EnvoyTest {};

TEST_F(DefaultFilterAlone, sets_its_header_on_a_response_that_envoy_makes_itself) {
  start_with_default_filter({.direct_response_path = "/direct"});
  for (const auto version : {http::Version::http1, http::Version::http2_prior_knowledge}) {
    const http::Response with = filtered({.url = "/direct", .version = version});
    const http::Response without = control({.url = "/direct", .version = version});
    EXPECT_EQ(with.body, "direct\n");
    EXPECT_THAT(with.values(header), ElementsAre("FOO"));
    EXPECT_THAT(without.values(header), IsEmpty());
    EXPECT_EQ(others(with), others(without));
  }
}

TEST_F(DefaultFilterAlone, sets_its_header_when_the_upstream_is_down) {
  start_with_default_filter({.upstream = envoy::Upstream{.port = 1}});
  EXPECT_EQ(filtered({.url = "/"}).status, 503);
  EXPECT_THAT(filtered({.url = "/"}).values(header), ElementsAre("FOO"));
  EXPECT_EQ(control({.url = "/"}).status, 503);
  EXPECT_THAT(control({.url = "/"}).values(header), IsEmpty());
}

TEST_F(DefaultFilterAlone, leaves_trailers_as_they_are) {
  start_with_default_filter({.upstream = start_upstream()});
  for (const auto version : {http::Version::http1, http::Version::http2_prior_knowledge}) {
    const http::Request call{.url = "/trailers",
                             .method = "POST",
                             .headers = {{"content-type", "application/grpc"}, {"te", "trailers"}},
                             .body = "call",
                             .version = version};
    const http::Response with = filtered(call);
    const http::Response without = control(call);
    EXPECT_THAT(with.values(header), ElementsAre("FOO"));
    EXPECT_THAT(without.values(header), IsEmpty());
    EXPECT_THAT(with.trailers, ElementsAre(Pair("grpc-status", "0"), Pair("grpc-message", "fine")));
    EXPECT_EQ(with.trailers, without.trailers);
    EXPECT_EQ(with.body, "hello, world");
    EXPECT_EQ(others(with), others(without));
  }
}

TEST_F(DefaultFilterAlone, sets_its_header_before_an_http2_upstream) {
  start({});  // its control listener is the upstream of the next one
  const std::unique_ptr<envoy::Server> upstream = std::move(server_);
  start_with_default_filter({.upstream = envoy::Upstream{.port = upstream->control_port(), .http2 = true}});
  const http::Response with = filtered({.url = "/bytes/1000"});
  EXPECT_THAT(with.values(header), ElementsAre("FOO"));
  EXPECT_EQ(with.body, std::string(1000, 'x'));
  EXPECT_THAT(control({.url = "/bytes/1000"}).values(header), IsEmpty());
}

TEST_F(DefaultFilterAlone, serves_every_root_id_and_configuration) {
  for (const envoy::WasmFilter& filter :
       {envoy::WasmFilter{.module = WASMUP_ADD_HEADER_MODULE, .root_id = ""},
        envoy::WasmFilter{
            .module = WASMUP_ADD_HEADER_MODULE, .root_id = "another", .configuration = "{\"a\": 1}"}}) {
    start({.filters = {filter}});
    EXPECT_THAT(filtered({.url = "/"}).values(header), ElementsAre("FOO"));
  }
}

/// The request itself reaches the upstream as it would without the filter.
TEST_F(DefaultFilterAlone, leaves_requests_as_they_are) {
  start_with_default_filter();
  const http::Request request{.url = "/echo",
                              .headers = {{"x-wasm-custom", "the client's"}, {"x-other", "1"}}};
  const http::Response with = filtered(request);
  EXPECT_THAT(with.body, testing::HasSubstr("\nx-wasm-custom: the client's\n"));
  EXPECT_EQ(with.body, control(request).body);
}

}  // namespace
}  // namespace wasmup
