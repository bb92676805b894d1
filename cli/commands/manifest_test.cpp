// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "../app.hpp"
#include "../image/digest.hpp"
#include "../image/image.hpp"
#include "../image/layout.hpp"
#include "../policy/yaml.hpp"
#include "../testing/fake_world.hpp"
#include "../testing/folder_test.hpp"
#include "../text/file.hpp"
#include "../wasm/assemble.hpp"

namespace wasmup::commands {
namespace {

using policy::Document;
using testing::HasSubstr;
using testing::IsEmpty;

const std::vector<std::string> route{"--target", "HTTPRoute/backend"};
const std::vector<std::string> hello{"--source", "image", "ghcr.io/owner/hello:v1"};

class ManifestTest : public FolderTest {
 protected:
  /// `wasmup manifest`, with all of these words.
  ExitCode run(const std::vector<std::vector<std::string>>& parts) {
    world_.out.str("");
    world_.err.str("");
    std::vector<std::string> arguments{"manifest"};
    for (const auto& part : parts) arguments.insert(arguments.end(), part.begin(), part.end());
    Environment environment = world_.environment();
    return run_app(arguments, environment);
  }
  /// What it prints, as its reader sees it.
  Document printed(const std::vector<std::vector<std::string>>& parts) {
    EXPECT_EQ(run(parts), ExitCode::ok) << world_.err.str();
    return policy::read_yaml(world_.out.str(), "printed").value();
  }
  /// What it says to what cannot be right.
  std::string refusal(const std::vector<std::vector<std::string>>& parts) {
    EXPECT_EQ(run(parts), ExitCode::usage);
    EXPECT_THAT(world_.out.str(), IsEmpty());
    return world_.err.str();
  }

  FakeWorld world_;
};

TEST_F(ManifestTest, is_a_policy_called_as_its_image_for_a_route) {
  const Document policy = printed({route, hello});
  EXPECT_EQ(policy["metadata"]["name"], "hello");
  EXPECT_EQ(policy["spec"]["targetRefs"][0]["kind"], "HTTPRoute");
  EXPECT_EQ(policy["spec"]["wasm"].size(), 1U);
  EXPECT_EQ(policy["spec"]["wasm"][0]["code"]["image"]["url"], "ghcr.io/owner/hello:v1");
}

TEST_F(ManifestTest, has_each_flag_in_its_field) {
  const Document policy =
      printed({{"--target", "gateway/eg", "--section", "http", "--name", "mine", "--namespace", "apps"},
               hello,
               {"--sha256", "sha256:" + std::string(64, 'a'), "--config", R"({"a": [1]})", "--root-id",
                "root", "--fail-open", "--pull-secret", "login", "--pull-policy", "Always", "--ca-ref",
                "ConfigMap/ca", "--env", "ONE", "--env", "TWO"}});
  EXPECT_EQ(policy["metadata"], (Document{{"name", "mine"}, {"namespace", "apps"}}));
  EXPECT_EQ(policy["spec"]["targetRefs"][0], (Document{{"group", "gateway.networking.k8s.io"},
                                                       {"kind", "Gateway"},
                                                       {"name", "eg"},
                                                       {"sectionName", "http"}}));
  const Document image{{"url", "ghcr.io/owner/hello:v1@sha256:" + std::string(64, 'a')},
                       {"sha256", std::string(64, 'a')},
                       {"pullSecretRef", {{"name", "login"}}},
                       {"tls", {{"caCertificateRef", {{"kind", "ConfigMap"}, {"name", "ca"}}}}}};
  EXPECT_EQ(
      policy["spec"]["wasm"][0],
      (Document{{"rootID", "root"},
                {"code", {{"type", "Image"}, {"image", image}, {"pullPolicy", "Always"}}},
                {"config", {{"a", Document::array({1})}}},
                {"failOpen", true},
                {"env", {{"hostKeys", Document::array({"ONE", "TWO", "WASMUP_MODULE_aaaaaaaaaaaa"})}}}}));
}

TEST_F(ManifestTest, gives_each_filter_the_flags_after_its_name) {
  const Document filters = printed({route,
                                    {"--filter", "a"},
                                    hello,
                                    {"--fail-open", "--filter", "b", "--fail-closed", "--source", "http",
                                     "https://files/b.wasm", "--config", "7"}})["spec"]["wasm"];
  ASSERT_EQ(filters.size(), 2U);
  EXPECT_EQ(filters[0]["name"], "a");
  EXPECT_EQ(filters[0]["failOpen"], true);
  EXPECT_FALSE(filters[0].contains("config"));
  EXPECT_EQ(filters[1]["name"], "b");
  EXPECT_EQ(filters[1]["failOpen"], false);
  EXPECT_EQ(filters[1]["code"]["http"]["url"], "https://files/b.wasm");
  EXPECT_EQ(filters[1]["config"], 7);
}

TEST_F(ManifestTest, pins_an_image_to_what_the_registry_has) {
  const image::Image image = image::build({"x", wasm::minimal_module()}).value();
  world_.processes.play("skopeo", [&](const os::Command& command) -> os::FakeAnswer {
    if (command.argv[2] == "inspect") return {.output = image.manifest};
    EXPECT_TRUE(image::write_layout(image, text::place_of(command.argv.back().substr(4))).has_value());
    return {};
  });
  const Document policy = printed({route, hello, {"--pin"}});
  EXPECT_EQ(policy["spec"]["wasm"][0]["code"]["image"]["sha256"], image::hex_of(image.digest()));

  world_.processes.script("skopeo", {{.status = 1, .output = "manifest unknown"}});
  EXPECT_EQ(run({route, hello, {"--pin"}}), ExitCode::refused);
  EXPECT_THAT(world_.err.str(), HasSubstr("no image of that tag"));
}

TEST_F(ManifestTest, pins_a_module_to_what_its_server_has) {
  const std::vector<std::string> source{"--source", "http", "http://files/x.wasm", "--pin"};
  std::string body = wasm::minimal_module();
  int status = 200;
  world_.server = [&](const http::Request& request) -> Expected<http::Response> {
    EXPECT_EQ(request.url, "http://files/x.wasm");
    return http::Response{.status = status, .body = body};
  };
  EXPECT_EQ(printed({route, source})["spec"]["wasm"][0]["code"]["http"]["sha256"], image::sha256(body));
  status = 404;
  EXPECT_EQ(run({route, source}), ExitCode::refused);
  status = 200;
  body = "no module";
  EXPECT_EQ(run({route, source}), ExitCode::module_refused);
}

TEST_F(ManifestTest, changes_what_is_said_of_a_policy_and_keeps_the_rest) {
  const auto file =
      write("policy.yaml",
            "apiVersion: gateway.envoyproxy.io/v1alpha1\n"
            "kind: EnvoyExtensionPolicy\n"
            "metadata: {name: mine, labels: {team: a}}\n"
            "spec:\n"
            "  targetRefs: [{group: gateway.networking.k8s.io, kind: HTTPRoute, name: backend}]\n"
            "  wasm:\n"
            "  - {name: a, code: {type: Image, image: {url: a.b/a}}, config: {x: 1}}\n"
            "  - {name: b, code: {type: Image, image: {url: a.b/b}}}\n");
  const Document policy = printed({{"--update", file, "--filter", "a"}, hello});
  EXPECT_EQ(policy["metadata"]["labels"]["team"], "a");
  EXPECT_EQ(policy["spec"]["wasm"][0]["code"]["image"]["url"], "ghcr.io/owner/hello:v1");
  EXPECT_EQ(policy["spec"]["wasm"][0]["config"]["x"], 1);
  EXPECT_EQ(policy["spec"]["wasm"][1]["code"]["image"]["url"], "a.b/b");
  EXPECT_THAT(refusal({{"--update", file}, hello}), HasSubstr("it has 2 filters"));
  EXPECT_THAT(refusal({{"--update", file, "--filter", "c", "--fail-open"}}), HasSubstr("it has no filter c"));
  EXPECT_THAT(refusal({{"--update", folder_ / "nothing.yaml", "--fail-open"}}), HasSubstr("nothing.yaml"));
  EXPECT_THAT(refusal({{"--update", file, "--istio"}}), HasSubstr("--update prints a policy"));
}

TEST_F(ManifestTest, can_be_written_to_a_file) {
  EXPECT_EQ(run({route, hello, {"-o", folder_ / "out.yaml"}}), ExitCode::ok);
  EXPECT_THAT(world_.out.str(), IsEmpty());
  EXPECT_THAT(text::read_file(folder_ / "out.yaml").value(), HasSubstr("kind: EnvoyExtensionPolicy"));
}

TEST_F(ManifestTest, has_other_forms) {
  EXPECT_TRUE(printed({route, hello, {"--plain-envoy"}}).contains("static_resources"));
  EXPECT_EQ(printed({{"--target", "Gateway/eg", "--istio"}, hello})["kind"], "WasmPlugin");
  EXPECT_THAT(refusal({route, hello, {"--istio"}}), HasSubstr("--target Gateway/NAME"));
  refusal({route, hello, {"--istio", "--plain-envoy"}});
}

TEST_F(ManifestTest, says_what_is_missing) {
  EXPECT_THAT(refusal({}), HasSubstr("next: --source image HOST/NAME:TAG"));
  EXPECT_THAT(refusal({hello}), HasSubstr("next: --target HTTPRoute/NAME"));
  EXPECT_THAT(refusal({route, {"--filter", "a", "--filter", "b"}, hello}), HasSubstr("a has no --source"));
  EXPECT_THAT(refusal({route, {"--pin"}}), HasSubstr("there is no --source"));
  EXPECT_THAT(refusal({hello, {"--section", "http"}}), HasSubstr("there is no --target"));
  EXPECT_THAT(refusal({route, {"--source", "ghcr.io/owner/hello:v1"}}),
              HasSubstr("it is --source image REF|http URL"));
}

TEST_F(ManifestTest, a_name_that_no_object_can_have_is_refused) {
  for (const std::string name : {"--all", "", "a b", "A", "a\nb", "a/b"}) {
    for (const char* flag : {"--name=", "--namespace=", "--section=", "--pull-secret=", "--target=HTTPRoute/",
                             "--ca-ref=Secret/", "--ca-ref=ConfigMap/"}) {
      refusal({route, hello, {flag + name}});
    }
  }
}

TEST_F(ManifestTest, refuses_what_cannot_be_right) {
  EXPECT_THAT(refusal({{"--target", "HTTPRoutes/backend"}, hello}), HasSubstr("did you mean HTTPRoute?"));
  EXPECT_THAT(refusal({route, {"--source", "git", "x"}}), HasSubstr("it is image or http"));
  EXPECT_THAT(refusal({route, {"--source", "http", "ftp://x"}}), HasSubstr("this is no URL"));
  EXPECT_THAT(refusal({route, hello, {"--sha256", "12"}}), HasSubstr("64 digits"));
  EXPECT_THAT(refusal({route, hello, {"--config", "{bad"}}), HasSubstr("--config is not valid JSON"));
  EXPECT_THAT(refusal({route, hello, {"--name", "My_Name"}}), HasSubstr("--name: "));
  EXPECT_THAT(refusal({route, hello, {"--env", "ONE,TWO"}}), HasSubstr("--env ONE --env OTHER"));
  EXPECT_THAT(refusal({route, hello, {"--ca-ref", "Pod/x"}}), HasSubstr("ConfigMap/NAME"));
  EXPECT_THAT(refusal({route, {"--filter", "a"}, hello, {"--filter", "a"}, hello}),
              HasSubstr("the same name"));
  EXPECT_THAT(refusal({route, {"--source", "http", "http://h/x.wasm", "--pull-secret", "s"}}),
              HasSubstr("a pull secret is for images"));
  EXPECT_THAT(refusal({route, hello, {"--fail-closd"}}), HasSubstr("did you mean --fail-closed?"));
}

}  // namespace
}  // namespace wasmup::commands
