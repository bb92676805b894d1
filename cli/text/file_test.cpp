// SPDX-License-Identifier: MIT
#include "file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "../testing/folder_test.hpp"

namespace wasmup::text {
namespace {

using testing::HasSubstr;

class File : public FolderTest {};

TEST_F(File, is_read_with_every_byte_as_it_is) {
  const std::string content("a\r\n\0b\xff\n", 7);
  EXPECT_EQ(read_file(write("f", content)).value(), content);
}

TEST_F(File, an_empty_one_is_not_an_error) { EXPECT_EQ(read_file(write("f", "")).value(), ""); }

TEST_F(File, a_missing_one_is_named_with_the_reason) {
  const Expected<std::string> read = read_file(folder_ / "none");
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ExitCode::usage);
  EXPECT_THAT(read.error().what, HasSubstr("none"));
  EXPECT_EQ(read.error().seen, "No such file or directory");
}

TEST_F(File, a_folder_is_not_read) {
  const Expected<std::string> read = read_file(folder_);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().seen, "it is a folder");
}

TEST_F(File, is_written_whole_with_its_folders) {
  ASSERT_TRUE(write_file(folder_ / "a/b/c", "one"));
  ASSERT_TRUE(write_file(folder_ / "a/b/c", std::string("t\0o", 3)));
  EXPECT_EQ(read_file(folder_ / "a/b/c").value(), std::string("t\0o", 3));
}

TEST_F(File, that_cannot_be_written_leaves_what_is_there) {
  write("file", "mine");
  std::filesystem::create_directories(folder_ / "folder/sub");
  EXPECT_FALSE(write_file(folder_ / "file/below", "x"));
  EXPECT_FALSE(write_file(folder_ / "folder", "x"));
  EXPECT_EQ(read_file(folder_ / "file").value(), "mine");
  EXPECT_FALSE(std::filesystem::exists(folder_ / "folder.new"));
}

}  // namespace
}  // namespace wasmup::text
