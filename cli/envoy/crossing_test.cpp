// SPDX-License-Identifier: MIT
#include "crossing.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wasmup::envoy {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Kind = Crossing::Kind;

std::string call(std::string_view message) { return call_in_words(parse_crossing(message).value()); }
std::string result(std::string_view message) { return result_in_words(parse_crossing(message).value()); }

TEST(parse_crossing, takes_an_entry_and_its_end_apart) {
  const auto entry = parse_crossing("[host->vm] proxy_on_request_headers(2, 8, 1)");
  ASSERT_TRUE(entry);
  EXPECT_EQ(entry->kind, Kind::entry);
  EXPECT_EQ(entry->function, "proxy_on_request_headers");
  EXPECT_THAT(entry->arguments, ElementsAre("2", "8", "1"));
  const auto end = parse_crossing("[host<-vm] proxy_on_log return: void");
  ASSERT_TRUE(end);
  EXPECT_EQ(end->kind, Kind::entry_end);
  EXPECT_EQ(end->function, "proxy_on_log");
  EXPECT_EQ(end->result, "void");
}

TEST(parse_crossing, takes_a_hostcall_and_its_end_apart) {
  const auto hostcall = parse_crossing("[vm->host] env.proxy_done()");
  ASSERT_TRUE(hostcall);
  EXPECT_EQ(hostcall->kind, Kind::hostcall);
  EXPECT_EQ(hostcall->function, "proxy_done");
  EXPECT_THAT(hostcall->arguments, IsEmpty());
  const auto end = parse_crossing("[vm<-host] wasi_snapshot_preview1.fd_write return: 0");
  ASSERT_TRUE(end);
  EXPECT_EQ(end->kind, Kind::hostcall_end);
  EXPECT_EQ(end->function, "fd_write");
}

TEST(parse_crossing, knows_no_other_message) {
  for (const char* message :
       {"", "[host->vm]", "Base Wasm created 1 now active", "hello [vm->host] env.f()"}) {
    EXPECT_FALSE(parse_crossing(message)) << message;
  }
}

TEST(parse_crossing, takes_what_is_cut_off_as_far_as_it_goes) {
  EXPECT_EQ(call("[host->vm] proxy_on_request_headers(2, 8"),
            "proxy_on_request_headers(context 2, headers 8)");
  EXPECT_EQ(call("[vm->host] env.proxy_remove_header_map_value(0, 48"),
            "proxy_remove_header_map_value(request_headers, name 48)");
  EXPECT_EQ(call("[host->vm] "), "()");
}

TEST(crossing_in_words, names_the_arguments) {
  EXPECT_EQ(call("[host->vm] proxy_on_request_headers(2, 8, 1)"),
            "proxy_on_request_headers(context 2, headers 8, end_of_stream true)");
  EXPECT_EQ(call("[vm->host] env.proxy_get_header_map_value(0, 48, 6, 64, 68)"),
            "proxy_get_header_map_value(request_headers, name of 6 bytes at 48)");
  EXPECT_EQ(call("[vm->host] env.proxy_log(3, 16, 11)"), "proxy_log(warn, message of 11 bytes at 16)");
  EXPECT_EQ(call("[host->vm] proxy_on_downstream_connection_close(1, 2)"),
            "proxy_on_downstream_connection_close(context 1, remote)");
}

TEST(crossing_in_words, leaves_what_it_does_not_know_as_it_is) {
  EXPECT_EQ(call("[vm->host] env.proxy_make_coffee(1, 2)"), "proxy_make_coffee(1, 2)");
  EXPECT_EQ(call("[vm->host] env.proxy_log(99, 16, 11)"), "proxy_log(99, message of 11 bytes at 16)");
  EXPECT_EQ(result("[vm<-host] env.proxy_log return: 77"), "77");
}

TEST(crossing_in_words, says_what_a_result_means) {
  EXPECT_EQ(result("[vm<-host] env.proxy_get_header_map_value return: 1"), "not_found");
  EXPECT_EQ(result("[host<-vm] proxy_on_request_headers return: 0"), "continue");
  EXPECT_EQ(result("[host<-vm] proxy_on_request_headers return: 1"), "stop_iteration");
  EXPECT_EQ(result("[host<-vm] proxy_on_configure return: 0"), "false");
  EXPECT_EQ(result("[host<-vm] proxy_on_log return: void"), "");
  EXPECT_EQ(result("[host<-vm] malloc return: 4096"), "4096");
}

}  // namespace
}  // namespace wasmup::envoy
