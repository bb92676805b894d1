// SPDX-License-Identifier: MIT
#include "file_lock.hpp"

#include "../testing/folder_test.hpp"

namespace wasmup::os {
namespace {

class FileLockTest : public FolderTest {};

TEST_F(FileLockTest, one_at_a_time_holds_it) {
  std::optional<FileLock> mine = FileLock::try_take(folder_ / "lock");
  EXPECT_TRUE(mine);
  EXPECT_FALSE(FileLock::try_take(folder_ / "lock"));
  mine.reset();
  EXPECT_TRUE(FileLock::try_take(folder_ / "lock"));
}

TEST_F(FileLockTest, without_a_folder_for_it_there_is_none) {
  EXPECT_FALSE(FileLock::try_take(folder_ / "nowhere" / "lock"));
}

}  // namespace
}  // namespace wasmup::os
