// SPDX-License-Identifier: MIT
// What inspect says of modules of other SDKs, as Envoy's own log confirms: that they load, and how often a
// request enters the VM.
#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "../envoy/envoy_test.hpp"
#include "sdks.hpp"
#include "text/file.hpp"
#include "wasm/callbacks.hpp"
#include "wasm/module_check.hpp"

namespace wasmup::other_sdks {
namespace {

class Inspected : public EnvoyTest, public testing::WithParamInterface<Sdk> {
 protected:
  wasm::Examination examined() const { return wasm::examine(text::read_file(GetParam().module).value()); }
  void serve() {
    start({.filters = {{.module = GetParam().module, .root_id = "other_sdks", .configuration = "blue"}}},
          "trace");
    log_.clear();
  }
  /// The callbacks of streams that Envoy has entered, by its log.
  std::vector<std::string> entered(const std::vector<wasm::Callback>& callbacks) const {
    constexpr std::string_view entry = "[host->vm] ";
    std::vector<std::string> found;
    for (const envoy::LogLine& line : log_) {
      if (!line.message.starts_with(entry)) continue;
      const std::string name = line.message.substr(entry.size(), line.message.find('(') - entry.size());
      const auto callback = std::ranges::find(callbacks, name, &wasm::Callback::name);
      if (callback == callbacks.end() || callback->entries_an_exchange == 0) continue;
      // The pieces of a body count as one: of HTTP/1.1, its end is one more.
      const bool is_next_piece = name.ends_with("_body") && !found.empty() && found.back() == name;
      if (!is_next_piece) found.push_back(name);
    }
    return found;
  }
};

TEST_P(Inspected, loads_and_is_entered_as_often_as_inspect_says) {
  const wasm::Examination examination = examined();
  ASSERT_TRUE(examination.loads()) << wasm::verdict(examination, GetParam().name).error().seen;
  const std::vector<wasm::Callback> callbacks = wasm::callbacks_of(*examination.module);
  std::vector<std::string> expected;
  for (const wasm::Callback& one : callbacks) {
    expected.insert(expected.end(), one.entries_an_exchange, std::string(one.name));
  }
  ASSERT_FALSE(expected.empty());
  serve();
  // The second request comes when the first is over: what it enters beyond the expected would be seen.
  for (int requests = 1; requests <= 2; ++requests) {
    EXPECT_EQ(filtered({.url = "/"}).status, 200);
    pump_until([&] { return entered(callbacks).size() >= expected.size() * requests; });
  }
  const std::vector<std::string> once = expected;
  expected.insert(expected.end(), once.begin(), once.end());
  EXPECT_THAT(entered(callbacks), testing::UnorderedElementsAreArray(expected));
}

INSTANTIATE_TEST_SUITE_P(other_sdks, Inspected, testing::ValuesIn(sdks()),
                         [](const testing::TestParamInfo<Sdk>& info) { return info.param.name; });

}  // namespace
}  // namespace wasmup::other_sdks
