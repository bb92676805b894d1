// SPDX-License-Identifier: MIT
#pragma once

#include "../error.hpp"
#include "layout.hpp"
#include "state.hpp"

namespace wasmup::gateway {

/// The ports that Envoy Gateway listens on whatever it is told: of its discovery service, of its server of
/// modules, of its health. The first two ask for a certificate that only its Envoys have.
inline constexpr uint16_t discovery_port = 18000;
inline constexpr uint16_t modules_port = 18002;
inline constexpr uint16_t health_port = 8081;

/// Writes what the controller, the registry and the upstream are configured with, and what stands in Envoy's
/// place for the controller (see Supervisor).
Expected<void> write_configurations(const Layout& layout, const Settings& settings);

}  // namespace wasmup::gateway
