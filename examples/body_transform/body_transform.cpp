// SPDX-License-Identifier: MIT
#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <wasmup/wasmup.hpp>

using wasmup::BodyAction;

std::optional<uint64_t> to_number(std::string_view text) {
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// Leaves only the last four digits of every number that is as long as a payment card's.
std::string redact(std::string_view text) {
  constexpr std::string_view digits = "0123456789";
  std::string result;
  while (!text.empty()) {
    const size_t begin = std::min(text.find_first_of(digits), text.size());
    const size_t end = std::min(text.find_first_not_of(digits, begin), text.size());
    const bool is_card = end - begin >= 13 && end - begin <= 19;
    const size_t shown = is_card ? end - 4 : begin;
    result.append(text, 0, begin).append(is_card ? "****" : "").append(text, shown, end - shown);
    text.remove_prefix(end);
  }
  return result;
}

/// The plugin configuration: how many bytes a body may have to be redacted.
struct Settings : wasmup::RootContext {
  bool on_configure(wasmup::Bytes configuration) {
    const std::optional<uint64_t> number = to_number(configuration.view());
    if (!number) wasmup::log::error("the configuration must be a number of bytes");
    limit = number.value_or(0);
    return number.has_value();
  }
  uint64_t limit = 0;
};

/// Redacts responses up to a size, and says in `x-redacted` which it does. A number may lie across two pieces
/// of a body, so it needs the whole; the limit is what bounds the memory for that.
struct BodyTransform : wasmup::HttpFilter<Settings> {
  void on_request_headers(wasmup::RequestHeaders headers) {
    headers.remove("accept-encoding").ignore();  // nothing is to be found in a compressed body
  }

  // The headers go on before the body comes: now is the time to mark them, and where the length is not known,
  // to promise no more than what is sure.
  void on_response_headers(wasmup::ResponseHeaders headers, bool end_of_stream) {
    if (end_of_stream) return;  // no body; a content-length is that of the body that GET would get
    if (headers.get("content-encoding")) return pass(headers, "no, encoded");
    const auto length = headers.get("content-length");
    if (to_number(*length) > root().limit) return pass(headers, "no, too long");
    headers.remove("content-length").ignore();  // the new one is not known yet
    headers.set("x-redacted", length ? std::string_view("yes") : "unless too long").ignore();
  }

  BodyAction on_response_body(wasmup::ResponseBody body, bool end_of_stream) {
    if (!passes_ && body.size() > root().limit) {
      wasmup::log::warn("a response is too long to be redacted");
      passes_ = true;  // what was held back goes on with the rest
    }
    if (passes_) return BodyAction::continue_iteration;
    if (!end_of_stream) return BodyAction::buffer;
    replace(body);
    return BodyAction::continue_iteration;
  }

  void on_response_trailers(wasmup::ResponseTrailers) {
    if (!passes_) replace(wasmup::ResponseBody(0));  // all that is held back: no piece of it was the last
  }

 private:
  void pass(wasmup::ResponseHeaders headers, std::string_view why) {
    headers.set("x-redacted", why).ignore();
    passes_ = true;
  }

  static void replace(wasmup::ResponseBody body) {
    const auto text = body.read();
    if (!text->empty()) body.replace(redact(*text)).ignore();
  }

  bool passes_ = false;
};

WASMUP_REGISTER(BodyTransform)
