// SPDX-License-Identifier: MIT
#include "upstream_url.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <fmt/format.h>

namespace wasmup::commands {
namespace {

std::unexpected<Error> refuse(const std::string& url, std::string seen) {
  return std::unexpected(Error{ExitCode::usage, fmt::format("--upstream does not understand '{}'", url),
                               std::move(seen), "--upstream http://HOST:PORT or https://HOST:PORT"});
}

bool is_host(std::string_view text, bool in_brackets) {
  return !text.empty() && std::ranges::all_of(text, [in_brackets](unsigned char c) {
    return in_brackets ? std::isxdigit(c) != 0 || c == ':' || c == '.'
                       : std::isalnum(c) != 0 || c == '.' || c == '-' || c == '_';
  });
}

}  // namespace

Expected<envoy::Upstream> parse_upstream_url(const std::string& url) {
  std::string_view rest = url;
  envoy::Upstream upstream;
  if (rest.starts_with("https://")) {
    upstream.tls = true;
  } else if (!rest.starts_with("http://")) {
    return refuse(url, "it starts with neither http:// nor https://");
  }
  rest.remove_prefix(rest.find("//") + 2);
  if (rest.ends_with('/')) rest.remove_suffix(1);
  if (rest.find_first_of("/?#") != rest.npos) {
    return refuse(url, "it has a path, and the path of each request is what is asked for");
  }
  if (rest.contains('@')) return refuse(url, "it has a user name, which Envoy would not send");

  const bool in_brackets = rest.starts_with('[');
  const size_t host_end = in_brackets ? rest.find(']') : rest.find(':');
  if (in_brackets && host_end == rest.npos) return refuse(url, "a ] is missing");
  const std::string_view host = in_brackets ? rest.substr(1, host_end - 1) : rest.substr(0, host_end);
  if (!is_host(host, in_brackets))
    return refuse(url, fmt::format("'{}' is not a host name or an address", host));
  upstream.host = host;
  rest.remove_prefix(host_end == rest.npos ? rest.size() : host_end + (in_brackets ? 1 : 0));

  upstream.port = upstream.tls ? 443 : 80;
  if (rest.empty()) return upstream;
  const std::string_view port = rest.substr(1);
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), upstream.port);
  if (!rest.starts_with(':') || error != std::errc() || end != port.data() + port.size() ||
      upstream.port == 0) {
    return refuse(url, fmt::format("'{}' is not a port (1 to 65535)", port));
  }
  return upstream;
}

}  // namespace wasmup::commands
