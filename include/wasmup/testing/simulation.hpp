// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <wasmup/testing/host.hpp>

/// A simulator: plays a filter in made-up traffic, all of it derived from one seed. Clients leave, upstreams
/// answer early or never, call-outs come back late, hostcalls fail. What no filter may do is looked for
/// without a word by the author; what this filter may not do is an invariant of the author's.
namespace wasmup::testing {

/// One request's whole way in a simulation, once its stream has ended.
struct SimulatedExchange : Exchange {
  Message request;                   ///< as the client sent it, as far as it did
  bool request_is_complete = false;  ///< the client sent all of it
  std::optional<Message> response;   ///< what the upstream answered; nothing when it did not
  bool client_left = false;          ///< the client was gone before the stream's end
  bool hostcalls_failed = false;     ///< some were made to fail in this run
  uint32_t context = 0;              ///< the stream's context id
};

/// A whole run, when all its streams have ended and its host is about to.
struct SimulatedRun {
  size_t streams = 0;  ///< how many there were
  std::vector<LogLine> logs;
  std::vector<Hostcall> hostcalls;
  bool hostcalls_failed = false;
};

struct SimulationOptions {
  HostOptions host = {};
  uint64_t seed = 1;  ///< the first one; those after it follow
  std::chrono::milliseconds duration{1000};

  /// What may be said besides what the simulator makes up.
  std::vector<Message> requests = {};
  std::vector<Message> responses = {};
  std::vector<Message> answers = {};  ///< to call-outs
  std::vector<std::string> paths = {};
  std::vector<std::string> bodies = {};

  bool fails_hostcalls = true;
  bool clients_leave = true;  ///< some of them, before they are answered
  /// Whether an answer that one stream asked for is that stream's business alone. Filters whose streams wait
  /// for one another's call-outs say no.
  bool streams_are_apart = true;

  /// Sets the host up: attributes, foreign functions. Before any request of each run.
  std::function<void(Host&)> prepare = {};
  /// An invariant of whole runs.
  std::function<void(const SimulatedRun&)> afterwards = {};
  /// The command that plays one seed again; left out, it is told with this test's own name.
  std::function<std::string(const std::string& seed)> command = {};
};

struct SimulationReport {
  size_t runs = 0;
  size_t streams = 0;
  size_t failed_hostcalls = 0;  ///< how many were made to fail

  std::string seed;                   ///< the one that fails; empty: none did
  std::vector<std::string> failures;  ///< what was wrong
  size_t events_before = 0;           ///< how many events the seed stands for
  std::vector<std::string> events;    ///< those that are left when all others are taken away
  std::vector<std::string> trace;     ///< callbacks and hostcalls of these
  std::chrono::milliseconds found_after{0};

  bool passed() const { return failures.empty(); }
  /// All of it, for people.
  std::string text;
};

/// What an exchange must be like: with EXPECT_... or ADD_FAILURE for what must not be.
using Invariant = std::function<void(const SimulatedExchange&)>;

/// Plays seed after seed in child processes until the time is over or one fails; what fails is made smaller
/// by itself. The environment has the last word: WASMUP_SIMULATE_SECONDS for how long, WASMUP_SIMULATE_SEED
/// for one seed alone.
SimulationReport explore(const SimulationOptions& options, const Invariant& invariant = {});

/// The same, and the test fails when a seed did.
SimulationReport simulate(const SimulationOptions& options, const Invariant& invariant = {});

/// Plays one seed in this process: its trace, line by line.
std::vector<std::string> trace_of(uint64_t seed, const SimulationOptions& options);

}  // namespace wasmup::testing
