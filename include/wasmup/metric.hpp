// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <wasmup/abi.hpp>
#include <wasmup/decimal.hpp>
#include <wasmup/grammar.hpp>
#include <wasmup/result.hpp>

/// Stats of Envoy's own: its admin shows them as `wasmcustom.NAME`, and so does whatever reads stats from
/// Envoy (Prometheus' page leaves `wasmcustom` out). All workers, and all that define the same name, count in
/// one.
///
/// Define them in a root context, in its constructor or on_configure: that runs once a worker and more, and
/// each time the same name gives the same stat, which keeps its value. A name is of visible ASCII characters,
/// without quotes and backslashes; any other one is `Status::bad_argument`.
namespace wasmup {

namespace detail {

inline Result<uint32_t> define_metric(abi::MetricType type, std::string_view name) {
  uint32_t id = 0;
  if (!is_stat_name(name)) return Status::bad_argument;
  const Status status = abi::proxy_define_metric(type, name.data(), name.size(), &id);
  if (status != Status::ok) return status;
  return id;
}

inline Result<uint64_t> metric_value(uint32_t id) {
  uint64_t value = 0;
  const Status status = abi::proxy_get_metric(id, &value);
  if (status != Status::ok) return status;
  return value;
}

}  // namespace detail

/// A number that only grows.
class Counter {
 public:
  constexpr Counter() = default;

  /// proxy_define_metric.
  static Result<Counter> define(std::string_view name) {
    const Result<uint32_t> id = detail::define_metric(abi::MetricType::counter, name);
    if (!id) return id.status();
    return Counter(*id);
  }
  /// By at least 1: Envoy has `Status::bad_argument` for 0, and `Status::not_found` for a counter that has
  /// not been defined. proxy_increment_metric.
  Result<> increment(uint32_t by = 1) const { return abi::proxy_increment_metric(id_, by); }
  /// proxy_get_metric.
  Result<uint64_t> value() const { return detail::metric_value(id_); }

 private:
  explicit constexpr Counter(uint32_t id) : id_(id) {}
  uint32_t id_ = 0;
};

/// A number that goes up and down; never below 0, where it would come out at the other end.
class Gauge {
 public:
  constexpr Gauge() = default;

  /// proxy_define_metric.
  static Result<Gauge> define(std::string_view name) {
    const Result<uint32_t> id = detail::define_metric(abi::MetricType::gauge, name);
    if (!id) return id.status();
    return Gauge(*id);
  }
  /// proxy_record_metric.
  Result<> set(uint64_t value) const { return abi::proxy_record_metric(id_, static_cast<int64_t>(value)); }
  /// A negative amount takes away. proxy_increment_metric.
  Result<> add(int64_t amount) const { return abi::proxy_increment_metric(id_, amount); }
  /// proxy_get_metric.
  Result<uint64_t> value() const { return detail::metric_value(id_); }

 private:
  explicit constexpr Gauge(uint32_t id) : id_(id) {}
  uint32_t id_ = 1;  // the type is part of the id: one that nobody has defined
};

/// Numbers of which Envoy shows how they spread: sizes, or durations in a unit of your choice.
class Histogram {
 public:
  constexpr Histogram() = default;

  /// proxy_define_metric.
  static Result<Histogram> define(std::string_view name) {
    const Result<uint32_t> id = detail::define_metric(abi::MetricType::histogram, name);
    if (!id) return id.status();
    return Histogram(*id);
  }
  /// proxy_record_metric.
  Result<> record(uint64_t value) const { return abi::proxy_record_metric(id_, static_cast<int64_t>(value)); }

 private:
  explicit constexpr Histogram(uint32_t id) : id_(id) {}
  uint32_t id_ = 2;
};

/// The value of a label: text, a whole number or a bool. In text, what is not a letter, a digit or one of _ -
/// . / becomes _, and none at all becomes _ too: it is part of a stat's name.
class LabelValue {
 public:
  template <class T>
    requires std::convertible_to<const T&, std::string_view>
  LabelValue(const T& text) : text_(text) {}
  template <std::same_as<bool> T>
  LabelValue(T value) : text_(value ? "true" : "false") {}
  template <std::integral T>
    requires(!std::same_as<T, bool>)
  LabelValue(T number) : number_(number), text_(number_.view()) {}
  LabelValue(const LabelValue&) = delete;
  LabelValue& operator=(const LabelValue&) = delete;

  void append_to(std::string& name) const {
    for (const char c : text_) name += is_safe(c) ? c : '_';
    if (text_.empty()) name += '_';
  }

 private:
  static constexpr bool is_safe(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.' || c == '/';
  }

  Decimal number_{0};
  std::string_view text_;
};

/// What tells Envoy to make a tag (a label, for Prometheus) of this label: the `regex` of an entry of
/// `stats_config.stats_tags` whose `tag_name` is the label.
inline std::string stats_tag_regex(std::string_view label) { return "(;" + std::string(label) + "=([^;]*))"; }

/// Metrics of one name that differ in labels, each defined when it is first asked for. Keep it in a root
/// context:
///
///     wasmup::CounterFamily<2> requests{"requests", {"route", "status"}};
///     ...
///     root().requests.with("checkout", 200)->increment().ignore();
///
/// The ABI has no labels. They become part of the stat's name, `requests;route=checkout;status=200`, and
/// Envoy takes them out again where its configuration has, for each,
///
///     stats_config: { stats_tags: [ { tag_name: route, regex: "(;route=([^;]*))" } ] }
///
/// (wasmup::testing::stats_tags writes that). Each combination of values is a stat that Envoy keeps for good:
/// label by what has few values, never by paths or users.
template <class Metric, size_t count>
class MetricFamily {
 public:
  MetricFamily(std::string_view name, const std::string_view (&labels)[count]) : name_(name) {
    for (size_t i = 0; i != count; ++i) labels_[i] = labels[i];
  }

  /// The metric with these values, one for each label; `Status::bad_argument` where a label's name is not of
  /// letters, digits and underscores. proxy_define_metric, the first time.
  template <class... Values>
    requires(sizeof...(Values) == count && (std::constructible_from<LabelValue, const Values&> && ...))
  Result<Metric> with(const Values&... values) {
    std::string name = name_;
    for (const std::string_view label : labels_) {
      if (!is_label_name(label)) return Status::bad_argument;
    }
    size_t label = 0;
    (append(name, label++, LabelValue(values)), ...);
    for (const auto& [known, metric] : known_) {
      if (known == name) return metric;
    }
    Result<Metric> metric = Metric::define(name);
    if (metric) known_.emplace_back(std::move(name), *metric);
    return metric;
  }

  const std::array<std::string_view, count>& labels() const { return labels_; }

 private:
  void append(std::string& name, size_t label, const LabelValue& value) const {
    name += ';';
    name += labels_[label];
    name += '=';
    value.append_to(name);
  }

  std::string name_;
  std::array<std::string_view, count> labels_;
  std::vector<std::pair<std::string, Metric>> known_;
};

template <size_t labels>
using CounterFamily = MetricFamily<Counter, labels>;
template <size_t labels>
using GaugeFamily = MetricFamily<Gauge, labels>;
template <size_t labels>
using HistogramFamily = MetricFamily<Histogram, labels>;

}  // namespace wasmup
