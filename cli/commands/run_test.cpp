// SPDX-License-Identifier: MIT
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "../app.hpp"
#include "../testing/fake_world.hpp"
#include "../testing/folder_test.hpp"
#include "../wasm/assemble.hpp"
#include "../wasm/strip.hpp"

namespace wasmup::commands {
namespace {

using envoy::LogLine;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr const char* envoy_path = "/opt/envoy";
constexpr const char* compiler_path = "/opt/clang++";

http::Response response(http::Headers headers, int status = 200, std::string body = "") {
  return {.status = status, .headers = std::move(headers), .body = std::move(body), .trailers = {}};
}

LogLine from_module(const char* level, const char* message) {
  return {.level = level, .logger = "wasm", .message = message, .from_module = true};
}

const LogLine trap{.level = "critical",
                   .logger = "wasm",
                   .message =
                       "Function: proxy_on_response_headers failed: Uncaught RuntimeError: unreachable\\n"
                       "Proxy-Wasm plugin in-VM backtrace:\\n  0:  0x7c - boom"};

/// `wasmup run` with everything as it should be, until a test says otherwise.
class RunTest : public FolderTest {
 protected:
  RunTest() {
    world_.variables = {{"WASMUP_ENVOY", envoy_path}, {"WASMUP_WASM_CXX", compiler_path}};
    world_.processes.script(envoy_path);
    script_compiler({});
    world_.answers = {{FakeServer::control, response({{"server", "envoy"}})},
                      {FakeServer::filtered, response({{"server", "envoy"}, {"x-wasm-custom", "FOO"}})}};
    world_.on_start = [this] {
      const envoy::Bootstrap& bootstrap = world_.started->bootstrap;
      const auto& filters = bootstrap.filters.empty() ? bootstrap.tcp_filters : bootstrap.filters;
      std::ifstream file(filters.at(0).module, std::ios::binary);
      served_ = std::string(std::istreambuf_iterator<char>(file), {});
    };
    write("cmake/module.flags", "-Oz");
    write("filters/add_header/add_header.cpp", "");
    module_ = write("my.wasm", wasm::minimal_module());
  }

  void script_compiler(const os::FakeAnswer& answer) {
    os::FakeAnswer compiles = answer;
    if (answer.status == 0 && !answer.effect) {
      compiles.effect = [](const os::Command& command) {
        std::ofstream(command.argv.back(), std::ios::binary) << wasm::minimal_module();
      };
    }
    world_.processes.script(compiler_path, {compiles});
  }

  ExitCode run(std::vector<std::string> flags) {
    flags.insert(flags.begin(), "run");
    Environment environment = world_.environment(folder_);
    return run_app(flags, environment);
  }
  ExitCode run_module(std::vector<std::string> flags) {
    flags.insert(flags.end(), {"--filter", module_.string()});
    return run(std::move(flags));
  }

  FakeMoment interrupts() {
    return {.then = [this] { world_.interrupted = true; }};
  }

  std::string out() const { return world_.out.str(); }
  std::string err() const { return world_.err.str(); }

  FakeWorld world_;
  std::filesystem::path module_;
  std::string served_;  ///< the module's bytes when Envoy started
};

// From source to a served module

TEST_F(RunTest, the_default_filter_is_compiled_served_and_checked) {
  EXPECT_EQ(run({"--once"}), ExitCode::ok) << err();
  ASSERT_THAT(world_.processes.commands, SizeIs(1));
  EXPECT_THAT(world_.processes.commands[0].argv,
              testing::Contains(HasSubstr("filters/add_header/add_header.cpp")));
  EXPECT_EQ(served_, wasm::with_backtraces(wasm::minimal_module()));
  EXPECT_THAT(out(), AllOf(HasSubstr("compiled  add_header.wasm"), HasSubstr("checked"), HasSubstr("started"),
                           HasSubstr("x-wasm-custom: FOO, exactly once")));
  EXPECT_EQ(err(), "");
}

TEST_F(RunTest, a_module_is_served_as_it_is_without_a_compiler) {
  EXPECT_EQ(run_module({"--once"}), ExitCode::ok);
  EXPECT_THAT(world_.processes.commands, IsEmpty());
  EXPECT_EQ(served_, wasm::minimal_module());
  EXPECT_THAT(out(), HasSubstr("my.wasm  " + std::to_string(served_.size()) + " bytes"));
}

TEST_F(RunTest, nothing_is_left_of_the_module_envoy_was_given) {
  run_module({"--once"});
  EXPECT_FALSE(std::filesystem::exists(world_.started->bootstrap.filters.at(0).module.parent_path()));
}

TEST_F(RunTest, warnings_of_the_compiler_are_shown) {
  script_compiler({.output = "a.cpp:1:1: warning: ignoring return value\n"});
  EXPECT_EQ(run({"--once"}), ExitCode::ok);
  EXPECT_THAT(out(), HasSubstr("warning: ignoring return value\n"));
}

TEST_F(RunTest, a_function_that_nothing_calls_is_named_and_the_filter_served) {
  write("filters/add_header/add_header.cpp", "struct Filter { void on_respose_headers(); };");
  EXPECT_EQ(run({"--once"}), ExitCode::ok) << err();
  EXPECT_THAT(out(),
              AllOf(HasSubstr("add_header.cpp:1:22: warning: on_respose_headers is no callback of wasmup"),
                    HasSubstr("did you mean on_response_headers?\n")));
}

TEST_F(RunTest, a_module_without_a_callback_is_served_with_a_warning) {
  EXPECT_EQ(run_module({"--once"}), ExitCode::ok);
  EXPECT_THAT(out(), Not(HasSubstr("warning")));
  module_ = write("idle.wasm", wasm::idle_module());
  EXPECT_EQ(run_module({"--once"}), ExitCode::ok) << err();
  EXPECT_THAT(out(), HasSubstr("warning   it has no callback: every request and every connection passes it"));
}

TEST_F(RunTest, a_source_that_does_not_compile_ends_before_envoy) {
  script_compiler({.status = 1, .output = "a.cpp:4:2: error: no\n  4 | x\n"});
  EXPECT_EQ(run({"--once"}), ExitCode::build_failed);
  EXPECT_THAT(err(), AllOf(HasSubstr("a.cpp:4:2: error: no\n  4 | x\n"), HasSubstr("next: a.cpp:4:2: no")));
  EXPECT_FALSE(world_.started);
}

TEST_F(RunTest, a_compiler_that_leaves_no_module_is_an_error) {
  script_compiler({.effect = [](const os::Command&) {}});
  EXPECT_EQ(run({"--once"}), ExitCode::build_failed);
  EXPECT_FALSE(world_.started);
}

TEST_F(RunTest, a_module_that_would_not_load_ends_before_envoy) {
  module_ = write("bad.wasm", "no wasm");
  EXPECT_EQ(run_module({"--once"}), ExitCode::module_refused);
  EXPECT_THAT(err(), AllOf(HasSubstr("bad.wasm cannot run in Envoy"), HasSubstr("not a WebAssembly file")));
  EXPECT_FALSE(world_.started);
}

TEST_F(RunTest, a_missing_module_or_folder_is_a_usage_error) {
  EXPECT_EQ(run({"--filter", (folder_ / "none.wasm").string()}), ExitCode::usage);
  EXPECT_EQ(run({"--filter", (folder_ / "none").string()}), ExitCode::usage);
  EXPECT_FALSE(world_.started);
}

// What Envoy is told

TEST_F(RunTest, envoy_is_told_what_the_flags_say) {
  const std::string configuration = "{ \"a\":  1 }";
  EXPECT_EQ(run_module({"--once", "--config", configuration, "--root-id", "other", "--fail-open", "--port",
                        "18080", "--upstream", "http://example.com:81", "--log-level", "trace"}),
            ExitCode::ok);
  const envoy::ServerOptions& options = *world_.started;
  ASSERT_THAT(options.bootstrap.filters, SizeIs(1));
  const envoy::WasmFilter& filter = options.bootstrap.filters[0];
  EXPECT_EQ(filter.configuration, configuration);
  EXPECT_EQ(filter.root_id, "other");
  EXPECT_EQ(filter.failure_policy, envoy::FailurePolicy::fail_open);
  EXPECT_EQ(options.bootstrap.port, 18080);
  ASSERT_TRUE(options.bootstrap.upstream);
  EXPECT_EQ(options.bootstrap.upstream->host, "example.com");
  EXPECT_EQ(options.bootstrap.upstream->port, 81);
  EXPECT_EQ(options.wasm_log_level, "trace");
  EXPECT_EQ(options.log_level, "trace");
  EXPECT_EQ(options.executable, envoy_path);
}

TEST_F(RunTest, without_flags_envoy_is_told_the_defaults) {
  EXPECT_EQ(run({"--once"}), ExitCode::ok);
  const envoy::ServerOptions& options = *world_.started;
  EXPECT_EQ(options.bootstrap.filters.at(0).configuration, "");
  EXPECT_EQ(options.bootstrap.filters.at(0).root_id, "add_header_root");
  EXPECT_EQ(options.bootstrap.filters.at(0).failure_policy, envoy::FailurePolicy::fail_closed);
  EXPECT_EQ(options.bootstrap.port, 0);
  EXPECT_FALSE(options.bootstrap.upstream);
  EXPECT_EQ(options.wasm_log_level, "info");
}

// Which Envoy

TEST_F(RunTest, the_envoy_that_is_given_comes_before_all_others) {
  world_.processes.script("/mine/envoy");
  EXPECT_EQ(run_module({"--once", "--envoy", "/mine/envoy"}), ExitCode::ok);
  EXPECT_EQ(world_.started->executable, "/mine/envoy");
}

TEST_F(RunTest, the_envoy_that_was_set_up_comes_before_that_of_the_path) {
  world_.variables.erase("WASMUP_ENVOY");
  world_.processes.script("envoy");
  EXPECT_EQ(run_module({"--once"}), ExitCode::ok);
  EXPECT_EQ(world_.started->executable, "/fake/bin/envoy");
  const std::string set_up = (folder_ / ".wasmup/bin/envoy").string();
  world_.processes.script(set_up);
  EXPECT_EQ(run_module({"--once"}), ExitCode::ok);
  EXPECT_EQ(world_.started->executable, set_up);
}

TEST_F(RunTest, without_an_envoy_it_says_how_to_get_one) {
  world_.variables.erase("WASMUP_ENVOY");
  EXPECT_EQ(run_module({"--once"}), ExitCode::environment);
  EXPECT_THAT(err(), AllOf(HasSubstr("there is no Envoy"), HasSubstr("./wasmup setup")));
}

TEST_F(RunTest, an_envoy_that_is_given_and_missing_is_not_replaced_by_another) {
  EXPECT_EQ(run_module({"--once", "--envoy", "/none/envoy"}), ExitCode::environment);
  EXPECT_THAT(err(), AllOf(HasSubstr("--envoy"), HasSubstr("/none/envoy")));
  EXPECT_FALSE(world_.started);
}

// Flags that cannot be right

TEST_F(RunTest, a_configuration_that_is_not_json_ends_before_anything_is_built) {
  EXPECT_EQ(run({"--once", "--config", "{"}), ExitCode::usage);
  EXPECT_THAT(err(), AllOf(HasSubstr("--config is not valid JSON"), HasSubstr("line 1, column 2")));
  EXPECT_THAT(world_.processes.commands, IsEmpty());
}

TEST_F(RunTest, a_busy_port_ends_before_anything_is_built) {
  world_.network.taken[18080] = "nginx (pid 7)";
  EXPECT_EQ(run({"--port", "18080"}), ExitCode::environment);
  EXPECT_THAT(err(), AllOf(HasSubstr("127.0.0.1:18080"), HasSubstr("nginx (pid 7)")));
  EXPECT_THAT(world_.processes.commands, IsEmpty());
}

TEST_F(RunTest, a_port_is_a_number_that_a_port_can_have) {
  for (const char* port : {"x", "-1", "65536", "80 ", "0x50", ""}) {
    EXPECT_EQ(run({std::string("--port=") + port}), ExitCode::usage) << port;
  }
  EXPECT_EQ(run_module({"--once", "--port", "0"}), ExitCode::ok);
}

TEST_F(RunTest, a_root_id_is_text) {
  EXPECT_EQ(run({"--root-id", "\xff"}), ExitCode::usage);
  EXPECT_THAT(err(), HasSubstr("--root-id"));
}

// The check

TEST_F(RunTest, both_responses_are_shown_side_by_side_with_the_change_marked) {
  EXPECT_EQ(run({"--once"}), ExitCode::ok);
  EXPECT_THAT(out(), AllOf(HasSubstr("    without the filter  with the filter\n"),
                           HasSubstr("    server: envoy       server: envoy\n"),
                           HasSubstr("  +                     x-wasm-custom: FOO\n")));
}

TEST_F(RunTest, both_requests_are_the_same_but_for_the_port) {
  run({"--once"});
  ASSERT_THAT(world_.requests, SizeIs(2));
  EXPECT_EQ(world_.requests[0].headers, world_.requests[1].headers);
  EXPECT_EQ(world_.requests[0].url, "http://127.0.0.1:1002/");
  EXPECT_EQ(world_.requests[1].url, "http://127.0.0.1:1001/");
}

TEST_F(RunTest, a_missing_header_fails_the_check) {
  world_.answers.at(FakeServer::filtered) = response({{"server", "envoy"}});
  EXPECT_EQ(run({"--once"}), ExitCode::check_failed);
  EXPECT_THAT(err(), AllOf(HasSubstr("expected  x-wasm-custom: FOO, exactly once"),
                           HasSubstr("seen      no x-wasm-custom")));
  EXPECT_THAT(out(), Not(HasSubstr("ok  ")));
}

TEST_F(RunTest, the_header_twice_fails_the_check) {
  world_.answers.at(FakeServer::filtered) = response({{"x-wasm-custom", "FOO"}, {"x-wasm-custom", "FOO"}});
  EXPECT_EQ(run({"--once"}), ExitCode::check_failed);
}

TEST_F(RunTest, the_default_filter_by_its_path_is_expected_to_do_the_same) {
  world_.answers.at(FakeServer::filtered) = response({});
  EXPECT_EQ(run({"--once", "--filter", (folder_ / "filters/add_header/").string()}), ExitCode::check_failed);
}

TEST_F(RunTest, another_filter_is_expected_to_load_and_to_answer) {
  world_.answers.at(FakeServer::filtered) = response({}, 503);
  EXPECT_EQ(run_module({"--once"}), ExitCode::ok);
  EXPECT_THAT(out(), HasSubstr("the filter loaded, and both requests were answered"));
}

TEST_F(RunTest, what_is_expected_by_flag_takes_the_place_of_the_default) {
  EXPECT_EQ(run({"--once", "--expect", "server=envoy", "--expect", ":status=200"}), ExitCode::ok);
  EXPECT_EQ(run({"--once", "--expect", "x-wasm-custom=BAR"}), ExitCode::check_failed);
  EXPECT_THAT(err(),
              AllOf(HasSubstr("expected  x-wasm-custom: BAR"), HasSubstr("seen      x-wasm-custom: FOO")));
}

TEST_F(RunTest, every_expectation_that_is_not_met_is_named) {
  EXPECT_EQ(run({"--once", "--expect", "a=1", "--expect", "server=envoy", "--expect", "b=2"}),
            ExitCode::check_failed);
  EXPECT_THAT(err(), AllOf(HasSubstr("no a"), HasSubstr("no b"), Not(HasSubstr("server"))));
}

TEST_F(RunTest, a_request_without_an_answer_is_an_error) {
  world_.answers.erase(FakeServer::filtered);
  EXPECT_EQ(run({"--once"}), ExitCode::environment);
  EXPECT_THAT(err(), AllOf(HasSubstr("no answer from http://127.0.0.1:1001/"), HasSubstr("nobody there")));
}

TEST_F(RunTest, an_upstream_that_does_not_answer_is_named_with_envoys_reason) {
  const std::string body = "upstream connect error or disconnect/reset before headers. reset reason: x";
  world_.answers = {{FakeServer::control, response({}, 503, body)},
                    {FakeServer::filtered, response({}, 503, body)}};
  EXPECT_EQ(run_module({"--once", "--upstream", "http://127.0.0.1:9"}), ExitCode::environment);
  EXPECT_THAT(err(), AllOf(HasSubstr("http://127.0.0.1:9 does not answer"), HasSubstr("503"),
                           HasSubstr("reset reason: x")));
}

TEST_F(RunTest, a_503_of_the_upstream_itself_is_an_answer) {
  world_.answers = {{FakeServer::control, response({}, 503, "closed on Sundays")},
                    {FakeServer::filtered, response({}, 503, "closed on Sundays")}};
  EXPECT_EQ(run_module({"--once", "--upstream", "http://127.0.0.1:9"}), ExitCode::ok);
}

// Traps

TEST_F(RunTest, a_trap_during_the_check_is_said_with_its_function) {
  world_.life.during_check = {.log = {trap}};
  EXPECT_EQ(run_module({"--once"}), ExitCode::check_failed);
  EXPECT_THAT(err(),
              AllOf(HasSubstr("my.wasm trapped in proxy_on_response_headers"),
                    HasSubstr("Uncaught RuntimeError: unreachable\n"), HasSubstr("  0:  0x7c - boom\n")));
}

TEST_F(RunTest, a_trap_after_the_response_is_seen_too) {
  world_.life.last_words = {trap};
  EXPECT_EQ(run_module({"--once"}), ExitCode::check_failed);
}

TEST_F(RunTest, a_trap_during_the_check_is_not_served_either) {
  world_.life.during_check = {.log = {trap}};
  EXPECT_EQ(run_module({}), ExitCode::check_failed);
}

TEST_F(RunTest, a_module_that_logs_like_a_trap_has_not_trapped) {
  LogLine line = trap;
  line.from_module = true;
  world_.life.during_check = {.log = {line}};
  EXPECT_EQ(run_module({"--once"}), ExitCode::ok);
}

// Envoy's end

TEST_F(RunTest, an_envoy_that_does_not_take_the_module_is_quoted_with_the_modules_log) {
  world_.start_log = {from_module("info", "reading"), from_module("error", "bad colour")};
  world_.start_error =
      Error{ExitCode::module_refused, "Envoy did not start", "the module logged: bad colour", "x"};
  EXPECT_EQ(run_module({"--once"}), ExitCode::module_refused);
  EXPECT_THAT(out(),
              AllOf(HasSubstr("filter    info: reading\n"), HasSubstr("filter    error: bad colour\n")));
  EXPECT_THAT(err(),
              AllOf(HasSubstr("Envoy did not take my.wasm"), HasSubstr("the module logged: bad colour")));
}

TEST_F(RunTest, an_envoy_that_dies_at_start_is_quoted) {
  world_.start_error = Error{ExitCode::environment, "Envoy did not start", "no such glibc", ""};
  EXPECT_EQ(run_module({"--once"}), ExitCode::environment);
  EXPECT_THAT(err(), AllOf(HasSubstr("Envoy did not start"), HasSubstr("no such glibc")));
}

TEST_F(RunTest, an_envoy_that_dies_during_the_check_is_quoted) {
  const LogLine last{.level = "critical", .logger = "backtrace", .message = "Caught Segmentation fault"};
  world_.life.during_check = {.log = {last}, .lives = false};
  world_.answers.erase(FakeServer::filtered);
  world_.answers.erase(FakeServer::control);
  EXPECT_EQ(run_module({"--once"}), ExitCode::environment);
  EXPECT_THAT(err(), AllOf(HasSubstr("Envoy ended"), HasSubstr("Caught Segmentation fault")));
}

TEST_F(RunTest, that_envoy_was_told_to_end_is_no_news) {
  world_.life.last_words = {{.level = "warning", .logger = "main", .message = "caught ENVOY_SIGTERM"}};
  EXPECT_EQ(run_module({"--once"}), ExitCode::ok);
  EXPECT_EQ(run_module({"--once", "--upstream", "http://127.0.0.1:9", "--expect", "no=no"}),
            ExitCode::check_failed);
  EXPECT_THAT(out() + err(), Not(HasSubstr("SIGTERM")));
}

// Serving

TEST_F(RunTest, serves_with_the_modules_log_until_it_is_interrupted) {
  world_.life.while_serving = {{.log = {from_module("info", "hello")}}, interrupts()};
  EXPECT_EQ(run({}), ExitCode::ok) << err();
  EXPECT_THAT(out(), AllOf(HasSubstr("http://127.0.0.1:1001/"), HasSubstr("curl -i http://127.0.0.1:1001/"),
                           HasSubstr("filter    info: hello\n")));
  EXPECT_EQ(err(), "");
}

TEST_F(RunTest, serves_a_filter_that_does_not_do_what_it_should_with_a_warning) {
  world_.answers.at(FakeServer::filtered) = response({});
  world_.life.while_serving = {interrupts()};
  EXPECT_EQ(run({}), ExitCode::ok);
  EXPECT_THAT(out(),
              AllOf(HasSubstr("warning"), HasSubstr("seen      no x-wasm-custom"), HasSubstr("serving")));
}

TEST_F(RunTest, an_envoy_that_dies_while_serving_is_quoted) {
  const LogLine last{.level = "critical", .logger = "backtrace", .message = "Caught Segmentation fault"};
  world_.life.while_serving = {{.log = {last}, .lives = false}};
  EXPECT_EQ(run({}), ExitCode::environment);
  EXPECT_THAT(err(), HasSubstr("Caught Segmentation fault"));
}

TEST_F(RunTest, a_trap_while_serving_is_shown_and_served_on) {
  world_.life.while_serving = {{.log = {trap}}, interrupts()};
  EXPECT_EQ(run({}), ExitCode::ok);
  EXPECT_THAT(out(),
              AllOf(HasSubstr("Function: proxy_on_response_headers failed"), HasSubstr("answers 503")));
}

TEST_F(RunTest, an_interruption_during_the_check_ends_it) {
  world_.answers.at(FakeServer::control) =
      std::unexpected(Error{ExitCode::interrupted, "x", "interrupted", ""});
  EXPECT_EQ(run({"--once"}), ExitCode::interrupted);
  EXPECT_EQ(err(), "interrupted\n");
}

TEST_F(RunTest, what_envoy_logs_at_large_is_shown_once_it_serves_or_when_asked_for) {
  const LogLine warning{.level = "warning", .logger = "config", .message = "deprecated"};
  world_.start_log = {warning};
  EXPECT_EQ(run({"--once"}), ExitCode::ok);
  EXPECT_THAT(out(), Not(HasSubstr("deprecated")));
  EXPECT_EQ(run({"--once", "--log-level", "info"}), ExitCode::ok);
  EXPECT_THAT(out(), HasSubstr("envoy     [config] warning: deprecated\n"));
}

// Requests of a file

TEST_F(RunTest, sends_the_requests_of_a_file_and_judges_what_comes) {
  const std::string file =
      write("requests.yaml",
            "requests:\n  - {name: has it, path: /, expect: {headers: {x-wasm-custom: FOO}}}\n")
          .string();
  EXPECT_EQ(run_module({"--once", "--requests", file}), ExitCode::ok) << err();
  EXPECT_THAT(out(), HasSubstr("has it"));
  world_.answers.at(FakeServer::filtered) = response({});
  EXPECT_EQ(run_module({"--once", "--requests", file}), ExitCode::check_failed);
  EXPECT_THAT(out(), HasSubstr("no x-wasm-custom"));
}

TEST_F(RunTest, refuses_a_file_of_requests_that_cannot_be_right_before_anything_is_built) {
  const std::string file = write("requests.yaml", "requests: {}").string();
  EXPECT_EQ(run({"--once", "--requests", file}), ExitCode::usage);
  EXPECT_THAT(world_.processes.commands, IsEmpty());
}

TEST_F(RunTest, takes_from_the_filters_folder_what_flags_do_not_say) {
  write("mine/mine.cpp", "");
  write("mine/wasmup.yaml", "root_id: mark\nconfig: config.json\nrequests: requests.yaml\n");
  write("mine/config.json", "{}");
  write("mine/requests.yaml", "requests:\n  - {path: /, expect: {status: 200}}\n");
  world_.folder = folder_ / "mine";
  EXPECT_EQ(run({"--once"}), ExitCode::ok) << err();
  EXPECT_EQ(world_.started->bootstrap.filters.at(0).root_id, "mark");
  EXPECT_EQ(world_.started->bootstrap.filters.at(0).configuration, "{}");
  EXPECT_EQ(run({"--once", "--root-id", "other", "--config", "[]"}), ExitCode::ok) << err();
  EXPECT_EQ(world_.started->bootstrap.filters.at(0).root_id, "other");
  EXPECT_EQ(world_.started->bootstrap.filters.at(0).configuration, "[]");
}

// Watching

class WatchTest : public RunTest {
 protected:
  WatchTest() {
    world_.life.on_swap = [this](const envoy::WasmFilter& filter) -> Expected<void> {
      swapped_.push_back(filter);
      if (refusal_) return std::unexpected(*refusal_);
      return {};
    };
  }
  /// A file is saved, and has been seen to; then what `then` does comes next.
  FakeMoment saves() {
    return {.then = [this] { world_.changed = true; }};
  }

  std::vector<envoy::WasmFilter> swapped_;
  std::optional<Error> refusal_;
};

TEST_F(WatchTest, puts_what_was_saved_in_the_place_of_what_is_served) {
  world_.life.while_serving = {saves(), interrupts()};
  EXPECT_EQ(run({"--watch"}), ExitCode::ok) << err();
  EXPECT_EQ(world_.watched_folder, folder_ / "filters/add_header");
  ASSERT_THAT(swapped_, SizeIs(1));
  EXPECT_NE(swapped_[0].module, world_.started->bootstrap.filters.at(0).module) << "Envoy looks at names";
  EXPECT_TRUE(world_.started->bootstrap.discovery_folder);
  EXPECT_THAT(out(), AllOf(HasSubstr("live      add_header.wasm"), HasSubstr("built and served at once")));
}

TEST_F(WatchTest, reads_the_configuration_again) {
  const std::string file = write("config.json", R"({"a": 1})").string();
  world_.life.while_serving = {{.then =
                                    [this] {
                                      write("config.json", R"({"a": 2})");
                                      world_.changed = true;
                                    }},
                               interrupts()};
  EXPECT_EQ(run({"--watch", "--config", "@" + file}), ExitCode::ok) << err();
  ASSERT_THAT(swapped_, SizeIs(1));
  EXPECT_EQ(swapped_[0].configuration, R"({"a": 2})");
}

TEST_F(WatchTest, goes_on_with_the_old_one_when_the_new_one_does_not_compile) {
  world_.life.while_serving = {{.then =
                                    [this] {
                                      script_compiler({.status = 1, .output = "a.cpp:4:2: error: no\n"});
                                      world_.changed = true;
                                    }},
                               {},
                               interrupts()};
  EXPECT_EQ(run({"--watch"}), ExitCode::ok);
  EXPECT_THAT(swapped_, IsEmpty());
  EXPECT_THAT(err(), HasSubstr("next: a.cpp:4:2: no"));
  EXPECT_THAT(out(), HasSubstr("serving   what was served before"));
}

TEST_F(WatchTest, goes_on_with_the_old_one_when_envoy_refuses_the_new_one) {
  refusal_ = Error{ExitCode::module_refused, "x", "the module logged: no", ""};
  world_.life.while_serving = {saves(), saves(), interrupts()};
  EXPECT_EQ(run({"--watch"}), ExitCode::ok);
  EXPECT_THAT(swapped_, SizeIs(2));
  EXPECT_THAT(err(),
              AllOf(HasSubstr("Envoy did not take add_header.wasm"), HasSubstr("the module logged: no")));
}

TEST_F(WatchTest, says_when_the_new_one_traps) {
  world_.life.on_swap = [this](const envoy::WasmFilter&) -> Expected<void> {
    world_.started->on_log(trap);
    return {};
  };
  world_.life.while_serving = {saves(), interrupts()};
  EXPECT_EQ(run({"--watch"}), ExitCode::ok);
  EXPECT_THAT(err(), HasSubstr("add_header.wasm trapped in proxy_on_response_headers"));
}

TEST_F(WatchTest, does_not_go_with_a_single_check) {
  EXPECT_EQ(run({"--watch", "--once"}), ExitCode::usage);
  EXPECT_FALSE(world_.started);
}

TEST_F(WatchTest, puts_the_one_of_a_chain_that_was_saved_in_its_place) {
  write("other/other.cpp", "");
  world_.changed_folder = folder_ / "other";
  world_.life.while_serving = {saves(), interrupts()};
  EXPECT_EQ(run({"--watch", "--filter", (folder_ / "filters/add_header").string(), "--filter",
                 (folder_ / "other").string()}),
            ExitCode::ok)
      << err();
  ASSERT_THAT(swapped_, SizeIs(1));
  EXPECT_EQ(swapped_[0].name, world_.started->bootstrap.filters.at(1).name);
  EXPECT_THAT(out(), HasSubstr("live      other.wasm"));
}

// Several filters

class ChainTest : public RunTest {
 protected:
  ChainTest() {
    one_ = write("one.wasm", wasm::minimal_module()).string();
    two_ = write("two.wasm", wasm::minimal_module()).string();
  }
  const std::vector<envoy::WasmFilter>& filters() const { return world_.started->bootstrap.filters; }

  std::string one_;
  std::string two_;
};

TEST_F(ChainTest, stand_in_the_order_of_the_flags_each_with_what_comes_behind_it) {
  EXPECT_EQ(run({"--once", "--filter", one_, "--root-id", "a", "--config", "[1]", "--filter", two_,
                 "--config", "[2]"}),
            ExitCode::ok)
      << err();
  ASSERT_THAT(filters(), SizeIs(2));
  EXPECT_EQ(filters()[0].root_id, "a");
  EXPECT_EQ(filters()[0].configuration, "[1]");
  EXPECT_EQ(filters()[1].root_id, "add_header_root");
  EXPECT_EQ(filters()[1].configuration, "[2]");
  EXPECT_NE(filters()[0].name, filters()[1].name) << "each has a VM of its own";
  EXPECT_NE(filters()[0].module, filters()[1].module);
  EXPECT_THAT(out(), HasSubstr("Envoy, with the filters before the built-in upstream"));
}

TEST_F(ChainTest, take_from_their_folders_what_flags_do_not_say) {
  write("mine/mine.cpp", "");
  write("mine/wasmup.yaml", "root_id: mark\nrequests: requests.yaml\n");
  write("mine/requests.yaml", "requests:\n  - {path: /, expect: {status: 404}}\n");
  EXPECT_EQ(run({"--once", "--filter", (folder_ / "mine").string(), "--filter", two_}), ExitCode::ok)
      << err() << "the requests are for the filter alone";
  EXPECT_EQ(filters().at(0).root_id, "mark");
}

TEST_F(ChainTest, a_single_filter_may_have_its_configuration_before_it) {
  EXPECT_EQ(run({"--once", "--config", "[1]", "--filter", one_}), ExitCode::ok) << err();
  EXPECT_EQ(filters().at(0).configuration, "[1]");
}

TEST_F(ChainTest, a_configuration_that_is_for_no_filter_or_for_none_in_particular_is_refused) {
  EXPECT_EQ(run({"--config", "[1]", "--filter", one_, "--filter", two_}), ExitCode::usage);
  EXPECT_THAT(err(),
              AllOf(HasSubstr("which filter is --config for?"), HasSubstr("before the first --filter")));
  EXPECT_EQ(run({"--filter", one_, "--root-id", "a", "--root-id", "b"}), ExitCode::usage);
  EXPECT_THAT(err(), AllOf(HasSubstr("which filter is --root-id for?"), HasSubstr("two for one filter")));
  EXPECT_FALSE(world_.started);
}

TEST_F(ChainTest, are_all_for_http_or_all_for_tcp) {
  const std::string tcp =
      write(
          "tcp.wasm",
          wasm::minimal_module(
              R"((func (export "proxy_on_downstream_data") (param i32 i32 i32) (result i32) (i32.const 0)))"))
          .string();
  EXPECT_EQ(run({"--once", "--filter", one_, "--filter", tcp}), ExitCode::usage);
  EXPECT_THAT(err(), AllOf(HasSubstr("one chain"), HasSubstr("one.wasm is for HTTP, tcp.wasm for TCP")));
  world_.answers.insert_or_assign(FakeServer::tcp, response({}));
  EXPECT_EQ(run({"--once", "--filter", tcp, "--filter", tcp}), ExitCode::ok) << err();
  EXPECT_THAT(world_.started->bootstrap.tcp_filters, SizeIs(2));
}

TEST_F(ChainTest, say_which_of_them_logs) {
  LogLine line = from_module("info", "hello");
  line.vm = "wasmup-2";
  world_.life.during_check = {.log = {line}};
  EXPECT_EQ(run({"--once", "--filter", one_, "--filter", two_}), ExitCode::ok);
  EXPECT_THAT(out(), HasSubstr("filter    two.wasm info: hello\n"));
}

TEST_F(ChainTest, are_all_named_when_one_traps) {
  world_.life.during_check = {.log = {trap}};
  EXPECT_EQ(run({"--once", "--filter", one_, "--filter", two_}), ExitCode::check_failed);
  EXPECT_THAT(err(), HasSubstr("one.wasm or two.wasm trapped in proxy_on_response_headers"));
}

// What passes

envoy::Exchange exchange(uint16_t port) {
  return {.method = "GET",
          .path = "/any",
          .status = 200,
          .details = "via_upstream",
          .flags = "-",
          .port = port,
          .response_before = envoy::Exchange::Headers{},
          .response_after = envoy::Exchange::Headers{{"x-wasm-custom", "FOO"}}};
}

TEST_F(RunTest, shows_each_request_while_it_serves_and_sums_up) {
  world_.life.stats = {{"wasm.envoy.wasm.runtime.v8.active", 4}, {"wasm.envoy.wasm.runtime.v8.created", 4}};
  world_.life.while_serving = {{.exchanges = {exchange(7)}}, interrupts()};
  EXPECT_EQ(run({}), ExitCode::ok) << err();
  EXPECT_TRUE(world_.started->bootstrap.reports_exchanges);
  EXPECT_THAT(out(), AllOf(HasSubstr("request   GET /any  200"),
                           HasSubstr("          response + x-wasm-custom: FOO\n"),
                           HasSubstr("served    1 request: 1 × 200; 0 traps\n"
                                     "          VMs: 4 active, 4 created\n")));
}

TEST_F(RunTest, does_not_show_its_own_requests_again) {
  world_.answers.at(FakeServer::filtered)->local_port = 50'000;
  world_.life.during_check = {.exchanges = {exchange(50'000), exchange(8)}};
  world_.life.while_serving = {{.exchanges = {exchange(9)}}, interrupts()};
  EXPECT_EQ(run({}), ExitCode::ok) << err();
  EXPECT_THAT(out(), HasSubstr("2 requests")) << "that of somebody else during the check counts";
}

TEST_F(RunTest, a_single_check_has_nothing_but_the_filter_in_its_way) {
  EXPECT_EQ(run({"--once"}), ExitCode::ok);
  EXPECT_FALSE(world_.started->bootstrap.reports_exchanges);
}

// Trace, admin, browser

TEST_F(RunTest, traces_every_call_into_the_module_and_out_of_it) {
  const auto traced = [](const char* message, int microseconds) {
    return LogLine{.level = "trace",
                   .logger = "wasm",
                   .message = message,
                   .time = std::chrono::microseconds(microseconds)};
  };
  world_.life.during_check = {.log = {traced("[host->vm] proxy_on_log(2)", 10), traced("something else", 11),
                                      traced("[host<-vm] proxy_on_log return: void", 15)}};
  EXPECT_EQ(run_module({"--once", "--trace"}), ExitCode::ok);
  EXPECT_EQ(world_.started->wasm_log_level, "trace");
  EXPECT_EQ(world_.started->log_level, "warning");
  EXPECT_EQ(world_.started->concurrency, 1);
  EXPECT_THAT(out(), AllOf(HasSubstr("vm        -> proxy_on_log(context 2)\nvm           = 5 µs\n"),
                           Not(HasSubstr("something else"))));
}

TEST_F(RunTest, opens_the_admin_only_when_asked_to) {
  world_.life.while_serving = {interrupts()};
  EXPECT_EQ(run({"--admin"}), ExitCode::ok);
  EXPECT_EQ(world_.started->bootstrap.admin_port, 0);
  EXPECT_THAT(out(), HasSubstr("admin     http://127.0.0.1:1003/\n"));
  EXPECT_EQ(run({"--once"}), ExitCode::ok);
  EXPECT_FALSE(world_.started->bootstrap.admin_port);
}

TEST_F(RunTest, opens_a_browser_where_there_is_one) {
  world_.processes.script("xdg-open");
  world_.life.while_serving = {interrupts()};
  EXPECT_EQ(run_module({"--browser"}), ExitCode::ok);
  ASSERT_THAT(world_.processes.commands, SizeIs(1));
  EXPECT_EQ(world_.processes.commands[0].argv.back(), "http://127.0.0.1:1001/");
  EXPECT_THAT(out(), HasSubstr("browser   http://127.0.0.1:1001/\n"));
}

TEST_F(RunTest, goes_on_without_a_browser) {
  world_.life.while_serving = {interrupts()};
  EXPECT_EQ(run_module({"--browser"}), ExitCode::ok);
  EXPECT_THAT(out(), HasSubstr("browser   open http://127.0.0.1:1001/"));
}

// TCP

TEST_F(RunTest, a_filter_of_connections_stands_before_bytes) {
  write("tcp.wasm",
        wasm::minimal_module(
            R"((func (export "proxy_on_downstream_data") (param i32 i32 i32) (result i32) (i32.const 0)))"));
  world_.answers = {{FakeServer::control, response({})}, {FakeServer::tcp, response({})}};
  EXPECT_EQ(run({"--once", "--filter", (folder_ / "tcp.wasm").string(), "--port", "8080"}), ExitCode::ok)
      << err();
  EXPECT_THAT(world_.started->bootstrap.filters, IsEmpty());
  EXPECT_THAT(world_.started->bootstrap.tcp_filters, SizeIs(1));
  EXPECT_EQ(world_.started->bootstrap.tcp_port, 8080);
}

TEST_F(RunTest, a_filter_of_connections_cannot_be_replaced_while_it_serves) {
  write("tcp.wasm",
        wasm::minimal_module(
            R"((func (export "proxy_on_downstream_data") (param i32 i32 i32) (result i32) (i32.const 0)))"));
  EXPECT_EQ(run({"--watch", "--filter", (folder_ / "tcp.wasm").string()}), ExitCode::usage);
}

}  // namespace
}  // namespace wasmup::commands
