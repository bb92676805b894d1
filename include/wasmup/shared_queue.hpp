// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace wasmup {
class SharedQueue {
 public:
  explicit SharedQueue(uint32_t token) : token_(token) {}
  uint32_t token() const { return token_; }

 private:
  uint32_t token_;
};
}  // namespace wasmup
