// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace wasmup::envoy {

/// What Envoy does with a stream when the module has trapped (failure_policy of the Wasm filter).
enum class FailurePolicy { fail_closed, fail_open, fail_reload };

/// One Wasm plugin as Envoy is told of it: an HTTP filter, a TCP filter or an access logger.
struct WasmFilter {
  std::filesystem::path module;
  std::string name = "wasmup";
  std::string root_id = "add_header_root";
  std::string configuration = {};  ///< plugin configuration, as it is (StringValue); empty: none
  std::string vm_configuration = {};
  FailurePolicy failure_policy = FailurePolicy::fail_closed;
  /// Plugins with the same id, code and VM configuration share a VM on each thread, those with the same id
  /// share data and queues; empty: the name.
  std::string vm_id = {};
  std::map<std::string, std::string> environment = {};  ///< of the VM; nothing of Envoy's own is passed on
  /// Whether a headers callback can hold back the headers alone (StopIteration); Envoy holds all otherwise.
  bool allow_on_headers_stop_iteration = false;
  /// How long after a trap the VM may first be replaced, with fail_reload; none: Envoy's second.
  std::optional<std::chrono::milliseconds> reload_backoff = {};
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

/// One more upstream, for call-outs and routes. It need not exist: Envoy finds out when it is asked for.
struct Cluster {
  std::string name;
  Upstream upstream = {};
  bool is_empty = false;  ///< it has no endpoint
  /// How many requests may wait for a connection (circuit breaker); none: Envoy's 1024.
  std::optional<uint32_t> max_pending_requests = {};
};

/// Leads requests with this header to another cluster than "upstream".
struct Route {
  std::string header;
  std::string value;
  std::string cluster;  ///< of Bootstrap::clusters
};

/// A whole Envoy, on loopback only: a listener with the filters, one with none (the control), and either the
/// given upstream or the built-in one, an internal listener of the same Envoy that answers for itself without
/// taking a port (builtin_upstream.hpp says what it answers). That cluster's name is "upstream".
struct Bootstrap {
  uint16_t port = 0;          ///< with the filters; 0: the system picks, Server::port() tells
  uint16_t control_port = 0;  ///< the same route without them; likewise
  /// Where the admin listens, 0 likewise; none: on a socket in Envoy's own folder, which only we can reach.
  std::optional<uint16_t> admin_port = {};
  std::optional<Upstream> upstream = {};
  std::vector<WasmFilter> filters = {};
  /// When set, the filters come by ECDS from files in this folder (discovery_file()), so that each can change
  /// under load: Server::start writes them, Server::swap changes one.
  std::optional<std::filesystem::path> discovery_folder = {};
  /// When set, the listeners answer this path themselves (200, "direct\n"): a response no upstream has seen.
  std::optional<std::string> direct_response_path = {};
  std::vector<Cluster> clusters = {};  ///< besides "upstream"
  std::vector<Route> routes = {};      ///< of both listeners; the first that matches, else "upstream"
  /// Run in on_log when a stream of the filtered listener has ended.
  std::vector<WasmFilter> access_loggers = {};
  /// When there are any, a third listener passes bytes through them to `tcp_cluster`.
  std::vector<WasmFilter> tcp_filters = {};
  uint16_t tcp_port = 0;  ///< likewise; Server::tcp_port() tells
  std::string tcp_cluster = "upstream";
  /// Tags that Envoy takes out of the names of its stats: the tag's name, and a regular expression whose
  /// first group goes from the name and whose second (or else first) is the value.
  std::vector<std::pair<std::string, std::string>> stats_tags = {};
  /// How many bytes of a message the filtered listener buffers for filters. A longer request is answered 413,
  /// a longer response 500, or cut when its headers have gone out. None: Envoy's 1 MiB.
  std::optional<uint32_t> buffer_limit = {};
  /// Whether HTTP/1.1 has trailers; Envoy's own default is not to.
  bool enable_trailers = true;
  /// Whether requests name the upstream as their authority, or what the client and the filters say.
  bool rewrites_authority = true;
  /// Envoy's own header mutation filter sets this header on the responses of the filtered listener.
  std::optional<std::pair<std::string, std::string>> native_header = {};
  /// Report each stream of the filtered (and TCP) listener when it has ended, with its headers before and
  /// after the filters: ServerOptions::on_exchange. Costs two scripts and a line of output a stream.
  bool reports_exchanges = false;
};

/// Envoy's configuration as JSON, for --config-path.
std::string to_json(const Bootstrap&);

/// The ECDS answer that carries `filter`, to be renamed into place as its discovery_file().
std::string discovery_json(const WasmFilter& filter);

/// Where the filter of this name comes from: alone in a folder, as Envoy reads again all it has from a folder
/// in which a file changes.
std::filesystem::path discovery_file(const std::filesystem::path& discovery_folder, const std::string& name);

/// Envoy's admin listens here, in its own folder, when it has no port.
inline constexpr const char* admin_socket = "admin.socket";

}  // namespace wasmup::envoy
