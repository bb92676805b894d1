// SPDX-License-Identifier: MIT
#include "confinement.hpp"

#include <gtest/gtest.h>

#include "../testing/folder_test.hpp"
#include "processes.hpp"

namespace wasmup::os {
namespace {

/// A child that may read one folder and write another.
class ConfinementTest : public FolderTest {
 protected:
  void SetUp() override {
    if (!can_confine()) GTEST_SKIP() << "this kernel has no Landlock";
    write("ours/f", "ours");
    write("writable/f", "writable");
    write("secret", "secret");
    write("ours.not/f", "secret");
    std::filesystem::create_symlink("../secret", folder_ / "ours/link");
  }

  bool succeeds(const std::string& script) {
    const Command command{
        .argv = {"sh", "-c", script},
        .directory = folder_,
        .reach = Reach{.reads = {folder_ / "ours", folder_ / "none"}, .writes = {folder_ / "writable"}}};
    const auto finished = make_processes()->run(command, std::chrono::seconds(20));
    return finished && finished->status == 0;
  }
};

TEST_F(ConfinementTest, what_is_allowed_works) {
  EXPECT_TRUE(succeeds("cat ours/f && ls ours && cat writable/f"));
  EXPECT_TRUE(succeeds(
      "echo x >writable/f && mkdir -p writable/a/b && mv writable/f writable/a/b/g && rm writable/a/b/g"));
  EXPECT_TRUE(succeeds("echo x >/dev/null && head -c 1 /dev/urandom"));
}

TEST_F(ConfinementTest, nothing_else_is_read_or_written) {
  for (const char* script :
       {"cat secret", "cat ours/link", "cat ours/../secret", "cat ours.not/f", "ls .", "cat /proc/1/environ",
        "cat /etc/passwd", "cat /proc/self/environ", "ls /root", "ls /home"}) {
    EXPECT_FALSE(succeeds(script)) << script;
  }
  for (const char* script : {"echo x >ours/f", "echo x >secret", "echo x >new", "rm ours/f", "mkdir ours/d",
                             "mv ours/f writable", "ln ours/f writable/g", "echo x >/usr/wasmup-test"}) {
    EXPECT_FALSE(succeeds(script)) << script;
  }
}

}  // namespace
}  // namespace wasmup::os
