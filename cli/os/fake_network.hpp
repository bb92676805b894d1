// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <string>

#include "network.hpp"

namespace wasmup::os {

/// Ports as the test says they are.
class FakeNetwork : public Network {
 public:
  std::map<uint16_t, std::string> taken;  ///< port, and who listens there
  uint16_t next_free = 20001;

  Expected<std::vector<uint16_t>> free_ports(int count) override {
    std::vector<uint16_t> ports;
    while (static_cast<int>(ports.size()) < count) {
      if (!taken.contains(next_free)) ports.push_back(next_free);
      ++next_free;
    }
    return ports;
  }

  Expected<void> check_free(uint16_t port) override {
    const auto found = taken.find(port);
    if (found == taken.end()) return {};
    return std::unexpected(Error{ExitCode::environment, "cannot listen on 127.0.0.1:" + std::to_string(port),
                                 found->second + " listens there", "choose another port with --port"});
  }
};

}  // namespace wasmup::os
