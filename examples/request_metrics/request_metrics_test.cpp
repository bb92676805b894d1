// SPDX-License-Identifier: MIT
#include <chrono>
#include <string>
#include <utility>

#include <wasmup/testing.hpp>

using namespace wasmup::testing;
using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(RequestMetrics, counts_requests_by_route_method_and_class) {
  Host host;
  host.set_property({"xds", "route_name"}, "shop");
  host.exchange(get("/"), reply(200));
  host.exchange(get("/"), reply(204));
  host.exchange(post("/", "order"), reply(201));
  host.exchange(get("/"), reply(404));
  host.set_property({"xds", "route_name"}, "blog");
  host.exchange(get("/"), reply(200));
  EXPECT_EQ(host.metric("requests;route=shop;method=GET;class=2xx"), 2U);
  EXPECT_EQ(host.metric("requests;route=shop;method=POST;class=2xx"), 1U);
  EXPECT_EQ(host.metric("requests;route=shop;method=GET;class=4xx"), 1U);
  EXPECT_EQ(host.metric("requests;route=blog;method=GET;class=2xx"), 1U);
}

TEST(RequestMetrics, has_few_values_for_each_label_whatever_a_client_sends) {
  Host host;
  host.set_property({"xds", "route_name"}, "shop");
  for (const char* method : {"BREW", "WHEN", "get", ""}) {
    Message request = get("/");
    request.headers.set(":method", method);
    host.exchange(request);
  }
  EXPECT_THAT(host.metrics(),
              ElementsAre("requests;route=shop;method=other;class=2xx", "requests_in_flight"));
  EXPECT_EQ(host.metric("requests;route=shop;method=other;class=2xx"), 4U);
}

TEST(RequestMetrics, knows_classes_from_1xx_to_5xx) {
  const std::pair<int, const char*> classes[] = {{100, "1xx"}, {200, "2xx"},  {399, "3xx"}, {400, "4xx"},
                                                 {599, "5xx"}, {600, "none"}, {99, "none"}};
  for (const auto& [status, name] : classes) {
    Host host;
    host.exchange(get("/"), reply(status));
    EXPECT_EQ(host.metric(std::string("requests;route=_;method=GET;class=") + name), 1U) << status;
  }
}

TEST(RequestMetrics, counts_requests_that_end_without_an_answer) {
  Host host;
  host.open_stream().request_headers(get("/").headers);
  EXPECT_EQ(host.metric("requests;route=_;method=GET;class=none"), 1U);
}

TEST(RequestMetrics, counts_requests_that_never_reached_the_filter) {
  Host host;
  host.open_stream().close();
  EXPECT_EQ(host.metric("requests;route=_;method=other;class=none"), 1U);
  EXPECT_EQ(host.metric("requests_in_flight"), 0U);
}

TEST(RequestMetrics, knows_how_many_are_in_flight) {
  Host host;
  EXPECT_EQ(host.metric("requests_in_flight"), 0U);
  {
    Stream first = host.open_stream();
    first.request_headers(get("/").headers);
    Stream second = host.open_stream();
    second.request_headers(get("/").headers);
    EXPECT_EQ(host.metric("requests_in_flight"), 2U);
    second.response_headers(reply().headers);
    second.close();
    EXPECT_EQ(host.metric("requests_in_flight"), 1U);
  }
  EXPECT_EQ(host.metric("requests_in_flight"), 0U) << "the first has been cut off";
}

TEST(RequestMetrics, records_how_long_requests_took) {
  Host host;
  host.set_property({"xds", "route_name"}, "shop");
  host.set_property({"request", "duration"}, 1500us);
  host.exchange(get("/"));
  host.set_property({"request", "duration"}, 2s);
  host.exchange(get("/"));
  EXPECT_THAT(host.histogram("request_duration_ms;route=shop"), ElementsAre(1, 2000));
}

TEST(RequestMetrics, goes_on_counting_under_a_new_configuration) {
  HostOptions options;
  options.trial_pass = true;
  Host host(options);
  Stream old = host.open_stream();
  old.request_headers(get("/").headers);
  ASSERT_TRUE(host.reconfigure("again"));
  host.exchange(get("/"));
  EXPECT_EQ(host.metric("requests_in_flight"), 1U);
  old.response_headers(reply().headers);
  old.close();
  EXPECT_EQ(host.metric("requests;route=_;method=GET;class=2xx"), 2U);
  EXPECT_EQ(host.metric("requests_in_flight"), 0U);
  EXPECT_THAT(host.logs(), IsEmpty());
}
