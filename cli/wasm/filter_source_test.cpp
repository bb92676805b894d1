// SPDX-License-Identifier: MIT
#include "filter_source.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "../testing/folder_test.hpp"

namespace wasmup::wasm {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class FilterSourceTest : public FolderTest {
 protected:
  Error error_of(const std::filesystem::path& path) {
    const Expected<FilterSource> source = find_filter_source(path);
    EXPECT_FALSE(source);
    return source ? Error{} : source.error();
  }
};

TEST_F(FilterSourceTest, is_every_cpp_file_of_the_folder_but_tests) {
  const auto b = write("auth/b.cpp", "");
  const auto a = write("auth/a.cpp", "");
  write("auth/a_test.cpp", "");
  write("auth/a.hpp", "");
  write("auth/inner/c.cpp", "");
  std::filesystem::create_directories(folder_ / "auth/folder.cpp");
  const Expected<FilterSource> source = find_filter_source(folder_ / "auth");
  ASSERT_TRUE(source);
  EXPECT_EQ(source->name, "auth");
  EXPECT_THAT(source->files, ElementsAre(a, b));
}

TEST_F(FilterSourceTest, the_folders_name_is_found_behind_a_slash_or_a_dot) {
  write("auth/a.cpp", "");
  EXPECT_EQ(find_filter_source(folder_ / "auth" / "")->name, "auth");
  EXPECT_EQ(find_filter_source(folder_ / "auth" / ".")->name, "auth");
}

TEST_F(FilterSourceTest, may_be_a_single_file) {
  const Expected<FilterSource> source = find_filter_source(write("one.cpp", ""));
  ASSERT_TRUE(source);
  EXPECT_EQ(source->name, "one");
  EXPECT_THAT(source->files, ElementsAre(folder_ / "one.cpp"));
}

TEST_F(FilterSourceTest, a_folder_with_nothing_but_tests_holds_no_filter) {
  write("auth/auth_test.cpp", "");
  const Error error = error_of(folder_ / "auth");
  EXPECT_EQ(error.code, ExitCode::usage);
  EXPECT_THAT(error.what, HasSubstr("auth"));
  EXPECT_THAT(error.seen, HasSubstr("no .cpp file"));
  EXPECT_THAT(error.next, HasSubstr("filters/add_header"));
}

TEST_F(FilterSourceTest, a_missing_folder_is_said_to_be_missing) {
  const Error error = error_of(folder_ / "none");
  EXPECT_EQ(error.code, ExitCode::usage);
  EXPECT_THAT(error.seen, HasSubstr("no such folder"));
}

TEST_F(FilterSourceTest, another_kind_of_file_is_not_a_filter) {
  EXPECT_THAT(error_of(write("filter.rs", "")).seen, HasSubstr("neither a folder nor"));
}

}  // namespace
}  // namespace wasmup::wasm
