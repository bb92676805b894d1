// SPDX-License-Identifier: MIT
#include "folder_watch.hpp"

#include <gtest/gtest.h>

#include "../testing/folder_test.hpp"

namespace wasmup::os {
namespace {

class FolderWatchTest : public FolderTest {
 protected:
  std::unique_ptr<FolderWatch> watch_ =
      watch_folder(folder_, [](std::string_view name) { return name.ends_with(".cpp"); }).value();
};

TEST_F(FolderWatchTest, sees_a_file_written_put_in_place_and_taken_away_once_each) {
  EXPECT_FALSE(watch_->changed());
  write("a.cpp", "one");
  EXPECT_TRUE(watch_->changed());
  EXPECT_FALSE(watch_->changed());
  write("new", "two");
  std::filesystem::rename(folder_ / "new", folder_ / "a.cpp");
  EXPECT_TRUE(watch_->changed()) << "as an editor saves that writes beside it first";
  std::filesystem::remove(folder_ / "a.cpp");
  EXPECT_TRUE(watch_->changed());
}

TEST_F(FolderWatchTest, does_not_look_at_other_files_and_folders_below) {
  write("a.txt", "one");
  write("build/a.cpp", "one");
  EXPECT_FALSE(watch_->changed());
}

TEST_F(FolderWatchTest, sees_any_number_of_changes_as_one) {
  for (int i = 0; i != 500; ++i) write("file" + std::to_string(i) + ".cpp", "");
  EXPECT_TRUE(watch_->changed());
  EXPECT_FALSE(watch_->changed());
}

TEST_F(FolderWatchTest, of_no_folder_is_an_error) {
  const auto watch = watch_folder(folder_ / "none", {});
  ASSERT_FALSE(watch);
  EXPECT_EQ(watch.error().code, ExitCode::environment);
}

}  // namespace
}  // namespace wasmup::os
