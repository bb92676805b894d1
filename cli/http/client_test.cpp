// SPDX-License-Identifier: MIT
#include "client.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>

#include "os/interrupt.hpp"
#include "scripted_server.hpp"

namespace wasmup::http {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::StartsWith;

const std::string hello = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

TEST(client, an_answer_comes_with_its_headers_in_order_and_lower_case) {
  const ScriptedServer server(
      "HTTP/1.1 418 I'm a teapot\r\nX-B: 1\r\nx-a:  spaced \r\nX-B: 2\r\nX-Empty:\r\nContent-Length: "
      "5\r\n\r\nhello");
  const Expected<Response> response = send({.url = server.url()});
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 418);
  EXPECT_EQ(response->body, "hello");
  EXPECT_THAT(response->headers, ElementsAre(Pair("x-b", "1"), Pair("x-a", "spaced"), Pair("x-b", "2"),
                                             Pair("x-empty", ""), Pair("content-length", "5")));
  EXPECT_THAT(response->values("x-b"), ElementsAre("1", "2"));
  EXPECT_THAT(response->values("x-none"), IsEmpty());
  EXPECT_THAT(response->trailers, IsEmpty());
}

TEST(client, a_request_is_sent_as_it_is_given) {
  const ScriptedServer server(hello);
  ASSERT_TRUE(send({.url = server.url("/a/../b?c=d%20e"),
                    .method = "PUT",
                    .headers = {{"X-One", "1"}, {"x-one", "2"}, {"x-empty", ""}},
                    .body = "text"}));
  ASSERT_EQ(server.requests().size(), 1u);
  const std::string request = server.requests()[0];
  EXPECT_THAT(request, StartsWith("PUT /a/../b?c=d%20e HTTP/1.1\r\n"));
  EXPECT_THAT(request, HasSubstr("\r\nX-One: 1\r\nx-one: 2\r\nx-empty:\r\n"));
  EXPECT_THAT(request, HasSubstr("\r\nContent-Length: 4\r\n"));
  EXPECT_THAT(request, EndsWith("\r\n\r\ntext"));
  EXPECT_THAT(request, testing::Not(HasSubstr("Content-Type"))) << "nobody asked for one";
}

TEST(client, head_has_headers_alone) {
  const ScriptedServer server("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n");
  const Expected<Response> response = send({.url = server.url(), .method = "HEAD"});
  ASSERT_TRUE(response) << response.error().seen;
  EXPECT_THAT(server.requests()[0], StartsWith("HEAD / "));
  EXPECT_THAT(response->values("content-length"), ElementsAre("500"));
  EXPECT_EQ(response->body, "");
}

TEST(client, trailers_are_not_headers) {
  const ScriptedServer server(
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n"
      "5\r\nhello\r\n0\r\nX-Sum: 5\r\nX-More: yes\r\n\r\n");
  const Expected<Response> response = send({.url = server.url()});
  ASSERT_TRUE(response);
  EXPECT_EQ(response->body, "hello");
  EXPECT_THAT(response->headers, ElementsAre(Pair("transfer-encoding", "chunked"), Pair("trailer", "X-Sum")));
  EXPECT_THAT(response->trailers, ElementsAre(Pair("x-sum", "5"), Pair("x-more", "yes")));
}

TEST(client, informational_answers_are_passed_over) {
  const ScriptedServer server("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + hello);
  const Expected<Response> response = send({.url = server.url()});
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 200);
  EXPECT_THAT(response->headers, ElementsAre(Pair("content-length", "5")));
}

TEST(client, a_redirect_is_an_answer) {
  const ScriptedServer server("HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n");
  const Expected<Response> response = send({.url = server.url()});
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 302);
  EXPECT_EQ(server.requests().size(), 1u);
}

TEST(client, proxies_from_the_environment_do_not_stand_before_loopback) {
  const ScriptedServer server(hello);
  for (const char* name : {"http_proxy", "all_proxy"}) ::setenv(name, "http://127.0.0.1:1", 1);
  const Expected<Response> response = send({.url = server.url()});
  for (const char* name : {"http_proxy", "all_proxy"}) ::unsetenv(name);
  ASSERT_TRUE(response) << response.error().seen;
  EXPECT_EQ(response->body, "hello");
}

TEST(client, a_server_that_is_not_there_is_an_error) {
  const std::string url = "http://127.0.0.1:1/";  // no test can get that port
  const Expected<Response> response = send({.url = url});
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ExitCode::environment);
  EXPECT_EQ(response.error().what, "no answer from " + url);
  EXPECT_THAT(response.error().seen, HasSubstr("Failed to connect"));
}

TEST(client, goes_where_it_is_told_whatever_the_url_names) {
  const ScriptedServer server(hello);
  const std::string address = server.url("").substr(std::string("http://").size());
  const Expected<Response> response = send({.url = "http://www.example.com:81/get", .connect_to = address});
  ASSERT_TRUE(response) << response.error().seen;
  EXPECT_EQ(response->body, "hello");
  EXPECT_THAT(server.requests().at(0), HasSubstr("Host: www.example.com:81\r\n"));
}

TEST(client, a_body_that_is_too_long_is_an_error) {
  const ScriptedServer server(hello);
  EXPECT_TRUE(send({.url = server.url(), .most_bytes = 5}));
  const Expected<Response> response = send({.url = server.url(), .most_bytes = 4});
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().seen, "the body is longer than 4 bytes");
}

TEST(client, an_answer_that_does_not_come_whole_in_time_is_an_error) {
  const ScriptedServer server(
      [](const std::string&) { return "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nhel"; });
  const Expected<Response> response = send({.url = server.url(), .limit = 300ms});
  ASSERT_FALSE(response);
  EXPECT_THAT(response.error().seen, HasSubstr("timed out"));
}

TEST(client, other_protocols_are_refused) {
  EXPECT_FALSE(send({.url = "file:///etc/hostname"}));
  EXPECT_FALSE(send({.url = "no url at all"}));
}

TEST(client, a_line_end_cannot_become_a_second_header) {
  for (const Request& request :
       {Request{.url = "http://127.0.0.1:1/", .headers = {{"x-a", "1\r\nx-b: 2"}}},
        Request{.url = "http://127.0.0.1:1/", .headers = {{"x-a: 1\nx-b", "2"}}},
        Request{.url = "http://127.0.0.1:1/", .method = "GET / HTTP/1.1\r\nx-b: 2\r\n\r\n"}}) {
    const Expected<Response> response = send(request);
    ASSERT_FALSE(response);
    EXPECT_EQ(response.error().code, ExitCode::usage);
    EXPECT_FALSE(send_load({.request = request}));
  }
}

TEST(client, an_interrupt_ends_the_wait) {
  const os::Interrupt interrupt;
  const ScriptedServer server([](const std::string&) {
    ::kill(::getpid(), SIGINT);
    return "";
  });
  const auto start = std::chrono::steady_clock::now();
  const Expected<Response> response = send({.url = server.url(), .limit = 600s});
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ExitCode::interrupted);
  EXPECT_LT(std::chrono::steady_clock::now() - start, 30s);
}

TEST(load, every_request_is_answered_over_the_connections_asked_for) {
  const ScriptedServer server(hello);
  std::vector<int64_t> progress;
  std::set<uint16_t> local_ports;
  const Expected<LoadResult> result =
      send_load({.request = {.url = server.url()},
                 .total = 100,
                 .connections = 4,
                 .accept =
                     [&](const Response& response) {
                       local_ports.insert(response.local_port);
                       return response.body == "hello" ? "" : "another body";
                     },
                 .each = [&](int64_t answered) { progress.push_back(answered); }});
  ASSERT_TRUE(result);
  EXPECT_EQ(result->sent, 100);
  EXPECT_EQ(result->failed, 0) << result->first_failure;
  EXPECT_THAT(result->by_status, ElementsAre(Pair(200, 100)));
  EXPECT_EQ(server.requests().size(), 100u);
  EXPECT_EQ(result->connections, 4);
  EXPECT_EQ(server.connections(), 4);
  EXPECT_EQ(local_ports.size(), 4u);
  EXPECT_EQ(progress.size(), 100u);
  EXPECT_EQ(progress.back(), 100);
}

TEST(load, what_accept_refuses_has_failed) {
  std::atomic<int> count = 0;
  const ScriptedServer server([&](const std::string&) {
    return ++count == 7 ? "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n" : hello;
  });
  const Expected<LoadResult> result = send_load({.request = {.url = server.url()},
                                                 .total = 20,
                                                 .connections = 2,
                                                 .accept = [](const Response& response) {
                                                   return response.status == 200
                                                              ? std::string()
                                                              : "status " + std::to_string(response.status);
                                                 }});
  ASSERT_TRUE(result);
  EXPECT_EQ(result->sent, 20);
  EXPECT_EQ(result->failed, 1);
  EXPECT_EQ(result->first_failure, "status 500");
  EXPECT_THAT(result->by_status, ElementsAre(Pair(200, 19), Pair(500, 1)));
}

TEST(load, transport_failures_are_counted) {
  const std::string url = "http://127.0.0.1:1/";  // no test can get that port
  const Expected<LoadResult> result = send_load({.request = {.url = url}, .total = 5, .connections = 2});
  ASSERT_TRUE(result);
  EXPECT_EQ(result->sent, 5);
  EXPECT_EQ(result->failed, 5);
  EXPECT_THAT(result->first_failure, HasSubstr("Failed to connect"));
  EXPECT_THAT(result->by_status, IsEmpty());
}

TEST(load, stops_at_its_limit) {
  const ScriptedServer server(std::string(""));
  const Expected<LoadResult> result = send_load(
      {.request = {.url = server.url(), .limit = 600s}, .total = 5, .connections = 2, .limit = 100ms});
  ASSERT_TRUE(result);
  EXPECT_EQ(result->sent, 0);
}

TEST(load, an_interrupt_ends_it) {
  const os::Interrupt interrupt;
  const ScriptedServer server([](const std::string&) {
    ::kill(::getpid(), SIGTERM);
    return "";
  });
  const Expected<LoadResult> result =
      send_load({.request = {.url = server.url(), .limit = 600s}, .limit = 600s});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ExitCode::interrupted);
}

}  // namespace
}  // namespace wasmup::http
