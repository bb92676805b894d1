// SPDX-License-Identifier: MIT
#include "report.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "../text/json_text.hpp"
#include "statistics.hpp"

namespace wasmup::bench {
namespace {

using Json = nlohmann::ordered_json;

Estimate added(const Report& report, const Variant& variant) {
  return estimate_difference(variant.cpu, report.variants.front().cpu);
}

std::string microseconds(double value, int digits) { return fmt::format("{:.{}f} µs", value, digits); }

std::string with_interval(const Estimate& found) {
  return fmt::format("{:+.1f} µs ({:+.1f} to {:+.1f})", found.mean, found.low, found.high);
}

std::string row(const std::string& name, const std::string& cpu, const std::string& added,
                const std::string& half, const std::string& most, size_t name_width) {
  std::string text = fmt::format("{:<{}}  {:<12} {:<26} {:<10} {}", name, name_width, cpu, added, half, most);
  text.erase(text.find_last_not_of(' ') + 1);
  return text + "\n";
}

std::string percentile(const Variant& variant, double part) {
  return microseconds(quantile(variant.latencies, part), 0);
}

std::string statuses(const Variant& variant) {
  std::string text;
  for (const auto& [status, count] : variant.by_status) {
    text += fmt::format("{}{} × {}", text.empty() ? "" : ", ", count, status);
  }
  return text;
}

bool all_200(const Variant& variant) {
  return std::ranges::all_of(variant.by_status, [](const auto& entry) { return entry.first == 200; });
}

std::string sentence(const std::string& who, const Estimate& found, const std::string& over, double base) {
  if (found.includes_zero()) {
    return fmt::format(
        "{}: no difference from {} was found; what there is, lies between {:+.1f} and {:+.1f} µs\n"
        "a request (95 % confidence, and the interval includes zero)",
        who, over, found.low, found.high);
  }
  const bool more = found.mean > 0;
  return fmt::format(
      "{} takes {:.1f} µs of CPU a request {} than {} ({:+.0f} %)\n"
      "(95 % confidence: {:.1f} to {:.1f} µs)",
      who, std::abs(found.mean), more ? "more" : "less", over, found.mean / base * 100,
      more ? found.low : -found.high, more ? found.high : -found.low);
}

Json json_of(const Estimate& found) {
  return {{"mean", found.mean},
          {"low", found.low},
          {"high", found.high},
          {"includes_zero", found.includes_zero()}};
}

}  // namespace

std::string table(const Report& report) {
  size_t width = 0;
  for (const Variant& variant : report.variants) width = std::max(width, variant.name.size());
  std::string text = row("", "CPU/request", "added (95 % confidence)", "p50", "p99", width);
  for (const Variant& variant : report.variants) {
    const bool first = &variant == &report.variants.front();
    text += row(variant.name, microseconds(estimate(variant.cpu).mean, 1),
                first ? "" : with_interval(added(report, variant)), percentile(variant, 0.5),
                percentile(variant, 0.99), width);
  }
  for (const Variant& variant : report.variants) {
    if (!all_200(variant)) text += fmt::format("{} answered: {}\n", variant.name, statuses(variant));
  }
  return text;
}

std::string verdict(const Report& report) {
  const Variant& base = report.variants.front();
  const Variant& filter = report.variants.back();
  const double takes = estimate(base.cpu).mean;
  std::string text = sentence(filter.name, added(report, filter), base.name, takes);
  if (report.compares()) {
    const Variant& other = report.variants[1];
    text += "\n" + sentence(filter.name, estimate_difference(filter.cpu, other.cpu), other.name,
                            estimate(other.cpu).mean);
  }
  return text;
}

std::string to_json(const Report& report) {
  Json variants = Json::array();
  for (const Variant& variant : report.variants) {
    Json by_status = Json::object();
    for (const auto& [status, count] : variant.by_status) by_status[std::to_string(status)] = count;
    Json one{{"name", variant.name}, {"cpu_microseconds", estimate(variant.cpu).mean}};
    if (&variant != &report.variants.front()) one["added_microseconds"] = json_of(added(report, variant));
    one["p50_microseconds"] = quantile(variant.latencies, 0.5);
    one["p99_microseconds"] = quantile(variant.latencies, 0.99);
    one["by_status"] = std::move(by_status);
    variants.push_back(std::move(one));
  }
  Json json{{"seconds", report.seconds},
            {"blocks", report.variants.front().cpu.size()},
            {"requests_a_round", report.requests_a_round},
            {"variants", std::move(variants)}};
  if (report.compares()) {
    json["difference_microseconds"] =
        json_of(estimate_difference(report.variants.back().cpu, report.variants[1].cpu));
  }
  return text::json_text(json);
}

}  // namespace wasmup::bench
