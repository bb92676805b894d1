// SPDX-License-Identifier: MIT
// `wasmup test` with a cmake and a ctest that only say what they were asked.
#include "program_test.hpp"

namespace wasmup {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class TestCommand : public ProgramTest {
 protected:
  TestCommand() {
    set("PATH", (folder_ / "bin").string() + ":/usr/bin:/bin");
    set("WASMUP_ROOT", folder_.string());
    set("WASMUP_ENVOY", marking_envoy().string());
    write_script("bin/cmake", "echo \"cmake $* in $PWD\"\n");
    write_script("bin/ctest", "echo \"ctest $* with $WASMUP_ENVOY\"\n");
  }
};

TEST_F(TestCommand, builds_and_tests_in_the_projects_folder) {
  const Result result = run({"test"});
  EXPECT_EQ(result.status, status(ExitCode::ok));
  EXPECT_THAT(result.output,
              AllOf(HasSubstr("cmake --preset debug in " + folder_.string()),
                    HasSubstr("cmake --build --preset debug"), HasSubstr("ctest --test-dir build/debug"),
                    HasSubstr("with " + (folder_ / "envoy").string())));
}

TEST_F(TestCommand, a_build_that_fails_is_exit_code_3) {
  write_script("bin/cmake", "test \"$1\" != --build\n");
  const Result result = run({"test"});
  EXPECT_EQ(result.status, status(ExitCode::build_failed));
  EXPECT_THAT(result.output, Not(HasSubstr("ctest --test-dir build/debug --output")));
}

TEST_F(TestCommand, a_test_that_fails_is_exit_code_1) {
  write_script("bin/ctest", "exit 8\n");
  EXPECT_EQ(run({"test"}).status, status(ExitCode::check_failed));
}

TEST_F(TestCommand, a_regex_is_not_read_by_a_shell) {
  const Result result = run({"test", "--suite", "unit", "--filter", "$(touch hacked)"});
  EXPECT_EQ(result.status, status(ExitCode::ok));
  EXPECT_THAT(result.output, HasSubstr("-L ^(unit)$ -R $(touch hacked)"));
}

TEST_F(TestCommand, of_a_filter_names_a_function_that_nothing_calls_and_goes_on) {
  write("wasmup.yaml", "");
  write("hello.cpp", "struct Root { bool on_configuer(wasmup::Bytes); };\n");
  write("hello_test.cpp", "void on_tset();\n");
  const Result result = run({"test"});
  EXPECT_EQ(result.status, status(ExitCode::ok));
  EXPECT_THAT(result.output,
              AllOf(HasSubstr("hello.cpp:1:20: warning: on_configuer is no callback of wasmup"),
                    HasSubstr("ctest --test-dir build "), Not(HasSubstr("on_tset"))));
}

}  // namespace
}  // namespace wasmup
