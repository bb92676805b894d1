// SPDX-License-Identifier: MIT
#include <string>

#include <wasmup/testing.hpp>

using namespace wasmup::testing;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using wasmup::LogLevel;

namespace {

constexpr const char* card = "4111111111111111";

/// A response of known length.
Message with_length(const std::string& body, const Headers& more = {}) {
  Message message = reply(200, body, more);
  message.headers.set("content-length", std::to_string(body.size()));
  return message;
}

std::string redacted(const std::string& body) {
  Host host("1000");
  return host.exchange(get("/"), with_length(body)).client.value_or(Message{}).body;
}

/// A response that comes in pieces, without saying its length.
class BodyTransformStreamed : public ::testing::Test {
 protected:
  BodyTransformStreamed() : host_("32"), stream_(host_.open_stream()) {
    stream_.request_headers(get("/").headers);
    stream_.response_headers(reply().headers, false);
  }

  const Message& client() { return (seen_ = stream_.so_far()).client.value(); }

  Host host_;
  Stream stream_;
  Exchange seen_;
};

}  // namespace

TEST(BodyTransformRedaction, leaves_four_digits_of_what_is_as_long_as_a_cards_number) {
  EXPECT_EQ(redacted("card 4111111111111111, paid"), "card ****1111, paid");
  EXPECT_EQ(redacted("4111111111111111"), "****1111");
  EXPECT_EQ(redacted("a4111111111111111b5500005555555559c"), "a****1111b****5559c");
  EXPECT_EQ(redacted("1234567890123 1234567890123456789"), "****0123 ****6789");
}

TEST(BodyTransformRedaction, leaves_other_numbers_alone) {
  for (const char* text :
       {"", "no number", "7", "123456789012", "12345678901234567890", "4111-1111-1111-1111"}) {
    EXPECT_EQ(redacted(text), text);
  }
}

TEST(BodyTransform, drops_the_length_that_is_no_longer_true) {
  Host host("32");
  const Exchange exchange = host.exchange(get("/"), with_length(card));
  EXPECT_EQ(exchange.client->body, "****1111");
  EXPECT_THAT(exchange.client, LacksHeader("content-length"));
  EXPECT_THAT(exchange.client, HasHeader("x-redacted", "yes"));
}

TEST(BodyTransform, leaves_a_longer_body_as_it_is_and_says_so) {
  Host host("15");
  const Exchange exchange = host.exchange(get("/"), with_length(card));
  EXPECT_EQ(exchange.client->body, card);
  EXPECT_THAT(exchange.client, HasHeader("content-length", "16"));
  EXPECT_THAT(exchange.client, HasHeader("x-redacted", "no, too long"));
}

TEST(BodyTransform, redacts_up_to_the_limit_and_no_further) {
  Host host("16");
  EXPECT_EQ(host.exchange(get("/"), with_length(card)).client->body, "****1111");
  EXPECT_EQ(host.exchange(get("/"), with_length(std::string(card) + ".")).client->body,
            std::string(card) + ".");
}

TEST(BodyTransform, holds_nothing_of_a_longer_body_back) {
  Host host("15");
  Stream stream = host.open_stream();
  stream.request_headers(get("/").headers);
  stream.response_headers(with_length(card).headers, false);
  stream.response_body("41", false);
  EXPECT_EQ(stream.so_far().client->body, "41");
}

TEST(BodyTransform, asks_the_upstream_for_a_body_that_it_can_read) {
  Host host("32");
  const Exchange exchange = host.exchange(get("/", {{"accept-encoding", "gzip"}}));
  EXPECT_THAT(exchange.upstream, LacksHeader("accept-encoding"));
}

TEST(BodyTransform, leaves_an_encoded_body_as_it_is) {
  Host host("32");
  const Message encoded = with_length(card, {{"content-encoding", "gzip"}});
  const Exchange exchange = host.exchange(get("/"), encoded);
  EXPECT_EQ(exchange.client->body, card);
  EXPECT_THAT(exchange.client, HasHeader("content-length", "16"));
  EXPECT_THAT(exchange.client, HasHeader("x-redacted", "no, encoded"));
}

TEST(BodyTransform, leaves_a_response_without_a_body_alone) {
  Host host("32");
  const Message head = reply(200, "", {{"content-length", "16"}});
  EXPECT_EQ(host.exchange(get("/"), head).client, head);
}

TEST_F(BodyTransformStreamed, finds_a_number_across_pieces) {
  EXPECT_THAT(client(), HasHeader("x-redacted", "unless too long"));
  stream_.response_body("card 41111111", false);
  EXPECT_EQ(client().body, "");
  stream_.response_body("11111111", true);
  EXPECT_EQ(client().body, "card ****1111");
}

TEST_F(BodyTransformStreamed, redacts_a_body_that_trailers_follow) {
  stream_.response_body(card, false);
  stream_.response_trailers({{"x-checksum", "1"}});
  EXPECT_EQ(client().body, "****1111");
  EXPECT_THAT(client().trailers, HasHeader("x-checksum", "1"));
}

TEST_F(BodyTransformStreamed, lets_go_of_all_once_it_is_too_long) {
  const std::string half(20, 'x');
  stream_.response_body(half, false);
  EXPECT_EQ(client().body, "");
  stream_.response_body(half, false);
  EXPECT_EQ(client().body, half + half);
  stream_.response_body(card, false);
  EXPECT_EQ(client().body, half + half + card);
  stream_.response_trailers({{"x-checksum", "1"}});
  EXPECT_EQ(client().body, half + half + card);
  EXPECT_THAT(host_.logs(), ElementsAre(Logged(LogLevel::warn, "too long")));
}

TEST_F(BodyTransformStreamed, may_turn_out_to_be_empty) {
  stream_.response_body("", true);
  EXPECT_EQ(client().body, "");
  EXPECT_THAT(host_.logs(), IsEmpty());
}

TEST(BodyTransformConfiguration, is_a_number_of_bytes) {
  for (const char* wrong : {"", "many", "10k", "-1", " 1", "99999999999999999999"}) {
    Host host(wrong);
    EXPECT_FALSE(host.is_running()) << wrong;
    EXPECT_THAT(host.logs(), ElementsAre(Logged(LogLevel::error, "must be a number of bytes")));
  }
}
