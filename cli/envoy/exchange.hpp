// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wasmup::envoy {

/// What one stream came to, or one TCP connection, as Envoy reports it when it has ended.
struct Exchange {
  using Headers = std::vector<std::pair<std::string, std::string>>;

  bool is_connection = false;  ///< then only `flags`, `port`, `time` and the bytes say anything
  std::string method = {};
  std::string path = {};
  int status = 0;            ///< 0: none was sent
  std::string details = {};  ///< why it is this one: via_upstream, wasm_fail_stream, ...
  std::string flags = {};    ///< Envoy's response flags; "-": none
  std::chrono::microseconds time{};
  uint16_t port = 0;  ///< of the client
  int64_t received = 0;
  int64_t sent = 0;
  // On the way to the upstream and back; nothing for a message that did not come as far as there.
  std::optional<Headers> request_before = {};
  std::optional<Headers> request_after = {};
  std::optional<Headers> response_before = {};
  std::optional<Headers> response_after = {};
};

/// Takes apart a line that Envoy writes with Bootstrap::reports_exchanges; nothing for any other line.
std::optional<Exchange> parse_exchange(std::string_view line);

/// The same, but of a stream only `status` and `port`: for counting, at a fraction of the time.
std::optional<Exchange> parse_exchange_briefly(std::string_view line);

}  // namespace wasmup::envoy
