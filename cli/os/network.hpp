// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "../error.hpp"

namespace wasmup::os {

class Network {
 public:
  virtual ~Network() = default;
  /// `count` different free TCP ports of 127.0.0.1, held together while they are picked.
  virtual Expected<std::vector<uint16_t>> free_ports(int count) = 0;
  /// Whether 127.0.0.1:port can be bound; if not, who is there as far as the system says (environment error).
  virtual Expected<void> check_free(uint16_t port) = 0;
};

std::unique_ptr<Network> make_network();

}  // namespace wasmup::os
