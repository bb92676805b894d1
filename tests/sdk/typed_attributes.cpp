// SPDX-License-Identifier: MIT
#include <chrono>
#include <string>
#include <string_view>

#include <wasmup/wasmup.hpp>

using namespace wasmup;

namespace {

std::string text_of(const Bytes& bytes) { return std::string(bytes.view()); }
std::string text_of(bool flag) { return flag ? "true" : "false"; }
std::string text_of(int64_t number) { return std::to_string(number); }
std::string text_of(uint64_t number) { return std::to_string(number); }
std::string text_of(double number) { return std::to_string(static_cast<int64_t>(number * 1000)); }
std::string text_of(std::chrono::nanoseconds time) { return std::to_string(time.count()); }
std::string text_of(Timestamp time) { return text_of(time.time_since_epoch()); }
std::string text_of(const PairList& pairs) {
  std::string text;
  for (const PairView pair : pairs) text.append(pair.name).append("=").append(pair.value).append(" ");
  return text;
}
std::string text_of(const StringList& list) {
  std::string text;
  for (const std::string_view item : list) text.append(item).append(" ");
  return text;
}

template <class T>
void show(std::string_view where, std::string_view name, const Result<T>& value) {
  if (value) {
    log::info(where, " ", name, " = ", text_of(*value));
  } else {
    log::info(where, " ", name, " : ", std::to_string(static_cast<int>(value.status())));
  }
}

void show_all(std::string_view where) {
  namespace at = attributes;
  show(where, "plugin_name", at::plugin_name());
  show(where, "plugin_root_id", at::plugin_root_id());
  show(where, "plugin_vm_id", at::plugin_vm_id());
  show(where, "route_name", at::route_name());
  show(where, "virtual_host_name", at::virtual_host_name());
  show(where, "cluster_name", at::cluster_name());
  show(where, "source_address", at::source_address());
  show(where, "source_port", at::source_port());
  show(where, "destination_address", at::destination_address());
  show(where, "destination_port", at::destination_port());
  show(where, "connection_id", at::connection_id());
  show(where, "is_mtls", at::is_mtls());
  show(where, "requested_server_name", at::requested_server_name());
  show(where, "tls_version", at::tls_version());
  show(where, "peer_subject", at::peer_subject());
  show(where, "peer_uri_san", at::peer_uri_san());
  show(where, "request_id", at::request_id());
  show(where, "request_method", at::request_method());
  show(where, "request_path", at::request_path());
  show(where, "request_url_path", at::request_url_path());
  show(where, "request_query", at::request_query());
  show(where, "request_host", at::request_host());
  show(where, "request_scheme", at::request_scheme());
  show(where, "request_protocol", at::request_protocol());
  show(where, "request_time", at::request_time());
  show(where, "request_size", at::request_size());
  show(where, "request_duration", at::request_duration());
  show(where, "response_code", at::response_code());
  show(where, "response_code_details", at::response_code_details());
  show(where, "response_flags", at::response_flags());
  show(where, "response_size", at::response_size());
  show(where, "upstream_address", at::upstream_address());
  show(where, "upstream_port", at::upstream_port());
  show(where, "upstream_failure_reason", at::upstream_failure_reason());
  // By their paths: a map and what is in it, a list, and values that are not what is asked for.
  show(where, "headers", property<PairList>({"request", "headers"}));
  show(where, "header", property<Bytes>({"request", "headers", "x-a"}));
  show(where, "list", property<StringList>({"xds", "node", "extensions", "0", "type_urls"}));
  show(where, "no bool", property<bool>({"source", "port"}));
  show(where, "no number", property<int64_t>({"connection", "mtls"}));
  show(where, "no list", property<StringList>({"request", "headers"}));
  show(where, "nothing", property<double>({"no", "such"}));
  show(where, "no path", property<double>({}));
}

}  // namespace

struct Root : RootContext {
  bool on_configure(Bytes) {
    show_all("on_configure");
    return true;
  }
  void on_log(AccessLog) { show_all("access logger"); }
};

/// Says which attributes are at hand in which callback, and reads one of each type.
struct TypedAttributes : HttpFilter<Root> {
  void on_request_headers(RequestHeaders) { show_all("on_request_headers"); }
  void on_request_body(RequestBody) { show_all("on_request_body"); }
  void on_response_headers(ResponseHeaders) { show_all("on_response_headers"); }
  void on_log(AccessLog) { show_all("on_log"); }
};

WASMUP_REGISTER(TypedAttributes)
