// SPDX-License-Identifier: MIT
#include "expectation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wasmup::traffic {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

http::Response with(http::Headers headers, int status = 200) {
  return {.status = status, .headers = std::move(headers), .body = "", .trailers = {}};
}

using Of = Expectation::Of;

const Expectation foo{"x-wasm-custom", {"FOO"}};

TEST(expectation, is_met_by_exactly_this_value_once) {
  EXPECT_TRUE(is_met(foo, with({{"a", "b"}, {"x-wasm-custom", "FOO"}})));
  EXPECT_FALSE(is_met(foo, with({})));
  EXPECT_FALSE(is_met(foo, with({{"x-wasm-custom", "foo"}})));
  EXPECT_FALSE(is_met(foo, with({{"x-wasm-custom", "FOO"}, {"x-wasm-custom", "FOO"}})));
}

TEST(expectation, of_several_values_wants_them_in_order) {
  const Expectation two{"a", {"1", "2"}};
  EXPECT_TRUE(is_met(two, with({{"a", "1"}, {"a", "2"}})));
  EXPECT_FALSE(is_met(two, with({{"a", "2"}, {"a", "1"}})));
  EXPECT_FALSE(is_met(two, with({{"a", "1"}})));
}

TEST(expectation, may_be_of_the_status) {
  EXPECT_TRUE(is_met({":status", {"401"}}, with({}, 401)));
  EXPECT_FALSE(is_met({":status", {"401"}}, with({}, 200)));
}

TEST(expectation, without_values_wants_no_such_header) {
  EXPECT_TRUE(is_met({"server", {}}, with({{"a", "b"}})));
  EXPECT_FALSE(is_met({"server", {}}, with({{"server", ""}})));
}

TEST(expectation, of_a_trailer_does_not_take_a_header_for_it) {
  http::Response response = with({{"x-t", "1"}});
  EXPECT_FALSE(is_met({"x-t", {"1"}, Of::trailer}, response));
  response.trailers = {{"x-t", "1"}};
  EXPECT_TRUE(is_met({"x-t", {"1"}, Of::trailer}, response));
  EXPECT_FALSE(is_met({"x-t", {"2"}, Of::trailer}, response));
}

TEST(expectation, of_a_body_is_of_all_of_it_of_a_part_or_of_what_must_not_be_there) {
  http::Response response = with({});
  response.body = "hello world";
  EXPECT_TRUE(is_met({"", {"hello world"}, Of::body}, response));
  EXPECT_FALSE(is_met({"", {"hello"}, Of::body}, response));
  EXPECT_TRUE(is_met({"", {"o w"}, Of::part_of_body}, response));
  EXPECT_FALSE(is_met({"", {"ow"}, Of::part_of_body}, response));
  EXPECT_TRUE(is_met({"", {"ow"}, Of::not_in_body}, response));
  EXPECT_FALSE(is_met({"", {"o w"}, Of::not_in_body}, response));
}

TEST(expectation, shows_a_body_in_one_line_and_not_all_of_a_long_one) {
  http::Response response = with({});
  response.body = "a\r\nb";
  EXPECT_EQ(seen_instead({"", {"x"}, Of::body}, response), "the body 'a\\r\\nb'");
  response.body = std::string(199, 'a') + "\xC3\xA9" + std::string(1000, 'b');
  EXPECT_EQ(seen_instead({"", {"x"}, Of::body}, response),
            "the body '" + std::string(199, 'a') + "...' (1201 bytes)");
}

TEST(expectation, an_empty_value_is_not_a_missing_header) {
  EXPECT_TRUE(is_met({"a", {""}}, with({{"a", ""}})));
  EXPECT_FALSE(is_met({"a", {""}}, with({})));
}

TEST(expectation, says_what_it_wants_and_what_it_sees) {
  EXPECT_EQ(to_string(foo), "x-wasm-custom: FOO, exactly once");
  EXPECT_EQ(to_string({"a", {"1", "2"}}), "a: 1, then 2");
  EXPECT_EQ(to_string({":status", {"401"}}), "status 401");
  EXPECT_EQ(to_string({"server", {}}), "no server");
  EXPECT_EQ(to_string({"x-t", {"1"}, Of::trailer}), "trailer x-t: 1, exactly once");
  EXPECT_EQ(seen_instead({"x-t", {"1"}, Of::trailer}, with({{"x-t", "1"}})), "no trailer x-t");
  EXPECT_EQ(to_string({"", {"a"}, Of::body}), "the body 'a'");
  EXPECT_EQ(to_string({"", {"a"}, Of::part_of_body}), "a body with 'a'");
  EXPECT_EQ(to_string({"", {"a"}, Of::not_in_body}), "a body without 'a'");
  EXPECT_EQ(seen_instead({"", {"a"}, Of::body}, with({})), "no body");
  EXPECT_EQ(seen_instead(foo, with({})), "no x-wasm-custom");
  EXPECT_EQ(seen_instead(foo, with({{"x-wasm-custom", "BAR"}})), "x-wasm-custom: BAR");
  EXPECT_EQ(seen_instead(foo, with({{"x-wasm-custom", "FOO"}, {"x-wasm-custom", "FOO"}})),
            "x-wasm-custom: FOO, then FOO");
}

TEST(parse_expectations, takes_names_in_any_case_and_values_as_they_are) {
  const auto parsed = parse_expectations({"X-Wasm-Custom=a=B ", "b=", ":status=200"});
  ASSERT_TRUE(parsed);
  ASSERT_EQ(parsed->size(), 3U);
  EXPECT_EQ(parsed->at(0).name, "x-wasm-custom");
  EXPECT_THAT(parsed->at(0).values, ElementsAre("a=B "));
  EXPECT_THAT(parsed->at(1).values, ElementsAre(""));
  EXPECT_EQ(parsed->at(2).name, ":status");
}

TEST(parse_expectations, the_same_name_again_is_one_more_value) {
  const auto parsed = parse_expectations({"a=1", "b=x", "A=2"});
  ASSERT_TRUE(parsed);
  ASSERT_EQ(parsed->size(), 2U);
  EXPECT_THAT(parsed->at(0).values, ElementsAre("1", "2"));
}

TEST(parse_expectations, errors_name_the_flag) {
  EXPECT_THAT(parse_expectations({"a"}, "--expect-header").error().next,
              HasSubstr("--expect-header NAME=VALUE"));
}

TEST(parse_expectations, refuses_what_is_not_name_and_value) {
  for (const char* text : {"x-wasm-custom", "=FOO", "a b=c", ":path=/", ""}) {
    const auto parsed = parse_expectations({text});
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().code, ExitCode::usage);
    EXPECT_THAT(parsed.error().what, HasSubstr(text));
    EXPECT_THAT(parsed.error().next, HasSubstr("--expect NAME=VALUE"));
  }
}

}  // namespace
}  // namespace wasmup::traffic
