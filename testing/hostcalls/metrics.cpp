// SPDX-License-Identifier: MIT
#include "hostcalls.hpp"

namespace wasmup::testing {
namespace {

/// The type is in the id: 0, 1 and 2 modulo 4.
constexpr uint32_t type_mask = 3;

Status define_metric(Host::Implementation& host, Arguments& in) {
  const auto type = in.named<abi::MetricType>();
  const std::string_view name = in.text();
  const Address out = in.out();
  if (!in.valid()) return Status::invalid_memory_access;
  if (type > abi::MetricType::histogram) return Status::bad_argument;
  Metrics& metrics = host.metrics;
  // Stats of different types may have one name.
  const auto key = std::pair(std::string(name), type);
  Metrics::Metric& metric = metrics.by_name[key];
  metric.type = type;
  uint32_t id = static_cast<uint32_t>(type) + 4;
  while (metrics.by_id.contains(id)) id += 4;
  metrics.by_id[id] = &metric;
  return give_number(*host.guest, out, id);
}

Metrics::Metric* find(Host::Implementation& host, uint32_t id) {
  const auto found = host.metrics.by_id.find(id);
  return found != host.metrics.by_id.end() ? found->second : nullptr;
}

bool is_histogram(uint32_t id) {
  return (id & type_mask) >= static_cast<uint32_t>(abi::MetricType::histogram);
}

Status increment_metric(Host::Implementation& host, Arguments& in) {
  const uint32_t id = in.number();
  const int64_t offset = in.signed_number();
  if (is_histogram(id)) return Status::bad_argument;
  Metrics::Metric* const metric = find(host, id);
  if (metric == nullptr) return Status::not_found;
  if (metric->type == abi::MetricType::counter && offset <= 0) return Status::bad_argument;
  metric->value += static_cast<uint64_t>(offset);
  return Status::ok;
}

Status record_metric(Host::Implementation& host, Arguments& in) {
  const uint32_t id = in.number();
  const auto value = static_cast<uint64_t>(in.signed_number());
  Metrics::Metric* const metric = find(host, id);
  if (metric == nullptr) return Status::not_found;
  switch (metric->type) {
    case abi::MetricType::counter:
      metric->value += value;
      break;
    case abi::MetricType::gauge:
      metric->value = value;
      break;
    case abi::MetricType::histogram:
      metric->recorded.push_back(value);
      break;
  }
  return Status::ok;
}

Status get_metric(Host::Implementation& host, Arguments& in) {
  const uint32_t id = in.number();
  const Address out = in.out();
  if (is_histogram(id)) return Status::bad_argument;
  const Metrics::Metric* const metric = find(host, id);
  return metric != nullptr ? give_number(*host.guest, out, metric->value) : Status::not_found;
}

constexpr HostcallEntry entries[] = {
    {"proxy_define_metric", define_metric},
    {"proxy_increment_metric", increment_metric},
    {"proxy_record_metric", record_metric},
    {"proxy_get_metric", get_metric},
};

}  // namespace

std::span<const HostcallEntry> metric_hostcalls() { return entries; }

// ---- the public face

std::optional<uint64_t> Host::metric(std::string_view name) const {
  for (const auto& [key, metric] : implementation_->metrics.by_name) {
    if (key.first == name && metric.type != abi::MetricType::histogram) return metric.value;
  }
  return std::nullopt;
}

std::vector<uint64_t> Host::histogram(std::string_view name) const {
  const auto& metrics = implementation_->metrics.by_name;
  const auto found = metrics.find({std::string(name), abi::MetricType::histogram});
  return found != metrics.end() ? found->second.recorded : std::vector<uint64_t>();
}

std::vector<std::string> Host::metrics() const {
  std::vector<std::string> names;
  for (const auto& [key, metric] : implementation_->metrics.by_name) names.push_back(key.first);
  return names;
}

}  // namespace wasmup::testing
