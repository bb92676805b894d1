// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "../error.hpp"
#include "../os/processes.hpp"
#include "../os/temporary_folder.hpp"
#include "bootstrap.hpp"
#include "exchange.hpp"
#include "log_line.hpp"

namespace wasmup::envoy {

struct ServerOptions {
  std::filesystem::path executable;
  Bootstrap bootstrap;
  std::string log_level = "warning";    ///< of Envoy at large
  std::string wasm_log_level = "info";  ///< of the wasm logger: what modules log
  int concurrency = 2;
  std::chrono::milliseconds start_limit = std::chrono::seconds(30);
  std::function<void(const LogLine&)> on_log = {};
  /// With Bootstrap::reports_exchanges. Of more than a hundred in a second, each has its status and port
  /// alone.
  std::function<void(const Exchange&)> on_exchange = {};
};

/// A running Envoy. Ends with this object, leaving no process and no file behind.
class Server {
 public:
  /// Starts Envoy and waits until its admin says LIVE and it has taken the filters. If it ends, refuses a
  /// filter or the time is up, the error's `seen` is Envoy's own reason, not our guess: the log's error
  /// lines, one a line.
  static Expected<std::unique_ptr<Server>> start(os::Processes&, ServerOptions);

  virtual ~Server() = default;
  virtual int pid() const = 0;
  virtual uint16_t port() const = 0;          ///< with the filters
  virtual uint16_t control_port() const = 0;  ///< without
  virtual uint16_t tcp_port() const = 0;      ///< with the TCP filters; 0 when there are none
  virtual std::string admin_url() const = 0;  ///< no slash at the end; empty when the admin has no port
  /// Runs Envoy's log through on_log for at most `limit`; false once Envoy has ended. Nothing else reads the
  /// log: an Envoy that says more than a pipe holds (64 KiB) waits for this. An Interrupt cuts it short.
  virtual bool pump(std::chrono::milliseconds limit) = 0;
  /// Envoy's counters and gauges by name (admin /stats?format=json).
  virtual Expected<std::map<std::string, int64_t>> stats() = 0;
  /// Envoy's stats as Prometheus reads them, tags and histograms included (admin /stats/prometheus).
  virtual Expected<std::string> prometheus() = 0;
  /// Puts this filter in place of the one of its name that comes by ECDS and waits until Envoy has taken it;
  /// when it refuses, the old one stays and the error is as for start. A module that has changed needs a new
  /// file name.
  virtual Expected<void> swap(const WasmFilter&,
                              std::chrono::milliseconds limit = std::chrono::seconds(10)) = 0;
};

}  // namespace wasmup::envoy
