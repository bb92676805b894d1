// SPDX-License-Identifier: MIT
#include "program_test.hpp"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iterator>
#include <signal.h>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <unistd.h>

namespace wasmup {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds limit{60};  // of anything that a test waits for
constexpr std::chrono::milliseconds step{10};

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// Whether a process runs: one that has ended and was not waited for does not.
bool is_running(const fs::path& process) {
  const std::string stat = read(process / "stat");
  const size_t name_end = stat.rfind(')');
  return name_end != stat.npos && name_end + 2 < stat.size() && stat[name_end + 2] != 'Z';
}

}  // namespace

void send_signal(int pid, int signal) {
  if (pid <= 1) throw std::invalid_argument("no process has the number " + std::to_string(pid));
  ::kill(pid, signal);
}

RunningProgram::RunningProgram(os::Processes& processes, const os::Command& command) {
  auto child = processes.start(command, [this](std::string_view line) { output_.append(line) += '\n'; });
  if (!child) throw std::runtime_error(child.error().what + ": " + child.error().seen);
  child_ = *std::move(child);
}

void RunningProgram::wait_for_output(std::string_view text) {
  const auto deadline = Clock::now() + limit;
  while (!output_.contains(text)) {
    const auto ended = child_->wait(step);
    if (output_.contains(text)) return;
    if (ended || Clock::now() > deadline) {
      throw std::runtime_error(std::string(ended ? "it ended" : "it ran on") + " without saying '" +
                               std::string(text) + "':\n" + output_);
    }
  }
}

void RunningProgram::send(int signal) { send_signal(pid(), signal); }

void RunningProgram::send_to_group(int signal) {
  if (pid() <= 1) throw std::invalid_argument("no process group");
  ::kill(-pid(), signal);
}

Result RunningProgram::wait() {
  const auto status = child_->wait(limit);
  EXPECT_TRUE(status) << "it did not end:\n" << output_;
  return {status.value_or(-1), output_};
}

ProgramTest::ProgramTest() {
  fs::create_directory(folder_ / "tmp");
  set("TMPDIR", (folder_ / "tmp").string());
  set("NO_COLOR", "");
}

void ProgramTest::TearDown() {
  // One that was killed with its group may take a moment to go.
  const auto deadline = Clock::now() + std::chrono::seconds(10);
  while (!living().empty() && Clock::now() < deadline) std::this_thread::sleep_for(step);
  EXPECT_THAT(living(), testing::IsEmpty()) << "processes are left";
  for (const int pid : living()) send_signal(pid, SIGKILL);
  EXPECT_TRUE(fs::is_empty(folder_ / "tmp")) << fs::directory_iterator(folder_ / "tmp")->path() << " is left";
}

fs::path ProgramTest::program() { return WASMUP_PROGRAM; }

Result ProgramTest::run(const std::vector<std::string>& arguments) { return start(arguments)->wait(); }

std::unique_ptr<RunningProgram> ProgramTest::start(const std::vector<std::string>& arguments) {
  std::vector<std::string> argv{program()};
  argv.insert(argv.end(), arguments.begin(), arguments.end());
  return start_command(std::move(argv));
}

std::unique_ptr<RunningProgram> ProgramTest::start_script(const fs::path& name) {
  return start_command({folder_ / name});
}

std::unique_ptr<RunningProgram> ProgramTest::start_command(std::vector<std::string> argv) {
  return std::make_unique<RunningProgram>(*processes_, os::Command{.argv = std::move(argv),
                                                                   .environment = variables_,
                                                                   .directory = folder_,
                                                                   .inherits = os::Inherits::everything});
}

void ProgramTest::set(const std::string& name, const std::string& value) {
  std::erase_if(variables_, [&name](const auto& variable) { return variable.first == name; });
  variables_.emplace_back(name, value);
}

fs::path ProgramTest::write_script(const fs::path& name, std::string_view lines) {
  const fs::path path = write(name, "#!/bin/sh\n" + std::string(lines));
  fs::permissions(path, fs::perms::owner_all);
  return path;
}

fs::path ProgramTest::marking_envoy() {
  return write_script("envoy", "touch '" + (folder_ / "envoy-started").string() + "'\nexit 1\n");
}

void ProgramTest::wait_for_file(const fs::path& path) {
  const auto deadline = Clock::now() + limit;
  while (!fs::exists(path)) {
    if (Clock::now() > deadline) throw std::runtime_error(path.string() + " did not come");
    std::this_thread::sleep_for(step);
  }
}

void ProgramTest::wait_for_file_below(const fs::path& folder, const fs::path& name) {
  const auto has_come = [&] {
    std::error_code error;
    fs::recursive_directory_iterator entries(folder, error);
    for (; !error && entries != fs::recursive_directory_iterator(); entries.increment(error)) {
      if (entries->path().filename() == name) return true;
    }
    return false;
  };
  for (const auto deadline = Clock::now() + limit; !has_come(); std::this_thread::sleep_for(step)) {
    if (Clock::now() > deadline) throw std::runtime_error(name.string() + " did not come");
  }
}

std::vector<int> ProgramTest::living() const {
  const std::string entry = "=" + (folder_ / "tmp").string();  // TMPDIR, or a folder in it
  std::vector<int> found;
  std::error_code error;
  for (const fs::directory_entry& process : fs::directory_iterator("/proc", error)) {
    const std::string name = process.path().filename();
    if (!std::ranges::all_of(name, [](char c) { return c >= '0' && c <= '9'; })) continue;
    if (read(process.path() / "environ").contains(entry) && is_running(process.path())) {
      found.push_back(std::stoi(name));
    }
  }
  return found;
}

}  // namespace wasmup
