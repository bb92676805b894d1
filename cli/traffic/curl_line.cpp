// SPDX-License-Identifier: MIT
#include "curl_line.hpp"

#include <algorithm>
#include <cctype>

namespace wasmup::traffic {
namespace {

std::string quoted(std::string_view text) {
  static constexpr std::string_view plain = "-_./:=@%+,";
  const bool is_plain = !text.empty() && std::ranges::all_of(text, [](unsigned char c) {
    return std::isalnum(c) != 0 || plain.contains(static_cast<char>(c));
  });
  if (is_plain) return std::string(text);
  std::string result = "'";
  for (const char c : text) result += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return result + "'";
}

}  // namespace

std::string curl_line(const http::Request& request) {
  std::string line = "curl";
  const auto add = [&line](std::string_view flag, std::string_view value) {
    line.append(" ").append(flag).append(" ").append(quoted(value));
  };
  line += request.method == "HEAD" ? " -I" : " -i";
  if (request.insecure) line += " -k";
  if (!request.authorities.empty()) add("--cacert", request.authorities);
  if (!request.connect_to.empty()) add("--connect-to", "::" + request.connect_to);
  const std::string implied = request.method == "HEAD" ? "HEAD" : request.body.empty() ? "GET" : "POST";
  if (request.method != implied) add("-X", request.method);
  for (const auto& [name, value] : request.headers)
    add("-H", value.empty() ? name + ";" : name + ": " + value);
  if (!request.body.empty()) add("--data-raw", request.body);
  return line + " " + quoted(request.url);
}

}  // namespace wasmup::traffic
