// SPDX-License-Identifier: MIT
#include <wasmup/testing.hpp>

using namespace wasmup::testing;
using ::testing::HasSubstr;

// tests/envoy shows the same of real Envoy.
TEST(Trap, fails_the_stream_and_every_later_one_when_failing_closed) {
  Host host;
  EXPECT_EQ(host.exchange(get("/")).status(), 200);
  const Exchange trapped = host.exchange(post("/", "body"));
  EXPECT_EQ(trapped.status(), 503);
  EXPECT_EQ(trapped.upstream, std::nullopt);
  EXPECT_FALSE(host.is_running());
  EXPECT_THAT(host.failure(), HasSubstr("trapped in proxy_on_request_headers: unreachable"));
  EXPECT_EQ(host.exchange(get("/")).status(), 503);
}

TEST(Trap, fails_open_from_the_next_stream_on) {
  Host host(HostOptions{.fail_open = true});
  EXPECT_EQ(host.exchange(post("/", "body")).status(), 503) << "the stream that trapped";
  EXPECT_EQ(host.exchange(get("/")).status(), 200) << "the next one";
}
