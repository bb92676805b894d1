// SPDX-License-Identifier: MIT
#pragma once

#include <expected>
#include <string>
#include <utility>

namespace wasmup {

/// What the program ends with. Stable: scripts read these, and `wasmup --help` prints them.
enum class ExitCode : int {
  ok = 0,
  check_failed = 1,    ///< all ran, but the traffic or a test was not as expected
  usage = 2,           ///< a flag, a file name or a configuration that cannot be right
  build_failed = 3,    ///< the source did not compile, or not to a filter
  module_refused = 4,  ///< the module would not load in Envoy
  environment = 5,     ///< a missing tool, a busy port, an Envoy that did not start
  refused = 6,         ///< a registry, a gateway or a cluster did not take what it was given
  interrupted = 130,   ///< Ctrl-C
};

/// A failure as people read it: what failed, what was seen, and the next command to run (may be empty).
struct Error {
  ExitCode code = ExitCode::environment;
  std::string what;
  std::string seen;
  std::string next;
};

template <class T>
using Expected = std::expected<T, Error>;

}  // namespace wasmup
