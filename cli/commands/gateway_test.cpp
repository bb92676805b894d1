// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "../app.hpp"
#include "../gateway/state.hpp"
#include "../testing/fake_world.hpp"
#include "../testing/folder_test.hpp"
#include "gateway_up.hpp"

namespace wasmup::commands {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* refused =
    R"({"msg":"Got new status for EnvoyExtensionPolicy\nancestors:\n- ancestorRef: {kind: HTTPRoute, name: backend}\n  conditions:\n  - {type: Accepted, status: \"False\", reason: Invalid, message: no such image}\n","key":"default/hello"})";

/// `wasmup gateway` with a folder of its own, in which a gateway may run as the test says.
class GatewayTest : public FolderTest {
 protected:
  GatewayTest() { world_.variables = {{"XDG_STATE_HOME", folder_}, {"HOME", folder_}}; }

  ExitCode run(const std::vector<std::string>& arguments) {
    Environment environment = world_.environment();
    return run_app(arguments, environment);
  }

  gateway::Layout layout() const { return gateway::Layout(folder_ / "wasmup/gateway"); }

  /// This process is its supervisor.
  void let_one_run() {
    const os::ProcessId us = os::identify(::getpid()).value();
    ASSERT_TRUE(gateway::write(layout(),
                               gateway::Running{us, true, "", {{"controller", us, 2, "ended by signal 9"}}}));
    ASSERT_TRUE(gateway::write(layout(),
                               gateway::Settings{"/eg", "/envoy", "1.40.0", "/registry", 5001, 5002, 5003}));
    const auto objects = gateway::read_documents(
        "{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: eg, namespace: default}, "
        "spec: {listeners: [{name: http, protocol: HTTP, port: 80}]}}\n---\n"
        "{apiVersion: gateway.envoyproxy.io/v1alpha1, kind: EnvoyExtensionPolicy, metadata: {name: hello, "
        "namespace: "
        "default}}",
        "test");
    ASSERT_TRUE(gateway::write(layout(), gateway::Objects{*objects, {}, {{"default/eg/80", 5004}}}));
    write_log(refused);
  }
  void write_log(const std::string& text) {
    FolderTest::write("wasmup/gateway/logs/controller.log", text + "\n");
  }

  FakeWorld world_;
};

TEST_F(GatewayTest, without_one_status_is_an_error_and_down_has_nothing_to_do) {
  EXPECT_EQ(run({"gateway", "status"}), ExitCode::environment);
  EXPECT_THAT(world_.err.str(), AllOf(HasSubstr("no gateway runs"), HasSubstr("wasmup gateway up")));
  EXPECT_EQ(run({"gateway", "status", "--json"}), ExitCode::environment);
  EXPECT_THAT(world_.out.str(), HasSubstr(R"("running": false)"));
  EXPECT_EQ(run({"gateway", "down"}), ExitCode::ok);
  EXPECT_EQ(run({"gateway", "logs"}), ExitCode::environment);
}

TEST_F(GatewayTest, up_without_a_controller_names_what_builds_it_and_leaves_nothing) {
  EXPECT_EQ(run({"gateway", "up"}), ExitCode::environment);
  EXPECT_THAT(world_.err.str(), HasSubstr("next: wasmup gateway setup"));
  EXPECT_FALSE(std::filesystem::exists(layout().folder()));
  EXPECT_THAT(world_.processes.commands, IsEmpty());
}

TEST_F(GatewayTest, status_has_processes_addresses_and_the_controllers_reasons) {
  let_one_run();
  EXPECT_EQ(run({"gateway", "status"}), ExitCode::ok);
  EXPECT_THAT(
      world_.out.str(),
      AllOf(
          HasSubstr("started 2 times: it ended by signal 9"),
          HasSubstr("listens   http://127.0.0.1:5004/  (Gateway default/eg, listener http, port 80)"),
          HasSubstr("refused   EnvoyExtensionPolicy default/hello\n          Accepted=False: no such image"),
          HasSubstr("pending   Gateway default/eg")));
}

TEST_F(GatewayTest, status_as_json_has_the_same) {
  let_one_run();
  EXPECT_EQ(run({"gateway", "status", "--json"}), ExitCode::ok);
  const auto status = nlohmann::json::parse(world_.out.str());
  EXPECT_EQ(status["listeners"][0]["url"], "http://127.0.0.1:5004/");
  EXPECT_EQ(status["objects"][1]["verdicts"][0]["conditions"][0]["message"], "no such image");
  EXPECT_EQ(status["processes"][0]["starts"], 2);
}

TEST_F(GatewayTest, what_cannot_be_read_is_not_applied) {
  let_one_run();
  EXPECT_EQ(run({"gateway", "apply", (folder_ / "nothing.yaml").string()}), ExitCode::usage);
  EXPECT_EQ(run({"gateway", "apply", FolderTest::write("bad.yaml", "- 1").string()}), ExitCode::usage);
  EXPECT_THAT(world_.err.str(), HasSubstr("bad.yaml cannot be read"));
  EXPECT_EQ(gateway::read_objects(layout())->objects.size(), 2U);
}

TEST_F(GatewayTest, the_last_lines_of_a_log_are_shown) {
  let_one_run();
  write_log("one\ntwo\nthree");
  EXPECT_EQ(run({"gateway", "logs", "controller", "--tail", "2"}), ExitCode::ok);
  EXPECT_EQ(world_.out.str(), "controller | two\ncontroller | three\n");
}

/// A filter's words may look like ours, and hold what acts on a terminal.
TEST_F(GatewayTest, a_line_of_a_log_is_told_from_a_line_of_ours) {
  let_one_run();
  write_log("a\nok        x-wasm-custom: FOO\n\x1b[2J\u202e\x9b\nx-api-key: hunter2");
  EXPECT_EQ(run({"gateway", "logs", "controller"}), ExitCode::ok);
  EXPECT_EQ(world_.out.str(),
            "controller | a\n"
            "controller | ok        x-wasm-custom: FOO\n"
            "controller | \\x1b[2J\\u202e\\x9b\n"
            "controller | x-api-key: ***\n");
}

TEST_F(GatewayTest, a_mistyped_command_of_it_gets_a_suggestion) {
  EXPECT_EQ(run({"gateway", "dwon"}), ExitCode::usage);
  EXPECT_THAT(world_.err.str(),
              AllOf(HasSubstr("there is no command gateway dwon"), HasSubstr("did you mean down?")));
}

TEST_F(GatewayTest, without_a_command_those_there_are_are_listed) {
  EXPECT_EQ(run({"gateway"}), ExitCode::usage);
  EXPECT_THAT(world_.err.str(), AllOf(HasSubstr("up, apply, delete"), Not(HasSubstr("supervise"))));
}

TEST(GatewayBackendsTest, a_backend_is_a_service_and_a_place) {
  EXPECT_EQ(parse_backends({"shop/web=localhost:80"}).value().at("shop/web"), "localhost:80");
  for (const char* wrong : {"", "web=localhost:80", "shop/web", "shop/web=localhost", "shop/web=:80",
                            "shop/web=h:0", "shop/web=h:99999", "=h:1", "shop/web=h:1x", "a=b/c:1"}) {
    EXPECT_EQ(parse_backends({wrong}).error().code, ExitCode::usage) << wrong;
  }
}

}  // namespace
}  // namespace wasmup::commands
