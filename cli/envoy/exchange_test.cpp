// SPDX-License-Identifier: MIT
#include "exchange.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wasmup::envoy {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Optional;
using testing::Pair;

TEST(parse_exchange, takes_a_line_of_a_stream_apart) {
  const auto exchange = parse_exchange(
      R"({"exchange":{"details":"via_upstream","flags":"-","method":"GET","microseconds":320,"path":"/x?y",)"
      R"("port":52516,"request_after":[":path: /x?y"],"request_before":[":path: /x?y","a: b: c"],)"
      R"("response_after":[],"response_before":null,"status":200}})");
  ASSERT_TRUE(exchange);
  EXPECT_FALSE(exchange->is_connection);
  EXPECT_EQ(exchange->method, "GET");
  EXPECT_EQ(exchange->path, "/x?y");
  EXPECT_EQ(exchange->status, 200);
  EXPECT_EQ(exchange->details, "via_upstream");
  EXPECT_EQ(exchange->flags, "-");
  EXPECT_EQ(exchange->time, std::chrono::microseconds(320));
  EXPECT_EQ(exchange->port, 52516);
  EXPECT_THAT(exchange->request_before, Optional(ElementsAre(Pair(":path", "/x?y"), Pair("a", "b: c"))));
  EXPECT_THAT(exchange->request_after, Optional(ElementsAre(Pair(":path", "/x?y"))));
  EXPECT_FALSE(exchange->response_before);
  EXPECT_THAT(exchange->response_after, Optional(IsEmpty()));
}

TEST(parse_exchange, can_be_brief) {
  const auto exchange = parse_exchange_briefly(
      R"({"exchange":{"path":"/\"status\":404","port":52516,"request_before":["a: \"port\":1"],"status":200}})");
  ASSERT_TRUE(exchange);
  EXPECT_EQ(exchange->status, 200);
  EXPECT_EQ(exchange->port, 52516);
  EXPECT_EQ(parse_exchange_briefly(R"({"exchange":{"port":7,"status":null}})")->status, 0);
  EXPECT_TRUE(parse_exchange_briefly(R"({"connection":{"flags":"-"}})")->is_connection);
  EXPECT_FALSE(parse_exchange_briefly("info"));
}

TEST(parse_exchange, takes_a_line_of_a_connection_apart) {
  const auto exchange =
      parse_exchange(R"({"connection":{"flags":"UF","milliseconds":7,"port":1234,"received":10,"sent":20}})");
  ASSERT_TRUE(exchange);
  EXPECT_TRUE(exchange->is_connection);
  EXPECT_EQ(exchange->received, 10);
  EXPECT_EQ(exchange->sent, 20);
  EXPECT_EQ(exchange->time, std::chrono::milliseconds(7));
  EXPECT_EQ(exchange->flags, "UF");
}

TEST(parse_exchange, leaves_out_what_envoy_does_not_know) {
  const auto exchange =
      parse_exchange(R"({"exchange":{"status":null,"method":7,"request_before":[1, "x"]}})");
  ASSERT_TRUE(exchange);
  EXPECT_EQ(exchange->status, 0);
  EXPECT_EQ(exchange->method, "");
  EXPECT_THAT(exchange->request_before, Optional(IsEmpty()));
}

TEST(parse_exchange, knows_no_other_line) {
  for (const char* line :
       {"", "{}", "{\"exchange\":{", "{\"exchange\":{}", "info\x1fmain\x1f", "{\"exchange\":7}"}) {
    EXPECT_FALSE(parse_exchange(line)) << line;
  }
}

}  // namespace
}  // namespace wasmup::envoy
