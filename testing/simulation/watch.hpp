// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "../implementation.hpp"
#include "../observer.hpp"
#include "plan.hpp"

namespace wasmup::testing::simulation {

/// Looks on while a run plays: writes down what happens, makes hostcalls fail, and knows what no filter may
/// do.
class Watch final : public Observer {
 public:
  Watch(const Plan& plan, const SimulationOptions& options) : plan_(plan), options_(options) {}

  /// The host, once it is there: while it starts there is none.
  void look_at(Host::Implementation& host) { host_ = &host; }
  /// What happens from now on is this event's doing.
  void begin_event(uint32_t serial);
  void know_stream(uint32_t context) { streams_.insert(context); }
  void note(std::string line) {
    if (sink_) sink_(line);
    trace_.push_back(std::move(line));
  }
  /// Each line of the trace goes here at once, too: a crash leaves no other.
  void tell(std::function<void(const std::string&)> sink) { sink_ = std::move(sink); }
  /// Something that no filter may do; said once.
  void accuse(const std::string& what);

  bool is_excused(Excuse excuse) const { return excuses_.contains(excuse); }
  const std::vector<std::string>& accusations() const { return accusations_; }
  const std::vector<std::string>& trace() const { return trace_; }
  /// The hostcalls that can fail, and whose doing they were.
  struct Made {
    uint32_t event;
    uint32_t nth;
    std::string hostcall;
  };
  const std::vector<Made>& made() const { return made_; }
  size_t failed() const { return failed_; }
  /// Request headers that the filter has looked for.
  const std::set<std::string>& headers_asked_for() const { return headers_asked_for_; }
  /// The stream that asked for a call-out, or its root.
  std::optional<uint32_t> asker_of(uint32_t token) const;

  void entered(uint32_t context, std::string_view callback, std::span<const uint32_t> arguments) override;
  void left(std::string_view callback, std::optional<uint32_t> answer) override;
  bool knows(std::string_view) const override { return plan_.knows_clusters; }
  std::optional<Status> refuses(std::string_view hostcall) override;
  void called(std::string_view hostcall, uint32_t context, std::span<const uint64_t> words) override;
  void answered(const Hostcall& call, uint32_t context) override;

 private:
  /// A callback that runs.
  struct Frame {
    std::string callback;
    uint32_t context = 0;
    std::optional<uint32_t> asker = {};  ///< where it is the answer to a call-out
  };
  struct Replies {
    uint32_t to_request = 0;
    uint32_t to_response = 0;
  };

  std::string indent() const { return std::string(2 * (frames_.size() + 1), ' '); }
  void count_reply(uint32_t context);

  const Plan& plan_;
  const SimulationOptions& options_;
  Host::Implementation* host_ = nullptr;
  uint32_t event_ = at_start;
  uint32_t nth_ = 0;
  std::vector<Frame> frames_;
  std::map<uint32_t, uint32_t> askers_;
  std::map<uint32_t, Replies> replies_;
  std::set<uint32_t> streams_;
  std::set<Excuse> excuses_;
  std::vector<std::string> accusations_;
  std::vector<std::string> trace_;
  std::vector<Made> made_;
  std::set<std::string> headers_asked_for_;
  size_t failed_ = 0;
  std::function<void(const std::string&)> sink_;
};

}  // namespace wasmup::testing::simulation
