// SPDX-License-Identifier: MIT
#include "bootstrap.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <string_view>

#include "builtin_upstream.hpp"
#include "exchange_script.hpp"

namespace wasmup::envoy {
namespace {

using Json = nlohmann::ordered_json;  // in the order written here, for people who read it

constexpr std::string_view upstream_name = "upstream";

/// A typed_config (google.protobuf.Any).
Json typed(std::string_view type, const Json& fields = Json::object()) {
  Json result{{"@type", fmt::format("type.googleapis.com/{}", type)}};
  result.update(fields);
  return result;
}

Json named(std::string_view name, Json typed_config) {
  return {{"name", name}, {"typed_config", std::move(typed_config)}};
}

Json loopback(uint16_t port) {
  return {{"socket_address", {{"address", "127.0.0.1"}, {"port_value", port}}}};
}

std::string_view to_string(FailurePolicy policy) {
  switch (policy) {
    case FailurePolicy::fail_open:
      return "FAIL_OPEN";
    case FailurePolicy::fail_reload:
      return "FAIL_RELOAD";
    case FailurePolicy::fail_closed:
      break;
  }
  return "FAIL_CLOSED";
}

Json string_value(const std::string& text) { return typed("google.protobuf.StringValue", {{"value", text}}); }

/// As google.protobuf.Duration is in JSON.
std::string duration(std::chrono::milliseconds time) {
  return fmt::format("{}.{:03}s", time.count() / 1000, time.count() % 1000);
}

constexpr std::string_view http_type = "envoy.extensions.filters.http.wasm.v3.Wasm";
constexpr std::string_view tcp_type = "envoy.extensions.filters.network.wasm.v3.Wasm";
constexpr std::string_view access_log_type = "envoy.extensions.access_loggers.wasm.v3.WasmAccessLog";

/// A plugin, as the kind of extension that `type` is.
Json wasm(std::string_view type, const WasmFilter& filter) {
  Json vm{{"vm_id", filter.vm_id.empty() ? filter.name : filter.vm_id},
          {"runtime", "envoy.wasm.runtime.v8"},
          {"code", {{"local", {{"filename", std::filesystem::absolute(filter.module).string()}}}}}};
  if (!filter.vm_configuration.empty()) vm["configuration"] = string_value(filter.vm_configuration);
  if (!filter.environment.empty()) vm["environment_variables"] = {{"key_values", filter.environment}};
  Json plugin{{"name", filter.name},
              {"root_id", filter.root_id},
              {"failure_policy", to_string(filter.failure_policy)},
              {"vm_config", std::move(vm)}};
  if (!filter.configuration.empty()) plugin["configuration"] = string_value(filter.configuration);
  if (filter.allow_on_headers_stop_iteration) plugin["allow_on_headers_stop_iteration"] = true;
  if (filter.reload_backoff) {
    plugin["reload_config"] = {{"backoff", {{"base_interval", duration(*filter.reload_backoff)}}}};
  }
  return named(filter.name, typed(type, {{"config", std::move(plugin)}}));
}

Json all_wasm(std::string_view type, const std::vector<WasmFilter>& filters) {
  Json list = Json::array();
  for (const WasmFilter& filter : filters) list.push_back(wasm(type, filter));
  return list;
}

/// A filter by ECDS. Envoy looks when a file is renamed into the folder, not when one is written to (in it).
Json discovered_filter(const std::string& name, const std::filesystem::path& file) {
  const std::filesystem::path path = std::filesystem::absolute(file);
  return {{"name", name},
          {"config_discovery",
           {{"config_source",
             {{"resource_api_version", "V3"},
              {"path_config_source",
               {{"path", path.string()}, {"watched_directory", {{"path", path.parent_path().string()}}}}}}},
            {"type_urls", Json::array({fmt::format("type.googleapis.com/{}", http_type)})}}}};
}

Json lua(std::string_view name, std::string_view script) {
  return named(name, typed("envoy.extensions.filters.http.lua.v3.Lua",
                           {{"default_source_code", {{"inline_string", script}}}}));
}

/// As a replace of the filter's own.
Json header_mutation(const std::string& name, const std::string& value) {
  Json append{{"header", {{"key", name}, {"value", value}}}, {"append_action", "OVERWRITE_IF_EXISTS_OR_ADD"}};
  return named(
      "envoy.filters.http.header_mutation",
      typed("envoy.extensions.filters.http.header_mutation.v3.HeaderMutation",
            {{"mutations", {{"response_mutations", Json::array({{{"append", std::move(append)}}})}}}}));
}

Json filters_of(const Bootstrap& bootstrap) {
  Json filters = Json::array();
  if (bootstrap.reports_exchanges)
    filters.push_back(lua("before_filters", exchange_script("request_before", "response_after")));
  for (const WasmFilter& filter : bootstrap.filters) {
    filters.push_back(
        bootstrap.discovery_folder
            ? discovered_filter(filter.name, discovery_file(*bootstrap.discovery_folder, filter.name))
            : wasm(http_type, filter));
  }
  if (bootstrap.native_header) {
    filters.push_back(header_mutation(bootstrap.native_header->first, bootstrap.native_header->second));
  }
  if (bootstrap.reports_exchanges)
    filters.push_back(lua("after_filters", exchange_script("request_after", "response_before")));
  return filters;
}

/// Tells standard output of each stream, in a line that parse_exchange() reads.
Json exchange_logger(std::string_view kind, Json fields) {
  Json line{{kind, std::move(fields)}};
  return named("exchange", typed("envoy.extensions.access_loggers.stream.v3.StdoutAccessLog",
                                 {{"log_format", {{"json_format", std::move(line)}}}}));
}

Json http_exchange_logger() {
  Json fields = Json::object();
  for (const auto& [name, command] : http_exchange_fields) fields[name] = command;
  return exchange_logger("exchange", std::move(fields));
}

Json tcp_exchange_logger() {
  Json fields = Json::object();
  for (const auto& [name, command] : tcp_exchange_fields) fields[name] = command;
  return exchange_logger("connection", std::move(fields));
}

Json http1_options(bool enable_trailers) { return Json{{"enable_trailers", enable_trailers}}; }

/// An HTTP connection manager: HTTP/1.1 and HTTP/2 by prior knowledge.
Json http(std::string_view name, Json filters, Json routes, Json access_loggers = Json::array(),
          bool enable_trailers = true) {
  // Envoy's own headers (x-envoy-...) would differ from one response to the next.
  filters.push_back(named("envoy.filters.http.router", typed("envoy.extensions.filters.http.router.v3.Router",
                                                             {{"suppress_envoy_headers", true}})));
  Json manager{
      {"stat_prefix", name},
      {"codec_type", "AUTO"},
      {"http_protocol_options", http1_options(enable_trailers)},
      {"generate_request_id", false},
      {"route_config",
       {{"name", name},
        {"virtual_hosts",
         Json::array({{{"name", "all"}, {"domains", Json::array({"*"})}, {"routes", std::move(routes)}}})}}},
      {"http_filters", std::move(filters)}};
  if (!access_loggers.empty()) manager["access_log"] = std::move(access_loggers);
  return named(
      "envoy.filters.network.http_connection_manager",
      typed("envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager", manager));
}

Json tcp_proxy(const Bootstrap& bootstrap) {
  Json proxy{{"stat_prefix", "tcp"}, {"cluster", bootstrap.tcp_cluster}};
  if (bootstrap.reports_exchanges) proxy["access_log"] = Json::array({tcp_exchange_logger()});
  return named("envoy.filters.network.tcp_proxy",
               typed("envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy", proxy));
}

/// What a listener does with a connection: one filter chain.
Json chain(Json filters) { return Json::array({{{"filters", std::move(filters)}}}); }

Json listener(std::string_view name, uint16_t port, Json filters) {
  // Without reuse_port a second Envoy on the port is refused; with it, the two would share the requests.
  return {{"name", name},
          {"address", loopback(port)},
          {"enable_reuse_port", false},
          {"filter_chains", chain(std::move(filters))}};
}

Json builtin_upstream() {
  Json script = lua("envoy.filters.http.lua", builtin_upstream_lua);
  return {{"name", upstream_name},
          {"internal_listener", Json::object()},
          {"per_connection_buffer_limit_bytes", 64 * 1024 * 1024},  // it reads a request before it answers
          {"filter_chains",
           chain(Json::array({http(upstream_name, Json::array({std::move(script)}), Json::array())}))}};
}

/// An IPv6 address stands in brackets before a port.
std::string authority(const Upstream& upstream) {
  const bool standard = upstream.port == (upstream.tls ? 443 : 80);
  const std::string host = upstream.host.contains(':') ? "[" + upstream.host + "]" : upstream.host;
  return standard ? host : fmt::format("{}:{}", host, upstream.port);
}

const Upstream* upstream_of(const Bootstrap& bootstrap, std::string_view name) {
  const auto found = std::ranges::find(bootstrap.clusters, name, &Cluster::name);
  if (found != bootstrap.clusters.end()) return &found->upstream;
  return bootstrap.upstream ? &*bootstrap.upstream : nullptr;
}

Json to_cluster(const Bootstrap& bootstrap, std::string_view name) {
  Json route{{"cluster", name}, {"timeout", "0s"}};  // an upstream in a debugger may take its time
  const Upstream* const upstream = upstream_of(bootstrap, name);
  if (upstream != nullptr && bootstrap.rewrites_authority)
    route["host_rewrite_literal"] = authority(*upstream);
  return route;
}

Json routes_of(const Bootstrap& bootstrap) {
  Json routes = Json::array();
  if (bootstrap.direct_response_path) {
    routes.push_back({{"match", {{"path", *bootstrap.direct_response_path}}},
                      {"direct_response", {{"status", 200}, {"body", {{"inline_string", "direct\n"}}}}}});
  }
  for (const Route& route : bootstrap.routes) {
    Json header{{"name", route.header}, {"string_match", {{"exact", route.value}}}};
    routes.push_back({{"match", {{"prefix", "/"}, {"headers", Json::array({std::move(header)})}}},
                      {"route", to_cluster(bootstrap, route.cluster)}});
  }
  routes.push_back({{"match", {{"prefix", "/"}}}, {"route", to_cluster(bootstrap, upstream_name)}});
  return routes;
}

/// `upstream`: nothing for the built-in one.
Json cluster(std::string_view name, const Upstream* upstream, bool enable_trailers) {
  const bool http2 = upstream != nullptr && upstream->http2;
  Json protocol = http2 ? Json{{"http2_protocol_options", Json::object()}}
                        : Json{{"http_protocol_options", http1_options(enable_trailers)}};
  Json options{{"explicit_http_config", std::move(protocol)}};
  Json cluster{{"name", name}};
  Json address;
  if (upstream != nullptr) {
    cluster["type"] = "STRICT_DNS";
    cluster["dns_lookup_family"] = "V4_PREFERRED";
    address = {{"socket_address", {{"address", upstream->host}, {"port_value", upstream->port}}}};
    if (upstream->tls) {
      // Not system_root_certs: with it, Envoy 1.40 takes any certificate, or none if names are checked.
      Json validation{
          {"trusted_ca", {{"filename", std::filesystem::absolute(upstream->authorities).string()}}}};
      options["upstream_http_protocol_options"] = {{"auto_sni", true}, {"auto_san_validation", true}};
      cluster["transport_socket"] =
          named("envoy.transport_sockets.tls",
                typed("envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext",
                      {{"common_tls_context", {{"validation_context", std::move(validation)}}}}));
    }
  } else {
    address = {
        {"envoy_internal_address", {{"server_listener_name", upstream_name}, {"endpoint_id", "builtin"}}}};
  }
  cluster["typed_extension_protocol_options"] = {
      {"envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
       typed("envoy.extensions.upstreams.http.v3.HttpProtocolOptions", options)}};
  cluster["load_assignment"] = {
      {"cluster_name", name},
      {"endpoints",
       Json::array({{{"lb_endpoints", Json::array({{{"endpoint", {{"address", std::move(address)}}}}})}}})}};
  return cluster;
}

Json clusters_of(const Bootstrap& bootstrap) {
  const Upstream* const upstream = bootstrap.upstream ? &*bootstrap.upstream : nullptr;
  Json clusters = Json::array({cluster(upstream_name, upstream, bootstrap.enable_trailers)});
  for (const Cluster& more : bootstrap.clusters) {
    Json one = cluster(more.name, &more.upstream, bootstrap.enable_trailers);
    if (more.is_empty) one["load_assignment"]["endpoints"] = Json::array();
    if (more.max_pending_requests) {
      one["circuit_breakers"] = {
          {"thresholds", Json::array({{{"max_pending_requests", *more.max_pending_requests}}})}};
    }
    clusters.push_back(std::move(one));
  }
  return clusters;
}

Json listeners_of(const Bootstrap& bootstrap) {
  const Json routes = routes_of(bootstrap);
  Json loggers = all_wasm(access_log_type, bootstrap.access_loggers);
  if (bootstrap.reports_exchanges) loggers.push_back(http_exchange_logger());
  Json filtered = listener("filtered", bootstrap.port,
                           Json::array({http("filtered", filters_of(bootstrap), routes, std::move(loggers),
                                             bootstrap.enable_trailers)}));
  if (bootstrap.buffer_limit) filtered["per_connection_buffer_limit_bytes"] = *bootstrap.buffer_limit;
  Json control =
      listener("control", bootstrap.control_port, Json::array({http("control", Json::array(), routes)}));
  Json listeners = Json::array({std::move(filtered), std::move(control)});
  if (!bootstrap.tcp_filters.empty()) {
    Json filters = all_wasm(tcp_type, bootstrap.tcp_filters);
    filters.push_back(tcp_proxy(bootstrap));
    listeners.push_back(listener("tcp", bootstrap.tcp_port, std::move(filters)));
  }
  if (!bootstrap.upstream) listeners.push_back(builtin_upstream());
  return listeners;
}

Json stats_tags_of(const Bootstrap& bootstrap) {
  Json tags = Json::array();
  for (const auto& [name, regex] : bootstrap.stats_tags) {
    tags.push_back({{"tag_name", name}, {"regex", regex}});
  }
  return tags;
}

/// Envoy warns at every start when there is none; this many nobody opens by hand.
Json connection_limit() {
  return {
      {"resource_monitors",
       Json::array({named(
           "envoy.resource_monitors.global_downstream_max_connections",
           typed("envoy.extensions.resource_monitors.downstream_connections.v3.DownstreamConnectionsConfig",
                 {{"max_active_downstream_connections", 10000}}))})}};
}

/// Bytes that are not UTF-8, which JSON cannot carry, become U+FFFD: what reads input has refused them.
std::string text_of(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

std::string to_json(const Bootstrap& bootstrap) {
  Json result{{"node", {{"id", "wasmup"}, {"cluster", "wasmup"}}}};  // ECDS wants to know who asks
  if (!bootstrap.upstream) {
    result["bootstrap_extensions"] =
        Json::array({named("envoy.bootstrap.internal_listener",
                           typed("envoy.extensions.bootstrap.internal_listener.v3.InternalListener"))});
  }
  result["admin"] = {{"address", bootstrap.admin_port ? loopback(*bootstrap.admin_port)
                                                      : Json{{"pipe", {{"path", admin_socket}}}}}};
  result["overload_manager"] = connection_limit();
  if (!bootstrap.stats_tags.empty()) result["stats_config"] = {{"stats_tags", stats_tags_of(bootstrap)}};
  result["static_resources"] = {{"listeners", listeners_of(bootstrap)}, {"clusters", clusters_of(bootstrap)}};
  return text_of(result);
}

std::filesystem::path discovery_file(const std::filesystem::path& discovery_folder, const std::string& name) {
  return discovery_folder / name / "filter.json";
}

std::string discovery_json(const WasmFilter& filter) {
  Json resource = typed("envoy.config.core.v3.TypedExtensionConfig", wasm(http_type, filter));
  return text_of({{"resources", Json::array({std::move(resource)})}});
}

}  // namespace wasmup::envoy
