// SPDX-License-Identifier: MIT
#include "processes.hpp"

#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sstream>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include "interrupt.hpp"
#include "temporary_folder.hpp"

namespace wasmup::os {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Optional;

using Clock = std::chrono::steady_clock;
constexpr auto plenty = 30s;

Command shell(std::string script) { return {{"sh", "-c", std::move(script)}}; }

/// Whether nothing runs under this number: a zombie that its new parent has not reaped yet does not run.
bool is_gone(int pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string text;
  std::getline(file, text);
  const size_t name_end = text.rfind(')');
  return name_end == text.npos || text.substr(name_end + 2, 1) == "Z";
}

bool goes_within(int pid, std::chrono::milliseconds limit) {
  for (const auto deadline = Clock::now() + limit; Clock::now() < deadline; std::this_thread::yield()) {
    if (is_gone(pid)) return true;
  }
  return false;
}

class processes : public testing::Test {
 protected:
  std::string output_of(const Command& command) {
    const Expected<Finished> finished = processes_->run(command, plenty);
    return finished ? finished->output : finished.error().what + ": " + finished.error().seen;
  }

  int status_of(const Command& command) {
    const Expected<Finished> finished = processes_->run(command, plenty);
    return finished ? finished->status : -1;
  }

  /// Starts a script and waits for the first line it writes, which it returns.
  std::string first_line_of(const Command& command, std::unique_ptr<Child>& child) {
    const auto first = std::make_shared<std::string>();
    child = processes_
                ->start(command,
                        [first](std::string_view line) {
                          if (first->empty()) *first = line;
                        })
                .value();
    for (const auto deadline = Clock::now() + plenty; first->empty() && Clock::now() < deadline;)
      child->wait(10ms);
    return *first;
  }

  std::unique_ptr<Processes> processes_ = make_processes();
};

TEST_F(processes, run_gives_standard_output_and_error_in_the_order_they_came) {
  EXPECT_EQ(output_of(shell("echo one; echo two >&2; echo three")), "one\ntwo\nthree\n");
}

TEST_F(processes, run_gives_the_exit_status) {
  EXPECT_EQ(status_of(shell("exit 0")), 0);
  EXPECT_EQ(status_of(shell("exit 7")), 7);
}

TEST_F(processes, an_end_by_a_signal_is_128_and_its_number) {
  EXPECT_EQ(status_of(shell("kill -SEGV $$")), 128 + SIGSEGV);
}

TEST_F(processes, arguments_reach_the_program_as_they_are) {
  EXPECT_EQ(output_of({{"printf", "[%s]", "$HOME; `id` 'a\"b", "", "*"}}), "[$HOME; `id` 'a\"b][][*]");
}

TEST_F(processes, a_child_gets_what_any_program_needs_and_no_secret_of_ours) {
  ::setenv("LC_WASMUP_TEST", "locale", 1);
  for (const char* secret :
       {"AWS_SECRET_ACCESS_KEY", "GITHUB_TOKEN", "WASMUP_TEST_ANY", "LD_PRELOAD_X", "PATHS"}) {
    ::setenv(secret, "secret", 1);
  }
  const std::string seen = output_of({{"env"}, {{"LC_ADDED", "added"}}});
  EXPECT_THAT(seen, HasSubstr("PATH="));
  EXPECT_THAT(seen, HasSubstr("LC_WASMUP_TEST=locale\n"));
  EXPECT_THAT(seen, HasSubstr("LC_ADDED=added\n"));
  EXPECT_THAT(seen, testing::Not(HasSubstr("secret")));
  const std::string all = output_of({.argv = {"env"}, .inherits = Inherits::everything});
  EXPECT_THAT(all, HasSubstr("AWS_SECRET_ACCESS_KEY=secret\n"));
  ::unsetenv("LC_WASMUP_TEST");
  for (const char* secret :
       {"AWS_SECRET_ACCESS_KEY", "GITHUB_TOKEN", "WASMUP_TEST_ANY", "LD_PRELOAD_X", "PATHS"}) {
    ::unsetenv(secret);
  }
}

TEST_F(processes, an_addition_takes_the_place_of_what_is_inherited) {
  ::setenv("WASMUP_TEST_CHANGED", "old", 1);
  Command command = shell("echo $WASMUP_TEST_CHANGED $WASMUP_TEST_NEW");
  command.inherits = Inherits::everything;
  command.environment = {{"WASMUP_TEST_CHANGED", "changed"}, {"WASMUP_TEST_NEW", "new"}};
  EXPECT_EQ(output_of(command), "changed new\n");
  ::unsetenv("WASMUP_TEST_CHANGED");
}

TEST_F(processes, a_child_has_no_descriptor_that_we_got_from_others) {
  const int not_marked = ::dup(STDERR_FILENO);  // as a shell's 9>file leaves one
  const std::string seen = output_of({{"ls", "-1", "/proc/self/fd"}});
  EXPECT_EQ(seen, "0\n1\n2\n3\n");  // 3: ls reads the folder
  ::close(not_marked);
}

TEST_F(processes, a_child_leaves_no_core_file) { EXPECT_EQ(output_of(shell("ulimit -c")), "0\n"); }

TEST_F(processes, what_a_child_writes_is_bounded) {
  const TemporaryFolder folder = TemporaryFolder::make("wasmup-test").value();
  Command command = shell("head -c 100000 /dev/zero >file");
  command.directory = folder.path();
  command.most_file_bytes = 50'000;
  EXPECT_NE(status_of(command), 0);
  EXPECT_LE(std::filesystem::file_size(folder.path() / "file"), 50'000);
}

TEST_F(processes, what_a_child_prints_is_bounded) {
  const auto finished = processes_->run({{"head", "-c", "70000000", "/dev/zero"}}, plenty);
  ASSERT_FALSE(finished);
  EXPECT_EQ(finished.error().seen, "more than 64 MiB");
  size_t longest = 0;
  const auto with_sink =
      processes_->run({{"head", "-c", "5000000", "/dev/zero"}}, plenty,
                      [&](std::string_view line) { longest = std::max(longest, line.size()); });
  ASSERT_TRUE(with_sink);
  EXPECT_LT(longest, size_t{1} << 21);
}

TEST_F(processes, an_argument_with_a_zero_byte_is_refused) {
  using namespace std::string_literals;
  for (const Command& command : {Command{{"echo", "a\0b"s}}, Command{{"echo"}, {{"A", "b\0"s}}},
                                 Command{.argv = {"echo"}, .directory = "/\0"s}}) {
    const auto finished = processes_->run(command, plenty);
    ASSERT_FALSE(finished);
    EXPECT_EQ(finished.error().code, ExitCode::usage);
  }
}

TEST_F(processes, a_command_runs_in_its_directory) {
  const TemporaryFolder folder = TemporaryFolder::make("wasmup-test").value();
  EXPECT_EQ(output_of({{"pwd", "-P"}, {}, folder.path()}),
            std::filesystem::canonical(folder.path()).string() + "\n");
}

TEST_F(processes, a_child_has_nothing_to_read) { EXPECT_EQ(output_of({{"cat"}}), ""); }

TEST_F(processes, more_output_than_a_pipe_holds_arrives_whole) {
  const Expected<Finished> finished = processes_->run({{"head", "-c", "1000000", "/dev/zero"}}, plenty);
  ASSERT_TRUE(finished);
  EXPECT_EQ(finished->output, std::string(1000000, '\0'));
  EXPECT_EQ(finished->status, 0);
}

TEST_F(processes, a_sink_gets_whole_lines_and_the_rest_at_the_end) {
  std::vector<std::string> lines;
  const Expected<Finished> finished =
      processes_->run(shell("printf 'a\\n\\nb'; printf 'c\\nd'"), plenty,
                      [&](std::string_view line) { lines.emplace_back(line); });
  ASSERT_TRUE(finished);
  EXPECT_THAT(lines, ElementsAre("a", "", "bc", "d"));
  EXPECT_EQ(finished->output, "") << "the sink took it";
}

TEST_F(processes, a_program_that_is_not_there_is_an_error) {
  const Expected<Finished> named = processes_->run({{"wasmup-no-such-program"}}, plenty);
  ASSERT_FALSE(named);
  EXPECT_EQ(named.error().code, ExitCode::environment);
  EXPECT_EQ(named.error().what, "cannot run wasmup-no-such-program");
  EXPECT_THAT(named.error().seen, HasSubstr("no such program on the PATH"));

  const Expected<std::unique_ptr<Child>> pointed_at = processes_->start({{"/nowhere/program"}}, {});
  ASSERT_FALSE(pointed_at);
  EXPECT_THAT(pointed_at.error().seen, HasSubstr("no such file"));
}

TEST_F(processes, a_file_that_is_not_a_program_is_an_error) {
  const TemporaryFolder folder = TemporaryFolder::make("wasmup-test").value();
  const std::filesystem::path file = folder.path() / "text";
  std::ofstream(file) << "not a program\n";
  const Expected<Finished> plain = processes_->run({{file}}, plenty);
  ASSERT_FALSE(plain);
  EXPECT_THAT(plain.error().seen, HasSubstr("not an executable file"));

  ::chmod(file.c_str(), 0755);
  const Expected<Finished> executable = processes_->run({{file}}, plenty);
  ASSERT_FALSE(executable);
  EXPECT_THAT(executable.error().seen, HasSubstr("Exec format error"));
}

TEST_F(processes, a_directory_that_is_not_there_is_an_error) {
  const Expected<Finished> finished = processes_->run({{"true"}, {}, "/nowhere"}, plenty);
  ASSERT_FALSE(finished);
  EXPECT_THAT(finished.error().seen, HasSubstr("No such file or directory"));
}

TEST_F(processes, run_ends_a_program_that_takes_too_long) {
  const auto start = Clock::now();
  const Expected<Finished> finished = processes_->run(shell("echo begun; sleep 600"), 200ms);
  ASSERT_TRUE(finished);
  EXPECT_TRUE(finished->timed_out);
  EXPECT_EQ(finished->output, "begun\n");
  EXPECT_EQ(finished->status, 128 + SIGTERM);
  EXPECT_LT(Clock::now() - start, plenty);
}

TEST_F(processes, wait_gives_nothing_while_the_child_runs_and_its_status_after) {
  std::unique_ptr<Child> child = processes_->start({{"sleep", "600"}}, {}).value();
  EXPECT_EQ(child->wait(10ms), std::nullopt);
  EXPECT_EQ(child->ended(), std::nullopt);
  ::kill(child->pid(), SIGINT);
  EXPECT_THAT(child->wait(plenty), Optional(128 + SIGINT));
  EXPECT_THAT(child->ended(), Optional(128 + SIGINT));
}

TEST_F(processes, a_child_that_floods_us_does_not_hold_up_wait) {
  size_t lines = 0;
  std::unique_ptr<Child> child = processes_->start({{"yes"}}, [&](std::string_view) { ++lines; }).value();
  const auto start = Clock::now();
  EXPECT_EQ(child->wait(50ms), std::nullopt);
  EXPECT_LT(Clock::now() - start, plenty);
  EXPECT_GT(lines, 0u);
}

TEST_F(processes, terminate_ends_grandchildren_too) {
  std::unique_ptr<Child> child;
  const int grandchild = std::stoi(first_line_of(shell("sleep 600 & echo $!; wait"), child));
  EXPECT_FALSE(is_gone(grandchild));
  child->terminate(plenty);
  EXPECT_THAT(child->ended(), Optional(128 + SIGTERM));
  EXPECT_TRUE(goes_within(grandchild, plenty));
}

TEST_F(processes, terminate_kills_a_child_that_will_not_go) {
  std::unique_ptr<Child> child;
  EXPECT_EQ(first_line_of(shell("trap '' TERM; echo ready; while :; do sleep 1; done"), child), "ready");
  child->terminate(50ms);
  EXPECT_THAT(child->ended(), Optional(128 + SIGKILL));
}

TEST_F(processes, destruction_ends_the_group) {
  std::unique_ptr<Child> child;
  const int grandchild = std::stoi(first_line_of(shell("sleep 600 & echo $!; wait"), child));
  const int pid = child->pid();
  child.reset();
  EXPECT_TRUE(goes_within(grandchild, plenty));
  EXPECT_EQ(::kill(pid, 0), -1) << "not even a zombie is left";
}

TEST_F(processes, run_does_not_wait_for_what_a_program_left_behind_but_ends_it) {
  const std::string output = output_of(shell("sleep 600 & echo $!"));
  EXPECT_TRUE(goes_within(std::stoi(output), plenty));
}

TEST_F(processes, children_end_when_we_die) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const pid_t parent = ::fork();
  if (parent == 0) {
    const auto child = make_processes()->start({{"sleep", "600"}}, {});
    const int pid = child ? (*child)->pid() : 0;
    [[maybe_unused]] const ssize_t written = ::write(ends[1], &pid, sizeof(pid));
    ::_exit(0);  // no destructor runs, as after SIGKILL
  }
  int pid = 0;
  ASSERT_EQ(::read(ends[0], &pid, sizeof(pid)), static_cast<ssize_t>(sizeof(pid)));
  ::waitpid(parent, nullptr, 0);
  ::close(ends[0]);
  ::close(ends[1]);
  ASSERT_GT(pid, 0);
  EXPECT_TRUE(goes_within(pid, plenty));
}

TEST_F(processes, an_interrupt_ends_run) {
  const Interrupt interrupt;
  const auto start = Clock::now();
  const Expected<Finished> finished = processes_->run(shell("kill -INT $PPID; exec sleep 600"), 600s);
  ASSERT_FALSE(finished);
  EXPECT_EQ(finished.error().code, ExitCode::interrupted);
  EXPECT_LT(Clock::now() - start, plenty);
}

TEST_F(processes, an_interrupt_ends_wait_but_not_the_child) {
  const Interrupt interrupt;
  std::unique_ptr<Child> child = processes_->start(shell("kill -HUP $PPID; exec sleep 600"), {}).value();
  const auto start = Clock::now();
  EXPECT_EQ(child->wait(600s), std::nullopt);
  EXPECT_LT(Clock::now() - start, plenty);
  EXPECT_TRUE(Interrupt::requested());
  EXPECT_EQ(child->ended(), std::nullopt);
}

TEST_F(processes, run_in_terminal_gives_the_exit_status) {
  EXPECT_EQ(processes_->run_in_terminal(shell("exit 3")).value(), 3);
  EXPECT_FALSE(processes_->run_in_terminal({{"wasmup-no-such-program"}}));
}

TEST_F(processes, run_in_terminal_passes_an_interrupt_on) {
  const Interrupt interrupt;
  const auto start = Clock::now();
  const Expected<int> status = processes_->run_in_terminal(shell("kill -TERM $PPID; exec sleep 600"));
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ExitCode::interrupted);
  EXPECT_LT(Clock::now() - start, plenty);
}

TEST_F(processes, find_looks_on_the_path) {
  const std::optional<std::filesystem::path> found = processes_->find("sh");
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->is_absolute());
  EXPECT_EQ(found->filename(), "sh");
  EXPECT_EQ(processes_->find("wasmup-no-such-program"), std::nullopt);
}

TEST_F(processes, find_takes_a_path_as_given) {
  EXPECT_EQ(processes_->find("/bin/sh"), "/bin/sh");
  EXPECT_EQ(processes_->find("/bin"), std::nullopt) << "a folder is no program";
  EXPECT_EQ(processes_->find("/etc/passwd"), std::nullopt) << "not executable";
}

}  // namespace
}  // namespace wasmup::os
