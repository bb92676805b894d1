// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace wasmup::bench {

/// A mean, and the interval that holds the true one in 95 of 100 experiments like this.
struct Estimate {
  double mean = 0;
  double low = 0;
  double high = 0;

  bool includes_zero() const { return low <= 0 && high >= 0; }
};

/// Fewer measurements say too little for an interval.
inline constexpr size_t fewest = 6;

/// Of measurements that were made each under other conditions than the last, so that they are independent
/// (Student's t). At least `fewest`.
Estimate estimate(std::span<const double> values);

/// Of what `values` are above `base`: each pair was measured side by side, and what both have is gone.
Estimate estimate_difference(std::span<const double> values, std::span<const double> base);

/// The value below which are `part` (0 to 1) of them: the nearest there is. Of none: 0.
double quantile(std::vector<double> values, double part);

}  // namespace wasmup::bench
