// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "../app.hpp"
#include "../testing/fake_world.hpp"

namespace wasmup::commands {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class EnvTest : public testing::Test {
 protected:
  ExitCode run(const std::vector<std::string>& arguments) {
    Environment environment = world_.environment();
    return run_app(arguments, environment);
  }
  FakeWorld world_;
};

TEST_F(EnvTest, shows_what_was_found) {
  world_.variables = {{"WASMUP_ENVOY", "/opt/envoy"}, {"WASMUP_WASM_CXX", "/opt/clang++"}};
  world_.processes.script("/opt/clang++");
  world_.processes.script("/opt/envoy",
                          {{.output = "/opt/envoy  version: 0123/1.40.0/Clean/RELEASE/BoringSSL\n"}});
  EXPECT_EQ(run({"env"}), ExitCode::ok);
  EXPECT_THAT(world_.out.str(), AllOf(HasSubstr("/opt/clang++"), HasSubstr("/opt/envoy  1.40.0"),
                                      HasSubstr("a checkout in /project"), HasSubstr("/project/include")));
  world_.out.str("");
  EXPECT_EQ(run({"env", "--json"}), ExitCode::ok);
  const auto report = nlohmann::json::parse(world_.out.str());
  EXPECT_EQ(report["envoy"], "/opt/envoy");
  EXPECT_EQ(report["envoy_version"], "1.40.0");
  EXPECT_EQ(report["compiler"], "/opt/clang++");
}

TEST_F(EnvTest, shows_what_is_missing_and_how_to_get_it) {
  EXPECT_EQ(run({"env"}), ExitCode::ok);
  EXPECT_THAT(world_.out.str(), AllOf(HasSubstr("none: there is no compiler for modules"),
                                      HasSubstr("none: there is no Envoy"), HasSubstr("./wasmup setup")));
  world_.out.str("");
  EXPECT_EQ(run({"env", "--json"}), ExitCode::ok);
  EXPECT_TRUE(nlohmann::json::parse(world_.out.str())["envoy"].is_null());
}

TEST_F(EnvTest, the_version_is_also_for_scripts) {
  EXPECT_EQ(run({"version"}), ExitCode::ok);
  EXPECT_THAT(world_.out.str(), testing::MatchesRegex("wasmup [0-9]+\\.[0-9]+\\.[0-9]+\n"));
  world_.out.str("");
  EXPECT_EQ(run({"version", "--json"}), ExitCode::ok);
  EXPECT_EQ(nlohmann::json::parse(world_.out.str())["abi"], "0.2.1");
}

}  // namespace
}  // namespace wasmup::commands
