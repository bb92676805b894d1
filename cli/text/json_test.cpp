// SPDX-License-Identifier: MIT
#include "json.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wasmup::text {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;
using testing::HasSubstr;

std::string reason(std::string_view text) {
  const auto read = read_json<json>(text);
  return read ? "" : read.error();
}

std::string nested(size_t levels, const std::string& begin, const std::string& inner,
                   const std::string& end) {
  std::string text;
  for (size_t i = 0; i < levels; ++i) text += begin;
  text += inner;
  for (size_t i = 0; i < levels; ++i) text += end;
  return text;
}

TEST(Json, is_read_with_its_order_or_without) {
  EXPECT_EQ(parse_json(R"({"b": [1, "x", null], "a": true})").dump(), R"({"a":true,"b":[1,"x",null]})");
  EXPECT_EQ(parse_json<ordered_json>(R"({"b": 1, "a": 2})").dump(), R"({"b":1,"a":2})");
  EXPECT_TRUE(parse_json("null").is_null());
}

TEST(Json, what_is_none_is_discarded_and_has_its_reason) {
  for (const char* text : {"", "{", "{]", "[1,]", "nul", "1 2", "\"\\", "\"\xff\"", "1e999", "]]]]"}) {
    EXPECT_TRUE(parse_json(text).is_discarded()) << text;
    EXPECT_NE(reason(text), "") << text;
  }
  EXPECT_THAT(reason("{\n  \"a\" 1}"), HasSubstr("line 2, column"));
}

TEST(Json, has_no_more_levels_than_protobuf_takes) {
  for (const auto& [begin, inner, end] :
       {std::tuple{"[", "1", "]"}, {"{\"a\":", "1", "}"}, {"[{\"\":", "1", "}]"}}) {
    const size_t in_one = std::string_view(begin).starts_with("[{") ? 2 : 1;
    EXPECT_FALSE(parse_json(nested(100 / in_one, begin, inner, end)).is_discarded()) << begin;
    EXPECT_THAT(reason(nested(100 / in_one + 1, begin, inner, end)), HasSubstr("more than 100 levels"));
    EXPECT_THAT(reason(nested(1'000'000, begin, inner, end)), HasSubstr("more than 100 levels"));
    EXPECT_THAT(reason(nested(1'000'000, begin, inner, "")), HasSubstr("more than 100 levels"));
  }
}

TEST(Json, what_stands_in_a_string_is_no_level) {
  EXPECT_EQ(reason('"' + std::string(1000, '[') + R"(\"[[\\")"), "");
  EXPECT_EQ(reason("[\"" + std::string(1000, '{') + "\", 1]"), "");
  EXPECT_THAT(reason(R"(["\\")" + std::string(101, '[')), HasSubstr("levels"));
}

TEST(Json, very_many_names_are_read_in_some_order) {
  std::string text = "{\"b\":0";
  for (int i = 0; i < 100'000; ++i) text += ",\"" + std::to_string(i) + "\":0";
  const auto names = parse_json<ordered_json>(text + "}");
  EXPECT_EQ(names.size(), 100'001U);
}

TEST(Json, has_no_more_bytes_and_values_than_anybody_sends) {
  EXPECT_THAT(reason('"' + std::string(size_t{64} << 20, 'x') + '"'), HasSubstr("larger than 64 MiB"));
  std::string list = "[0";
  for (int i = 0; i < 4'000'000; ++i) list += ",0";
  EXPECT_THAT(reason(list + "]"), HasSubstr("values"));
  std::string lists = "[[]";
  for (int i = 0; i < 2'000'000; ++i) lists += ",[]";
  EXPECT_THAT(reason(lists + "]"), HasSubstr("values"));
}

}  // namespace
}  // namespace wasmup::text
