// SPDX-License-Identifier: MIT
#include "compiler.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "../os/fake_processes.hpp"

namespace wasmup::wasm {
namespace {

using os::FakeAnswer;
using os::FakeProcesses;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* zig = "/project/.wasmup/bin/zig-c++";
const FakeAnswer version_19{.output = "19.1.7\n"};
const FakeAnswer version_14{.output = "14.0.6\n"};
const FakeAnswer with_library{.output = "/usr/lib/wasm32-wasi/libc++.a\n"};
const FakeAnswer without_library{.output = "libc++.a\n"};

TEST(find_compiler, takes_the_one_that_is_wanted) {
  FakeProcesses processes;
  processes.script("/opt/clang++");
  processes.script(zig);
  const Expected<Compiler> compiler = find_compiler(processes, "/opt/clang++", "/project");
  ASSERT_TRUE(compiler);
  EXPECT_EQ(compiler->program, "/opt/clang++");
  EXPECT_FALSE(compiler->lays_stack_first);
}

TEST(find_compiler, knows_zig_by_its_file_name) {
  FakeProcesses processes;
  processes.script("/opt/zig-c++");
  EXPECT_TRUE(find_compiler(processes, "/opt/zig-c++", "/project")->lays_stack_first);
}

TEST(find_compiler, takes_no_other_than_the_one_that_is_wanted) {
  FakeProcesses processes;
  processes.script(zig);
  const Expected<Compiler> compiler = find_compiler(processes, "/none/clang++", "/project");
  ASSERT_FALSE(compiler);
  EXPECT_EQ(compiler.error().code, ExitCode::environment);
  EXPECT_THAT(compiler.error().what, HasSubstr("WASMUP_WASM_CXX"));
  EXPECT_THAT(compiler.error().seen, HasSubstr("/none/clang++"));
}

TEST(find_compiler, prefers_what_was_set_up_and_asks_it_nothing) {
  FakeProcesses processes;
  processes.script(zig);
  processes.script("clang++-19", {version_19, with_library});
  const Expected<Compiler> compiler = find_compiler(processes, std::nullopt, "/project");
  ASSERT_TRUE(compiler);
  EXPECT_EQ(compiler->program, zig);
  EXPECT_TRUE(compiler->lays_stack_first);
  EXPECT_THAT(processes.commands, IsEmpty());
}

TEST(find_compiler, falls_back_to_a_clang_with_the_library) {
  FakeProcesses processes;
  processes.script("clang++-19", {version_19, without_library});
  processes.script("clang++", {FakeAnswer{.output = "21.0.0\n"}, with_library});
  const Expected<Compiler> compiler = find_compiler(processes, std::nullopt, "/project");
  ASSERT_TRUE(compiler);
  EXPECT_EQ(compiler->program, "/fake/bin/clang++");
  EXPECT_FALSE(compiler->lays_stack_first);
}

TEST(find_compiler, says_why_each_one_would_not_do) {
  FakeProcesses processes;
  processes.script("clang++-19", {version_19, without_library});
  processes.script("clang++", {version_14});
  const Expected<Compiler> compiler = find_compiler(processes, std::nullopt, "/project");
  ASSERT_FALSE(compiler);
  EXPECT_EQ(compiler.error().code, ExitCode::environment);
  EXPECT_THAT(compiler.error().seen, HasSubstr("/project/.wasmup/bin/zig-c++ is not there"));
  EXPECT_THAT(compiler.error().seen, HasSubstr("/fake/bin/clang++-19 has no C++ library for wasm32"));
  EXPECT_THAT(compiler.error().seen, HasSubstr("/fake/bin/clang++ is of version 14.0.6, and 19 is needed"));
  EXPECT_THAT(compiler.error().next, HasSubstr("apt-get install clang-19"));
}

const FilterSource source{"auth", {"filters/auth/a.cpp", "filters/auth/b.cpp"}};

TEST(compile, gives_the_compiler_flags_sources_and_output_and_no_shell) {
  FakeProcesses processes;
  processes.script("/opt/clang++");
  ASSERT_TRUE(compile(processes, {"/opt/clang++", false}, "/my project", source, "/out/auth.wasm"));
  ASSERT_EQ(processes.commands.size(), 1U);
  EXPECT_THAT(processes.commands[0].argv,
              ElementsAre("/opt/clang++", "@/my project/cmake/module.flags", "-Wl,--stack-first",
                          "-I/my project/include", "filters/auth/a.cpp", "filters/auth/b.cpp", "-o",
                          "/out/auth.wasm"));
}

TEST(compile, does_not_tell_zig_where_the_stack_goes) {
  FakeProcesses processes;
  processes.script(zig);
  ASSERT_TRUE(compile(processes, {zig, true}, "/project", source, "/out/auth.wasm"));
  EXPECT_THAT(processes.commands[0].argv, testing::Not(testing::Contains("-Wl,--stack-first")));
}

TEST(compile, does_not_take_a_file_name_for_a_flag) {
  FakeProcesses processes;
  processes.script("/opt/clang++");
  ASSERT_TRUE(compile(processes, {"/opt/clang++", true}, "/p", {"x", {"-x.cpp", "@y.cpp"}}, "/out/x.wasm"));
  EXPECT_THAT(processes.commands[0].argv, testing::IsSupersetOf({"./-x.cpp", "./@y.cpp"}));
}

TEST(compile, hands_on_warnings) {
  FakeProcesses processes;
  processes.script("/opt/clang++", {{.output = "a.cpp:1:1: warning: unused\n"}});
  EXPECT_EQ(compile(processes, {"/opt/clang++", false}, "/p", source, "/o").value(),
            "a.cpp:1:1: warning: unused\n");
}

TEST(compile, an_error_has_the_compilers_message_whole_and_the_place) {
  FakeProcesses processes;
  const std::string output = "a.cpp:4:2: error: no\n  4 | x\n1 error generated.\n";
  processes.script("/opt/clang++", {{.status = 1, .output = output}});
  const Expected<std::string> compiled = compile(processes, {"/opt/clang++", false}, "/p", source, "/o");
  ASSERT_FALSE(compiled);
  EXPECT_EQ(compiled.error().code, ExitCode::build_failed);
  EXPECT_THAT(compiled.error().what, HasSubstr("auth"));
  EXPECT_EQ(compiled.error().seen, output);
  EXPECT_EQ(compiled.error().next, "a.cpp:4:2: no");
}

TEST(compile, a_compiler_that_dies_without_a_word_is_an_error_too) {
  FakeProcesses processes;
  processes.script("/opt/clang++", {{.status = 139}});
  const Expected<std::string> compiled = compile(processes, {"/opt/clang++", false}, "/p", source, "/o");
  ASSERT_FALSE(compiled);
  EXPECT_THAT(compiled.error().seen, HasSubstr("status 139"));
}

TEST(compile, a_compiler_that_hangs_is_ended) {
  FakeProcesses processes;
  processes.script("/opt/clang++", {{.timed_out = true}});
  const Expected<std::string> compiled = compile(processes, {"/opt/clang++", false}, "/p", source, "/o");
  ASSERT_FALSE(compiled);
  EXPECT_THAT(compiled.error().seen, HasSubstr("after 10 minutes"));
}

}  // namespace
}  // namespace wasmup::wasm
