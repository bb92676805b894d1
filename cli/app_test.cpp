// SPDX-License-Identifier: MIT
#include "app.hpp"

#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <iterator>
#include <regex>
#include <sstream>

#include "testing/fake_world.hpp"

namespace wasmup {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;

class AppTest : public testing::Test {
 protected:
  ExitCode run(const std::vector<std::string>& arguments) {
    Environment environment = world_.environment();
    return run_app(arguments, environment);
  }

  /// "gateway up" as arguments.
  static std::vector<std::string> with_help(const std::string& command) {
    std::istringstream words(command);
    std::vector<std::string> arguments{std::istream_iterator<std::string>(words), {}};
    arguments.emplace_back("--help");
    return arguments;
  }

  /// WASMUP_UPDATE_GOLDEN=1 writes the file instead.
  void expect_golden(const std::string& name) {
    const std::string path = std::string(WASMUP_GOLDEN_FOLDER "/") + name;
    if (variable("WASMUP_UPDATE_GOLDEN")) {
      std::ofstream(path) << world_.out.str();
      return;
    }
    std::stringstream golden;
    golden << std::ifstream(path).rdbuf();
    EXPECT_EQ(world_.out.str(), golden.str()) << "if this is meant: WASMUP_UPDATE_GOLDEN=1 ctest -R golden";
  }

  FakeWorld world_;
};

TEST_F(AppTest, help_is_as_in_its_golden_file) {
  EXPECT_EQ(run({"--help"}), ExitCode::ok);
  expect_golden("wasmup.txt");
}

TEST_F(AppTest, help_on_each_command_is_as_in_its_golden_file_and_has_two_examples) {
  for (const std::string& command : command_names(world_.environment())) {
    world_.out.str("");
    EXPECT_EQ(run(with_help(command)), ExitCode::ok);
    expect_golden(std::regex_replace(command, std::regex(" "), "_") + ".txt");
    EXPECT_THAT(world_.out.str(), testing::ContainsRegex("Examples:\n  wasmup .*\n(   .*\n)+  wasmup "))
        << command;
  }
}

TEST_F(AppTest, every_line_of_help_fits_into_80_columns) {
  run({"--help"});
  for (const std::string& command : command_names(world_.environment())) run(with_help(command));
  std::istringstream lines(world_.out.str());
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 80U) << line;
}

TEST_F(AppTest, the_version_is_one_line) {
  EXPECT_EQ(run({"--version"}), ExitCode::ok);
  EXPECT_THAT(world_.out.str(), testing::MatchesRegex("wasmup [0-9]+\\.[0-9]+\\.[0-9]+\n"));
}

TEST_F(AppTest, no_command_is_an_error_that_lists_them) {
  EXPECT_EQ(run({}), ExitCode::usage);
  EXPECT_THAT(world_.err.str(), AllOf(HasSubstr("new, build, inspect"), HasSubstr("next: wasmup --help")));
}

TEST_F(AppTest, a_mistyped_command_gets_a_suggestion) {
  EXPECT_EQ(run({"rnu", "--once"}), ExitCode::usage);
  EXPECT_THAT(world_.err.str(), AllOf(HasSubstr("no command rnu"), HasSubstr("did you mean run?")));
}

TEST_F(AppTest, a_command_like_no_other_gets_none) {
  EXPECT_EQ(run({"frobnicate"}), ExitCode::usage);
  EXPECT_THAT(world_.err.str(), testing::Not(HasSubstr("did you mean")));
}

TEST_F(AppTest, a_mistyped_flag_gets_a_suggestion_and_the_commands_help) {
  EXPECT_EQ(run({"run", "--prot", "8080"}), ExitCode::usage);
  EXPECT_THAT(world_.err.str(),
              AllOf(HasSubstr("wasmup run has no flag --prot"), HasSubstr("did you mean --port?"),
                    HasSubstr("next: wasmup run --help")));
}

TEST_F(AppTest, a_mistyped_flag_with_a_value_is_named_without_it) {
  EXPECT_EQ(run({"run", "--prot=8080"}), ExitCode::usage);
  EXPECT_THAT(world_.err.str(), AllOf(HasSubstr("no flag --prot\n"), HasSubstr("did you mean --port?")));
}

TEST_F(AppTest, a_mistyped_flag_of_the_program_itself_is_named) {
  EXPECT_EQ(run({"--versoin"}), ExitCode::usage);
  EXPECT_THAT(world_.err.str(), AllOf(HasSubstr("wasmup has no flag --versoin"), HasSubstr("--version?")));
}

TEST_F(AppTest, a_flag_without_its_value_is_an_error) {
  EXPECT_EQ(run({"run", "--port"}), ExitCode::usage);
  EXPECT_THAT(world_.err.str(), AllOf(HasSubstr("--port"), HasSubstr("wasmup run --help")));
}

TEST_F(AppTest, an_argument_that_is_no_flag_is_an_error) {
  EXPECT_EQ(run({"run", "filters/auth"}), ExitCode::usage);
  EXPECT_THAT(world_.err.str(), HasSubstr("takes no argument filters/auth"));
}

TEST_F(AppTest, an_unknown_log_level_is_refused_with_those_there_are) {
  EXPECT_EQ(run({"run", "--log-level", "loud"}), ExitCode::usage);
  EXPECT_THAT(world_.err.str(), AllOf(HasSubstr("loud"), HasSubstr("trace,debug,info")));
}

TEST_F(AppTest, nothing_runs_and_nothing_is_printed_after_a_usage_error) {
  run({"run", "--prot"});
  EXPECT_THAT(world_.processes.commands, IsEmpty());
  EXPECT_FALSE(world_.started);
  EXPECT_EQ(world_.out.str(), "");
}

}  // namespace
}  // namespace wasmup
