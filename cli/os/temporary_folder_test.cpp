// SPDX-License-Identifier: MIT
#include "temporary_folder.hpp"

#include <fstream>
#include <gtest/gtest.h>
#include <optional>
#include <sys/stat.h>
#include <utility>

namespace wasmup::os {
namespace {

TEST(temporary_folder, only_we_can_read_it) {
  const TemporaryFolder folder = TemporaryFolder::make("wasmup-test").value();
  struct stat status{};
  ASSERT_EQ(::stat(folder.path().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0700u);
}

TEST(temporary_folder, goes_with_everything_in_it) {
  std::filesystem::path path;
  {
    const TemporaryFolder folder = TemporaryFolder::make("wasmup-test").value();
    path = folder.path();
    std::filesystem::create_directories(path / "a" / "b");
    std::ofstream(path / "a" / "b" / "file") << "text";
    EXPECT_TRUE(std::filesystem::exists(path));
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(temporary_folder, moves_with_its_owner) {
  std::optional<TemporaryFolder> outer;
  std::filesystem::path path;
  {
    TemporaryFolder inner = TemporaryFolder::make("wasmup-test").value();
    path = inner.path();
    outer = std::move(inner);
  }
  EXPECT_TRUE(std::filesystem::exists(path));
  outer.reset();
  EXPECT_FALSE(std::filesystem::exists(path));
}

}  // namespace
}  // namespace wasmup::os
