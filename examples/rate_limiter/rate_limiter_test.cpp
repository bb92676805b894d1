// SPDX-License-Identifier: MIT
#include <chrono>
#include <string>
#include <utility>

#include <wasmup/testing.hpp>

using namespace wasmup::testing;
using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

namespace {

// A token every 20 seconds.
constexpr const char* three_a_minute = R"({"limit": 3, "per_seconds": 60, "key": "x-api-key"})";

Message from(const std::string& key) { return get("/", {{"x-api-key", key}}); }

/// How many requests of a client pass, one after the other, before the first that does not.
int passing(Host& host, const Message& request) {
  int passed = 0;
  while (passed != 1000 && host.exchange(request).status() == 200) ++passed;
  return passed;
}

}  // namespace

TEST(RateLimiter, lets_as_many_pass_as_the_limit_says_and_then_none) {
  Host host{std::string(three_a_minute)};
  for (const auto& [remaining, reset] : {std::pair{"2", "20"}, std::pair{"1", "40"}, std::pair{"0", "60"}}) {
    const Exchange exchange = host.exchange(from("blue"), reply(200, "answer"));
    EXPECT_EQ(exchange.upstream, from("blue"));
    EXPECT_EQ(exchange.client, reply(200, "answer",
                                     {{"x-ratelimit-limit", "3"},
                                      {"x-ratelimit-remaining", remaining},
                                      {"x-ratelimit-reset", reset}}));
  }
  const Exchange refused = host.exchange(from("blue"));
  EXPECT_FALSE(refused.upstream);
  EXPECT_EQ(refused.status(), 429);
  EXPECT_EQ(refused.client->body, "too many requests\n");
  EXPECT_THAT(refused.client, HasHeader("retry-after", "20"));
  EXPECT_THAT(refused.client, HasHeader("x-ratelimit-limit", "3"));
  EXPECT_THAT(refused.client, HasHeader("x-ratelimit-remaining", "0"));
  EXPECT_THAT(refused.client, HasHeader("x-ratelimit-reset", "60"));
}

TEST(RateLimiter, gives_a_token_back_after_each_interval) {
  Host host{std::string(three_a_minute)};
  EXPECT_EQ(passing(host, from("blue")), 3);
  host.advance(19999ms);
  const Exchange early = host.exchange(from("blue"));
  EXPECT_EQ(early.status(), 429);
  EXPECT_THAT(early.client, HasHeader("retry-after", "1"));
  EXPECT_THAT(early.client, HasHeader("x-ratelimit-reset", "41"));
  host.advance(1ms);
  EXPECT_EQ(passing(host, from("blue")), 1);
  host.advance(40s);
  EXPECT_EQ(passing(host, from("blue")), 2);
}

TEST(RateLimiter, saves_no_more_tokens_than_the_limit) {
  Host host{std::string(three_a_minute)};
  EXPECT_EQ(passing(host, from("blue")), 3);
  host.advance(1h);
  EXPECT_EQ(passing(host, from("blue")), 3);
}

TEST(RateLimiter, takes_nothing_for_a_request_it_refuses) {
  Host host{std::string(three_a_minute)};
  EXPECT_EQ(passing(host, from("blue")), 3);
  for (int i = 0; i != 100; ++i) EXPECT_EQ(host.exchange(from("blue")).status(), 429);
  host.advance(20s);
  EXPECT_EQ(passing(host, from("blue")), 1);
}

TEST(RateLimiter, counts_each_key_by_itself_whatever_the_address) {
  Host host{std::string(three_a_minute)};
  host.set_property({"source", "address"}, "192.0.2.1:40000");
  EXPECT_EQ(passing(host, from("blue")), 3);
  EXPECT_EQ(passing(host, from("green")), 3);
  host.set_property({"source", "address"}, "192.0.2.2:40000");
  EXPECT_EQ(passing(host, from("blue")), 0);
}

TEST(RateLimiter, counts_by_address_who_sends_no_key) {
  for (const char* configuration : {three_a_minute, R"({"limit": 3, "per_seconds": 60})"}) {
    Host host{std::string(configuration)};
    host.set_property({"source", "address"}, "192.0.2.1:40000");
    EXPECT_EQ(passing(host, get("/")), 3);
    host.set_property({"source", "address"}, "192.0.2.1:40001");
    EXPECT_EQ(passing(host, get("/")), 0) << "another connection of the same client";
    host.set_property({"source", "address"}, "192.0.2.2:40000");
    EXPECT_EQ(passing(host, get("/")), 3);
    host.set_property({"source", "address"}, "[2001:db8::1]:40000");
    EXPECT_EQ(passing(host, get("/")), 3);
    host.set_property({"source", "address"}, "[2001:db8::2]:40000");
    EXPECT_EQ(passing(host, get("/")), 3);
  }
}

TEST(RateLimiter, does_not_take_a_key_for_an_address) {
  Host host{std::string(three_a_minute)};
  host.set_property({"source", "address"}, "192.0.2.1:40000");
  EXPECT_EQ(passing(host, from("192.0.2.1")), 3);
  EXPECT_EQ(passing(host, get("/")), 3);
}

TEST(RateLimiter, does_not_look_at_keys_it_is_not_told_of) {
  Host host{std::string(R"({"limit": 1})")};
  host.set_property({"source", "address"}, "192.0.2.1:40000");
  EXPECT_EQ(host.exchange(from("blue")).status(), 200);
  EXPECT_EQ(host.exchange(from("green")).status(), 429);
}

TEST(RateLimiter, shares_its_counts_with_every_vm_of_the_same_vm_id) {
  Host host{std::string(R"({"limit": 3, "per_seconds": 60, "buckets": 1})")};
  EXPECT_EQ(host.exchange(get("/")).status(), 200);
  const auto one_taken = host.shared_data("filter/0");
  ASSERT_TRUE(one_taken);
  EXPECT_EQ(passing(host, get("/")), 2);
  host.set_shared_data("filter/0", *one_taken);  // as another worker would
  EXPECT_EQ(passing(host, get("/")), 2);
}

TEST(RateLimiter, begins_anew_over_what_it_has_not_written) {
  Host host{std::string(R"({"limit": 3, "per_seconds": 60, "buckets": 1})")};
  host.set_shared_data("filter/0", "full");
  EXPECT_EQ(passing(host, get("/")), 3);
}

TEST(RateLimiter, has_no_more_buckets_than_configured) {
  Host host{std::string(R"({"limit": 1, "key": "x-api-key", "buckets": 2})")};
  int passed = 0;
  for (int i = 0; i != 100; ++i) passed += host.exchange(from(std::to_string(i))).status() == 200;
  EXPECT_EQ(passed, 2);
}

TEST(RateLimiter, spreads_clients_over_its_buckets) {
  Host host{std::string(R"({"limit": 1, "key": "x-api-key"})")};
  int passed = 0;
  for (int i = 0; i != 500; ++i) passed += host.exchange(from("client-" + std::to_string(i))).status() == 200;
  EXPECT_GT(passed, 450) << "of 500 in 10000 buckets, 12 share one on average";
}

TEST(RateLimiter, holds_a_client_to_a_new_limit_from_then_on) {
  Host host{std::string(R"({"limit": 10, "per_seconds": 86400, "key": "x-api-key"})")};
  EXPECT_EQ(passing(host, from("blue")), 10);
  ASSERT_TRUE(host.reconfigure(three_a_minute));
  const Exchange refused = host.exchange(from("blue"));
  EXPECT_EQ(refused.status(), 429);
  EXPECT_THAT(refused.client, HasHeader("retry-after", "20")) << "not hours, as the old one had it";
  host.advance(1min);
  EXPECT_EQ(passing(host, from("blue")), 3);
}

TEST(RateLimiter, counts_nothing_when_its_configuration_is_tried_out) {
  HostOptions options;
  options.plugin_configuration = three_a_minute;
  options.trial_pass = true;
  Host host(options);
  EXPECT_EQ(passing(host, from("blue")), 3);
}

TEST(RateLimiter, has_limits_that_do_not_divide_evenly) {
  Host host{std::string(R"({"limit": 7, "per_seconds": 1, "key": "x-api-key"})")};
  EXPECT_EQ(passing(host, from("blue")), 7);
  host.advance(1s);
  EXPECT_EQ(passing(host, from("blue")), 7);
}

TEST(RateLimiter, refuses_a_configuration_it_cannot_count_by) {
  const std::pair<const char*, const char*> wrong[] = {
      {"", "\"limit\""},
      {R"({"limit": 0})", R"("limit" must be 1 to 1000000)"},
      {R"({"limit": 1000001})", R"("limit" must be 1 to 1000000)"},
      {R"({"limit": 1, "per_seconds": 0})", R"("per_seconds" must be 1 to 86400)"},
      {R"({"limit": 1, "per_seconds": 86401})", R"("per_seconds" must be 1 to 86400)"},
      {R"({"limit": 1, "buckets": 0})", R"("buckets" must be 1 to 1000000)"},
      {R"({"limit": 1, "buckets": 1000001})", R"("buckets" must be 1 to 1000000)"},
      {R"({"limit": 1, "key": "x api key"})", R"("key" must be a header's name)"},
      {R"({"limit": 1, "burst": 1})", "line 1, column 14"}};
  for (const auto& [configuration, reason] : wrong) {
    Host host{std::string(configuration)};
    EXPECT_FALSE(host.is_running()) << configuration;
    EXPECT_THAT(host.logs(), ElementsAre(Logged(wasmup::LogLevel::error, reason)));
  }
  Host host{
      std::string(R"({"limit": 1000000, "per_seconds": 86400, "buckets": 1000000, "key": ":authority"})")};
  EXPECT_EQ(host.exchange(get("/")).status(), 200);
  EXPECT_THAT(host.logs(), IsEmpty());
}
