// SPDX-License-Identifier: MIT
#include "proxy.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fake_kubectl.hpp"

namespace wasmup::kubernetes {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;

constexpr const char* config_dump = R"({"configs": [{"dynamic_listeners": [{"filters": [
  {"name": "envoy.filters.http.wasm/envoyextensionpolicy/n/p/wasm/0", "disabled": true, "typed_config": {
    "@type": "type.googleapis.com/envoy.extensions.filters.http.wasm.v3.Wasm",
    "config": {"name": "w", "root_id": "add_header_root", "vm_config": {"runtime": "envoy.wasm.runtime.v8",
      "code": {"remote": {"http_uri": {"uri": "https://envoy-gateway:18002/x.wasm"}, "sha256": "abc"}}}}}},
  {"name": "envoy.filters.http.router", "typed_config": {"@type": "router"}}]}]},
  {"again": {"name": "envoy.filters.http.wasm/envoyextensionpolicy/n/p/wasm/0", "typed_config": {
    "@type": "type.googleapis.com/envoy.extensions.filters.http.wasm.v3.Wasm",
    "config": {"name": "w", "root_id": "add_header_root", "vm_config": {
      "code": {"remote": {"sha256": "abc"}}}}}}}]})";

TEST(proxy, its_modules_are_in_the_dump_once_each) {
  const auto modules = modules_in(Json::parse(config_dump));
  ASSERT_THAT(modules, SizeIs(1));
  EXPECT_EQ(modules[0], (RunningModule{"n/p", "w", "add_header_root", "abc", false}));
  EXPECT_THAT(modules_in(Json::parse("[1, {\"typed_config\": 2}]")), IsEmpty());
}

TEST(proxy, a_module_that_is_still_to_be_fetched_does_not_run) {
  Json dump = Json::parse(config_dump);
  dump["configs"] =
      Json::array({{{"dynamic_listeners", Json::array({{{"warming_state", dump["configs"]}}})}}});
  EXPECT_THAT(modules_in(dump), IsEmpty());
}

TEST(proxy, is_asked_through_a_forward_to_its_pod) {
  os::FakeProcesses processes;
  FakeKubectl fake(processes);
  const auto kubectl = Kubectl::find(processes, std::nullopt).value();
  const Json pod = Json::parse(R"({"metadata": {"namespace": "s", "name": "envoy-1", "labels": {
      "gateway.envoyproxy.io/owning-gateway-name": "eg", "gateway.envoyproxy.io/owning-gateway-namespace": "n"}},
    "status": {"conditions": [{"type": "Ready", "status": "True"}]}})");
  fake.put("pods", pod);
  Json sick = pod;
  sick["metadata"]["name"] = "envoy-2";
  sick["status"]["conditions"][0]["status"] = "False";
  fake.put("pods", sick);
  Json going = pod;
  going["metadata"]["name"] = "envoy-3";
  going["metadata"]["deletionTimestamp"] = "now";
  fake.put("pods", going);
  fake.forwards = {{"s/pod/envoy-1:19000", 1900}};
  const auto send = [](const http::Request& request) -> Expected<http::Response> {
    if (request.url == "http://127.0.0.1:1900/config_dump") return http::Response{200, {}, config_dump};
    // "wasm" alone would be in the names of all that is in a namespace of that name.
    EXPECT_EQ(request.url, "http://127.0.0.1:1900/stats?format=json&filter=%5Ewasm%5C.");
    return http::Response{
        200, {}, R"({"stats": [{"name": "wasm.envoy.wasm.runtime.v8.active", "value": 3}, {}]})"};
  };
  const auto proxies = proxies_of(kubectl, {"Gateway", "n", "eg"}, send).value();
  ASSERT_THAT(proxies, SizeIs(2));
  EXPECT_THAT(proxies[0].modules, SizeIs(1));
  EXPECT_THAT(proxies[0].counters, Contains(Pair("wasm.envoy.wasm.runtime.v8.active", 3)));
  EXPECT_EQ(proxies[0].problem, "");
  EXPECT_THAT(proxies[1].problem, HasSubstr("not ready"));
}

}  // namespace
}  // namespace wasmup::kubernetes
