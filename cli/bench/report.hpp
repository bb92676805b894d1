// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace wasmup::bench {

/// One Envoy, and what was measured of it.
struct Variant {
  std::string name;
  std::vector<double> cpu = {};        ///< microseconds a request, a value for each block of rounds
  std::vector<double> latencies = {};  ///< microseconds, of each request
  std::map<int, int64_t> by_status = {};
};

struct Report {
  /// Without a filter, then what the filter is compared with, if anything, then it.
  std::vector<Variant> variants = {};
  double seconds = 0;
  int64_t requests_a_round = 0;

  bool compares() const { return variants.size() > 2; }
};

/// What was measured, as people read it: a table, without the verdict.
std::string table(const Report& report);

/// In a sentence or two: what the filter adds, and whether that is more than chance.
std::string verdict(const Report& report);

std::string to_json(const Report& report);

}  // namespace wasmup::bench
