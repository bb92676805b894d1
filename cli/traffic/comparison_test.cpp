// SPDX-License-Identifier: MIT
#include "comparison.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wasmup::traffic {

static void PrintTo(const Difference& line, std::ostream* out) {
  *out << static_cast<int>(line.change) << " '" << line.without << "' '" << line.with << "'";
}

namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Not;

http::Response response(int status, http::Headers headers, std::string body = "") {
  return {.status = status, .headers = std::move(headers), .body = std::move(body), .trailers = {}};
}

auto line(Change change, const std::string& without, const std::string& with) {
  return testing::AllOf(testing::Field(&Difference::change, change),
                        testing::Field(&Difference::without, without),
                        testing::Field(&Difference::with, with));
}

TEST(compare, equal_responses_have_no_change) {
  const auto both = response(200, {{"a", "1"}, {"b", "2"}}, "xyz");
  EXPECT_THAT(compare(both, both),
              ElementsAre(line(Change::none, "status 200", "status 200"), line(Change::none, "a: 1", "a: 1"),
                          line(Change::none, "b: 2", "b: 2"),
                          line(Change::none, "(3 bytes of body)", "(3 bytes of body)")));
}

TEST(compare, what_the_filter_added_comes_last_and_is_marked) {
  EXPECT_THAT(compare(response(200, {{"b", "2"}}), response(200, {{"a", "1"}, {"b", "2"}})),
              ElementsAre(line(Change::none, "status 200", "status 200"), line(Change::none, "b: 2", "b: 2"),
                          line(Change::added, "", "a: 1"),
                          line(Change::none, "(0 bytes of body)", "(0 bytes of body)")));
}

TEST(compare, what_the_filter_removed_is_marked) {
  EXPECT_THAT(compare(response(200, {{"a", "1"}}), response(200, {})),
              Contains(line(Change::removed, "a: 1", "")));
}

TEST(compare, a_changed_value_is_marked) {
  EXPECT_THAT(compare(response(200, {{"a", "1"}}), response(200, {{"a", "2"}})),
              Contains(line(Change::changed, "a: 1", "a: 2")));
}

TEST(compare, an_empty_value_is_a_header_too) {
  EXPECT_THAT(compare(response(200, {}), response(200, {{"a", ""}})),
              Contains(line(Change::added, "", "a: ")));
}

TEST(compare, one_more_value_of_a_header_is_an_addition) {
  EXPECT_THAT(compare(response(200, {{"a", "1"}}), response(200, {{"a", "1"}, {"a", "2"}})),
              testing::AllOf(Contains(line(Change::none, "a: 1", "a: 1")),
                             Contains(line(Change::added, "", "a: 2"))));
}

TEST(compare, a_secret_that_changed_is_marked_and_not_shown) {
  EXPECT_THAT(compare(response(200, {{"set-cookie", "a=1"}}), response(200, {{"set-cookie", "a=2"}})),
              Contains(line(Change::changed, "set-cookie: ***", "set-cookie: ***")));
}

TEST(compare, another_status_is_marked) {
  EXPECT_THAT(compare(response(200, {}), response(403, {})),
              Contains(line(Change::changed, "status 200", "status 403")));
}

TEST(compare, another_body_of_the_same_size_is_marked) {
  EXPECT_THAT(compare(response(200, {}, "abc"), response(200, {}, "abd")),
              Contains(line(Change::changed, "(3 bytes of body)", "(3 bytes of body)")));
}

TEST(compare, a_second_that_passed_is_no_work_of_the_filter) {
  EXPECT_THAT(compare(response(200, {{"date", "Mon, 1"}}), response(200, {{"date", "Mon, 2"}})),
              Not(Contains(testing::Field(&Difference::change, Change::changed))));
}

}  // namespace
}  // namespace wasmup::traffic
