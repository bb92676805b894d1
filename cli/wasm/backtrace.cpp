// SPDX-License-Identifier: MIT
#include "backtrace.hpp"

#include <algorithm>
#include <charconv>

namespace wasmup::wasm {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Whether "N: " stands before `at`.
bool is_numbered(std::string_view log, size_t at) {
  const size_t colon = at == 0 ? log.npos : log.find_last_not_of(' ', at - 1);
  return colon != log.npos && colon != 0 && colon + 1 < at && log[colon] == ':' && is_digit(log[colon - 1]);
}

/// Takes a number of this base off the front.
std::optional<uint64_t> take_number(std::string_view& text, int base) {
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  if (error != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<size_t>(end - text.data()));
  return number;
}

bool take(std::string_view& text, std::string_view wanted) {
  if (!text.starts_with(wanted)) return false;
  text.remove_prefix(wanted.size());
  return true;
}

/// Up to the end of the line, escaped or not. It looks no further than that, for there may be many lines.
std::string_view rest_of_line(std::string_view text) {
  for (size_t at = text.find_first_of("\n\\"); at != text.npos; at = text.find_first_of("\n\\", at + 1)) {
    if (text[at] == '\n' || text.substr(at).starts_with("\\n")) return text.substr(0, at);
  }
  return text;
}

}  // namespace

std::vector<Frame> find_frames(std::string_view log) {
  std::vector<Frame> frames;
  constexpr std::string_view start = "0x";
  // A frame within a function's name is none.
  size_t next = 0;
  for (size_t at = log.find(start); at != log.npos; at = log.find(start, next)) {
    next = at + 1;
    std::string_view rest = log.substr(at + start.size());
    const std::optional<uint64_t> offset = is_numbered(log, at) ? take_number(rest, 16) : std::nullopt;
    if (!offset || !take(rest, " - ")) continue;
    Frame frame{*offset, {}, {}, log.size() - rest.size(), 0};
    std::string_view unknown = rest;
    if (take(unknown, "unknown(function index:")) {
      frame.index = take_number(unknown, 10);
      if (!frame.index || !take(unknown, ")")) continue;
      frame.end = log.size() - unknown.size();
    } else {
      frame.name = rest_of_line(rest);
      frame.end = frame.begin + frame.name.size();
    }
    next = frame.end;
    frames.push_back(std::move(frame));
  }
  return frames;
}

const Function* function_of(const Frame& frame, const Module& module) {
  // They are in the order in which they lie.
  const auto next = std::ranges::upper_bound(module.functions, frame.offset, {}, &Function::offset);
  if (next == module.functions.begin()) return nullptr;
  const Function& function = *std::prev(next);
  if (frame.offset - function.offset >= function.size) return nullptr;
  if (frame.index && *frame.index != function.index) return nullptr;
  if (!frame.name.empty() && frame.name != function.name) return nullptr;
  return &function;
}

}  // namespace wasmup::wasm
