// SPDX-License-Identifier: MIT
// `wasmup run` until it is ended, in the real Envoy.
#include <array>
#include <pty.h>
#include <regex>
#include <signal.h>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>

#include "../../cli/http/client.hpp"
#include "../../cli/wasm/assemble.hpp"
#include "program_test.hpp"

namespace wasmup {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class Serve : public ProgramTest {
 protected:
  std::unique_ptr<RunningProgram> serve(std::vector<std::string> flags = {}) {
    flags.insert(flags.begin(), "run");
    auto program = start(flags);
    program->wait_for_output("Ctrl-C ends it");
    return program;
  }

  static std::string url_in(const std::string& output) {
    std::smatch found;
    EXPECT_TRUE(std::regex_search(output, found, std::regex("curl -i (http://\\S+)"))) << output;
    return found[1];
  }

  int envoy_pid(const RunningProgram& program) {
    std::vector<int> others = living();
    std::erase(others, program.pid());
    if (others.size() != 1)
      throw std::runtime_error("not one process besides the program, but " + std::to_string(others.size()));
    return others.front();
  }
};

TEST_F(Serve, answers_with_the_header_until_ctrl_c) {
  const auto program = serve();
  const Expected<http::Response> response = http::send({.url = url_in(program->output()) + "any/path"});
  ASSERT_TRUE(response) << response.error().seen;
  EXPECT_THAT(response->values("x-wasm-custom"), ElementsAre("FOO"));
  program->send(SIGINT);
  EXPECT_EQ(program->wait().status, status(ExitCode::ok));
  EXPECT_FALSE(http::send({.url = url_in(program->output())}));
}

TEST_F(Serve, ends_well_on_other_signals_too) {
  const auto program = serve();
  program->send(SIGTERM);
  EXPECT_EQ(program->wait().status, status(ExitCode::ok));
}

TEST_F(Serve, streams_the_filters_log_as_it_comes) {
  const std::string logs = R"((import "env" "proxy_log" (func $log (param i32 i32 i32) (result i32)))
      (data (i32.const 16) "hello there")
      (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
        (drop (call $log (i32.const 3) (i32.const 16) (i32.const 11))) (i32.const 0)))";
  const auto program = serve({"--filter", write("logs.wasm", wasm::minimal_module(logs)).string()});
  const size_t before = program->output().size();
  ASSERT_TRUE(http::send({.url = url_in(program->output())}));
  program->wait_for_output("Ctrl-C ends it\nfilter    warning: hello there\n");
  EXPECT_GT(program->output().size(), before);
  program->send(SIGINT);
  EXPECT_EQ(program->wait().status, status(ExitCode::ok));
}

TEST_F(Serve, on_the_port_it_is_given_and_no_second_one_there) {
  const auto first = serve();
  const std::string url = url_in(first->output());
  const std::string port = std::regex_replace(url, std::regex(".*:([0-9]+)/"), "$1");
  const Result second = run({"run", "--once", "--port", port});
  EXPECT_EQ(second.status, status(ExitCode::environment));
  EXPECT_THAT(second.output, AllOf(HasSubstr("127.0.0.1:" + port), HasSubstr("envoy")));
  first->send(SIGINT);
  EXPECT_EQ(first->wait().status, status(ExitCode::ok));

  const auto third = serve({"--port", port});
  EXPECT_EQ(url_in(third->output()), url);
  third->send(SIGINT);
  EXPECT_EQ(third->wait().status, status(ExitCode::ok));
}

TEST_F(Serve, ends_when_nobody_reads_its_output_any_more) {
  write("my.wasm", wasm::minimal_module());
  write_script("pipe", "'" + program().string() + "' run --filter my.wasm --log-level debug | head -n 1\n");
  EXPECT_THAT(start_script("pipe")->wait().output, HasSubstr("my.wasm"));
}

TEST_F(Serve, an_envoy_that_dies_is_said_to_have_died) {
  const auto program = serve();
  send_signal(envoy_pid(*program), SIGKILL);
  const Result result = program->wait();
  EXPECT_EQ(result.status, status(ExitCode::environment));
  EXPECT_THAT(result.output, HasSubstr("Envoy ended"));
}

TEST_F(Serve, envoy_does_not_outlive_a_program_that_is_killed) {
  const auto program = serve();
  EXPECT_GT(envoy_pid(*program), 0);
  program->send(SIGKILL);
  program->wait();
  std::filesystem::remove_all(folder_ / "tmp");  // nobody is left who could
  std::filesystem::create_directory(folder_ / "tmp");
}

/// Its output on a terminal of 80 columns.
std::string on_a_terminal(const std::vector<std::string>& argv, const std::vector<std::string>& variables) {
  const winsize size{.ws_row = 25, .ws_col = 80, .ws_xpixel = 0, .ws_ypixel = 0};
  int terminal = -1;
  const pid_t pid = ::forkpty(&terminal, nullptr, nullptr, &size);
  if (pid == 0) {
    for (const std::string& variable : variables) ::putenv(const_cast<char*>(variable.c_str()));
    std::vector<char*> arguments;
    arguments.reserve(argv.size() + 1);
    for (const std::string& argument : argv) arguments.push_back(const_cast<char*>(argument.c_str()));
    arguments.push_back(nullptr);
    ::execv(arguments[0], arguments.data());
    ::_exit(127);
  }
  std::string output;
  std::array<char, 4096> chunk;
  for (ssize_t size_read; (size_read = ::read(terminal, chunk.data(), chunk.size())) > 0;) {
    output.append(chunk.data(), static_cast<size_t>(size_read));
  }
  ::close(terminal);
  ::waitpid(pid, nullptr, 0);
  return output;
}

class OnATerminal : public ProgramTest {
 protected:
  std::string run_once(const std::string& variable) {
    return on_a_terminal({program().string(), "run", "--once"},
                         {"TMPDIR=" + (folder_ / "tmp").string(), "TERM=xterm", variable});
  }
};

TEST_F(OnATerminal, what_the_filter_added_is_in_colour) {
  EXPECT_THAT(run_once("NO_COLOR="), testing::ContainsRegex("\x1b\\[32m  \\+ +x-wasm-custom: FOO\x1b\\[0m"));
}

TEST_F(OnATerminal, there_is_no_colour_with_no_color) {
  const std::string output = run_once("NO_COLOR=1");
  EXPECT_THAT(output, AllOf(HasSubstr("x-wasm-custom: FOO"), Not(HasSubstr("\x1b[3"))));
}

}  // namespace
}  // namespace wasmup
