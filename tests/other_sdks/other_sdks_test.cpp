// SPDX-License-Identifier: MIT
// What is expected of the filter, whatever SDK it is made with and whatever host it runs in.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sdks.hpp"
#include "served.hpp"

namespace wasmup::other_sdks {
namespace {

using ::testing::ElementsAre;
using ::testing::TestParamInfo;
using ::testing::ValuesIn;

class Filter : public ::testing::TestWithParam<Sdk> {
 protected:
  static std::unique_ptr<Served> serve(const std::string& configuration,
                                       const std::map<std::string, std::string>& environment = {}) {
    return other_sdks::serve({GetParam().module, configuration, environment});
  }

  /// AssemblyScript's SDK has neither environment nor output.
  static bool has_environment() { return GetParam().name != "assemblyscript"; }
};

std::vector<std::string> values(const Fields& fields, std::string_view name) {
  std::vector<std::string> found;
  for (const auto& [key, value] : fields) {
    if (key == name) found.push_back(value);
  }
  return found;
}

TEST_P(Filter, logs_its_configuration_and_prints_what_is_in_its_environment) {
  const auto served = serve("blue", {{"GREETING", "good day"}, {"OTHER", "x"}});
  served->until("info: configured: blue");
  if (has_environment()) served->until("info: greeting: good day");
}

TEST_P(Filter, has_no_configuration_and_no_environment_but_its_own) {
  const auto served = serve("");
  served->until("info: configured: ");
  if (has_environment()) served->until("info: greeting: ");
}

TEST_P(Filter, changes_the_response_by_what_it_kept_of_the_request) {
  const auto served = serve("blue");
  const Fields response = served->get({{"x-name", "ada"}}, {{"x-other", "theirs"}});
  EXPECT_THAT(values(response, "x-wasm-custom"), ElementsAre("FOO"));
  EXPECT_THAT(values(response, "x-name"), ElementsAre("ada"));
  EXPECT_THAT(values(response, "x-configuration"), ElementsAre("blue"));
  EXPECT_THAT(values(response, "x-other"), ElementsAre("theirs"));
  served->until("info: answered: ada");
}

TEST_P(Filter, replaces_headers_of_the_upstream) {
  const Fields response = serve("blue")->get({}, {{"x-wasm-custom", "1"}, {"x-wasm-custom", "2"}});
  EXPECT_THAT(values(response, "x-wasm-custom"), ElementsAre("FOO"));
}

TEST_P(Filter, keeps_nothing_of_the_stream_before) {
  const auto served = serve("blue");
  EXPECT_THAT(values(served->get({{"x-name", "ada"}}, {}), "x-name"), ElementsAre("ada"));
  EXPECT_THAT(values(served->get({}, {}), "x-name"), ElementsAre(""));
  EXPECT_THAT(values(served->get({{"x-name", "bob"}}, {}), "x-name"), ElementsAre("bob"));
}

TEST_P(Filter, carries_bytes_as_they_are) {
  const std::string long_name(5000, 'x');
  const auto served = serve("{\"a\": \"\xc3\xa4\\u0000\"}");
  const Fields response = served->get({{"x-name", long_name}}, {});
  EXPECT_THAT(values(response, "x-name"), ElementsAre(long_name));
  EXPECT_THAT(values(response, "x-configuration"), ElementsAre("{\"a\": \"\xc3\xa4\\u0000\"}"));
}

TEST_P(Filter, ticks) {
  const auto served = serve("blue");
  served->until("info: tick: blue");
}

TEST_P(Filter, serves_a_new_configuration_in_the_same_vm) {
  const auto served = serve("blue");
  EXPECT_THAT(values(served->get({}, {}), "x-configuration"), ElementsAre("blue"));
  served->reconfigure("red");
  served->until("info: configured: red");
  EXPECT_THAT(values(served->get({}, {}), "x-configuration"), ElementsAre("red"));
  served->until("info: tick: red");
}

TEST_P(Filter, serves_many_requests) {
  const auto served = serve("blue");
  for (int i = 0; i != 200; ++i) {
    const std::string name = "number " + std::to_string(i);
    ASSERT_THAT(values(served->get({{"x-name", name}}, {}), "x-name"), ElementsAre(name));
  }
}

INSTANTIATE_TEST_SUITE_P(other_sdks, Filter, ValuesIn(sdks()),
                         [](const TestParamInfo<Sdk>& info) { return info.param.name; });

}  // namespace
}  // namespace wasmup::other_sdks
