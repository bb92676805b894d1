// SPDX-License-Identifier: MIT
#include <chrono>

#include <wasmup/testing.hpp>

using namespace wasmup::testing;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using wasmup::LogLevel;

namespace {

constexpr const char* key = "key-of-ada";

/// A request that waits for the service's answer.
class AuthCallout : public ::testing::Test {
 protected:
  AuthCallout()
      : host_(HostOptions{.plugin_configuration = "auth", .clusters = {"auth"}}),
        stream_(host_.open_stream()) {}

  HttpCall asked(const Headers& headers = {{"x-api-key", key}}) {
    stream_.request_headers(get("/private", headers).headers);
    EXPECT_TRUE(stream_.request_is_held());
    EXPECT_THAT(host_.http_calls(), SizeIs(1));
    return host_.http_calls().at(0);
  }

  void expect_unavailable(const char* reason) {
    EXPECT_EQ(stream_.so_far().status(), 503);
    EXPECT_EQ(stream_.so_far().client->body, "authorization is not available, try again later\n");
    EXPECT_FALSE(stream_.so_far().upstream);
    EXPECT_THAT(host_.logs(), ElementsAre(Logged(LogLevel::warn, reason)));
  }

  Host host_;
  Stream stream_;
};

}  // namespace

TEST_F(AuthCallout, asks_with_the_key_and_the_path) {
  const HttpCall call = asked();
  EXPECT_EQ(call.cluster, "auth");
  EXPECT_THAT(call.headers, HasHeader(":method", "GET"));
  EXPECT_THAT(call.headers, HasHeader(":path", "/check"));
  EXPECT_THAT(call.headers, HasHeader("x-api-key", key));
  EXPECT_THAT(call.headers, HasHeader("x-path", "/private"));
}

TEST_F(AuthCallout, lets_pass_whom_the_service_names) {
  host_.answer(asked(), reply(200, "", {{"x-user", "ada"}}));
  EXPECT_THAT(stream_.so_far().upstream, HasHeader("x-user", "ada"));
  EXPECT_THAT(stream_.so_far().upstream, HasHeader(":path", "/private"));
}

TEST_F(AuthCallout, believes_no_name_that_the_client_gives) {
  host_.answer(asked({{"x-api-key", key}, {"x-user", "root"}, {"x-user", "admin"}}),
               reply(200, "", {{"x-user", "ada"}}));
  EXPECT_THAT(stream_.so_far().upstream, HasHeader("x-user", "ada"));
}

TEST_F(AuthCallout, keeps_the_key_from_the_upstream_and_from_the_log) {
  host_.answer(asked({{"x-api-key", key}, {"x-api-key", "another"}}), reply(200, "", {{"x-user", "ada"}}));
  EXPECT_THAT(stream_.so_far().upstream, LacksHeader("x-api-key"));
  for (const LogLine& line : host_.logs()) EXPECT_THAT(line.text, Not(HasSubstr(key)));
}

TEST_F(AuthCallout, refuses_what_the_service_refuses) {
  host_.answer(asked(), reply(403, "reasons of its own"));
  EXPECT_EQ(stream_.so_far().status(), 403);
  EXPECT_EQ(stream_.so_far().client->body, "this API key does not open this\n");
  EXPECT_FALSE(stream_.so_far().upstream);
}

TEST_F(AuthCallout, asks_for_another_key_when_the_service_does_not_know_it) {
  host_.answer(asked(), reply(401));
  EXPECT_EQ(stream_.so_far().status(), 401);
  EXPECT_THAT(stream_.so_far().client, HasHeader("www-authenticate", "ApiKey"));
  EXPECT_FALSE(stream_.so_far().upstream);
}

TEST_F(AuthCallout, answers_401_without_asking_when_there_is_no_key) {
  for (const Headers& headers : {Headers{}, Headers{{"x-api-key", ""}}}) {
    const Exchange exchange = host_.exchange(get("/private", headers));
    EXPECT_EQ(exchange.status(), 401);
    EXPECT_THAT(exchange.client, HasHeader("www-authenticate", "ApiKey"));
    EXPECT_FALSE(exchange.upstream);
    EXPECT_THAT(host_.http_calls(), IsEmpty());
  }
}

TEST_F(AuthCallout, lets_nobody_pass_when_the_service_is_out_of_order) {
  host_.answer(asked(), reply(503, "no healthy upstream"));
  expect_unavailable("it is out of order");
}

TEST_F(AuthCallout, lets_nobody_pass_when_the_service_is_too_slow) {
  asked();
  host_.advance(std::chrono::milliseconds(499));
  EXPECT_TRUE(stream_.request_is_held());
  host_.advance(std::chrono::milliseconds(1));
  expect_unavailable("it took too long");
}

TEST_F(AuthCallout, lets_nobody_pass_when_the_answer_breaks_off) {
  host_.fail(asked());
  expect_unavailable("its answer broke off");
}

TEST_F(AuthCallout, lets_nobody_pass_whom_the_service_does_not_name) {
  host_.answer(asked(), reply(200, "welcome"));
  expect_unavailable("it named no user");
}

TEST(AuthCalloutConfiguration, names_the_cluster) {
  Host host{""};
  EXPECT_FALSE(host.is_running());
  EXPECT_THAT(host.logs(), ElementsAre(Logged(LogLevel::error, "must name the cluster")));
}

TEST(AuthCalloutConfiguration, lets_nobody_pass_when_envoy_does_not_know_the_cluster) {
  Host host(HostOptions{.plugin_configuration = "atuh", .clusters = {"auth"}});
  const Exchange exchange = host.exchange(get("/", {{"x-api-key", key}}));
  EXPECT_EQ(exchange.status(), 503);
  EXPECT_FALSE(exchange.upstream);
  EXPECT_THAT(host.logs(), Each(Logged(LogLevel::warn, "it cannot be asked")));
}
