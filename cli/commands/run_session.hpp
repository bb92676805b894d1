// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "../environment.hpp"
#include "../envoy/server.hpp"
#include "../error.hpp"
#include "../http/client.hpp"
#include "../os/temporary_folder.hpp"
#include "run_plan.hpp"
#include "trace_view.hpp"
#include "traffic_view.hpp"

namespace wasmup::commands {

/// One `wasmup run`, from source to served traffic. Nothing of it is left when it is gone.
class RunSession {
 public:
  RunSession(RunPlan plan, Environment& environment)
      : plan_(std::move(plan)),
        environment_(environment),
        traffic_(environment.terminal, environment.now),
        trace_(environment.terminal) {}
  ~RunSession() { end_envoy(); }
  RunSession(const RunSession&) = delete;
  RunSession& operator=(const RunSession&) = delete;

  Expected<void> run();

 private:
  /// Decides which lines of Envoy's log are shown.
  enum class Phase { starting, checking, serving, ending };

  struct Answers {
    http::Response without;
    http::Response with;
  };

  /// A filter as it is served now.
  struct Served {
    PlannedFilter plan;
    std::string name;                   ///< in Envoy
    std::string module_name = {};       ///< as people know it
    std::filesystem::path module = {};  ///< that Envoy has
    std::unique_ptr<os::FolderWatch> watch = {};
  };

  Expected<void> get_modules();
  Expected<void> put_module(Served&);
  Expected<void> start_envoy();
  Expected<Answers> ask();
  Expected<http::Response> ask_once(uint16_t port);
  Expected<void> check_upstream(const http::Response& without) const;
  Expected<void> check_traps() const;
  Expected<void> check_expectations(const http::Response& with);
  Expected<void> check_requests();
  void warn(const Error& error);
  Expected<void> serve();
  Expected<void> watch_folders();
  void say_where();
  void look_at_stats();
  void precompile_headers();
  void renew(Served&);
  Expected<void> replace_filter(Served&);
  void end_envoy();

  Expected<http::Response> send(const http::Request&);
  envoy::WasmFilter filter(const Served&) const;
  /// Of all modules, with `between` them.
  std::string names(std::string_view between) const;
  /// With the filter.
  uint16_t port() const { return filters_connections_ ? server_->tcp_port() : server_->port(); }

  void take_log_line(const envoy::LogLine& line);
  void take_exchange(const envoy::Exchange& exchange);
  void show_module_line(const envoy::LogLine& line);
  Error envoy_ended() const;

  RunPlan plan_;
  Environment& environment_;
  std::optional<os::TemporaryFolder> folder_;
  std::vector<Served> filters_;    ///< in the order of the request's path
  std::filesystem::path headers_;  ///< the SDK's, compiled; empty: not yet
  int modules_ = 0;                ///< there have been
  bool filters_connections_ = false;
  Phase phase_ = Phase::starting;
  std::deque<envoy::LogLine> recent_;  ///< the end of Envoy's log, for its reason if it ends
  std::vector<std::string> traps_;     ///< Envoy's lines on them
  TrafficView traffic_;
  TraceView trace_;
  std::set<uint16_t> own_ports_;          ///< of our requests, which the check shows in its own way
  std::vector<envoy::Exchange> pending_;  ///< seen during the check
  std::unique_ptr<envoy::Server> server_;
};

}  // namespace wasmup::commands
