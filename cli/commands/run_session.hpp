// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "../environment.hpp"
#include "../envoy/server.hpp"
#include "../error.hpp"
#include "../http/client.hpp"
#include "../os/temporary_folder.hpp"
#include "run_plan.hpp"

namespace wasmup::commands {

/// One `wasmup run`, from source to served traffic. Nothing of it is left when it is gone.
class RunSession {
 public:
  RunSession(RunPlan plan, Environment& environment) : plan_(std::move(plan)), environment_(environment) {}
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

  Expected<void> get_module();
  Expected<void> put_module();
  Expected<std::string> compile_module();
  Expected<void> start_envoy();
  Expected<Answers> ask();
  Expected<http::Response> ask_once(uint16_t port);
  Expected<void> check_upstream(const http::Response& without) const;
  Expected<void> check_traps() const;
  Expected<void> check_expectations(const http::Response& with);
  Expected<void> check_requests();
  void warn(const Error& error);
  Expected<void> serve();
  void precompile_headers();
  void renew();
  Expected<void> replace_filter();
  void end_envoy();

  template <class Work>
  auto beside_log(Work work);
  envoy::WasmFilter filter() const;
  /// With the filter.
  uint16_t port() const { return filters_connections_ ? server_->tcp_port() : server_->port(); }

  void take_log_line(const envoy::LogLine& line);
  Error envoy_ended() const;

  RunPlan plan_;
  Environment& environment_;
  std::optional<os::TemporaryFolder> folder_;
  std::filesystem::path module_;   ///< that Envoy has
  std::filesystem::path headers_;  ///< the SDK's, compiled; empty: not yet
  int modules_ = 0;                ///< there have been
  std::string module_name_;
  bool filters_connections_ = false;
  Phase phase_ = Phase::starting;
  std::deque<envoy::LogLine> recent_;  ///< the end of Envoy's log, for its reason if it ends
  std::vector<std::string> traps_;     ///< Envoy's lines on them
  std::unique_ptr<envoy::Server> server_;
};

}  // namespace wasmup::commands
