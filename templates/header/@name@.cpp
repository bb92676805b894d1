#include <string>

#include <wasmup/wasmup.hpp>

/// The plugin configuration: config.json here, `config` of the policy in Envoy Gateway.
struct Settings : wasmup::RootContext {
  bool on_configure(wasmup::Bytes text) { return wasmup::read_configuration(text, *this); }

  std::string header;
  std::string value;

  static constexpr auto json = wasmup::json_fields(wasmup::required("header", &Settings::header),
                                                   wasmup::required("value", &Settings::value));
};

/// Sets a header on every response.
struct @Type@ : wasmup::HttpFilter<Settings> {
  void on_response_headers(wasmup::ResponseHeaders headers) {
    if (!headers.set(root().header, root().value)) wasmup::log::warn("cannot set ", root().header);
  }
};

WASMUP_REGISTER(@Type@)
