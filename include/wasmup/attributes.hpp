// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>

#include <wasmup/bytes.hpp>
#include <wasmup/clock.hpp>
#include <wasmup/property.hpp>
#include <wasmup/result.hpp>

/// Names for the usual attributes, each with Envoy's own name for it in brackets; property<T>() reads the
/// others. What is not there (now) is `Status::not_found`; but for the plugin's, that is all of them in a
/// root context, except in its on_log. A TCP filter has the plugin's and the connection's, and from its first
/// data on the cluster's name and the upstream's. A hostcall each, and one of the dearer. proxy_get_property.
namespace wasmup::attributes {

// The plugin. At hand in every callback, of a root context too.

/// Its name in Envoy's configuration. [plugin_name]
inline Result<Bytes> plugin_name() { return detail::property_at<Bytes>("plugin_name"); }
/// Its root id: which filter of the module is meant. [plugin_root_id]
inline Result<Bytes> plugin_root_id() { return detail::property_at<Bytes>("plugin_root_id"); }
/// The id of the VM it runs in. [plugin_vm_id]
inline Result<Bytes> plugin_vm_id() { return detail::property_at<Bytes>("plugin_vm_id"); }

// The route. At hand in every callback of a stream, unless no route matches.

/// The route's name; empty when it has none. [xds.route_name]
inline Result<Bytes> route_name() { return detail::property_at<Bytes>("xds\0route_name"); }
/// The name of the virtual host the route is in. [xds.virtual_host_name]
inline Result<Bytes> virtual_host_name() { return detail::property_at<Bytes>("xds\0virtual_host_name"); }
/// The cluster the route leads to; `Status::not_found` when Envoy answers by itself (direct response).
/// [xds.cluster_name]
inline Result<Bytes> cluster_name() { return detail::property_at<Bytes>("xds\0cluster_name"); }

// The client's connection. At hand in every callback of a stream.

/// Where the client is, with its port ("192.0.2.1:40000"): what Envoy trusts to be the client, so it can come
/// from X-Forwarded-For. [source.address]
inline Result<Bytes> source_address() { return detail::property_at<Bytes>("source\0address"); }
/// The client's port. [source.port]
inline Result<int64_t> source_port() { return detail::property_at<int64_t>("source\0port"); }
/// Where the client connected to, with the port. [destination.address]
inline Result<Bytes> destination_address() { return detail::property_at<Bytes>("destination\0address"); }
/// The port the client connected to. [destination.port]
inline Result<int64_t> destination_port() { return detail::property_at<int64_t>("destination\0port"); }
/// The connection's number in this Envoy. [connection.id]
inline Result<uint64_t> connection_id() { return detail::property_at<uint64_t>("connection\0id"); }
/// Whether the client showed a certificate; whether Envoy has checked it is a matter of its configuration.
/// [connection.mtls]
inline Result<bool> is_mtls() { return detail::property_at<bool>("connection\0mtls"); }
/// The server name of TLS (SNI). Empty unless the listener has the filter tls_inspector: without it Envoy
/// does not keep the name. [connection.requested_server_name]
inline Result<Bytes> requested_server_name() {
  return detail::property_at<Bytes>("connection\0requested_server_name");
}
/// Such as "TLSv1.3"; `Status::not_found` without TLS. [connection.tls_version]
inline Result<Bytes> tls_version() { return detail::property_at<Bytes>("connection\0tls_version"); }
/// The subject of the client's certificate, such as "CN=client"; empty without a certificate,
/// `Status::not_found` without TLS. [connection.subject_peer_certificate]
inline Result<Bytes> peer_subject() {
  return detail::property_at<Bytes>("connection\0subject_peer_certificate");
}
/// The first URI among the names of the client's certificate, such as a SPIFFE id; `Status::not_found`
/// without one. [connection.uri_san_peer_certificate]
inline Result<Bytes> peer_uri_san() {
  return detail::property_at<Bytes>("connection\0uri_san_peer_certificate");
}

// The request as its headers tell. At hand in on_request_headers (and while they are held back after it), and
// in on_log, as the router sent them on; Status::not_found in all other callbacks.

/// The header x-request-id. [request.id]
inline Result<Bytes> request_id() { return detail::property_at<Bytes>("request\0id"); }
/// The method. [request.method]
inline Result<Bytes> request_method() { return detail::property_at<Bytes>("request\0method"); }
/// The path with the query. [request.path]
inline Result<Bytes> request_path() { return detail::property_at<Bytes>("request\0path"); }
/// The path without the query. [request.url_path]
inline Result<Bytes> request_url_path() { return detail::property_at<Bytes>("request\0url_path"); }
/// The query without its question mark; empty when there is none. [request.query]
inline Result<Bytes> request_query() { return detail::property_at<Bytes>("request\0query"); }
/// The authority (Host header). [request.host]
inline Result<Bytes> request_host() { return detail::property_at<Bytes>("request\0host"); }
/// "http" or "https". [request.scheme]
inline Result<Bytes> request_scheme() { return detail::property_at<Bytes>("request\0scheme"); }

// The request as Envoy sees it. At hand in every callback of a stream, except as said.

/// "HTTP/1.1", "HTTP/2", "HTTP/3". [request.protocol]
inline Result<Bytes> request_protocol() { return detail::property_at<Bytes>("request\0protocol"); }
/// When its first byte came. [request.time]
inline Result<Timestamp> request_time() { return detail::property_at<Timestamp>("request\0time"); }
/// Bytes of its body: where its headers are at hand (see above) what content-length says, else what has come
/// so far. [request.size]
inline Result<int64_t> request_size() { return detail::property_at<int64_t>("request\0size"); }
/// How long it took, from the first byte of the request to the last of the response; in on_log and on_done
/// only. [request.duration]
inline Result<std::chrono::nanoseconds> request_duration() {
  return detail::property_at<std::chrono::nanoseconds>("request\0duration");
}

// The response. Status::not_found before on_response_headers, except as said.

/// Its status code. [response.code]
inline Result<int64_t> response_code() { return detail::property_at<int64_t>("response\0code"); }
/// Why it is that: "via_upstream", "direct_response", what a local response gave as details, Envoy's own
/// reasons. [response.code_details]
inline Result<Bytes> response_code_details() { return detail::property_at<Bytes>("response\0code_details"); }
/// What went wrong on the way, a bit each (such as 0x20: the connection to the upstream failed); 0 when
/// nothing has, so far. At hand in every callback of a stream. [response.flags]
inline Result<int64_t> response_flags() { return detail::property_at<int64_t>("response\0flags"); }
/// Bytes of its body that have been sent so far; the whole in on_log. [response.size]
inline Result<int64_t> response_size() { return detail::property_at<int64_t>("response\0size"); }

// The upstream. Status::not_found in on_request_headers, which runs before one is chosen, and when none ever
// is; at hand from on_request_body on.

/// Where it is, with the port. [upstream.address]
inline Result<Bytes> upstream_address() { return detail::property_at<Bytes>("upstream\0address"); }
/// Its port. [upstream.port]
inline Result<int64_t> upstream_port() { return detail::property_at<int64_t>("upstream\0port"); }
/// Why the connection to it failed; empty when it did not. [upstream.transport_failure_reason]
inline Result<Bytes> upstream_failure_reason() {
  return detail::property_at<Bytes>("upstream\0transport_failure_reason");
}

}  // namespace wasmup::attributes
