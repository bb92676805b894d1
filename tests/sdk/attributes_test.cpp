// SPDX-License-Identifier: MIT
#include <wasmup/testing.hpp>

using namespace wasmup::testing;
using ::testing::ElementsAre;
using wasmup::LogLevel;

TEST(Attributes, are_read_kept_and_told_missing_and_every_level_logs) {
  Host host;
  host.set_property({"request", "method"}, "GET");
  host.exchange(get("/"));
  EXPECT_THAT(
      host.logs(),
      ElementsAre(LogLine{LogLevel::trace, "method GET"}, LogLine{LogLevel::debug, "root id add_header_root"},
                  LogLine{LogLevel::info, "missing"}, LogLine{LogLevel::warn, "no path"},
                  LogLine{LogLevel::error, "too long"}, LogLine{LogLevel::critical, "kept by me"}));
  EXPECT_EQ(host.property("kept.by"), "me");
}
