// SPDX-License-Identifier: MIT
#include <wasmup/testing.hpp>

using namespace wasmup::testing;
using ::testing::ElementsAre;

namespace {

Exchange edited(const char* what, std::string_view first, std::string_view second) {
  Host host(what);
  Stream stream = host.open_stream();
  stream.request_headers(post("/", "x").headers, false).request_body(first, false).request_body(second, true);
  stream.response_headers(reply().headers, false).response_body(first, false).response_body(second, true);
  return stream.so_far();
}

}  // namespace

TEST(BodyEdit, chunks_are_edited_one_by_one_in_both_directions) {
  for (const auto& [what, expected] : {std::pair("prepend", "<one<two"), std::pair("append", "one>two>"),
                                       std::pair("replace", "newnew"), std::pair("clear", "")}) {
    const Exchange exchange = edited(what, "one", "two");
    ASSERT_TRUE(exchange.upstream && exchange.client);
    EXPECT_EQ(exchange.upstream->body, expected) << what;
    EXPECT_EQ(exchange.client->body, expected) << what;
  }
}

TEST(BodyEdit, an_empty_last_chunk_can_be_written_to) {
  const Exchange exchange = edited("append", "one", "");
  EXPECT_EQ(exchange.client->body, "one>>");
}

TEST(BodyEdit, reading_takes_any_part_and_nothing_beyond_the_end) {
  Host host("read");
  host.exchange(post("/", "12345"));
  EXPECT_THAT(host.logs(), ElementsAre(LogLine{wasmup::LogLevel::info, "12345|23||end"}));
}

TEST(BodyEdit, buffered_chunks_are_all_at_hand_and_nothing_passes_before_the_end) {
  Host host("buffer");
  Stream stream = host.open_stream();
  stream.request_headers(post("/", "x").headers, false).request_body("ab", false).request_body("cd", false);
  EXPECT_TRUE(stream.request_is_held());
  EXPECT_EQ(stream.so_far().upstream->body, "");
  stream.request_body("", true);
  EXPECT_EQ(stream.so_far().upstream->body, "abcd");
  EXPECT_THAT(host.logs(), ElementsAre(LogLine{wasmup::LogLevel::info, "ab|b||more"},
                                       LogLine{wasmup::LogLevel::info, "abcd|bc||more"},
                                       LogLine{wasmup::LogLevel::info, "abcd|bc||end"}));
}

TEST(BodyEdit, the_hosts_own_word_for_the_size_is_what_the_callback_was_told) {
  Host host("status");
  Stream stream = host.open_stream();
  stream.request_headers(post("/", "x").headers, false).request_body("abc", false).request_body("", true);
  EXPECT_THAT(host.logs(), ElementsAre(LogLine{wasmup::LogLevel::info, "status: 3"},
                                       LogLine{wasmup::LogLevel::info, "status: 0"}));
}
