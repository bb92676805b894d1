// SPDX-License-Identifier: MIT
#include "bootstrap.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <string_view>

#include "builtin_upstream.hpp"

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

constexpr std::string_view wasm_type = "envoy.extensions.filters.http.wasm.v3.Wasm";

Json wasm_filter(const WasmFilter& filter) {
  Json vm{{"vm_id", filter.name},
          {"runtime", "envoy.wasm.runtime.v8"},
          {"code", {{"local", {{"filename", std::filesystem::absolute(filter.module).string()}}}}}};
  if (!filter.vm_configuration.empty()) vm["configuration"] = string_value(filter.vm_configuration);
  Json plugin{{"name", filter.name},
              {"root_id", filter.root_id},
              {"failure_policy", to_string(filter.failure_policy)},
              {"vm_config", std::move(vm)}};
  if (!filter.configuration.empty()) plugin["configuration"] = string_value(filter.configuration);
  return named(filter.name, typed(wasm_type, {{"config", std::move(plugin)}}));
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
            {"type_urls", Json::array({fmt::format("type.googleapis.com/{}", wasm_type)})}}}};
}

Json filters_of(const Bootstrap& bootstrap) {
  Json filters = Json::array();
  for (const WasmFilter& filter : bootstrap.filters) {
    filters.push_back(bootstrap.discovery_file ? discovered_filter(filter.name, *bootstrap.discovery_file)
                                               : wasm_filter(filter));
  }
  return filters;
}

/// An HTTP connection manager: HTTP/1.1 and HTTP/2 by prior knowledge, trailers in both.
Json http(std::string_view name, Json filters, Json routes) {
  // Envoy's own headers (x-envoy-...) would differ from one response to the next.
  filters.push_back(named("envoy.filters.http.router", typed("envoy.extensions.filters.http.router.v3.Router",
                                                             {{"suppress_envoy_headers", true}})));
  const Json manager{
      {"stat_prefix", name},
      {"codec_type", "AUTO"},
      {"http_protocol_options", {{"enable_trailers", true}}},
      {"generate_request_id", false},
      {"route_config",
       {{"name", name},
        {"virtual_hosts",
         Json::array({{{"name", "all"}, {"domains", Json::array({"*"})}, {"routes", std::move(routes)}}})}}},
      {"http_filters", std::move(filters)}};
  return named(
      "envoy.filters.network.http_connection_manager",
      typed("envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager", manager));
}

/// What a listener does with a connection: one filter chain with one filter.
Json chain(Json filter) { return Json::array({{{"filters", Json::array({std::move(filter)})}}}); }

Json listener(std::string_view name, uint16_t port, Json filter) {
  // Without reuse_port a second Envoy on the port is refused; with it, the two would share the requests.
  return {{"name", name},
          {"address", loopback(port)},
          {"enable_reuse_port", false},
          {"filter_chains", chain(std::move(filter))}};
}

Json builtin_upstream() {
  Json script = named("envoy.filters.http.lua",
                      typed("envoy.extensions.filters.http.lua.v3.Lua",
                            {{"default_source_code", {{"inline_string", builtin_upstream_lua}}}}));
  return {{"name", upstream_name},
          {"internal_listener", Json::object()},
          {"per_connection_buffer_limit_bytes", 64 * 1024 * 1024},  // it reads a request before it answers
          {"filter_chains", chain(http(upstream_name, Json::array({std::move(script)}), Json::array()))}};
}

/// An IPv6 address stands in brackets before a port.
std::string authority(const Upstream& upstream) {
  const bool standard = upstream.port == (upstream.tls ? 443 : 80);
  const std::string host = upstream.host.contains(':') ? "[" + upstream.host + "]" : upstream.host;
  return standard ? host : fmt::format("{}:{}", host, upstream.port);
}

Json routes_of(const Bootstrap& bootstrap) {
  Json routes = Json::array();
  if (bootstrap.direct_response_path) {
    routes.push_back({{"match", {{"path", *bootstrap.direct_response_path}}},
                      {"direct_response", {{"status", 200}, {"body", {{"inline_string", "direct\n"}}}}}});
  }
  Json to_upstream{{"cluster", upstream_name},
                   {"timeout", "0s"}};  // an upstream in a debugger may take its time
  if (bootstrap.upstream) to_upstream["host_rewrite_literal"] = authority(*bootstrap.upstream);
  routes.push_back({{"match", {{"prefix", "/"}}}, {"route", std::move(to_upstream)}});
  return routes;
}

Json cluster_of(const Bootstrap& bootstrap) {
  const bool http2 = bootstrap.upstream && bootstrap.upstream->http2;
  Json protocol = http2 ? Json{{"http2_protocol_options", Json::object()}}
                        : Json{{"http_protocol_options", {{"enable_trailers", true}}}};
  Json options{{"explicit_http_config", std::move(protocol)}};
  Json cluster{{"name", upstream_name}};
  Json address;
  if (bootstrap.upstream) {
    const Upstream& upstream = *bootstrap.upstream;
    cluster["type"] = "STRICT_DNS";
    cluster["dns_lookup_family"] = "V4_PREFERRED";
    address = {{"socket_address", {{"address", upstream.host}, {"port_value", upstream.port}}}};
    if (upstream.tls) {
      // Not system_root_certs: with it, Envoy 1.40 takes any certificate, or none if names are checked.
      Json validation{
          {"trusted_ca", {{"filename", std::filesystem::absolute(upstream.authorities).string()}}}};
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
      {"cluster_name", upstream_name},
      {"endpoints",
       Json::array({{{"lb_endpoints", Json::array({{{"endpoint", {{"address", std::move(address)}}}}})}}})}};
  return cluster;
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
  const Json routes = routes_of(bootstrap);
  Json listeners = Json::array();
  listeners.push_back(listener("filtered", bootstrap.port, http("filtered", filters_of(bootstrap), routes)));
  listeners.push_back(listener("control", bootstrap.control_port, http("control", Json::array(), routes)));
  Json result{{"node", {{"id", "wasmup"}, {"cluster", "wasmup"}}}};  // ECDS wants to know who asks
  if (!bootstrap.upstream) {
    listeners.push_back(builtin_upstream());
    result["bootstrap_extensions"] =
        Json::array({named("envoy.bootstrap.internal_listener",
                           typed("envoy.extensions.bootstrap.internal_listener.v3.InternalListener"))});
  }
  result["admin"] = {{"address", loopback(bootstrap.admin_port)}};
  result["overload_manager"] = connection_limit();
  result["static_resources"] = {{"listeners", std::move(listeners)},
                                {"clusters", Json::array({cluster_of(bootstrap)})}};
  return text_of(result);
}

std::string discovery_json(const WasmFilter& filter) {
  Json resource = typed("envoy.config.core.v3.TypedExtensionConfig", wasm_filter(filter));
  return text_of({{"resources", Json::array({std::move(resource)})}});
}

}  // namespace wasmup::envoy
