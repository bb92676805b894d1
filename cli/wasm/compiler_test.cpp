// SPDX-License-Identifier: MIT
#include "compiler.hpp"

#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "../os/fake_processes.hpp"
#include "../testing/folder_test.hpp"
#include "assemble.hpp"

namespace wasmup::wasm {
namespace {

using os::FakeAnswer;
using os::FakeProcesses;
using testing::HasSubstr;
using testing::IsEmpty;

const os::Installation project = os::Installation::of_checkout("/project");
constexpr const char* zig = "/project/.wasmup/bin/zig-c++";
const FakeAnswer version_19{.output = "19.1.7\n"};
const FakeAnswer version_14{.output = "14.0.6\n"};
const FakeAnswer with_library{.output = "/usr/lib/wasm32-wasi/libc++.a\n"};
const FakeAnswer without_library{.output = "libc++.a\n"};

TEST(find_compiler, takes_the_one_that_is_wanted) {
  FakeProcesses processes;
  processes.script("/opt/clang++");
  processes.script(zig);
  const Expected<Compiler> compiler = find_compiler(processes, "/opt/clang++", project);
  ASSERT_TRUE(compiler);
  EXPECT_EQ(compiler->program, "/opt/clang++");
  EXPECT_FALSE(compiler->lays_stack_first);
}

TEST(find_compiler, knows_zig_by_its_file_name) {
  FakeProcesses processes;
  processes.script("/opt/zig-c++");
  EXPECT_TRUE(find_compiler(processes, "/opt/zig-c++", project)->lays_stack_first);
}

TEST(find_compiler, takes_no_other_than_the_one_that_is_wanted) {
  FakeProcesses processes;
  processes.script(zig);
  const Expected<Compiler> compiler = find_compiler(processes, "/none/clang++", project);
  ASSERT_FALSE(compiler);
  EXPECT_EQ(compiler.error().code, ExitCode::environment);
  EXPECT_THAT(compiler.error().next, HasSubstr("WASMUP_WASM_CXX"));
  EXPECT_THAT(compiler.error().seen, HasSubstr("/none/clang++"));
}

TEST(find_compiler, prefers_what_was_set_up_and_asks_it_nothing) {
  FakeProcesses processes;
  processes.script(zig);
  processes.script("clang++-19", {version_19, with_library});
  const Expected<Compiler> compiler = find_compiler(processes, std::nullopt, project);
  ASSERT_TRUE(compiler);
  EXPECT_EQ(compiler->program, zig);
  EXPECT_TRUE(compiler->lays_stack_first);
  EXPECT_THAT(processes.commands, IsEmpty());
}

TEST(find_compiler, falls_back_to_a_clang_with_the_library) {
  FakeProcesses processes;
  processes.script("clang++-19", {version_19, without_library});
  processes.script("clang++", {FakeAnswer{.output = "21.0.0\n"}, with_library});
  const Expected<Compiler> compiler = find_compiler(processes, std::nullopt, project);
  ASSERT_TRUE(compiler);
  EXPECT_EQ(compiler->program, "/fake/bin/clang++");
  EXPECT_FALSE(compiler->lays_stack_first);
}

TEST(find_compiler, says_why_each_one_would_not_do) {
  FakeProcesses processes;
  processes.script("clang++-19", {version_19, without_library});
  processes.script("clang++", {version_14});
  const Expected<Compiler> compiler = find_compiler(processes, std::nullopt, project);
  ASSERT_FALSE(compiler);
  EXPECT_EQ(compiler.error().code, ExitCode::environment);
  EXPECT_THAT(compiler.error().seen, HasSubstr("/project/.wasmup/bin/zig-c++ is not there"));
  EXPECT_THAT(compiler.error().seen, HasSubstr("/fake/bin/clang++-19 has no C++ library for wasm32"));
  EXPECT_THAT(compiler.error().seen, HasSubstr("/fake/bin/clang++ is of version 14.0.6, and 19 is needed"));
  EXPECT_THAT(compiler.error().next, HasSubstr("apt-get install clang-19"));
}

const FilterSource source{"auth", {"filters/auth/a.cpp", "filters/auth/b.cpp"}};

/// The SDK in a folder of its own, whose name has a space.
class CompileTest : public FolderTest {
 protected:
  CompileTest() {
    write("my project/cmake/module.flags", "-Oz\n-Xclang\n-emit-llvm-bc\n-Wl,-s\n-fno-rtti\n");
  }

  void script(FakeAnswer answer) {
    if (!answer.effect) {
      answer.effect = [](const os::Command& command) {
        std::ofstream(command.argv.back(), std::ios::binary) << minimal_module() << names;
      };
    }
    processes_.script(compiler_.program.string(), {answer});
  }
  Expected<Compiled> compile(const FilterSource& filter = source, Optimize optimize = Optimize::size) {
    return wasm::compile(processes_, compiler_, os::Installation::of_checkout(folder_ / "my project"), filter,
                         optimize);
  }
  const std::vector<std::string>& arguments() const { return processes_.commands.at(0).argv; }

  static inline const std::string names{"\0\5\4name", 7};
  Compiler compiler_{"/opt/clang++", false};
  FakeProcesses processes_;
};

TEST_F(CompileTest, gives_the_compiler_flags_sources_and_output_and_no_shell) {
  script({});
  ASSERT_TRUE(compile());
  const std::string include = (folder_ / "my project/include").string();
  std::vector<std::string> expected{"/opt/clang++",
                                    "-Oz",
                                    "-Xclang",
                                    "-emit-llvm-bc",
                                    "-fno-rtti",
                                    "-g",
                                    "-Wl,--stack-first",
                                    "-I" + include,
                                    "-ffile-prefix-map=" + include + "=sdk",
                                    "-fdebug-compilation-dir=.",
                                    "-ffile-prefix-map=filters/auth=.",
                                    "filters/auth/a.cpp",
                                    "-ffile-prefix-map=filters/auth=.",
                                    "filters/auth/b.cpp",
                                    "-o"};
  ASSERT_EQ(arguments().size(), expected.size() + 1);
  expected.push_back(arguments().back());
  EXPECT_EQ(arguments(), expected);
}

TEST_F(CompileTest, leaves_nothing_but_what_it_gives_back) {
  script({});
  compile().value();
  EXPECT_FALSE(std::filesystem::exists(std::filesystem::path(arguments().back()).parent_path()));
}

TEST_F(CompileTest, gives_the_module_with_and_without_symbols) {
  script({});
  const Compiled compiled = compile().value();
  EXPECT_EQ(compiled.module, minimal_module());
  EXPECT_EQ(compiled.symbols, minimal_module() + names);
}

TEST_F(CompileTest, takes_precompiled_headers_and_does_without_where_they_fail) {
  const auto precompile = [this] {
    return wasm::precompile(processes_, compiler_, os::Installation::of_checkout(folder_ / "my project"),
                            "/h.pch");
  };
  script({});
  ASSERT_TRUE(wasm::compile(processes_, compiler_, os::Installation::of_checkout(folder_ / "my project"),
                            source, Optimize::size, "/h.pch"));
  EXPECT_THAT(arguments(), testing::IsSupersetOf({"-include-pch", "/h.pch"}));

  processes_ = {};
  processes_.script(compiler_.program.string(),
                    {{.status = 1, .output = "stale"}, {.status = 1, .output = "the source"}});
  EXPECT_EQ(wasm::compile(processes_, compiler_, os::Installation::of_checkout(folder_ / "my project"),
                          source, Optimize::size, "/h.pch")
                .error()
                .seen,
            "the source");
  EXPECT_THAT(processes_.commands.at(1).argv, testing::Not(testing::Contains("-include-pch")));

  processes_ = {};
  script({});
  ASSERT_TRUE(precompile());
  EXPECT_THAT(arguments(), testing::IsSupersetOf({"-Oz", "-g", "-x", "c++-header", "/h.pch"}));
  EXPECT_THAT(arguments(), testing::Not(testing::Contains(testing::StartsWith("-Wl,"))));
  EXPECT_THAT(arguments(), testing::Not(testing::Contains("-emit-llvm-bc")));
  script({.status = 1, .output = "no"});
  EXPECT_EQ(precompile().error().code, ExitCode::build_failed);
}

TEST_F(CompileTest, keeps_names_in_the_module_for_debugging) {
  script({});
  EXPECT_EQ(compile(source, Optimize::debugging).value().module, minimal_module() + names);
  EXPECT_THAT(arguments(), testing::Contains("-O1"));
}

TEST_F(CompileTest, does_not_tell_zig_where_the_stack_goes) {
  compiler_.lays_stack_first = true;
  script({});
  ASSERT_TRUE(compile());
  EXPECT_THAT(arguments(), testing::Not(testing::Contains("-Wl,--stack-first")));
}

TEST_F(CompileTest, does_not_take_a_file_name_for_a_flag) {
  script({});
  ASSERT_TRUE(compile({"x", {"-x.cpp", "@y.cpp"}}));
  EXPECT_THAT(arguments(), testing::IsSupersetOf({"./-x.cpp", "./@y.cpp"}));
}

TEST_F(CompileTest, hands_on_warnings) {
  script({.output = "a.cpp:1:1: warning: unused\n"});
  EXPECT_EQ(compile().value().warnings, "a.cpp:1:1: warning: unused\n");
}

TEST_F(CompileTest, an_error_has_the_compilers_message_whole_and_the_place) {
  const std::string output = "a.cpp:4:2: error: no\n  4 | x\n1 error generated.\n";
  script({.status = 1, .output = output});
  const Expected<Compiled> compiled = compile();
  ASSERT_FALSE(compiled);
  EXPECT_EQ(compiled.error().code, ExitCode::build_failed);
  EXPECT_THAT(compiled.error().what, HasSubstr("auth"));
  EXPECT_EQ(compiled.error().seen, output);
  EXPECT_EQ(compiled.error().next, "a.cpp:4:2: no");
}

TEST_F(CompileTest, a_compiler_that_dies_without_a_word_is_an_error_too) {
  script({.status = 139});
  EXPECT_THAT(compile().error().seen, HasSubstr("status 139"));
}

TEST_F(CompileTest, a_compiler_that_hangs_is_ended) {
  script({.timed_out = true});
  EXPECT_THAT(compile().error().seen, HasSubstr("after 10 minutes"));
}

TEST_F(CompileTest, a_compiler_that_leaves_nothing_is_an_error) {
  script({.effect = [](const os::Command&) {}});
  EXPECT_THAT(compile().error().what, HasSubstr("compiled to nothing"));
}

TEST_F(CompileTest, flags_that_are_not_there_are_missed_by_name) {
  script({});
  std::filesystem::remove(folder_ / "my project/cmake/module.flags");
  EXPECT_THAT(compile().error().what, HasSubstr("module.flags"));
}

}  // namespace
}  // namespace wasmup::wasm
