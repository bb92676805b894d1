// SPDX-License-Identifier: MIT
// What a request costs, counted in Envoy's own trace of the boundary between it and the module.
#include <algorithm>

#include "envoy_test.hpp"

namespace wasmup {
namespace {

using testing::ElementsAre;

class Cost : public EnvoyTest {
 protected:
  /// All crossings of the boundary for `requests` requests in a row, all callbacks of the root context
  /// included: only the start of each VM (_initialize) does not count. The last of them may have some yet to
  /// come when this returns; the others are over, as one worker serves them one after the other.
  std::vector<std::string> crossings(envoy::WasmFilter filter, int requests) {
    start({.filters = {std::move(filter)}}, "trace");
    for (int i = 0; i < requests; ++i) filtered({.url = "/"});
    pump_until([&] {
      return std::ranges::count_if(log_, [](const envoy::LogLine& line) {
               return line.message.starts_with("[host<-vm] proxy_on_response_headers return");
             }) == requests;
    });
    return crossings_in_log();
  }

  std::vector<std::string> crossings_in_log() const {
    std::vector<std::string> found;
    for (const envoy::LogLine& line : log_) {
      if (line.message.starts_with("[host->vm] _initialize(")) continue;
      if (line.message.starts_with("[host->vm] ") || line.message.starts_with("[vm->host] ")) {
        found.push_back(line.message.substr(0, line.message.find('(')));
      }
    }
    return found;
  }
};

TEST_F(Cost, of_the_default_filter_is_one_entry_and_one_hostcall_a_request) {
  const std::string entry = "[host->vm] proxy_on_response_headers";
  const std::string hostcall = "[vm->host] env.proxy_replace_header_map_value";
  EXPECT_THAT(crossings({.module = WASMUP_ADD_HEADER_MODULE}, 3),
              ElementsAre(entry, hostcall, entry, hostcall, entry, hostcall));
}

/// The negative control: a module that does more is seen to do more.
TEST_F(Cost, of_another_module_is_counted_as_well) {
  EXPECT_THAT(
      crossings({.module = test_module("trapping")}, 1),
      ElementsAre("[host->vm] proxy_on_request_headers", "[vm->host] env.proxy_get_header_map_value",
                  "[host->vm] proxy_on_response_headers", "[vm->host] env.proxy_replace_header_map_value",
                  "[vm->host] env.proxy_get_header_map_value"));
}

}  // namespace
}  // namespace wasmup
