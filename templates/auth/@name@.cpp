#include <chrono>
#include <cstdint>
#include <string>

#include <wasmup/wasmup.hpp>

using namespace std::chrono_literals;
using wasmup::HeadersAction;

/// The plugin configuration: config.json here, `config` of the policy in Envoy Gateway.
struct Settings : wasmup::RootContext {
  bool on_configure(wasmup::Bytes text) { return wasmup::read_configuration(text, *this); }

  std::string cluster;             ///< of Envoy's, where the service is
  std::string authority = "auth";  ///< the service's own name, by which it is asked
  std::string path = "/check";

  static constexpr auto json = wasmup::json_fields(wasmup::required("cluster", &Settings::cluster),
                                                   wasmup::optional("authority", &Settings::authority),
                                                   wasmup::optional("path", &Settings::path));
};

/// Lets a request pass when a service says that its API key is good.
struct @Type@ : wasmup::HttpFilter<Settings> {
  HeadersAction on_request_headers(wasmup::RequestHeaders headers) {
    const auto key = headers.get("x-api-key");
    if (!key) return refuse(401, "an API key is needed\n");
    const auto asked = wasmup::http_call(*this,
                                         {.cluster = root().cluster,
                                          .method = "GET",
                                          .authority = root().authority,
                                          .path = root().path,
                                          .timeout = 500ms,
                                          .headers = {{"x-api-key", *key}}},
                                         &@Type@::on_answer);
    if (!asked) return refuse(503, "authorization is not available\n");  // or the request would wait for ever
    return HeadersAction::hold_all;
  }

 private:
  void on_answer(wasmup::HttpCallResponse answer) {
    const auto status = answer.status();
    if (status == 200) return wasmup::continue_request().ignore();
    if (status == 401 || status == 403) {
      refuse(403, "this API key does not open this\n");
    } else {
      wasmup::log::warn("the service that knows the keys does not answer");
      refuse(503, "authorization is not available\n");
    }
  }

  static HeadersAction refuse(uint32_t status, std::string_view body) {
    wasmup::send_local_response({.status = status, .body = body}).ignore();
    return HeadersAction::hold_all;
  }
};

WASMUP_REGISTER(@Type@)
