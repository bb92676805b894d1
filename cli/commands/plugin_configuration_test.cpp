// SPDX-License-Identifier: MIT
#include "plugin_configuration.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "../testing/folder_test.hpp"

namespace wasmup::commands {
namespace {

using testing::AllOf;
using testing::HasSubstr;

Expected<std::string> configured(const std::string& argument) {
  return read_plugin_configuration(config_source(argument));
}

class PluginConfiguration : public FolderTest {};

TEST_F(PluginConfiguration, is_handed_on_byte_for_byte) {
  const std::string text = " {\"b\" : 1,\t\"a\":\n[\"ü\"] }\n";
  EXPECT_EQ(configured(text).value(), text);
  EXPECT_EQ(configured("@" + write("c.json", text).string()).value(), text);
}

TEST_F(PluginConfiguration, may_be_any_json_value) {
  for (const char* text : {"1", "\"a\"", "[]", "null"}) EXPECT_TRUE(configured(text)) << text;
}

TEST_F(PluginConfiguration, what_is_not_json_is_refused_with_place_and_reason) {
  const Expected<std::string> read = configured("{\"a\": 1,\n \"b\" 2}");
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ExitCode::usage);
  EXPECT_EQ(read.error().what, "--config is not valid JSON");
  EXPECT_THAT(read.error().seen, AllOf(HasSubstr("line 2, column 6"), HasSubstr("expected ':'")));
}

TEST_F(PluginConfiguration, nothing_is_not_json) { EXPECT_FALSE(configured("")); }

TEST_F(PluginConfiguration, a_file_that_is_not_json_is_named) {
  const Expected<std::string> read = configured("@" + write("c.json", "{a}").string());
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().what, HasSubstr("c.json is not valid JSON"));
}

TEST_F(PluginConfiguration, a_missing_file_is_named) {
  const Expected<std::string> read = configured("@" + (folder_ / "none.json").string());
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ExitCode::usage);
  EXPECT_THAT(read.error().what, AllOf(HasSubstr("--config"), HasSubstr("none.json")));
  EXPECT_THAT(read.error().seen, HasSubstr("No such file"));
}

TEST_F(PluginConfiguration, bytes_that_are_not_text_are_refused) { EXPECT_FALSE(configured("\"\xff\"")); }

TEST_F(PluginConfiguration, brackets_in_brackets_do_not_exhaust_the_stack) {
  const auto deep = configured(std::string(30'000, '[') + std::string(30'000, ']'));
  ASSERT_FALSE(deep);
  EXPECT_EQ(deep.error().code, ExitCode::usage);
  EXPECT_EQ(deep.error().seen, "byte 101: more than 100 levels");
}

}  // namespace
}  // namespace wasmup::commands
