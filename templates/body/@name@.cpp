#include <cstdint>
#include <string>

#include <wasmup/wasmup.hpp>

/// The plugin configuration: config.json here, `config` of the policy in Envoy Gateway.
struct Settings : wasmup::RootContext {
  bool on_configure(wasmup::Bytes text) { return wasmup::read_configuration(text, *this); }

  std::string find;
  std::string replace;
  uint32_t most_bytes = 65536;  ///< longer bodies pass as they are: what is held back is memory of the proxy

  static constexpr auto json =
      wasmup::json_fields(wasmup::required("find", &Settings::find), wasmup::required("replace", &Settings::replace),
                          wasmup::optional("most_bytes", &Settings::most_bytes));
};

/// Replaces a text in response bodies.
struct @Type@ : wasmup::HttpFilter<Settings> {
  void on_request_headers(wasmup::RequestHeaders headers) {
    headers.remove("accept-encoding").ignore();  // nothing is to be found in a compressed body
  }

  void on_response_headers(wasmup::ResponseHeaders headers) {
    headers.remove("content-length").ignore();  // it will be another one
  }

  wasmup::BodyAction on_response_body(wasmup::ResponseBody body, bool end_of_stream) {
    if (passes_ || body.size() > root().most_bytes) {
      passes_ = true;  // what was held back goes on with the rest
      return wasmup::BodyAction::continue_iteration;
    }
    if (!end_of_stream) return wasmup::BodyAction::buffer;
    const auto text = body.read();
    if (!text->empty()) body.replace(replaced(*text)).ignore();
    return wasmup::BodyAction::continue_iteration;
  }

 private:
  std::string replaced(std::string_view text) {
    const std::string& find = root().find;
    std::string result;
    for (size_t at = text.find(find); at != text.npos && !find.empty(); at = text.find(find)) {
      result.append(text, 0, at).append(root().replace);
      text.remove_prefix(at + find.size());
    }
    return result.append(text);
  }

  bool passes_ = false;
};

WASMUP_REGISTER(@Type@)
