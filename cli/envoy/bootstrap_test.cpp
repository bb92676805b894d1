// SPDX-License-Identifier: MIT
#include "bootstrap.hpp"

#include <chrono>
#include <functional>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace wasmup::envoy {
namespace {

using Json = nlohmann::json;
using testing::ElementsAre;

Json json_of(const Bootstrap& bootstrap) { return Json::parse(to_json(bootstrap)); }

Json at(const Json& json, const std::string& pointer) { return json.at(Json::json_pointer(pointer)); }

const std::string first_listener = "/static_resources/listeners/0";
const std::string manager = "/filter_chains/0/filters/0/typed_config";
const std::string cluster = "/static_resources/clusters/0";
const std::string protocol =
    cluster + "/typed_extension_protocol_options/envoy.extensions.upstreams.http.v3.HttpProtocolOptions";

std::vector<std::string> names_in(const Json& list) {
  std::vector<std::string> names;
  for (const Json& entry : list) names.push_back(entry.at("name"));
  return names;
}

/// Calls `see` with every object anywhere in `json`.
void walk(const Json& json, const std::function<void(const Json&)>& see) {
  if (json.is_object()) see(json);
  if (json.is_structured()) {
    for (const Json& part : json) walk(part, see);
  }
}

const Bootstrap one_filter{
    .port = 10, .control_port = 11, .admin_port = 12, .filters = {{.module = "/m.wasm"}}};

TEST(bootstrap, has_a_listener_with_the_filters_and_one_without) {
  const Json json = json_of(one_filter);
  EXPECT_THAT(names_in(at(json, "/static_resources/listeners")),
              ElementsAre("filtered", "control", "upstream"));
  EXPECT_EQ(at(json, first_listener + "/address/socket_address/port_value"), 10);
  EXPECT_EQ(at(json, "/static_resources/listeners/1/address/socket_address/port_value"), 11);
  EXPECT_EQ(at(json, "/admin/address/socket_address/port_value"), 12);
  EXPECT_THAT(names_in(at(json, first_listener + manager + "/http_filters")),
              ElementsAre("wasmup", "envoy.filters.http.router"));
  EXPECT_THAT(names_in(at(json, "/static_resources/listeners/1" + manager + "/http_filters")),
              ElementsAre("envoy.filters.http.router"));
}

TEST(bootstrap, has_two_listeners_that_differ_in_nothing_else) {
  Json json = json_of(one_filter);
  Json& filtered = json.at("static_resources").at("listeners").at(0);
  Json& control = json.at("static_resources").at("listeners").at(1);
  filtered.at(Json::json_pointer(manager + "/http_filters")).erase(0);
  for (Json* listener : {&filtered, &control}) {
    listener->erase("name");
    listener->erase("address");
    listener->at(Json::json_pointer(manager)).erase("stat_prefix");
    listener->at(Json::json_pointer(manager + "/route_config")).erase("name");
  }
  EXPECT_EQ(filtered, control);
}

TEST(bootstrap, listens_on_loopback_alone) {
  int addresses = 0;
  walk(json_of(one_filter), [&](const Json& object) {
    if (!object.contains("socket_address")) return;
    ++addresses;
    EXPECT_EQ(object.at("socket_address").at("address"), "127.0.0.1");
  });
  EXPECT_EQ(addresses, 3) << "two listeners and the admin; the built-in upstream takes no port";
}

TEST(bootstrap, does_not_share_a_port_with_another_envoy) {
  const Json json = json_of(one_filter);
  for (const char* index : {"0", "1"}) {
    EXPECT_EQ(at(json, std::string("/static_resources/listeners/") + index + "/enable_reuse_port"), false);
  }
}

TEST(bootstrap, takes_http2_and_trailers_on_both_sides) {
  const Json json = json_of(one_filter);
  walk(json, [](const Json& object) {
    if (!object.contains("codec_type")) return;
    EXPECT_EQ(object.at("codec_type"), "AUTO");
    EXPECT_EQ(at(object, "/http_protocol_options/enable_trailers"), true);
  });
  EXPECT_EQ(at(json, protocol + "/explicit_http_config/http_protocol_options/enable_trailers"), true);
}

TEST(bootstrap, tells_envoy_of_a_filter) {
  const Json json = json_of({.filters = {{.module = "/m.wasm",
                                          .name = "coloured",
                                          .root_id = "paint",
                                          .configuration = R"({"colour": "blå"})",
                                          .vm_configuration = "vm",
                                          .failure_policy = FailurePolicy::fail_open}}});
  const Json filter = at(json, first_listener + manager + "/http_filters/0");
  EXPECT_EQ(filter.at("name"), "coloured");
  EXPECT_EQ(at(filter, "/typed_config/@type"),
            "type.googleapis.com/envoy.extensions.filters.http.wasm.v3.Wasm");
  const Json config = at(filter, "/typed_config/config");
  EXPECT_EQ(config.at("name"), "coloured");
  EXPECT_EQ(config.at("root_id"), "paint");
  EXPECT_EQ(config.at("failure_policy"), "FAIL_OPEN");
  EXPECT_EQ(at(config, "/configuration/@type"), "type.googleapis.com/google.protobuf.StringValue");
  EXPECT_EQ(at(config, "/configuration/value"), R"({"colour": "blå"})");
  EXPECT_EQ(at(config, "/vm_config/configuration/value"), "vm");
  EXPECT_EQ(at(config, "/vm_config/runtime"), "envoy.wasm.runtime.v8");
  EXPECT_EQ(at(config, "/vm_config/code/local/filename"), "/m.wasm");
}

TEST(bootstrap, leaves_out_configurations_that_are_empty) {
  const Json config =
      at(json_of(one_filter), first_listener + manager + "/http_filters/0/typed_config/config");
  EXPECT_FALSE(config.contains("configuration"));
  EXPECT_FALSE(config.at("vm_config").contains("configuration"));
}

TEST(bootstrap, names_modules_by_absolute_paths) {
  const Json json = json_of({.filters = {{.module = "build/m.wasm"}}});
  EXPECT_EQ(at(json, first_listener + manager +
                         "/http_filters/0/typed_config/config/vm_config/code/local/filename"),
            (std::filesystem::current_path() / "build/m.wasm").string());
}

TEST(bootstrap, knows_every_failure_policy) {
  for (const auto& [policy, name] : {std::pair(FailurePolicy::fail_closed, "FAIL_CLOSED"),
                                     std::pair(FailurePolicy::fail_open, "FAIL_OPEN"),
                                     std::pair(FailurePolicy::fail_reload, "FAIL_RELOAD")}) {
    const Json json = json_of({.filters = {{.module = "/m.wasm", .failure_policy = policy}}});
    EXPECT_EQ(at(json, first_listener + manager + "/http_filters/0/typed_config/config/failure_policy"),
              name);
  }
}

TEST(bootstrap, survives_bytes_that_json_cannot_carry) {
  const Json json = json_of({.filters = {{.module = "/m.wasm", .root_id = "a\xff"}}});
  EXPECT_EQ(at(json, first_listener + manager + "/http_filters/0/typed_config/config/root_id"),
            "a\xef\xbf\xbd");
}

TEST(bootstrap, leads_to_a_given_upstream) {
  const Json json = json_of({.upstream = Upstream{.host = "example.com", .port = 8080}});
  EXPECT_THAT(names_in(at(json, "/static_resources/listeners")), ElementsAre("filtered", "control"));
  EXPECT_FALSE(json.contains("bootstrap_extensions"));
  const Json address = at(json, cluster + "/load_assignment/endpoints/0/lb_endpoints/0/endpoint/address");
  EXPECT_EQ(at(address, "/socket_address/address"), "example.com");
  EXPECT_EQ(at(address, "/socket_address/port_value"), 8080);
  EXPECT_FALSE(at(json, cluster).contains("transport_socket"));
  EXPECT_EQ(at(json, first_listener + manager +
                         "/route_config/virtual_hosts/0/routes/0/route/host_rewrite_literal"),
            "example.com:8080");
}

TEST(bootstrap, checks_the_certificate_of_an_upstream_with_tls) {
  const Json json =
      json_of({.upstream = Upstream{.host = "example.com", .port = 443, .tls = true, .http2 = true}});
  EXPECT_EQ(
      at(json,
         cluster +
             "/transport_socket/typed_config/common_tls_context/validation_context/trusted_ca/filename"),
      "/etc/ssl/certs/ca-certificates.crt");
  EXPECT_EQ(at(json, protocol + "/upstream_http_protocol_options/auto_sni"), true);
  EXPECT_EQ(at(json, protocol + "/upstream_http_protocol_options/auto_san_validation"), true);
  EXPECT_TRUE(at(json, protocol + "/explicit_http_config").contains("http2_protocol_options"));
  EXPECT_EQ(at(json, first_listener + manager +
                         "/route_config/virtual_hosts/0/routes/0/route/host_rewrite_literal"),
            "example.com");
}

TEST(bootstrap, puts_an_ipv6_upstream_in_brackets) {
  const Json json = json_of({.upstream = Upstream{.host = "::1", .port = 81}});
  EXPECT_EQ(at(json, first_listener + manager +
                         "/route_config/virtual_hosts/0/routes/0/route/host_rewrite_literal"),
            "[::1]:81");
}

TEST(bootstrap, answers_a_path_itself_when_told_to) {
  const Json json = json_of({.direct_response_path = "/direct"});
  for (const char* index : {"0", "1"}) {
    const Json routes = at(json, std::string("/static_resources/listeners/") + index + manager +
                                     "/route_config/virtual_hosts/0/routes");
    ASSERT_EQ(routes.size(), 2u);
    EXPECT_EQ(at(routes, "/0/match/path"), "/direct");
    EXPECT_EQ(at(routes, "/0/direct_response/status"), 200);
  }
}

TEST(bootstrap, has_an_admin_that_only_we_can_reach_unless_it_is_given_a_port) {
  const Json json = json_of({});
  EXPECT_EQ(at(json, "/admin/address/pipe/path"), admin_socket);
  EXPECT_FALSE(json.at("admin").at("address").contains("socket_address"));
}

TEST(bootstrap, reports_exchanges_from_both_sides_of_the_filters) {
  Bootstrap bootstrap = one_filter;
  bootstrap.reports_exchanges = true;
  bootstrap.tcp_filters = {{.module = "/t.wasm"}};
  const Json json = json_of(bootstrap);
  EXPECT_THAT(names_in(at(json, first_listener + manager + "/http_filters")),
              ElementsAre("before_filters", "wasmup", "after_filters", "envoy.filters.http.router"));
  EXPECT_TRUE(at(json, first_listener + manager + "/access_log/0/typed_config/log_format/json_format")
                  .contains("exchange"));
  const Json tcp = at(json, "/static_resources/listeners/2/filter_chains/0/filters/1/typed_config");
  EXPECT_TRUE(at(tcp, "/access_log/0/typed_config/log_format/json_format").contains("connection"));
  EXPECT_FALSE(at(json, "/static_resources/listeners/1" + manager).contains("access_log"));
}

TEST(bootstrap, sets_a_header_by_envoys_own_filter) {
  const Json json = json_of({.native_header = {{"x-a", "b"}}});
  const Json mutation = at(
      json, first_listener + manager + "/http_filters/0/typed_config/mutations/response_mutations/0/append");
  EXPECT_EQ(mutation.at("header"), Json({{"key", "x-a"}, {"value", "b"}}));
  EXPECT_EQ(mutation.at("append_action"), "OVERWRITE_IF_EXISTS_OR_ADD");
}

TEST(bootstrap, gets_each_filter_of_a_chain_from_a_folder_of_its_own) {
  const Json json =
      json_of({.filters = {{.module = "/a.wasm", .name = "a"}, {.module = "/b.wasm", .name = "b"}},
               .discovery_folder = "/folder"});
  for (const char* index : {"0", "1"}) {
    const Json filter = at(json, first_listener + manager + "/http_filters/" + index);
    EXPECT_EQ(at(filter, "/config_discovery/config_source/path_config_source/path"),
              "/folder/" + filter.at("name").get<std::string>() + "/filter.json");
  }
}

TEST(bootstrap, gets_a_filter_that_can_change_by_ecds) {
  Bootstrap bootstrap = one_filter;
  bootstrap.discovery_folder = "/folder";
  const Json filter = at(json_of(bootstrap), first_listener + manager + "/http_filters/0");
  EXPECT_EQ(filter.at("name"), "wasmup");
  EXPECT_FALSE(filter.contains("typed_config"));
  EXPECT_EQ(at(filter, "/config_discovery/config_source/path_config_source/path"),
            "/folder/wasmup/filter.json");
  EXPECT_EQ(at(filter, "/config_discovery/config_source/path_config_source/watched_directory/path"),
            "/folder/wasmup");
  EXPECT_EQ(at(filter, "/config_discovery/type_urls/0"),
            "type.googleapis.com/envoy.extensions.filters.http.wasm.v3.Wasm");
}

TEST(bootstrap, tells_envoy_of_what_a_plugin_wants_besides) {
  using namespace std::chrono_literals;
  const Json json = json_of({.filters = {{.module = "/m.wasm",
                                          .vm_id = "shared",
                                          .environment = {{"COLOUR", "blue"}},
                                          .allow_on_headers_stop_iteration = true,
                                          .reload_backoff = 1050ms}}});
  const Json config = at(json, first_listener + manager + "/http_filters/0/typed_config/config");
  EXPECT_EQ(at(config, "/vm_config/vm_id"), "shared");
  EXPECT_EQ(at(config, "/vm_config/environment_variables/key_values"), Json({{"COLOUR", "blue"}}));
  EXPECT_EQ(config.at("allow_on_headers_stop_iteration"), true);
  EXPECT_EQ(at(config, "/reload_config/backoff/base_interval"), "1.050s");
}

TEST(bootstrap, leaves_out_what_a_plugin_does_not_want) {
  const Json config =
      at(json_of(one_filter), first_listener + manager + "/http_filters/0/typed_config/config");
  EXPECT_EQ(at(config, "/vm_config/vm_id"), "wasmup") << "its name";
  EXPECT_FALSE(config.at("vm_config").contains("environment_variables"));
  EXPECT_FALSE(config.contains("allow_on_headers_stop_iteration"));
  EXPECT_FALSE(config.contains("reload_config"));
}

TEST(bootstrap, has_further_clusters) {
  const Json json = json_of({.clusters = {{.name = "plain", .upstream = {.host = "example.com", .port = 81}},
                                          {.name = "grpc", .upstream = {.port = 82, .http2 = true}}}});
  const Json clusters = at(json, "/static_resources/clusters");
  EXPECT_THAT(names_in(clusters), ElementsAre("upstream", "plain", "grpc"));
  EXPECT_EQ(at(clusters, "/1/load_assignment/cluster_name"), "plain");
  const std::string address =
      "/load_assignment/endpoints/0/lb_endpoints/0/endpoint/address/socket_address/port_value";
  EXPECT_EQ(at(clusters, "/1" + address), 81);
  EXPECT_EQ(at(clusters, "/2" + address), 82);
  const std::string chosen = protocol.substr(cluster.size()) + "/explicit_http_config";
  EXPECT_TRUE(at(clusters, "/1" + chosen).contains("http_protocol_options"));
  EXPECT_TRUE(at(clusters, "/2" + chosen).contains("http2_protocol_options"));
}

TEST(bootstrap, routes_by_header_before_all_else_goes_upstream) {
  const Json json = json_of({.clusters = {{.name = "blue", .upstream = {.host = "example.com", .port = 81}}},
                             .routes = {{.header = "x-colour", .value = "blue", .cluster = "blue"},
                                        {.header = "x-colour", .value = "none", .cluster = "upstream"}}});
  for (const char* index : {"0", "1"}) {
    const Json routes = at(json, std::string("/static_resources/listeners/") + index + manager +
                                     "/route_config/virtual_hosts/0/routes");
    ASSERT_EQ(routes.size(), 3u);
    EXPECT_EQ(at(routes, "/0/match/headers/0/name"), "x-colour");
    EXPECT_EQ(at(routes, "/0/match/headers/0/string_match/exact"), "blue");
    EXPECT_EQ(at(routes, "/0/route/cluster"), "blue");
    EXPECT_EQ(at(routes, "/0/route/host_rewrite_literal"), "example.com:81");
    EXPECT_EQ(at(routes, "/1/route/cluster"), "upstream");
    EXPECT_FALSE(at(routes, "/1/route").contains("host_rewrite_literal")) << "it is the built-in one";
    EXPECT_FALSE(at(routes, "/2/match").contains("headers"));
    EXPECT_EQ(at(routes, "/2/route/cluster"), "upstream");
  }
}

TEST(bootstrap, has_a_listener_with_the_tcp_filters) {
  const Json json = json_of({.tcp_filters = {{.module = "/m.wasm", .name = "one"}, {.module = "/m.wasm"}},
                             .tcp_port = 13,
                             .tcp_cluster = "elsewhere"});
  const Json listeners = at(json, "/static_resources/listeners");
  EXPECT_THAT(names_in(listeners), ElementsAre("filtered", "control", "tcp", "upstream"));
  EXPECT_EQ(at(listeners, "/2/address/socket_address/port_value"), 13);
  const Json filters = at(listeners, "/2/filter_chains/0/filters");
  EXPECT_THAT(names_in(filters), ElementsAre("one", "wasmup", "envoy.filters.network.tcp_proxy"));
  EXPECT_EQ(at(filters, "/0/typed_config/@type"),
            "type.googleapis.com/envoy.extensions.filters.network.wasm.v3.Wasm");
  EXPECT_EQ(at(filters, "/0/typed_config/config/vm_config/code/local/filename"), "/m.wasm");
  EXPECT_EQ(at(filters, "/2/typed_config/cluster"), "elsewhere");
}

TEST(bootstrap, logs_accesses_of_the_filtered_listener_alone) {
  const Json json = json_of({.access_loggers = {{.module = "/m.wasm", .root_id = "log"}}});
  const Json loggers = at(json, first_listener + manager + "/access_log");
  ASSERT_EQ(loggers.size(), 1u);
  EXPECT_EQ(at(loggers, "/0/typed_config/@type"),
            "type.googleapis.com/envoy.extensions.access_loggers.wasm.v3.WasmAccessLog");
  EXPECT_EQ(at(loggers, "/0/typed_config/config/root_id"), "log");
  EXPECT_FALSE(at(json, "/static_resources/listeners/1" + manager).contains("access_log"));
}

TEST(bootstrap, takes_tags_out_of_stats_and_limits_buffers_when_told_to) {
  const Json json = json_of(
      {.stats_tags = {{"route", "(_route=([a-z]+))"}, {"code", "(_code=([0-9]+))"}}, .buffer_limit = 1000});
  EXPECT_EQ(at(json, "/stats_config/stats_tags/1/tag_name"), "code");
  EXPECT_EQ(at(json, "/stats_config/stats_tags/1/regex"), "(_code=([0-9]+))");
  EXPECT_EQ(at(json, first_listener + "/per_connection_buffer_limit_bytes"), 1000);
  EXPECT_FALSE(at(json, "/static_resources/listeners/1").contains("per_connection_buffer_limit_bytes"));

  const Json plain = json_of(one_filter);
  EXPECT_FALSE(plain.contains("stats_config"));
  EXPECT_FALSE(at(plain, first_listener).contains("per_connection_buffer_limit_bytes"));
}

TEST(discovery, carries_the_filter_as_a_listener_would) {
  const WasmFilter filter{.module = "/m.wasm", .name = "coloured", .configuration = "blue"};
  const Json resource = at(Json::parse(discovery_json(filter)), "/resources/0");
  EXPECT_EQ(resource.at("@type"), "type.googleapis.com/envoy.config.core.v3.TypedExtensionConfig");
  EXPECT_EQ(resource.at("name"), "coloured");
  const Json listed = at(json_of({.filters = {filter}}), first_listener + manager + "/http_filters/0");
  EXPECT_EQ(resource.at("typed_config"), listed.at("typed_config"));
}

}  // namespace
}  // namespace wasmup::envoy
