// SPDX-License-Identifier: MIT
// `wasmup doctor`, before a machine and a cluster that the test plays.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "../app.hpp"
#include "../kubernetes/fake_kubectl.hpp"
#include "../kubernetes/policy.hpp"
#include "../testing/fake_world.hpp"
#include "../testing/folder_test.hpp"

namespace wasmup::commands {
namespace {

using kubernetes::Json;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class DoctorTest : public FolderTest {
 protected:
  DoctorTest() {
    world_.folder = folder_;
    world_.variables = {
        {"KUBECONFIG", "/somewhere"}, {"WASMUP_ENVOY", "/opt/envoy"}, {"WASMUP_WASM_CXX", "/opt/clang++"}};
    world_.processes.script("/opt/clang++");
    world_.processes.script("/opt/envoy",
                            {{.output = "/opt/envoy  version: 0/" WASMUP_ENVOY_VERSION "/Clean\n"}});
    world_.processes.script("skopeo");
    for (const char* const name : {"gatewayclasses", "gateways", "httproutes"}) {
      put_definition(std::string(name) + ".gateway.networking.k8s.io", "v1");
    }
    put_definition(kubernetes::policies, "v1alpha1");
    set_replicas(1);
    cluster_.put("services",
                 Json::parse(R"({"metadata": {"namespace": "envoy-gateway-system", "name": "envoy-gateway"},
      "spec": {"ports": [{"port": 18002}]}})"));
    put_secret();
    cluster_.on_change = [this](const std::vector<std::string>& argv) {
      if (argv.at(1) == "scale") set_replicas(1);
      if (argv.at(1) == "rollout" && argv.at(2) == "restart") cluster_.logs.clear();
    };
  }

  void put_definition(const std::string& name, const std::string& version) {
    Json definition = Json::parse(R"({"metadata": {}, "spec": {"versions": [{"served": true, "schema": {
      "openAPIV3Schema": {"properties": {"spec": {"properties": {"wasm": {}}}}}}}]}})");
    definition["metadata"]["name"] = name;
    definition["spec"]["versions"][0]["name"] = version;
    cluster_.put("customresourcedefinitions", definition);
  }
  void set_replicas(int count) {
    cluster_.put("deployments",
                 {{"metadata", {{"namespace", "envoy-gateway-system"}, {"name", "envoy-gateway"}}},
                  {"spec", {{"replicas", count}}},
                  {"status", {{"readyReplicas", count}}}});
    cluster_.put("pods", Json::parse(R"({"metadata": {"namespace": "envoy-gateway-system", "name": "c",
      "labels": {"control-plane": "envoy-gateway"}}})"));
  }
  void put_secret() {
    cluster_.put("secrets",
                 Json::parse(R"({"metadata": {"namespace": "envoy-gateway-system", "name": "envoy-oidc-hmac"},
      "data": {"hmac-secret": "eA=="}})"));
  }
  void break_cache() {
    cluster_.objects.erase("secrets/envoy-gateway-system/envoy-oidc-hmac");
    cluster_.logs["envoy-gateway-system/deployment/envoy-gateway"] = "failed to start wasm cache\n";
  }

  ExitCode run(std::vector<std::string> flags) {
    world_.out.str("");
    world_.err.str("");
    flags.insert(flags.begin(), "doctor");
    Environment environment = world_.environment();
    return run_app(flags, environment);
  }
  std::string out() const { return world_.out.str(); }
  std::vector<std::string> names() {
    run({"--json"});
    std::vector<std::string> all;
    const Json report = Json::parse(out());
    for (const Json& one : report["findings"]) all.push_back(one["name"]);
    return all;
  }

  FakeWorld world_;
  kubernetes::FakeKubectl cluster_{world_.processes};
};

TEST_F(DoctorTest, finds_nothing_where_all_is_well) {
  EXPECT_EQ(run({}), ExitCode::ok) << out();
  EXPECT_THAT(out(), HasSubstr("ok        this machine and the cluster"));
  EXPECT_EQ(run({"--json"}), ExitCode::ok);
  EXPECT_EQ(Json::parse(out())["ok"], true);
}

TEST_F(DoctorTest, changes_nothing_unasked) {
  break_cache();
  EXPECT_EQ(run({}), ExitCode::check_failed);
  EXPECT_THAT(out(),
              AllOf(HasSubstr("found     wasm-cache-secret-missing"), HasSubstr("--fix"), HasSubstr("cure")));
  for (const std::string& line : cluster_.lines) {
    EXPECT_THAT(line, testing::Not(testing::ContainsRegex("^(apply|delete|scale|rollout|patch)"))) << line;
  }
}

TEST_F(DoctorTest, asks_before_each_cure_and_takes_no_for_an_answer) {
  break_cache();
  EXPECT_EQ(run({"--fix"}), ExitCode::check_failed);
  EXPECT_THAT(world_.questions, ElementsAre(HasSubstr("new key"), HasSubstr("restart the controller")));
  EXPECT_EQ(cluster_.find("secrets", "envoy-gateway-system", "envoy-oidc-hmac"), nullptr);
}

TEST_F(DoctorTest, cures_what_it_can_and_looks_again) {
  break_cache();
  world_.says_yes = true;
  EXPECT_EQ(run({"--fix"}), ExitCode::ok) << out();
  EXPECT_THAT(out(), AllOf(HasSubstr("cured"), HasSubstr("ok        this machine and the cluster")));
  const Json* const secret = cluster_.find("secrets", "envoy-gateway-system", "envoy-oidc-hmac");
  ASSERT_NE(secret, nullptr);
  EXPECT_EQ((*secret)["data"]["hmac-secret"].get<std::string>().size(), 44U);
  for (const std::string& line : cluster_.lines) {
    EXPECT_THAT(line, Not(HasSubstr((*secret)["data"]["hmac-secret"].get<std::string>())))
        << "a secret in argv";
  }
}

TEST_F(DoctorTest, with_yes_it_does_not_ask) {
  set_replicas(0);
  EXPECT_EQ(run({"--fix", "--yes", "--json"}), ExitCode::ok) << out();
  EXPECT_THAT(world_.questions, IsEmpty());
  EXPECT_THAT(Json::parse(out())["applied"], ElementsAre("scale the controller to one replica"));
}

TEST_F(DoctorTest, a_cure_that_fails_is_an_error) {
  set_replicas(0);
  cluster_.fails["scale"] = {.status = 1, .output = "Error from server (Forbidden): no\n"};
  EXPECT_EQ(run({"--fix", "--yes"}), ExitCode::refused);
  EXPECT_THAT(world_.err.str(), HasSubstr("Forbidden"));
}

TEST_F(DoctorTest, a_cluster_that_is_not_there_is_a_finding) {
  cluster_.fails["version"] = {.status = 1, .output = "The connection to the server was refused\n"};
  EXPECT_THAT(names(), ElementsAre("cluster-unreachable"));
}

TEST_F(DoctorTest, what_may_not_be_read_is_a_finding) {
  cluster_.fails["get secrets"] = {.status = 1, .output = "Error from server (Forbidden): secrets\n"};
  EXPECT_THAT(names(), ElementsAre("cluster-forbidden"));
}

TEST_F(DoctorTest, kinds_that_are_not_there_are_found_missing_and_not_asked_for) {
  cluster_.objects.erase("customresourcedefinitions//gatewayclasses.gateway.networking.k8s.io");
  EXPECT_THAT(names(), ElementsAre("crd-missing"));
  EXPECT_EQ(cluster_.count("gateways.gateway.networking.k8s.io,httproutes"), 1);
  EXPECT_EQ(cluster_.count("services,endpointslices.discovery.k8s.io,gatewayclasses"), 0);
}

TEST_F(DoctorTest, this_machine_must_have_its_tools) {
  world_.processes = {};
  world_.variables.clear();
  EXPECT_THAT(names(), testing::UnorderedElementsAre("compiler-missing", "envoy-missing", "kubectl-missing",
                                                     "push-tool-missing"));
}

TEST_F(DoctorTest, an_envoy_of_another_version_is_a_finding) {
  world_.processes.script("/opt/envoy", {{.output = "/opt/envoy  version: 0/1.2.3/Clean\n"}});
  EXPECT_THAT(names(), ElementsAre("envoy-version"));
}

TEST_F(DoctorTest, without_a_cluster_only_this_machine_is_looked_at) {
  world_.variables.erase("KUBECONFIG");
  EXPECT_EQ(run({}), ExitCode::ok);
  EXPECT_THAT(out(), HasSubstr("no cluster was looked at"));
  world_.variables["KUBECONFIG"] = "/somewhere";
  EXPECT_EQ(run({"--local"}), ExitCode::ok);
  EXPECT_THAT(cluster_.lines, IsEmpty());
}

TEST_F(DoctorTest, a_target_that_cannot_be_is_refused) {
  EXPECT_EQ(run({"--target", "backend"}), ExitCode::usage);
}

TEST_F(DoctorTest, traffic_is_asked_for_and_explained_by_the_proxy) {
  cluster_.put("gatewayclasses.gateway.networking.k8s.io",
               Json::parse(R"({"kind": "GatewayClass", "metadata": {"name": "eg"},
    "spec": {"controllerName": "gateway.envoyproxy.io/gatewayclass-controller"},
    "status": {"conditions": [{"type": "Accepted", "status": "True"}]}})"));
  cluster_.put("gateways.gateway.networking.k8s.io",
               Json::parse(R"({"kind": "Gateway", "metadata": {"namespace": "n", "name": "eg"},
    "spec": {"gatewayClassName": "eg", "listeners": [{"name": "http", "protocol": "HTTP", "port": 80}]},
    "status": {"addresses": [{"value": "10.0.0.1"}]}})"));
  cluster_.put(kubernetes::policies, Json::parse(R"({"kind": "EnvoyExtensionPolicy",
    "metadata": {"namespace": "n", "name": "p", "generation": 1,
      "annotations": {"wasmup/requests": "requests: [{path: /get, expect: {headers: {x-a: b}}}]"}},
    "spec": {"targetRefs": [{"kind": "Gateway", "name": "eg"}],
      "wasm": [{"name": "w", "code": {"type": "Image", "image": {"url": "r/a:1"}}}]},
    "status": {"ancestors": [{"ancestorRef": {"kind": "Gateway", "name": "eg"}, "conditions": [
      {"type": "Accepted", "status": "True", "observedGeneration": 1}]}]}})"));
  cluster_.put("pods", Json::parse(R"({"metadata": {"namespace": "s", "name": "envoy-1", "labels": {
      "gateway.envoyproxy.io/owning-gateway-name": "eg", "gateway.envoyproxy.io/owning-gateway-namespace": "n"}},
    "status": {"conditions": [{"type": "Ready", "status": "True"}]}})"));
  cluster_.forwards = {{"s/pod/envoy-1:19000", 1900}};
  cluster_.logs["s/pod/envoy-1"] = "[critical][wasm] Function: proxy_on_request_headers failed: Uncaught\n";
  bool works = true;
  world_.server = [&works](const http::Request& request) {
    if (request.url.ends_with("/config_dump")) {
      return http::Response{.status = 200,
                            .body = R"([{"name": "x/envoyextensionpolicy/n/p/wasm/0", "typed_config": {
        "@type": "type.googleapis.com/envoy.extensions.filters.http.wasm.v3.Wasm"}}])"};
    }
    if (request.url.find("/stats") != std::string::npos) return http::Response{.status = 200, .body = "{}"};
    return works ? http::Response{.status = 200, .headers = {{"x-a", "b"}}} : http::Response{.status = 503};
  };
  EXPECT_THAT(names(), IsEmpty());
  works = false;
  EXPECT_THAT(names(), ElementsAre("module-traps", "traffic-not-as-expected"));
}

}  // namespace
}  // namespace wasmup::commands
