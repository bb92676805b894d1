// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "../app.hpp"
#include "../testing/fake_world.hpp"
#include "../testing/folder_test.hpp"
#include "../wasm/assemble.hpp"

namespace wasmup::commands {
namespace {

using testing::AllOf;
using testing::HasSubstr;

/// `wasmup bench` of a module in a world where each Envoy takes so and so much for a request.
class BenchTest : public FolderTest {
 protected:
  BenchTest() {
    world_.variables = {{"WASMUP_ENVOY", "/opt/envoy"}};
    world_.processes.script("/opt/envoy");
    world_.request_cost = {{1, 20}, {2, 25}, {3, 30}};
    world_.on_start = [this] { started_.push_back(world_.started->bootstrap); };
    module_ = write("my.wasm", wasm::minimal_module()).string();
  }

  ExitCode bench(std::vector<std::string> flags) {
    flags.insert(flags.begin(), "bench");
    Environment environment = world_.environment(folder_);
    return run_app(flags, environment);
  }
  std::string out() const { return world_.out.str(); }
  std::string err() const { return world_.err.str(); }

  FakeWorld world_;
  std::string module_;
  std::vector<envoy::Bootstrap> started_;
};

TEST_F(BenchTest, measures_a_filter_against_none) {
  EXPECT_EQ(bench({module_, "--root-id", "mine", "--config", "{}"}), ExitCode::ok) << err();
  ASSERT_EQ(started_.size(), 2U);
  EXPECT_TRUE(started_[0].filters.empty());
  EXPECT_EQ(started_[1].filters.at(0).root_id, "mine");
  EXPECT_EQ(started_[1].filters.at(0).configuration, "{}");
  EXPECT_EQ(world_.started->concurrency, 1);
  EXPECT_EQ(started_[0].direct_response_path, started_[1].direct_response_path);
  EXPECT_THAT(out(), AllOf(HasSubstr("my.wasm takes 5.0 µs of CPU a request more than no filter"),
                           HasSubstr("(+25 %)"), HasSubstr("1000 µs")));
}

TEST_F(BenchTest, measures_as_long_as_it_is_told) {
  EXPECT_EQ(bench({module_, "--seconds", "30"}), ExitCode::ok) << err();
  const auto took = world_.now.time_since_epoch();
  EXPECT_GE(took, std::chrono::seconds(32)) << "with a second for each to warm up";
  EXPECT_LT(took, std::chrono::seconds(34));
}

TEST_F(BenchTest, measures_against_envoys_own_filter) {
  EXPECT_EQ(bench({module_, "--against", "native"}), ExitCode::ok) << err();
  ASSERT_EQ(started_.size(), 3U);
  EXPECT_TRUE(started_[1].native_header);
  EXPECT_THAT(out(), AllOf(HasSubstr("my.wasm takes 10.0 µs of CPU a request more than no filter"),
                           HasSubstr("my.wasm takes 5.0 µs of CPU a request more than header mutation")));
}

TEST_F(BenchTest, measures_against_another_module_of_the_same_name) {
  const std::string other = write("old/my.wasm", wasm::minimal_module()).string();
  world_.request_cost[3] = 25;
  EXPECT_EQ(bench({module_, "--against", other}), ExitCode::ok) << err();
  EXPECT_THAT(out(), HasSubstr("no difference from my.wasm was found"));
}

TEST_F(BenchTest, says_when_there_is_no_difference) {
  world_.request_cost[2] = 20;
  EXPECT_EQ(bench({module_}), ExitCode::ok);
  EXPECT_THAT(out(), AllOf(HasSubstr("no difference from no filter was found"), HasSubstr("includes zero")));
}

TEST_F(BenchTest, prints_json_and_nothing_else_for_scripts) {
  EXPECT_EQ(bench({module_, "--json"}), ExitCode::ok) << err();
  const auto json = nlohmann::json::parse(out());
  EXPECT_EQ(json.at("variants").at(1).at("name"), "my.wasm");
  EXPECT_NEAR(json.at("variants").at(1).at("added_microseconds").at("mean").get<double>(), 5, 1e-6);
}

TEST_F(BenchTest, a_module_that_traps_is_an_error_with_its_function) {
  world_.life.during_check.log = {{.level = "error",
                                   .logger = "wasm",
                                   .message = "Function: proxy_on_log failed: Uncaught RuntimeError"}};
  EXPECT_EQ(bench({module_}), ExitCode::check_failed);
  EXPECT_THAT(err(), HasSubstr("trapped in proxy_on_log"));
}

TEST_F(BenchTest, a_module_that_does_not_answer_is_an_error) {
  world_.on_load = [this](http::LoadResult& result) {
    if (world_.sent <= 2000) return;
    result.failed = 1;
    result.first_failure = "Operation timed out";
  };
  EXPECT_EQ(bench({module_}), ExitCode::check_failed);
  EXPECT_THAT(err(), AllOf(HasSubstr("my.wasm keeps Envoy from answering"), HasSubstr("Operation timed out"),
                           HasSubstr("loops")));
}

TEST_F(BenchTest, a_module_that_would_not_load_ends_before_the_measuring) {
  EXPECT_EQ(bench({write("bad.wasm", "no wasm").string()}), ExitCode::module_refused);
  EXPECT_EQ(world_.sent, 0);
}

TEST_F(BenchTest, a_module_that_envoy_refuses_is_named) {
  world_.on_start = [this] {
    if (world_.starts == 2) world_.start_error = Error{ExitCode::module_refused, "x", "bad colour", ""};
  };
  EXPECT_EQ(bench({module_}), ExitCode::module_refused);
  EXPECT_THAT(err(), AllOf(HasSubstr("Envoy did not take my.wasm"), HasSubstr("bad colour")));
}

TEST_F(BenchTest, is_not_for_filters_of_connections) {
  const std::string tcp =
      write(
          "tcp.wasm",
          wasm::minimal_module(
              R"((func (export "proxy_on_downstream_data") (param i32 i32 i32) (result i32) (i32.const 0)))"))
          .string();
  EXPECT_EQ(bench({tcp}), ExitCode::usage);
  EXPECT_THAT(err(), HasSubstr("TCP"));
}

TEST_F(BenchTest, does_not_take_longer_than_two_minutes) {
  EXPECT_EQ(bench({module_, "--seconds", "91"}), ExitCode::usage);
  EXPECT_EQ(bench({module_, "--seconds", "0"}), ExitCode::usage);
  EXPECT_EQ(world_.starts, 0);
}

}  // namespace
}  // namespace wasmup::commands
