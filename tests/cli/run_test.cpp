// SPDX-License-Identifier: MIT
// `wasmup run --once` in the real Envoy.
#include <array>

#include "../../cli/http/scripted_server.hpp"
#include "../../cli/wasm/assemble.hpp"
#include "program_test.hpp"

namespace wasmup {
namespace {

using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

class RunOnce : public ProgramTest {
 protected:
  Result run_once(std::vector<std::string> flags) {
    flags.insert(flags.begin(), {"run", "--once"});
    return run(flags);
  }
  Result run_module(const std::string& fields, std::vector<std::string> flags = {}) {
    flags.insert(flags.end(), {"--filter", write("my.wasm", wasm::minimal_module(fields)).string()});
    return run_once(std::move(flags));
  }
};

/// Logs its configuration, and refuses or takes it.
std::string configured(int answer) {
  return R"((import "env" "proxy_log" (func $log (param i32 i32 i32) (result i32)))
      (import "env" "proxy_get_buffer_bytes" (func $get (param i32 i32 i32 i32 i32) (result i32)))
      (func (export "proxy_on_configure") (param i32 i32) (result i32)
        (drop (call $get (i32.const 7) (i32.const 0) (local.get 1) (i32.const 16) (i32.const 20)))
        (drop (call $log (i32.const 2) (i32.load (i32.const 16)) (i32.load (i32.const 20))))
        (i32.const )" +
         std::to_string(answer) + "))";
}

constexpr const char* traps = R"(
    (func (export "proxy_on_response_headers") (param i32 i32 i32) (result i32) unreachable))";

TEST_F(RunOnce, the_default_filter_sets_its_header) {
  const Result result = run_once({});
  EXPECT_EQ(result.status, status(ExitCode::ok)) << result.output;
  EXPECT_THAT(result.output, AllOf(ContainsRegex("compiled  add_header.wasm  [0-9]+ bytes"),
                                   ContainsRegex("\n  \\+ +x-wasm-custom: FOO\n"),
                                   ContainsRegex("\n    server: envoy +server: envoy\n"),
                                   HasSubstr("ok        x-wasm-custom: FOO, exactly once")));
}

TEST_F(RunOnce, the_default_filter_takes_any_root_id) {
  EXPECT_EQ(run_once({"--root-id", "another"}).status, status(ExitCode::ok));
}

TEST_F(RunOnce, what_is_expected_and_not_there_is_exit_code_1) {
  const Result result = run_once({"--expect", "x-wasm-custom=BAR"});
  EXPECT_EQ(result.status, status(ExitCode::check_failed));
  EXPECT_THAT(result.output,
              AllOf(HasSubstr("expected  x-wasm-custom: BAR"), HasSubstr("seen      x-wasm-custom: FOO")));
}

TEST_F(RunOnce, a_filter_that_does_nothing_loads_and_answers) {
  const Result result = run_module("");
  EXPECT_EQ(result.status, status(ExitCode::ok)) << result.output;
  EXPECT_THAT(result.output, Not(ContainsRegex("\n  [+~-] ")));
}

TEST_F(RunOnce, the_check_of_a_filter_that_does_nothing_can_fail) {
  EXPECT_EQ(run_module("", {"--expect", "x-wasm-custom=FOO"}).status, status(ExitCode::check_failed));
}

TEST_F(RunOnce, the_configuration_reaches_the_filter_as_it_is) {
  const Result result = run_module(configured(1), {"--config", R"({ "colour":  "red" })"});
  EXPECT_EQ(result.status, status(ExitCode::ok)) << result.output;
  EXPECT_THAT(result.output, HasSubstr(R"(filter    info: { "colour":  "red" })"));
}

TEST_F(RunOnce, the_configuration_may_come_from_a_file) {
  write("config.json", R"({"colour": "blue"})");
  EXPECT_THAT(run_module(configured(1), {"--config", "@config.json"}).output,
              HasSubstr(R"({"colour": "blue"})"));
}

TEST_F(RunOnce, a_module_that_refuses_its_configuration_is_exit_code_4_with_its_own_log) {
  const Result result = run_module(configured(0), {"--config", R"({"colour": "puce"})"});
  EXPECT_EQ(result.status, status(ExitCode::module_refused));
  EXPECT_THAT(result.output, AllOf(HasSubstr("Envoy did not take my.wasm"), HasSubstr("puce"),
                                   HasSubstr("Failed to configure base Wasm plugin")));
}

TEST_F(RunOnce, a_trap_is_exit_code_1_with_the_function) {
  const Result result = run_module(traps);
  EXPECT_EQ(result.status, status(ExitCode::check_failed));
  EXPECT_THAT(result.output,
              AllOf(HasSubstr("my.wasm trapped in proxy_on_response_headers"),
                    HasSubstr("Function: proxy_on_response_headers failed"), HasSubstr("unreachable")));
}

TEST_F(RunOnce, a_trap_is_exit_code_1_also_where_traffic_passes) {
  EXPECT_EQ(run_module(traps, {"--fail-open"}).status, status(ExitCode::check_failed));
}

TEST_F(RunOnce, a_trap_after_the_response_is_seen) {
  const Result result = run_module(R"((func (export "proxy_on_log") (param i32) unreachable))");
  EXPECT_EQ(result.status, status(ExitCode::check_failed));
  EXPECT_THAT(result.output, HasSubstr("trapped in proxy_on_log"));
}

TEST_F(RunOnce, an_upstream_is_asked_and_its_own_header_replaced) {
  const http::ScriptedServer upstream(
      std::string("HTTP/1.1 200 OK\r\nx-wasm-custom: theirs\r\nx-mine: yes\r\ncontent-length: 2\r\n\r\nhi"));
  const Result result = run_once({"--upstream", upstream.url()});
  EXPECT_EQ(result.status, status(ExitCode::ok)) << result.output;
  EXPECT_THAT(result.output, AllOf(ContainsRegex("x-mine: yes +x-mine: yes"),
                                   ContainsRegex("\n  ~ x-wasm-custom: theirs +x-wasm-custom: FOO\n")));
}

TEST_F(RunOnce, an_upstream_that_is_not_there_is_named) {
  const std::string url = http::ScriptedServer(std::string()).url("");  // it is gone at once
  const Result result = run_once({"--upstream", url});
  EXPECT_EQ(result.status, status(ExitCode::environment));
  EXPECT_THAT(result.output,
              AllOf(HasSubstr(url + " does not answer"), HasSubstr("Envoy answered 503 in its place"),
                    HasSubstr("connection failure")));
}

TEST_F(RunOnce, envoys_trace_does_not_block_it) {
  const Result result = run_once({"--log-level", "trace"});
  EXPECT_EQ(result.status, status(ExitCode::ok)) << result.output.substr(0, 2000);
  EXPECT_THAT(result.output, HasSubstr("[host->vm] proxy_on_response_headers("));
}

TEST_F(RunOnce, several_at_a_time_do_not_get_in_each_others_way) {
  const std::array all{start({"run", "--once"}), start({"run", "--once"}), start({"run", "--once"})};
  for (const auto& program : all)
    EXPECT_EQ(program->wait().status, status(ExitCode::ok)) << program->output();
}

}  // namespace
}  // namespace wasmup
