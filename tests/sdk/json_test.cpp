// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include <wasmup/json.hpp>

using ::testing::ElementsAre;
using ::testing::Pair;

namespace wasmup {
namespace {

struct Limit {
  std::string path;
  uint32_t per_minute = 60;

  static constexpr auto json =
      json_fields(required("path", &Limit::path), optional("per_minute", &Limit::per_minute));
};

struct Everything {
  bool flag = false;
  int8_t small = 0;
  uint64_t large = 0;
  int64_t far = 0;
  double real = 0;
  std::string text = "default";
  std::optional<std::string> maybe;
  std::vector<Limit> limits;
  std::vector<std::pair<std::string, double>> map;
  std::vector<bool> bits;
  std::vector<std::vector<int32_t>> nested;

  static constexpr auto json =
      json_fields(optional("flag", &Everything::flag), optional("small", &Everything::small),
                  optional("large", &Everything::large), optional("far", &Everything::far),
                  optional("real", &Everything::real), optional("text", &Everything::text),
                  optional("maybe", &Everything::maybe), optional("limits", &Everything::limits),
                  optional("map", &Everything::map), optional("bits", &Everything::bits),
                  optional("nested", &Everything::nested));
};

Everything read(std::string_view text) {
  Everything value;
  const std::optional<JsonError> error = read_json(text, value);
  EXPECT_FALSE(error) << text << "\n" << error->line << ":" << error->column << " " << error->reason();
  return value;
}

/// "LINE:COLUMN REASON", or nothing.
template <class T = Everything>
std::string refused(std::string_view text) {
  T value;
  const std::optional<JsonError> error = read_json(text, value);
  if (!error) return "";
  return std::to_string(error->line) + ":" + std::to_string(error->column) + " " +
         std::string(error->reason());
}

TEST(Json, reads_every_type) {
  const Everything all = read(R"(
    { "flag": true, "small": -128, "large": 18446744073709551615, "far": -9223372036854775808, "real": -1.25e2,
      "text": "a \"b\" \\ \/ \b\f\n\r\t", "maybe": "there", "limits": [ { "path": "/" }, {"per_minute":5,"path":"/b"} ],
      "map": { "x": 0.1, "": 2 }, "bits": [true, false], "nested": [[1, -2], []] }
  )");
  EXPECT_TRUE(all.flag);
  EXPECT_EQ(all.small, -128);
  EXPECT_EQ(all.large, UINT64_MAX);
  EXPECT_EQ(all.far, INT64_MIN);
  EXPECT_EQ(all.real, -125);
  EXPECT_EQ(all.text, "a \"b\" \\ / \b\f\n\r\t");
  EXPECT_EQ(all.maybe, "there");
  ASSERT_EQ(all.limits.size(), 2U);
  EXPECT_EQ(all.limits[0].per_minute, 60U);
  EXPECT_EQ(all.limits[1].path, "/b");
  EXPECT_THAT(all.map, ElementsAre(Pair("x", 0.1), Pair("", 2)));
  EXPECT_THAT(all.bits, ElementsAre(true, false));
  EXPECT_THAT(all.nested, ElementsAre(ElementsAre(1, -2), ElementsAre()));
}

// Elements are counted before they are read: none of this may be counted wrongly.
TEST(Json, counts_elements_and_nothing_that_only_looks_like_one) {
  const Everything all = read(R"(
    { "limits": [ { "path": "],{\\\"," } , {"path": "[,\\", "per_minute": 1}, { "path": "\"" } ],
      "nested": [[1, 2, 3], [], [ 4 ] , [5, 6]] , "text": "a, b" }
  )");
  ASSERT_EQ(all.limits.size(), 3U);
  EXPECT_EQ(all.limits[0].path, "],{\\\",");
  EXPECT_EQ(all.limits[1].path, "[,\\");
  EXPECT_EQ(all.limits[2].path, "\"");
  EXPECT_THAT(all.nested,
              ElementsAre(ElementsAre(1, 2, 3), ElementsAre(), ElementsAre(4), ElementsAre(5, 6)));
  EXPECT_EQ(all.nested.capacity(), 4U) << "room for what is there, and no more";
}

TEST(Json, refuses_arrays_that_end_in_the_middle_wherever_that_is) {
  const std::string whole = R"({"nested": [[1, 2], [3]], "limits": [{"path": "a\\"}, {"path": ","}]})";
  EXPECT_EQ(refused(whole), "");
  for (size_t size = 1; size != whole.size(); ++size) EXPECT_NE(refused(whole.substr(0, size)), "") << size;
}

TEST(Json, keeps_the_defaults_of_what_is_not_there) {
  for (const char* const text : {"", " \n", "{}", "{\"maybe\": null}"}) {
    const Everything none = read(text);
    EXPECT_EQ(none.text, "default");
    EXPECT_EQ(none.maybe, std::nullopt);
  }
}

TEST(Json, reads_escapes_of_all_planes) {
  EXPECT_EQ(read(R"({"text": "\u0041\u00e9\u20AC\ud83d\ude00"})").text,
            "A\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80");
  EXPECT_EQ(read("{\"text\": \"\xC3\xA9\"}").text, "\xC3\xA9") << "and leaves what is not escaped";
}

TEST(Json, reads_numbers_to_the_last_bit_where_they_are_not_long) {
  for (const double number : {0.1, 0.25, 1e22, 1e-22, 123456789.012345, 5e-7, 1.7976931348623157e308}) {
    char text[64];
    std::snprintf(text, sizeof(text), "{\"real\": %.17g}", number);
    EXPECT_DOUBLE_EQ(read(text).real, number) << text;
  }
  EXPECT_EQ(read("{\"real\": 0.3}").real, 0.3);
  EXPECT_EQ(read("{\"real\": 123456789012345e-22}").real, 123456789012345e-22);
  EXPECT_EQ(read("{\"real\": 1e-999}").real, 0);
}

TEST(Json, says_where_and_why_it_refuses) {
  EXPECT_EQ(refused("[]"), "1:1 expected an object");
  EXPECT_EQ(refused("{} x"), "1:4 expected nothing more");
  EXPECT_EQ(refused("{\"flag\": 1}"), "1:10 \"flag\": expected true or false");
  EXPECT_EQ(refused("{\n  \"small\": 128\n}"), "2:12 \"small\": expected a whole number from -128 to 127");
  EXPECT_EQ(refused("{\"small\": 1.0}"), "1:11 \"small\": expected a whole number from -128 to 127");
  EXPECT_EQ(refused("{\"large\": -1}"),
            "1:11 \"large\": expected a whole number from 0 to 18446744073709551615");
  EXPECT_EQ(refused("{\"large\": 18446744073709551616}"),
            "1:11 \"large\": expected a whole number from 0 to 18446744073709551615");
  EXPECT_EQ(refused("{\"real\": \"1\"}"), "1:10 \"real\": expected a number");
  EXPECT_EQ(refused("{\"real\": 1e999}"), "1:15 \"real\": too large for a number");
  EXPECT_EQ(refused("{\"text\": null}"), "1:10 \"text\": expected a string");
  EXPECT_EQ(refused("{\"limits\": {}}"), "1:12 \"limits\": expected an array");
  EXPECT_EQ(refused("{\"limits\": [\n{\"path\": \"/\"},\n{\"per_minute\": 1}]}"),
            "3:18 \"path\": this is missing");
  EXPECT_EQ(refused("{\"limits\": [{\"path\": 3}]}"), "1:22 \"path\": expected a string");
  EXPECT_EQ(refused<Limit>("{\"path\": \"/\", \"per_minut\": 1}"),
            "1:15 \"per_minut\": this is none of \"path\" \"per_minute\"");
  EXPECT_EQ(refused<Limit>("{\"path\": \"/\", \"path\": \"/\"}"), "1:15 \"path\": this is there twice");
  EXPECT_EQ(refused<Limit>("{\"p\"\n\n:1}"), "1:2 \"p\": this is none of \"path\" \"per_minute\"");
  EXPECT_EQ(refused("{\"map\": {\"a\": 1, \"a\": 2}}"), "1:18 \"a\": this is there twice");
  EXPECT_EQ(refused<Limit>(""), "1:1 \"path\": this is missing");
}

TEST(Json, refuses_what_only_resembles_json) {
  for (const char* const text : {"{",
                                 "{\"flag\"",
                                 "{\"flag\": true",
                                 "{\"flag\": true,}",
                                 "{flag: true}",
                                 "{'flag': true}",
                                 "{\"flag\" true}",
                                 "{\"flag\": True}",
                                 "{\"flag\": truE}",
                                 "{\"flag\": tru",
                                 "{\"bits\": [true",
                                 "{\"bits\": [true,]}",
                                 "{\"bits\": [,true]}",
                                 "{\"real\": 01}",
                                 "{\"real\": .5}",
                                 "{\"real\": 1.}",
                                 "{\"real\": 1e}",
                                 "{\"real\": +1}",
                                 "{\"real\": -}",
                                 "{\"real\": NaN}",
                                 "{\"real\": 0x1}",
                                 "{\"text\": \"a",
                                 "{\"text\": \"\n\"}",
                                 "{\"text\": \"\\x\"}",
                                 "{\"text\": \"\\u12\"}",
                                 "{\"text\": \"\\u8\\3dd\"}",
                                 "{\"text\": \"\\ud800\"}",
                                 "{\"text\": \"\\udc00\"}",
                                 "{\"text\": \"\\ud83d\\u0041\"}",
                                 "{\"text\": \"\\",
                                 "{} // no",
                                 "/* no */ {}",
                                 "null",
                                 "\xEF\xBB\xBF{}"}) {
    EXPECT_NE(refused(text), "") << text;
  }
  EXPECT_NE(refused(std::string_view("{}\0{}", 5)), "");
  EXPECT_NE(refused(std::string_view("\0", 1)), "");
}

struct Tree {
  std::vector<Tree> children;

  static constexpr auto json = json_fields(optional("c", &Tree::children));
};

TEST(Json, is_nested_only_so_deep) {
  const auto nested = [](int depth) {
    std::string text;
    for (int i = 0; i != depth; ++i) text += "{\"c\":[";
    for (int i = 0; i != depth; ++i) text += "]}";
    return text;
  };
  EXPECT_EQ(refused<Tree>(nested(16)), "");
  EXPECT_EQ(refused<Tree>(nested(17)), "1:98 \"c\": nested too deeply");
  EXPECT_NE(refused<Tree>(nested(100'000)), "");
}

}  // namespace
}  // namespace wasmup
