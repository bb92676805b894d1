// SPDX-License-Identifier: MIT
// envoy::Server over a real Envoy: what it says when it will not start, what its log looks like, how it ends.
#include <algorithm>
#include <signal.h>

#include "envoy_test.hpp"

namespace wasmup {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

class RealServer : public EnvoyTest {
 protected:
  Error error_of(envoy::Bootstrap bootstrap) {
    const auto server = envoy::Server::start(*processes_, options(std::move(bootstrap)));
    return server ? Error{ExitCode::ok, "it started", "", ""} : server.error();
  }
};

TEST_F(RealServer, starts_without_a_word) {
  start_with_default_filter();
  EXPECT_THAT(log_, IsEmpty());
  EXPECT_EQ(stat("server.live"), 1);
}

TEST_F(RealServer, leaves_no_process_behind) {
  start_with_default_filter();
  const int pid = server_->pid();
  EXPECT_EQ(::kill(pid, 0), 0);
  server_.reset();
  EXPECT_EQ(::kill(pid, 0), -1);
}

TEST_F(RealServer, pump_tells_when_envoy_has_ended) {
  start_with_default_filter();
  EXPECT_TRUE(server_->pump(1ms));
  ::kill(server_->pid(), SIGKILL);
  EXPECT_FALSE(server_->pump(30s));
}

TEST_F(RealServer, a_port_in_use_is_refused_even_when_another_envoy_has_it) {
  start_with_default_filter();
  const Error error = error_of({.port = server_->port()});
  EXPECT_EQ(error.code, ExitCode::environment);
  EXPECT_EQ(error.what, "Envoy did not start");
  EXPECT_THAT(error.seen, HasSubstr("127.0.0.1:" + std::to_string(server_->port())));
  EXPECT_THAT(error.seen, HasSubstr("Address already in use"));
  EXPECT_THAT(error.next, HasSubstr("--port"));
}

TEST_F(RealServer, a_module_that_envoy_refuses_is_quoted) {
  const Error error = error_of({.filters = {{.module = test_module("missing_import")}}});
  EXPECT_EQ(error.code, ExitCode::module_refused);
  EXPECT_THAT(error.seen,
              StartsWith("Failed to load Wasm module due to a missing import: env.proxy_make_coffee\n"));
}

TEST_F(RealServer, a_module_that_envoy_refuses_by_ecds_is_quoted_too) {
  const Error error =
      error_of({.filters = {{.module = test_module("missing_import")}}, .discovery_folder = folder_.path()});
  EXPECT_EQ(error.code, ExitCode::module_refused);
  EXPECT_EQ(error.what, "Envoy refused the filter");
  EXPECT_THAT(error.seen,
              StartsWith("Failed to load Wasm module due to a missing import: env.proxy_make_coffee\n"));
}

TEST_F(RealServer, a_module_file_that_is_not_there_is_named) {
  EXPECT_THAT(error_of({.filters = {{.module = "/nowhere/m.wasm"}}}).seen, HasSubstr("/nowhere/m.wasm"));
}

TEST_F(RealServer, a_module_that_refuses_its_configuration_is_quoted) {
  const Error error = error_of({.filters = {{.module = test_module("logging"), .configuration = "no"}}});
  EXPECT_EQ(error.code, ExitCode::module_refused);
  EXPECT_THAT(error.seen, StartsWith("the module logged: configured\n"));
}

TEST_F(RealServer, what_a_module_logs_is_told_from_what_envoy_logs) {
  start({.filters = {{.module = test_module("logging")}}});
  filtered({.url = "/"});
  const auto from_stream = [](const envoy::LogLine& line) { return line.message.starts_with("one"); };
  pump_until([&] { return std::ranges::any_of(log_, from_stream); });

  std::vector<std::string> messages;
  for (const envoy::LogLine& line : log_) {
    EXPECT_TRUE(line.from_module) << line.message;
    EXPECT_EQ(line.logger, "wasm");
    messages.push_back(line.level + ": " + line.message);
  }
  // Configured on trial, on the main thread and on the one worker. A module can neither forge a line of the
  // log nor reach the terminal.
  EXPECT_THAT(messages, ElementsAre("error: configured", "error: configured", "error: configured",
                                    "info: one\\nerror\\x1fmain\\x1ftwo: \\x1b[2Jthree"));
}

class Swap : public EnvoyTest {
 protected:
  static envoy::WasmFilter configured(const std::string& value) {
    return {.module = test_module("configured"), .configuration = value};
  }

  void start_swappable() { start({.filters = {configured("one")}, .discovery_folder = folder_.path()}); }
};

TEST_F(Swap, puts_another_configuration_in_place) {
  start_swappable();
  EXPECT_THAT(filtered({.url = "/"}).values(header), ElementsAre("one"));
  for (const char* value : {"two", "three", "three"}) {
    const auto swapped = server_->swap(configured(value));
    ASSERT_TRUE(swapped) << swapped.error().what << ": " << swapped.error().seen;
    // Taken on the main thread; the worker has it within a moment.
    pump_until([&] { return filtered({.url = "/"}).values(header) == std::vector<std::string>{value}; });
  }
}

TEST_F(Swap, puts_another_module_in_place) {
  start_swappable();
  ASSERT_TRUE(server_->swap({.module = WASMUP_ADD_HEADER_MODULE}));
  pump_until([&] { return filtered({.url = "/"}).values(header) == std::vector<std::string>{"FOO"}; });
}

TEST_F(Swap, keeps_the_old_one_when_envoy_refuses_the_new_one) {
  start_swappable();
  const auto swapped = server_->swap({.module = test_module("missing_import")});
  ASSERT_FALSE(swapped);
  EXPECT_EQ(swapped.error().code, ExitCode::module_refused);
  EXPECT_EQ(swapped.error().what, "Envoy refused the filter");
  EXPECT_THAT(swapped.error().seen, HasSubstr("missing import: env.proxy_make_coffee"));
  EXPECT_THAT(filtered({.url = "/"}).values(header), ElementsAre("one"));
  ASSERT_TRUE(server_->swap(configured("two"))) << "it can still be mended";
}

TEST_F(Swap, changes_the_one_of_a_chain_that_has_the_name) {
  envoy::WasmFilter first{.module = WASMUP_ADD_HEADER_MODULE, .name = "first"};
  envoy::WasmFilter second = configured("one");
  second.name = "second";
  start({.filters = {second, first}, .discovery_folder = folder_.path()});
  // A response passes the chain from its end: what comes first in it has the last word.
  EXPECT_THAT(filtered({.url = "/"}).values(header), ElementsAre("one"));
  second.configuration = "two";
  ASSERT_TRUE(server_->swap(second));
  pump_until([&] { return filtered({.url = "/"}).values(header) == std::vector<std::string>{"two"}; });
  first.module = test_module("missing_import");
  EXPECT_FALSE(server_->swap(first));
  EXPECT_THAT(filtered({.url = "/"}).values(header), ElementsAre("two"));
}

TEST_F(Swap, needs_a_filter_that_comes_by_ecds) {
  start_with_default_filter();
  EXPECT_EQ(server_->swap(configured("two")).error().code, ExitCode::usage);
}

}  // namespace
}  // namespace wasmup
