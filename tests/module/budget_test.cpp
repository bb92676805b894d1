// SPDX-License-Identifier: MIT
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <iterator>
#include <set>
#include <string>
#include <wabt/binary-reader.h>
#include <wabt/feature.h>
#include <wabt/interp/binary-reader-interp.h>
#include <wabt/interp/interp.h>

namespace {

std::string module_bytes() {
  std::ifstream file(WASMUP_ADD_HEADER_MODULE, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

wabt::interp::ModuleDesc module_description() {
  const std::string bytes = module_bytes();
  wabt::interp::ModuleDesc description;
  wabt::Errors errors;
  wabt::Features features;
  const wabt::ReadBinaryOptions options(features, nullptr, true, true, true);
  EXPECT_TRUE(Succeeded(wabt::interp::ReadBinaryInterp(WASMUP_ADD_HEADER_MODULE, bytes.data(), bytes.size(),
                                                       options, &errors, &description)));
  return description;
}

}  // namespace

TEST(Budget, of_the_default_filter_in_bytes) {
  const size_t size = module_bytes().size();
  EXPECT_GT(size, 8U);
  EXPECT_LE(size, size_t{WASMUP_ADD_HEADER_BYTES});
  RecordProperty("bytes", static_cast<int>(size));
}

TEST(Budget, of_the_default_filter_in_memory_is_one_page) {
  const auto description = module_description();
  ASSERT_EQ(description.memories.size(), 1U);
  EXPECT_EQ(description.memories[0].type.limits.initial, 1U);
}

TEST(Budget, of_the_default_filter_in_imports_is_one_hostcall_and_nothing_of_wasi) {
  std::set<std::string> imports;
  for (const auto& import : module_description().imports)
    imports.insert(import.type.module + "." + import.type.name);
  EXPECT_THAT(imports, ::testing::ElementsAre("env.proxy_replace_header_map_value"));
}

TEST(Budget, of_the_default_filter_in_exports_is_what_a_module_must_have_and_one_callback) {
  std::set<std::string> exports;
  for (const auto& one : module_description().exports) exports.insert(one.type.name);
  EXPECT_THAT(exports, ::testing::ElementsAre("_initialize", "memory", "proxy_abi_version_0_2_1",
                                              "proxy_on_memory_allocate", "proxy_on_response_headers"));
}
