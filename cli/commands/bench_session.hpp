// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "../bench/report.hpp"
#include "../environment.hpp"
#include "../envoy/server.hpp"
#include "../error.hpp"
#include "../os/temporary_folder.hpp"
#include "filter_module.hpp"
#include "planned_filter.hpp"

namespace wasmup::commands {

/// What to measure.
struct BenchPlan {
  PlannedFilter filter;
  /// What else to compare it with: another filter, or Envoy's own header mutation.
  std::optional<PlannedFilter> other = {};
  bool native = false;
  std::chrono::seconds time{};
  std::filesystem::path envoy;
};

/// One `wasmup bench`. An Envoy for each variant, so that its CPU time is its own; a thread of ours asks one
/// of them at a time, in short rounds that go to and fro (none, other, filter, filter, other, none), so that
/// what changes slowly on the machine meets all alike.
class BenchSession {
 public:
  BenchSession(BenchPlan plan, Environment& environment)
      : plan_(std::move(plan)), environment_(environment) {}

  Expected<bench::Report> run();

 private:
  struct Contestant {
    bench::Variant measured;
    bool is_module = false;
    std::vector<std::string> traps = {};
    std::unique_ptr<envoy::Server> server = {};
  };
  /// Of one round.
  struct Round {
    int64_t requests = 0;
    double cpu = 0;  ///< microseconds a request
  };

  Expected<void> enter(const std::string& name, envoy::Bootstrap bootstrap);
  Expected<void> enter_module(const PlannedFilter& filter);
  Expected<void> warm_up();
  Expected<void> measure();
  Expected<void> block();
  Expected<Round> round(Contestant& contestant, int64_t requests, std::chrono::milliseconds limit, bool keep);
  Error failed(const Contestant& contestant, const std::string& seen) const;

  BenchPlan plan_;
  Environment& environment_;
  std::optional<os::TemporaryFolder> folder_;
  std::vector<std::unique_ptr<Contestant>> contestants_;
  int64_t requests_a_round_ = 0;
};

}  // namespace wasmup::commands
