// SPDX-License-Identifier: MIT
#include "http1.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <iterator>

namespace wasmup::fidelity::http1 {
namespace {

constexpr std::string_view line_end = "\r\n";

/// The next line without its end, or nothing when it has not come yet.
std::optional<std::string_view> take_line(std::string_view& bytes) {
  const size_t end = bytes.find(line_end);
  if (end == bytes.npos) return std::nullopt;
  const std::string_view line = bytes.substr(0, end);
  bytes.remove_prefix(end + line_end.size());
  return line;
}

/// Fields up to the empty line; nothing when that has not come yet.
std::optional<Fields> take_fields(std::string_view& bytes) {
  Fields fields;
  for (;;) {
    const auto line = take_line(bytes);
    if (!line) return std::nullopt;
    if (line->empty()) return fields;
    const size_t colon = std::min(line->find(':'), line->size());
    std::string name(line->substr(0, colon));
    std::ranges::transform(name, name.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    std::string_view value = line->substr(std::min(colon + 1, line->size()));
    value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
    fields.emplace_back(std::move(name), value);
  }
}

size_t number(std::string_view text, int base) {
  size_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value, base);
  return value;
}

void take_chunks(std::string_view bytes, Message& message) {
  for (;;) {
    const auto line = take_line(bytes);
    if (!line) return;
    const size_t size = number(*line, 16);
    if (size == 0) {
      if (auto trailers = take_fields(bytes)) {
        message.trailers = *std::move(trailers);
        message.is_complete = true;
      }
      return;
    }
    message.body += bytes.substr(0, size);
    if (bytes.size() < size + line_end.size()) return;
    bytes.remove_prefix(size + line_end.size());
  }
}

}  // namespace

std::string Message::header(std::string_view name) const {
  const auto found = std::ranges::find(headers, name, &Fields::value_type::first);
  return found != headers.end() ? found->second : "";
}

std::optional<Message> parse(std::string_view bytes) {
  const auto first_line = take_line(bytes);
  if (!first_line) return std::nullopt;
  auto headers = take_fields(bytes);
  if (!headers) return std::nullopt;
  Message message{.first_line = std::string(*first_line), .headers = *std::move(headers)};
  if (message.header("transfer-encoding") == "chunked") {
    take_chunks(bytes, message);
  } else {
    message.body = bytes;
    message.is_complete = bytes.size() >= number(message.header("content-length"), 10);
  }
  return message;
}

std::string head(const std::string& first_line, const Fields& headers, bool is_whole) {
  std::string text = first_line + "\r\n";
  for (const auto& [name, value] : headers) text.append(name).append(": ").append(value).append(line_end);
  if (!is_whole) text += "transfer-encoding: chunked\r\n";
  return text + "\r\n";
}

std::string chunk(const std::string& data) {
  char size[16];
  const auto [end, error] = std::to_chars(std::begin(size), std::end(size), data.size(), 16);
  return std::string(size, end).append(line_end).append(data).append(line_end);
}

std::string end(const Fields& trailers) {
  std::string text = "0\r\n";
  for (const auto& [name, value] : trailers) text.append(name).append(": ").append(value).append(line_end);
  return text + "\r\n";
}

}  // namespace wasmup::fidelity::http1
