// SPDX-License-Identifier: MIT
#include <fstream>
#include <functional>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>
#include <utility>

#include "../app.hpp"
#include "../gateway/state.hpp"
#include "../testing/fake_world.hpp"
#include "../testing/folder_test.hpp"
#include "../text/file.hpp"
#include "gateway_up.hpp"
#include "gateway_world.hpp"

namespace wasmup::commands {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* refused =
    R"({"msg":"Got new status for EnvoyExtensionPolicy\nancestors:\n- ancestorRef: {kind: HTTPRoute, name: backend}\n  conditions:\n  - {type: Accepted, status: \"False\", reason: Invalid, message: no such image}\n","key":"default/hello"})";

constexpr const char* route_of_test =
    "{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: new}, spec: {}}";

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
    ASSERT_TRUE(
        gateway::write(layout(), gateway::Settings{"/eg", "/envoy", "1.40.0", "/registry", 5001, 5002}));
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

TEST_F(GatewayTest, without_one_what_needs_it_says_so_at_once) {
  const std::string file = FolderTest::write("objects.yaml", route_of_test).string();
  const auto began = world_.now;
  for (const std::string command : {"apply", "delete"}) {
    EXPECT_EQ(run({"gateway", command, file}), ExitCode::environment);
    EXPECT_THAT(world_.err.str(), AllOf(HasSubstr("no gateway runs"), HasSubstr("next: wasmup gateway up")));
  }
  // Nor when one has left its folder behind.
  let_one_run();
  ASSERT_TRUE(gateway::write(layout(), gateway::Running{}));
  for (const std::string command : {"apply", "delete"}) {
    EXPECT_EQ(run({"gateway", command, file}), ExitCode::environment);
  }
  EXPECT_EQ(world_.now, began);
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

/// A controller that does with what it is given what the test says, and writes the log of a real one.
class ControllerTest : public GatewayTest {
 protected:
  ControllerTest() {
    let_one_run();
    for (const char* name : {"tls.crt", "tls.key", "ca.crt"}) {
      FolderTest::write(layout().certificates("envoy") / name, "certificate");
    }
    FolderTest::write(layout().registry_login(), "{}");
    std::filesystem::create_directories(layout().watched());
    FolderTest::write("wasmup/gateway/resources.yaml", old_);
    write_log(std::string(gateway::ControllerLog::start_line));
    world_.on_pause = [this] {
      const std::string given = text::read_file(layout().published()).value_or("");
      if (given != std::exchange(seen_, given)) on_resources(given == old_);
      if (each_pause) each_pause();
    };
  }

  void log(const std::string& line) {
    std::ofstream(layout().log("controller"), std::ios::app) << line << '\n';
  }
  void start_again() { log(std::string(gateway::ControllerLog::start_line)), log(read), log(read); }
  ExitCode apply() {
    return run({"gateway", "apply", FolderTest::write("objects.yaml", route_of_test).string()});
  }
  bool all_is_as_before() const {
    return text::read_file(layout().resources()) == old_ && text::read_file(layout().published()) == old_ &&
           gateway::read_objects(layout())->objects.size() == 2;
  }

  static constexpr const char* read = R"({"msg":"reload resources finished"})";
  static constexpr const char* panic = "panic: interface conversion: it is v1alpha2, not v1";
  const std::string old_ = "as it was";
  std::string seen_;
  std::function<void(bool old)> on_resources = [this](bool) { log(read); };
  std::function<void()> each_pause;
};

TEST_F(ControllerTest, takes_in_what_it_reads) {
  EXPECT_EQ(apply(), ExitCode::ok) << world_.err.str();
  EXPECT_FALSE(all_is_as_before());
}

TEST_F(ControllerTest, a_panic_puts_the_old_objects_back_and_is_quoted) {
  on_resources = [this](bool old) { old ? start_again() : log(panic); };
  EXPECT_EQ(apply(), ExitCode::refused);
  EXPECT_THAT(world_.err.str(), AllOf(HasSubstr("all is as it was before"), HasSubstr(panic)));
  EXPECT_TRUE(all_is_as_before());
}

TEST_F(ControllerTest, a_panic_that_it_survives_is_one_too) {
  on_resources = [this](bool old) {
    log(R"({"msg":"received an update","logger":"gateway-api"})");
    log(read);
    old ? log(R"({"msg":"update envoyproxy status"})")
        : log(R"({"level":"error","msg":"observed a panic","error":"index out of range"})");
    if (!old) start_again();
  };
  EXPECT_EQ(apply(), ExitCode::refused);
  EXPECT_THAT(world_.err.str(), HasSubstr("panic: index out of range"));
  EXPECT_TRUE(all_is_as_before());
}

TEST_F(ControllerTest, a_panic_over_the_new_objects_after_they_were_taken_back_is_waited_for) {
  int panics = 0;
  each_pause = [&, this] {
    if (panics == 0 || panics > 2) return;
    if (++panics <= 2) log(panic);
    start_again();
  };
  on_resources = [&, this](bool old) {
    if (old) return;
    log(panic);
    panics = 1;
  };
  EXPECT_EQ(apply(), ExitCode::refused);
  EXPECT_THAT(world_.err.str(), HasSubstr("all is as it was before"));
  EXPECT_TRUE(all_is_as_before());
}

TEST_F(ControllerTest, one_that_ends_without_a_word_again_and_again_is_refused_with_how_it_ended) {
  on_resources = [this](bool) { start_again(), start_again(); };
  EXPECT_EQ(apply(), ExitCode::refused);
  EXPECT_THAT(world_.err.str(), HasSubstr("the controller ended by signal 9"));
  EXPECT_TRUE(all_is_as_before());
}

TEST_F(ControllerTest, one_that_somebody_ended_takes_it_in_when_it_is_back) {
  on_resources = [this](bool) { start_again(); };
  EXPECT_EQ(apply(), ExitCode::ok) << world_.err.str();
}

TEST_F(ControllerTest, one_that_does_not_recover_is_said_to) {
  on_resources = [this](bool) { log(panic); };
  EXPECT_EQ(apply(), ExitCode::refused);
  EXPECT_THAT(world_.err.str(), HasSubstr("has not taken back what was before"));
}

TEST_F(ControllerTest, a_gateway_that_ends_meanwhile_is_not_waited_for) {
  on_resources = [this](bool) { ASSERT_TRUE(gateway::write(layout(), gateway::Running{})); };
  const auto began = world_.now;
  EXPECT_EQ(apply(), ExitCode::environment);
  EXPECT_LT(world_.now - began, std::chrono::seconds(1));
  EXPECT_THAT(world_.err.str(), HasSubstr("no gateway runs"));
}

TEST_F(GatewayTest, what_cannot_be_read_is_not_applied) {
  let_one_run();
  EXPECT_EQ(run({"gateway", "apply", (folder_ / "nothing.yaml").string()}), ExitCode::usage);
  EXPECT_EQ(run({"gateway", "apply", FolderTest::write("bad.yaml", "- 1").string()}), ExitCode::usage);
  EXPECT_THAT(world_.err.str(), HasSubstr("bad.yaml cannot be read"));
  EXPECT_EQ(gateway::read_objects(layout())->objects.size(), 2U);
}

TEST_F(ControllerTest, a_patch_of_envoy_is_taken_from_a_manifest_that_is_trusted_and_from_no_other) {
  const std::string patch = FolderTest::write("patch.yaml",
                                              "{apiVersion: gateway.envoyproxy.io/v1alpha1, kind: "
                                              "EnvoyPatchPolicy, metadata: {name: patch}}")
                                .string();
  EXPECT_EQ(run({"gateway", "apply", patch}), ExitCode::refused);
  EXPECT_THAT(world_.err.str(), AllOf(HasSubstr("EnvoyPatchPolicy patch"), HasSubstr("--trusted")));
  EXPECT_EQ(gateway::read_objects(layout())->objects.size(), 2U);
  EXPECT_EQ(run({"gateway", "apply", "--trusted", patch}), ExitCode::ok) << world_.err.str();
  EXPECT_EQ(gateway::read_objects(layout())->objects.size(), 3U);
}

TEST_F(GatewayTest, a_variable_that_is_not_set_cannot_be_given_to_filters) {
  EXPECT_EQ(run({"gateway", "up", "--env", "WASMUP_TEST_NOT_SET"}), ExitCode::usage);
  EXPECT_THAT(world_.err.str(), HasSubstr("--env WASMUP_TEST_NOT_SET is not set in your environment"));
}

TEST_F(GatewayTest, a_gateway_that_runs_is_given_no_variable_any_more) {
  let_one_run();
  world_.variables["WASMUP_TEST_NEW"] = "value";
  EXPECT_EQ(run({"gateway", "up", "--env", "WASMUP_TEST_NEW"}), ExitCode::usage);
  EXPECT_THAT(world_.err.str(),
              HasSubstr("wasmup gateway down, then: wasmup gateway up --env WASMUP_TEST_NEW"));
}

TEST_F(GatewayTest, its_own_registry_is_spoken_to_with_its_login_and_no_other_is) {
  let_one_run();
  Environment environment = world_.environment();
  const auto login = [&](const char* reference) {
    return gateway_login(registry::parse_reference(reference).value(), environment);
  };
  EXPECT_EQ(login("127.0.0.1:5001/a:v1"), layout().registry_login());
  EXPECT_EQ(login("localhost:5001/a"), layout().registry_login());
  for (const char* other : {"127.0.0.1:50010/a", "127.0.0.1/a", "example.com:5001/a", "a"}) {
    EXPECT_EQ(login(other), std::nullopt) << other;
  }
  ASSERT_TRUE(gateway::write(layout(), gateway::Running{}));
  EXPECT_EQ(login("127.0.0.1:5001/a:v1"), std::nullopt);
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
