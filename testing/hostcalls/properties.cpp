// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <iterator>
#include <string>

#include <wasmup/testing/attribute_value.hpp>

#include "../filter_state.hpp"
#include "hostcalls.hpp"

namespace wasmup::testing {
namespace {

using Value = std::optional<std::string>;

/// What comes before the first NUL, and what after.
std::pair<std::string_view, std::string_view> split(std::string_view path) {
  const size_t end = std::min(path.find('\0'), path.size());
  return {path.substr(0, end), path.substr(std::min(end + 1, path.size()))};
}

/// As Envoy joins a name that repeats.
Value joined(const Headers& headers, std::string_view name) {
  Value result;
  for (const std::string& value : headers.values(name)) {
    if (result)
      result->append(1, ',').append(value);
    else
      result = value;
  }
  return result;
}

/// `name`: what follows {"request", "headers"} and the like; empty for all.
Value header(const Headers* headers, std::string_view name) {
  if (!name.empty()) return headers != nullptr ? joined(*headers, name) : std::nullopt;
  std::vector<std::pair<std::string, std::string>> pairs;
  if (headers != nullptr) {
    for (const auto& [key, value] : *headers) pairs.emplace_back(key, *joined(*headers, key));
  }
  return std::string(AttributeValue::map(pairs).bytes());
}

/// Which header tells an attribute of the request; empty: none.
std::string_view header_of(std::string_view attribute) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 9> names{
      {{"method", ":method"},
       {"path", ":path"},
       {"url_path", ":path"},
       {"query", ":path"},
       {"host", ":authority"},
       {"scheme", ":scheme"},
       {"id", "x-request-id"},
       {"referer", "referer"},
       {"useragent", "user-agent"}}};
  for (const auto& [name, header] : names) {
    if (name == attribute) return header;
  }
  return {};
}

/// Envoy reads the request's headers for these, so they are gone when those are.
Value request(Host::Implementation& host, std::string_view path, const Value& given) {
  const auto [attribute, rest] = split(path);
  const Headers* const headers = host.map_at_hand(abi::MapType::request_headers);
  if (attribute == "headers") return given && headers != nullptr ? given : header(headers, rest);
  if (attribute == "duration") {
    return host.is_logging() && host.current_connection() == nullptr ? given : std::nullopt;
  }
  const std::string_view name = header_of(attribute);
  if (name.empty()) return given;
  if (headers == nullptr || given) return headers != nullptr ? given : std::nullopt;
  Value value = headers->get(name);
  if (!value) return std::nullopt;
  const size_t query = std::min(value->find('?'), value->size());
  if (attribute == "url_path") value->resize(query);
  if (attribute == "query") value->erase(0, query + 1);
  return value;
}

Value response(Host::Implementation& host, std::string_view path, const Value& given) {
  const auto [attribute, rest] = split(path);
  if (attribute == "headers") {
    const Headers* const headers = host.map_at_hand(abi::MapType::response_headers);
    return given && headers != nullptr ? given : header(headers, rest);
  }
  if (attribute == "trailers") return header(host.map_at_hand(abi::MapType::response_trailers), rest);
  if (attribute == "flags") return given ? given : std::string(AttributeValue(0).bytes());
  if (attribute != "code" && attribute != "code_details") return given;
  const StreamState* const stream = host.current_stream();
  if (stream == nullptr || !stream->response.has_started) return host.is_logging() ? given : std::nullopt;
  if (given || attribute != "code") return given;
  return std::string(
      AttributeValue(std::stoi(stream->response.headers.get(":status").value_or("0"))).bytes());
}

/// The router chooses one when the request headers have come to it.
bool upstream_is_chosen(Host::Implementation& host) {
  const StreamState* const stream = host.current_stream();
  return stream == nullptr || stream->request.headers_passed;
}

bool has_stream(Host::Implementation& host) {
  return host.current_stream() != nullptr || host.current_connection() != nullptr || host.is_logging();
}

/// Envoy's attributes of more than one segment: the first one alone has no value that could be told, and what
/// a filter keeps under its name is not found.
bool is_family(Host::Implementation& host, std::string_view path) {
  static constexpr std::string_view families[] = {"request", "response",    "connection",  "upstream",
                                                  "source",  "destination", "filter_state"};
  const bool is_of_stream = std::find(std::begin(families), std::end(families), path) != std::end(families);
  return path == "xds" || (is_of_stream && has_stream(host));
}

Value attribute(Host::Implementation& host, std::string_view path) {
  if (path == "plugin_root_id") return host.options.root_id;
  if (path == "plugin_name") return host.options.plugin_name;
  if (path == "plugin_vm_id") return host.options.vm_id;
  const auto [family, rest] = split(path);
  const auto found = host.attributes.find(path);
  Value given = found != host.attributes.end() ? Value(found->second) : std::nullopt;
  if (family == "xds" && split(rest).first == "node") return given;
  if (!has_stream(host)) return std::nullopt;
  if (family == "request") return request(host, rest, given);
  if (family == "response") return response(host, rest, given);
  if (family == "upstream") return upstream_is_chosen(host) ? given : std::nullopt;
  if (given || path == "connection_id") return given;
  if (path == "metadata") return "";
  if (family == "filter_state") return filter_state(host, rest);
  return rest.empty() ? filter_state(host, "wasm." + std::string(family)) : std::nullopt;
}

Status get_property(Host::Implementation& host, Arguments& in) {
  const std::string_view path = in.text();
  const Address data = in.out();
  const Address size = in.out();
  if (!in.valid()) return Status::invalid_memory_access;
  if (path.empty()) return Status::serialization_failure;
  const std::string_view name = path.ends_with('\0') ? path.substr(0, path.size() - 1) : path;
  if (is_family(host, name)) return Status::serialization_failure;
  const Value value = attribute(host, name);
  return value ? host.give(data, size, *value) : Status::not_found;
}

Status set_property(Host::Implementation& host, Arguments& in) {
  const std::string name(in.text());
  const std::string value(in.text());
  if (!in.valid()) return Status::invalid_memory_access;
  if (host.current_stream() == nullptr && host.current_connection() == nullptr) return Status::not_found;
  const std::string key = "wasm." + name;
  if (is_read_only(host, name) && filter_state(host, key)) return Status::bad_argument;
  set_filter_state(host, key, name, value);
  return Status::ok;
}

constexpr HostcallEntry entries[] = {
    {"proxy_get_property", get_property},
    {"proxy_set_property", set_property},
};

}  // namespace

std::span<const HostcallEntry> property_hostcalls() { return entries; }

}  // namespace wasmup::testing
