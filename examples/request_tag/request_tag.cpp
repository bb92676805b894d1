// SPDX-License-Identifier: MIT
#include <string>
#include <string_view>

#include <wasmup/wasmup.hpp>

/// Gives every request a tag that says the same everywhere: to the upstream, to the client, and in Envoy's
/// access log. Envoy keeps it with the stream, so the filter needs no data of its own.
struct RequestTag : wasmup::HttpFilter<> {
  void on_request_headers(wasmup::RequestHeaders headers) {
    const std::string tag = make_tag();
    headers.set("x-tag", tag).ignore();
    // The access log knows it as %FILTER_STATE(wasm.tag:PLAIN)%.
    if (!wasmup::set_property("tag", tag)) wasmup::log::error("the tag could not be kept");
  }

  void on_response_headers(wasmup::ResponseHeaders headers) {
    const auto tag = wasmup::get_property({"tag"});
    if (tag) headers.set("x-tag", *tag).ignore();
  }

 private:
  /// The request id, which other proxies on the way have too; else where the request came from, by which it
  /// can be found in the log of connections.
  static std::string make_tag() {
    const auto request_id = wasmup::attributes::request_id();
    if (request_id) return std::string(request_id->view());
    const auto client = wasmup::attributes::source_address();
    const auto connection = wasmup::attributes::connection_id();
    return std::string(client->view()) + "#" + std::to_string(*connection);
  }
};

WASMUP_REGISTER(RequestTag)
