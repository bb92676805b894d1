// SPDX-License-Identifier: MIT
#include "trace_view.hpp"

#include <fmt/format.h>

#include "../envoy/crossing.hpp"
#include "trap.hpp"

namespace wasmup::commands {
namespace {

std::string microseconds(std::chrono::nanoseconds time) {
  return fmt::format("{} µs", std::chrono::duration_cast<std::chrono::microseconds>(time).count());
}

}  // namespace

bool TraceView::add(const envoy::LogLine& line) {
  if (line.logger != "wasm" || line.from_module) return false;
  Beginnings& begun = threads_[line.thread];
  if (is_trap(line)) begun.clear();  // what was entered is not left
  const auto crossing = envoy::parse_crossing(line.message);
  if (!crossing) return false;
  using Kind = envoy::Crossing::Kind;
  if (crossing->kind == Kind::entry || crossing->kind == Kind::hostcall) {
    const bool from_outside = crossing->kind == Kind::entry;
    say(begun.size(), (from_outside ? "-> " : "<- ") + envoy::call_in_words(*crossing));
    begun.push_back(line.time);
    return true;
  }
  if (begun.empty()) return true;  // it began before we looked
  const auto time = line.time - begun.back();
  begun.pop_back();
  const std::string result = envoy::result_in_words(*crossing);
  say(begun.size(), fmt::format("   = {}{}{}", result, result.empty() ? "" : "  ", microseconds(time)));
  return true;
}

void TraceView::say(size_t depth, const std::string& text) {
  terminal_.say(depth == 0 ? "vm" : "", std::string(2 * depth, ' ') + text,
                depth == 0 ? terminal::Style::plain : terminal::Style::faint);
}

}  // namespace wasmup::commands
