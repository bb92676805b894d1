// SPDX-License-Identifier: MIT
#include <string>
#include <vector>

#include <wasmup/testing.hpp>

using namespace wasmup::testing;
using ::testing::Contains;
using ::testing::ElementsAre;

namespace {

std::vector<std::string> lines(const Host& host) {
  std::vector<std::string> texts;
  for (const LogLine& line : host.logs()) texts.push_back(line.text);
  return texts;
}

}  // namespace

TEST(ForeignFunctions, declare_properties_for_a_configuration) {
  const Host host;
  EXPECT_THAT(lines(host), ElementsAre("declared: 0", "declared again: 2", "root, route: 0",
                                       "root, filter state: 1", "declared with a schema: 0"));
  EXPECT_EQ(host.route_cache_clearings(), 0U) << "a root has no route";
}

TEST(ForeignFunctions, answer_as_envoys_do) {
  Host host;
  host.clear_records();
  host.exchange(get("/", {{"x-text", std::string(1000, 'x')}}));
  EXPECT_THAT(lines(host),
              ElementsAre("compressed: 0 shorter", "uncompressed: 0 same", "nothing: 0 0", "damaged: 3",
                          "cut off: 3", "unknown: 1", "no protobuf: 2", "filter state: 0",
                          "read back: elsewhere", "unknown filter state: 1", "first: 0", "second: 2",
                          "kept: first", "by its other name: first", "later: elsewhere"));
  EXPECT_EQ(host.property("once"), "first");
  EXPECT_EQ(host.property("envoy.tcp_proxy.cluster"), "elsewhere");
}

TEST(ForeignFunctions, clear_the_route_cache_of_a_stream) {
  Host host;
  host.exchange(get("/", {{"x-route", "anew"}}));
  EXPECT_THAT(lines(host), Contains("route: 0"));
  EXPECT_EQ(host.route_cache_clearings(), 1U);
}

TEST(ForeignFunctions, keep_what_is_one_streams_own) {
  Host host;
  Stream first = host.open_stream();
  first.request_headers(get("/").headers);
  Stream second = host.open_stream();
  host.clear_records();
  second.response_headers(reply().headers);
  first.response_headers(reply().headers);
  EXPECT_THAT(lines(host), ElementsAre("later: ", "later: elsewhere"));
}

TEST(ForeignFunctions, are_played_by_a_test) {
  Host host;
  host.clear_records();
  host.set_foreign_function("no_such_function", [](std::string_view arguments) -> ForeignResult {
    EXPECT_EQ(arguments, "");
    return {wasmup::Status::empty, "freed all the same"};
  });
  host.exchange(get("/"));
  EXPECT_THAT(lines(host), Contains("unknown: 7"));
}

TEST(ForeignFunctions, call_the_module_too) {
  Host host;
  host.clear_records();
  host.call_foreign(7, "arguments");
  host.call_foreign(8, "");
  EXPECT_THAT(lines(host), ElementsAre("called: 7 arguments", "called: 8 "));
}
