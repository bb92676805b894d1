// SPDX-License-Identifier: MIT
#include <string>
#include <utility>

#include <wasmup/testing.hpp>

using namespace wasmup::testing;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

namespace {

constexpr const char* cookie_a = "variant=a; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax";
constexpr const char* cookie_b = "variant=b; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax";

}  // namespace

TEST(AbRouting, keeps_the_variant_that_a_cookie_names) {
  // Each client against what a new one would get.
  for (const auto& [percent, variant] : {std::pair{"100", "a"}, std::pair{"0", "b"}}) {
    Host host(percent);
    const Exchange exchange = host.exchange(get("/", {{"cookie", std::string("variant=") + variant}}));
    EXPECT_THAT(exchange.upstream, HasHeader("x-variant", variant));
    EXPECT_THAT(exchange.client, LacksHeader("set-cookie"));
  }
}

TEST(AbRouting, gives_a_new_client_a_variant_and_a_cookie) {
  Host host("0");
  const Exchange exchange = host.exchange(get("/"));
  EXPECT_THAT(exchange.upstream, HasHeader("x-variant", "a"));
  EXPECT_THAT(exchange.client, HasHeader("set-cookie", cookie_a));
}

TEST(AbRouting, gives_no_new_client_b_at_0_percent_and_all_at_100) {
  for (const auto& [percent, cookie] : {std::pair{"0", cookie_a}, std::pair{"100", cookie_b}}) {
    Host host(percent);
    for (int i = 0; i != 1000; ++i)
      ASSERT_THAT(host.exchange(get("/")).client, HasHeader("set-cookie", cookie));
  }
}

TEST(AbRouting, gives_as_many_new_clients_b_as_its_configuration_says) {
  Host host("25");
  int b = 0;
  for (int i = 0; i != 2000; ++i) b += host.exchange(get("/")).upstream->headers.get("x-variant") == "b";
  EXPECT_GT(b, 500 - 200) << "ten standard deviations";
  EXPECT_LT(b, 500 + 200);
}

TEST(AbRouting, finds_its_cookie_among_others) {
  Host host("0");
  for (const char* cookies :
       {"variant=b", "id=1; variant=b", "variant=b; id=1", "id=1;variant=b;x", "a; ; variant=b"}) {
    EXPECT_THAT(host.exchange(get("/", {{"cookie", cookies}})).client, LacksHeader("set-cookie")) << cookies;
  }
  for (const char* cookies :
       {"", ";", "variant=c", "variant=", "my-variant=b", "variant=bb", "x=variant=b"}) {
    EXPECT_THAT(host.exchange(get("/", {{"cookie", cookies}})).client, HasHeader("set-cookie", cookie_a))
        << cookies;
  }
}

TEST(AbRouting, leaves_no_choice_to_the_clients_own_header) {
  Host host("0");
  const Exchange exchange = host.exchange(get("/", {{"x-variant", "b"}, {"x-variant", "c"}}));
  EXPECT_THAT(exchange.upstream, HasHeader("x-variant", "a"));
}

TEST(AbRouting, leaves_the_upstreams_cookies_alone) {
  Host host("0");
  const Exchange exchange = host.exchange(get("/"), reply(200, "", {{"set-cookie", "id=1"}}));
  EXPECT_THAT(exchange.client->headers.values("set-cookie"), ElementsAre("id=1", cookie_a));
}

TEST(AbRouting, has_the_route_chosen_anew) {
  Host host("0");
  host.exchange(get("/"));
  EXPECT_GE(host.route_cache_clearings(), 1U);
  EXPECT_THAT(host.hostcalls(), Contains(::testing::Field(&Hostcall::text, HasSubstr("clear_route_cache"))))
      << "not only because a header changed";
}

TEST(AbRouting, refuses_what_is_no_percentage) {
  for (const char* wrong : {"", "half", "101", "-1", "50%", "5 "}) {
    Host host(wrong);
    EXPECT_FALSE(host.is_running()) << wrong;
    EXPECT_THAT(host.logs(), ElementsAre(Logged(wasmup::LogLevel::error, "must be a percentage")));
  }
}
