// SPDX-License-Identifier: MIT
#include "bounded_yaml.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wasmup::text {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

std::string times(size_t count, const std::string& what) {
  std::string all;
  for (size_t i = 0; i < count; ++i) all += what;
  return all;
}

std::string reason(const std::string& text) {
  try {
    static_cast<void>(load_all_bounded(text));
  } catch (const YAML::Exception& error) {
    return error.msg;
  }
  return "";
}

TEST(BoundedYaml, is_one_document_or_all) {
  EXPECT_EQ(load_bounded("a: [1, 2]")["a"][1].as<int>(), 2);
  EXPECT_THROW(static_cast<void>(load_bounded("a: 1\n---\nb: 2\n")), YAML::Exception);
  EXPECT_THAT(load_all_bounded("a: 1\n---\nb: 2\n"), SizeIs(2));
}

TEST(BoundedYaml, has_no_more_levels_than_people_write) {
  EXPECT_EQ(reason(times(16, "[") + times(16, "]")), "");
  for (const char* level : {"[", "{", "- ", "? ", "[a, ", "{a: ", "[? "}) {
    EXPECT_THAT(reason(times(17, level)), HasSubstr("more than 16 levels")) << level;
    EXPECT_THAT(reason(times(100'000, level)), HasSubstr("more than 16 levels")) << level;
  }
}

TEST(BoundedYaml, has_no_more_values_and_bytes_than_people_write) {
  EXPECT_THAT(reason(times(100'001, "- a\n")), HasSubstr("more than 100000 values"));
  EXPECT_THAT(reason(times(100'001, "---\n")), HasSubstr("more than 100000 values"));
  EXPECT_THAT(reason('[' + times(100'001, ",")), HasSubstr("values"));
  EXPECT_THAT(reason(std::string(size_t{3} << 20, '[')), HasSubstr("larger than 2 MiB"));
  EXPECT_THAT(reason("a: " + std::string(size_t{3} << 20, 'x')), HasSubstr("larger than 2 MiB"));
}

TEST(BoundedYaml, has_no_anchors) {
  EXPECT_THAT(reason("a: &b 1\n"), HasSubstr("anchors"));
  EXPECT_NE(reason("a: *b\n"), "");
}

}  // namespace
}  // namespace wasmup::text
