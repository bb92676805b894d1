// SPDX-License-Identifier: MIT
#include "registry.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "../image/layout.hpp"
#include "../os/fake_processes.hpp"
#include "../testing/folder_test.hpp"
#include "../text/file.hpp"
#include "../wasm/assemble.hpp"

namespace wasmup::registry {
namespace {

namespace fs = std::filesystem;
using os::Command;
using os::FakeAnswer;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

/// A tool that keeps what it is given, and gives it back.
class RegistryTest : public FolderTest {
 protected:
  void script(const std::string& tool, const image::Image& kept) {
    processes_.script(
        tool,
        {{}, {.output = kept.manifest}, {.effect = [kept](const Command& command) { give(kept, command); }}});
  }
  /// Writes a layout to the folder that a fetch names.
  static void give(const image::Image& kept, const Command& command) {
    for (std::string word : command.argv) {
      if (word.starts_with("dir:")) word.erase(0, 4);
      if (word.ends_with(":latest")) word.erase(word.size() - 7);
      if (!word.ends_with("/fetched")) continue;
      ASSERT_TRUE(image::write_layout(kept, text::place_of(word)).has_value());
    }
  }
  Expected<Pushed> push(const Options& options = {}, const std::string& reference = "ghcr.io/a/b:v1") {
    return registry::push(processes_, image_, parse_reference(reference).value(), options);
  }
  Error failure(const std::string& said) {
    processes_.script("skopeo", {{.status = 1, .output = said}});
    return push().error();
  }

  image::Image image_ = image::build({"x", wasm::minimal_module()}).value();
  os::FakeProcesses processes_;
};

TEST_F(RegistryTest, pushes_byte_for_byte_and_reads_back_by_skopeo) {
  script("skopeo", image_);
  const Expected<Pushed> pushed = push();
  ASSERT_TRUE(pushed.has_value()) << pushed.error().what << pushed.error().seen;
  EXPECT_EQ(pushed->tool, "skopeo");
  EXPECT_EQ(pushed->accepted.digest, image_.digest());
  EXPECT_EQ(pushed->bytes, image_.size());
  ASSERT_EQ(processes_.commands.size(), 3U);
  EXPECT_THAT(processes_.commands[0].argv,
              ElementsAre("skopeo", "--insecure-policy", "copy", "--quiet", "--preserve-digests",
                          StartsWith("oci:/"), "docker://ghcr.io/a/b:v1"));
  EXPECT_THAT(processes_.commands[1].argv,
              ElementsAre("skopeo", "--insecure-policy", "inspect", "--raw", "docker://ghcr.io/a/b:v1"));
  EXPECT_THAT(processes_.commands[2].argv,
              ElementsAre("skopeo", "--insecure-policy", "copy", "--quiet", "--preserve-digests",
                          "docker://ghcr.io/a/b:v1", StartsWith("dir:/")));
}

TEST_F(RegistryTest, takes_crane_or_oras_when_they_are_what_there_is) {
  script("oras", image_);
  EXPECT_EQ(push().value().tool, "oras");
  EXPECT_THAT(processes_.commands[0].argv, ElementsAre("oras", "copy", "--no-tty", "--from-oci-layout",
                                                       testing::EndsWith("/image:latest"), "ghcr.io/a/b:v1"));
  script("crane", image_);
  processes_.commands.clear();
  EXPECT_EQ(push().value().tool, "crane");
  EXPECT_THAT(processes_.commands[0].argv,
              ElementsAre("crane", "push", testing::EndsWith("/image"), "ghcr.io/a/b:v1"));
  script("skopeo", image_);
  EXPECT_EQ(push().value().tool, "skopeo");
  script("crane", image_);
  EXPECT_EQ(push({.tool = "crane"}).value().tool, "crane");
}

/// An engine that keeps the image it is handed, and packs it anew on its way to the registry.
class EngineTest : public RegistryTest {
 protected:
  EngineTest() {
    config_ = nlohmann::json::parse(image_.manifest)["config"]["digest"];
    processes_.play("podman", [this](const Command& command) { return podman(command.argv); });
    processes_.play("docker", [this](const Command& command) { return docker(command.argv); });
  }

  FakeAnswer podman(const std::vector<std::string>& argv) {
    for (const std::string& word : argv) {
      if (word.starts_with("--digestfile=")) {
        EXPECT_TRUE(text::write_file(word.substr(13), digest_ + "\n").has_value());
      }
    }
    return {.output = argv[1] == "pull" ? config_.substr(7) + "\n" : ""};
  }
  FakeAnswer docker(const std::vector<std::string>& argv) {
    if (std::ranges::find(argv, "inspect") == argv.end()) return {};
    return {.output = docker_says_.empty() ? "warning\n" + report("tar.gzip", config_) : docker_says_};
  }
  std::string report(const std::string& packed, const std::string& config) const {
    return fmt::format(
        R"({{"Descriptor":{{"digest":"{}"}},"SchemaV2Manifest":{{"schemaVersion":2,"mediaType":)"
        R"("application/vnd.docker.distribution.manifest.v2+json","config":{{"digest":"{}"}},"layers":)"
        R"([{{"mediaType":"application/vnd.docker.image.rootfs.diff.{}","digest":"x","size":1}}]}}}})",
        digest_, config, packed);
  }

  std::string digest_ = "sha256:" + std::string(64, 'd');
  std::string config_;
  std::string docker_says_;
};

TEST_F(EngineTest, podman_loads_pushes_in_the_gateways_format_and_pulls_that_digest) {
  const Expected<Pushed> pushed = push();
  ASSERT_TRUE(pushed.has_value()) << pushed.error().what << pushed.error().seen;
  EXPECT_EQ(pushed->tool, "podman");
  EXPECT_EQ(pushed->accepted.digest, digest_);
  EXPECT_EQ(pushed->accepted.module, wasm::minimal_module());
  EXPECT_EQ(pushed->bytes, std::nullopt);
  ASSERT_EQ(processes_.commands.size(), 3U);
  EXPECT_THAT(processes_.commands[0].argv,
              ElementsAre("podman", "load", "--quiet", "--input", testing::EndsWith("/image.tar")));
  EXPECT_THAT(processes_.commands[1].argv,
              ElementsAre("podman", "push", "--quiet", "--format=oci", "--compression-format=gzip",
                          StartsWith("--digestfile=/"), "ghcr.io/a/b:v1"));
  EXPECT_THAT(processes_.commands[2].argv,
              ElementsAre("podman", "pull", "--quiet", "ghcr.io/a/b@" + digest_));
}

TEST_F(EngineTest, docker_loads_pushes_and_shows_the_manifest) {
  const Expected<Pushed> pushed = push({.tool = "docker"}, "127.0.0.1:5000/b:v1");
  ASSERT_TRUE(pushed.has_value()) << pushed.error().what << pushed.error().seen;
  EXPECT_EQ(pushed->accepted.digest, digest_);
  EXPECT_EQ(pushed->accepted.kind, "Docker image");
  ASSERT_EQ(processes_.commands.size(), 3U);
  EXPECT_THAT(processes_.commands[0].argv,
              ElementsAre("docker", "load", "--quiet", "--input", testing::EndsWith("/image.tar")));
  EXPECT_THAT(processes_.commands[1].argv, ElementsAre("docker", "push", "--quiet", "127.0.0.1:5000/b:v1"));
  EXPECT_THAT(processes_.commands[2].argv,
              ElementsAre("docker", "manifest", "inspect", "--verbose", "--insecure", "127.0.0.1:5000/b:v1"));
}

TEST_F(EngineTest, is_the_last_choice_and_docker_the_very_last) {
  script("oras", image_);
  EXPECT_EQ(push().value().tool, "oras");
  EXPECT_EQ(push({.tool = "docker"}).value().tool, "docker");
  os::FakeProcesses others;
  others.play("docker", [this](const Command& command) { return docker(command.argv); });
  EXPECT_EQ(registry::push(others, image_, parse_reference("a.b/c:v1").value()).value().tool, "docker");
  EXPECT_EQ(
      registry::push(others, image_, parse_reference("a.b/c:v1").value(), {.tool = "podman"}).error().what,
      "podman is not there");
}

TEST_F(EngineTest, refuses_another_image_than_it_was_handed) {
  docker_says_ = report("tar.gzip", "sha256:" + std::string(64, 'e'));
  const Error error = push({.tool = "docker"}).error();
  EXPECT_EQ(error.code, ExitCode::refused);
  EXPECT_THAT(error.seen, AllOf(HasSubstr(config_), HasSubstr("eeee")));
  config_ = "sha256:" + std::string(64, 'f');
  EXPECT_EQ(push({.tool = "podman"}).error().code, ExitCode::refused);
}

TEST_F(EngineTest, refuses_what_the_gateway_would_not_load) {
  for (const std::string& says : {report("tar.zstd", config_), std::string("[{}]"), std::string("{}"),
                                  std::string("none"), std::string()}) {
    docker_says_ = says.empty() ? " " : says;
    EXPECT_EQ(push({.tool = "docker"}).error().code, ExitCode::refused) << says;
  }
  docker_says_ = "[{}]";
  EXPECT_THAT(push({.tool = "docker"}).error().seen, HasSubstr("index of images"));
}

TEST_F(EngineTest, knows_no_artifacts) {
  image_ = image::build({"x", wasm::minimal_module()}, {.format = image::Format::artifact}).value();
  for (const char* const tool : {"docker", "podman"}) {
    EXPECT_EQ(push({.tool = tool}).error().code, ExitCode::usage);
    EXPECT_THAT(processes_.commands, testing::IsEmpty());
  }
}

TEST_F(EngineTest, cannot_read_images_as_they_are) {
  const auto reference = parse_reference("a.b/c:v1").value();
  for (const auto& tool : {std::optional<std::string>(), std::optional<std::string>("docker")}) {
    const Error error = acceptance(processes_, reference, {.tool = tool}).error();
    EXPECT_EQ(error.code, ExitCode::environment);
    EXPECT_THAT(error.next, HasSubstr("skopeo"));
  }
}

TEST_F(EngineTest, is_given_credentials_and_certificates_by_files_alone) {
  const fs::path login = write("auth.json", R"({"auths":{"ghcr.io":{"auth":"c2VjcmV0"}}})");
  const fs::path authority = write("ca.pem", "certificate");
  EXPECT_TRUE(push({.credentials = login, .authority = authority, .tool = "podman"}).has_value());
  for (const size_t at : {1U, 2U}) {
    EXPECT_THAT(processes_.commands[at].argv, AllOf(Contains(testing::EndsWith("/login/config.json")),
                                                    Contains(StartsWith("--cert-dir="))));
  }
  processes_.commands.clear();
  EXPECT_TRUE(push({.credentials = login, .tool = "docker"}).has_value());
  for (const Command& command : processes_.commands) {
    EXPECT_EQ(command.argv[1], "--config");
    EXPECT_THAT(command.argv[2], testing::EndsWith("/login"));
    EXPECT_THAT(command.argv, Not(Contains(HasSubstr("c2VjcmV0"))));
  }
}

TEST_F(EngineTest, docker_leaves_trust_to_its_daemon) {
  const Error error = push({.authority = write("ca.pem", "certificate"), .tool = "docker"}).error();
  EXPECT_EQ(error.code, ExitCode::usage);
  EXPECT_THAT(error.next, HasSubstr("/etc/docker/certs.d/ghcr.io/ca.crt"));
  EXPECT_THAT(push({.plain_http = true, .tool = "docker"}).error().next, HasSubstr("daemon.json"));
  EXPECT_THAT(processes_.commands, testing::IsEmpty());
}

TEST_F(RegistryTest, says_when_docker_has_no_daemon) {
  processes_.script("docker",
                    {{.status = 1,
                      .output = "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. "
                                "Is the docker daemon running?"}});
  const Error error = push().error();
  EXPECT_EQ(error.code, ExitCode::environment);
  EXPECT_THAT(error.next, HasSubstr("skopeo"));
}

TEST_F(RegistryTest, needs_a_tool_and_says_how_to_get_one) {
  EXPECT_EQ(push().error().code, ExitCode::environment);
  EXPECT_THAT(push().error().next, HasSubstr("apt-get install"));
  EXPECT_EQ(push({.tool = "curl"}).error().code, ExitCode::usage);
}

TEST_F(RegistryTest, hands_over_credentials_and_certificates_by_files_alone) {
  const Options options{.credentials = write("auth.json", R"({"auths":{"ghcr.io":{"auth":"c2VjcmV0"}}})"),
                        .authority = write("ca.pem", "certificate")};
  for (const char* const tool : {"skopeo", "crane", "oras"}) {
    script(tool, image_);
    processes_.commands.clear();
    Options with = options;
    with.tool = tool;
    EXPECT_TRUE(push(with).has_value());
    for (const Command& command : processes_.commands) {
      EXPECT_THAT(command.argv, Not(Contains(HasSubstr("c2VjcmV0"))));
      std::vector<std::string> words = command.argv;
      for (const auto& [name, value] : command.environment) words.push_back(value);
      EXPECT_THAT(words, AllOf(Contains(HasSubstr("/login")), Contains(HasSubstr("/trust"))));
    }
  }
  EXPECT_EQ(push({.authority = "/nowhere/ca.pem", .tool = "skopeo"}).error().code, ExitCode::usage);
}

TEST_F(RegistryTest, speaks_plain_http_on_loopback_only_and_only_when_there_is_no_tls) {
  const FakeAnswer no_tls{.status = 1, .output = "http: server gave HTTP response to HTTPS client"};
  const auto back = [this](const Command& command) { give(image_, command); };
  processes_.script("skopeo", {no_tls, {}, {.output = image_.manifest}, {.effect = back}});
  EXPECT_TRUE(push({}, "127.0.0.1:5000/b").has_value());
  EXPECT_THAT(processes_.commands[0].argv, Not(Contains("--dest-tls-verify=false")));
  EXPECT_THAT(processes_.commands[1].argv, Contains("--dest-tls-verify=false"));

  processes_.script("skopeo", {no_tls});
  processes_.commands.clear();
  const Error error = push().error();
  EXPECT_EQ(error.code, ExitCode::environment);
  EXPECT_THAT(error.next, HasSubstr("--plain-http"));
  EXPECT_EQ(processes_.commands.size(), 1U);

  processes_.script("skopeo", {{}, {.output = image_.manifest}, {.effect = back}});
  EXPECT_TRUE(push({.plain_http = true}).has_value());
}

TEST_F(RegistryTest, says_what_to_do_when_a_registry_says_no) {
  EXPECT_EQ(failure("unauthorized: authentication required").code, ExitCode::refused);
  EXPECT_THAT(failure("unauthorized").next, HasSubstr("skopeo login ghcr.io"));
  EXPECT_EQ(failure("x509: certificate signed by unknown authority").code, ExitCode::environment);
  EXPECT_THAT(failure("x509: certificate signed by unknown authority").next, HasSubstr("--ca FILE"));
  EXPECT_EQ(failure("dial tcp: connect: connection refused").code, ExitCode::environment);
  EXPECT_THAT(failure("dial tcp: lookup x: no such host").seen, HasSubstr("no such host"));
  EXPECT_EQ(failure("something else").code, ExitCode::refused);
  EXPECT_EQ(failure(R"(time="now" level=fatal msg="it says \"no\"")").seen, R"(it says "no")");
  EXPECT_EQ(failure("\x1b[31mred").seen.find('\x1b'), std::string::npos);
}

TEST_F(RegistryTest, does_not_wait_for_ever) {
  processes_.script("skopeo", {{.timed_out = true}});
  EXPECT_EQ(push().error().code, ExitCode::environment);
}

TEST_F(RegistryTest, refuses_what_the_gateway_would_not_load_before_it_fetches_it) {
  processes_.script("skopeo", {{.output = R"({"manifests":[]})"}});
  const auto accepted = acceptance(processes_, parse_reference("ghcr.io/a/b:v1").value());
  EXPECT_EQ(accepted.error().code, ExitCode::refused);
  EXPECT_EQ(processes_.commands.size(), 1U);
}

TEST_F(RegistryTest, refuses_another_image_than_it_pushed) {
  script("skopeo", image::build({"x", wasm::minimal_module()}, {.annotations = {{"a", "b"}}}).value());
  const Error error = push().error();
  EXPECT_EQ(error.code, ExitCode::refused);
  EXPECT_THAT(error.seen, HasSubstr(image_.digest()));
}

TEST_F(RegistryTest, refuses_another_digest_than_it_asked_for) {
  processes_.script("skopeo", {{.output = image_.manifest},
                               {.effect = [this](const Command& command) { give(image_, command); }}});
  const auto wanted = parse_reference("ghcr.io/a/b@sha256:" + std::string(64, 'a')).value();
  EXPECT_THAT(acceptance(processes_, wanted).error().seen, HasSubstr(image_.digest()));
}

TEST_F(RegistryTest, pushes_to_tags_only) {
  script("skopeo", image_);
  EXPECT_EQ(push({}, "ghcr.io/a/b@" + image_.digest()).error().code, ExitCode::usage);
}

TEST_F(RegistryTest, finds_credentials_where_they_usually_are) {
  const fs::path file = write("docker/config.json", "{}");
  const fs::path other = write("auth.json", "{}");
  std::map<std::string, std::string> variables;
  const auto find = [&](const std::optional<std::string>& chosen) {
    return find_credentials(chosen, [&](const std::string& name) -> std::optional<std::string> {
      return variables.contains(name) ? std::optional(variables[name]) : std::nullopt;
    });
  };
  EXPECT_EQ(find(std::nullopt).value(), std::nullopt);
  variables["DOCKER_CONFIG"] = file.parent_path().string();
  EXPECT_EQ(find(std::nullopt).value(), file);
  variables["REGISTRY_AUTH_FILE"] = other.string();
  EXPECT_EQ(find(std::nullopt).value(), other);
  EXPECT_EQ(find(file.string()).value(), file);
  EXPECT_EQ(find("/nowhere").error().code, ExitCode::usage);
}

}  // namespace
}  // namespace wasmup::registry
