// SPDX-License-Identifier: MIT
// `wasmup verify` against the real Envoy with the default filter, as `wasmup run` serves it.
#include <regex>
#include <signal.h>

#include "../../cli/os/network.hpp"
#include "program_test.hpp"

namespace wasmup {
namespace {

using testing::HasSubstr;

class VerifyLive : public ProgramTest {
 protected:
  std::string free_port() { return std::to_string(os::make_network()->free_ports(1).value().at(0)); }

  static std::string match(const std::string& output, const char* pattern) {
    std::smatch found;
    EXPECT_TRUE(std::regex_search(output, found, std::regex(pattern))) << output;
    return found[1];
  }

  void end(RunningProgram& program) {
    program.send(SIGINT);
    EXPECT_EQ(program.wait().status, status(ExitCode::ok)) << program.output();
  }
};

TEST_F(VerifyLive, the_header_is_there_with_the_filter_and_not_without) {
  const auto served = start({"run"});
  served->wait_for_output("Ctrl-C ends it");
  const std::string with = match(served->output(), "serving +(http://\\S+)");
  const std::string without = match(served->output(), "without the filter: (http://[^\\s)]+)");
  const std::vector<std::string> flags{"--status",          "200",     "--expect-header",
                                       "x-wasm-custom=FOO", "--count", "3"};
  const auto verify = [&](const std::string& url) {
    std::vector<std::string> arguments{"verify", url};
    arguments.insert(arguments.end(), flags.begin(), flags.end());
    return run(arguments);
  };
  const Result yes = verify(with);
  EXPECT_EQ(yes.status, status(ExitCode::ok)) << yes.output;
  const Result no = verify(without);
  EXPECT_EQ(no.status, status(ExitCode::check_failed)) << no.output;
  EXPECT_THAT(no.output, HasSubstr("seen      no x-wasm-custom"));

  write("requests.yaml",
        "requests:\n"
        "  - name: once, also where the upstream has its own\n"
        "    path: /header/x-wasm-custom/theirs\n"
        "    expect: {status: 200, headers: {x-wasm-custom: FOO}}\n");
  const Result file = run({"verify", (folder_ / "requests.yaml").string(), "--url", with});
  EXPECT_EQ(file.status, status(ExitCode::ok)) << file.output;
  end(*served);
}

TEST_F(VerifyLive, waits_for_an_envoy_that_is_still_to_come) {
  const std::string port = free_port();
  const auto waiting = start(
      {"verify", "http://127.0.0.1:" + port, "--expect-header", "x-wasm-custom=FOO", "--within", "100s"});
  const auto served = start({"run", "--port", port});
  const Result result = waiting->wait();
  EXPECT_EQ(result.status, status(ExitCode::ok)) << result.output;
  served->wait_for_output("Ctrl-C ends it");
  end(*served);
}

}  // namespace
}  // namespace wasmup
