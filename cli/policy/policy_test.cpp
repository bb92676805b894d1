// SPDX-License-Identifier: MIT
#include "policy.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "other_forms.hpp"
#include "schema.hpp"

namespace wasmup::policy {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Policy example() {
  return {.name = "hello",
          .targets = {{"HTTPRoute", "backend"}},
          .filters = {{.source = Source{Source::Kind::image, "ghcr.io/a/hello:v1"}}}};
}

std::vector<std::string> fields(const Document& document) {
  std::vector<std::string> names;
  for (const Problem& problem : problems(document)) names.push_back(problem.field);
  return names;
}

Document read(const std::string& text) { return read_yaml(text, "policy.yaml").value(); }

TEST(Policy, is_as_people_write_it) {
  Policy policy = example();
  policy.namespace_name = "apps";
  policy.filters[0].source->sha256 = std::string(64, 'a');
  policy.filters[0].pull_secret = "login";
  policy.filters[0].root_id = "add_header_root";
  policy.filters[0].config = Document{{"value", "true"}, {"count", 3}};
  policy.filters[0].fail_open = true;
  policy.filters[0].host_keys = {"TOKEN"};
  EXPECT_EQ(to_yaml(policy),
            "apiVersion: gateway.envoyproxy.io/v1alpha1\n"
            "kind: EnvoyExtensionPolicy\n"
            "metadata:\n"
            "  name: hello\n"
            "  namespace: apps\n"
            "spec:\n"
            "  targetRefs:\n"
            "    - group: gateway.networking.k8s.io\n"
            "      kind: HTTPRoute\n"
            "      name: backend\n"
            "  wasm:\n"
            "    - rootID: add_header_root\n"
            "      code:\n"
            "        type: Image\n"
            "        image:\n"
            "          url: ghcr.io/a/hello:v1@sha256:" +
                std::string(64, 'a') +
                "\n"
                "          sha256: " +
                std::string(64, 'a') +
                "\n"
                "          pullSecretRef:\n"
                "            name: login\n"
                "      config:\n"
                "        value: \"true\"\n"
                "        count: 3\n"
                "      failOpen: true\n"
                "      env:\n"
                "        hostKeys:\n"
                "          - TOKEN\n"
                "          - WASMUP_MODULE_aaaaaaaaaaaa\n");
  EXPECT_THAT(problems(to_document(policy)), IsEmpty());
  EXPECT_EQ(read(to_yaml(policy)), to_document(policy));
}

TEST(Policy, names_the_authority_of_either_source) {
  for (const auto& [kind, place] : {std::pair{Source::Kind::image, "image"}, {Source::Kind::http, "http"}}) {
    Policy policy = example();
    policy.filters[0].source->kind = kind;
    policy.filters[0].source->url = "https://files/a.wasm";
    policy.filters[0].authority = parse_authority("ConfigMap/ca").value();
    const Document document = to_document(policy);
    EXPECT_EQ(document["spec"]["wasm"][0]["code"][place]["tls"]["caCertificateRef"],
              (Document{{"kind", "ConfigMap"}, {"name", "ca"}}));
    EXPECT_THAT(problems(document), IsEmpty());
  }
  EXPECT_EQ(parse_authority("ca").value().kind, "Secret");
  EXPECT_EQ(parse_authority("Secret/ca").value().name, "ca");
  for (const char* const wrong : {"Pod/ca", "Secret/", "/ca"})
    EXPECT_EQ(parse_authority(wrong).error().code, ExitCode::usage) << wrong;
  Document nothing = read("{kind: EnvoyExtensionPolicy, spec: {wasm: [{name: a}]}}");
  EXPECT_EQ(update(nothing, {.filters = {{.authority = Authority{"Secret", "ca"}}}}).error().code,
            ExitCode::usage);
}

TEST(Policy, keeps_filters_in_their_order) {
  Policy policy = example();
  policy.filters.push_back({.source = Source{Source::Kind::http, "http://files/b.wasm"}});
  const Document document = to_document(policy);
  EXPECT_EQ(document["spec"]["wasm"][0]["code"]["type"], "Image");
  EXPECT_EQ(document["spec"]["wasm"][1]["code"]["http"]["url"], "http://files/b.wasm");
  EXPECT_THAT(problems(document), IsEmpty());
}

TEST(Policy, takes_targets_of_the_kinds_that_the_gateway_knows) {
  EXPECT_EQ(parse_target("Gateway/eg").value().name, "eg");
  EXPECT_EQ(parse_target("httproute/b").value().kind, "HTTPRoute");
  EXPECT_THAT(parse_target("HTTPRoutes/x").error().seen, HasSubstr("did you mean HTTPRoute?"));
  EXPECT_FALSE(parse_target("HTTPRoute/").has_value());
  EXPECT_FALSE(parse_target("backend").has_value());
}

TEST(Update, changes_what_is_said_and_keeps_all_else) {
  Document document = read(
      "apiVersion: gateway.envoyproxy.io/v1alpha1\n"
      "kind: EnvoyExtensionPolicy\n"
      "metadata: {name: mine, labels: {team: a}}\n"
      "spec:\n"
      "  targetRef: {group: gateway.networking.k8s.io, kind: HTTPRoute, name: backend}\n"
      "  lua: [{type: Inline, inline: x}]\n"
      "  wasm:\n"
      "  - name: one\n"
      "    futureField: 7\n"
      "    code: {type: Image, image: {url: old, sha256: old, pullSecretRef: {name: s}}}\n");
  Policy change;
  change.filters = {{.source = Source{Source::Kind::image, "new"}}};
  ASSERT_TRUE(update(document, change).has_value());
  const Document& filter = document["spec"]["wasm"][0];
  EXPECT_EQ(filter["code"]["image"]["url"], "new");
  EXPECT_FALSE(filter["code"]["image"].contains("sha256")) << "it was the old image's";
  EXPECT_EQ(filter["code"]["image"]["pullSecretRef"]["name"], "s");
  EXPECT_EQ(filter["futureField"], 7);
  EXPECT_EQ(document["metadata"]["labels"]["team"], "a");
  EXPECT_EQ(document["spec"]["lua"][0]["inline"], "x");
  EXPECT_EQ(document["spec"]["targetRef"]["name"], "backend");

  change = {.targets = {{"Gateway", "eg"}}};
  ASSERT_TRUE(update(document, change).has_value());
  EXPECT_FALSE(document["spec"].contains("targetRef"));
}

TEST(Update, a_pinned_module_has_a_mark_of_its_own_in_the_environment) {
  Document document = to_document(example());
  const Document& filter = document["spec"]["wasm"][0];
  EXPECT_FALSE(filter.contains("env")) << "nothing is pinned";
  const auto change = [&](const Filter& how) { return update(document, {.filters = {how}}).has_value(); };
  const auto pinned = [](char digit) {
    return Filter{.source = Source{Source::Kind::image, "new", std::string(64, digit)}};
  };
  ASSERT_TRUE(change(pinned('a')));
  EXPECT_THAT(filter["env"]["hostKeys"], ElementsAre("WASMUP_MODULE_aaaaaaaaaaaa"));
  ASSERT_TRUE(change({.host_keys = {"TOKEN"}}));
  EXPECT_THAT(filter["env"]["hostKeys"], ElementsAre("TOKEN", "WASMUP_MODULE_aaaaaaaaaaaa"));
  ASSERT_TRUE(change(pinned('b')));
  EXPECT_THAT(filter["env"]["hostKeys"], ElementsAre("TOKEN", "WASMUP_MODULE_bbbbbbbbbbbb"));
  ASSERT_TRUE(change({.source = Source{Source::Kind::image, "unpinned"}}));
  EXPECT_THAT(filter["env"]["hostKeys"], ElementsAre("TOKEN"));
}

TEST(Update, finds_a_filter_by_its_name_or_adds_it) {
  Document document = to_document(example());
  Policy change;
  change.filters = {{.name = "second", .source = Source{Source::Kind::image, "b"}}};
  ASSERT_TRUE(update(document, change).has_value());
  EXPECT_EQ(document["spec"]["wasm"].size(), 2U);
  change.filters = {{.name = "second", .fail_open = true}};
  ASSERT_TRUE(update(document, change).has_value());
  EXPECT_EQ(document["spec"]["wasm"][1]["failOpen"], true);
  EXPECT_FALSE(document["spec"]["wasm"][0].contains("failOpen"));
  change.filters = {{.fail_open = true}};
  EXPECT_THAT(update(document, change).error().next, HasSubstr("--filter NAME"));
  change.filters = {{.name = "thrid", .fail_open = true}};
  EXPECT_THAT(update(document, change).error().seen, HasSubstr("no filter thrid"));
  EXPECT_EQ(document["spec"]["wasm"].size(), 2U);
}

TEST(Update, refuses_what_is_no_policy) {
  for (const char* const text :
       {"[]", "7", "kind: Secret", "{kind: EnvoyExtensionPolicy, spec: 7}",
        "{kind: EnvoyExtensionPolicy, spec: {wasm: 7}}", "{kind: EnvoyExtensionPolicy, spec: {wasm: [7]}}"}) {
    Document document = read(text);
    EXPECT_FALSE(update(document, example()).has_value()) << text;
  }
}

TEST(Schema, names_each_field_that_is_wrong) {
  Document document = to_document(example());
  document["metadata"]["name"] = "Not_A_Name";
  document["spec"]["wasm"][0]["failopen"] = true;
  document["spec"]["wasm"][0]["rootID"] = 7;
  document["spec"]["wasm"][0]["code"]["pullPolicy"] = "Never";
  document["spec"]["wasm"][0]["code"]["image"].erase("url");
  document["spec"]["targetRefs"][0]["kind"] = "Service";
  EXPECT_THAT(fields(document),
              testing::UnorderedElementsAre("metadata.name", "spec.wasm[0].failopen", "spec.wasm[0].rootID",
                                            "spec.wasm[0].code.pullPolicy", "spec.wasm[0].code.image.url",
                                            "spec.targetRefs[0].kind"));
  EXPECT_THAT(check(document).error().seen,
              AllOf(HasSubstr("did you mean failOpen?"), HasSubstr("must be a text, and is a whole number")));
}

TEST(Schema, knows_what_the_rules_of_the_resource_mean) {
  const auto changed = [](const std::function<void(Document&)>& change) {
    Document document = to_document(example());
    change(document["spec"]);
    return fields(document);
  };
  EXPECT_THAT(changed([](Document& spec) { spec.erase("targetRefs"); }), ElementsAre("spec.targetRefs"));
  EXPECT_THAT(changed([](Document& spec) { spec["targetRef"] = spec["targetRefs"][0]; }),
              ElementsAre("spec.targetRefs"));
  EXPECT_THAT(changed([](Document& spec) { spec["targetRefs"][0]["group"] = "apps"; }),
              ElementsAre("spec.targetRefs[0].group"));
  EXPECT_THAT(changed([](Document& spec) { spec["mergeType"] = "Replace"; }), ElementsAre("spec.mergeType"));
  EXPECT_THAT(changed([](Document& spec) { spec["wasm"][0]["code"]["type"] = "HTTP"; }),
              ElementsAre("spec.wasm[0].code.http", "spec.wasm[0].code.image"));
  EXPECT_THAT(changed([](Document& spec) { spec["wasm"][0]["code"]["type"] = "ConfigMap"; }),
              testing::Contains("spec.wasm[0].code.type"));
  EXPECT_THAT(changed([](Document& spec) {
                spec["wasm"][0]["code"]["image"]["sha256"] = "sha256:" + std::string(64, 'a');
              }),
              ElementsAre("spec.wasm[0].code.image.sha256"));
  EXPECT_THAT(changed([](Document& spec) {
                for (int i = 0; i < 16; ++i) spec["wasm"].push_back(Document(spec["wasm"][0]));
              }),
              ElementsAre("spec.wasm"));
  EXPECT_THAT(changed([](Document&) {}), IsEmpty());
}

TEST(Schema, survives_documents_of_any_shape) {
  for (const char* const text : {"[]", "7", "a", "{}", "{spec: 7}", "{spec: {wasm: {a: b}}}",
                                 "{spec: {wasm: [7, [], {code: 7}, {code: {type: 7, image: 7}}]}}",
                                 "{metadata: 7, spec: {targetRef: 7, targetRefs: 7, targetSelectors: [7]}}",
                                 "{metadata: {name: 7}}"}) {
    EXPECT_FALSE(problems(read(text)).empty()) << text;
  }
}

TEST(Yaml, quotes_what_somebody_would_take_for_something_else) {
  for (const char* const text : {"true", "no", "1", "1e3", "null", "", "~", "a: b", "- a", "#", "0x1f",
                                 "1:30", ".inf", "=", "a\nb", "@x", "2026-01-01"}) {
    const std::string yaml = write_yaml(Document{{"a", text}});
    EXPECT_THAT(yaml, HasSubstr("\"")) << text;
    EXPECT_EQ(read(yaml)["a"], text);
  }
  EXPECT_EQ(write_yaml(Document{{"a", "ghcr.io/a/b:v1"}}), "a: ghcr.io/a/b:v1\n");
}

TEST(Yaml, is_in_ascii_and_keeps_every_text) {
  for (const char* const text : {"\u202e", "a\u009b", "\x1b[2J", "\u200b", "\U000e0041", "für", "\x7f"}) {
    const std::string yaml = write_yaml(Document{{text, text}});
    for (const char c : yaml) EXPECT_GE(c, '\n') << yaml;
    EXPECT_EQ(read(yaml)[text], text);
  }
}

TEST(Yaml, reads_scalars_as_a_cluster_does) {
  const Document document =
      read("{a: 1, b: -2, c: 1.5, d: true, e: null, f: '1', g: \"true\", h: yes, i: 010}");
  EXPECT_EQ(document, (Document{{"a", 1},
                                {"b", -2},
                                {"c", 1.5},
                                {"d", true},
                                {"e", nullptr},
                                {"f", "1"},
                                {"g", "true"},
                                {"h", "yes"},
                                {"i", 10.0}}));
  EXPECT_EQ(read_yaml("a: [", "x.yaml").error().code, ExitCode::usage);
  EXPECT_EQ(read_yaml("{a: 1, a: 2}", "x.yaml").error().code, ExitCode::usage);
}

TEST(OtherForms, plain_envoy_has_no_images_and_wants_digests) {
  EXPECT_THAT(to_plain_envoy(example()).value(),
              AllOf(HasSubstr("filename: hello.wasm"), HasSubstr("FAIL_CLOSED")));
  Policy policy = example();
  policy.filters[0].source = Source{Source::Kind::http, "https://files.example.com/x.wasm"};
  EXPECT_THAT(to_plain_envoy(policy).error().next, HasSubstr("--pin"));
  policy.filters[0].source->sha256 = std::string(64, 'a');
  EXPECT_THAT(to_plain_envoy(policy).value(),
              AllOf(HasSubstr("sni: files.example.com"), HasSubstr("port_value: 443")));
  for (const char* const url :
       {"ftp://x", "http://", "http://u:p@h/x", "http://h:99999999/x", "http://h:x/"}) {
    policy.filters[0].source->url = url;
    EXPECT_EQ(to_plain_envoy(policy).error().code, ExitCode::usage) << url;
  }
}

TEST(OtherForms, have_no_authorities) {
  Policy policy = example();
  policy.targets = {{"Gateway", "eg"}};
  policy.filters[0].authority = Authority{"Secret", "ca"};
  EXPECT_EQ(to_plain_envoy(policy).error().code, ExitCode::usage);
  EXPECT_EQ(to_istio(policy).error().code, ExitCode::usage);
}

TEST(OtherForms, istio_has_a_plugin_for_each_filter_of_a_gateway) {
  Policy policy = example();
  EXPECT_THAT(to_istio(policy).error().next, HasSubstr("Gateway/NAME"));
  policy.targets = {{"Gateway", "eg"}};
  policy.filters[0].name = "a";
  policy.filters.push_back(
      {.name = "b", .source = Source{Source::Kind::http, "http://h/b.wasm"}, .fail_open = true});
  const std::string text = to_istio(policy).value();
  EXPECT_THAT(text, AllOf(HasSubstr("kind: WasmPlugin"), HasSubstr("url: oci://ghcr.io/a/hello:v1"),
                          HasSubstr("priority: 2"), HasSubstr("---\n"), HasSubstr("priority: 1"),
                          HasSubstr("failStrategy: FAIL_OPEN")));
}

}  // namespace
}  // namespace wasmup::policy
