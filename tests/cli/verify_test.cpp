// SPDX-License-Identifier: MIT
// `wasmup verify` against a server that says what the test wants.
#include <atomic>
#include <chrono>
#include <fstream>
#include <functional>
#include <signal.h>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "../../cli/http/scripted_server.hpp"
#include "program_test.hpp"

namespace wasmup {
namespace {

using http::ScriptedServer;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::string answer(int status, const std::string& headers = "", const std::string& body = "") {
  return "HTTP/1.1 " + std::to_string(status) + " Any\r\n" + headers +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

class Verify : public ProgramTest {
 protected:
  Result verify(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "verify");
    return run(arguments);
  }

  static void wait_until(const std::function<bool()>& condition) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (!condition()) {
      if (std::chrono::steady_clock::now() > deadline) throw std::runtime_error("the time is up");
      std::this_thread::yield();
    }
  }
};

TEST_F(Verify, what_holds_is_exit_code_0) {
  const ScriptedServer server(answer(200, "X-Wasm-Custom: FOO\r\n", "hello world"));
  const Result result = verify({server.url("/get?a=b"), "--status", "200", "--expect-header",
                                "x-wasm-custom=FOO", "--absent", "server", "--body-contains", "hello",
                                "--host", "www.example.com", "--header", "X-A=b", "--data", "text"});
  EXPECT_EQ(result.status, status(ExitCode::ok)) << result.output;
  EXPECT_EQ(result.output, "ok        POST " + server.url("/get?a=b") + "\n");
  EXPECT_THAT(server.requests().at(0),
              AllOf(StartsWith("POST /get?a=b HTTP/1.1\r\n"), HasSubstr("\r\nHost: www.example.com\r\n"),
                    Not(HasSubstr("Host: 127")), HasSubstr("\r\nX-A: b\r\n"), HasSubstr("\r\n\r\ntext")));
}

TEST_F(Verify, what_does_not_is_exit_code_1_with_expected_and_seen) {
  const ScriptedServer server(answer(200, "X-Wasm-Custom: FOO\r\nX-Wasm-Custom: FOO\r\n"));
  const Result result = verify({server.url(), "--expect-header", "x-wasm-custom=FOO"});
  EXPECT_EQ(result.status, status(ExitCode::check_failed));
  EXPECT_THAT(result.output, AllOf(HasSubstr("expected  x-wasm-custom: FOO, exactly once"),
                                   HasSubstr("seen      x-wasm-custom: FOO, then FOO"),
                                   HasSubstr("next: curl -i " + server.url())));
}

TEST_F(Verify, trailers_are_told_from_headers) {
  const ScriptedServer server(
      std::string("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-H: 1\r\n\r\n"
                  "5\r\nhello\r\n0\r\nX-T: 5\r\n\r\n"));
  EXPECT_EQ(verify({server.url(), "--expect-trailer", "x-t=5"}).status, status(ExitCode::ok));
  EXPECT_EQ(verify({server.url(), "--expect-trailer", "x-h=1"}).status, status(ExitCode::check_failed));
  EXPECT_EQ(verify({server.url(), "--absent", "x-t"}).status, status(ExitCode::ok));
}

TEST_F(Verify, each_of_several_requests_must_hold) {
  std::atomic<int> count = 0;
  const ScriptedServer server([&](const std::string&) { return answer(++count == 7 ? 503 : 200); });
  const Result result = verify({server.url(), "--status", "200", "--count", "10"});
  EXPECT_EQ(result.status, status(ExitCode::check_failed));
  EXPECT_THAT(result.output, HasSubstr("(request 7 of 10)"));
  EXPECT_EQ(verify({server.url(), "--status", "200", "--count", "10"}).status, status(ExitCode::ok));
}

TEST_F(Verify, waits_for_what_is_still_to_come) {
  std::atomic<int> count = 0;
  const ScriptedServer server([&](const std::string&) { return answer(++count < 4 ? 503 : 200); });
  EXPECT_EQ(verify({server.url(), "--status", "200", "--within", "60s"}).status, status(ExitCode::ok));
  EXPECT_EQ(count, 4);
}

TEST_F(Verify, does_not_wait_longer_than_it_is_told) {
  const ScriptedServer server(answer(503));
  const Result result = verify({server.url(), "--status", "200", "--within", "300ms"});
  EXPECT_EQ(result.status, status(ExitCode::check_failed));
  EXPECT_THAT(result.output, HasSubstr("seen      status 503"));
  EXPECT_GT(server.requests().size(), 1U);
}

TEST_F(Verify, nobody_there_is_exit_code_5) {
  const std::string url = ScriptedServer(std::string()).url();  // it is gone at once
  const Result result = verify({url, "--status", "200", "--within", "200ms"});
  EXPECT_EQ(result.status, status(ExitCode::environment));
  EXPECT_THAT(result.output, AllOf(HasSubstr("no answer from " + url), HasSubstr("Failed to connect")));
}

TEST_F(Verify, an_answer_that_does_not_come_is_not_waited_for_for_ever) {
  const ScriptedServer server(std::string(""));
  const Result result = verify({server.url(), "--status", "200", "--timeout", "200ms"});
  EXPECT_EQ(result.status, status(ExitCode::environment));
  EXPECT_THAT(result.output, HasSubstr("timed out"));
}

TEST_F(Verify, ctrl_c_ends_a_wait) {
  const ScriptedServer server(answer(503));
  const auto program = start({"verify", server.url(), "--status", "200", "--within", "1000s"});
  wait_until([&] { return server.requests().size() >= 2; });
  program->send(SIGINT);
  const Result result = program->wait();
  EXPECT_EQ(result.status, status(ExitCode::interrupted));
  EXPECT_EQ(result.output, "interrupted\n");
}

TEST_F(Verify, ctrl_c_ends_a_request_without_an_answer) {
  const ScriptedServer server(std::string(""));
  const auto program = start({"verify", server.url(), "--status", "200", "--timeout", "1000s"});
  wait_until([&] { return !server.requests().empty(); });
  program->send(SIGINT);
  EXPECT_EQ(program->wait().status, status(ExitCode::interrupted));
}

TEST_F(Verify, a_file_is_read_sent_and_reported) {
  const ScriptedServer server([](const std::string& request) {
    return answer(request.starts_with("GET /moon ") ? 404 : 200, "X-Wasm-Custom: FOO\r\n");
  });
  const auto file = write("requests.yaml",
                          "requests:\n"
                          "  - name: the header is there\n"
                          "    path: /get\n"
                          "    expect: {status: 200, headers: {x-wasm-custom: FOO}}\n"
                          "  - name: the moon\n"
                          "    path: /moon\n"
                          "    expect: {status: 200}\n");
  const auto junit = folder_ / "junit.xml";
  const Result result = verify({file.string(), "--url", server.url(""), "--junit", junit.string()});
  EXPECT_EQ(result.status, status(ExitCode::check_failed));
  EXPECT_THAT(result.output, AllOf(HasSubstr("ok        the header is there\n"),
                                   HasSubstr("failed    the moon\n"), HasSubstr("1 of 2 requests")));
  std::stringstream report;
  report << std::ifstream(junit).rdbuf();
  EXPECT_THAT(report.str(), AllOf(HasSubstr("tests=\"2\" failures=\"1\" errors=\"0\""),
                                  HasSubstr("expected status 200; seen status 404")));
}

TEST_F(Verify, a_file_that_cannot_be_right_is_exit_code_2_with_the_place) {
  const auto file = write("requests.yaml", "requests:\n  - path: /\n    expct: {status: 200}\n");
  const Result result = verify({file.string(), "--url", "http://127.0.0.1:1"});
  EXPECT_EQ(result.status, status(ExitCode::usage));
  EXPECT_THAT(result.output, AllOf(HasSubstr("requests.yaml:3:5 is not as it should be"),
                                   HasSubstr("did you mean expect?")));
}

TEST_F(Verify, what_a_server_says_cannot_write_to_the_terminal) {
  const ScriptedServer server(answer(200, "X-A: \x1b[31mred\r\n", "\x1b]0;title\x07"));
  const Result result = verify({server.url(), "--expect-header", "x-a=b", "--body-contains", "c"});
  EXPECT_THAT(result.output,
              AllOf(HasSubstr("\\x1b[31mred"), HasSubstr("\\x1b]0;title\\x07"), Not(HasSubstr("\x1b"))));
}

}  // namespace
}  // namespace wasmup
