// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wasmup::gateway {

struct Condition {
  std::string type;
  bool holds = false;
  std::string reason;
  std::string message;
};

/// What the controller says of an object, to one that it belongs to: a policy's target, a route's Gateway.
struct Verdict {
  std::string about;  ///< KIND NAME; empty when the object stands for itself
  std::vector<Condition> conditions;
};

/// A controller without a cluster has nowhere to write what it thinks of an object but its log (JSON lines).
class ControllerLog {
 public:
  /// The line that the supervisor writes when it has started a controller, which knows nothing of the last
  /// one.
  static constexpr std::string_view start_line = R"({"msg":"wasmup started a controller"})";

  void add(std::string_view line);

  /// Of the object with this key (KIND NAMESPACE/NAME), as said last; nothing when nothing was.
  const std::vector<Verdict>* verdicts(const std::string& key) const;

  /// How often a controller has broken off what it did, and the line that says why, of the last time. After
  /// some of these panics the controller ends, after others it goes on with less than it was given.
  int panics() const { return panics_; }
  const std::string& panic() const { return panic_; }
  /// How many controllers have written to it.
  int starts() const { return starts_; }
  /// How often the last of them has read its resources, and has worked out what follows for Envoy.
  int reloads() const { return reloads_; }
  int translations() const { return translations_; }
  /// It has begun something that it has not ended.
  bool busy() const { return begun_ != 0; }
  /// Why it could not read them, the last time, if it could not.
  const std::string& reload_error() const { return reload_error_; }
  /// What it said at error level, last.
  const std::string& last_error() const { return last_error_; }

 private:
  void forget();

  std::map<std::string, std::vector<Verdict>> verdicts_;
  int panics_ = 0;
  std::string panic_;
  int starts_ = 0;
  int reloads_ = 0;
  int translations_ = 0;
  int begun_ = 0;
  std::string reload_error_;
  std::string last_error_;
};

}  // namespace wasmup::gateway
