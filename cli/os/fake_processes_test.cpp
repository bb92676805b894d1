// SPDX-License-Identifier: MIT
#include "fake_processes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wasmup::os {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::Optional;

TEST(fake_processes, answers_come_in_turn_and_the_last_one_stays) {
  FakeProcesses processes;
  processes.script("tool", {{.output = "one\n"}, {.status = 2, .output = "two\n"}});
  EXPECT_EQ(processes.run({{"tool"}}, 1s)->output, "one\n");
  EXPECT_EQ(processes.run({{"tool"}}, 1s)->status, 2);
  EXPECT_EQ(processes.run({{"tool"}}, 1s)->status, 2);
}

TEST(fake_processes, records_what_was_run) {
  FakeProcesses processes;
  processes.script("tool");
  ASSERT_TRUE(processes.run({{"tool", "-v"}}, 1s));
  ASSERT_TRUE(processes.run_in_terminal({{processes.find("tool").value(), "build"}}));
  ASSERT_EQ(processes.commands.size(), 2u);
  EXPECT_THAT(processes.commands[0].argv, ElementsAre("tool", "-v"));
  EXPECT_THAT(processes.commands[1].argv, ElementsAre("/fake/bin/tool", "build"));
}

TEST(fake_processes, what_is_not_scripted_is_not_there) {
  FakeProcesses processes;
  EXPECT_EQ(processes.find("tool"), std::nullopt);
  EXPECT_EQ(processes.run({{"tool"}}, 1s).error().what, "cannot run tool");
}

TEST(fake_processes, sinks_get_lines) {
  FakeProcesses processes;
  processes.script("tool", {{.output = "a\n\nb"}});
  std::vector<std::string> lines;
  const auto finished =
      processes.run({{"tool"}}, 1s, [&](std::string_view line) { lines.emplace_back(line); });
  EXPECT_THAT(lines, ElementsAre("a", "", "b"));
  EXPECT_EQ(finished->output, "");
}

TEST(fake_processes, a_server_runs_until_it_is_terminated) {
  FakeProcesses processes;
  processes.script("/opt/server", {{.keeps_running = true}});
  EXPECT_EQ(processes.find("/opt/server"), "/opt/server");
  std::unique_ptr<Child> child = processes.start({{"/opt/server"}}, {}).value();
  EXPECT_EQ(child->wait(1s), std::nullopt);
  child->terminate(1s);
  EXPECT_THAT(child->ended(), Optional(143));
}

TEST(fake_processes, an_answer_can_have_an_effect) {
  FakeProcesses processes;
  std::string written;
  processes.script("tool", {{.effect = [&](const Command& command) { written = command.argv.at(1); }}});
  ASSERT_TRUE(processes.run({{"tool", "out.wasm"}}, 1s));
  EXPECT_EQ(written, "out.wasm");
}

TEST(fake_processes, a_played_program_answers_what_it_is_asked) {
  FakeProcesses processes;
  processes.play("echo", [](const Command& command) { return FakeAnswer{.output = command.argv.back()}; });
  EXPECT_EQ(processes.run({{"echo", "a"}}, {})->output, "a");
  EXPECT_EQ(processes.run({{"echo", "b"}}, {})->output, "b");
  EXPECT_TRUE(processes.find("echo"));
}

}  // namespace
}  // namespace wasmup::os
