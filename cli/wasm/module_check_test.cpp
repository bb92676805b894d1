// SPDX-License-Identifier: MIT
#include "module_check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "assemble.hpp"

// Each module here was also given to Envoy 1.40: what is refused ends it at start, what passes is served.
namespace wasmup::wasm {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::string_view marker = R"((func (export "proxy_abi_version_0_2_1")))";
constexpr std::string_view memory = R"((memory (export "memory") 1))";
constexpr std::string_view allocator =
    R"((func (export "malloc") (param i32) (result i32) (i32.const 4096)))";
constexpr std::string_view tick = R"((func (export "proxy_on_tick") (param i32)))";

std::string module_of(std::initializer_list<std::string_view> fields) {
  std::string text = "(module";
  for (const std::string_view field : fields) text.append(" ").append(field);
  return assemble(text + ")");
}

std::vector<Finding> refusals(std::string_view bytes) {
  const Examination examination = examine(bytes);
  EXPECT_EQ(examination.loads(), examination.findings.empty());
  return examination.findings;
}

/// Of a module that loads.
std::vector<Finding> warnings(std::string_view bytes) {
  const Examination examination = examine(bytes);
  EXPECT_TRUE(examination.loads());
  return examination.findings;
}

auto refusal(std::string_view seen, std::string_view cure = "") {
  return AllOf(Field("seen", &Finding::seen, HasSubstr(seen)),
               Field("cure", &Finding::cure, HasSubstr(cure)));
}

TEST(module_check, the_least_module_passes) { EXPECT_THAT(refusals(minimal_module()), IsEmpty()); }

TEST(module_check, a_module_with_imports_and_callbacks_passes) {
  EXPECT_THAT(refusals(minimal_module(R"(
      (import "env" "proxy_log" (func (param i32 i32 i32) (result i32)))
      (import "env" "proxy_record_metric" (func (param i32 i64) (result i32)))
      (import "wasi_snapshot_preview1" "fd_write" (func (param i32 i32 i32 i32) (result i32)))
      (import "wasi_snapshot_preview1" "sock_accept" (func (param i32 i32 i32) (result i32)))
      (func (export "_initialize"))
      (func (export "proxy_on_response_headers") (param i32 i32 i32) (result i32) (i32.const 0)))")),
              IsEmpty());
}

// The file itself

TEST(module_check, an_empty_file_is_refused) {
  EXPECT_THAT(refusals(""), ElementsAre(refusal("the file is empty")));
}

TEST(module_check, a_file_that_is_not_wasm_is_refused) {
  EXPECT_THAT(refusals("#!/bin/sh\n"), ElementsAre(refusal("not a WebAssembly file", ".wasm")));
}

TEST(module_check, webassembly_as_text_gets_a_cure_of_its_own) {
  EXPECT_THAT(refusals("\n  (module)"), ElementsAre(refusal("not a WebAssembly file", "wat2wasm")));
}

TEST(module_check, a_component_is_refused) {
  EXPECT_THAT(refusals(std::string("\0asm\x0d\0\1\0", 8)), ElementsAre(refusal("component", "core module")));
}

TEST(module_check, another_version_of_webassembly_is_refused) {
  EXPECT_THAT(refusals(std::string("\0asm\2\0\0\0", 8)), ElementsAre(refusal("version is not 1")));
}

TEST(module_check, a_file_cut_off_in_a_section_is_refused_with_the_place) {
  const std::string whole = minimal_module();
  const std::string cut = whole.substr(0, whole.size() - 3);
  EXPECT_THAT(refusals(cut), ElementsAre(refusal("cut off at byte " + std::to_string(cut.size()), "again")));
  EXPECT_THAT(refusals(cut), ElementsAre(refusal("needs 3 bytes more")));
}

TEST(module_check, a_file_cut_off_in_its_header_is_refused) {
  EXPECT_THAT(refusals(std::string("\0asm\1", 5)), ElementsAre(refusal("cut off at byte 5")));
}

TEST(module_check, a_file_cut_off_in_a_sections_header_is_refused) {
  EXPECT_THAT(refusals(std::string("\0asm\1\0\0\0\1\x80", 10)), ElementsAre(refusal("section at byte 8")));
}

TEST(module_check, code_that_does_not_validate_is_refused_with_the_place) {
  EXPECT_THAT(refusals(minimal_module("(func (result i32))")),
              ElementsAre(refusal("at byte", "build it again")));
}

// Marker, allocator, memory

TEST(module_check, a_module_without_a_marker_is_refused) {
  EXPECT_THAT(refusals(module_of({memory, allocator})),
              ElementsAre(refusal("no Proxy-Wasm ABI marker", "WASMUP_REGISTER")));
}

TEST(module_check, an_unknown_marker_is_named) {
  EXPECT_THAT(refusals(module_of({memory, allocator, R"((func (export "proxy_abi_version_0_3_0")))"})),
              ElementsAre(refusal("proxy_abi_version_0_3_0", "0.2.1")));
}

TEST(module_check, a_marker_that_is_not_a_function_is_refused) {
  EXPECT_THAT(refusals(module_of(
                  {memory, allocator, R"((global (export "proxy_abi_version_0_2_1") i32 (i32.const 0)))"})),
              ElementsAre(refusal("is not a function")));
}

TEST(module_check, the_first_of_two_markers_counts) {
  constexpr std::string_view old_marker = R"((func (export "proxy_abi_version_0_1_0")))";
  constexpr std::string_view headers =
      R"((func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32) (i32.const 0)))";
  EXPECT_THAT(refusals(module_of({memory, allocator, marker, old_marker, headers})), IsEmpty());
  EXPECT_THAT(refusals(module_of({memory, allocator, old_marker, marker, headers})),
              ElementsAre(refusal("proxy_on_request_headers")));
}

TEST(module_check, a_module_without_an_allocator_is_refused) {
  EXPECT_THAT(refusals(module_of({memory, marker})), ElementsAre(refusal("no allocator", "malloc")));
}

TEST(module_check, an_allocator_that_is_not_a_function_is_none) {
  EXPECT_THAT(refusals(module_of({memory, marker, R"((global (export "malloc") i32 (i32.const 0)))"})),
              ElementsAre(refusal("no allocator")));
}

TEST(module_check, proxy_on_memory_allocate_will_do) {
  EXPECT_THAT(refusals(module_of({memory, marker, tick,
                                  R"((func (export "proxy_on_memory_allocate") (param i32) (result i32)
                                      (i32.const 0)))"})),
              IsEmpty());
}

TEST(module_check, the_allocator_needs_its_signature_where_it_is_used) {
  constexpr std::string_view bad = R"((func (export "proxy_on_memory_allocate") (param i64)))";
  EXPECT_THAT(
      refusals(module_of({memory, marker, bad})),
      ElementsAre(refusal("it exports proxy_on_memory_allocate as (i64) -> void, and Envoy calls it as "
                          "(i32) -> i32")));
  EXPECT_THAT(refusals(module_of({memory, marker, allocator, tick, bad})), IsEmpty());
}

TEST(module_check, a_module_without_memory_is_refused) {
  EXPECT_THAT(refusals(module_of({marker, allocator})), ElementsAre(refusal("has no memory", "export")));
  EXPECT_THAT(refusals(module_of({marker, allocator, "(memory 1)"})),
              ElementsAre(refusal("does not export its memory")));
}

TEST(module_check, an_imported_memory_or_table_passes) {
  EXPECT_THAT(refusals(module_of({R"((import "env" "memory" (memory 1)))", marker, allocator, tick})),
              IsEmpty());
  EXPECT_THAT(refusals(minimal_module(R"((import "env" "table" (table 1 funcref)))")), IsEmpty());
}

TEST(module_check, more_memory_than_envoy_gives_is_refused) {
  EXPECT_THAT(refusals(module_of({R"((memory (export "memory") 16384))", marker, allocator, tick})),
              IsEmpty());
  EXPECT_THAT(refusals(module_of({R"((memory (export "memory") 16385))", marker, allocator})),
              ElementsAre(refusal("16385 pages")));
}

// Imports

TEST(module_check, an_unknown_import_is_refused_by_name) {
  EXPECT_THAT(
      refusals(minimal_module(R"((import "env" "frobnicate_it" (func)))")),
      ElementsAre(refusal("it imports env.frobnicate_it, and Envoy offers no such function", "define")));
}

TEST(module_check, a_mistyped_import_gets_a_suggestion) {
  EXPECT_THAT(refusals(minimal_module(R"((import "env" "proxy_get_propetry" (func)))")),
              ElementsAre(refusal("env.proxy_get_propetry", "did you mean env.proxy_get_property?")));
}

TEST(module_check, a_wasi_function_that_envoy_lacks_is_refused) {
  EXPECT_THAT(refusals(minimal_module(
                  R"((import "wasi_snapshot_preview1" "thread_spawn_now" (func (param i32) (result i32))))")),
              ElementsAre(refusal("wasi_snapshot_preview1.thread_spawn_now", "library function")));
}

TEST(module_check, an_import_of_another_type_is_refused_with_both_types) {
  EXPECT_THAT(refusals(minimal_module(R"((import "env" "proxy_log" (func (param i64 i32 f32))))")),
              ElementsAre(refusal("env.proxy_log as (i64 i32 f32) -> void, and Envoy offers it as "
                                  "(i32 i32 i32) -> i32",
                                  "wasmup/abi.hpp")));
}

TEST(module_check, a_hostcall_of_another_abi_version_is_refused) {
  EXPECT_THAT(refusals(minimal_module(
                  R"((import "env" "proxy_get_configuration" (func (param i32 i32) (result i32))))")),
              ElementsAre(refusal("env.proxy_get_configuration")));
}

TEST(module_check, an_imported_global_is_refused) {
  EXPECT_THAT(refusals(minimal_module(R"((import "env" "__stack_pointer" (global i32)))")),
              ElementsAre(refusal("the global env.__stack_pointer", "functions only")));
}

TEST(module_check, an_imported_exception_tag_is_refused) {
  EXPECT_THAT(refusals(minimal_module(R"((import "env" "__cpp_exception" (tag)))")),
              ElementsAre(refusal("tag env.__cpp_exception", "-fno-exceptions")));
}

// Callbacks

TEST(module_check, a_callback_with_another_signature_is_refused_with_both) {
  EXPECT_THAT(
      refusals(minimal_module(
          R"((func (export "proxy_on_response_headers") (param i32 i32) (result i32) (i32.const 0)))")),
      ElementsAre(refusal("it exports proxy_on_response_headers as (i32 i32) -> i32, and Envoy calls it "
                          "as (i32 i32 i32) -> i32",
                          "give proxy_on_response_headers that signature")));
}

TEST(module_check, a_callback_without_parameters_is_shown_so) {
  EXPECT_THAT(refusals(minimal_module(R"((func (export "proxy_on_tick")))")),
              ElementsAre(refusal("as () -> void, and Envoy calls it as (i32) -> void")));
}

TEST(module_check, a_callbacks_name_on_something_else_means_nothing) {
  EXPECT_THAT(refusals(minimal_module(R"((global (export "proxy_on_tick") i32 (i32.const 0)))")), IsEmpty());
}

TEST(module_check, an_export_of_another_name_is_left_alone) {
  EXPECT_THAT(refusals(minimal_module(R"((func (export "frobnicate") (param i64)))")), IsEmpty());
}

TEST(module_check, a_name_like_a_callbacks_gets_a_warning_and_the_nearest_one) {
  EXPECT_THAT(
      warnings(minimal_module(
          R"((func (export "proxy_on_response_header") (param i32 i32 i32) (result i32) (i32.const 0)))" +
          std::string(tick))),
      ElementsAre(refusal("proxy_on_response_header, which Envoy never calls",
                          "did you mean proxy_on_response_headers?")));
  EXPECT_THAT(warnings(minimal_module(R"((func (export "proxy_on_frobnicate_it_all") (param i64)))" +
                                      std::string(tick))),
              ElementsAre(refusal("proxy_on_frobnicate_it_all", "the name of a callback")));
}

TEST(module_check, a_module_without_a_callback_gets_a_warning) {
  constexpr std::string_view initialize = R"((func (export "_initialize")))";
  EXPECT_THAT(
      warnings(idle_module(initialize)),
      ElementsAre(refusal("every request and every connection passes it untouched", "WASMUP_REGISTER")));
  EXPECT_THAT(warnings(idle_module(tick)), IsEmpty());
  EXPECT_THAT(warnings(idle_module(R"((global (export "proxy_on_tick") i32 (i32.const 0)))")),
              ElementsAre(refusal("it has no callback")));
  EXPECT_THAT(warnings(idle_module(R"((func (export "proxy_on_lgo") (param i32)))")),
              ElementsAre(refusal("proxy_on_lgo"), refusal("it has no callback")));
}

TEST(module_check, of_a_module_that_is_refused_it_is_not_said_that_it_does_nothing) {
  EXPECT_THAT(refusals(module_of({memory, marker})), ElementsAre(refusal("no allocator")));
}

TEST(module_check, start_functions_are_checked_only_where_envoy_looks) {
  constexpr std::string_view initialize = R"((func (export "_initialize")))";
  constexpr std::string_view start = R"((func (export "_start") (param i64)))";
  constexpr std::string_view main = R"((func (export "main") (param i64)))";
  constexpr std::string_view main_void = R"((func (export "__main_void") (param i64)))";
  const auto found = [](std::initializer_list<std::string_view> fields) {
    std::string text;
    for (const std::string_view field : fields) text += field;
    return refusals(minimal_module(text));
  };
  EXPECT_THAT(found({start}), ElementsAre(refusal("_start")));
  EXPECT_THAT(found({initialize, start}), IsEmpty());
  EXPECT_THAT(found({main, main_void}), IsEmpty());
  EXPECT_THAT(found({initialize, main, main_void}), ElementsAre(refusal("main"), refusal("__main_void")));
}

// The stack

/// A module whose code takes room on a stack that begins at `top`, with data at 1024.
std::string module_with_stack(int top, std::string_view data = R"((data (i32.const 1024) "text"))") {
  return minimal_module("(global (mut i32) (i32.const " + std::to_string(top) + R"())
      (func (local i32)
        (global.set 0 (local.tee 0 (i32.sub (global.get 0) (i32.const 16))))))" +
                        std::string(data));
}

TEST(module_check, a_stack_above_the_data_gets_a_warning) {
  EXPECT_THAT(warnings(module_with_stack(66576)), ElementsAre(refusal("overwrites", "--stack-first")));
}

TEST(module_check, a_stack_below_the_data_or_without_any_is_guarded) {
  EXPECT_THAT(warnings(module_with_stack(1024)), IsEmpty());
  EXPECT_THAT(warnings(module_with_stack(66576, "")), IsEmpty());
}

TEST(module_check, a_global_that_no_code_uses_as_a_stack_is_none) {
  EXPECT_THAT(warnings(minimal_module(R"((global (mut i32) (i32.const 66576))
      (func (global.set 0 (i32.const 1))) (data (i32.const 1024) "text"))")),
              IsEmpty());
}

// As an error

TEST(module_check, the_error_names_the_module_and_every_reason_and_cure) {
  const Expected<void> checked =
      check_module(module_of({R"((import "env" "frobnicate_it" (func)))", memory, marker}), "my.wasm");
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().code, ExitCode::module_refused);
  EXPECT_THAT(checked.error().what, HasSubstr("my.wasm"));
  EXPECT_THAT(checked.error().seen,
              AllOf(HasSubstr("env.frobnicate_it"), HasSubstr("\nit exports no allocator")));
  EXPECT_THAT(checked.error().next, AllOf(HasSubstr("define that function"), HasSubstr("malloc")));
}

TEST(module_check, the_error_does_not_list_reasons_without_end) {
  std::string imports;
  for (int i = 0; i < 1000; ++i) imports += R"((import "x" "f)" + std::to_string(i) + R"(" (func)))";
  const Expected<void> checked = check_module(minimal_module(imports), "my.wasm");
  ASSERT_FALSE(checked);
  EXPECT_THAT(checked.error().seen, HasSubstr("and 992 more"));
}

TEST(module_check, a_good_module_is_no_error) { EXPECT_TRUE(check_module(minimal_module(), "my.wasm")); }

}  // namespace
}  // namespace wasmup::wasm
