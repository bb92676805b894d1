// SPDX-License-Identifier: MIT
// Envoy's buffer limit in the fake host.
#include <wasmup/testing.hpp>

using namespace wasmup::testing;

namespace {

HostOptions options(const char* fault) {
  return {.plugin_configuration = fault, .clusters = {"auth"}, .buffer_limit = 100};
}
const Headers post_headers = post("/", "x").headers;

}  // namespace

TEST(BufferLimit, a_sender_waits_while_more_than_that_is_held) {
  Host host(options("healthy"));
  Stream stream = host.open_stream();
  stream.request_headers(post_headers, false).request_body(std::string(150, 'a'), false);
  stream.request_body("b", false).request_body("c", true);
  EXPECT_FALSE(stream.so_far().upstream);
  host.answer(host.http_calls().at(0), reply());
  EXPECT_EQ(stream.so_far().upstream->body, std::string(150, 'a') + "bc");
  EXPECT_FALSE(stream.request_is_held());
}

TEST(BufferLimit, a_body_that_is_held_and_then_gathered_gets_no_more) {
  Host host(options("gather_after_hold"));
  Stream stream = host.open_stream();
  stream.request_headers(post_headers, false)
      .request_body(std::string(150, 'a'), false)
      .request_body("b", true);
  host.answer(host.http_calls().at(0), reply());
  EXPECT_TRUE(stream.request_is_held());
  EXPECT_EQ(stream.so_far().upstream->body, "");
  EXPECT_EQ(stream.so_far().status(), 0);
}

TEST(BufferLimit, a_body_that_is_gathered_past_it_is_a_413) {
  Host host(options("gather_after_hold"));
  Stream stream = host.open_stream();
  stream.request_headers(post_headers, false);
  host.answer(host.http_calls().at(0), reply());
  stream.request_body(std::string(60, 'a'), false);
  EXPECT_TRUE(stream.request_is_held());
  stream.request_body(std::string(60, 'a'), false);
  EXPECT_EQ(stream.so_far().status(), 413);
}

TEST(BufferLimit, a_response_that_is_gathered_past_it_is_cut) {
  Host host(options("unseen_before_trailers"));
  Stream stream = host.open_stream();
  stream.request_headers(get("/").headers);
  host.answer(host.http_calls().at(0), reply());
  stream.response_headers(reply().headers, false).response_body(std::string(101, 'a'), false);
  EXPECT_TRUE(stream.so_far().was_reset);
}
