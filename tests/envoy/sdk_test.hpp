// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "envoy_test.hpp"

namespace wasmup {

/// A test that runs a filter of tests/sdk in a real Envoy.
class SdkTest : public EnvoyTest {
 protected:
  static envoy::WasmFilter filter(const std::string& name, const std::string& configuration = "",
                                  const std::string& root_id = "add_header_root") {
    return {.module = std::string(WASMUP_SDK_MODULES "/") + name + ".wasm",
            .root_id = root_id,
            .configuration = configuration};
  }

  void serve(envoy::WasmFilter filter, bool real_upstream = false) {
    envoy::Bootstrap bootstrap{.filters = {std::move(filter)}};
    if (real_upstream) bootstrap.upstream = start_upstream();
    start(std::move(bootstrap), "trace");
  }

  /// What modules have logged so far.
  std::vector<std::string> module_log() const {
    std::vector<std::string> found;
    for (const envoy::LogLine& line : log_) {
      if (line.from_module) found.push_back(line.level + ": " + line.message);
    }
    return found;
  }

  /// The same, once there are `count` lines of it.
  std::vector<std::string> module_log(size_t count) {
    pump_until([&] { return module_log().size() >= count; });
    return module_log();
  }
};

}  // namespace wasmup
