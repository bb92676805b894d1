// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstring>
#include <string_view>

#include <wasmup/abi.hpp>
#include <wasmup/bytes.hpp>

/// Lines in the host's log; in Envoy, its logger `wasm`. The host drops levels it does not show, after the
/// hostcall. These return nothing: with a level from the list (not `off`) the call cannot fail. proxy_log.
namespace wasmup::log {

/// The least level the host shows, or `LogLevel::off` when it shows none; in Envoy, the level of its logger
/// `wasm`, which can change while it runs. proxy_get_log_level.
[[nodiscard]] inline LogLevel level() {
  LogLevel level = LogLevel::trace;  // should the host not say: lose nothing
  static_cast<void>(abi::proxy_get_log_level(&level));
  return level;
}

/// Whether the host shows a line of this level: worth asking before putting a costly one together.
/// proxy_get_log_level.
[[nodiscard]] inline bool is_enabled(LogLevel wanted) { return wanted >= level(); }

/// One line of one piece of text: no memory is used.
inline void write(LogLevel level, std::string_view text) {
  static_cast<void>(abi::proxy_log(level, text.data(), text.size()));
}

/// One line put together from pieces of text.
template <class... Pieces>
  requires(sizeof...(Pieces) > 1)
inline void write(LogLevel level, const Pieces&... pieces) {
  Bytes line = Bytes::allocate((std::string_view(pieces).size() + ...));
  if (line.empty()) return;
  char* out = line.data();
  const auto put = [&out](std::string_view piece) {
    if (!piece.empty()) std::memcpy(out, piece.data(), piece.size());
    out += piece.size();
  };
  (put(pieces), ...);
  write(level, line.view());
}

template <class... Pieces>
inline void trace(const Pieces&... pieces) {
  write(LogLevel::trace, std::string_view(pieces)...);
}
template <class... Pieces>
inline void debug(const Pieces&... pieces) {
  write(LogLevel::debug, std::string_view(pieces)...);
}
template <class... Pieces>
inline void info(const Pieces&... pieces) {
  write(LogLevel::info, std::string_view(pieces)...);
}
template <class... Pieces>
inline void warn(const Pieces&... pieces) {
  write(LogLevel::warn, std::string_view(pieces)...);
}
template <class... Pieces>
inline void error(const Pieces&... pieces) {
  write(LogLevel::error, std::string_view(pieces)...);
}
template <class... Pieces>
inline void critical(const Pieces&... pieces) {
  write(LogLevel::critical, std::string_view(pieces)...);
}

}  // namespace wasmup::log
