// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

/// The same filter made with several SDKs, in the fake host and in a real Envoy: what is expected of it is
/// said once, and which host plays is decided by what the test is linked with.
namespace wasmup::other_sdks {

using Fields = std::vector<std::pair<std::string, std::string>>;

/// The filter while it serves.
class Served {
 public:
  virtual ~Served() = default;

  /// The headers that the client gets, when it sends these and the upstream answers with those.
  virtual Fields get(const Fields& request, const Fields& response) = 0;
  /// A changed plugin configuration, in the VM that serves; returns when it is in use.
  virtual void reconfigure(const std::string& configuration) = 0;
  /// What the module has logged so far: "info: configured: blue".
  virtual std::vector<std::string> log() = 0;
  /// Time passes until the module has logged this line; fails the test when that takes too long.
  virtual void until(const std::string& line) = 0;
};

struct Settings {
  std::string module;  ///< its path
  std::string configuration;
  std::map<std::string, std::string> environment = {};
};

/// Throws std::runtime_error with the reason when the module does not get to serve.
std::unique_ptr<Served> serve(const Settings& settings);

}  // namespace wasmup::other_sdks
