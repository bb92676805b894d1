// SPDX-License-Identifier: MIT
// `wasmup deploy`, `undeploy`, `rollback` and `status`, before a cluster that the test plays.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "../app.hpp"
#include "../deployment/revision.hpp"
#include "../kubernetes/fake_kubectl.hpp"
#include "../testing/fake_world.hpp"
#include "../testing/folder_test.hpp"

namespace wasmup::commands {
namespace {

using kubernetes::Json;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string digest(64, 'a');
const std::string other_digest(64, 'b');

/// A cluster with a Gateway, a route and a gateway controller that accepts every policy; its traffic has the
/// header while there is a policy.
class DeployTest : public FolderTest {
 protected:
  DeployTest() {
    world_.folder = folder_;
    cluster_.put("gateways.gateway.networking.k8s.io", Json::parse(R"({"kind": "Gateway",
      "metadata": {"namespace": "default", "name": "eg"},
      "spec": {"listeners": [{"name": "http", "protocol": "HTTP", "port": 80}]},
      "status": {"addresses": [{"value": "10.0.0.1"}]}})"));
    cluster_.put("httproutes.gateway.networking.k8s.io", Json::parse(R"({"kind": "HTTPRoute",
      "metadata": {"namespace": "default", "name": "backend"},
      "spec": {"hostnames": ["www.example.com"], "parentRefs": [{"name": "eg"}]}})"));
    cluster_.on_apply = [this](Json& policy) { set_status(policy); };
    world_.server = [this](const http::Request& request) -> Expected<http::Response> {
      if (!answers_.empty() && !request.url.starts_with(answers_)) {
        return std::unexpected(Error{ExitCode::environment, "no answer", "nobody there", ""});
      }
      http::Response response{.status = 200};
      if (has_policy() && serves_) response.headers.emplace_back("x-wasm-custom", "FOO");
      return response;
    };
  }

  void set_status(Json& policy) {
    if (is_silent_) return;
    Json condition{{"type", "Accepted"},
                   {"status", reason_.empty() ? "True" : "False"},
                   {"reason", reason_.empty() ? "Accepted" : "Invalid"},
                   {"message", reason_},
                   {"observedGeneration", policy["metadata"]["generation"]}};
    policy["status"]["ancestors"] = Json::array(
        {{{"ancestorRef", {{"kind", "Gateway"}, {"name", "eg"}}}, {"conditions", Json::array({condition})}}});
  }

  Json* policy(const std::string& name = "hello") {
    return cluster_.find(kubernetes::policies, "default", name);
  }
  bool has_policy() { return policy() != nullptr; }

  ExitCode run(const std::vector<std::string>& arguments) {
    world_.out.str("");
    world_.err.str("");
    Environment environment = world_.environment();
    return run_app(arguments, environment);
  }
  ExitCode deploy(std::vector<std::string> flags, const std::string& its_digest = digest) {
    flags.insert(flags.begin(),
                 {"deploy", "127.0.0.1:5000/hello:1@sha256:" + its_digest, "--target", "HTTPRoute/backend"});
    return run(flags);
  }
  std::string out() const { return world_.out.str(); }
  std::string err() const { return world_.err.str(); }

  FakeWorld world_;
  kubernetes::FakeKubectl cluster_{world_.processes};
  std::string reason_ = {};   ///< why the gateway refuses; empty: it does not
  bool is_silent_ = false;    ///< no controller looks at anything
  bool serves_ = true;        ///< the filter does its work
  std::string answers_ = {};  ///< the only address that answers; empty: all
};

// Deploy

TEST_F(DeployTest, applies_a_pinned_policy_waits_and_asserts_traffic) {
  EXPECT_EQ(deploy({"--expect", "x-wasm-custom=FOO", "--path", "/get"}), ExitCode::ok) << err();
  ASSERT_TRUE(has_policy());
  const auto modules = kubernetes::modules_of(*policy());
  ASSERT_EQ(modules.size(), 1U);
  EXPECT_EQ(modules[0].url, "127.0.0.1:5000/hello:1");
  EXPECT_EQ(modules[0].digest, digest);
  const Json& module = (*policy())["spec"]["wasm"][0];
  EXPECT_EQ(module["code"]["image"]["url"], "127.0.0.1:5000/hello:1@sha256:" + digest);
  EXPECT_EQ(module["env"]["hostKeys"], Json::array({"WASMUP_MODULE_aaaaaaaaaaaa"}));
  EXPECT_TRUE(deployment::is_ours(*policy()));
  EXPECT_EQ(cluster_.count("--field-manager=wasmup"), 1);
  const http::Request& last = world_.requests.back();
  EXPECT_EQ(last.url, "http://10.0.0.1:80/get");
  EXPECT_THAT(last.headers, testing::Contains(testing::Pair("host", "www.example.com")));
  EXPECT_THAT(out(), AllOf(HasSubstr("applied"), HasSubstr("accepted"), HasSubstr("ok        GET /get"),
                           HasSubstr("deployed")));
}

TEST_F(DeployTest, says_when_nobody_has_said_what_to_expect) {
  EXPECT_EQ(deploy({}), ExitCode::ok);
  EXPECT_THAT(out(), HasSubstr("unchecked"));
  EXPECT_THAT(world_.requests, IsEmpty());
}

TEST_F(DeployTest, goes_through_kubectl_where_the_address_does_not_lead) {
  answers_ = "http://127.0.0.1:4711";
  cluster_.put("services",
               Json::parse(R"({"metadata": {"namespace": "envoy-gateway-system", "name": "envoy-eg",
    "labels": {"gateway.envoyproxy.io/owning-gateway-name": "eg",
               "gateway.envoyproxy.io/owning-gateway-namespace": "default"}}})"));
  cluster_.forwards = {{"envoy-gateway-system/service/envoy-eg:80", 4711}};
  EXPECT_EQ(deploy({"--expect", "x-wasm-custom=FOO"}), ExitCode::ok) << err();
}

TEST_F(DeployTest, the_gateways_own_reason_is_shown_with_plain_words) {
  reason_ = "Wasm: module downloaded from oci://r has checksum 1, which does not match: 2";
  EXPECT_EQ(deploy({}), ExitCode::refused);
  EXPECT_THAT(err(),
              AllOf(HasSubstr("has another digest"), HasSubstr("Gateway default/eg: Invalid: Wasm: module")));
  EXPECT_TRUE(has_policy()) << "nobody has asked to roll back";
}

TEST_F(DeployTest, without_anybody_who_looks_at_it_time_is_up) {
  is_silent_ = true;
  EXPECT_EQ(deploy({"--wait", "2s"}), ExitCode::refused);
  EXPECT_THAT(err(), AllOf(HasSubstr("no gateway has accepted it within 2.0 s"), HasSubstr("wasmup doctor")));
}

TEST_F(DeployTest, traffic_that_is_not_as_expected_is_exit_code_1) {
  serves_ = false;
  EXPECT_EQ(deploy({"--expect", "x-wasm-custom=FOO", "--wait", "2s"}), ExitCode::check_failed);
  EXPECT_THAT(out(), HasSubstr("seen      no x-wasm-custom"));
}

TEST_F(DeployTest, a_first_deployment_that_fails_is_taken_away_when_asked) {
  serves_ = false;
  EXPECT_EQ(deploy({"--expect", "x-wasm-custom=FOO", "--wait", "1s", "--rollback"}), ExitCode::check_failed);
  EXPECT_FALSE(has_policy());
  EXPECT_THAT(err(), HasSubstr("there was no policy before"));
}

TEST_F(DeployTest, a_later_one_is_put_back_to_what_it_was) {
  ASSERT_EQ(deploy({"--expect", "x-wasm-custom=FOO"}), ExitCode::ok);
  EXPECT_EQ(deploy({"--expect", "x-wasm-custom=BAR", "--wait", "1s", "--rollback"}, other_digest),
            ExitCode::check_failed);
  EXPECT_EQ(kubernetes::modules_of(*policy())[0].digest, digest);
  EXPECT_EQ(deployment::current_revision(*policy()).number, 3);
  EXPECT_THAT(err(), HasSubstr("rolled back to what revision 1 was, as revision 3"));
}

TEST_F(DeployTest, the_same_twice_is_one_revision) {
  ASSERT_EQ(deploy({}), ExitCode::ok);
  ASSERT_EQ(deploy({}), ExitCode::ok);
  EXPECT_EQ(deployment::current_revision(*policy()).number, 1);
}

TEST_F(DeployTest, a_dry_run_prints_the_policy_and_changes_nothing) {
  EXPECT_EQ(deploy({"--dry-run", "--fail-open", "--config", "{\"a\": 1}", "--pull-secret", "s"}),
            ExitCode::ok);
  EXPECT_FALSE(has_policy());
  EXPECT_EQ(cluster_.count("--dry-run=server"), 1);
  EXPECT_THAT(out(),
              AllOf(HasSubstr("kind: EnvoyExtensionPolicy"), HasSubstr("a: 1"), HasSubstr("failOpen: true"),
                    HasSubstr("name: s"), HasSubstr("sha256: " + digest)));
}

TEST_F(DeployTest, speaks_to_the_registry_as_push_does) {
  world_.processes.script("skopeo");
  run({"deploy", "registry.local/hello:1", "--target", "HTTPRoute/backend", "--plain-http"});
  const auto read = std::ranges::find_if(world_.processes.commands, [](const os::Command& command) {
    return command.argv.front().ends_with("skopeo");
  });
  ASSERT_NE(read, world_.processes.commands.end());
  EXPECT_THAT(read->argv, testing::Contains(HasSubstr("tls-verify=false")));
}

TEST_F(DeployTest, what_is_somebody_elses_is_left_alone) {
  cluster_.put(kubernetes::policies, Json::parse(R"({"kind": "EnvoyExtensionPolicy",
    "metadata": {"namespace": "default", "name": "hello"}, "spec": {}})"));
  for (const std::vector<std::string>& command :
       {std::vector<std::string>{"undeploy", "hello"}, {"rollback", "hello"}}) {
    EXPECT_EQ(run(command), ExitCode::refused);
    EXPECT_THAT(err(), HasSubstr("somebody else's"));
  }
  EXPECT_EQ(deploy({}), ExitCode::refused);
  EXPECT_TRUE(has_policy());
}

TEST_F(DeployTest, a_target_that_is_not_there_is_refused_before_anything_is_applied) {
  EXPECT_EQ(run({"deploy", "r/hello@sha256:" + digest, "--target", "HTTPRoute/none"}), ExitCode::refused);
  EXPECT_THAT(err(), HasSubstr("there is no HTTPRoute default/none"));
  EXPECT_EQ(cluster_.count("apply"), 0);
}

TEST_F(DeployTest, fields_of_another_manager_are_not_taken_unasked) {
  cluster_.fails["apply"] = {.status = 1,
                             .output = "error: Apply failed with 1 conflict: conflict with \"kubectl\"\n"};
  EXPECT_EQ(deploy({}), ExitCode::refused);
  EXPECT_THAT(err(), HasSubstr("--take-over"));
}

TEST_F(DeployTest, no_kubectl_and_no_cluster_are_exit_code_5) {
  cluster_.fails["version"] = {.status = 1, .output = "The connection to the server was refused\n"};
  EXPECT_EQ(deploy({}), ExitCode::environment);
  EXPECT_THAT(err(), HasSubstr("the cluster cannot be reached"));
  cluster_.fails["version"] = {.timed_out = true};
  EXPECT_EQ(deploy({}), ExitCode::environment);
  EXPECT_THAT(err(), HasSubstr("does not answer"));
  world_.processes = {};
  EXPECT_EQ(deploy({}), ExitCode::environment);
  EXPECT_THAT(err(), HasSubstr("there is no kubectl"));
}

TEST_F(DeployTest, what_cannot_be_right_is_refused_before_the_cluster_is_asked) {
  for (const auto& [flags, why] : std::vector<std::pair<std::vector<std::string>, std::string>>{
           {{"deploy", "r/a@sha256:12", "--target", "HTTPRoute/a"}, "is no image"},
           {{"deploy", "r/a:1", "--target", "backend"}, "--target"},
           {{"deploy", "r/a:1", "--target", "HTTPRoute/a", "--wait", "soon"}, "--wait does not understand"},
           {{"deploy", "r/a:1", "--target", "HTTPRoute/a", "--image", "r/b:1"}, "two images"},
           {{"deploy", "a.wasm", "--target", "HTTPRoute/a"}, "where is the image to be pushed"},
           {{"deploy", "r/a:1", "--target", "HTTPRoute/a", "--name", "A_b"}, "no name for a policy"},
           {{"deploy", "r/a:1", "--target", "HTTPRoute/a", "--path", "/get"}, "there is no --expect"},
           {{"deploy", "r/a:1", "--target", "HTTPRoute/a", "--expect", "x"}, "--expect"},
           {{"deploy", "r/a:1", "--target", "HTTPRoute/a", "--config", "{"}, "not valid JSON"}}) {
    EXPECT_EQ(run(flags), ExitCode::usage) << why;
    EXPECT_THAT(err(), HasSubstr(why));
  }
  EXPECT_THAT(cluster_.lines, IsEmpty());
}

/// Each of these would be a flag of kubectl's, another object or another place.
TEST_F(DeployTest, a_name_that_cannot_be_one_is_an_error_of_usage_and_no_flag_of_kubectls) {
  const std::vector<std::string> image{"deploy", "r/hello@sha256:" + digest, "--target", "HTTPRoute/backend"};
  const auto deploy_with = [&image](const std::string& flag) {
    std::vector<std::string> words = image;
    words.push_back(flag);
    return words;
  };
  for (const std::string name : {"--all", "-A", "", "a,b", "a/b", "a b", "A", "a\nb", "\x1b[2J", "../a"}) {
    for (const std::vector<std::string>& command :
         {std::vector<std::string>{"undeploy", "--", name},
          {"rollback", "--", name},
          {"undeploy", "hello", "--namespace=" + name},
          {"rollback", "hello", "--namespace=" + name},
          {"status", "--namespace=" + name},
          {"doctor", "--context=c", "--namespace=" + name},
          {"doctor", "--context=c", "--target", "HTTPRoute/" + name},
          {"deploy", "r/hello@sha256:" + digest, "--target", "HTTPRoute/" + name},
          deploy_with("--namespace=" + name),
          deploy_with("--section=" + name),
          deploy_with("--name=" + name),
          deploy_with("--pull-secret=" + name)}) {
      EXPECT_EQ(run(command), ExitCode::usage) << command.front() << " " << command.back();
    }
  }
  for (const std::string context : {"--kubeconfig=/tmp/x", "-s", "a\nb"}) {
    for (const char* const command : {"status", "doctor"}) {
      EXPECT_EQ(run({command, "--context=" + context}), ExitCode::usage) << command << " " << context;
    }
  }
  EXPECT_EQ(run({"undeploy", "--", "--all"}), ExitCode::usage);
  EXPECT_THAT(err(), HasSubstr("'--all' cannot be one"));
  EXPECT_THAT(cluster_.lines, IsEmpty());
}

/// A cluster's objects may name anything as their parent, their secret or their target.
TEST_F(DeployTest, a_name_that_a_cluster_has_is_no_flag_either) {
  ASSERT_EQ(deploy({"--expect", "x-wasm-custom=FOO"}), ExitCode::ok);
  cluster_.lines.clear();
  (*cluster_.find("httproutes.gateway.networking.k8s.io", "default", "backend"))["spec"]["parentRefs"] =
      Json::array({{{"name", "--all"}, {"namespace", "--kubeconfig=x"}}});
  EXPECT_EQ(deploy({"--expect", "x-wasm-custom=FOO"}), ExitCode::refused);
  EXPECT_THAT(err(), HasSubstr("cannot be one"));
  (*policy())["spec"]["targetRefs"] = Json::array({{{"kind", "HTTPRoute"}, {"name", "-A"}}});
  (*policy())["spec"]["wasm"][0]["code"]["image"]["pullSecretRef"] = {{"name", "--raw=/api"}};
  run({"status"});
  run({"doctor", "--context=c"});
  for (const std::string& line : cluster_.lines) {
    for (const char* flag : {"get --all", "--kubeconfig", " -A -o", "--raw=/api"}) {
      EXPECT_THAT(line, testing::Not(HasSubstr(flag)));
    }
  }
}

TEST_F(DeployTest, ctrl_c_ends_the_waiting_and_rolls_nothing_back) {
  is_silent_ = true;
  world_.on_pause = [this] { world_.interrupted = true; };
  EXPECT_EQ(deploy({"--rollback"}), ExitCode::interrupted);
  EXPECT_TRUE(has_policy());
}

// Undeploy

TEST_F(DeployTest, undeploying_removes_the_policy_and_sees_that_the_header_is_gone) {
  ASSERT_EQ(deploy({"--expect", "x-wasm-custom=FOO"}), ExitCode::ok);
  EXPECT_EQ(run({"undeploy", "hello"}), ExitCode::ok) << err();
  EXPECT_FALSE(has_policy());
  EXPECT_THAT(out(), AllOf(HasSubstr("removed"), HasSubstr("GET /: not any more")));
  EXPECT_EQ(run({"undeploy", "hello"}), ExitCode::ok);
  EXPECT_THAT(out(), HasSubstr("nothing"));
}

TEST_F(DeployTest, a_header_that_stays_after_undeploying_is_exit_code_1) {
  ASSERT_EQ(deploy({"--expect", "x-wasm-custom=FOO"}), ExitCode::ok);
  world_.server = [](const http::Request&) {
    return http::Response{.status = 200, .headers = {{"x-wasm-custom", "FOO"}}};
  };
  EXPECT_EQ(run({"undeploy", "hello", "--wait", "1s"}), ExitCode::check_failed);
  EXPECT_THAT(out(), HasSubstr("seen      x-wasm-custom: FOO"));
}

// Rollback

TEST_F(DeployTest, going_back_is_a_new_revision_with_the_old_module) {
  ASSERT_EQ(deploy({}), ExitCode::ok);
  EXPECT_EQ(run({"rollback", "hello"}), ExitCode::refused);
  EXPECT_THAT(err(), HasSubstr("there is nothing to go back to"));
  ASSERT_EQ(deploy({}, other_digest), ExitCode::ok);
  EXPECT_EQ(run({"rollback", "hello"}), ExitCode::ok) << err();
  EXPECT_EQ(kubernetes::modules_of(*policy())[0].digest, digest);
  EXPECT_EQ(deployment::current_revision(*policy()).number, 3);
  EXPECT_EQ(run({"rollback", "hello", "--to", "2"}), ExitCode::ok);
  EXPECT_EQ(kubernetes::modules_of(*policy())[0].digest, other_digest);
  EXPECT_EQ(run({"rollback", "hello", "--to", "9"}), ExitCode::refused);
  EXPECT_THAT(err(), HasSubstr("kept are 3 2 1"));
  EXPECT_EQ(run({"rollback", "none"}), ExitCode::refused);
}

// Status

TEST_F(DeployTest, status_shows_policies_and_what_proxies_run) {
  ASSERT_EQ(deploy({}), ExitCode::ok);
  ASSERT_EQ(deploy({}, other_digest), ExitCode::ok);
  cluster_.put("pods", Json::parse(R"({"metadata": {"namespace": "s", "name": "envoy-1", "labels": {
      "gateway.envoyproxy.io/owning-gateway-name": "eg", "gateway.envoyproxy.io/owning-gateway-namespace": "default"}},
    "status": {"conditions": [{"type": "Ready", "status": "True"}]}})"));
  cluster_.forwards = {{"s/pod/envoy-1:19000", 1900}};
  world_.server = [](const http::Request& request) {
    return http::Response{
        .status = 200,
        .body =
            request.url.ends_with("/config_dump")
                ? R"([{"name": "envoy.filters.http.wasm/envoyextensionpolicy/default/hello/wasm/0",
                                            "typed_config": {"@type": "type.googleapis.com/envoy.extensions.filters.http.wasm.v3.Wasm",
                                            "config": {"name": "hello", "root_id": "r", "vm_config": {"code": {"remote": {"sha256": "ab"}}}}}}])"
                : R"({"stats": [{"name": "wasm.active", "value": 2}, {"name": "wasm.none", "value": 0}]})"};
  };
  EXPECT_EQ(run({"status"}), ExitCode::ok) << err();
  EXPECT_THAT(
      out(), AllOf(HasSubstr("EnvoyExtensionPolicy default/hello"), HasSubstr("revision 2, and before it 1"),
                   HasSubstr("accepted by every gateway"), HasSubstr("s/envoy-1 of Gateway default/eg"),
                   HasSubstr("module ab"), HasSubstr("wasm.active 2"), testing::Not(HasSubstr("wasm.none"))));
  EXPECT_EQ(run({"status", "--json"}), ExitCode::ok);
  const Json report = Json::parse(out());
  EXPECT_EQ(report["policies"][0]["modules"][0]["sha256"], other_digest);
  EXPECT_EQ(report["policies"][0]["accepted"], true);
  EXPECT_EQ(report["proxies"][0]["modules"][0]["policy"], "default/hello");
}

TEST_F(DeployTest, status_without_policies_says_so) {
  EXPECT_EQ(run({"status", "-A"}), ExitCode::ok);
  EXPECT_THAT(out(), HasSubstr("no policy here holds a module"));
}

}  // namespace
}  // namespace wasmup::commands
