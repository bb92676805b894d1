// SPDX-License-Identifier: MIT
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "../app.hpp"
#include "../os/processes.hpp"
#include "../testing/fake_world.hpp"
#include "../testing/folder_test.hpp"

namespace wasmup::commands {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class CompletionTest : public FolderTest {
 protected:
  std::string script(const std::string& shell) {
    Environment environment = world_.environment();
    EXPECT_EQ(run_app({"completion", shell}, environment), ExitCode::ok);
    return world_.out.str();
  }
  /// What a real bash offers when the tab key is pressed behind these words.
  std::string completed(const std::string& words, int at) {
    const auto file = write("completion", script("bash"));
    const std::string line = "source \"$1\"; COMP_WORDS=(" + words + "); COMP_CWORD=" + std::to_string(at) +
                             "; _wasmup; printf '%s\\n' \"${COMPREPLY[@]}\"";
    const auto processes = os::make_processes();
    const auto finished =
        processes->run({{"bash", "-c", line, "bash", file.string()}, {}, folder_}, std::chrono::seconds(30));
    return finished ? finished->output : finished.error().seen;
  }
  FakeWorld world_;
};

TEST_F(CompletionTest, in_bash_offers_commands_flags_and_files) {
  EXPECT_EQ(completed("wasmup ve", 1), "verify\nversion\n");
  EXPECT_EQ(completed("wasmup run --on", 2), "--once\n");
  EXPECT_EQ(completed("wasmup build --on", 2), "\n") << "another command's";
  write("hello.cpp", "");
  EXPECT_EQ(completed("wasmup build hel", 2), "hello.cpp\n");
  EXPECT_EQ(completed("wasmup gateway u", 2), "up\n");
  EXPECT_EQ(completed("wasmup gateway up --fil", 3), "--filter\n");
  EXPECT_EQ(completed("wasmup gateway apply hel", 3), "hello.cpp\n");
  EXPECT_THAT(completed("wasmup ''", 1), AllOf(HasSubstr("new\n"), HasSubstr("--version\n")));
}

TEST_F(CompletionTest, for_other_shells_has_every_command) {
  for (const char* shell : {"zsh", "fish"}) {
    world_.out.str("");
    const std::string text = script(shell);
    for (const std::string& command : command_names(world_.environment())) {
      EXPECT_THAT(text, HasSubstr(command.substr(command.find(' ') + 1))) << shell;
    }
    EXPECT_THAT(text, HasSubstr("watch"));
  }
}

TEST_F(CompletionTest, knows_no_other_shell) {
  Environment environment = world_.environment();
  EXPECT_EQ(run_app({"completion", "tcsh"}, environment), ExitCode::usage);
}

}  // namespace
}  // namespace wasmup::commands
