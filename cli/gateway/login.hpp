// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "../error.hpp"
#include "layout.hpp"

namespace wasmup::gateway {

/// Makes up a login for the gateway's registry, new for each gateway: others on this machine reach its port,
/// too. It is written twice, for the registry (a hash) and for who speaks to it (a file as `skopeo login`
/// writes it); only the user can read them.
Expected<void> write_login(const Layout& layout, uint16_t registry_port);

}  // namespace wasmup::gateway
