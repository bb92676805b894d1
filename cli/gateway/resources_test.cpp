// SPDX-License-Identifier: MIT
#include "resources.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sstream>

namespace wasmup::gateway {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const System system_of_test{"1.40.0", 5000, "certificate", "key", "authority", 5001, "login"};

Objects applied(const std::string& text, const std::string& default_namespace = "default") {
  Objects objects;
  merge(read_documents(text, "test").value(), default_namespace, objects);
  uint16_t port = 40000;
  for (const std::string& key : missing_ports(objects)) objects.ports[key] = port++;
  return objects;
}

/// What the controller is given for this key; null when there is no such object.
Json given(const Objects& objects, const std::string& key) {
  std::istringstream lines(to_resources(objects, system_of_test).text);
  for (std::string line; std::getline(lines, line);) {
    if (line == "---") continue;
    const Json object = Json::parse(line);
    if (key_of(object) == key) return object;
  }
  return nullptr;
}

std::vector<std::string> notes(const Objects& objects) {
  std::vector<std::string> all;
  for (const auto& note : to_resources(objects, system_of_test).notes)
    all.push_back(note.about + ": " + note.text);
  return all;
}

constexpr const char* gateway_and_route = R"(
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: eg}
spec:
  gatewayClassName: envoy
  infrastructure: {parametersRef: {group: g, kind: EnvoyProxy, name: custom}}
  listeners:
    - {name: http, protocol: HTTP, port: 80}
    - {name: other, protocol: HTTP, port: 80, hostname: other.example}
    - {name: tcp, protocol: TCP, port: 9000}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: route, namespace: shop}
spec:
  parentRefs: [{name: eg, namespace: default, port: 80}]
  rules:
    - backendRefs: [{name: backend, port: 3000}, {name: mine, kind: Backend, group: gateway.envoyproxy.io}]
      filters: [{type: RequestMirror, requestMirror: {backendRef: {name: mirror, port: 1, namespace: default}}}]
)";

TEST(ResourcesTest, an_object_takes_the_place_of_the_one_with_its_key) {
  Objects objects = applied("{apiVersion: v1, kind: Secret, metadata: {name: a}, data: {x: '1'}}");
  merge(read_documents("{apiVersion: v1, kind: Secret, metadata: {name: a}, data: {x: '2'}}\n---\n"
                       "{apiVersion: v1, kind: Secret, metadata: {name: a, namespace: other}}",
                       "test")
            .value(),
        "default", objects);
  ASSERT_EQ(objects.objects.size(), 2U);
  EXPECT_EQ(objects.objects[0]["data"]["x"], "2");
  const auto gone = read_documents(
      "{apiVersion: v1, kind: Secret, metadata: {name: a}}\n---\n"
      "{apiVersion: v1, kind: Secret, metadata: {name: b}}",
      "test");
  EXPECT_THAT(remove(*gone, "default", objects), ElementsAre("Secret default/b"));
  ASSERT_EQ(objects.objects.size(), 1U);
  EXPECT_EQ(key_of(objects.objects[0]), "Secret other/a");
}

TEST(ResourcesTest, a_gateway_is_of_our_class_and_listens_where_a_port_was_picked) {
  const Objects objects = applied(gateway_and_route);
  EXPECT_THAT(missing_ports(objects), IsEmpty());
  const Json gateway = given(objects, "Gateway default/eg");
  EXPECT_EQ(gateway["spec"]["gatewayClassName"], class_name);
  EXPECT_EQ(gateway["spec"]["listeners"][0]["port"], objects.ports.at("default/eg/80"));
  EXPECT_EQ(gateway["spec"]["listeners"][1]["port"], objects.ports.at("default/eg/80"));
  EXPECT_FALSE(gateway["spec"]["infrastructure"].contains("parametersRef"));
}

std::string pulling(const std::string& image) {
  return "apiVersion: gateway.envoyproxy.io/v1alpha1\nkind: EnvoyExtensionPolicy\n"
         "metadata: {name: p, namespace: shop}\nspec: {wasm: [{code: {type: Image, image: " +
         image + "}}]}";
}

TEST(ResourcesTest, what_is_pulled_from_our_registry_is_pulled_with_its_login) {
  for (const char* url : {"127.0.0.1:5001/a:v1", "localhost:5001/a@sha256:00", "oci://127.0.0.1:5001/a"}) {
    const Objects objects = applied(pulling(std::string("{url: '") + url + "'}"));
    const Json policy = given(objects, "EnvoyExtensionPolicy shop/p");
    EXPECT_EQ(policy["spec"]["wasm"][0]["code"]["image"]["pullSecretRef"]["name"], "wasmup-registry") << url;
    EXPECT_EQ(given(objects, "Secret shop/wasmup-registry")["data"][".dockerconfigjson"], "bG9naW4=");
  }
}

TEST(ResourcesTest, no_other_registry_gets_our_login) {
  for (const char* image : {"{url: '127.0.0.1:50010/a'}", "{url: 'example.com/127.0.0.1:5001/a'}",
                            "{url: '127.0.0.1:5001.example.com/a'}", "{url: 1}", "1", "{}",
                            "{url: '127.0.0.1:5001/a', pullSecretRef: {name: mine}}"}) {
    const std::string resources = to_resources(applied(pulling(image)), system_of_test).text;
    EXPECT_THAT(resources, Not(HasSubstr("wasmup-registry"))) << image;
  }
}

TEST(ResourcesTest, a_route_leads_to_backends_on_this_machine_wherever_it_names_a_service) {
  Objects objects = applied(gateway_and_route);
  objects.backends["default/mirror"] = "localhost:8080";
  const Json rule = given(objects, "HTTPRoute shop/route")["spec"]["rules"][0];
  EXPECT_EQ(rule["backendRefs"][0]["kind"], "Backend");
  EXPECT_FALSE(rule["backendRefs"][0].contains("port"));
  EXPECT_EQ(rule["filters"][0]["requestMirror"]["backendRef"]["kind"], "Backend");
  EXPECT_EQ(given(objects, "Backend shop/backend")["spec"]["endpoints"][0]["ip"],
            Json({{"address", "127.0.0.1"}, {"port", 5000}}));
  EXPECT_EQ(given(objects, "Backend default/mirror")["spec"]["endpoints"][0]["fqdn"],
            Json({{"hostname", "localhost"}, {"port", 8080}}));
  EXPECT_TRUE(given(objects, "Backend shop/mine").is_null());  // somebody else's to make
  EXPECT_EQ(given(objects, "HTTPRoute shop/route")["spec"]["parentRefs"][0]["port"],
            objects.ports.at("default/eg/80"));
  EXPECT_THAT(
      notes(objects),
      AllOf(Contains(HasSubstr("HTTPRoute shop/route: Service shop/backend is the built-in upstream here")),
            Contains(HasSubstr("Service default/mirror is localhost:8080 here"))));
}

TEST(ResourcesTest, namespaces_are_there_once_each) {
  const std::string text =
      std::string(gateway_and_route) + "---\n{apiVersion: v1, kind: Namespace, metadata: {name: shop}}";
  const std::string resources = to_resources(applied(text), system_of_test).text;
  size_t count = 0;
  for (size_t at = 0; (at = resources.find(R"("kind":"Namespace")", at)) != std::string::npos; ++at) ++count;
  EXPECT_EQ(count, 3U);  // default, shop, ours
}

TEST(ResourcesTest, a_secrets_plain_strings_are_written_out) {
  const Json secret =
      given(applied("{apiVersion: v1, kind: Secret, metadata: {name: a}, stringData: {k: value}}"),
            "Secret default/a");
  EXPECT_EQ(secret["data"]["k"], "dmFsdWU=");
  EXPECT_FALSE(secret.contains("stringData"));
}

TEST(ResourcesTest, who_may_refer_to_services_may_refer_to_their_backends) {
  const Json grant = given(applied("apiVersion: gateway.networking.k8s.io/v1beta1\nkind: ReferenceGrant\n"
                                   "metadata: {name: a}\nspec: {from: [], to: [{group: '', kind: Service}]}"),
                           "ReferenceGrant default/a");
  EXPECT_EQ(grant["spec"]["to"][1]["kind"], "Backend");
}

TEST(ResourcesTest, what_only_a_cluster_can_run_is_left_out_and_named) {
  const Objects objects = applied(R"(
{apiVersion: apps/v1, kind: Deployment, metadata: {name: d}}
---
{apiVersion: gateway.networking.k8s.io/v1, kind: GatewayClass, metadata: {name: envoy}}
---
{apiVersion: gateway.envoyproxy.io/v1alpha1, kind: EnvoyProxy, metadata: {name: p}}
---
{apiVersion: v1, kind: Service, metadata: {name: backend}}
)");
  EXPECT_THAT(notes(objects), ElementsAre(HasSubstr("Deployment default/d: left out"),
                                          HasSubstr("GatewayClass envoy: its Gateways are of the one class"),
                                          HasSubstr("EnvoyProxy default/p: left out")));
  EXPECT_THAT(to_resources(objects, system_of_test).text,
              AllOf(Not(HasSubstr("Deployment")), Not(HasSubstr(R"("name":"envoy"},"kind")"))));
}

TEST(ResourcesTest, objects_of_any_shape_do_no_harm) {
  for (const char* text : {"{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: a}, "
                           "spec: {listeners: {}}}",
                           "{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: a}, "
                           "spec: {listeners: [1, {port: x}]}}",
                           "{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: a}, "
                           "spec: {parentRefs: [1], rules: [{backendRefs: [2]}]}}",
                           "{apiVersion: gateway.networking.k8s.io/v1, kind: ReferenceGrant, metadata: "
                           "{name: a}, spec: {to: 1}}",
                           "{apiVersion: v1, kind: Secret, metadata: {name: a}, stringData: [1]}"}) {
    EXPECT_FALSE(to_resources(applied(text), system_of_test).text.empty()) << text;
  }
}

}  // namespace
}  // namespace wasmup::gateway
