// SPDX-License-Identifier: MIT
#include <chrono>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <wasmup/wasmup.hpp>

using namespace wasmup;

struct Root : RootContext {
  bool on_configure(Bytes configuration) {
    for (const std::string_view name : {"GREETING", "EMPTY", "GREET", "GREETINGS", ""}) {
      const Result<Bytes> value = environment_variable(name);
      log::error(name, value ? " = " : " is missing", value->view());
    }
    if (configuration == "tick") set_tick_period(std::chrono::seconds(1)).ignore();
    started = now();
    started_monotonic = monotonic_now();
    return true;
  }

  void on_tick() {
    log::error("wall clock moved on by ", std::to_string((now() - started).count()));
    log::error("monotonic clock moved on by ", std::to_string((monotonic_now() - started_monotonic).count()));
  }

  Timestamp started;
  std::chrono::time_point<std::chrono::steady_clock, std::chrono::nanoseconds> started_monotonic;
};

/// Asks for the time, random numbers, environment variables and the log level.
struct Surroundings : HttpFilter<Root> {
  void on_request_headers(RequestHeaders) {
    log::error("it is ", std::to_string(now().time_since_epoch().count()));
    log::error("level ", std::to_string(static_cast<int>(log::level())));
    for (const LogLevel level : {LogLevel::trace, LogLevel::info, LogLevel::critical}) {
      log::error(std::to_string(static_cast<int>(level)), log::is_enabled(level) ? " shows" : " does not");
    }
  }

  void on_response_headers(ResponseHeaders headers) {
    headers.add("x-level", std::to_string(static_cast<int>(log::level()))).ignore();
    const Result<uint64_t> one = random<uint64_t>();
    const Result<uint64_t> two = random<uint64_t>();
    log::error("two random numbers ", one && two && *one != *two ? "differ" : "do not differ");
    const Result<uint8_t> small = random<uint8_t>();
    log::error("a small one ", small ? "came" : "did not come");
    // More than the host gives at once, the last byte in the third piece.
    std::vector<std::byte> many(2 * wasi::max_random_bytes + 1);
    const Result<> filled = random_bytes(many);
    size_t zeros = 0;
    for (const std::byte byte : std::span(many).last(1000)) zeros += byte == std::byte() ? 1 : 0;
    log::error("many ", filled && zeros < 100 ? "came" : "did not come");
    log::error("none ", random_bytes({}) ? "came" : "did not come");
    if (wasi::random_get(many.data(), many.size()) == wasi::Errno::invalid) log::error("too many at once");
  }
};

WASMUP_REGISTER(Surroundings)
