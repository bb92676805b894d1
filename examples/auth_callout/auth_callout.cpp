// SPDX-License-Identifier: MIT
#include <chrono>
#include <initializer_list>
#include <string>
#include <string_view>

#include <wasmup/wasmup.hpp>

using namespace std::chrono_literals;
using wasmup::HeadersAction;

/// The plugin configuration: the cluster of the service that knows the keys.
struct Settings : wasmup::RootContext {
  bool on_configure(wasmup::Bytes configuration) {
    cluster = configuration.view();
    if (cluster.empty()) wasmup::log::error("the configuration must name the cluster to ask");
    return !cluster.empty();
  }
  std::string cluster;
};

/// Lets a request pass when a service says whose API key it carries. The key goes to that service and nowhere
/// else: into no log, and not to the upstream.
struct AuthCallout : wasmup::HttpFilter<Settings> {
  HeadersAction on_request_headers(wasmup::RequestHeaders headers) {
    const auto key = headers.get("x-api-key");
    const auto path = headers.get(":path");
    if (key->empty()) return unauthorized("an API key is needed\n");
    headers.remove("x-api-key").ignore();
    const auto asked = wasmup::http_call(*this,
                                         {.cluster = root().cluster,
                                          .method = "GET",
                                          .authority = "auth",  // the service's name, not the cluster's
                                          .path = "/check",
                                          .timeout = 500ms,
                                          .headers = {{"x-api-key", *key}, {"x-path", *path}}},
                                         &AuthCallout::on_answer);
    if (!asked) return unavailable("it cannot be asked");  // or the request would wait for ever
    return HeadersAction::hold_all;
  }

 private:
  void on_answer(wasmup::HttpCallResponse answer) {
    const auto status = answer.status();
    const auto user = answer.headers().get("x-user");
    if (status == 401) {
      unauthorized("this API key is not valid\n");
    } else if (status == 403) {
      refuse(403, "auth_denied", "this API key does not open this\n");
    } else if (status != 200) {
      unavailable(answer.failed() ? "its answer broke off"
                  : status == 504 ? "it took too long"
                                  : "it is out of order");
    } else if (user->empty() || !wasmup::RequestHeaders().set("x-user", *user)) {
      unavailable("it named no user");
    } else {
      wasmup::continue_request().ignore();
    }
  }

  static HeadersAction unauthorized(std::string_view body) {
    return refuse(401, "auth_denied", body, {{"www-authenticate", "ApiKey"}});
  }

  /// Who cannot be asked lets nobody in. What went wrong is for the log: clients have no use for it.
  static HeadersAction unavailable(std::string_view reason) {
    wasmup::log::warn("no authorization: ", reason);
    return refuse(503, "auth_unavailable", "authorization is not available, try again later\n");
  }

  static HeadersAction refuse(uint32_t status, std::string_view details, std::string_view body,
                              std::initializer_list<wasmup::Header> headers = {}) {
    // Were it not taken, the request would stay where it is: closed, too.
    wasmup::send_local_response({.status = status, .headers = headers, .body = body, .details = details})
        .ignore();
    return HeadersAction::hold_all;
  }
};

WASMUP_REGISTER(AuthCallout)
