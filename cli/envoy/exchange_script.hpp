// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <fmt/format.h>
#include <string>
#include <string_view>
#include <utility>

namespace wasmup::envoy {

// What reports a stream: a script before the filters and one after them keep the headers that pass as
// metadata of the stream, and the access log has both. Neither waits for anything or changes a header, so a
// stream goes its way as it does without them.

/// `request` and `response`: as what the headers are kept.
inline std::string exchange_script(std::string_view request, std::string_view response) {
  const auto keeps = [](std::string_view callback, std::string_view key) {
    return fmt::format("function {}(stream) keep(stream, \"{}\") end\n", callback, key);
  };
  return R"lua(
local function keep(stream, key)
  local lines = {}
  for name, value in pairs(stream:headers()) do lines[#lines + 1] = name .. ": " .. value end
  stream:streamInfo():dynamicMetadata():set("wasmup", key, lines)
end
)lua" + keeps("envoy_on_request", request) +
         keeps("envoy_on_response", response);
}

using ExchangeField = std::pair<const char*, const char*>;  ///< name and command of the access log

inline constexpr std::array<ExchangeField, 11> http_exchange_fields{{
    {"method", "%REQ(:METHOD)%"},
    {"path", "%REQ(X-ENVOY-ORIGINAL-PATH?:PATH)%"},
    {"status", "%RESPONSE_CODE%"},
    {"microseconds", "%COMMON_DURATION(DS_RX_BEG:DS_TX_END:us)%"},
    {"details", "%RESPONSE_CODE_DETAILS%"},
    {"flags", "%RESPONSE_FLAGS%"},
    {"port", "%DOWNSTREAM_REMOTE_PORT%"},
    {"request_before", "%DYNAMIC_METADATA(wasmup:request_before)%"},
    {"request_after", "%DYNAMIC_METADATA(wasmup:request_after)%"},
    {"response_before", "%DYNAMIC_METADATA(wasmup:response_before)%"},
    {"response_after", "%DYNAMIC_METADATA(wasmup:response_after)%"},
}};

inline constexpr std::array<ExchangeField, 5> tcp_exchange_fields{{
    {"received", "%BYTES_RECEIVED%"},
    {"sent", "%BYTES_SENT%"},
    {"milliseconds", "%DURATION%"},
    {"flags", "%RESPONSE_FLAGS%"},
    {"port", "%DOWNSTREAM_REMOTE_PORT%"},
}};

}  // namespace wasmup::envoy
