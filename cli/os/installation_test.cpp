// SPDX-License-Identifier: MIT
#include "installation.hpp"

#include <gtest/gtest.h>
#include <stdexcept>

#include "../testing/folder_test.hpp"
#include "fake_processes.hpp"

namespace wasmup::os {
namespace {

class InstallationTest : public FolderTest {
 protected:
  FakeProcesses processes_;
};

TEST_F(InstallationTest, is_the_prefix_that_the_program_lies_in) {
  write("share/wasmup/cmake/module.flags", "");
  const Installation found = find_installation(std::nullopt, write("bin/wasmup", ""));
  EXPECT_FALSE(found.is_checkout);
  EXPECT_EQ(found.root, std::filesystem::canonical(folder_));
  EXPECT_EQ(found.include, found.root / "include");
  EXPECT_EQ(found.module_flags(), found.root / "share/wasmup/cmake/module.flags");
}

TEST_F(InstallationTest, is_the_prefix_also_for_a_link_to_the_program) {
  write("opt/share/wasmup/cmake/module.flags", "");
  std::filesystem::create_symlink(write("opt/bin/wasmup", ""), folder_ / "wasmup");
  EXPECT_EQ(find_installation(std::nullopt, folder_ / "wasmup").root,
            std::filesystem::canonical(folder_) / "opt");
}

TEST_F(InstallationTest, is_the_checkout_that_the_program_was_built_in) {
  write("cmake/module.flags", "");
  write("versions.env", "");
  const Installation found = find_installation(std::nullopt, write("build/release/cli/wasmup", ""));
  EXPECT_TRUE(found.is_checkout);
  EXPECT_EQ(found.root, std::filesystem::canonical(folder_));
  EXPECT_EQ(found.include, found.root / "include");
}

TEST_F(InstallationTest, is_the_checkout_that_was_named_before_all) {
  write("share/wasmup/cmake/module.flags", "");
  EXPECT_EQ(find_installation("/named", write("bin/wasmup", "")).root, "/named");
}

TEST_F(InstallationTest, is_missed_by_name) {
  EXPECT_THROW(find_installation(std::nullopt, write("bin/wasmup", "")), std::runtime_error);
}

TEST_F(InstallationTest, takes_its_tools_from_python_packages_beside_it) {
  const Installation installation = Installation::of_prefix(folder_);
  EXPECT_EQ(find_zig(installation, processes_), std::nullopt);
  EXPECT_EQ(find_envoy(installation, processes_), std::nullopt);
  const auto zig = write("lib/python3.11/site-packages/ziglang/zig", "");
  const auto envoy = write("lib/python3.11/site-packages/envoy/_bin/envoy", "");
  for (const auto& program : {zig, envoy}) processes_.script(program.string());
  EXPECT_EQ(find_zig(installation, processes_), zig);
  EXPECT_EQ(find_envoy(installation, processes_), envoy);
}

TEST_F(InstallationTest, takes_its_tools_from_the_path_when_there_are_none_beside_it) {
  processes_.script("zig");
  processes_.script("envoy");
  EXPECT_EQ(find_zig(Installation::of_prefix(folder_), processes_), "/fake/bin/zig");
  EXPECT_EQ(find_envoy(Installation::of_prefix(folder_), processes_), "/fake/bin/envoy");
}

TEST_F(InstallationTest, of_a_checkout_has_tools_of_its_own) {
  processes_.script("zig");
  const Installation checkout = Installation::of_checkout("/project");
  EXPECT_EQ(find_zig(checkout, processes_), std::nullopt);
  processes_.script("/project/.wasmup/bin/zig-c++");
  processes_.script("/project/.wasmup/bin/envoy");
  EXPECT_EQ(find_zig(checkout, processes_), "/project/.wasmup/bin/zig-c++");
  EXPECT_EQ(find_envoy(checkout, processes_), "/project/.wasmup/bin/envoy");
}

}  // namespace
}  // namespace wasmup::os
