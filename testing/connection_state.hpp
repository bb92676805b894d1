// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

#include <wasmup/testing/host.hpp>

namespace wasmup::testing {

/// One direction of a TCP connection.
struct DataFlow {
  std::string buffer;          ///< what the module has not let pass
  bool at_hand = false;        ///< ... and can see: in its callback, and after it while it holds that back
  bool end_of_stream = false;  ///< the sender has ended
  std::string passed;
  bool has_ended = false;  ///< ... and the receiver knows
};

struct ConnectionState {
  uint32_t id = 0;
  uint32_t root = 0;
  DataFlow downstream = {};  ///< from the client to the upstream
  DataFlow upstream = {};    ///< from the upstream to the client
  bool is_held = false;      ///< on_new_connection said so: no upstream yet, no data callback
  bool is_unfiltered = false;
  bool is_closed = false;
  bool was_closed_by_filter = false;
};

}  // namespace wasmup::testing
