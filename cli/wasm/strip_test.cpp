// SPDX-License-Identifier: MIT
#include "strip.hpp"

#include <gtest/gtest.h>
#include <string>

#include "assemble.hpp"
#include "decoder.hpp"

namespace wasmup::wasm {
namespace {

using namespace std::string_literals;

const std::string names = "\0\5\4name"s;
const std::string debug = "\0\7\6.debug"s;

TEST(Strip, takes_custom_sections_away_and_nothing_else) {
  const std::string module = minimal_module();
  const std::string head = module.substr(0, 8);
  const std::string body = module.substr(8);
  EXPECT_EQ(without_custom_sections(head + names + body + debug), module);
  EXPECT_EQ(without_custom_sections(module), module);
}

TEST(Strip, keeps_the_one_that_is_named) {
  const std::string module = minimal_module();
  EXPECT_EQ(without_custom_sections(module + debug + names, "name"), module + names);
}

TEST(Strip, an_empty_name_section_names_nothing_and_can_be_taken_off) {
  const std::string module = minimal_module();
  const std::string longer = with_backtraces(module);
  EXPECT_EQ(longer.size(), module.size() + 12);
  EXPECT_EQ(without_custom_sections(longer), module);
  const auto decoded = decode(longer);
  ASSERT_TRUE(std::holds_alternative<Module>(decoded));
  EXPECT_EQ(std::get<Module>(decoded).functions.at(0).name, "proxy_abi_version_0_2_1");
}

TEST(Strip, leaves_what_is_no_module_as_it_is) {
  for (const std::string& bytes : {""s, "no module"s, minimal_module() + "\0\x7f"s, "\0asm\1\0\0\0\1"s}) {
    EXPECT_EQ(without_custom_sections(bytes), bytes);
  }
  // The name is longer than the section: a custom section all the same.
  const std::string empty = "\0asm\1\0\0\0"s;
  EXPECT_EQ(without_custom_sections(empty + "\0\1\x7f"s, "name"), empty);
  EXPECT_EQ(without_custom_sections(empty + "\0\0"s), empty);
}

}  // namespace
}  // namespace wasmup::wasm
