// SPDX-License-Identifier: MIT
#include <chrono>
#include <string>

#include <wasmup/testing.hpp>

using namespace wasmup::testing;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

namespace {

std::string logged_for(const Message& request) {
  Host host;
  host.exchange(request);
  return host.logs().size() == 1 ? host.logs()[0].text : "";
}

}  // namespace

TEST(AccessLog, has_a_line_of_json_for_a_request) {
  Host host;
  host.set_property({"response", "code_details"}, "via_upstream");
  host.set_property({"response", "flags"}, 0x20);
  host.set_property({"response", "size"}, 6);
  host.set_property({"request", "duration"}, std::chrono::microseconds(1500));
  host.set_property({"source", "address"}, "192.0.2.1:40000");
  host.set_property({"upstream", "address"}, "192.0.2.2:80");
  host.exchange(get("/path?q=1", {{"user-agent", "test"}}), reply(201, "hello\n"));
  ASSERT_THAT(host.logs(), SizeIs(1));
  EXPECT_EQ(host.logs()[0].level, wasmup::LogLevel::info);
  EXPECT_EQ(
      host.logs()[0].text,
      R"({"method":"GET","authority":"www.example.com","path":"/path?q=1","user_agent":"test","status":201,)"
      R"("details":"via_upstream","flags":32,"bytes":6,"duration_us":1500,"client":"192.0.2.1:40000",)"
      R"("upstream":"192.0.2.2:80"})");
}

TEST(AccessLog, leaves_out_what_there_is_not) {
  const std::string line = logged_for(get("/"));
  EXPECT_THAT(line, HasSubstr(R"("path":"/")"));
  EXPECT_THAT(line, Not(HasSubstr("user_agent")));
  EXPECT_THAT(line, Not(HasSubstr("upstream")));
  EXPECT_THAT(line, Not(HasSubstr("duration")));
}

TEST(AccessLog, tells_an_empty_header_from_none) {
  EXPECT_THAT(logged_for(get("/", {{"user-agent", ""}})), HasSubstr(R"("user_agent":"",)"));
}

TEST(AccessLog, escapes_what_would_end_a_string_or_a_line) {
  EXPECT_THAT(logged_for(get("/\"},{\"a\\b")), HasSubstr(R"("path":"/\"},{\"a\\b",)"));
  EXPECT_THAT(logged_for(get("/", {{"user-agent", "a\tb\x1b[0m\x7f\n"}})),
              HasSubstr(R"("user_agent":"a\u0009b\u001b[0m\u007f\u000a",)"));
}

TEST(AccessLog, writes_any_byte_as_ascii) {
  EXPECT_THAT(logged_for(get("/", {{"user-agent", "\xc3\xa4\xff"}})),
              HasSubstr(R"("user_agent":"\u00c3\u00a4\u00ff",)"));
}

TEST(AccessLog, has_a_line_for_a_request_that_never_reached_the_filter) {
  Host host;
  host.open_stream().close();
  ASSERT_THAT(host.logs(), SizeIs(1));
  EXPECT_THAT(host.logs()[0].text, ::testing::StartsWith("{"));
  EXPECT_THAT(host.logs()[0].text, ::testing::EndsWith("}"));
}

TEST(AccessLog, does_nothing_before_the_end) {
  Host host;
  Stream stream = host.open_stream();
  const size_t entries = host.vm_entries();
  stream.request_headers(get("/").headers);
  stream.response_headers(reply().headers);
  EXPECT_EQ(host.vm_entries(), entries);
  EXPECT_THAT(host.logs(), IsEmpty());
}

TEST(AccessLog, asks_for_nothing_that_would_not_be_shown) {
  Host host({.log_level = wasmup::LogLevel::warn});
  host.exchange(get("/"));
  EXPECT_THAT(host.logs(), IsEmpty());
  EXPECT_THAT(host.hostcalls(), SizeIs(1)) << "proxy_get_log_level";
}
