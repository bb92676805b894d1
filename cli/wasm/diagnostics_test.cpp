// SPDX-License-Identifier: MIT
#include "diagnostics.hpp"

#include <gtest/gtest.h>

#include "../testing/folder_test.hpp"

namespace wasmup::wasm {
namespace {

class Pointer : public FolderTest {};

TEST_F(Pointer, is_to_the_first_error_whatever_else_is_said) {
  EXPECT_EQ(pointer_to_first_error("In file included from a.cpp:1:\n"
                                   "a.cpp:2:1: warning: unused\n"
                                   "a.cpp:4:83: error: unknown type name 'retrun'\n"
                                   "    4 |   retrun;\n"
                                   "b.cpp:9:9: error: another\n",
                                   {"a.cpp"}),
            "a.cpp:4:83: unknown type name 'retrun'");
}

TEST_F(Pointer, is_to_a_fatal_error_too) {
  EXPECT_EQ(pointer_to_first_error("a.cpp:1:10: fatal error: 'x.hpp' file not found", {"a.cpp"}),
            "a.cpp:1:10: 'x.hpp' file not found");
}

TEST_F(Pointer, is_to_the_callback_when_the_sdk_refuses_it) {
  const auto source = write("a.cpp",
                            "struct F {\n"
                            "  void on_response_headers_too();\n"
                            "  void on_response_headers(int);\n"
                            "};\n");
  EXPECT_EQ(pointer_to_first_error(
                "include/wasmup/detail/callbacks.hpp:59:1: error: static assertion failed due to requirement "
                "'!is_declared<F> || false': on_response_headers must be public and look like: x\n",
                {folder_ / "missing.cpp", source}),
            source.string() + ":3:8: on_response_headers must be public and look like: x");
}

TEST_F(Pointer, is_to_the_sdk_when_it_names_no_callback_of_the_source) {
  const auto source = write("a.cpp", "");
  EXPECT_EQ(pointer_to_first_error("sdk.hpp:5:1: error: static assertion failed: on_tick must be public\n",
                                   {source}),
            "sdk.hpp:5:1: on_tick must be public");
  EXPECT_EQ(pointer_to_first_error(
                "sdk.hpp:5:1: error: static assertion failed: a filter declares no callback\n", {source}),
            "sdk.hpp:5:1: a filter declares no callback");
}

TEST_F(Pointer, of_a_linkers_error_is_its_message) {
  EXPECT_EQ(pointer_to_first_error("wasm-ld-19: error: a.o: undefined symbol: frob(int)\n", {"a.cpp"}),
            "a.o: undefined symbol: frob(int)");
}

TEST_F(Pointer, is_empty_without_an_error) {
  EXPECT_EQ(pointer_to_first_error("", {}), "");
  EXPECT_EQ(pointer_to_first_error("a.cpp:1:1: warning: error\n", {}), "");
}

TEST_F(Pointer, a_path_may_hold_colons_and_numbers) {
  EXPECT_EQ(pointer_to_first_error("/x:1/a b.cpp:4:8: error: no", {}), "/x:1/a b.cpp:4:8: no");
}

}  // namespace
}  // namespace wasmup::wasm
