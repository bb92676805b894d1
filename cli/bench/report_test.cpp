// SPDX-License-Identifier: MIT
#include "report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace wasmup::bench {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

/// A value for each of eight blocks around `mean`.
std::vector<double> around(double mean, double by) {
  const double low = mean - by;
  const double high = mean + by;
  return {low, high, low, high, low, high, low, high};
}

Variant variant(std::string name, double cpu, double by) {
  return {
      .name = std::move(name), .cpu = around(cpu, by), .latencies = {100, 200, 300}, .by_status = {{200, 3}}};
}

Report report(std::vector<Variant> variants) {
  return {.variants = std::move(variants), .seconds = 2, .requests_a_round = 500};
}

TEST(bench_report, says_what_a_filter_adds) {
  const Report found = report({variant("no filter", 20, 0), variant("my.wasm", 25, 0.5)});
  EXPECT_THAT(table(found), AllOf(HasSubstr("no filter  20.0 µs"), HasSubstr("my.wasm    25.0 µs"),
                                  HasSubstr("+5.0 µs (+4.6 to +5.4)"), HasSubstr("200 µs     300 µs\n")));
  EXPECT_EQ(verdict(found),
            "my.wasm takes 5.0 µs of CPU a request more than no filter (+25 %)\n"
            "(95 % confidence: 4.6 to 5.4 µs)");
}

TEST(bench_report, says_plainly_that_nothing_was_found) {
  const Report found = report({variant("no filter", 20, 0), variant("again", 20.1, 1)});
  EXPECT_THAT(verdict(found), AllOf(HasSubstr("again: no difference from no filter was found"),
                                    HasSubstr("between -0.8 and +1.0 µs"), HasSubstr("includes zero")));
}

TEST(bench_report, compares_with_another) {
  const Report found =
      report({variant("no filter", 20, 0), variant("old.wasm", 30, 0), variant("my.wasm", 25, 0.5)});
  EXPECT_THAT(verdict(found),
              AllOf(HasSubstr("my.wasm takes 5.0 µs of CPU a request more than no filter"),
                    HasSubstr("my.wasm takes 5.0 µs of CPU a request less than old.wasm (-17 %)\n"
                              "(95 % confidence: 4.6 to 5.4 µs)")));
}

TEST(bench_report, says_when_answers_are_not_200) {
  Variant filter = variant("auth.wasm", 25, 0);
  filter.by_status = {{200, 2}, {401, 1}};
  EXPECT_THAT(table(report({variant("no filter", 20, 0), filter})),
              HasSubstr("auth.wasm answered: 2 × 200, 1 × 401\n"));
  EXPECT_THAT(table(report({variant("no filter", 20, 0), variant("b", 20, 0)})), Not(HasSubstr("answered")));
}

TEST(bench_report, is_one_document_for_scripts) {
  const auto json = nlohmann::json::parse(
      to_json(report({variant("no filter", 20, 0), variant("native", 22, 0), variant("my.wasm", 25, 0.5)})));
  EXPECT_EQ(json.at("blocks"), 8);
  EXPECT_EQ(json.at("requests_a_round"), 500);
  EXPECT_EQ(json.at("variants").size(), 3U);
  EXPECT_FALSE(json.at("variants").at(0).contains("added_microseconds"));
  EXPECT_NEAR(json.at("variants").at(2).at("added_microseconds").at("mean").get<double>(), 5, 1e-9);
  EXPECT_EQ(json.at("variants").at(2).at("by_status").at("200"), 3);
  EXPECT_NEAR(json.at("difference_microseconds").at("mean").get<double>(), 3, 1e-9);
  EXPECT_EQ(json.at("difference_microseconds").at("includes_zero"), false);
}

}  // namespace
}  // namespace wasmup::bench
