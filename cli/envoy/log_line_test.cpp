// SPDX-License-Identifier: MIT
#include "log_line.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <vector>

namespace wasmup::envoy {
namespace {

/// Parses "LEVEL\x1fLOGGER\x1fMESSAGE" with a time and a thread between them, or another line as it is.
LogLine parsed(std::string text) {
  const size_t first = text.find('\x1f');
  const size_t second = first == text.npos ? first : text.find('\x1f', first + 1);
  if (second != text.npos)
    text.insert(second + 1,
                "1700000000123456789\x1f"
                "42\x1f");
  return parse_log_line(text);
}

TEST(parse_log_line, takes_a_line_of_envoy_apart) {
  const LogLine line = parsed(
      "warning\x1fmain\x1f"
      "caught ENVOY_SIGTERM");
  EXPECT_EQ(line.level, "warning");
  EXPECT_EQ(line.logger, "main");
  EXPECT_EQ(line.message, "caught ENVOY_SIGTERM");
  EXPECT_EQ(line.time, std::chrono::nanoseconds(1700000000123456789));
  EXPECT_EQ(line.thread, 42);
  EXPECT_FALSE(line.from_module);
}

TEST(parse_log_line, takes_other_lines_as_they_are) {
  for (const char* text : {"", "Unable to create Wasm plugin wasmup",
                           "a\x1f"
                           "b"}) {
    const LogLine line = parsed(text);
    EXPECT_EQ(line.level, "");
    EXPECT_FALSE(line.from_module);
  }
  EXPECT_EQ(parsed("cannot execute").message, "cannot execute");
}

struct ModuleLine {
  const char* logged;
  const char* message;
};

class module_lines : public testing::TestWithParam<ModuleLine> {};

TEST_P(module_lines, lose_envoys_words_before_them) {
  const LogLine line = parsed(std::string("info\x1fwasm\x1f") + GetParam().logged);
  EXPECT_TRUE(line.from_module);
  EXPECT_EQ(line.message, GetParam().message);
}

// As real Envoy writes them: a stream with all three names; a root context before it has a plugin; one that
// has no root id; a VM without an id; nothing at all.
INSTANTIATE_TEST_SUITE_P(seen, module_lines,
                         testing::Values(ModuleLine{"wasm log wasmup add_header_root wasmup: hello", "hello"},
                                         ModuleLine{"wasm log add_header_root wasmup: hello", "hello"},
                                         ModuleLine{"wasm log wasmup: hello", "hello"},
                                         ModuleLine{"wasm log wasmup add_header_root: hello", "hello"},
                                         ModuleLine{"wasm log: hello", "hello"},
                                         ModuleLine{"wasm log a b c: key: value: more", "key: value: more"},
                                         ModuleLine{"wasm log a b c: ", ""},
                                         ModuleLine{"wasm log a b c: x\x1fy", "x\\x1fy"},
                                         ModuleLine{"wasm log a b c: two\\nlines", "two\\nlines"}));

TEST(parse_log_line, knows_which_vm_a_module_is_in) {
  EXPECT_EQ(parsed("info\x1fwasm\x1fwasm log second add_header_root second: hello").vm, "second");
  EXPECT_EQ(parsed("info\x1fwasm\x1fwasm log add_header_root second: a b: c").vm, "second");
  EXPECT_EQ(parsed("info\x1fwasm\x1fwasm log: hello").vm, "");
}

TEST(parse_log_line, envoys_own_words_on_modules_are_not_the_modules) {
  for (const char* text : {"Wasm VM failed Failed to load Wasm code", "wasm logs: none", "wasm log",
                           "Function: proxy_on_request_headers failed: Uncaught RuntimeError: unreachable"}) {
    const LogLine line = parsed(std::string("error\x1fwasm\x1f") + text);
    EXPECT_FALSE(line.from_module) << text;
    EXPECT_EQ(line.message, text);
  }
  EXPECT_FALSE(parsed("info\x1flua\x1fwasm log a: b").from_module);
}

TEST(parse_log_line, control_characters_cannot_reach_a_terminal) {
  EXPECT_EQ(parsed("info\x1fwasm\x1fwasm log: \x1b[2Jgone\x07\r\ttab, naïve").message,
            "\\x1b[2Jgone\\x07\\r\\ttab, naïve");
  EXPECT_EQ(parsed("\x1b[31mred").message, "\\x1b[31mred");
}

std::vector<LogLine> log_of(std::initializer_list<const char*> lines) {
  std::vector<LogLine> log;
  for (const char* line : lines) log.push_back(parsed(line));
  return log;
}

TEST(reason, of_a_busy_port_is_one_sentence) {
  const auto log = log_of(
      {"warning\x1fmain\x1fnot important",
       "error\x1f"
       "config\x1flistener 'filtered' failed to bind or apply socket options: cannot bind '127.0.0.1:80': "
       "Address already in use",
       "critical\x1fmain\x1f"
       "error `cannot bind '127.0.0.1:80': Address already in use` initializing config "
       "'goo.gle/debugstr   \\n  envoy.json'",
       "cannot bind '127.0.0.1:80': Address already in use"});
  EXPECT_EQ(reason_in(log),
            "listener 'filtered' failed to bind or apply socket options: cannot bind '127.0.0.1:80': Address "
            "already "
            "in use");
  EXPECT_FALSE(blames_module(log));
}

TEST(reason, of_a_refused_module_starts_with_the_cause) {
  const auto log =
      log_of({"error\x1fwasm\x1f"
              "Failed to load Wasm module due to a missing import: env.proxy_frob",
              "error\x1fwasm\x1fWasm VM failed Failed to initialize Wasm code",
              "critical\x1fwasm\x1fPlugin wasmup failed to load",
              "critical\x1fwasm\x1fPlugin configured to fail closed failed to load",
              "critical\x1fmain\x1f"
              "error `Unable to create Wasm plugin wasmup` initializing config 'x'",
              "Unable to create Wasm plugin wasmup"});
  EXPECT_EQ(reason_in(log),
            "Failed to load Wasm module due to a missing import: env.proxy_frob\n"
            "Wasm VM failed Failed to initialize Wasm code\n"
            "Unable to create Wasm plugin wasmup");
  EXPECT_TRUE(blames_module(log));
}

TEST(reason, quotes_the_module) {
  const auto log = log_of({"error\x1fwasm\x1fwasm log add_header_root wasmup: bad colour"});
  EXPECT_EQ(reason_in(log), "the module logged: bad colour");
}

TEST(reason, of_a_refused_update_is_in_a_warning) {
  const auto log =
      log_of({"warning\x1f"
              "config\x1f"
              "Filesystem config update rejected: Invalid path: /gone.wasm"});
  EXPECT_EQ(reason_in(log), "Invalid path: /gone.wasm");
}

TEST(reason, of_a_crash_is_without_its_stack) {
  const auto log =
      log_of({"critical\x1f"
              "backtrace\x1f"
              "Caught Segmentation fault, suspect faulting address 0x0",
              "critical\x1f"
              "backtrace\x1f"
              "Backtrace (use tools/stack_decode.py to get line numbers):",
              "critical\x1f"
              "backtrace\x1f"
              "#0: __restore_rt [0x7f]",
              "ConnectionImpl 0x1, connecting_: 0"});
  EXPECT_EQ(reason_in(log), "Caught Segmentation fault, suspect faulting address 0x0");
}

TEST(reason, of_a_program_that_is_no_envoy_is_its_last_words) {
  EXPECT_EQ(
      reason_in(log_of({"one", "two", "three", "four", "five", "/envoy: version `GLIBC_2.38' not found"})),
      "two\nthree\nfour\nfive\n/envoy: version `GLIBC_2.38' not found");
  EXPECT_EQ(reason_in(log_of({})), "");
  EXPECT_EQ(reason_in(log_of({"info\x1fmain\x1fstarting"})), "");
}

}  // namespace
}  // namespace wasmup::envoy
