// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstring>
#include <initializer_list>
#include <string_view>
#include <type_traits>

#include <wasmup/abi.hpp>
#include <wasmup/bytes.hpp>
#include <wasmup/header_text.hpp>

/// Lines in the host's log; in Envoy, its logger `wasm`. The host drops levels it does not show, after the
/// hostcall. A question mark stands in place of a control character other than a tab: what a client sent can
/// begin no line of its own. These return nothing: with a level from the list (not `off`) the call cannot
/// fail. proxy_log.
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

}  // namespace wasmup::log

namespace wasmup::detail {

template <class Piece>
std::string_view log_text(const Piece& piece) {
  static_assert(std::is_convertible_v<const Piece&, std::string_view>,
                "a log line is put together from text: wasmup::Decimal(number) makes text of a number");
  if constexpr (std::is_convertible_v<const Piece&, std::string_view>) return piece;
}

}  // namespace wasmup::detail

namespace wasmup::log {

/// One line put together from pieces of text.
[[gnu::noinline]] inline void write(LogLevel level, std::initializer_list<std::string_view> pieces) {
  size_t size = 0;
  for (const std::string_view piece : pieces) size += piece.size();
  Bytes line = Bytes::allocate(size);
  if (line.empty()) return;
  char* out = line.data();
  for (const std::string_view piece : pieces) {
    for (const char c : piece) *out++ = has_control_character({&c, 1}, true) ? '?' : c;
  }
  static_cast<void>(abi::proxy_log(level, line.data(), size));
}

/// One line of one piece of text: no memory is used, unless there are control characters in it.
inline void write(LogLevel level, std::string_view text) {
  if (has_control_character(text, true)) return write(level, {text});
  static_cast<void>(abi::proxy_log(level, text.data(), text.size()));
}

template <class... Pieces>
  requires(sizeof...(Pieces) > 1)
inline void write(LogLevel level, const Pieces&... pieces) {
  write(level, {detail::log_text(pieces)...});
}

template <class... Pieces>
inline void trace(const Pieces&... pieces) {
  write(LogLevel::trace, detail::log_text(pieces)...);
}
template <class... Pieces>
inline void debug(const Pieces&... pieces) {
  write(LogLevel::debug, detail::log_text(pieces)...);
}
template <class... Pieces>
inline void info(const Pieces&... pieces) {
  write(LogLevel::info, detail::log_text(pieces)...);
}
template <class... Pieces>
inline void warn(const Pieces&... pieces) {
  write(LogLevel::warn, detail::log_text(pieces)...);
}
template <class... Pieces>
inline void error(const Pieces&... pieces) {
  write(LogLevel::error, detail::log_text(pieces)...);
}
template <class... Pieces>
inline void critical(const Pieces&... pieces) {
  write(LogLevel::critical, detail::log_text(pieces)...);
}

}  // namespace wasmup::log
