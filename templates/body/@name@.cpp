#include <cstdint>
#include <string>

#include <wasmup/wasmup.hpp>

/// The plugin configuration: config.json here, `config` of the policy in Envoy Gateway.
struct Settings : wasmup::RootContext {
  bool on_configure(wasmup::Bytes text) { return wasmup::read_configuration(text, *this); }

  std::string find;
  std::string replace;
  uint32_t most_bytes = 32768;  ///< as many as Envoy Gateway holds; a longer body is answered 502

  static constexpr auto json =
      wasmup::json_fields(wasmup::required("find", &Settings::find), wasmup::required("replace", &Settings::replace),
                          wasmup::optional("most_bytes", &Settings::most_bytes));
};

/// Replaces a text in response bodies: in the whole of each, or not at all.
struct @Type@ : wasmup::HttpFilter<Settings> {
  void on_request_headers(wasmup::RequestHeaders headers) {
    headers.remove("accept-encoding").ignore();  // nothing is to be found in a compressed body
  }

  void on_response_headers(wasmup::ResponseHeaders headers) {
    const auto length = headers.get("content-length");
    if (is_too_long(*length)) {
      wasmup::send_local_response({.status = 502, .body = "the response is too long to be changed\n"}).ignore();
    } else {
      headers.remove("content-length").ignore();  // it will be another one
    }
  }

  void on_whole_response_body(wasmup::ResponseBody body) {
    const auto text = body.read();
    if (!text->empty()) body.replace(replaced(*text)).ignore();
  }

 private:
  /// Whether the upstream says so. A body that does not say its length is cut off by Envoy at its own limit.
  bool is_too_long(std::string_view length) const {
    uint64_t bytes = 0;
    for (const char digit : length.substr(0, 18)) bytes = 10 * bytes + static_cast<uint64_t>(digit - '0');
    return bytes > root().most_bytes;
  }

  std::string replaced(std::string_view text) {
    const std::string& find = root().find;
    std::string result;
    for (size_t at = text.find(find); at != text.npos && !find.empty(); at = text.find(find)) {
      result.append(text, 0, at).append(root().replace);
      text.remove_prefix(at + find.size());
    }
    return result.append(text);
  }
};

WASMUP_REGISTER(@Type@)
