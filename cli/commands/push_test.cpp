// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "../app.hpp"
#include "../image/image.hpp"
#include "../image/layout.hpp"
#include "../testing/fake_world.hpp"
#include "../testing/folder_test.hpp"
#include "../wasm/assemble.hpp"

namespace wasmup::commands {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class PushTest : public FolderTest {
 protected:
  PushTest() {
    world_.processes.play("skopeo", [this](const os::Command& command) { return skopeo(command); });
  }

  ExitCode run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "push");
    Environment environment = world_.environment();
    return run_app(arguments, environment);
  }

  /// A registry that keeps the last image that it was sent, or says no.
  os::FakeAnswer skopeo(const os::Command& command) {
    if (!refuses_.empty()) return {.status = 1, .output = refuses_};
    const std::string& from = command.argv[command.argv.size() - 2];
    const std::string& to = command.argv.back();
    if (from.starts_with("oci:")) kept_ = image::read_layout(from.substr(4)).value();
    if (to.starts_with("dir:")) {
      EXPECT_TRUE(image::write_layout(kept_, text::place_of(to.substr(4))).has_value());
    }
    const bool shows = command.argv[2] == "inspect";
    return {.output = shows ? kept_.manifest : ""};
  }

  FakeWorld world_;
  image::Image kept_;
  std::string refuses_;
  std::filesystem::path module_ = write("hello.wasm", wasm::minimal_module());
};

TEST_F(PushTest, packs_a_module_pushes_it_reads_it_back_and_says_how_to_pin_it) {
  EXPECT_EQ(run({"ghcr.io/a/hello:v1", "--from", module_}), ExitCode::ok) << world_.err.str();
  const std::string pinned = "ghcr.io/a/hello@" + kept_.digest();
  EXPECT_THAT(world_.out.str(),
              AllOf(HasSubstr("pushed    ghcr.io/a/hello:v1"), HasSubstr("by skopeo"),
                    HasSubstr("read back OCI image that Envoy Gateway loads"),
                    HasSubstr("pinned    " + pinned), HasSubstr("--source image " + pinned)));
}

TEST_F(PushTest, pushes_an_image_that_was_made_before_as_it_is) {
  const image::Image image =
      image::build({"x", wasm::minimal_module()}, {.annotations = {{"by", "me"}}}).value();
  ASSERT_TRUE(text::write_file(folder_ / "x.tar", image::to_archive(image)).has_value());
  EXPECT_EQ(run({"ghcr.io/a/hello:v1", "--from", folder_ / "x.tar", "--json"}), ExitCode::ok)
      << world_.err.str();
  const json report = json::parse(world_.out.str());
  EXPECT_EQ(report["digest"], image.digest());
  EXPECT_EQ(report["reference"], "ghcr.io/a/hello:v1");
  EXPECT_EQ(report["bytes"], image.size());
  EXPECT_EQ(report["tool"], "skopeo");
  EXPECT_EQ(kept_.manifest, image.manifest);
}

TEST_F(PushTest, only_says_what_it_would_run_in_a_dry_run) {
  EXPECT_EQ(run({"ghcr.io/a/hello:v1", "--from", module_, "--dry-run"}), ExitCode::ok);
  EXPECT_THAT(world_.out.str(), HasSubstr("would run skopeo --insecure-policy copy"));
  EXPECT_THAT(kept_.manifest, IsEmpty());
}

TEST_F(PushTest, a_dry_run_tells_no_digest_that_an_engine_would_change) {
  world_.processes.script("docker");
  EXPECT_EQ(run({"ghcr.io/a/hello:v1", "--from", module_, "--dry-run", "--tool", "docker"}), ExitCode::ok);
  EXPECT_THAT(world_.out.str(), AllOf(HasSubstr("docker packs it anew"), Not(HasSubstr("sha256:"))));
}

TEST_F(PushTest, what_a_registry_refuses_has_its_reason_and_exit_code) {
  refuses_ = "unauthorized: authentication required";
  EXPECT_EQ(run({"ghcr.io/a/hello:v1", "--from", module_}), ExitCode::refused);
  EXPECT_THAT(world_.err.str(), HasSubstr("skopeo login ghcr.io"));
  refuses_ = "dial tcp: connect: connection refused";
  EXPECT_EQ(run({"ghcr.io/a/hello:v1", "--from", module_}), ExitCode::environment);
}

TEST_F(PushTest, what_the_gateway_would_not_load_is_not_pushed) {
  image::Image other = image::build({"x", wasm::minimal_module()}).value();
  other.manifest.replace(other.manifest.find("tar+gzip"), 8, "tar+zstd");
  ASSERT_TRUE(image::write_layout(other, text::place_of(folder_ / "other.oci")).has_value());
  EXPECT_EQ(run({"ghcr.io/a/hello:v1", "--from", folder_ / "other.oci"}), ExitCode::refused);
  EXPECT_EQ(run({"ghcr.io/a/hello:v1", "--from", write("bad.wasm", "no module")}), ExitCode::module_refused);
  EXPECT_THAT(world_.processes.commands, IsEmpty());
}

TEST_F(PushTest, refuses_flags_that_cannot_be_right) {
  EXPECT_EQ(run({}), ExitCode::usage);
  EXPECT_EQ(run({"https://ghcr.io/a/hello", "--from", module_}), ExitCode::usage);
  EXPECT_EQ(run({"ghcr.io/a/hello@" + std::string("sha256:") + std::string(64, 'a'), "--from", module_}),
            ExitCode::usage);
  EXPECT_EQ(run({"ghcr.io/a/hello:v1", "--from", module_, "--authfile", "/nowhere"}), ExitCode::usage);
  EXPECT_EQ(run({"ghcr.io/a/hello:v1", "--from", module_, "--tool", "curl"}), ExitCode::usage);
  EXPECT_EQ(run({"ghcr.io/a/hello:v1", "--from", folder_ / "nothing"}), ExitCode::usage);
}

TEST_F(PushTest, credentials_are_where_the_environment_says) {
  world_.variables["REGISTRY_AUTH_FILE"] = write("auth.json", R"({"auths":{"ghcr.io":{"auth":"c2VjcmV0"}}})");
  EXPECT_EQ(run({"ghcr.io/a/hello:v1", "--from", module_}), ExitCode::ok) << world_.err.str();
  for (const os::Command& command : world_.processes.commands) {
    if (command.argv[0] != "skopeo") continue;
    EXPECT_THAT(command.argv, AllOf(Contains("--authfile"), Not(Contains(HasSubstr("c2VjcmV0")))));
  }
}

}  // namespace
}  // namespace wasmup::commands
