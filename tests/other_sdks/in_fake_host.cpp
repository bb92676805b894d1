// SPDX-License-Identifier: MIT
#include <algorithm>
#include <sstream>
#include <stdexcept>

#include <wasmup/testing.hpp>

#include "module_path.hpp"
#include "served.hpp"

namespace wasmup::testing {
namespace {

std::string module_to_serve;

}  // namespace

/// Not compiled in, as elsewhere: here one test runs them all.
std::string module_path() { return module_to_serve; }

}  // namespace wasmup::testing

namespace wasmup::other_sdks {
namespace {

using namespace wasmup::testing;

class InFakeHost final : public Served {
 public:
  explicit InFakeHost(const Settings& settings)
      : host_(HostOptions{.plugin_configuration = settings.configuration,
                          .root_id = "other_sdks",
                          .environment = settings.environment,
                          .trial_pass = true}) {
    if (!host_.is_running()) throw std::runtime_error(host_.failure());
  }

  Fields get(const Fields& request, const Fields& response) override {
    Message asked = wasmup::testing::get("/");
    for (const auto& [name, value] : request) asked.headers.add(name, value);
    Message answered = reply();
    for (const auto& [name, value] : response) answered.headers.add(name, value);
    const Exchange exchange = host_.exchange(asked, answered);
    EXPECT_EQ(exchange.status(), 200) << host_.failure();
    if (!exchange.client) return {};
    return {exchange.client->headers.begin(), exchange.client->headers.end()};
  }

  void reconfigure(const std::string& configuration) override {
    EXPECT_TRUE(host_.reconfigure(configuration)) << host_.failure();
  }

  std::vector<std::string> log() override {
    std::vector<std::string> lines;
    for (const LogLine& line : host_.logs()) lines.push_back((std::ostringstream() << line).str());
    return lines;
  }

  void until(const std::string& line) override {
    const auto has_come = [&] { return std::ranges::count(log(), line) != 0; };
    for (int i = 0; i != 20 && !has_come(); ++i) host_.advance(std::chrono::milliseconds(500));
    EXPECT_TRUE(has_come()) << line << "\nnot among " << ::testing::PrintToString(log());
  }

 private:
  Host host_;
};

}  // namespace

std::unique_ptr<Served> serve(const Settings& settings) {
  module_to_serve = settings.module;
  return std::make_unique<InFakeHost>(settings);
}

}  // namespace wasmup::other_sdks
