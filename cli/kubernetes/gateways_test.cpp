// SPDX-License-Identifier: MIT
#include "gateways.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fake_kubectl.hpp"

namespace wasmup::kubernetes {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const Json route = Json::parse(R"({"kind": "HTTPRoute", "metadata": {"namespace": "n", "name": "r"},
  "spec": {"hostnames": ["*.example.com"], "parentRefs": [{"name": "eg"}, {"name": "other", "namespace": "m"},
    {"kind": "Service", "name": "mesh"}],
    "rules": [{"matches": [{"path": {"type": "PathPrefix", "value": "/api"}}]}]}})");
const Json gateway = Json::parse(R"({"kind": "Gateway", "metadata": {"namespace": "n", "name": "eg"},
  "spec": {"listeners": [{"name": "tls", "protocol": "HTTPS", "port": 443},
    {"name": "http", "protocol": "HTTP", "port": 80}]}})");

TEST(gateways, those_of_a_route_are_its_parents) {
  EXPECT_THAT(gateways_of(route), ElementsAre(Name{"Gateway", "n", "eg"}, Name{"Gateway", "m", "other"}));
  EXPECT_THAT(gateways_of(gateway), ElementsAre(Name{"Gateway", "n", "eg"}));
}

TEST(gateways, a_request_for_a_route_names_its_host_and_path) {
  EXPECT_EQ(host_for(route), "any.example.com");
  EXPECT_EQ(path_for(route), "/api");
  EXPECT_EQ(host_for(gateway), "");
  EXPECT_EQ(path_for(gateway), "/");
}

TEST(gateways, an_address_is_there_once_the_status_has_it) {
  EXPECT_EQ(address_of(gateway, ""), std::nullopt);
  Json ready = gateway;
  ready["status"]["addresses"] = Json::parse(R"([{"type": "IPAddress", "value": "10.0.0.1"}])");
  EXPECT_EQ(address_of(ready, ""), "http://10.0.0.1:80");
  EXPECT_EQ(address_of(ready, "tls"), std::nullopt);
  ready["status"]["addresses"][0]["value"] = "fd00::1";
  EXPECT_EQ(address_of(ready, "http"), "http://[fd00::1]:80");
}

TEST(gateways, without_an_address_the_service_is_found_by_its_labels) {
  os::FakeProcesses processes;
  FakeKubectl fake(processes);
  const auto kubectl = Kubectl::find(processes, std::nullopt).value();
  const auto none = forward_to(kubectl, gateway, "");
  ASSERT_FALSE(none);
  EXPECT_THAT(none.error().what, HasSubstr("has no proxy"));
  fake.put("services",
           Json::parse(R"({"metadata": {"namespace": "envoy-gateway-system", "name": "envoy-n-eg-1",
    "labels": {"gateway.envoyproxy.io/owning-gateway-name": "eg",
               "gateway.envoyproxy.io/owning-gateway-namespace": "n"}}})"));
  fake.forwards = {{"envoy-gateway-system/service/envoy-n-eg-1:80", 4711}};
  EXPECT_EQ(forward_to(kubectl, gateway, "")->url, "http://127.0.0.1:4711");
}

}  // namespace
}  // namespace wasmup::kubernetes
