// SPDX-License-Identifier: MIT
#include "duration.hpp"

#include <gtest/gtest.h>

namespace wasmup::traffic {
namespace {

using namespace std::chrono_literals;

TEST(duration, has_a_unit_or_is_in_seconds) {
  EXPECT_EQ(parse_duration("500ms"), 500ms);
  EXPECT_EQ(parse_duration("30s"), 30s);
  EXPECT_EQ(parse_duration("2m"), 2min);
  EXPECT_EQ(parse_duration("30"), 30s);
  EXPECT_EQ(parse_duration("0"), 0s);
  EXPECT_EQ(parse_duration("24000m"), std::nullopt) << "more than a day";
}

TEST(duration, other_texts_are_none) {
  for (const char* text :
       {"", "s", "-1s", "+1s", " 1s", "1 s", "1.5s", "1h", "1S", "99999999999s", "1ss", "1s "}) {
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
  }
}

TEST(duration, is_shown_in_seconds) { EXPECT_EQ(to_string(1250ms), "1.2 s"); }

}  // namespace
}  // namespace wasmup::traffic
