// SPDX-License-Identifier: MIT
#include "checks.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <utility>

namespace wasmup::doctor {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const kubernetes::Name gateway_name{"Gateway", "n", "eg"};
const kubernetes::Name policy_name{"EnvoyExtensionPolicy", "n", "p"};

Json definition(const std::string& name, const std::string& version) {
  Json definition = Json::parse(R"({"metadata": {}, "spec": {"versions": [{"served": true, "schema": {
    "openAPIV3Schema": {"properties": {"spec": {"properties": {"wasm": {}}}}}}}]}})");
  definition["metadata"]["name"] = name;
  definition["spec"]["versions"][0]["name"] = version;
  return definition;
}

Traffic traffic(bool holds) {
  traffic::CaseResult result;
  result.tried.name = "GET /";
  result.sent = 1;
  result.response.status = 200;
  result.findings = {{"x-wasm-custom: FOO, exactly once", holds, holds ? "" : "no x-wasm-custom"}};
  traffic::Report report;
  report.results = {result};
  return {.policy = policy_name, .gateway = gateway_name, .is_known = true, .report = report};
}

/// A cluster in which all is well.
Snapshot healthy() {
  Snapshot seen;
  seen.server_version = "v1.36.3";
  seen.crds = {definition("envoyextensionpolicies.gateway.envoyproxy.io", "v1alpha1"),
               definition("gatewayclasses.gateway.networking.k8s.io", "v1"),
               definition("gateways.gateway.networking.k8s.io", "v1"),
               definition("httproutes.gateway.networking.k8s.io", "v1")};
  seen.controller = Json::parse(R"({"spec": {"replicas": 1}, "status": {"readyReplicas": 1}})");
  seen.controller_service = Json::parse(R"({"spec": {"ports": [{"port": 18000}, {"port": 18002}]}})");
  seen.knows_cache_secret = true;
  seen.cache_secret_has_key = true;
  seen.classes = {Json::parse(R"({"kind": "GatewayClass", "metadata": {"name": "eg"},
    "spec": {"controllerName": "gateway.envoyproxy.io/gatewayclass-controller"},
    "status": {"conditions": [{"type": "Accepted", "status": "True"}]}})")};
  seen.gateways = {Json::parse(R"({"kind": "Gateway", "metadata": {"namespace": "n", "name": "eg"},
    "spec": {"gatewayClassName": "eg", "listeners": [{"name": "http", "protocol": "HTTP", "port": 80}]},
    "status": {"conditions": [{"type": "Accepted", "status": "True"}, {"type": "Programmed", "status": "True"}],
      "listeners": [{"name": "http", "conditions": [{"type": "Accepted", "status": "True"},
        {"type": "Conflicted", "status": "False"}]}]}})")};
  seen.routes = {Json::parse(R"({"kind": "HTTPRoute", "metadata": {"namespace": "n", "name": "backend"},
    "spec": {"parentRefs": [{"name": "eg"}], "rules": [{"backendRefs": [{"name": "httpbin", "port": 8080}]}]},
    "status": {"parents": [{"controllerName": "gateway.envoyproxy.io/gatewayclass-controller", "conditions": [
      {"type": "Accepted", "status": "True"}, {"type": "ResolvedRefs", "status": "True"}]}]}})")};
  seen.services = {Json::parse(R"({"metadata": {"namespace": "n", "name": "httpbin"}})")};
  seen.endpoints = {Json::parse(R"({"metadata": {"namespace": "n", "name": "httpbin-x",
      "labels": {"kubernetes.io/service-name": "httpbin"}}, "endpoints": [{"conditions": {"ready": true}}]})")};
  seen.policies = {Json::parse(
      R"({"kind": "EnvoyExtensionPolicy", "metadata": {"namespace": "n", "name": "p", "generation": 1},
    "spec": {"targetRefs": [{"kind": "HTTPRoute", "name": "backend"}],
      "wasm": [{"name": "w", "code": {"type": "Image", "image": {"url": "r/a:1"}}}]},
    "status": {"ancestors": [{"ancestorRef": {"kind": "Gateway", "name": "eg"}, "conditions": [
      {"type": "Accepted", "status": "True", "observedGeneration": 1}]}]}})")};
  kubernetes::Proxy proxy{.pod = {"Pod", "s", "envoy-1"}, .is_ready = true};
  proxy.modules = {{.policy = "n/p", .name = "w"}};
  seen.proxies = {{gateway_name, std::move(proxy), ""}};
  seen.traffic = {traffic(true)};
  return seen;
}

std::vector<std::string> names(const Snapshot& seen) {
  std::vector<std::string> all;
  for (const Finding& one : check(seen)) {
    EXPECT_NE(one.what, "") << one.name;
    EXPECT_NE(one.cure, "") << one.name;
    all.push_back(one.name);
  }
  return all;
}

void refuse(Snapshot& seen, const std::string& message) {
  Json& condition = seen.policies[0]["status"]["ancestors"][0]["conditions"][0];
  condition["status"] = "False";
  condition["message"] = message;
}

TEST(checks, find_nothing_where_all_is_well) { EXPECT_THAT(names(healthy()), IsEmpty()); }

TEST(checks, find_nothing_in_the_log_of_a_proxy_whose_traffic_is_well) {
  Snapshot seen = healthy();
  seen.proxies[0].log =
      "[critical][wasm] Function: proxy_on_response_headers failed: Uncaught RuntimeError\n";
  EXPECT_THAT(names(seen), IsEmpty());
}

TEST(checks, a_cluster_that_does_not_answer_is_all_there_is_to_say) {
  Snapshot seen;
  seen.unreachable = "refused";
  seen.unreachable_next = "kubectl config get-contexts";
  EXPECT_THAT(names(seen), ElementsAre("cluster-unreachable"));
}

TEST(checks, what_may_not_be_looked_at_is_said) {
  Snapshot seen = healthy();
  seen.forbidden = {"secrets: forbidden"};
  seen.knows_cache_secret = false;
  seen.cache_secret_has_key.reset();
  EXPECT_THAT(names(seen), ElementsAre("cluster-forbidden"));
}

TEST(checks, definitions_must_be_there_and_of_the_right_version) {
  Snapshot seen = healthy();
  seen.crds.erase(seen.crds.begin());
  EXPECT_THAT(names(seen), ElementsAre("crd-missing"));
  seen = healthy();
  seen.crds[0] = definition("envoyextensionpolicies.gateway.envoyproxy.io", "v1alpha0");
  EXPECT_THAT(names(seen), ElementsAre("crd-version"));
  seen = healthy();
  seen.crds[0]["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"]["properties"].erase(
      "wasm");
  EXPECT_THAT(names(seen), ElementsAre("crd-version"));
}

TEST(checks, the_controller_must_be_there_and_run) {
  Snapshot seen = healthy();
  seen.controller.reset();
  EXPECT_THAT(names(seen), ElementsAre("controller-missing"));
  seen = healthy();
  seen.controller = Json::parse(R"({"spec": {"replicas": 0}, "status": {}})");
  EXPECT_THAT(names(seen), ElementsAre("controller-not-ready"));
  EXPECT_THAT(check(seen)[0].fixes, SizeIs(1));
  seen.controller = Json::parse(R"({"spec": {"replicas": 1}, "status": {}})");
  seen.controller_pods = {Json::parse(R"({"metadata": {"name": "c"}, "status": {"containerStatuses": [
    {"ready": false, "state": {"waiting": {"reason": "ImagePullBackOff"}}}]}})")};
  EXPECT_THAT(check(seen)[0].evidence, HasSubstr("ImagePullBackOff"));
  EXPECT_THAT(check(seen)[0].fixes, IsEmpty());
}

TEST(checks, the_wasm_cache_must_be_up) {
  Snapshot seen = healthy();
  seen.cache_secret_has_key.reset();
  EXPECT_THAT(names(seen), ElementsAre("wasm-cache-secret-missing"));
  seen.cache_secret_has_key = false;
  EXPECT_THAT(names(seen), ElementsAre("wasm-cache-key-missing"));
  seen = healthy();
  seen.controller_log = "ok\n2026 ERROR failed to start wasm cache: no secret\nok\n";
  EXPECT_THAT(names(seen), ElementsAre("wasm-cache-down"));
  EXPECT_EQ(check(seen)[0].evidence, "2026 ERROR failed to start wasm cache: no secret");
  EXPECT_THAT(check(seen)[0].fixes, SizeIs(1));
  seen = healthy();
  refuse(seen, "Wasm: wasm cache is not initialized.");
  EXPECT_THAT(names(seen), ElementsAre("wasm-cache-down"));
  seen = healthy();
  seen.controller_log = "Failed to create Wasm cache directory\n";
  EXPECT_THAT(names(seen), ElementsAre("wasm-cache-folder"));
  seen = healthy();
  seen.controller_service = Json::parse(R"({"spec": {"ports": [{"port": 18000}]}})");
  EXPECT_THAT(names(seen), ElementsAre("wasm-port-missing"));
}

TEST(checks, the_class_must_be_there_and_accepted) {
  Snapshot seen = healthy();
  seen.classes[0]["status"]["conditions"][0]["status"] = "False";
  EXPECT_THAT(names(seen), ElementsAre("gatewayclass-not-accepted"));
  seen = healthy();
  seen.classes.clear();
  EXPECT_THAT(names(seen), ElementsAre("gatewayclass-missing"));
}

TEST(checks, a_gateway_must_be_accepted_programmed_and_have_an_address) {
  Snapshot seen = healthy();
  Json& conditions = seen.gateways[0]["status"]["conditions"];
  conditions[1] = {{"type", "Programmed"}, {"status", "False"}, {"reason", "NoResources"}};
  EXPECT_THAT(names(seen), ElementsAre("gateway-not-programmed"));
  conditions[1]["reason"] = "AddressNotAssigned";
  EXPECT_THAT(names(seen), ElementsAre("gateway-address-pending"));
  seen = healthy();
  seen.gateways[0]["status"]["conditions"][0]["status"] = "False";
  EXPECT_THAT(names(seen), ElementsAre("gateway-not-accepted"));
  seen = healthy();
  seen.gateways[0]["status"]["listeners"][0]["conditions"][1]["status"] = "True";
  EXPECT_THAT(names(seen), ElementsAre("listener-conflict"));
  seen = healthy();
  seen.gateways[0]["status"]["listeners"][0]["conditions"][0]["status"] = "False";
  EXPECT_THAT(names(seen), ElementsAre("listener-not-ready"));
}

TEST(checks, gateways_of_other_controllers_are_their_own_affair) {
  Snapshot seen = healthy();
  Json other = seen.classes[0];
  other["metadata"]["name"] = "other";
  other["spec"]["controllerName"] = "example.com/other";
  other["status"] = Json::object();
  seen.classes.push_back(other);
  Json gateway = seen.gateways[0];
  gateway["metadata"]["name"] = "theirs";
  gateway["spec"]["gatewayClassName"] = "other";
  gateway["status"]["conditions"][1]["status"] = "False";
  seen.gateways.push_back(gateway);
  EXPECT_THAT(names(seen), IsEmpty());
}

TEST(checks, a_route_must_be_accepted_and_lead_somewhere) {
  Snapshot seen = healthy();
  Json& conditions = seen.routes[0]["status"]["parents"][0]["conditions"];
  conditions[0]["status"] = "False";
  EXPECT_THAT(names(seen), ElementsAre("route-not-accepted"));
  conditions[0]["status"] = "True";
  conditions[1]["status"] = "False";
  EXPECT_THAT(names(seen), ElementsAre("route-backend-missing"));
  seen = healthy();
  seen.endpoints[0]["endpoints"][0]["conditions"]["ready"] = false;
  EXPECT_THAT(names(seen), ElementsAre("backend-without-endpoints"));
  seen = healthy();
  seen.routes[0]["spec"]["parentRefs"][0]["name"] = "none";
  EXPECT_THAT(names(seen), ElementsAre("route-parent-missing"));
}

TEST(checks, a_policy_must_be_attached_and_accepted) {
  Snapshot seen = healthy();
  seen.policies[0]["spec"]["targetRefs"][0]["name"] = "none";
  EXPECT_THAT(names(seen), ElementsAre("policy-target-missing"));
  seen = healthy();
  seen.policies[0]["status"] = Json::object();
  EXPECT_THAT(names(seen), ElementsAre("policy-not-seen"));
  for (const auto& [message, name] :
       {std::pair{"has checksum a, which does not match: b", "image-digest-wrong"},
        {"MANIFEST_UNKNOWN", "image-missing"},
        {"dial tcp: connection refused", "registry-unreachable"},
        {"plugin.wasm not found in the archive", "image-layout"},
        {"UNAUTHORIZED", "pull-refused"},
        {"another EnvoyExtensionPolicy has already attached to it", "policy-conflict"},
        {"something else", "policy-not-accepted"}}) {
    seen = healthy();
    refuse(seen, message);
    EXPECT_THAT(names(seen), ElementsAre(name)) << message;
  }
}

TEST(checks, a_pull_secret_must_be_there_and_hold_a_login) {
  Snapshot seen = healthy();
  seen.policies[0]["spec"]["wasm"][0]["code"]["image"]["pullSecretRef"] = {{"name", "s"}};
  EXPECT_THAT(names(seen), ElementsAre("pull-secret-missing"));
  seen.pull_secrets["n/s"] = {{"type", "Opaque"}, {"has_login", false}};
  EXPECT_THAT(names(seen), ElementsAre("pull-secret-wrong"));
  seen.pull_secrets["n/s"] = {{"type", "kubernetes.io/dockerconfigjson"}, {"has_login", true}};
  EXPECT_THAT(names(seen), IsEmpty());
  seen.pull_secrets["n/s"] = {{"unknown", true}};
  EXPECT_THAT(names(seen), IsEmpty());
}

TEST(checks, a_module_s_mark_must_be_its_own) {
  Snapshot seen = healthy();
  Json& module = seen.policies[0]["spec"]["wasm"][0];
  module["code"]["image"]["sha256"] = std::string(64, 'a');
  module["env"]["hostKeys"] = {"TOKEN", "WASMUP_MODULE_aaaaaaaaaaaa"};
  EXPECT_THAT(names(seen), IsEmpty());
  module["code"]["image"]["sha256"] = std::string(64, 'b');
  EXPECT_THAT(names(seen), ElementsAre("module-mark-stale"));
  EXPECT_THAT(check(seen)[0].cure, HasSubstr("WASMUP_MODULE_bbbbbbbbbbbb"));
}

TEST(checks, every_proxy_must_run_every_accepted_module) {
  Snapshot seen = healthy();
  seen.proxies[0].proxy.modules.clear();
  EXPECT_THAT(names(seen), ElementsAre("module-not-configured"));
  seen.proxies[0].proxy.problem = "its pod is not ready";
  EXPECT_THAT(names(seen), ElementsAre("proxy-not-ready"));
}

TEST(checks, bad_traffic_is_explained_by_the_proxys_log) {
  for (const auto& [line, name] :
       {std::pair{"[error][wasm] Wasm VM failed Failed to load Wasm module due to a missing import",
                  "module-not-loaded"},
        {"[critical][wasm] Function: proxy_on_response_headers failed: Uncaught RuntimeError: unreachable",
         "module-traps"},
        {"[error][wasm] Wasm VM failed Failed to configure base Wasm plugin", "config-refused"}}) {
    Snapshot seen = healthy();
    seen.traffic = {traffic(false)};
    seen.proxies[0].log = std::string("first\n") + line + "\nlast\n";
    EXPECT_THAT(names(seen), ElementsAre(name, "traffic-not-as-expected"));
    EXPECT_THAT(check(seen)[0].evidence, HasSubstr(line));
    EXPECT_THAT(check(seen)[1].evidence,
                HasSubstr("expected x-wasm-custom: FOO, exactly once, seen no x-wasm-custom"));
  }
}

TEST(checks, the_log_of_a_proxy_that_has_not_got_the_module_is_of_something_else) {
  Snapshot seen = healthy();
  seen.traffic = {traffic(false)};
  seen.proxies[0].log = "[error][wasm] Wasm VM failed Failed to configure base Wasm plugin\n";
  refuse(seen, "MANIFEST_UNKNOWN");
  EXPECT_THAT(names(seen), ElementsAre("image-missing", "traffic-not-as-expected"));
}

TEST(checks, a_trap_that_the_log_has_forgotten_is_known_by_the_requests_it_failed) {
  Snapshot seen = healthy();
  seen.traffic = {traffic(false)};
  seen.proxies[0].log = R"({"response_code_details":"wasm_fail_stream"})"
                        "\n"
                        R"({"response_code_details":"wasm_fail_stream"})"
                        "\n";
  EXPECT_THAT(names(seen), ElementsAre("module-traps", "traffic-not-as-expected"));
  EXPECT_THAT(check(seen)[0].evidence, HasSubstr("2 requests"));
}

TEST(checks, counters_tell_of_vms_that_were_started_anew_and_of_none_at_all) {
  Snapshot seen = healthy();
  auto& counters = seen.proxies[0].proxy.counters;
  counters = {{"wasm.w.vm_reload", 0}, {"wasm.envoy.wasm.runtime.v8.active", 3}};
  EXPECT_THAT(names(seen), IsEmpty());
  counters["wasm.w.vm_reload"] = 2;
  EXPECT_THAT(names(seen), ElementsAre("module-traps"));
  EXPECT_THAT(check(seen)[0].evidence, HasSubstr("wasm.w.vm_reload 2"));
  counters = {{"wasm.envoy.wasm.runtime.v8.active", 0}};
  EXPECT_THAT(names(seen), ElementsAre("module-not-loaded"));
  seen.proxies[0].proxy.modules.clear();
  EXPECT_THAT(names(seen), ElementsAre("module-not-configured")) << "no VM is needed";
}

TEST(checks, where_nobody_says_what_to_expect_only_failures_count) {
  Snapshot seen = healthy();
  seen.traffic[0].is_known = false;
  seen.traffic[0].report->results[0].findings.clear();
  seen.traffic[0].report->results[0].response.status = 404;
  EXPECT_THAT(names(seen), IsEmpty());
  seen.traffic[0].report->results[0].response.status = 503;
  EXPECT_THAT(names(seen), ElementsAre("traffic-fails"));
  seen.traffic[0].report.reset();
  seen.traffic[0].problem = "no way to the gateway";
  EXPECT_THAT(check(seen)[0].evidence, HasSubstr("no way to the gateway"));
}

TEST(checks, what_a_cluster_leaves_out_crashes_nothing) {
  Snapshot seen;
  seen.controller = Json();
  seen.controller_service = Json::parse("[]");
  seen.gateways = seen.routes = seen.classes = seen.services = seen.endpoints = seen.policies = seen.crds =
      seen.controller_pods = {Json(), Json::parse("[1]"),
                              Json::parse(R"({"spec": 1, "status": "x", "metadata": []})")};
  check(seen);
}

}  // namespace
}  // namespace wasmup::doctor
