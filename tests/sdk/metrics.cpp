// SPDX-License-Identifier: MIT
#include <string>

#include <wasmup/wasmup.hpp>

/// Counts requests in every kind of metric there is.
struct Stats : wasmup::RootContext {
  bool on_configure(wasmup::Bytes) {
    const auto total = wasmup::Counter::define("requests_total");
    const auto open = wasmup::Gauge::define("requests_open");
    const auto sizes = wasmup::Histogram::define("path_bytes");
    requests_total = *total;
    requests_open = *open;
    path_bytes = *sizes;
    return total && open && sizes;
  }

  wasmup::Counter requests_total;
  wasmup::Gauge requests_open;
  wasmup::Histogram path_bytes;
  wasmup::CounterFamily<3> requests{"requests", {"path", "status", "cached"}};
  wasmup::GaugeFamily<1> last{"last_status", {"path"}};
  wasmup::HistogramFamily<1> sizes{"sizes", {"path"}};
};

struct Metrics : wasmup::HttpFilter<Stats> {
  void on_request_headers(wasmup::RequestHeaders headers) {
    const wasmup::Result<wasmup::Bytes> path = headers.get(":path");
    path_ = path->view();
    root().requests_total.increment().ignore();
    root().requests_open.add(1).ignore();
    root().path_bytes.record(path_.size()).ignore();
    if (root().requests_total.increment(0)) wasmup::log::error("a counter can grow by nothing");
    if (wasmup::Counter().increment()) wasmup::log::error("a counter that is none counts");
    if (wasmup::Gauge().set(1)) wasmup::log::error("a gauge that is none is set");
    if (wasmup::Histogram().record(1)) wasmup::log::error("a histogram that is none records");
  }
  void on_response_headers(wasmup::ResponseHeaders headers) {
    const wasmup::Result<wasmup::Bytes> status = headers.get(":status");
    root().requests.with(path_, *status, false)->increment().ignore();
    root().last.with(path_)->set(200).ignore();
    root().sizes.with(path_)->record(7).ignore();
    headers.set("x-total", std::to_string(*root().requests_total.value())).ignore();
    headers.set("x-open", std::to_string(*root().requests_open.value())).ignore();
  }
  void on_log(wasmup::AccessLog) { root().requests_open.add(-1).ignore(); }

 private:
  std::string path_;
};

WASMUP_REGISTER(Metrics)
