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

}  // namespace
}  // namespace wasmup::text
