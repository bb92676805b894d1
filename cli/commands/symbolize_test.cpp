// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "../app.hpp"
#include "../testing/fake_world.hpp"
#include "../testing/folder_test.hpp"
#include "../text/file.hpp"
#include "../wasm/assemble.hpp"
#include "../wasm/decoder.hpp"

namespace wasmup::commands {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

/// A module with three functions and a name section that names the last one.
class SymbolizeTest : public FolderTest {
 protected:
  SymbolizeTest() {
    symbols_ = wasm::minimal_module("(func $f)") + std::string("\0\x10\4name\1\x09\1\0\6divide", 18);
    write("m.symbols.wasm", symbols_);
    const auto decoded = wasm::decode(symbols_);
    module_ = std::get<wasm::Module>(decoded);
    function_ = module_.functions.front();
  }
  /// A log with one frame.
  std::string log(size_t offset, size_t index) {
    return fmt::format("before\n  0:  {:#x} - unknown(function index:{})\nafter\n", offset, index);
  }
  ExitCode symbolize(const std::string& log, std::vector<std::string> flags = {}) {
    flags.insert(flags.begin(), {"symbolize", write("log", log).string()});
    if (!named_) flags.insert(flags.end(), {"--symbols", (folder_ / "m.symbols.wasm").string()});
    Environment environment = world_.environment();
    return run_app(flags, environment);
  }
  void have_symbolizer(os::FakeAnswer answer) {
    world_.processes.script("llvm-symbolizer", {std::move(answer)});
  }

  std::string symbols_;
  wasm::Module module_;
  wasm::Function function_;
  bool named_ = false;
  FakeWorld world_;
};

TEST_F(SymbolizeTest, puts_functions_files_and_lines_into_the_log) {
  have_symbolizer({.output = R"([{"Symbol":[{"FileName":"./deep.cpp","Line":5,"Column":15}]}])"});
  EXPECT_EQ(symbolize(log(function_.offset + 1, function_.index)), ExitCode::ok) << world_.err.str();
  EXPECT_EQ(world_.out.str(),
            fmt::format("before\n  0:  {:#x} - divide at deep.cpp:5:15\nafter\n", function_.offset + 1));
  // Debug information counts from the content of the code section on.
  const auto code = std::ranges::find(module_.sections, "code", &wasm::Section::name);
  EXPECT_THAT(world_.processes.commands.back().argv,
              Contains(fmt::format("{:#x}", function_.offset + 1 - code->content)));
}

TEST_F(SymbolizeTest, has_the_functions_alone_without_a_symbolizer_and_says_how_to_get_one) {
  EXPECT_EQ(symbolize(log(function_.offset + 1, function_.index)), ExitCode::ok);
  EXPECT_THAT(world_.out.str(), AllOf(HasSubstr(" - divide\nafter\n"), HasSubstr("apt-get install llvm")));
}

TEST_F(SymbolizeTest, a_symbolizer_that_does_not_answer_is_an_error) {
  have_symbolizer({.status = 1, .output = "unknown flag"});
  EXPECT_EQ(symbolize(log(function_.offset + 1, function_.index)), ExitCode::environment);
  EXPECT_THAT(world_.err.str(), HasSubstr("unknown flag"));
  have_symbolizer({.output = R"([{"Symbol":[{"FileName":5}]}])"});
  EXPECT_EQ(symbolize(log(function_.offset + 1, function_.index)), ExitCode::ok);
}

TEST_F(SymbolizeTest, symbols_of_another_module_are_told_by_the_functions) {
  EXPECT_EQ(symbolize(log(function_.offset + 1, function_.index + 1)), ExitCode::check_failed);
  EXPECT_THAT(world_.out.str(), AllOf(HasSubstr("unknown(function index:1)"), Not(HasSubstr("divide"))));
  EXPECT_THAT(world_.err.str(),
              AllOf(HasSubstr("does not belong to the module that trapped"),
                    HasSubstr("in function 1 by the log, and in function 0, divide by the")));
  EXPECT_EQ(symbolize(log(1, 0)), ExitCode::check_failed);
  EXPECT_THAT(world_.err.str(), HasSubstr("in none by the symbols"));
}

TEST_F(SymbolizeTest, symbols_of_another_module_are_told_by_the_module) {
  const std::string right = write("m.wasm", wasm::minimal_module("(func $f)")).string();
  const std::string wrong = write("other.wasm", wasm::minimal_module()).string();
  EXPECT_EQ(symbolize(log(function_.offset + 1, 0), {"--module", right}), ExitCode::ok) << world_.err.str();
  EXPECT_EQ(symbolize(log(function_.offset + 1, 0), {"--module", wrong}), ExitCode::check_failed);
  EXPECT_THAT(world_.err.str(), HasSubstr("other.wasm\n  "));
}

TEST_F(SymbolizeTest, a_log_without_a_backtrace_is_told_apart_from_one_without_a_trap) {
  EXPECT_EQ(symbolize("all is well\n"), ExitCode::check_failed);
  EXPECT_THAT(world_.err.str(), HasSubstr("nor does it say that a module has trapped"));
  EXPECT_EQ(world_.out.str(), "all is well\n");
  EXPECT_EQ(symbolize("Function: f failed: Uncaught RuntimeError: unreachable\n"), ExitCode::check_failed);
  EXPECT_THAT(world_.err.str(), EndsWith("next: wasmup build, whose modules have one\n"));
}

TEST_F(SymbolizeTest, takes_the_symbols_of_the_filter_in_this_folder) {
  write("hello/wasmup.yaml", "");
  write("hello/hello.cpp", "");
  write("hello/build/hello.symbols.wasm", symbols_);
  world_.folder = folder_ / "hello";
  named_ = true;
  EXPECT_EQ(symbolize(log(function_.offset + 1, 0)), ExitCode::ok) << world_.err.str();
}

TEST_F(SymbolizeTest, symbols_that_are_no_module_are_an_error_of_usage) {
  write("m.symbols.wasm", "hello");
  EXPECT_EQ(symbolize(log(1, 0)), ExitCode::usage);
  EXPECT_THAT(world_.err.str(), HasSubstr("is no module with symbols"));
}

}  // namespace
}  // namespace wasmup::commands
