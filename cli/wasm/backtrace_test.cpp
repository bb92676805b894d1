// SPDX-License-Identifier: MIT
#include "backtrace.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace wasmup::wasm {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

// As Envoy 1.40 prints them.
constexpr std::string_view stripped =
    "[error][wasm] Function: proxy_on_response_headers failed: Uncaught RuntimeError: unreachable\n"
    "Proxy-Wasm plugin in-VM backtrace:\n"
    "  0:  0x2a1 - unknown(function index:13)\n"
    " 12:  0x27c - unknown(function index:11)\n";

TEST(Backtrace, frames_of_a_stripped_module_have_an_index) {
  const std::vector<Frame> frames = find_frames(stripped);
  ASSERT_EQ(frames.size(), 2U);
  EXPECT_EQ(frames[0].offset, 0x2a1U);
  EXPECT_EQ(frames[0].index, 13U);
  EXPECT_EQ(stripped.substr(frames[0].begin, frames[0].end - frames[0].begin), "unknown(function index:13)");
  EXPECT_EQ(frames[1].offset, 0x27cU);
}

TEST(Backtrace, frames_of_a_module_with_names_have_a_name) {
  const std::vector<Frame> frames =
      find_frames("  0:  0x2a1 - (anonymous namespace)::divide(int, int)\nnext");
  ASSERT_EQ(frames.size(), 1U);
  EXPECT_EQ(frames[0].name, "(anonymous namespace)::divide(int, int)");
  EXPECT_FALSE(frames[0].index);
}

TEST(Backtrace, escaped_line_ends_end_lines_too) {
  const std::vector<Frame> frames =
      find_frames(R"(backtrace:\n  0:  0x2a1 - one\n  1:  0x27c - unknown(function index:2)\n)");
  ASSERT_EQ(frames.size(), 2U);
  EXPECT_EQ(frames[0].name, "one");
  EXPECT_EQ(frames[1].index, 2U);
}

TEST(Backtrace, a_frame_within_a_name_is_none) {
  const auto frames = find_frames(" 0: 0x1 - a 1: 0x2 - b\\n 2: 0x3 - c\\d\n");
  ASSERT_THAT(frames, SizeIs(2));
  EXPECT_EQ(frames[0].name, "a 1: 0x2 - b");
  EXPECT_EQ(frames[1].name, "c\\d");
}

TEST(Backtrace, a_line_without_an_end_is_read_once) {
  std::string log;
  for (int i = 0; i < 300'000; ++i) log += " 0: 0x1 - a";
  EXPECT_THAT(find_frames(log), SizeIs(1));  // not as many frames, each with the rest of the line as its name
}

TEST(Backtrace, other_numbers_are_no_frames) {
  for (const char* text : {"", "0x", "0x12 - f", ": 0x12 - f", "a: 0x12 - f", "0:0x12 - f", "0: 0x - f",
                           "0: 0x12", "0: 0x12 f", "0: 0x12 - unknown(function index:)",
                           "0: 0x12 - unknown(function index:1", "0: 0x11112222333344445 - f"}) {
    EXPECT_THAT(find_frames(text), IsEmpty()) << text;
  }
}

TEST(Backtrace, a_frame_belongs_to_a_module_that_has_this_function_there) {
  Module module{};
  module.functions = {{3, "f", {}, 100, 10}, {4, "g", {}, 111, 5}};
  const auto found = [&module](uint64_t offset, std::optional<uint64_t> index, const std::string& name) {
    const Function* const function = function_of({offset, index, name, 0, 0}, module);
    return function == nullptr ? "" : function->name;
  };
  EXPECT_EQ(found(100, 3, ""), "f");
  EXPECT_EQ(found(109, {}, "f"), "f");
  EXPECT_EQ(found(115, {}, ""), "g");
  EXPECT_EQ(found(99, 3, ""), "") << "before the code";
  EXPECT_EQ(found(110, 3, ""), "") << "between functions";
  EXPECT_EQ(found(116, 4, ""), "") << "behind the code";
  EXPECT_EQ(found(100, 4, ""), "") << "another function";
  EXPECT_EQ(found(100, {}, "g"), "") << "another name";
}

}  // namespace
}  // namespace wasmup::wasm
