// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace wasmup {
class SharedQueue {
 public:
  explicit SharedQueue(uint32_t token) : token_(token) {}

 private:
  uint32_t token_;
};
}  // namespace wasmup
