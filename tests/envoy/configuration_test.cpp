// SPDX-License-Identifier: MIT
// tests/sdk/configuration.cpp in a real Envoy.
#include "sdk_test.hpp"

namespace wasmup {
namespace {

using testing::Contains;
using testing::ElementsAre;

class Configuration : public SdkTest {};

TEST_F(Configuration, is_read_into_the_users_own_struct) {
  serve(filter("configuration", R"({"name": "blue", "limit": 7, "paths": ["/a", "/b"]})"));
  const http::Response response = filtered({.url = "/"});
  EXPECT_THAT(response.values("x-name"), ElementsAre("blue"));
  EXPECT_THAT(response.values("x-limit"), ElementsAre("7"));
  EXPECT_THAT(response.values("x-path"), ElementsAre("/a", "/b"));
}

TEST_F(Configuration, that_is_wrong_is_refused_with_a_line_that_says_where) {
  const auto server = envoy::Server::start(
      *processes_,
      options({.filters = {filter("configuration", "{\n  \"name\": \"blue\",\n  \"limit\": \"ten\"\n}")}}));
  ASSERT_FALSE(server);
  EXPECT_EQ(server.error().code, ExitCode::module_refused);
  EXPECT_THAT(module_log(1),
              Contains("error: plugin configuration, line 3, column 12: \"limit\": expected a whole "
                       "number from 0 to 4294967295"));
}

}  // namespace
}  // namespace wasmup
