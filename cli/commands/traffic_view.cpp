// SPDX-License-Identifier: MIT
#include "traffic_view.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <vector>

#include "../text/visible.hpp"
#include "../traffic/comparison.hpp"

namespace wasmup::commands {
namespace {

using std::chrono_literals::operator""s;
using terminal::Style;

constexpr int most_a_second = 20;

std::string duration(std::chrono::microseconds time) {
  if (time < std::chrono::milliseconds(10)) {
    return fmt::format("{:.2f} ms", static_cast<double>(time.count()) / 1000);
  }
  return fmt::format("{} ms", std::chrono::duration_cast<std::chrono::milliseconds>(time).count());
}

Style style_of(int status) {
  if (status == 0 || status >= 500) return Style::bad;
  return status >= 400 ? Style::warning : Style::plain;
}

/// Why the answer is what it is, unless that goes without saying.
std::string reason(const envoy::Exchange& exchange) {
  std::string reason;
  if (!exchange.details.empty() && exchange.details != "via_upstream") reason = "  " + exchange.details;
  if (!exchange.flags.empty() && exchange.flags != "-") reason += "  " + exchange.flags;
  return reason;
}

std::string counted(int64_t number, std::string_view what) {
  return fmt::format("{} {}{}", number, what, number == 1 ? "" : "s");
}

int64_t value(const TrafficView::Stats& stats, const std::string& name) {
  const auto found = stats.find(name);
  return found == stats.end() ? 0 : found->second;
}

constexpr const char* active = "wasm.envoy.wasm.runtime.v8.active";
constexpr const char* created = "wasm.envoy.wasm.runtime.v8.created";

std::string vms(const TrafficView::Stats& stats) {
  return fmt::format("{} active, {} created", value(stats, active), value(stats, created));
}

/// What a module counts itself, and what has gone wrong.
bool is_news(const std::string& name, int64_t value) {
  if (name.starts_with("wasmcustom.")) return true;
  return value != 0 && name.starts_with("wasm.") &&
         (name.ends_with("_failures") || name.ends_with("_failure") || name.ends_with(".vm_reload_success"));
}

}  // namespace

void TrafficView::add(const envoy::Exchange& exchange) {
  changed_ = true;
  if (exchange.is_connection) {
    ++connections_;
  } else {
    ++by_status_[exchange.status];
  }
  look();
  if (shown_ == 0) second_ = now_();
  if (shown_ < most_a_second) {
    ++shown_;
    show(exchange);
  } else {
    ++not_shown_;
  }
}

void TrafficView::look() {
  if (shown_ == 0 || now_() < second_ + 1s) return;
  if (not_shown_ > 0) terminal_.say("", fmt::format("and {} more in that second", not_shown_), Style::faint);
  shown_ = 0;
  not_shown_ = 0;
}

bool TrafficView::wants_stats() const { return changed_ && now_() >= asked_ + 1s; }

void TrafficView::take_stats(const Stats& stats) {
  const Stats before = std::exchange(stats_, {});
  for (const auto& [name, value] : stats) {
    if (name.starts_with("wasm.") || name.starts_with("wasmcustom.")) stats_.emplace(name, value);
  }
  changed_ = false;
  asked_ = now_();
  if (before.empty() || vms(before) == vms(stats_)) return;
  terminal_.say("vms", fmt::format("{} (before: {})", vms(stats_), vms(before)), Style::warning);
}

void TrafficView::show(const envoy::Exchange& exchange) {
  if (exchange.is_connection) {
    const bool bad = exchange.flags != "-";
    terminal_.say("tcp",
                  fmt::format("{} bytes in, {} out  {}{}", exchange.received, exchange.sent,
                              duration(exchange.time), reason(exchange)),
                  bad ? Style::warning : Style::plain);
    return;
  }
  terminal_.say("request",
                fmt::format("{} {}  {}  {}{}", exchange.method, exchange.path,
                            exchange.status == 0 ? "no answer" : fmt::format("{}", exchange.status),
                            duration(exchange.time), reason(exchange)),
                style_of(exchange.status));
  if (exchange.request_before && exchange.request_after) {
    show_differences("request", *exchange.request_before, *exchange.request_after);
  }
  if (exchange.response_before && exchange.response_after) {
    show_differences("response", *exchange.response_before, *exchange.response_after);
  }
}

void TrafficView::show_differences(const char* what, const envoy::Exchange::Headers& before,
                                   const envoy::Exchange::Headers& after) {
  for (const traffic::Difference& difference : traffic::compare(before, after)) {
    std::string text;
    Style style = Style::plain;
    switch (difference.change) {
      case traffic::Change::none:
        continue;
      case traffic::Change::added:
        text = "+ " + difference.with;
        style = Style::good;
        break;
      case traffic::Change::changed:
        text = fmt::format("~ {}  (was {})", difference.with, difference.without);
        style = Style::warning;
        break;
      case traffic::Change::removed:
        text = "- " + difference.without;
        style = Style::bad;
        break;
    }
    terminal_.say("", fmt::format("{:<8} {}", what, text), style);
  }
}

std::vector<std::string> TrafficView::sum() const {
  int64_t streams = 0;
  std::vector<std::string> statuses;
  for (const auto& [status, count] : by_status_) {
    streams += count;
    statuses.push_back(fmt::format("{} × {}", count, status == 0 ? "no answer" : fmt::format("{}", status)));
  }
  std::string text = counted(streams, "request");
  if (!statuses.empty()) text += fmt::format(": {}", fmt::join(statuses, ", "));
  if (connections_ > 0) text += "; " + counted(connections_, "TCP connection");
  text += "; " + counted(traps_, "trap");
  std::vector<std::string> lines{text};
  if (!stats_.empty()) lines.push_back(fmt::format("VMs: {}", vms(stats_)));
  for (const auto& [name, value] : stats_) {
    if (is_news(name, value)) lines.push_back(fmt::format("{} {}", name, value));
  }
  return lines;
}

}  // namespace wasmup::commands
