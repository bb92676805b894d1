// SPDX-License-Identifier: MIT
#include <wasmup/testing.hpp>

using namespace wasmup::testing;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

namespace {

class Forwarding : public ::testing::Test {
 protected:
  Forwarding() : host_(HostOptions{.clusters = {"auth"}}), stream_(host_.open_stream()) {}

  Headers forwarded(const Headers& headers) {
    stream_.request_headers(post("/secret", "body", headers).headers, false);
    EXPECT_THAT(host_.http_calls(), SizeIs(1));
    return host_.http_calls().at(0).headers;
  }

  Host host_;
  Stream stream_;
};

}  // namespace

TEST_F(Forwarding, carries_what_may_travel) {
  const Headers sent =
      forwarded({{"x-api-key", "good"}, {"cookie", "a=1"}, {"cookie", "b=2"}, {"accept", ""}});
  EXPECT_THAT(sent, HasHeader("x-api-key", "good"));
  EXPECT_THAT(sent.values("cookie"), ElementsAre("a=1", "b=2"));
  EXPECT_THAT(sent, HasHeader("accept", ""));
  EXPECT_THAT(sent, HasHeader(":authority", "auth.internal"));
  EXPECT_THAT(sent, HasHeader(":path", "/check"));
}

TEST_F(Forwarding, leaves_behind_what_belongs_to_the_clients_own_message_and_connection) {
  const Headers sent = forwarded({{"content-length", "4"},
                                  {"Transfer-Encoding", "chunked"},
                                  {"connection", "keep-alive, X-Hop ,x-other"},
                                  {"x-hop", "1"},
                                  {"X-Other", "1"},
                                  {"keep-alive", "5"},
                                  {"te", "trailers"},
                                  {"upgrade", "h2c"},
                                  {"proxy-connection", "close"},
                                  {"proxy-authorization", "Basic x"},
                                  {"expect", "100-continue"},
                                  {"trailer", "x-t"},
                                  {"x-envoy-retry-on", "5xx"}});
  for (const char* name : {"content-length", "transfer-encoding", "connection", "x-hop", "x-other",
                           "keep-alive", "te", "upgrade", "proxy-connection", "proxy-authorization", "expect",
                           "trailer", "x-envoy-retry-on", "host"}) {
    EXPECT_THAT(sent, LacksHeader(name)) << name;
  }
  EXPECT_THAT(sent.values(":authority"), SizeIs(1));
}

TEST_F(Forwarding, lets_no_client_speak_in_the_filters_own_headers) {
  EXPECT_THAT(forwarded({{"x-user", "root"}, {"X-User", "admin"}}).values("x-user"), ElementsAre("filter"));
}

TEST_F(Forwarding, may_be_of_a_few_headers_only) {
  const Headers sent =
      forwarded({{"x-as", "some"}, {"x-api-key", "good"}, {"content-length", "4"}, {"x-b", "1"}});
  EXPECT_THAT(sent, HasHeader("x-api-key", "good"));
  EXPECT_THAT(sent, LacksHeader("x-b"));
  EXPECT_THAT(sent, LacksHeader("content-length"));
}

TEST_F(Forwarding, by_hand_of_a_content_length_is_refused) {
  for (const char* framing : {"content-length", "transfer-encoding", "connection", "upgrade", "te"}) {
    host_.clear_records();
    EXPECT_EQ(host_.exchange(get("/secret", {{"x-as", "by hand"}, {framing, "1"}})).status(), 503) << framing;
    EXPECT_THAT(host_.http_calls(), IsEmpty());
  }
}

TEST_F(Forwarding, lets_the_request_go_by_the_answer_without_any_data_of_the_filters_own) {
  stream_.request_headers(get("/secret").headers);
  EXPECT_TRUE(stream_.request_is_held());
  host_.answer(host_.http_calls().at(0), reply(200));
  EXPECT_FALSE(stream_.request_is_held());
  EXPECT_THAT(stream_.so_far().upstream, HasHeader(":path", "/secret"));

  Stream refused = host_.open_stream();
  refused.request_headers(get("/secret").headers);
  host_.answer(host_.http_calls().at(0), reply(403));
  EXPECT_EQ(refused.so_far().status(), 403);
}
