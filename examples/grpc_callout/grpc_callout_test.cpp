// SPDX-License-Identifier: MIT
#include <chrono>

#include <wasmup/testing.hpp>

using namespace wasmup::testing;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using wasmup::LogLevel;

namespace {

/// As `protoc --encode` writes `text: "..."`.
std::string text(std::string_view value) {
  return "\x0A" + std::string(1, static_cast<char>(value.size())) + std::string(value);
}

HostOptions quota(std::string cluster = "quota") {
  return {.plugin_configuration = std::move(cluster), .root_id = "quota", .clusters = {"quota"}};
}

/// A request that waits for the service's reply.
class GrpcCallout : public ::testing::Test {
 protected:
  GrpcCallout() : host_(quota()), stream_(host_.open_stream()) {}

  GrpcCall called(const std::string& user = "ada") {
    stream_.request_headers(get("/", {{"x-user", user}}).headers);
    EXPECT_TRUE(stream_.request_is_held());
    EXPECT_THAT(host_.grpc_calls(), SizeIs(1));
    return host_.grpc_calls().at(0);
  }

  void expect_unavailable(const char* reason) {
    EXPECT_EQ(stream_.so_far().status(), 503);
    EXPECT_FALSE(stream_.so_far().upstream);
    EXPECT_THAT(host_.logs(), ElementsAre(Logged(LogLevel::warn, reason)));
  }

  Host host_;
  Stream stream_;
};

}  // namespace

TEST_F(GrpcCallout, takes_from_the_users_quota) {
  const GrpcCall call = called();
  EXPECT_EQ(call.cluster, "quota");
  EXPECT_EQ(call.service, "quota.Quota");
  EXPECT_EQ(call.method, "Take");
  EXPECT_THAT(call.messages, ElementsAre(text("ada")));
}

TEST_F(GrpcCallout, tells_the_upstream_what_is_left) {
  host_.send_message(called(), text("42"));
  EXPECT_THAT(stream_.so_far().upstream, HasHeader("x-quota-left", "42"));
}

TEST_F(GrpcCallout, believes_no_quota_that_the_client_claims) {
  stream_.request_headers(get("/", {{"x-user", "ada"}, {"x-quota-left", "1000"}}).headers);
  host_.send_message(host_.grpc_calls().at(0), text("42"));
  EXPECT_THAT(stream_.so_far().upstream, HasHeader("x-quota-left", "42"));
}

TEST_F(GrpcCallout, answers_429_when_nothing_is_left) {
  host_.close(called(), 8, "nothing left");
  EXPECT_EQ(stream_.so_far().status(), 429);
  EXPECT_EQ(stream_.so_far().client->body, "your quota is used up\n");
  EXPECT_FALSE(stream_.so_far().upstream);
}

TEST_F(GrpcCallout, answers_503_when_the_service_fails) {
  host_.close(called(), 14, "upstream connect error");
  expect_unavailable("14 upstream connect error");
}

TEST_F(GrpcCallout, answers_503_when_the_service_is_too_slow) {
  called();
  host_.advance(std::chrono::milliseconds(499));
  EXPECT_TRUE(stream_.request_is_held());
  host_.advance(std::chrono::milliseconds(1));
  expect_unavailable("14 upstream request timeout");
}

TEST_F(GrpcCallout, answers_503_when_the_reply_makes_no_sense) {
  for (const std::string& reply :
       {std::string("42"), text("42") + "more", text("4\n2"), std::string("\x0A")}) {
    Stream stream = host_.open_stream();
    stream.request_headers(get("/", {{"x-user", "ada"}}).headers);
    host_.send_message(host_.grpc_calls().at(0), reply);
    EXPECT_EQ(stream.so_far().status(), 503) << reply;
  }
}

TEST_F(GrpcCallout, asks_for_nobody_without_a_name) {
  for (const Headers& headers :
       {Headers{}, Headers{{"x-user", ""}}, Headers{{"x-user", std::string(128, 'a')}}}) {
    const Exchange exchange = host_.exchange(get("/", headers));
    EXPECT_EQ(exchange.status(), 401);
    EXPECT_FALSE(exchange.upstream);
    EXPECT_THAT(host_.grpc_calls(), IsEmpty());
  }
}

TEST_F(GrpcCallout, takes_names_up_to_127_bytes) {
  EXPECT_THAT(called(std::string(127, 'a')).messages, ElementsAre(text(std::string(127, 'a'))));
}

TEST(GrpcCalloutConfiguration, names_the_cluster) {
  Host host(quota(""));
  EXPECT_FALSE(host.is_running());
  EXPECT_THAT(host.logs(), ElementsAre(Logged(LogLevel::error, "must name the cluster")));
}

TEST(GrpcCalloutConfiguration, lets_nobody_pass_when_envoy_does_not_know_the_cluster) {
  Host host(quota("qouta"));
  EXPECT_EQ(host.exchange(get("/", {{"x-user", "ada"}})).status(), 503);
  EXPECT_THAT(host.logs(), ElementsAre(Logged(LogLevel::warn, "it cannot be asked")));
}

class GrpcCalloutService : public ::testing::Test {
 protected:
  static Message take(const std::string& user) {
    const std::string message = text(user);
    const std::string frame = {0, 0, 0, 0, static_cast<char>(message.size())};
    return post("/quota.Quota/Take", frame + message, {{"content-type", "application/grpc"}});
  }

  Host host_{HostOptions{.root_id = "service", .allow_on_headers_stop_iteration = true}};
};

TEST_F(GrpcCalloutService, makes_a_grpc_reply_of_any_answer) {
  const Exchange exchange = host_.exchange(take("ada"), reply(200, "answer"));
  EXPECT_THAT(exchange.upstream, HasHeader("content-type", "application/octet-stream"));
  EXPECT_EQ(exchange.client->body, "answer");
  EXPECT_THAT(exchange.client, HasHeader("content-type", "application/grpc"));
  EXPECT_THAT(exchange.client->trailers, HasHeader("grpc-status", "0"));
}

TEST_F(GrpcCalloutService, has_nothing_left_for_anybody_else) {
  const Exchange exchange = host_.exchange(take("bob"), reply(200, "answer"));
  EXPECT_THAT(exchange.client, HasHeader("grpc-status", "8"));
  EXPECT_FALSE(exchange.upstream);
}
