// SPDX-License-Identifier: MIT
#include <algorithm>
#include <stdexcept>

#include "../envoy/envoy_test.hpp"
#include "served.hpp"

namespace wasmup::other_sdks {
namespace {

/// What an EnvoyTest can do, for tests that do not know of Envoy.
class InEnvoy final : public Served, private EnvoyTest {
 public:
  explicit InEnvoy(const Settings& settings) {
    EnvoyTest::SetUp();
    filter_ = {.module = settings.module,
               .root_id = "other_sdks",
               .configuration = settings.configuration,
               .environment = settings.environment};
    start({.filters = {filter_}, .discovery_folder = folder_.path()});
  }

  Fields get(const Fields& request, const Fields& response) override {
    // The built-in upstream answers with the headers that the path names.
    std::string path;
    for (const auto& [name, value] : response) path.append("/header/").append(name).append("/").append(value);
    const http::Request asked{.url = path.empty() ? "/" : path, .headers = request};
    EXPECT_THAT(control(asked).values("x-configuration"), testing::IsEmpty()) << "there is no filter";
    const http::Response answered = filtered(asked);
    EXPECT_EQ(answered.status, 200);
    return answered.headers;
  }

  void reconfigure(const std::string& configuration) override {
    filter_.configuration = configuration;
    EXPECT_TRUE(server_->swap(filter_));
    // The main thread has taken it; the worker is about to.
    pump_until(
        [&] { return filtered({.url = "/"}).values("x-configuration") == std::vector{configuration}; });
  }

  std::vector<std::string> log() override {
    std::vector<std::string> lines;
    for (const envoy::LogLine& line : log_) {
      if (line.from_module) lines.push_back(line.level + ": " + line.message);
    }
    return lines;
  }

  void until(const std::string& line) override {
    try {
      pump_until([&] { return std::ranges::count(log(), line) != 0; });
    } catch (const std::runtime_error& error) {
      ADD_FAILURE() << error.what() << ": " << line << "\namong " << testing::PrintToString(log());
    }
  }

 private:
  void TestBody() override {}

  envoy::WasmFilter filter_;
};

}  // namespace

std::unique_ptr<Served> serve(const Settings& settings) { return std::make_unique<InEnvoy>(settings); }

}  // namespace wasmup::other_sdks
