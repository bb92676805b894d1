// SPDX-License-Identifier: MIT
#include <wasmup/testing.hpp>

using namespace wasmup::testing;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using wasmup::LogLevel;

namespace {

const Headers key{{"x-key", "1"}};

std::vector<std::string> lines(const Host& host) {
  std::vector<std::string> texts;
  for (const LogLine& line : host.logs()) texts.push_back(line.text);
  return texts;
}

}  // namespace

TEST(StatelessVerdict, sees_no_body_of_a_request_that_its_headers_decided) {
  Host host;
  EXPECT_EQ(host.exchange(get("/")).status(), 401);
  EXPECT_THAT(lines(host), ElementsAre("whole response body", "done"));
}

TEST(StatelessVerdict, answers_an_empty_500_once) {
  Host host;
  const Exchange exchange = host.exchange(get("/", key), reply(500));
  EXPECT_EQ(exchange.status(), 502);
  EXPECT_EQ(exchange.client->body, "upstream failed\n");
  EXPECT_THAT(lines(host), ElementsAre("whole request body", "done"));
}

TEST(StatelessVerdict, answers_an_empty_response_from_its_whole_body) {
  Host host;
  const Exchange exchange = host.exchange(get("/", key), reply(200));
  EXPECT_EQ(exchange.status(), 502);
  EXPECT_EQ(exchange.client->body, "empty\n");
}

TEST(StatelessVerdict, is_done_once_a_stream_and_never_for_a_root) {
  {
    Host host;
    host.exchange(get("/", key), reply(200, "body"));
    EXPECT_THAT(lines(host), ElementsAre("whole request body", "whole response body", "done"));
    host.clear_records();
    ASSERT_TRUE(host.reconfigure("another"));
    EXPECT_THAT(host.logs(), IsEmpty());
  }
}
