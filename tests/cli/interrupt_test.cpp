// SPDX-License-Identifier: MIT
// Ctrl-C at every stage ends the program and all it has started (ProgramTest looks for what is left).
#include <signal.h>

#include "../../cli/wasm/assemble.hpp"
#include "program_test.hpp"

namespace wasmup {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class Interrupt : public ProgramTest {
 protected:
  /// A program that says that it runs, and then runs for longer than any test, in two processes.
  std::filesystem::path endless(const char* name) {
    // Where it may write even as a compiler: in the folder for temporary files that the program gives it.
    return write_script(name, "sleep 1000 &\ntouch \"$TMPDIR/running\"\nwait\n");
  }

  Result interrupt(RunningProgram& program, int signal) {
    wait_for_file_below(folder_ / "tmp", "running");
    EXPECT_THAT(living(), Not(IsEmpty()));
    program.send(signal);
    return program.wait();
  }
};

TEST_F(Interrupt, while_it_compiles) {
  set("WASMUP_ENVOY", marking_envoy().string());
  set("WASMUP_WASM_CXX", endless("clang++").string());
  const auto program = start({"run", "--once"});
  const Result result = interrupt(*program, SIGINT);
  EXPECT_EQ(result.status, status(ExitCode::interrupted));
  EXPECT_THAT(result.output, HasSubstr("interrupted"));
  EXPECT_FALSE(envoy_was_started());
}

TEST_F(Interrupt, while_envoy_starts) {
  const auto module = write("my.wasm", wasm::minimal_module());
  const auto program =
      start({"run", "--once", "--filter", module.string(), "--envoy", endless("envoy").string()});
  const Result result = interrupt(*program, SIGINT);
  EXPECT_EQ(result.status, status(ExitCode::interrupted));
  EXPECT_THAT(result.output, HasSubstr("interrupted"));
}

TEST_F(Interrupt, by_a_signal_that_is_not_ctrl_c) {
  const auto module = write("my.wasm", wasm::minimal_module());
  const auto program =
      start({"run", "--once", "--filter", module.string(), "--envoy", endless("envoy").string()});
  EXPECT_EQ(interrupt(*program, SIGTERM).status, status(ExitCode::interrupted));
}

TEST_F(Interrupt, while_it_builds_the_tests) {
  write_script("bin/cmake", "touch '" + (folder_ / "running").string() + "'\nexec sleep 1000\n");
  set("PATH", (folder_ / "bin").string() + ":/usr/bin:/bin");
  const auto program = start({"test"});
  wait_for_file(folder_ / "running");
  // Ctrl-C reaches the whole foreground group of a terminal, and cmake is part of it.
  program->send_to_group(SIGINT);
  EXPECT_EQ(program->wait().status, status(ExitCode::interrupted));
}

}  // namespace
}  // namespace wasmup
