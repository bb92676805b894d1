// SPDX-License-Identifier: MIT
// Envoy's foreign functions: tests/sdk has the same for the fake host.
#include <algorithm>

#include "sdk_test.hpp"

namespace wasmup {
namespace {

using testing::ElementsAre;

class Foreign : public SdkTest {
 protected:
  /// The lines of `count` requests, without those of the start.
  std::vector<std::string> log_of_requests(size_t count) {
    const auto is_last = [](const std::string& line) { return line.starts_with("info: later: "); };
    pump_until([&] { return size_t(std::ranges::count_if(module_log(), is_last)) == count; });
    auto log = module_log();
    log.erase(log.begin(), std::ranges::find_if(log, [](const std::string& line) {
                return line.starts_with("info: compressed: ");
              }));
    return log;
  }
};

TEST_F(Foreign, functions_declare_properties_for_a_configuration) {
  serve(filter("foreign_functions"));
  const auto log = module_log(5);
  // Once for each root: the one that tries the configuration out, and each worker's.
  EXPECT_THAT((std::vector<std::string>(log.begin(), log.begin() + 5)),
              ElementsAre("info: declared: 0", "info: declared again: 2", "info: root, route: 0",
                          "info: root, filter state: 1", "info: declared with a schema: 0"));
}

TEST_F(Foreign, functions_answer_in_a_stream) {
  serve(filter("foreign_functions"));
  filtered({.url = "/", .headers = {{"x-text", std::string(1000, 'x')}, {"x-route", "anew"}}});
  EXPECT_THAT(
      log_of_requests(1),
      ElementsAre("info: compressed: 0 shorter", "info: uncompressed: 0 same", "info: nothing: 0 0",
                  "info: damaged: 3", "info: cut off: 3", "info: unknown: 1", "info: no protobuf: 2",
                  "info: filter state: 0", "info: read back: elsewhere", "info: unknown filter state: 1",
                  "info: first: 0", "info: second: 2", "info: kept: first", "info: by its other name: first",
                  "info: route: 0", "info: later: elsewhere"));
}

TEST_F(Foreign, functions_keep_what_is_one_streams_own) {
  serve(filter("foreign_functions"));
  filtered({.url = "/", .headers = {{"x-text", "text"}}});
  filtered({.url = "/", .headers = {{"x-text", "text"}}});
  const auto log = log_of_requests(2);
  EXPECT_EQ(std::ranges::count(log, "info: first: 0"), 2) << "set anew, though read-only";
}

}  // namespace
}  // namespace wasmup
