// SPDX-License-Identifier: MIT
#include "other_forms.hpp"

#include <fmt/format.h>

namespace wasmup::policy {
namespace {

std::string name_of(const Policy& policy, const Filter& filter, size_t at) {
  if (filter.name) return *filter.name;
  const std::string name = policy.name.value_or("wasm");
  return policy.filters.size() == 1 ? name : fmt::format("{}-{}", name, at);
}

/// They are objects that only Envoy Gateway reads.
Expected<void> refuse_authorities(const Policy& policy) {
  for (const Filter& filter : policy.filters) {
    if (!filter.authority) continue;
    return std::unexpected(Error{ExitCode::usage, "--ca-ref is for a policy of Envoy Gateway",
                                 filter.authority->kind + "/" + filter.authority->name, ""});
  }
  return {};
}

// --- Envoy
// --------------------------------------------------------------------------------------------------

Document typed(const std::string& type, const Document& fields = Document::object()) {
  Document any{{"@type", "type.googleapis.com/" + type}};
  any.update(fields);
  return any;
}

Document named(const std::string& name, const Document& config) {
  return {{"name", name}, {"typed_config", config}};
}

Document address(const std::string& host, int port) {
  return {{"socket_address", {{"address", host}, {"port_value", port}}}};
}

Document cluster(const std::string& name, const std::string& host, int port) {
  return {{"name", name},
          {"type", "STRICT_DNS"},
          {"load_assignment",
           {{"cluster_name", name},
            {"endpoints",
             Document::array({{{"lb_endpoints",
                                Document::array({{{"endpoint", {{"address", address(host, port)}}}}})}}})}}}};
}

struct Url {
  bool tls = false;
  std::string host;
  int port = 80;
};

Expected<Url> parse_url(const std::string& url) {
  const auto wrong = [&] {
    return std::unexpected(Error{ExitCode::usage, fmt::format("this is no URL of a module: {}", url), "",
                                 "http://HOST[:PORT]/PATH"});
  };
  Url parsed{url.starts_with("https://"), {}, url.starts_with("https://") ? 443 : 80};
  if (!parsed.tls && !url.starts_with("http://")) return wrong();
  const std::string rest = url.substr(url.find("//") + 2);
  const std::string authority = rest.substr(0, rest.find('/'));
  const size_t colon = authority.find(':');
  parsed.host = authority.substr(0, colon);
  if (parsed.host.empty() || authority.contains('@')) return wrong();
  if (colon == authority.npos) return parsed;
  const std::string port = authority.substr(colon + 1);
  constexpr size_t longest = 5;
  if (port.empty() || port.size() > longest || port.find_first_not_of("0123456789") != port.npos)
    return wrong();
  parsed.port = std::stoi(port);
  return parsed;
}

/// How Envoy gets the module; adds the cluster that it takes.
Expected<Document> code_of(const Filter& filter, const std::string& name, Document& clusters) {
  const Source* const http =
      filter.source && filter.source->kind == Source::Kind::http ? &*filter.source : nullptr;
  if (http == nullptr) return Document{{"local", {{"filename", name + ".wasm"}}}};
  if (!http->sha256) {
    return std::unexpected(Error{ExitCode::usage, "Envoy fetches no module without its sha256", http->url,
                                 "--pin fetches it now, and writes what it is"});
  }
  const Expected<Url> url = parse_url(http->url);
  if (!url) return std::unexpected(url.error());
  const std::string cluster_name = "code-of-" + name;
  Document where = cluster(cluster_name, url->host, url->port);
  if (url->tls) {
    const Document trust{{"trusted_ca", {{"filename", "/etc/ssl/certs/ca-certificates.crt"}}},
                         {"match_typed_subject_alt_names",
                          Document::array({{{"san_type", "DNS"}, {"matcher", {{"exact", url->host}}}}})}};
    where["transport_socket"] =
        named("envoy.transport_sockets.tls",
              typed("envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext",
                    {{"sni", url->host}, {"common_tls_context", {{"validation_context", trust}}}}));
  }
  clusters.push_back(std::move(where));
  return Document{{"remote",
                   {{"http_uri", {{"uri", http->url}, {"cluster", cluster_name}, {"timeout", "10s"}}},
                    {"sha256", *http->sha256}}}};
}

Expected<Document> envoy_filter(const Filter& filter, const std::string& name, Document& clusters) {
  const Expected<Document> code = code_of(filter, name, clusters);
  if (!code) return std::unexpected(code.error());
  Document vm{{"vm_id", name}, {"runtime", "envoy.wasm.runtime.v8"}, {"code", *code}};
  if (!filter.host_keys.empty()) vm["environment_variables"] = {{"host_env_keys", filter.host_keys}};
  Document plugin{{"name", name}};
  if (filter.root_id) plugin["root_id"] = *filter.root_id;
  plugin["failure_policy"] = filter.fail_open.value_or(false) ? "FAIL_OPEN" : "FAIL_CLOSED";
  if (filter.config)
    plugin["configuration"] = typed("google.protobuf.StringValue", {{"value", filter.config->dump()}});
  plugin["vm_config"] = std::move(vm);
  return named(name, typed("envoy.extensions.filters.http.wasm.v3.Wasm", {{"config", plugin}}));
}

// --- Istio
// --------------------------------------------------------------------------------------------------

Expected<Document> istio_targets(const Policy& policy) {
  Document targets = Document::array();
  for (const Target& target : policy.targets) {
    if (target.kind != "Gateway" || target.section) {
      return std::unexpected(Error{ExitCode::usage, "Istio attaches a WasmPlugin to a whole gateway only",
                                   fmt::format("the target is {}/{}{}", target.kind, target.name,
                                               target.section ? ", a section of it" : ""),
                                   "--target Gateway/NAME"});
    }
    targets.push_back({{"group", "gateway.networking.k8s.io"}, {"kind", target.kind}, {"name", target.name}});
  }
  return targets;
}

Document istio_plugin(const Policy& policy, size_t at, const Document& targets) {
  const Filter& filter = policy.filters[at];
  Document metadata{{"name", name_of(policy, filter, at)}};
  if (policy.namespace_name) metadata["namespace"] = *policy.namespace_name;
  Document spec{{"targetRefs", targets}};
  if (filter.source) {
    spec["url"] = (filter.source->kind == Source::Kind::image ? "oci://" : "") + filter.source->url;
    if (filter.source->sha256) spec["sha256"] = *filter.source->sha256;
  }
  if (filter.pull_policy) spec["imagePullPolicy"] = *filter.pull_policy;
  if (filter.pull_secret) spec["imagePullSecret"] = *filter.pull_secret;
  if (filter.root_id) spec["pluginName"] = *filter.root_id;
  spec["failStrategy"] = filter.fail_open.value_or(false) ? "FAIL_OPEN" : "FAIL_CLOSE";
  // The highest comes first.
  if (policy.filters.size() > 1) spec["priority"] = policy.filters.size() - at;
  if (filter.config) spec["pluginConfig"] = *filter.config;
  if (!filter.host_keys.empty()) {
    Document& list = spec["vmConfig"]["env"] = Document::array();
    for (const std::string& key : filter.host_keys) list.push_back({{"name", key}, {"valueFrom", "HOST"}});
  }
  return {{"apiVersion", "extensions.istio.io/v1alpha1"},
          {"kind", "WasmPlugin"},
          {"metadata", metadata},
          {"spec", spec}};
}

}  // namespace

Expected<std::string> to_plain_envoy(const Policy& policy) {
  if (const auto fine = refuse_authorities(policy); !fine) return std::unexpected(fine.error());
  Document clusters = Document::array({cluster("upstream", "127.0.0.1", 8080)});
  Document filters = Document::array();
  for (size_t at = 0; at < policy.filters.size(); ++at) {
    const Expected<Document> filter =
        envoy_filter(policy.filters[at], name_of(policy, policy.filters[at], at), clusters);
    if (!filter) return std::unexpected(filter.error());
    filters.push_back(*filter);
  }
  filters.push_back(
      named("envoy.filters.http.router", typed("envoy.extensions.filters.http.router.v3.Router")));
  const Document route{{"match", {{"prefix", "/"}}}, {"route", {{"cluster", "upstream"}}}};
  const Document host{
      {"name", "all"}, {"domains", Document::array({"*"})}, {"routes", Document::array({route})}};
  const Document manager =
      typed("envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
            {{"stat_prefix", "http"},
             {"route_config", {{"virtual_hosts", Document::array({host})}}},
             {"http_filters", filters}});
  const Document chain{
      {"filters", Document::array({named("envoy.filters.network.http_connection_manager", manager)})}};
  const Document listener{{"name", "http"},
                          {"address", address("127.0.0.1", 10000)},
                          {"filter_chains", Document::array({chain})}};
  return write_yaml(
      {{"static_resources", {{"listeners", Document::array({listener})}, {"clusters", clusters}}}});
}

Expected<std::string> to_istio(const Policy& policy) {
  if (const auto fine = refuse_authorities(policy); !fine) return std::unexpected(fine.error());
  const Expected<Document> targets = istio_targets(policy);
  if (!targets) return std::unexpected(targets.error());
  std::string text;
  for (size_t at = 0; at < policy.filters.size(); ++at) {
    if (const auto& config = policy.filters[at].config; config && !config->is_object()) {
      return std::unexpected(
          Error{ExitCode::usage, "Istio wants a configuration that is a JSON object", config->dump(), ""});
    }
    text += (at == 0 ? "" : "---\n") + write_yaml(istio_plugin(policy, at, *targets));
  }
  return text;
}

}  // namespace wasmup::policy
