// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <wasmup/abi.hpp>

namespace wasmup::testing {

/// The stats of a host. A name defined twice has two ids and one value.
struct Metrics {
  struct Metric {
    abi::MetricType type = abi::MetricType::counter;
    uint64_t value = 0;
    std::vector<uint64_t> recorded = {};  ///< a histogram's
  };
  std::map<std::pair<std::string, abi::MetricType>, Metric> by_name;
  std::map<uint32_t, Metric*> by_id;
};

}  // namespace wasmup::testing
