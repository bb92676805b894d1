// SPDX-License-Identifier: MIT
// `wasmup run --watch` in the real Envoy: what is saved is served, and no request fails meanwhile.
#include <atomic>
#include <chrono>
#include <regex>
#include <stdexcept>
#include <thread>

#include "../../cli/http/client.hpp"
#include "../../cli/text/file.hpp"
#include "program_test.hpp"

namespace wasmup {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// Asks all the time, from a thread of its own.
class Load {
 public:
  explicit Load(std::string url)
      : thread_([this, url = std::move(url)] {
          while (!ended_) {
            const auto response = http::send({.url = url});
            (response && response->status == 200 ? answered_ : failed_)++;
          }
        }) {}
  ~Load() { end(); }
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;

  void end() {
    ended_ = true;
    if (thread_.joinable()) thread_.join();
  }
  int answered() const { return answered_; }
  int failed() const { return failed_; }

 private:
  std::atomic<bool> ended_ = false;
  std::atomic<int> answered_ = 0;
  std::atomic<int> failed_ = 0;
  std::thread thread_;
};

class Watch : public ProgramTest {
 protected:
  Watch() {
    EXPECT_EQ(run({"new", (folder_ / "hello").string()}).status, status(ExitCode::ok));
    source_ = text::read_file(folder_ / "hello/hello.cpp").value();
    program_ = start({"run", "--watch", "--filter", (folder_ / "hello").string()});
    program_->wait_for_output("Ctrl-C ends it");
    std::smatch found;
    const std::string& output = program_->output();
    if (std::regex_search(output, found, std::regex("curl -i (http://\\S+)"))) url_ = found[1];
  }
  void TearDown() override {
    program_->send(SIGINT);
    EXPECT_EQ(program_->wait().status, status(ExitCode::ok));
    ProgramTest::TearDown();
  }

  /// As an editor does: beside it, then in its place.
  void save(const std::string& name, const std::string& content) {
    EXPECT_TRUE(text::write_file(folder_ / "hello" / name, content));
  }
  std::string with_value(const std::string& value) const {
    return std::regex_replace(source_, std::regex("root\\(\\)\\.value\\)"), "\"" + value + "\")");
  }
  std::vector<std::string> served(const std::string& header = "x-hello") const {
    const auto response = http::send({.url = url_});
    return response ? response->values(header) : std::vector<std::string>{"no answer"};
  }

  std::string source_;
  std::string url_;
  std::unique_ptr<RunningProgram> program_;
};

TEST_F(Watch, serves_what_is_saved_without_a_failed_request_and_keeps_the_old_one_when_that_is_wrong) {
  EXPECT_THAT(served(), ElementsAre("hello"));
  Load load(url_);

  save("hello.cpp", with_value("two"));
  program_->wait_for_output("    x-hello: two");  // as the check shows it
  EXPECT_THAT(served(), ElementsAre("two"));

  save("hello.cpp", "nonsense");
  program_->wait_for_output("serving   what was served before");
  EXPECT_THAT(program_->output(), HasSubstr("hello does not compile"));
  EXPECT_THAT(served(), ElementsAre("two"));

  save("hello.cpp", with_value("three"));
  program_->wait_for_output("    x-hello: three");

  save("config.json", R"({"header": "x-other"})");
  program_->wait_for_output("Envoy did not take hello.wasm");
  EXPECT_THAT(program_->output(), HasSubstr("\"value\": this is missing"));
  EXPECT_THAT(served(), ElementsAre("three"));

  save("config.json", R"({"header": "x-other", "value": "any"})");
  program_->wait_for_output("    x-other: three");
  load.end();
  EXPECT_GT(load.answered(), 10);
  EXPECT_EQ(load.failed(), 0);
}

}  // namespace
}  // namespace wasmup
