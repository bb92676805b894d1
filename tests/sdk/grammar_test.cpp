// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>
#include <string>

#include <wasmup/grammar.hpp>

using namespace wasmup;

namespace {

/// Every byte by itself, and between two letters.
template <class IsValid, class IsExpected>
void expect_bytes(IsValid is_valid, IsExpected is_expected) {
  for (int c = 0; c != 256; ++c) {
    const std::string text = "a" + std::string(1, static_cast<char>(c)) + "b";
    EXPECT_EQ(is_valid(text), is_expected(c)) << "byte " << c;
  }
}

}  // namespace

TEST(Grammar, of_header_values_has_no_control_characters_but_tabs_and_no_space_at_an_end) {
  expect_bytes(is_header_value, [](int c) { return c == '\t' || (c >= 0x20 && c != 0x7F); });
  for (const char* wrong : {" a", "a ", "\ta", "a\t", " ", "\t"})
    EXPECT_FALSE(is_header_value(wrong)) << wrong;
  EXPECT_TRUE(is_header_value(""));
}

TEST(Grammar, of_paths_has_neither_spaces_nor_control_characters) {
  expect_bytes(is_path, [](int c) { return c > 0x20 && c != 0x7F; });
  EXPECT_FALSE(is_path(""));
}

TEST(Grammar, of_authorities_is_a_host_with_a_port) {
  for (const char* right : {"www.example.com", "[::1]:8080", "auth:80", "a_b", "10.0.0.1"})
    EXPECT_TRUE(is_authority(right));
  for (const char* wrong : {"", "a b", "a/b", "user@host", "a?b", "a#b", "a\\b", "a\r\nb",
                            "httproute/default/auth/rule/0", "\xC3\xA4", "a\"b", "a,b c"}) {
    EXPECT_FALSE(is_authority(wrong)) << wrong;
  }
}

TEST(Grammar, of_statuses_that_a_filter_sends_is_200_to_599) {
  for (const char* right : {"200", "204", "404", "599"}) EXPECT_TRUE(is_final_status(right));
  for (const char* wrong :
       {"", "100", "101", "199", "600", "20", "2000", " 200", "+200", "0200", "20a", "abc", "200 OK"}) {
    EXPECT_FALSE(is_final_status(wrong)) << wrong;
  }
}

TEST(Grammar, of_stats_is_visible_without_quotes) {
  expect_bytes(is_stat_name, [](int c) { return c > 0x20 && c < 0x7F && c != '"' && c != '\\'; });
  EXPECT_FALSE(is_stat_name(""));
  EXPECT_TRUE(is_label_name("route_1") && !is_label_name("1route") && !is_label_name("a=b") &&
              !is_label_name(""));
}

TEST(Grammar, of_details_and_grpc_names) {
  expect_bytes(is_details, [](int c) { return c >= 0x20 && c < 0x7F; });
  EXPECT_TRUE(is_grpc_name("grpc.health.v1.Health"));
  for (const char* wrong : {"", "a/b", "a b", "a\nb", "a-b"}) EXPECT_FALSE(is_grpc_name(wrong)) << wrong;
}

TEST(Grammar, knows_what_frames_a_message_in_any_case_of_letters) {
  for (const char* name : {"content-length", "Content-Length", "TRANSFER-ENCODING", "connection",
                           "Keep-Alive", "proxy-connection", "TE", "upgrade"}) {
    EXPECT_FALSE(SetHeaderName(std::string(name)).valid()) << name;
    EXPECT_FALSE(AddedHeaderName(std::string(name)).valid()) << name;
    EXPECT_TRUE(RegularHeaderName(std::string(name)).valid()) << "it can be removed";
  }
  EXPECT_TRUE(SetHeaderName(std::string("Host")).valid());
  EXPECT_FALSE(AddedHeaderName(std::string("Host")).valid());
  EXPECT_FALSE(SetHeaderName(std::string(":foo")).valid());
}

TEST(Grammar, takes_a_buffer_for_the_text_in_it) {
  char buffer[32] = "42";
  EXPECT_EQ(HeaderValue(buffer).text(), "42");
  EXPECT_TRUE(HeaderValue(buffer).valid());
  char full[2] = {'a', 'b'};
  EXPECT_EQ(HeaderName(full).text(), "ab");
  char bad[] = "a\nb";
  EXPECT_FALSE(HeaderValue(bad).valid());
}
