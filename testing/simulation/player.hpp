// SPDX-License-Identifier: MIT
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <wasmup/testing/simulation.hpp>

#include "plan.hpp"
#include "watch.hpp"

namespace wasmup::testing {

/// A host that a run's events drive.
class SimulatedHost {
 public:
  SimulatedHost(const simulation::Plan& plan, const SimulationOptions& options, const Invariant& invariant,
                const std::function<void(const std::string&)>& trace);
  SimulatedHost(const SimulatedHost&) = delete;
  SimulatedHost& operator=(const SimulatedHost&) = delete;

  /// Whether the filter took its configuration.
  bool has_started() const { return implementation_->failure.empty(); }
  std::string failure() const { return implementation_->failure; }
  bool exports(std::string_view callback) const { return implementation_->guest->exports(callback); }
  std::optional<size_t> memory_pages() const { return host_->memory_pages(); }
  size_t streams() const { return count_; }
  const std::vector<LogLine>& logs() const { return implementation_->logs; }
  simulation::Watch& watch() { return watch_; }

  /// All events, what is left to do after them, and the checks at the end.
  void play();
  /// Calls the author's invariant of whole runs.
  void conclude();
  void forget_records();

 private:
  /// A stream as its client and its upstream see it.
  struct Played {
    uint32_t number = 0;
    uint32_t context = 0;
    bool is_tcp = false;
    SimulatedExchange exchange = {};
    std::deque<simulation::Event> upstream_waits = {};  ///< until the request has come to it
    bool response_ended = false;
  };

  // player.cpp
  void apply(const simulation::Event& event);
  void apply_to_stream(const simulation::Event& event, Played& played);
  void open(const simulation::Event& event);
  void pump(Played& played);
  bool upstream_may(const simulation::Event& event, const Played& played) const;
  void respond(const simulation::Event& event, Played& played);
  void break_off(Played& played);
  void settle();
  void finish(Played& played, bool client_left);
  Played* find(uint32_t number);

  // calls_played.cpp
  void apply_to_call(const simulation::Event& event);
  void apply_to_grpc(const simulation::Event& event);
  void apply_to_connection(const simulation::Event& event, Played& played);
  void apply_to_root(const simulation::Event& event);

  // drain.cpp
  void drain();
  void complete_messages();
  void answer_all();
  void check_held();
  bool is_at_rest() const;

  const simulation::Plan& plan_;
  const SimulationOptions& options_;
  const Invariant& invariant_;
  simulation::Watch watch_;
  std::unique_ptr<Host> host_;
  Host::Implementation* implementation_ = nullptr;
  std::map<uint32_t, Played> played_;
  std::map<uint32_t, uint32_t> contexts_;  ///< of streams by their number, also of those that have ended
  size_t count_ = 0;
};

}  // namespace wasmup::testing
