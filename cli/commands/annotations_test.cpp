// SPDX-License-Identifier: MIT
#include "annotations.hpp"

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>

#include "../os/fake_processes.hpp"
#include "../testing/folder_test.hpp"

namespace wasmup::commands {
namespace {

using testing::IsEmpty;
using testing::Pair;
using testing::UnorderedElementsAre;

constexpr const char* source = "org.opencontainers.image.source";
constexpr const char* revision = "org.opencontainers.image.revision";
constexpr const char* version = "org.opencontainers.image.version";
constexpr const char* licenses = "org.opencontainers.image.licenses";

/// A repository with a git that says what the test wants.
class AnnotationsTest : public FolderTest {
 protected:
  AnnotationsTest() {
    write(".git/HEAD", hash_ + "\n");
    write(".git/index", "");
    processes_.play("git", [this](const os::Command& command) -> os::FakeAnswer {
      for (const auto& [word, output] : says_) {
        if (std::ranges::find(command.argv, word) != command.argv.end()) return {.output = output};
      }
      return {.status = 128, .output = "fatal: no\n"};
    });
  }
  Annotations annotations() { return git_annotations(processes_, folder_); }

  const std::string hash_ = std::string(40, 'a');
  std::map<std::string, std::string> says_{
      {"config", "git@github.com:owner/hello.git\n"}, {"status", ""}, {"describe", "v1.2.0\n"}};
  os::FakeProcesses processes_;
};

TEST_F(AnnotationsTest, are_what_git_knows) {
  EXPECT_THAT(annotations(), UnorderedElementsAre(Pair(source, "https://github.com/owner/hello"),
                                                  Pair(revision, hash_), Pair(version, "v1.2.0")));
}

TEST_F(AnnotationsTest, have_no_version_without_a_tag_and_no_source_without_an_origin) {
  says_.erase("describe");
  says_.erase("config");
  EXPECT_THAT(annotations(), UnorderedElementsAre(Pair(revision, hash_)));
}

TEST_F(AnnotationsTest, say_of_no_commit_that_it_made_what_is_not_committed) {
  says_["status"] = " M hello.cpp\n";
  EXPECT_THAT(annotations(), UnorderedElementsAre(Pair(source, "https://github.com/owner/hello")));
}

TEST_F(AnnotationsTest, are_none_without_a_repository_or_without_git) {
  os::FakeProcesses without_git;
  EXPECT_THAT(git_annotations(without_git, folder_), IsEmpty());
  std::filesystem::remove_all(folder_ / ".git");
  EXPECT_THAT(annotations(), IsEmpty());
}

TEST_F(AnnotationsTest, can_be_said_and_taken_away_by_flags) {
  Annotations all = annotations();
  ASSERT_TRUE(add_annotations(all, {"licenses=MIT", "version=2", "source=", "team=a=b"}).has_value());
  EXPECT_THAT(all, UnorderedElementsAre(Pair(licenses, "MIT"), Pair(revision, hash_), Pair(version, "2"),
                                        Pair("team", "a=b")));
  for (const char* const wrong : {"licenses", "=MIT", ""})
    EXPECT_EQ(add_annotations(all, {wrong}).error().code, ExitCode::usage) << wrong;
}

TEST(PageOfOrigin, has_no_credentials_and_is_https) {
  for (const char* const origin : {"https://me:secret@github.com/owner/hello.git",
                                   "git@github.com:owner/hello.git", "ssh://git@github.com:22/owner/hello",
                                   "git://github.com/owner/hello.git/", "https://github.com/owner/hello"}) {
    EXPECT_EQ(page_of_origin(origin), "https://github.com/owner/hello") << origin;
  }
  EXPECT_EQ(page_of_origin("http://git.internal:3000/a/b"), "http://git.internal:3000/a/b");
  for (const char* const path : {"/srv/git/hello.git", "../hello", "file:///srv/hello.git", ""})
    EXPECT_EQ(page_of_origin(path), "") << path;
  EXPECT_EQ(page_of_origin(std::string(100'000, 'a')), "");
}

}  // namespace
}  // namespace wasmup::commands
