// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "../environment.hpp"
#include "../error.hpp"
#include "../gateway/gateway.hpp"
#include "filter_module.hpp"
#include "run_plan.hpp"

namespace wasmup::commands {

/// The filters' whole way to the local gateway: built, packed as an image, pushed, named in a policy,
/// accepted by the controller, and asked for. Each step is said, with its time.
class GatewaySession {
 public:
  GatewaySession(RunPlan plan, gateway::Layout layout, Environment& environment);

  /// Reads or compiles the modules: needs no gateway yet.
  Expected<void> build();
  /// Brings what was built to the gateway, to the verified request.
  Expected<void> deploy();
  /// Then again whenever the filter's files change, if it is to be watched; until Ctrl-C.
  Expected<void> serve();

 private:
  struct Packed {
    std::string name;       ///< of the filter in its policy, and of its image
    std::string reference;  ///< of the image, with its tag
    std::string sha256;     ///< of its manifest
  };

  Expected<void> push(const FilterModule& module);
  Expected<void> apply_policy();
  Expected<void> verify();
  void renew();
  std::string url() const;

  RunPlan plan_;
  gateway::Layout layout_;
  Environment& environment_;
  std::vector<FilterModule> modules_;  ///< as plan_.filters
  std::vector<Packed> packed_;         ///< as plan_.filters
  uint16_t port_ = 0;
};

/// `wasmup run --gateway`: the gateway ends with it, unless it ran before.
Expected<void> run_through_gateway(RunPlan plan, Environment& environment);

}  // namespace wasmup::commands
