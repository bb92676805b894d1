// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>

namespace wasmup::testing {

/// What the VMs of one vm_id share: data and queues.
struct SharedState {
  struct Value {
    std::string bytes;
    uint32_t cas = 0;
  };
  std::map<std::string, Value, std::less<>> data;
  uint32_t last_cas = 0;

  struct Queue {
    std::string name;
    uint32_t root = 0;  ///< the one that registered last: it is told of what arrives
    std::deque<std::string> items = {};
  };
  std::map<uint32_t, Queue> queues;
  uint32_t last_token = 0;
};

}  // namespace wasmup::testing
