// SPDX-License-Identifier: MIT
#include "annotations.hpp"

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "../os/fake_processes.hpp"

namespace wasmup::commands {
namespace {

using testing::IsEmpty;
using testing::Pair;
using testing::UnorderedElementsAre;

constexpr const char* source = "org.opencontainers.image.source";
constexpr const char* revision = "org.opencontainers.image.revision";
constexpr const char* version = "org.opencontainers.image.version";
constexpr const char* licenses = "org.opencontainers.image.licenses";

/// A git whose answers depend on what it is asked for (`git -C FOLDER WHAT ...`); nothing said: it fails.
class AnnotationsTest : public testing::Test {
 protected:
  AnnotationsTest() {
    processes_.play("git", [this](const os::Command& command) -> os::FakeAnswer {
      EXPECT_EQ(command.argv[2], "/project");
      const auto found = says_.find(command.argv[3]);
      if (found == says_.end()) return {.status = 128, .output = "fatal: no\n"};
      return {.output = found->second};
    });
  }
  Annotations annotations() { return git_annotations(processes_, "/project"); }

  std::map<std::string, std::string> says_{{"rev-parse", "0123abc\n"},
                                           {"remote", "git@github.com:owner/hello.git\n"},
                                           {"status", ""},
                                           {"describe", "v1.2.0\n"}};
  os::FakeProcesses processes_;
};

TEST_F(AnnotationsTest, are_what_git_knows) {
  EXPECT_THAT(annotations(), UnorderedElementsAre(Pair(source, "https://github.com/owner/hello"),
                                                  Pair(revision, "0123abc"), Pair(version, "v1.2.0")));
}

TEST_F(AnnotationsTest, have_no_version_without_a_tag_and_no_source_without_an_origin) {
  says_.erase("describe");
  says_.erase("remote");
  EXPECT_THAT(annotations(), UnorderedElementsAre(Pair(revision, "0123abc")));
}

TEST_F(AnnotationsTest, say_of_no_commit_that_it_made_what_is_not_committed) {
  says_["status"] = " M hello.cpp\n";
  EXPECT_THAT(annotations(), UnorderedElementsAre(Pair(source, "https://github.com/owner/hello")));
}

TEST_F(AnnotationsTest, are_none_without_a_repository_or_without_git) {
  says_.clear();
  EXPECT_THAT(annotations(), IsEmpty());
  os::FakeProcesses without_git;
  EXPECT_THAT(git_annotations(without_git, "/project"), IsEmpty());
}

TEST_F(AnnotationsTest, can_be_said_and_taken_away_by_flags) {
  Annotations all = annotations();
  ASSERT_TRUE(add_annotations(all, {"licenses=MIT", "version=2", "source=", "team=a=b"}).has_value());
  EXPECT_THAT(all, UnorderedElementsAre(Pair(licenses, "MIT"), Pair(revision, "0123abc"), Pair(version, "2"),
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
