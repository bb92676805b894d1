// SPDX-License-Identifier: MIT
#include "foreign_functions.hpp"

#include "implementation.hpp"

namespace wasmup::testing {

void offer_foreign_functions(Host::Implementation& host) {
  host.foreign_functions["clear_route_cache"] = [&host](std::string_view) -> ForeignResult {
    ++host.route_cache_clearings;
    return {};
  };
}

}  // namespace wasmup::testing
