// SPDX-License-Identifier: MIT
#include "repository.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "../os/processes.hpp"
#include "../testing/folder_test.hpp"
#include "../text/file.hpp"

namespace wasmup::project {
namespace {

namespace fs = std::filesystem;

using testing::SizeIs;

/// A repository made by the git that is installed.
class RepositoryTest : public FolderTest {
 protected:
  void SetUp() override {
    if (!processes_->find("git")) GTEST_SKIP() << "there is no git";
    git({"init", "-q", "-b", "main"});
    git({"remote", "add", "origin", "git@github.com:owner/hello.git"});
    write("project/hello.cpp", "int x;\n");
    commit();
  }

  void git(std::vector<std::string> words, const fs::path& folder = {}) {
    const fs::path where = folder.empty() ? project_ : folder;
    fs::create_directories(where);
    words.insert(words.begin(), {"git", "-c", "user.name=A", "-c", "user.email=a@example.com", "-c",
                                 "protocol.file.allow=always"});
    const auto finished = processes_->run(
        {.argv = words, .environment = {{"GIT_CONFIG_GLOBAL", "/dev/null"}}, .directory = where},
        std::chrono::seconds(30));
    ASSERT_TRUE(finished && finished->status == 0) << (finished ? finished->output : finished.error().seen);
  }

  void commit(const fs::path& folder = {}) {
    git({"add", "-A"}, folder);
    git({"commit", "-q", "-m", "x"}, folder);
  }

  std::string head(const fs::path& folder) {
    return processes_
        ->run({.argv = {"git", "rev-parse", "HEAD"}, .directory = folder}, std::chrono::seconds(30))
        ->output.substr(0, 40);
  }

  Commit asked(const fs::path& folder = {}) {
    return ask_git(*processes_, folder.empty() ? project_ : folder);
  }

  const fs::path project_ = folder_ / "project";
  std::unique_ptr<os::Processes> processes_ = os::make_processes();
};

TEST_F(RepositoryTest, has_an_origin_a_commit_and_the_tag_on_it) {
  EXPECT_EQ(asked().origin, "git@github.com:owner/hello.git");
  EXPECT_EQ(asked().revision, head(project_));
  EXPECT_EQ(asked().version, "");
  git({"tag", "-a", "v1.2.0", "-m", "x"});
  EXPECT_EQ(asked().version, "v1.2.0");
  git({"pack-refs", "--all"});
  git({"gc", "-q"});
  EXPECT_EQ(asked().revision, head(project_));
  EXPECT_EQ(asked().version, "v1.2.0");
  git({"checkout", "-q", "--detach"});
  EXPECT_EQ(asked().revision, head(project_));
}

TEST_F(RepositoryTest, has_no_commit_for_what_is_not_committed) {
  write("project/hello.cpp", "int y;\n");  // of the same size, in the same moment
  EXPECT_EQ(asked().revision, "");
  EXPECT_EQ(asked().origin, "git@github.com:owner/hello.git");
  write("project/hello.cpp", "int x;\n");
  EXPECT_THAT(asked().revision, SizeIs(40));
  write("project/new.cpp", "");
  EXPECT_EQ(asked().revision, "");
}

TEST_F(RepositoryTest, heeds_what_is_to_be_ignored) {
  write("project/.gitignore", "/build/\n");
  commit();
  write("project/build/hello.wasm", "");
  write("project/.git/info/exclude", "*.swp\n");
  write("project/hello.swp", "");
  EXPECT_EQ(asked().revision, head(project_));
}

TEST_F(RepositoryTest, is_about_the_folder_alone) {
  write("project/sub/a.cpp", "");
  commit();
  write("project/hello.cpp", "changed");
  EXPECT_EQ(asked(project_ / "sub").revision, head(project_));
}

TEST_F(RepositoryTest, may_be_a_linked_work_tree) {
  git({"worktree", "add", "-q", "--detach", folder_ / "linked"});
  EXPECT_EQ(asked(folder_ / "linked").revision, head(project_));
  // A file that anybody can write, and that the repository does not know of.
  fs::create_directories(folder_ / "planted");
  fs::copy_file(folder_ / "linked/.git", folder_ / "planted/.git");
  EXPECT_EQ(asked(folder_ / "planted").origin, "");
}

TEST_F(RepositoryTest, is_none_of_a_link_or_without_a_commit) {
  fs::create_directories(folder_ / "planted");
  fs::create_symlink("../project/.git", folder_ / "planted/.git");
  EXPECT_EQ(asked(folder_ / "planted").origin, "");
  git({"init", "-q"}, folder_ / "empty");
  EXPECT_EQ(asked(folder_ / "empty").revision, "");
  EXPECT_EQ(asked("/").revision, "");
  EXPECT_EQ(asked(folder_ / "none").revision, "");
}

/// Whatever the folder's configuration names, none of it runs.
class HostileRepositoryTest : public RepositoryTest {
 protected:
  fs::path marker() const { return folder_ / "it_ran"; }
  std::string command() const { return "touch " + marker().string() + " #"; }

  void is_harmless(const fs::path& folder = {}) {
    fs::remove(marker());  // by what the test itself has asked of git
    asked(folder);
    EXPECT_FALSE(fs::exists(marker()));
  }

  void configure(const std::string& lines) {
    std::ofstream(project_ / ".git/config", std::ios::app) << lines << "\n";
  }
};

TEST_F(HostileRepositoryTest, that_is_bare_and_lies_in_the_folder) {
  const fs::path bare = folder_ / "clone/filter";
  git({"clone", "-q", "--bare", project_, bare});
  write("clone/filter/hello.cpp", "");
  std::ofstream(bare / "config")
      << "[core]\nrepositoryformatversion = 0\nbare = false\nworktree = .\nfsmonitor = \"" << command()
      << "; false\"\n";
  git({"status"}, bare);
  EXPECT_TRUE(fs::exists(marker())) << "git alone obeys it";
  is_harmless(bare);
}

TEST_F(HostileRepositoryTest, by_each_setting_that_names_a_command) {
  write("project/.gitattributes", "* filter=x diff=x merge=x\n");
  commit();
  for (const std::string lines :
       {"[core]\nfsmonitor = \"CMD; false\"", "[filter \"x\"]\nclean = CMD\nsmudge = CMD\nrequired = true",
        "[filter \"x\"]\nprocess = CMD", "[diff \"x\"]\ntextconv = CMD\ncommand = CMD",
        "[diff]\nexternal = CMD", "[core]\npager = CMD\neditor = CMD\nsshCommand = CMD\ngitProxy = CMD",
        "[core]\naskPass = CMD\nalternateRefsCommand = CMD",
        "[pager]\nstatus = CMD\ndescribe = CMD\nconfig = CMD", "[credential]\nhelper = \"!CMD\"",
        "[alias]\nstatus = \"!CMD\"\ndescribe = \"!CMD\"", "[gpg]\nprogram = CMD",
        "[merge \"x\"]\ndriver = CMD",
        "[remote \"origin\"]\npromisor = true\nuploadpack = CMD\n[extensions]\npartialClone = origin",
        "[remote \"origin\"]\nvcs = x\nreceivepack = CMD\nproxy = CMD", "[core]\nhooksPath = ../hooks",
        "[uploadpack]\npackObjectsHook = CMD", "[trailer \"x\"]\ncommand = CMD",
        "[submodule]\nrecurse = true\n[status]\nsubmoduleSummary = true"}) {
    const std::string before = text::read_file(project_ / ".git/config").value();
    std::string with_command = lines;
    for (size_t at; (at = with_command.find("CMD")) != with_command.npos;)
      with_command.replace(at, 3, command());
    configure(with_command);
    std::ofstream(folder_ / "included") << with_command << "\n";
    write("project/hello.cpp", "int y; // another content, so that it is looked at\n");
    is_harmless();
    // The same from another file.
    std::ofstream(project_ / ".git/config")
        << before << "[include]\npath = " << (folder_ / "included").string() << "\n";
    is_harmless();
    std::ofstream(project_ / ".git/config") << before;
  }
}

TEST_F(HostileRepositoryTest, by_its_hooks) {
  for (const char* hook : {"post-index-change", "fsmonitor-watchman", "post-checkout",
                           "reference-transaction", "pre-auto-gc", "query-watchman"}) {
    for (const char* place : {"project/.git/hooks/", "project/hooks/"}) {
      fs::permissions(write(std::string(place) + hook, "#!/bin/sh\n" + command() + "\n"),
                      fs::perms::owner_all);
    }
  }
  is_harmless();
}

TEST_F(HostileRepositoryTest, by_a_submodule_with_a_configuration_of_its_own) {
  git({"init", "-q"}, folder_ / "other");
  write("other/x.cpp", "");
  commit(folder_ / "other");
  git({"submodule", "--quiet", "add", folder_ / "other", "sub"});
  commit();
  std::ofstream(project_ / ".git/modules/sub/config", std::ios::app)
      << "[core]\nfsmonitor = \"" << command() << "; false\"\n";
  write("project/sub/x.cpp", "changed");
  is_harmless();
  is_harmless(project_ / "sub");
  // A repository inside that is none of git's submodules.
  git({"init", "-q"}, project_ / "inner");
  std::ofstream(project_ / "inner/.git/config", std::ios::app)
      << "[core]\nfsmonitor = \"" << command() << "; false\"\n";
  is_harmless();
}

TEST_F(HostileRepositoryTest, by_what_is_missing_in_it) {
  // Objects that git would fetch, by a command that the repository names.
  fs::remove_all(project_ / ".git/objects");
  fs::create_directories(project_ / ".git/objects");
  configure("[remote \"origin\"]\nurl = ext::" + command() +
            "\npromisor = true\n[protocol \"ext\"]\nallow = always");
  is_harmless();
  EXPECT_EQ(asked().revision, "");
}

TEST_F(HostileRepositoryTest, by_links_and_pipes_in_the_place_of_its_files) {
  write("secret", "0123456789012345678901234567890123456789\n");
  for (const char* name : {"HEAD", "packed-refs", "index", "config", "refs/heads/main"}) {
    const fs::path file = project_ / ".git" / name;
    const fs::path kept = folder_ / "kept";
    if (fs::exists(file)) fs::rename(file, kept);
    fs::create_symlink(folder_ / "secret", file);
    EXPECT_NE(asked().revision, "0123456789012345678901234567890123456789") << name;
    fs::remove(file);
    ASSERT_EQ(::mkfifo(file.c_str(), 0600), 0);
    asked();  // and it ends
    fs::remove(file);
    if (fs::exists(kept)) fs::rename(kept, file);
  }
}

}  // namespace
}  // namespace wasmup::project
