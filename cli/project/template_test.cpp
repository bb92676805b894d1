// SPDX-License-Identifier: MIT
#include "template.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "../testing/folder_test.hpp"
#include "../text/file.hpp"

namespace wasmup::project {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(Name, is_what_files_targets_and_clusters_can_be_called) {
  for (const char* name : {"a", "hello", "rate-limit", "rate_limit_2", "x9"})
    EXPECT_TRUE(parse_name(name)) << name;
  for (const char* name :
       {"", "Hello", "2fast", "-x", "x-", "x_", "a b", "a/b", "a.b", "..", "caf\xC3\xA9"}) {
    EXPECT_EQ(parse_name(name).error().code, ExitCode::usage) << name;
  }
  EXPECT_TRUE(parse_name(std::string(63, 'a')));
  EXPECT_FALSE(parse_name(std::string(64, 'a')));
}

TEST(Name, has_a_form_for_types) {
  EXPECT_EQ(Name{"hello"}.type(), "Hello");
  EXPECT_EQ(Name{"rate-limit_2x"}.type(), "RateLimit2x");
}

class TemplateTest : public FolderTest {
 protected:
  TemplateTest() {
    write("templates/common/README.md", "# @name@\n\n@about@@ @other@ me@example.com\n");
    write("templates/kind/about.md", "Does this.\n");
    write("templates/kind/src/@name@.cpp", "struct @Type@ {};\n");
  }
  Expected<std::vector<fs::path>> make(const fs::path& folder) {
    return make_from_template(folder_ / "templates", "kind", Name{"rate-limit"}, folder);
  }
};

TEST_F(TemplateTest, puts_the_name_into_files_and_their_names) {
  const auto files = make(folder_ / "new/rate-limit");
  ASSERT_TRUE(files);
  EXPECT_THAT(*files, ElementsAre("README.md", "src/rate-limit.cpp"));
  EXPECT_EQ(text::read_file(folder_ / "new/rate-limit/src/rate-limit.cpp").value(), "struct RateLimit {};\n");
  EXPECT_EQ(text::read_file(folder_ / "new/rate-limit/README.md").value(),
            "# rate-limit\n\nDoes this.\n@ @other@ me@example.com\n");
}

TEST_F(TemplateTest, changes_nothing_that_is_there) {
  for (const char* taken : {"full/file", "file"}) write(taken, "mine");
  fs::create_directory_symlink("nowhere", folder_ / "link");
  for (const char* name : {"full", "file", "link"}) {
    const auto files = make(folder_ / name);
    ASSERT_FALSE(files) << name;
    EXPECT_EQ(files.error().code, ExitCode::usage);
    EXPECT_THAT(files.error().what, HasSubstr("is there already"));
  }
  EXPECT_EQ(text::read_file(folder_ / "file").value(), "mine");
}

TEST_F(TemplateTest, leaves_nothing_when_it_fails) {
  fs::remove_all(folder_ / "templates/kind");
  const auto files = make(folder_ / "new/rate-limit");
  ASSERT_FALSE(files);
  EXPECT_THAT(files.error().what, HasSubstr("template"));
  EXPECT_TRUE(fs::is_empty(folder_ / "new"));
}

}  // namespace
}  // namespace wasmup::project
