// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "../app.hpp"
#include "../image/acceptance.hpp"
#include "../image/layout.hpp"
#include "../testing/fake_world.hpp"
#include "../testing/folder_test.hpp"
#include "../wasm/assemble.hpp"

namespace wasmup::commands {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;

class ImageTest : public FolderTest {
 protected:
  ExitCode run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "image");
    Environment environment = world_.environment();
    return run_app(arguments, environment);
  }
  /// A repository in which all is committed, at a commit of this name.
  void commit(const std::string& name) {
    write(".git/HEAD", name + "\n");
    write(".git/index", "");
    world_.processes.play("git", [](const os::Command& command) -> os::FakeAnswer {
      return {.status = std::ranges::find(command.argv, "status") != command.argv.end() ? 0 : 1};
    });
  }
  json annotations_of(const std::filesystem::path& layout) {
    const json manifest = json::parse(image::read_layout(layout).value().manifest);
    return manifest.value("annotations", json::object());
  }
  std::string digest_of(const std::filesystem::path& layout) {
    return image::read_layout(layout).value().digest();
  }

  FakeWorld world_;
  std::filesystem::path module_ = write("hello.wasm", wasm::minimal_module());
  std::filesystem::path layout_ = folder_ / "hello.oci";
};

TEST_F(ImageTest, packs_a_module_beside_it_and_says_its_digest_and_the_next_command) {
  EXPECT_EQ(run({module_}), ExitCode::ok) << world_.err.str();
  EXPECT_EQ(image::acceptance(image::read_layout(layout_).value()).value().module, wasm::minimal_module());
  EXPECT_THAT(world_.out.str(), AllOf(HasSubstr("digest    " + digest_of(layout_)), HasSubstr("OCI image"),
                                      HasSubstr("wasmup push HOST/NAME:TAG --from " + layout_.string())));
}

TEST_F(ImageTest, becomes_an_archive_or_an_artifact_when_asked) {
  const std::filesystem::path archive = folder_ / "x.tar";
  EXPECT_EQ(run({module_, "-o", archive, "-t", "ghcr.io/a/b:v1", "--format", "artifact", "--json"}),
            ExitCode::ok);
  const json report = json::parse(world_.out.str());
  EXPECT_EQ(report["kind"], "OCI artifact");
  EXPECT_EQ(report["output"], archive.string());
  EXPECT_EQ(report["digest"], digest_of(archive));
  EXPECT_EQ(report["module"]["bytes"], wasm::minimal_module().size());
  EXPECT_EQ(report["bytes"], image::read_layout(archive).value().size());
}

TEST_F(ImageTest, has_the_annotations_of_git_and_of_flags) {
  const std::string revision(40, 'a');
  commit(revision);
  EXPECT_EQ(run({module_, "--annotation", "licenses=MIT", "--annotation", "version=7"}), ExitCode::ok);
  EXPECT_EQ(annotations_of(layout_), (json{{"org.opencontainers.image.licenses", "MIT"},
                                           {"org.opencontainers.image.revision", revision},
                                           {"org.opencontainers.image.version", "7"}}));
  EXPECT_THAT(world_.out.str(), HasSubstr("org.opencontainers.image.revision=" + revision));
  EXPECT_EQ(run({module_, "--annotation", "licenses"}), ExitCode::usage);
}

TEST_F(ImageTest, has_the_same_digest_at_every_commit_when_git_is_not_asked) {
  std::vector<std::string> with;
  std::vector<std::string> without;
  for (const char digit : {'a', 'b'}) {
    commit(std::string(40, digit));
    EXPECT_EQ(run({module_}), ExitCode::ok);
    with.push_back(digest_of(layout_));
    EXPECT_EQ(run({module_, "--no-git"}), ExitCode::ok);
    without.push_back(digest_of(layout_));
  }
  EXPECT_NE(with[0], with[1]);
  EXPECT_EQ(without[0], without[1]);
}

TEST_F(ImageTest, is_not_made_of_what_envoy_would_not_load) {
  EXPECT_EQ(run({write("bad.wasm", "no module")}), ExitCode::module_refused);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "bad.oci"));
  EXPECT_EQ(run({folder_ / "nothing.wasm"}), ExitCode::usage);
}

TEST_F(ImageTest, refuses_flags_that_cannot_be_right_before_it_writes) {
  EXPECT_EQ(run({module_, "-t", "Not A Name"}), ExitCode::usage);
  EXPECT_EQ(run({module_, "--format", "zip"}), ExitCode::usage);
  EXPECT_FALSE(std::filesystem::exists(layout_));
  write("mine/notes.txt", "");
  EXPECT_EQ(run({module_, "-o", folder_ / "mine"}), ExitCode::usage);
  EXPECT_THAT(world_.err.str(), HasSubstr("has other things in it"));
}

}  // namespace
}  // namespace wasmup::commands
