// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../error.hpp"

namespace wasmup::http {

using Headers = std::vector<std::pair<std::string, std::string>>;  ///< in order, names in lower case

/// Every value of a header, in order.
std::vector<std::string> values(const Headers& headers, std::string_view name);

enum class Version { http1, http2_prior_knowledge };

struct Request {
  std::string url;
  std::string method = "GET";
  Headers headers = {};
  std::string body = {};
  Version version = Version::http1;
  std::chrono::milliseconds limit = std::chrono::seconds(10);
  std::string connect_to =
      {};  ///< HOST:PORT to go to, whatever the URL names (TLS is asked for the URL's host)
  std::string authorities = {};  ///< file of certificates to trust (PEM); empty: those the system trusts
  bool insecure = false;         ///< take any certificate
  std::string socket = {};       ///< Unix socket to go to, whatever the URL names
  size_t most_bytes = 64UL * 1024 * 1024;  ///< of the response's body; a longer one is a transport failure
};

struct Response {
  int status = 0;
  Headers headers = {};
  std::string body = {};
  Headers trailers = {};
  std::chrono::microseconds time{};  ///< from the request to the end of this
  uint16_t local_port = 0;  ///< our end of the connection it came on: the same one, the same connection

  std::vector<std::string> values(std::string_view name) const;  ///< every value of a header, in order
};

/// One request on a connection of its own. Only transport failures are errors; any status is an answer,
/// redirects included. Proxies from the environment are for other machines: loopback is reached directly.
Expected<Response> send(const Request&);

struct LoadResult {
  int64_t sent = 0;         ///< requests that came to an end, one way or the other
  int64_t failed = 0;       ///< transport failures, and answers `accept` refused
  int64_t connections = 0;  ///< opened in all
  std::map<int, int64_t> by_status = {};
  std::string first_failure = {};
};

/// `total` requests over `connections` kept-alive connections (curl multi). `accept` sees every answer and
/// returns an empty string or what is wrong with it. `each` runs on this thread between answers
/// (to change something under load). Stops by itself at `limit`; what was under way then is not counted.
struct Load {
  Request request;
  int64_t total = 1000;
  int connections = 8;
  std::chrono::milliseconds limit = std::chrono::seconds(60);
  std::function<std::string(const Response&)> accept = {};
  std::function<void(int64_t answered)> each = {};
};
Expected<LoadResult> send_load(const Load&);

}  // namespace wasmup::http
