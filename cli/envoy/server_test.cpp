// SPDX-License-Identifier: MIT
#include "server.hpp"

#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sstream>
#include <sys/stat.h>
#include <unistd.h>

#include "os/fake_processes.hpp"
#include "os/interrupt.hpp"

namespace wasmup::envoy {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::HasSubstr;
using testing::IsSupersetOf;
using testing::Pair;
using testing::StartsWith;

/// Programs that stand in for an Envoy that does not start; one that does is tested in tests/envoy.
class server : public testing::Test {
 protected:
  ServerOptions options_for(const std::string& script) {
    const std::filesystem::path program = folder_.path() / "envoy";
    std::ofstream(program) << "#!/bin/sh\n" << script << "\n";
    ::chmod(program.c_str(), 0755);
    return {.executable = program,
            .bootstrap = {.filters = {{.module = "/m.wasm"}}},
            .on_log = [this](const LogLine& line) { log_.push_back(line.message); }};
  }

  Error error_of(ServerOptions options) {
    const auto server = Server::start(*processes_, std::move(options));
    return server ? Error{ExitCode::ok, "it started", "", ""} : server.error();
  }

  os::TemporaryFolder folder_ = os::TemporaryFolder::make("wasmup-test").value();
  std::unique_ptr<os::Processes> processes_ = os::make_processes();
  std::vector<std::string> log_;
};

TEST_F(server, an_envoy_that_ends_at_start_is_quoted) {
  const Error error =
      error_of(options_for("printf 'error\\037config\\0370\\0370\\037it is too late\\n'; exit 1"));
  EXPECT_EQ(error.code, ExitCode::environment);
  EXPECT_EQ(error.what, "Envoy did not start");
  EXPECT_EQ(error.seen, "it is too late");
  EXPECT_THAT(log_, Contains("it is too late"));
}

TEST_F(server, an_envoy_that_ends_without_a_word_has_a_status) {
  EXPECT_EQ(error_of(options_for("exit 7")).seen, "it ended with status 7");
  EXPECT_EQ(error_of(options_for("kill -KILL $$")).seen, "it ended with status 137");
}

TEST_F(server, a_refused_module_is_told_from_a_broken_environment) {
  const Error error =
      error_of(options_for("printf 'error\\037wasm\\0370\\0370\\037Wasm VM failed\\n'; exit 1"));
  EXPECT_EQ(error.code, ExitCode::module_refused);
  EXPECT_EQ(error.seen, "Wasm VM failed");
}

TEST_F(server, an_envoy_that_is_not_ready_in_time_is_ended) {
  ServerOptions options = options_for("echo $$; exec sleep 600");
  options.start_limit = 200ms;
  const Error error = error_of(std::move(options));
  EXPECT_EQ(error.code, ExitCode::environment);
  EXPECT_THAT(error.what, HasSubstr("not ready within 200 ms"));
  ASSERT_EQ(log_.size(), 1u);
  EXPECT_EQ(::kill(std::stoi(log_[0]), 0), -1);
}

TEST_F(server, an_interrupt_ends_the_start) {
  const os::Interrupt interrupt;
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(error_of(options_for("kill -INT $PPID; exec sleep 600")).code, ExitCode::interrupted);
  EXPECT_LT(std::chrono::steady_clock::now() - start, 20s);
}

TEST_F(server, an_envoy_that_is_not_there_leads_to_set_up) {
  ServerOptions options = options_for("");
  options.executable = folder_.path() / "none";
  const Error error = error_of(std::move(options));
  EXPECT_EQ(error.code, ExitCode::environment);
  EXPECT_THAT(error.what, StartsWith("Envoy did not start: cannot run "));
  EXPECT_THAT(error.seen, HasSubstr("no such file"));
  EXPECT_THAT(error.next, HasSubstr("./wasmup setup"));
}

TEST_F(server, leaves_no_file_behind) {
  error_of(options_for("pwd; exit 1"));
  ASSERT_EQ(log_.size(), 1u);
  EXPECT_THAT(log_[0], HasSubstr("wasmup-envoy-"));
  EXPECT_FALSE(std::filesystem::exists(log_[0]));
}

TEST_F(server, tells_envoy_to_keep_to_itself) {
  os::FakeProcesses processes;
  processes.script("/opt/envoy", {{.status = 1}});
  ServerOptions options = options_for("");
  options.executable = "/opt/envoy";
  options.wasm_log_level = "trace";
  options.concurrency = 3;
  EXPECT_FALSE(Server::start(processes, std::move(options)));
  ASSERT_EQ(processes.commands.size(), 1u);
  const os::Command& command = processes.commands[0];
  EXPECT_THAT(command.argv, IsSupersetOf({"/opt/envoy", "--disable-hot-restart", "--concurrency", "3",
                                          "--component-log-level", "wasm:trace"}));
  EXPECT_THAT(command.environment, IsSupersetOf({Pair("HOME", command.directory.string()),
                                                 Pair("TMPDIR", command.directory.string())}));
}

TEST_F(server, writes_the_configuration_and_the_filter_by_ecds_before_it_starts) {
  ServerOptions options = options_for("cat \"$2\"; exit 1");
  options.bootstrap.discovery_folder = folder_.path();
  const Bootstrap bootstrap = options.bootstrap;
  error_of(std::move(options));
  EXPECT_THAT(log_, Contains(HasSubstr("path_config_source")));
  std::ostringstream written;
  written << std::ifstream(discovery_file(folder_.path(), "wasmup")).rdbuf();
  EXPECT_EQ(written.str(), discovery_json(bootstrap.filters.front()));
}

}  // namespace
}  // namespace wasmup::envoy
