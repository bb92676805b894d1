// SPDX-License-Identifier: MIT
// Many requests at once: every answer is right, memory stays where it is, configurations change.
#include <filesystem>
#include <fstream>
#include <limits>
#include <map>

#include "envoy_test.hpp"

namespace wasmup {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::Pair;

constexpr int64_t requests = 10'000;
constexpr int connections = 32;

class UnderLoad : public EnvoyTest {
 protected:
  http::LoadResult load(std::function<std::string(const http::Response&)> accept,
                        std::function<void(int64_t)> each = {}, int64_t total = requests) {
    const auto result =
        http::send_load({.request = {.url = "http://127.0.0.1:" + std::to_string(server_->port())},
                         .total = total,
                         .connections = connections,
                         .limit = 300s,
                         .accept = std::move(accept),
                         .each = std::move(each)});
    if (!result) throw std::runtime_error(result.error().what + ": " + result.error().seen);
    return *result;
  }

  /// Fails the test unless each of all requests was answered 200 with FOO as the one value of the header.
  void expect_every_answer_right() {
    const http::LoadResult result = load([](const http::Response& response) {
      const std::vector<std::string> values = response.values(header);
      return response.status == 200 && values == std::vector<std::string>{"FOO"}
                 ? std::string()
                 : "status " + std::to_string(response.status) + ", header " + testing::PrintToString(values);
    });
    EXPECT_EQ(result.sent, requests);
    EXPECT_EQ(result.failed, 0) << result.first_failure;
    EXPECT_THAT(result.by_status, ElementsAre(Pair(200, requests)));
    EXPECT_EQ(result.connections, connections) << "none was lost and opened anew";
  }

  /// Envoy's own memory in KiB: what it allocates, and what V8 maps for itself and the modules.
  int64_t memory_in_kib() const {
    std::ifstream status("/proc/" + std::to_string(server_->pid()) + "/status");
    for (std::string word; status >> word;) {
      if (word == "RssAnon:") {
        int64_t kib = 0;
        status >> kib;
        return kib;
      }
    }
    throw std::runtime_error("there is no RssAnon in /proc");
  }

  /// The least by which 10 000 requests make Envoy grow, once 10 000 others have warmed it up. Its caches and
  /// pools fill for a while, longer on a busy machine, and then they do not; a leak grows every time.
  int64_t least_growth_in_kib() {
    expect_every_answer_right();
    int64_t least = std::numeric_limits<int64_t>::max();
    for (int run = 0; run < 6 && least >= allowed_growth_in_kib; ++run) {
      const int64_t before = memory_in_kib();
      expect_every_answer_right();
      least = std::min(least, memory_in_kib() - before);
      ++runs_;
    }
    return least;
  }

  // 26 bytes a request: less than the smallest piece of memory that a filter could fail to free.
  static constexpr int64_t allowed_growth_in_kib = 256;

  int runs_ = 1;  ///< of 10 000 requests
};

TEST_F(UnderLoad, every_answer_has_its_header_and_memory_does_not_grow) {
  start({.filters = {{.module = WASMUP_ADD_HEADER_MODULE}}}, "info", 2);
  EXPECT_LT(least_growth_in_kib(), allowed_growth_in_kib);
  EXPECT_EQ(stat("http.filtered.downstream_rq_2xx"), runs_ * requests);
  EXPECT_EQ(stat("http.filtered.downstream_rq_5xx"), 0);
  EXPECT_EQ(stat("wasm.envoy.wasm.runtime.v8.active"), 4) << "the base, the main thread's and one a worker";
  EXPECT_THAT(log_, testing::IsEmpty());
}

/// The negative control: this module keeps 256 bytes of every request.
TEST_F(UnderLoad, memory_that_grows_is_found) {
  start({.filters = {{.module = test_module("leaking")}}}, "info", 2);
  EXPECT_GT(least_growth_in_kib(), allowed_growth_in_kib);
}

TEST_F(UnderLoad, new_configurations_come_in_without_a_failed_request) {
  constexpr int changes = 5;
  constexpr int answers_each = 500;
  const std::filesystem::path file = envoy::discovery_file(folder_.path(), "wasmup");
  const auto filter = [](int value) {
    return envoy::WasmFilter{.module = test_module("configured"), .configuration = std::to_string(value)};
  };
  start({.filters = {filter(0)}, .discovery_folder = folder_.path()}, "info", 2);

  std::map<int, int> answers;    // by value
  std::map<uint16_t, int> last;  // on each connection
  int newest = 0;                // that Envoy was told of
  const auto accept = [&](const http::Response& response) -> std::string {
    const std::vector<std::string> values = response.values(header);
    if (response.status != 200 || values.size() != 1) {
      return "status " + std::to_string(response.status) + ", header " + testing::PrintToString(values);
    }
    const int value = std::stoi(values[0]);
    if (value > newest) return "a value that was never configured: " + values[0];
    const int before = std::exchange(last[response.local_port], value);
    ++answers[value];
    return before <= value ? "" : std::to_string(value) + " after " + std::to_string(before);
  };
  const auto change = [&](int64_t) {
    if (newest == changes || answers[newest] < answers_each) return;
    // Not Server::swap, which waits: the load goes on while Envoy takes it.
    ++newest;
    std::ofstream(file.string() + ".new") << envoy::discovery_json(filter(newest));
    std::filesystem::rename(file.string() + ".new", file);
  };
  const http::LoadResult result = load(accept, change, 3 * requests);

  EXPECT_EQ(result.failed, 0) << result.first_failure;
  EXPECT_EQ(result.sent, 3 * requests);
  EXPECT_EQ(result.connections, connections) << "none was lost and opened anew";
  for (int value = 0; value <= changes; ++value)
    EXPECT_GT(answers[value], 0) << "value " << value << " was not seen";
}

}  // namespace
}  // namespace wasmup
