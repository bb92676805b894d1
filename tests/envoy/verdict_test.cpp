// SPDX-License-Identifier: MIT
// tests/sdk/verdict.cpp and stateless_verdict.cpp in a real Envoy: what would end it is refused, and it
// lives.
#include <chrono>

#include "sdk_test.hpp"

namespace wasmup {
namespace {

class Verdict : public SdkTest {
 protected:
  void serve_with_upstream(const std::string& name) {
    envoy::Bootstrap bootstrap{.filters = {filter(name)}};
    bootstrap.upstream = start_upstream();
    start(std::move(bootstrap), "warn");  // nobody reads its log meanwhile
  }

  /// Sends a request of these headers, whatever becomes of it; Envoy must answer the next one.
  void survive(std::vector<std::pair<std::string, std::string>> headers, const std::string& path = "/") {
    std::string what;
    for (const auto& [name, value] : headers) what.append(name).append(": ").append(value).append("; ");
    const auto answer = http::send({.url = "http://127.0.0.1:" + std::to_string(server_->port()) + path,
                                    .headers = std::move(headers),
                                    .limit = std::chrono::seconds(2)});
    const auto next = http::send({.url = "http://127.0.0.1:" + std::to_string(server_->port()) + "/",
                                  .limit = std::chrono::seconds(10)});
    ASSERT_TRUE(next) << "Envoy has ended after " << what << next.error().seen;
    static_cast<void>(answer);  // a reset leaves none
    EXPECT_EQ(next->status, 200) << what;
  }
};

constexpr const char* each[] = {"reply", "reset", "continue-request", "continue-response"};

TEST_F(Verdict, of_two_words_ends_no_envoy_in_any_callback) {
  serve_with_upstream("verdict");
  for (const char* const where :
       {"x-request-headers", "x-response-headers", "x-response-body", "x-end", "x-delete"}) {
    for (const std::string first : each) {
      for (const std::string second : each) {
        survive({{where, first + " " + second}});
        if (HasFatalFailure()) return;
      }
    }
  }
}

TEST_F(Verdict, of_two_words_ends_no_envoy_from_a_tick) {
  serve_with_upstream("verdict");
  for (const char* const held : {"x-request-headers", "x-response-headers"}) {
    for (const std::string first : each) {
      for (const std::string second : {"reply", "reset", "continue-response"}) {
        survive({{held, "hold"}, {"x-tick", first + " " + second + " reply"}});
        if (HasFatalFailure()) return;
      }
    }
  }
}

TEST_F(Verdict, of_a_reply_to_a_reply_ends_no_envoy) {
  serve_with_upstream("verdict");
  for (const std::string again : each) {
    survive({{"x-request-headers", "reply"}, {"x-response-headers", "reply " + again}});
    survive({{"x-request-headers", "reply"}, {"x-response-body", again + " reply"}});
    if (HasFatalFailure()) return;
  }
}

TEST_F(Verdict, of_a_filter_without_data_answers_an_empty_500_once) {
  serve_with_upstream("stateless_verdict");
  const http::Response failed = filtered({.url = "/status/500", .headers = {{"x-key", "1"}}});
  EXPECT_EQ(failed.status, 502);
  EXPECT_EQ(failed.body, "upstream failed\n");
  EXPECT_EQ(filtered({.url = "/"}).status, 401) << "Envoy lives";
  EXPECT_EQ(filtered({.url = "/bytes/3", .headers = {{"x-key", "1"}}}).body, "xxx");
  for (const std::string& line : module_log()) EXPECT_EQ(line.find("critical"), std::string::npos);
}

}  // namespace
}  // namespace wasmup
