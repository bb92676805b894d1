// SPDX-License-Identifier: MIT
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "../app.hpp"
#include "../testing/fake_world.hpp"
#include "../testing/folder_test.hpp"
#include "../text/file.hpp"
#include "../wasm/assemble.hpp"
#include "../wasm/strip.hpp"

namespace wasmup::commands {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

constexpr const char* compiler_path = "/opt/clang++";
const std::string names{"\0\5\4name", 7};

class BuildTest : public FolderTest {
 protected:
  BuildTest() {
    write("cmake/module.flags", "-Oz");
    write("hello/wasmup.yaml", "");
    write("hello/hello.cpp", "");
    world_.folder = folder_ / "hello";
    world_.variables["WASMUP_WASM_CXX"] = compiler_path;
    compiles(wasm::minimal_module(R"((import "env" "proxy_log" (func (param i32 i32 i32) (result i32)))
                                     (func (export "proxy_on_log") (param i32)))"));
  }
  void compiles(const std::string& module) {
    world_.processes.script(compiler_path, {{.effect = [module](const os::Command& command) {
                              std::ofstream(command.argv.back(), std::ios::binary) << module << names;
                            }}});
  }
  ExitCode run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "build");
    Environment environment = world_.environment(folder_);
    return run_app(arguments, environment);
  }
  bool exists(const std::string& name) const { return std::filesystem::exists(folder_ / name); }

  FakeWorld world_;
};

TEST_F(BuildTest, leaves_the_module_and_its_symbols_and_says_what_it_is) {
  ASSERT_EQ(run({}), ExitCode::ok) << world_.err.str();
  const std::string module = text::read_file(folder_ / "hello/build/hello.wasm").value();
  const std::string symbols = text::read_file(folder_ / "hello/build/hello.symbols.wasm").value();
  EXPECT_EQ(symbols, wasm::without_custom_sections(module) + names);
  EXPECT_EQ(module, wasm::with_backtraces(wasm::without_custom_sections(module)));
  EXPECT_THAT(world_.out.str(),
              HasSubstr("hello.wasm  " + std::to_string(module.size()) + " bytes, 1 callback, 1 hostcall "));
}

TEST_F(BuildTest, says_it_as_json_alone) {
  ASSERT_EQ(run({"--json", "-o", (folder_ / "x.wasm").string()}), ExitCode::ok);
  const auto report = nlohmann::json::parse(world_.out.str());
  EXPECT_EQ(report["module"], (folder_ / "x.wasm").string());
  EXPECT_EQ(report["symbols"], (folder_ / "x.symbols.wasm").string());
  EXPECT_EQ(report["bytes"], std::filesystem::file_size(folder_ / "x.wasm"));
  EXPECT_THAT(report["callbacks"], Contains("proxy_on_log"));
  EXPECT_THAT(report["imports"], Contains("env.proxy_log"));
}

TEST_F(BuildTest, keeps_names_in_the_module_for_debugging) {
  ASSERT_EQ(run({"--debug"}), ExitCode::ok);
  EXPECT_TRUE(text::read_file(folder_ / "hello/build/hello.wasm").value().ends_with(names));
}

TEST_F(BuildTest, takes_another_filter_and_another_compiler) {
  write("other.cpp", "");
  world_.processes.script("/opt/other++", {{.effect = [](const os::Command& command) {
                            std::ofstream(command.argv.back(), std::ios::binary) << wasm::minimal_module();
                          }}});
  EXPECT_EQ(run({(folder_ / "other.cpp").string(), "--compiler", "/opt/other++"}), ExitCode::ok);
  EXPECT_TRUE(exists("build/other.wasm"));
  EXPECT_EQ(run({"--compiler", "zig"}), ExitCode::environment);
}

TEST_F(BuildTest, of_a_module_that_envoy_would_not_load_leaves_the_old_one) {
  run({});
  const std::string old = text::read_file(folder_ / "hello/build/hello.wasm").value();
  compiles(wasm::assemble("(module)"));
  EXPECT_EQ(run({}), ExitCode::module_refused);
  EXPECT_EQ(text::read_file(folder_ / "hello/build/hello.wasm").value(), old);
}

TEST_F(BuildTest, that_fails_points_to_the_error) {
  world_.processes.script(compiler_path, {{.status = 1, .output = "hello.cpp:4:2: error: no\n"}});
  EXPECT_EQ(run({}), ExitCode::build_failed);
  EXPECT_THAT(world_.err.str(), HasSubstr("hello.cpp:4:2: no"));
  EXPECT_FALSE(exists("hello/build"));
}

TEST_F(BuildTest, warns_of_what_envoy_would_never_call) {
  compiles(wasm::minimal_module(R"((func (export "proxy_on_lgo") (param i32))
                                   (func (export "proxy_on_log") (param i32)))"));
  EXPECT_EQ(run({}), ExitCode::ok);
  EXPECT_THAT(world_.out.str(), HasSubstr("warning   it exports proxy_on_lgo"));
}

TEST_F(BuildTest, of_a_module_without_a_callback_fails_and_leaves_the_old_one) {
  run({});
  const std::string old = text::read_file(folder_ / "hello/build/hello.wasm").value();
  compiles(wasm::idle_module(R"((func (export "_initialize")) (func (export "proxy_on_lgo") (param i32)))"));
  EXPECT_EQ(run({}), ExitCode::build_failed);
  EXPECT_THAT(world_.err.str(),
              AllOf(HasSubstr("error: hello.wasm would do nothing\n"), HasSubstr("it has no callback"),
                    HasSubstr("did you mean proxy_on_log?")));
  EXPECT_EQ(text::read_file(folder_ / "hello/build/hello.wasm").value(), old);

  write("hello/hello.cpp", "void on_lgo();");
  world_.err.str("");
  EXPECT_EQ(run({"--json"}), ExitCode::build_failed);
  EXPECT_THAT(world_.err.str(), HasSubstr("did you mean on_log?\n"));
}

TEST_F(BuildTest, warns_of_a_function_that_nothing_calls_and_goes_on) {
  const auto source = write("hello/hello.cpp", "struct Root {\n  bool on_configuer(wasmup::Bytes);\n};\n");
  EXPECT_EQ(run({}), ExitCode::ok);
  EXPECT_THAT(
      world_.out.str(),
      HasSubstr(source.string() + ":2:8: warning: on_configuer is no callback of wasmup, and nothing calls "
                                  "it; did you mean on_configure?\n"));
  EXPECT_TRUE(exists("hello/build/hello.wasm"));
}

TEST_F(BuildTest, says_nothing_of_functions_that_are_called) {
  write("hello/hello.cpp",
        "struct Root { bool on_configure(wasmup::Bytes) { on_answer(); } void on_answer(); };");
  EXPECT_EQ(run({}), ExitCode::ok);
  EXPECT_THAT(world_.out.str(), Not(HasSubstr("warning")));
}

TEST_F(BuildTest, says_as_json_what_nothing_calls) {
  const auto source = write("hello/hello.cpp", "void on_lgo();\nvoid on_frobnicated();\n");
  ASSERT_EQ(run({"--json"}), ExitCode::ok);
  const auto uncalled = nlohmann::json::parse(world_.out.str())["uncalled"];
  ASSERT_EQ(uncalled.size(), 2U);
  EXPECT_EQ(
      uncalled[0],
      (nlohmann::json{
          {"file", source.string()}, {"line", 1}, {"column", 6}, {"name", "on_lgo"}, {"nearest", "on_log"}}));
  EXPECT_EQ(uncalled[1]["nearest"], nullptr);
}

TEST_F(BuildTest, that_fails_names_the_misspelled_callback_too) {
  write("hello/hello.cpp", "struct Filter { void on_respose_headers(); };");
  world_.processes.script(compiler_path,
                          {{.status = 1, .output = "sdk.hpp:4:2: error: a filter declares no callback\n"}});
  EXPECT_EQ(run({}), ExitCode::build_failed);
  EXPECT_THAT(world_.err.str(),
              HasSubstr("did you mean on_response_headers?\n  next: sdk.hpp:4:2: a filter"));
}

TEST_F(BuildTest, that_watches_builds_at_each_save_whatever_came_of_the_last_one_until_it_is_interrupted) {
  const os::FakeAnswer good{.effect = [](const os::Command& command) {
    std::ofstream(command.argv.back(), std::ios::binary) << wasm::minimal_module();
  }};
  world_.processes.script(compiler_path, {good, {.status = 1, .output = "hello.cpp:4:2: error: no\n"}, good});
  int pauses = 0;
  world_.on_pause = [&] {
    ++pauses;
    world_.changed = pauses == 2 || pauses == 4;
    world_.interrupted = pauses == 6;
  };
  EXPECT_EQ(run({"--watch"}), ExitCode::ok) << world_.err.str();
  EXPECT_EQ(world_.watched_folder, folder_ / "hello");
  EXPECT_EQ(world_.processes.commands.size(), 3U);
  EXPECT_THAT(world_.err.str(), HasSubstr("hello.cpp:4:2: no"));
  EXPECT_TRUE(exists("hello/build/hello.wasm"));
}

TEST_F(BuildTest, of_an_installed_wasmup_says_that_the_first_one_takes_long) {
  write("prefix/share/wasmup/cmake/module.flags", "-Oz");
  const auto compiler = write("prefix/share/wasmup/bin/zig-c++", "");
  world_.variables = {{"XDG_CACHE_HOME", folder_.string()}};
  world_.processes.script("zig");
  world_.processes.script(compiler.string(), {{.effect = [](const os::Command& command) {
                            std::ofstream(command.argv.back(), std::ios::binary) << wasm::minimal_module();
                          }}});
  Environment environment = world_.environment();
  environment.installation = os::Installation::of_prefix(folder_ / "prefix");
  EXPECT_EQ(run_app({"build"}, environment), ExitCode::ok) << world_.err.str();
  EXPECT_THAT(world_.out.str(), HasSubstr("once: that takes about a minute"));

  write("wasmup/zig/library", "");
  world_.out.str("");
  EXPECT_EQ(run_app({"build"}, environment), ExitCode::ok);
  EXPECT_THAT(world_.out.str(), Not(HasSubstr("a minute")));
}

}  // namespace
}  // namespace wasmup::commands
