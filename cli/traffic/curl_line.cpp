// SPDX-License-Identifier: MIT
#include "curl_line.hpp"

#include "../text/secrets.hpp"
#include "../text/shell_word.hpp"

namespace wasmup::traffic {

std::string curl_line(const http::Request& request) {
  std::string line = "curl";
  const auto add = [&line](std::string_view flag, std::string_view value) {
    line.append(" ").append(flag).append(" ").append(text::shell_word(value));
  };
  line += request.method == "HEAD" ? " -I" : " -i";
  if (request.insecure) line += " -k";
  if (!request.authorities.empty()) add("--cacert", request.authorities);
  if (!request.connect_to.empty()) add("--connect-to", "::" + request.connect_to);
  const std::string implied = request.method == "HEAD" ? "HEAD" : request.body.empty() ? "GET" : "POST";
  if (request.method != implied) add("-X", request.method);
  for (const auto& [name, value] : request.headers)
    add("-H", value.empty() ? name + ";" : name + ": " + text::masked(name, value));
  if (!request.body.empty()) add("--data-raw", text::masked(request.body));
  return line + " " + text::shell_word(text::masked(request.url));
}

}  // namespace wasmup::traffic
