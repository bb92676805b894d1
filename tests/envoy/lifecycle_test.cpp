// SPDX-License-Identifier: MIT
// tests/sdk/lifecycle.cpp in a real Envoy.
#include "sdk_test.hpp"

namespace wasmup {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsSupersetOf;

class Lifecycle : public SdkTest {
 protected:
  /// What the module logs from here on, once the last line of it is `last`.
  std::vector<std::string> log_until(const std::string& last) {
    pump_until([&] { return !module_log().empty() && module_log().back() == "info: " + last; });
    std::vector<std::string> lines = module_log();
    log_.clear();
    return lines;
  }

  void serve_by_discovery(const std::string& configuration) {
    filter_ = filter("lifecycle", configuration);
    start({.filters = {filter_}, .discovery_folder = folder_.path()}, "info");
  }

  void reconfigure(const std::string& configuration) {
    filter_.configuration = configuration;
    ASSERT_TRUE(server_->swap(filter_));
  }

  envoy::WasmFilter filter_;
};

TEST_F(Lifecycle, of_a_root_and_a_stream) {
  envoy::WasmFilter lifecycle = filter("lifecycle", "a");
  lifecycle.vm_configuration = "vm";
  serve(lifecycle, true);
  // The configuration is tried out, and then used: by the main thread, and by each worker.
  const std::vector<std::string> started = module_log(9);
  EXPECT_EQ(std::count(started.begin(), started.end(), "info: VM of vm"), 3);
  EXPECT_EQ(std::count(started.begin(), started.end(), "info: root a configured"), 3);
  log_.clear();
  filtered({.url = "/path"});
  EXPECT_THAT(log_until("stream deleted"),
              ElementsAre("info: stream of a made", "info: request", "info: stream logs /path 200 ",
                          "info: trailers: 1", "info: stream done", "info: stream deleted"));
  filtered({.url = "/", .headers = {{"x-deny", "1"}}});
  EXPECT_THAT(log_until("stream deleted"), Contains("info: stream logs / 403 "));
}

TEST_F(Lifecycle, ends_the_old_root_and_waits_for_one_that_is_not_done) {
  serve_by_discovery("slow");
  filtered({.url = "/"});
  log_until("stream deleted");
  reconfigure("b");
  pump_until([this] { return testing::Value(module_log(), Contains("info: root slow deleted")); });
  EXPECT_THAT(module_log(), IsSupersetOf({"info: root b configured", "info: root slow done",
                                          "info: root slow done at last", "info: root slow deleted"}));
}

TEST_F(Lifecycle, lets_a_root_log) {
  start({.filters = {}, .access_loggers = {filter("lifecycle", "a")}}, "info");
  filtered({.url = "/logged"});
  pump_until([this] { return testing::Value(module_log(), Contains("info: root logs /logged")); });
}

}  // namespace
}  // namespace wasmup
