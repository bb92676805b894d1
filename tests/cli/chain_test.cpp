// SPDX-License-Identifier: MIT
// `wasmup run` of several filters, and what it shows while it serves, in the real Envoy.
#include <regex>
#include <signal.h>

#include "../../cli/http/client.hpp"
#include "../../cli/wasm/assemble.hpp"
#include "program_test.hpp"

namespace wasmup {
namespace {

using testing::AllOf;
using testing::ContainsRegex;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

/// Adds x-seen: VALUE to requests and to responses.
std::string adds(const std::string& value) {
  const std::string add =
      R"((drop (call $add (local.get $map) (i32.const 16) (i32.const 6) (i32.const 32) (i32.const )" +
      std::to_string(value.size()) + ")))";
  return R"((import "env" "proxy_add_header_map_value" (func $add (param i32 i32 i32 i32 i32) (result i32)))
      (data (i32.const 16) "x-seen") (data (i32.const 32) ")" +
         value + R"(")
      (func $mark (param $map i32) )" +
         add + R"()
      (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
        (call $mark (i32.const 0)) (i32.const 0))
      (func (export "proxy_on_response_headers") (param i32 i32 i32) (result i32)
        (call $mark (i32.const 2)) (i32.const 0)))";
}

constexpr const char* traps_on_path = R"(
    (import "env" "proxy_get_header_map_value" (func $get (param i32 i32 i32 i32 i32) (result i32)))
    (data (i32.const 16) "x-trap")
    (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
      (if (i32.eqz (call $get (i32.const 0) (i32.const 16) (i32.const 6) (i32.const 64) (i32.const 68)))
        (then unreachable))
      (i32.const 0)))";

class Chain : public ProgramTest {
 protected:
  std::string module(const std::string& name, const std::string& fields) {
    return write(name, wasm::minimal_module(fields)).string();
  }
  std::unique_ptr<RunningProgram> serve(std::vector<std::string> flags) {
    flags.insert(flags.begin(), "run");
    auto program = start(flags);
    program->wait_for_output("Ctrl-C ends it");
    std::smatch found;
    if (std::regex_search(program->output(), found, std::regex("curl -i (http://\\S+)"))) url_ = found[1];
    return program;
  }

  std::string url_;
};

TEST_F(Chain, a_request_passes_the_filters_in_the_order_of_the_flags_and_a_response_back) {
  const auto program =
      serve({"--filter", module("a.wasm", adds("a")), "--filter", module("b.wasm", adds("b"))});
  const auto response = http::send({.url = url_ + "any"});
  ASSERT_TRUE(response) << response.error().seen;
  EXPECT_THAT(response->body, HasSubstr("x-seen: a\nx-seen: b\n"));
  EXPECT_THAT(response->values("x-seen"), ElementsAre("b", "a"));
  program->wait_for_output("request   GET /any  200");
  program->wait_for_output("          request  + x-seen: b\n");
  program->wait_for_output("          response + x-seen: a\n");
  program->send(SIGINT);
  const Result result = program->wait();
  EXPECT_EQ(result.status, status(ExitCode::ok));
  EXPECT_THAT(result.output, AllOf(HasSubstr("served    1 request: 1 × 200; 0 traps\n"),
                                   ContainsRegex("VMs: [0-9]+ active, [0-9]+ created")));
}

TEST_F(Chain, is_watched_whole) {
  const std::string one = module("one/a.wasm", adds("a"));
  const std::string two = module("two/b.wasm", adds("b"));
  const auto program = serve({"--watch", "--filter", one, "--filter", two});
  module("two/b.wasm", adds("c"));
  program->wait_for_output("live      b.wasm");
  program->wait_for_output("ok  ");
  const auto response = http::send({.url = url_});
  ASSERT_TRUE(response) << response.error().seen;
  EXPECT_THAT(response->values("x-seen"), ElementsAre("c", "a"));
  program->send(SIGINT);
  EXPECT_EQ(program->wait().status, status(ExitCode::ok));
}

TEST_F(Chain, a_trap_is_in_the_view_and_in_the_sum) {
  const auto program = serve({"--filter", module("a.wasm", traps_on_path)});
  EXPECT_EQ(http::send({.url = url_, .headers = {{"x-trap", "1"}}}).value().status, 503);
  program->wait_for_output("request   GET /  503");
  program->wait_for_output("trapped   ");
  program->send(SIGINT);
  EXPECT_THAT(program->wait().output, AllOf(HasSubstr("wasm_fail_stream"), HasSubstr("1 × 503; 1 trap\n")));
}

TEST_F(Chain, the_trace_has_every_call_in_words_with_its_time) {
  const Result result = run({"run", "--once", "--trace", "--filter", module("a.wasm", adds("a"))});
  EXPECT_EQ(result.status, status(ExitCode::ok)) << result.output;
  EXPECT_THAT(
      result.output,
      ContainsRegex("vm        -> proxy_on_request_headers\\(context [0-9]+, headers [0-9]+, end_of_stream "
                    "true\\)\n            <- proxy_add_header_map_value\\(request_headers, name of 6 bytes "
                    "at 16, value of 1 bytes at 32\\)\n               = ok  [0-9]+ µs\n"
                    "vm           = continue  [0-9]+ µs\n"));
  EXPECT_THAT(run({"run", "--once", "--filter", module("a.wasm", adds("a"))}).output, Not(HasSubstr("vm  ")));
}

TEST_F(Chain, the_admin_answers_where_it_says) {
  const auto program = serve({"--admin", "--filter", module("a.wasm", adds("a"))});
  program->wait_for_output("admin     http://127.0.0.1:");
  std::smatch found;
  ASSERT_TRUE(std::regex_search(program->output(), found, std::regex("admin +(http://\\S+/)\n")));
  EXPECT_EQ(http::send({.url = found[1].str() + "ready"}).value().body, "LIVE\n");
  program->send(SIGINT);
  EXPECT_EQ(program->wait().status, status(ExitCode::ok));
}

TEST_F(Chain, a_browser_gets_the_url) {
  write_script("bin/xdg-open", "echo \"$1\" > '" + (folder_ / "opened").string() + "'\n");
  set("PATH", (folder_ / "bin").string() + ":/usr/bin:/bin");
  const auto program = serve({"--browser", "--filter", module("a.wasm", adds("a"))});
  wait_for_file(folder_ / "opened");
  program->send(SIGINT);
  EXPECT_THAT(program->wait().output, HasSubstr("browser   " + url_));
}

}  // namespace
}  // namespace wasmup
