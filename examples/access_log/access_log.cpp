// SPDX-License-Identifier: MIT
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include <wasmup/wasmup.hpp>

/// A JSON object on one line. What is not there is left out.
class JsonLine {
 public:
  JsonLine& add(std::string_view name, const wasmup::Result<wasmup::Bytes>& text) {
    if (text) {
      begin(name);
      quote(*text);
    }
    return *this;
  }
  JsonLine& add(std::string_view name, const wasmup::Result<int64_t>& number) {
    if (number) {
      begin(name);
      text_ += std::to_string(*number);
    }
    return *this;
  }

  JsonLine& add(std::string_view name, const wasmup::Result<std::chrono::nanoseconds>& time) {
    return time ? add(name, time->count() / 1000) : *this;
  }

  const std::string& end() { return text_ += '}'; }

 private:
  void begin(std::string_view name) {
    if (text_.size() > 1) text_ += ',';
    quote(name);
    text_ += ':';
  }

  /// Requests hold any bytes: none of them may end the line or the string. Those beyond ASCII need not be
  /// UTF-8, and so each is written as a code point of its own.
  void quote(std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdef";
    text_ += '"';
    for (const char c : text) {
      const auto byte = static_cast<uint8_t>(c);
      if (byte < 0x20 || byte > 0x7e) {
        text_.append("\\u00") += digits[byte >> 4];
        text_ += digits[byte & 0xf];
      } else {
        if (c == '"' || c == '\\') text_ += '\\';
        text_ += c;
      }
    }
    text_ += '"';
  }

  std::string text_ = "{";
};

/// Logs every request once it is complete, whoever answered it. It has no data and one callback: so nothing
/// is kept for a stream, and the module is not called before its end.
struct JsonAccessLog : wasmup::HttpFilter<> {
  void on_log(wasmup::AccessLog log) {
    namespace stream = wasmup::attributes;
    if (!wasmup::log::is_enabled(wasmup::LogLevel::info)) return;
    JsonLine line;
    line.add("method", log.request_headers.get(":method"))
        .add("authority", log.request_headers.get(":authority"))
        .add("path", log.request_headers.get(":path"))
        .add("user_agent", log.request_headers.get("user-agent"))
        .add("status", stream::response_code())
        .add("details", stream::response_code_details())
        .add("flags", stream::response_flags())
        .add("bytes", stream::response_size())
        .add("duration_us", stream::request_duration())
        .add("client", stream::source_address())
        .add("upstream", stream::upstream_address());
    wasmup::log::info(line.end());
  }
};

WASMUP_REGISTER(JsonAccessLog)
