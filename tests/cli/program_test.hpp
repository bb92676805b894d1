// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../../cli/error.hpp"
#include "../../cli/os/processes.hpp"
#include "../../cli/testing/folder_test.hpp"

namespace wasmup {

/// A signal to one process. Throws rather than taking what is no process's number: kill(2) takes -1 for all.
void send_signal(int pid, int signal);

struct Result {
  int status = 0;
  std::string output;  ///< standard output and error
};

/// The program while it runs.
class RunningProgram {
 public:
  RunningProgram(os::Processes& processes, const os::Command& command);

  int pid() const { return child_->pid(); }
  const std::string& output() const { return output_; }
  /// Waits until its output holds `text`; throws, which fails the test, when it ends or the time is up
  /// without.
  void wait_for_output(std::string_view text);
  void send(int signal);
  /// To its process group, as a terminal does.
  void send_to_group(int signal);
  /// Waits until it has ended by itself; fails the test when the time is up.
  Result wait();

 private:
  std::string output_;
  std::unique_ptr<os::Child> child_;
};

/// A test that runs the built program as a user would. After each, nothing may be left of it: no process, no
/// temporary file.
class ProgramTest : public FolderTest {
 protected:
  using Variables = std::vector<std::pair<std::string, std::string>>;

  ProgramTest();
  void TearDown() override;

  static std::filesystem::path program();
  Result run(const std::vector<std::string>& arguments);
  std::unique_ptr<RunningProgram> start(const std::vector<std::string>& arguments);
  std::unique_ptr<RunningProgram> start_script(const std::filesystem::path& name);

  /// Of the program from now on.
  void set(const std::string& name, const std::string& value);
  /// A shell script, executable, in this test's folder.
  std::filesystem::path write_script(const std::filesystem::path& name, std::string_view lines);
  /// An Envoy that leaves a mark when it is started, and then ends.
  std::filesystem::path marking_envoy();
  bool envoy_was_started() const { return std::filesystem::exists(folder_ / "envoy-started"); }
  /// Waits until a script has made this file; throws when the time is up.
  void wait_for_file(const std::filesystem::path& path);
  /// The same, wherever in this folder it comes.
  void wait_for_file_below(const std::filesystem::path& folder, const std::filesystem::path& name);
  /// The numbers of the processes that this test has started, directly or not.
  std::vector<int> living() const;

 private:
  std::unique_ptr<RunningProgram> start_command(std::vector<std::string> argv);

  std::unique_ptr<os::Processes> processes_ = os::make_processes();
  Variables variables_;
};

constexpr int status(ExitCode code) { return static_cast<int>(code); }

}  // namespace wasmup
