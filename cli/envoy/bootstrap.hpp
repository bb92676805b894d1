// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace wasmup::envoy {

/// What Envoy does with a stream when the module has trapped (failure_policy of the Wasm filter).
enum class FailurePolicy { fail_closed, fail_open, fail_reload };

/// One Wasm HTTP filter as Envoy is told of it.
struct WasmFilter {
  std::filesystem::path module;
  std::string name = "wasmup";
  std::string root_id = "add_header_root";
  std::string configuration = {};  ///< plugin configuration, as it is (StringValue); empty: none
  std::string vm_configuration = {};
  FailurePolicy failure_policy = FailurePolicy::fail_closed;
};

/// A server elsewhere that the listeners lead to. Requests name it, not us, as their authority.
struct Upstream {
  std::string host = "127.0.0.1";
  uint16_t port = 0;
  bool tls = false;    ///< its certificate must be valid for `host` by one of `authorities`
  bool http2 = false;  ///< without TLS: prior knowledge
  std::filesystem::path authorities =
      "/etc/ssl/certs/ca-certificates.crt";  ///< the system's, as Debian has them
};

/// A whole Envoy, on loopback only: a listener with the filters, one with none (the control), and either the
/// given upstream or the built-in one, an internal listener of the same Envoy that answers for itself without
/// taking a port (builtin_upstream.hpp says what it answers).
struct Bootstrap {
  uint16_t port = 0;          ///< with the filters; 0: the system picks, Server::port() tells
  uint16_t control_port = 0;  ///< the same route without them; likewise
  uint16_t admin_port = 0;    ///< likewise
  std::optional<Upstream> upstream = {};
  std::vector<WasmFilter> filters = {};
  /// When set, the (single) filter comes by ECDS from this file, so that it can change under load:
  /// Server::start writes it, Server::swap changes it.
  std::optional<std::filesystem::path> discovery_file = {};
  /// When set, the listeners answer this path themselves (200, "direct\n"): a response no upstream has seen.
  std::optional<std::string> direct_response_path = {};
};

/// Envoy's configuration as JSON, for --config-path.
std::string to_json(const Bootstrap&);

/// The ECDS answer that carries `filter`, to be renamed into place as Bootstrap::discovery_file.
std::string discovery_json(const WasmFilter& filter);

}  // namespace wasmup::envoy
