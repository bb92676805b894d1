// SPDX-License-Identifier: MIT
#include "decoder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "assemble.hpp"

namespace wasmup::wasm {
namespace {

using namespace std::string_literals;
using testing::ElementsAre;
using testing::Field;

Module read(const std::string& bytes) { return std::get<Module>(decode(bytes)); }

TEST(Decoder, sections_with_their_headers_make_up_the_file) {
  const std::string bytes = minimal_module(R"((data (i32.const 8) "text"))") + "\0\5\4none"s;
  const Module module = read(bytes);
  size_t next = 8;
  for (const Section& section : module.sections) {
    EXPECT_EQ(section.offset, next) << section.name;
    next += section.size;
  }
  EXPECT_EQ(next, bytes.size());
  EXPECT_EQ(module.sections.back().name, "none");
  EXPECT_TRUE(module.sections.back().is_custom);
  EXPECT_EQ(module.sections.front().name, "type");
}

TEST(Decoder, a_function_has_its_name_of_the_name_section_else_the_one_it_is_exported_by) {
  // Function 1 of the name section; 0 is imported.
  const std::string names = "\0\x0d\4name\1\6\1\1\3abc"s;
  const std::string text =
      R"((module (import "env" "f" (func)) (func) (func (export "g") (param i64)) (func)))";
  const std::string bytes = assemble(text) + names;
  const Module module = read(bytes);
  EXPECT_THAT(module.functions, ElementsAre(Field(&Function::name, "abc"), Field(&Function::name, "g"),
                                            Field(&Function::name, "")));
  EXPECT_EQ(module.functions.at(1).index, 2U);
  EXPECT_EQ(module.functions.at(1).type.parameters, "I");
  EXPECT_EQ(bytes.substr(module.functions.at(1).offset, module.functions.at(1).size), "\0\x0b"s);
}

TEST(Decoder, a_damaged_name_section_names_nothing) {
  const Module module = read(idle_module() + "\0\x07\4name\1\x7f"s);
  EXPECT_EQ(module.functions.size(), 2U);
}

TEST(Decoder, memories_have_their_limits_imported_ones_first) {
  const Module module = read(assemble(R"((module (import "a" "b" (memory 1 2 shared)) (memory 3)))"));
  ASSERT_EQ(module.memories.size(), 2U);
  EXPECT_EQ(module.memories.at(0).maximum, 2U);
  EXPECT_TRUE(module.memories.at(0).is_shared);
  EXPECT_EQ(module.memories.at(1).initial, 3U);
  EXPECT_FALSE(module.memories.at(1).maximum);
}

TEST(Decoder, imports_and_exports_have_their_place_in_the_file) {
  const std::string bytes =
      assemble(R"((module (import "env" "f" (func)) (import "env" "g" (global i32)) (func (export "h"))))");
  const Module module = read(bytes);
  EXPECT_EQ(bytes.substr(module.imports.at(0).offset, 7), "\3env\1f\0"s);
  EXPECT_EQ(bytes.substr(module.imports.at(1).offset, 6), "\3env\1g"s);
  EXPECT_EQ(bytes.substr(module.exports.at(0).offset, 2), "\1h");
}

TEST(Decoder, data_begins_where_the_lowest_of_it_is_put) {
  const Module module =
      read(minimal_module(R"((data (i32.const 80) "b") (data (i32.const 40) "a") (data "passive"))"));
  EXPECT_EQ(module.data_start, 40U);
  EXPECT_FALSE(read(minimal_module()).data_start);
}

}  // namespace
}  // namespace wasmup::wasm
