// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

#include <wasmup/testing/host.hpp>

namespace wasmup::testing {

/// One direction of a TCP connection.
struct DataFlow {
  std::string buffer;  ///< what the module has not let pass
  bool at_hand = false;
  bool end_of_stream = false;
  std::string passed;
};

struct ConnectionState {
  uint32_t id = 0;
  uint32_t root = 0;
  DataFlow downstream = {};  ///< from the client to the upstream
  DataFlow upstream = {};    ///< from the upstream to the client
  bool is_held = false;      ///< on_new_connection said so: no data callback until resumed
  bool is_closed = false;
};

}  // namespace wasmup::testing
