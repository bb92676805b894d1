// SPDX-License-Identifier: MIT
#include <chrono>
#include <cstdint>
#include <string_view>

#include <wasmup/wasmup.hpp>

/// The metrics of one plugin configuration. Whoever defines one of the same name, in any worker and any
/// configuration, gets the same: so a new configuration goes on counting where the old one was.
struct Metrics : wasmup::RootContext {
  wasmup::CounterFamily<3> requests{"requests", {"route", "method", "class"}};
  wasmup::HistogramFamily<1> duration{"request_duration_ms", {"route"}};
  wasmup::Gauge in_flight = *wasmup::Gauge::define("requests_in_flight");
};

/// A method as a label. Each value of a label is a stat that Envoy keeps for good, and a client may call a
/// method what it likes.
std::string_view known_method(std::string_view method) {
  for (const std::string_view known : {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}) {
    if (method == known) return known;
  }
  return "other";
}

/// 200 to 299 are "2xx". A request that was cut off before its answer has none.
std::string_view status_class(int64_t status) {
  constexpr std::string_view classes[] = {"none", "1xx", "2xx", "3xx", "4xx", "5xx"};
  return classes[status < 100 || status > 599 ? 0 : status / 100];
}

/// Counts each request once it is complete, and those that are not yet.
struct RequestMetrics : wasmup::HttpFilter<Metrics> {
  RequestMetrics() { root().in_flight.add(1).ignore(); }
  /// Whatever a stream's end is, this is part of it.
  ~RequestMetrics() { root().in_flight.add(-1).ignore(); }

  void on_log(wasmup::AccessLog log) {
    const auto route = wasmup::attributes::route_name();
    const auto method = log.request_headers.get(":method");
    const auto status = wasmup::attributes::response_code();
    root().requests.with(*route, known_method(*method), status_class(*status))->increment().ignore();
    const auto duration = wasmup::attributes::request_duration();
    if (!duration) return;
    const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(*duration);
    root().duration.with(*route)->record(static_cast<uint64_t>(milliseconds.count())).ignore();
  }
};

WASMUP_REGISTER(RequestMetrics)
