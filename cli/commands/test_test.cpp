// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "../app.hpp"
#include "../testing/fake_world.hpp"

namespace wasmup::commands {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::IsSupersetOf;
using testing::Not;
using testing::Pair;
using testing::SizeIs;

class TestTest : public testing::Test {
 protected:
  TestTest() {
    world_.processes.script("cmake");
    world_.processes.script("ctest");
    world_.processes.script("envoy");
  }

  ExitCode run(std::vector<std::string> flags) {
    flags.insert(flags.begin(), "test");
    Environment environment = world_.environment("/project");
    return run_app(flags, environment);
  }

  const std::vector<os::Command>& commands() const { return world_.processes.commands; }

  FakeWorld world_;
};

TEST_F(TestTest, configures_builds_and_tests_in_the_projects_folder) {
  EXPECT_EQ(run({}), ExitCode::ok);
  ASSERT_THAT(commands(), SizeIs(3));
  EXPECT_THAT(commands()[0].argv, ElementsAre("cmake", "--preset", "debug"));
  EXPECT_THAT(commands()[1].argv, ElementsAre("cmake", "--build", "--preset", "debug"));
  EXPECT_THAT(commands()[2].argv,
              IsSupersetOf({"ctest", "--test-dir", "build/debug", "--output-on-failure"}));
  EXPECT_THAT(commands()[2].argv, Not(Contains("-L")));
  for (const os::Command& command : commands()) EXPECT_EQ(command.directory, "/project");
}

TEST_F(TestTest, the_tests_are_told_which_envoy_was_found) {
  run({});
  EXPECT_THAT(commands().at(2).environment, ElementsAre(Pair("WASMUP_ENVOY", "/fake/bin/envoy")));
}

TEST_F(TestTest, without_an_envoy_the_tests_run_and_say_so_themselves) {
  world_.variables["WASMUP_ENVOY"] = "/none";
  EXPECT_EQ(run({}), ExitCode::ok);
  EXPECT_THAT(commands().at(2).environment, IsEmpty());
}

TEST_F(TestTest, a_suite_is_a_label_and_a_filter_a_regex) {
  EXPECT_EQ(run({"--suite", "unit", "--filter", "a; rm -rf b"}), ExitCode::ok);
  EXPECT_THAT(commands().at(2).argv, IsSupersetOf({"-L", "^(unit)$", "-R", "a; rm -rf b"}));
}

TEST_F(TestTest, simulations_run_for_as_long_as_they_are_told) {
  EXPECT_EQ(run({"--simulate", "60"}), ExitCode::ok);
  EXPECT_THAT(commands().at(2).argv, IsSupersetOf({"-L", "^(simulation)$", "--timeout", "360"}));
  EXPECT_THAT(commands().at(2).environment, Contains(Pair("WASMUP_SIMULATE_SECONDS", "60")));
}

TEST_F(TestTest, simulations_play_one_seed_again) {
  EXPECT_EQ(run({"--simulate", "seed=1234/5.2/10", "--filter", "^native/"}), ExitCode::ok);
  EXPECT_THAT(commands().at(2).argv, IsSupersetOf({"-L", "^(simulation)$", "-R", "^native/"}));
  EXPECT_THAT(commands().at(2).environment, Contains(Pair("WASMUP_SIMULATE_SEED", "1234/5.2/10")));
}

TEST_F(TestTest, simulations_run_as_every_day_when_nothing_is_said) {
  EXPECT_EQ(run({"--simulate"}), ExitCode::ok);
  EXPECT_THAT(commands().at(2).argv, Contains("^(simulation)$"));
  EXPECT_THAT(commands().at(2).environment, ElementsAre(Pair("WASMUP_ENVOY", "/fake/bin/envoy")));
}

TEST_F(TestTest, what_is_no_time_and_no_seed_is_refused) {
  EXPECT_EQ(run({"--simulate", "an hour"}), ExitCode::usage);
  EXPECT_EQ(run({"--simulate", "seed="}), ExitCode::usage);
  EXPECT_EQ(run({"--simulate", "60", "--suite", "unit"}), ExitCode::usage);
  EXPECT_THAT(commands(), IsEmpty());
}

TEST_F(TestTest, a_filter_that_matches_no_test_is_an_error_of_ctest) {
  run({"--filter", "nothing"});
  EXPECT_THAT(commands().at(2).argv, Contains("--no-tests=error"));
}

TEST_F(TestTest, an_unknown_suite_is_refused_with_those_there_are) {
  EXPECT_EQ(run({"--suite", "all"}), ExitCode::usage);
  EXPECT_THAT(world_.err.str(), HasSubstr("unit,module,envoy"));
  EXPECT_THAT(commands(), IsEmpty());
}

TEST_F(TestTest, a_project_that_does_not_build_is_not_tested) {
  world_.processes.script("cmake", {{.status = 0}, {.status = 2}});
  EXPECT_EQ(run({}), ExitCode::build_failed);
  EXPECT_THAT(commands(), SizeIs(2));
  EXPECT_THAT(world_.err.str(), AllOf(HasSubstr("does not build"), HasSubstr("cmake ended with status 2")));
}

TEST_F(TestTest, a_project_that_cannot_be_configured_is_not_built) {
  world_.processes.script("cmake", {{.status = 1}});
  EXPECT_EQ(run({}), ExitCode::build_failed);
  EXPECT_THAT(commands(), SizeIs(1));
}

TEST_F(TestTest, a_test_that_fails_is_exit_code_1_with_how_to_run_it_again) {
  world_.processes.script("ctest", {{.status = 8}});
  EXPECT_EQ(run({}), ExitCode::check_failed);
  EXPECT_THAT(world_.err.str(), HasSubstr("--rerun-failed"));
}

TEST_F(TestTest, a_tool_that_ctrl_c_has_ended_has_not_failed) {
  world_.processes.script(
      "cmake", {{.status = 130, .effect = [this](const os::Command&) { world_.interrupted = true; }}});
  EXPECT_EQ(run({}), ExitCode::interrupted);
}

TEST_F(TestTest, without_cmake_the_environment_is_to_blame) {
  FakeWorld bare;
  Environment environment = bare.environment("/project");
  EXPECT_EQ(run_app({"test"}, environment), ExitCode::environment);
  EXPECT_THAT(bare.err.str(), HasSubstr("cmake"));
}

}  // namespace
}  // namespace wasmup::commands
