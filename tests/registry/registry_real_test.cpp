// SPDX-License-Identifier: MIT
// Against a real registry, by the real tools that are installed.
#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "../../cli/image/layout.hpp"
#include "../../cli/registry/registry.hpp"
#include "../../cli/registry/tool.hpp"
#include "../../cli/testing/folder_test.hpp"
#include "../../cli/text/file.hpp"
#include "../../cli/wasm/assemble.hpp"
#include "real_registry.hpp"

namespace wasmup::registry {
namespace {

using testing::HasSubstr;
using testing::Not;

class RealRegistryTest : public FolderTest {
 protected:
  RealRegistry start(RealRegistry::Options options) { return {*processes_, folder_ / "registry", options}; }
  Expected<Pushed> push(const RealRegistry& registry, const Options& options,
                        const std::string& name = "team/hello:v1") {
    return registry::push(*processes_, image_, parse_reference(registry.host() + "/" + name).value(),
                          options);
  }
  /// The tools that are here; skopeo always is.
  std::vector<std::string> tools() const {
    std::vector<std::string> names;
    for (const Tool& tool : all_tools()) {
      if (processes_->find(tool.name)) names.emplace_back(tool.name);
    }
    return names;
  }
  void run(std::vector<std::string> argv) {
    const auto finished = processes_->run({std::move(argv)}, std::chrono::minutes(2));
    ASSERT_TRUE(finished.has_value());
    ASSERT_EQ(finished->status, 0) << finished->output;
  }

  std::unique_ptr<os::Processes> processes_ = os::make_processes();
  std::string module_ = wasm::minimal_module();
  image::Image image_ = image::build({"x", module_}).value();
};

TEST_F(RealRegistryTest, takes_both_formats_from_each_tool_and_gives_back_the_same_bytes) {
  const RealRegistry registry = start({});
  for (const std::string& tool : tools()) {
    for (const image::Format format : {image::Format::image, image::Format::artifact}) {
      image_ = image::build({"x", module_}, {.format = format, .annotations = {{"by", tool}}}).value();
      const Expected<Pushed> pushed = push(registry, {.tool = tool}, tool + "/hello:v1");
      ASSERT_TRUE(pushed.has_value()) << tool << ": " << pushed.error().what << "\n" << pushed.error().seen;
      EXPECT_EQ(pushed->accepted.digest, image_.digest());
      EXPECT_EQ(pushed->accepted.module, module_);
      const auto pinned = parse_reference(registry.host() + "/" + tool + "/hello@" + image_.digest()).value();
      EXPECT_EQ(acceptance(*processes_, pinned, {.tool = tool}).value().module, module_);
    }
  }
}

TEST_F(RealRegistryTest, with_a_login_and_a_certificate_of_its_own_wants_both) {
  const RealRegistry registry = start({.tls = true, .login = true});
  for (const std::string& tool : tools()) {
    const Options good{
        .credentials = registry.credentials(), .authority = registry.certificate(), .tool = tool};
    const Expected<Pushed> pushed = push(registry, good);
    ASSERT_TRUE(pushed.has_value()) << tool << ": " << pushed.error().what << "\n" << pushed.error().seen;
    EXPECT_EQ(pushed->accepted.digest, image_.digest());

    Options bad = good;
    bad.credentials = registry.credentials("bWU6d3Jvbmc=");
    const Error wrong_password = push(registry, bad).error();
    EXPECT_EQ(wrong_password.code, ExitCode::refused) << wrong_password.seen;
    EXPECT_THAT(wrong_password.next, HasSubstr("login " + registry.host()));
    EXPECT_THAT(wrong_password.seen, Not(HasSubstr("bWU6")));

    bad = good;
    bad.authority.reset();
    const Error unknown_authority = push(registry, bad).error();
    EXPECT_EQ(unknown_authority.code, ExitCode::environment) << unknown_authority.seen;
    EXPECT_THAT(unknown_authority.next, HasSubstr("--ca FILE"));
  }
}

TEST_F(RealRegistryTest, that_is_not_there_is_said_not_to_be_there) {
  const std::string host = fmt::format("127.0.0.1:{}", os::make_network()->free_ports(1).value().front());
  const Error error =
      registry::push(*processes_, image_, parse_reference(host + "/hello:v1").value()).error();
  EXPECT_EQ(error.code, ExitCode::environment);
  EXPECT_THAT(error.seen, HasSubstr("connection refused"));
}

TEST_F(RealRegistryTest, has_no_image_of_another_tag) {
  const RealRegistry registry = start({});
  ASSERT_TRUE(push(registry, {}).has_value());
  const auto other = parse_reference(registry.host() + "/team/hello:v2").value();
  EXPECT_EQ(acceptance(*processes_, other).error().code, ExitCode::refused);
}

TEST_F(RealRegistryTest, with_an_image_that_the_gateway_does_not_take_is_refused) {
  const RealRegistry registry = start({});
  // The artifact of one layer that other tools make, put there by skopeo as it is.
  image::Image other = image_;
  const size_t at = other.manifest.find("tar+gzip");
  other.manifest.replace(at, 8, "tar+zstd");
  ASSERT_TRUE(image::write_layout(other, text::place_of(folder_ / "other")).has_value());
  run({"skopeo", "--insecure-policy", "copy", "--preserve-digests", "--dest-tls-verify=false",
       "oci:" + (folder_ / "other").string(), "docker://" + registry.host() + "/other:v1"});
  const auto reference = parse_reference(registry.host() + "/other:v1").value();
  const Error error = acceptance(*processes_, reference).error();
  EXPECT_EQ(error.code, ExitCode::refused);
  EXPECT_THAT(error.seen, HasSubstr("last layer is of type application/vnd.oci.image.layer.v1.tar+zstd"));
}

/// The Dockerfile of the project, built by buildah, against the image that wasmup makes.
class BuildahTest : public RealRegistryTest {
 protected:
  std::vector<std::string> buildah(const std::vector<std::string>& words) const {
    std::vector<std::string> argv{
        "buildah",          "--root", (folder_ / "store").string(), "--runroot", (folder_ / "run").string(),
        "--storage-driver", "vfs"};
    argv.insert(argv.end(), words.begin(), words.end());
    return argv;
  }
};

TEST_F(BuildahTest, the_dockerfile_gives_an_image_with_the_same_module) {
  const RealRegistry registry = start({});
  for (const char* const dockerfile :
       {WASMUP_SOURCE_DIR "/Dockerfile", WASMUP_SOURCE_DIR "/templates/common/Dockerfile"}) {
    std::string text = text::read_file(dockerfile).value();
    for (size_t at = 0; (at = text.find("@name@")) != text.npos;) text.replace(at, 6, "add_header");
    write("context/Dockerfile", text);
    write("context/build/add_header.wasm", module_);
    for (const char* const format : {"oci", "docker"}) {
      run(buildah({"build", "--isolation", "chroot", "--format", format, "--tag", "wasm",
                   (folder_ / "context").string()}));
      run(buildah(
          {"push", "--tls-verify=false", "wasm", "docker://" + registry.host() + "/built:" + format}));
      const auto reference = parse_reference(registry.host() + "/built:" + format).value();
      const auto accepted = acceptance(*processes_, reference);
      ASSERT_TRUE(accepted.has_value()) << format << ": " << accepted.error().seen;
      EXPECT_EQ(accepted->module, module_);
      EXPECT_EQ(accepted->kind, std::string_view(format) == "oci" ? "OCI image" : "Docker image");
    }
  }
}

}  // namespace
}  // namespace wasmup::registry
