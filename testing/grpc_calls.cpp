// SPDX-License-Identifier: MIT
#include "implementation.hpp"

namespace wasmup::testing {

void Host::Implementation::close_grpc(uint32_t, uint32_t, std::string) {}

}  // namespace wasmup::testing
