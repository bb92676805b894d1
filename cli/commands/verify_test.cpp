// SPDX-License-Identifier: MIT
#include <array>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>

#include "../app.hpp"
#include "../testing/fake_world.hpp"
#include "../testing/folder_test.hpp"

namespace wasmup::commands {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;
using testing::SizeIs;

constexpr const char* url = "http://127.0.0.1:8080/get";

/// `wasmup verify` against a server that answers with the header, until a test says otherwise.
class VerifyTest : public FolderTest {
 protected:
  VerifyTest() {
    world_.folder = folder_;
    world_.server = [this](const http::Request&) { return answer_; };
  }

  ExitCode run(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "verify");
    Environment environment = world_.environment();
    return run_app(arguments, environment);
  }
  ExitCode run_url(std::vector<std::string> flags) {
    flags.insert(flags.begin(), url);
    return run(std::move(flags));
  }

  void expect_refused(const std::vector<std::string>& arguments, const std::string& why) {
    world_.err.str("");
    EXPECT_EQ(run(arguments), ExitCode::usage) << why;
    EXPECT_THAT(err(), HasSubstr(why));
    EXPECT_THAT(world_.requests, IsEmpty());
    EXPECT_EQ(out(), "");
  }

  static std::string content(const std::filesystem::path& path) {
    std::stringstream all;
    all << std::ifstream(path).rdbuf();
    return all.str();
  }
  std::string out() const { return world_.out.str(); }
  std::string err() const { return world_.err.str(); }

  FakeWorld world_;
  Expected<http::Response> answer_ =
      http::Response{.status = 200,
                     .headers = {{"server", "envoy"}, {"x-wasm-custom", "FOO"}},
                     .body = "hello world",
                     .trailers = {{"x-t", "1"}}};
};

// A URL

TEST_F(VerifyTest, what_holds_is_one_line) {
  EXPECT_EQ(run_url({"--status", "200", "--expect-header", "x-wasm-custom=FOO", "--absent", "via",
                     "--body-contains", "hello", "--body-contains", "world", "--expect-trailer", "x-t=1"}),
            ExitCode::ok)
      << err();
  EXPECT_EQ(out(), "ok        GET http://127.0.0.1:8080/get\n");
  EXPECT_EQ(err(), "");
}

TEST_F(VerifyTest, every_expectation_alone_can_fail) {
  for (const auto& [flag, value, expected, seen] :
       {std::array{"--status", "201", "expected  status 201", "seen      status 200"},
        {"--expect-header", "x-wasm-custom=BAR", "expected  x-wasm-custom: BAR, exactly once",
         "seen      x-wasm-custom: FOO"},
        {"--absent", "Server", "expected  no server", "seen      server: envoy"},
        {"--body-contains", "moon", "expected  a body with 'moon'", "seen      the body 'hello world'"},
        {"--expect-trailer", "x-t=2", "expected  trailer x-t: 2, exactly once",
         "seen      trailer x-t: 1"}}) {
    world_.out.str("");
    EXPECT_EQ(run_url({flag, value}), ExitCode::check_failed) << flag;
    EXPECT_THAT(out(), AllOf(HasSubstr("failed    GET http://127.0.0.1:8080/get\n"), HasSubstr(expected),
                             HasSubstr(seen)));
  }
}

TEST_F(VerifyTest, a_failure_says_what_was_met_too_and_how_to_ask_by_hand) {
  EXPECT_EQ(run_url({"--status", "200", "--absent", "server", "--host", "www.example.com"}),
            ExitCode::check_failed);
  EXPECT_EQ(out(),
            "failed    GET http://127.0.0.1:8080/get\n"
            "          met       status 200\n"
            "          expected  no server\n"
            "          seen      server: envoy\n");
  EXPECT_EQ(err(),
            "error: the response does not carry what it should\n"
            "  after 1 attempt in 0.0 s\n"
            "  next: curl -i -H 'host: www.example.com' http://127.0.0.1:8080/get\n");
}

TEST_F(VerifyTest, the_request_is_as_the_flags_say) {
  EXPECT_EQ(run_url({"--status", "200", "--method", "PUT", "--data", "text", "--header", "X-A=b=c",
                     "--header", "x-e=", "--host", "www.example.com", "--timeout", "1500ms", "--connect-to",
                     "127.0.0.1:8443", "--insecure", "--count", "2"}),
            ExitCode::ok);
  ASSERT_THAT(world_.requests, SizeIs(2));
  const http::Request& request = world_.requests[1];
  EXPECT_EQ(request.url, url);
  EXPECT_EQ(request.method, "PUT");
  EXPECT_EQ(request.body, "text");
  EXPECT_THAT(request.headers,
              ElementsAre(Pair("X-A", "b=c"), Pair("x-e", ""), Pair("host", "www.example.com")));
  EXPECT_EQ(request.limit, 1500ms);
  EXPECT_EQ(request.connect_to, "127.0.0.1:8443");
  EXPECT_TRUE(request.insecure);
}

TEST_F(VerifyTest, data_is_posted) {
  run_url({"--status", "200", "--data", "a"});
  EXPECT_EQ(world_.requests.at(0).method, "POST");
}

TEST_F(VerifyTest, certificates_come_from_a_file_that_is_there) {
  expect_refused({url, "--status", "200", "--cacert", (folder_ / "none").string()}, "none");
  const auto file = write("ca.crt", "");
  EXPECT_EQ(run_url({"--status", "200", "--cacert", file.string()}), ExitCode::ok);
  EXPECT_EQ(world_.requests.at(0).authorities, file.string());
}

// Waiting

TEST_F(VerifyTest, within_a_time_it_waits_for_what_must_come) {
  answer_ = http::Response{.status = 503};
  world_.on_pause = [this] {
    if (world_.requests.size() == 3) answer_ = http::Response{.status = 200};
  };
  EXPECT_EQ(run_url({"--status", "200", "--within", "30s"}), ExitCode::ok);
  EXPECT_THAT(world_.requests, SizeIs(4));
}

TEST_F(VerifyTest, what_does_not_come_in_time_is_exit_code_1_with_the_last_answer) {
  answer_ = http::Response{.status = 503};
  EXPECT_EQ(run_url({"--status", "200", "--within", "30s"}), ExitCode::check_failed);
  EXPECT_THAT(out(), HasSubstr("seen      status 503"));
  EXPECT_THAT(err(), HasSubstr("attempts in 30.0 s"));
}

TEST_F(VerifyTest, no_answer_at_all_is_exit_code_5) {
  answer_ = std::unexpected(Error{ExitCode::environment, "no answer", "Failed to connect", ""});
  EXPECT_EQ(run_url({"--status", "200", "--within", "1s"}), ExitCode::environment);
  EXPECT_THAT(out(), HasSubstr("no answer: Failed to connect"));
  EXPECT_THAT(err(), AllOf(HasSubstr("error: no answer from http://127.0.0.1:8080/get"),
                           HasSubstr("next: curl -i http://127.0.0.1:8080/get")));
}

TEST_F(VerifyTest, progress_is_shown_on_a_terminal_alone) {
  answer_ = http::Response{.status = 503};
  run_url({"--status", "200", "--within", "1s"});
  EXPECT_THAT(out(), Not(HasSubstr("waiting")));

  std::destroy_at(&world_.terminal);
  std::construct_at(&world_.terminal, world_.out, world_.err, terminal::Capabilities{.live = true});
  run_url({"--status", "200", "--within", "1s"});
  EXPECT_THAT(out(), HasSubstr("waiting   attempt 1, 1.0 s left: status 503"));
}

TEST_F(VerifyTest, ctrl_c_ends_it) {
  answer_ = http::Response{.status = 503};
  world_.on_pause = [this] { world_.interrupted = true; };
  EXPECT_EQ(run_url({"--status", "200", "--within", "30s", "--json"}), ExitCode::interrupted);
  EXPECT_THAT(world_.requests, SizeIs(1));
  EXPECT_EQ(out(), "");
}

// A file

constexpr const char* two_requests =
    "requests:\n"
    "  - name: the header is there\n"
    "    path: /get\n"
    "    count: 2\n"
    "    expect: {headers: {x-wasm-custom: FOO}}\n"
    "  - name: the moon is there\n"
    "    path: /moon\n"
    "    headers: {Host: moon}\n"
    "    expect: {body: {contains: moon}}\n";

TEST_F(VerifyTest, a_file_has_a_line_a_request) {
  write("requests.yaml", two_requests);
  EXPECT_EQ(run({"requests.yaml", "--url", "http://127.0.0.1:8080", "--host", "earth"}),
            ExitCode::check_failed);
  EXPECT_EQ(out(),
            "ok        the header is there  (2 requests)\n"
            "failed    the moon is there\n"
            "          GET http://127.0.0.1:8080/moon\n"
            "          expected  a body with 'moon'\n"
            "          seen      the body 'hello world'\n");
  EXPECT_THAT(err(), HasSubstr("1 of 2 requests did not get what they should"));
  ASSERT_THAT(world_.requests, SizeIs(3));
  EXPECT_THAT(world_.requests[0].headers, ElementsAre(Pair("host", "earth")));
  EXPECT_THAT(world_.requests[2].headers, ElementsAre(Pair("Host", "moon")));
}

TEST_F(VerifyTest, flags_of_a_request_are_not_for_a_file) {
  write("requests.yaml", two_requests);
  for (const std::vector<std::string>& flags : {std::vector<std::string>{"--status", "200"},
                                                {"--expect-header", "a=b"},
                                                {"--absent", "a"},
                                                {"--body-contains", "a"},
                                                {"--expect-trailer", "a=b"},
                                                {"--method", "PUT"},
                                                {"--data", "a"},
                                                {"--header", "a=b"},
                                                {"--count", "2"}}) {
    expect_refused({"requests.yaml", "--url", "http://a", flags[0], flags[1]}, flags[0] + " is for a URL");
  }
}

TEST_F(VerifyTest, a_file_without_a_server_is_refused) {
  write("requests.yaml", two_requests);
  expect_refused({"requests.yaml"}, "add --url");
  expect_refused({"requests.yaml", "--url", "127.0.0.1:8080"}, "--url does not understand '127.0.0.1:8080'");
}

TEST_F(VerifyTest, a_file_that_is_not_right_is_refused_with_the_place) {
  write("requests.yaml", "requests:\n  - pth: /\n");
  expect_refused({"requests.yaml", "--url", "http://a"}, "requests.yaml:2:5 is not as it should be");
  expect_refused({"none.yaml"}, "there is no file none.yaml");
}

// Reports

TEST_F(VerifyTest, json_is_one_document_also_when_it_fails) {
  EXPECT_EQ(run_url({"--status", "404", "--json"}), ExitCode::check_failed);
  const auto report = nlohmann::json::parse(out());
  EXPECT_EQ(report["ok"], false);
  EXPECT_EQ(report["requests"][0]["expectations"][0]["seen"], "status 200");
}

TEST_F(VerifyTest, junit_is_written_also_when_it_fails) {
  write("requests.yaml", two_requests);
  const auto file = folder_ / "reports" / "junit.xml";
  EXPECT_EQ(run({"requests.yaml", "--url", "http://a", "--junit", file.string()}), ExitCode::check_failed);
  EXPECT_THAT(content(file), AllOf(HasSubstr("tests=\"2\" failures=\"1\" errors=\"0\""),
                                   HasSubstr("classname=\"requests.yaml\" name=\"the header is there\"")));
}

TEST_F(VerifyTest, junit_that_cannot_be_written_is_an_error) {
  const auto file = write("file", "");
  EXPECT_EQ(run_url({"--status", "200", "--junit", (file / "junit.xml").string()}), ExitCode::environment);
  EXPECT_THAT(err(), HasSubstr("cannot write"));
}

// Flags that cannot be right

TEST_F(VerifyTest, a_check_that_cannot_fail_is_refused) {
  expect_refused({url}, "nothing is expected");
  expect_refused({url, "--within", "30s"}, "nothing is expected");
  expect_refused({url, "--body-contains", ""}, "every body has the empty text in it");
}

TEST_F(VerifyTest, what_cannot_be_right_is_refused_before_anything_is_sent) {
  expect_refused({}, "TARGET is required");
  expect_refused({url, "--status", "1000"}, "--status");
  expect_refused({url, "--status", "200", "--count", "0"}, "--count");
  expect_refused({url, "--expect-header", "x"}, "--expect-header does not understand 'x'");
  expect_refused({url, "--expect-trailer", "x"}, "--expect-trailer does not understand 'x'");
  expect_refused({url, "--absent", "a b"}, "--absent does not understand 'a b'");
  expect_refused({url, "--status", "200", "--header", "a b=c"}, "--header does not understand 'a b=c'");
  expect_refused({url, "--status", "200", "--header", "a"}, "there is no = in it");
  expect_refused({url, "--status", "200", "--method", "GET /"}, "--method does not understand");
  expect_refused({url, "--status", "200", "--within", "soon"}, "--within does not understand 'soon'");
  expect_refused({url, "--status", "200", "--within", "0s"}, "more than 0");
  expect_refused({url, "--status", "200", "--timeout", "-1s"}, "--timeout");
  expect_refused({url, "--status", "200", "--connect-to", "here"}, "there is no port");
  expect_refused({url, "--status", "200", "--url", "http://b"}, "there are two URLs");
}

}  // namespace
}  // namespace wasmup::commands
