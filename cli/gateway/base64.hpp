// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace wasmup::gateway {

std::string base64(const std::string& bytes);

}  // namespace wasmup::gateway
