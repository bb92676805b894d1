// SPDX-License-Identifier: MIT
#include "statistics.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace wasmup::bench {
namespace {

/// Student's t for 95 % between both sides. The expansion in Abramowitz and Stegun, 26.7.5: from 5 degrees of
/// freedom on it is right to three digits.
double students_t(double freedom) {
  constexpr double z = 1.959963984540054;
  const auto power = [](int exponent) { return std::pow(z, exponent); };
  const double first = (power(3) + z) / 4;
  const double second = (5 * power(5) + 16 * power(3) + 3 * z) / 96;
  const double third = (3 * power(7) + 19 * power(5) + 17 * power(3) - 15 * z) / 384;
  const double fourth =
      (79 * power(9) + 776 * power(7) + 1482 * power(5) - 1920 * power(3) - 945 * z) / 92160;
  return z + first / freedom + second / std::pow(freedom, 2) + third / std::pow(freedom, 3) +
         fourth / std::pow(freedom, 4);
}

}  // namespace

Estimate estimate(std::span<const double> values) {
  const auto count = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / count;
  const double squares = std::accumulate(values.begin(), values.end(), 0.0, [mean](double sum, double value) {
    return sum + (value - mean) * (value - mean);
  });
  const double error = std::sqrt(squares / (count - 1) / count);
  const double half = students_t(count - 1) * error;
  return {mean, mean - half, mean + half};
}

Estimate estimate_difference(std::span<const double> values, std::span<const double> base) {
  std::vector<double> differences;
  std::ranges::transform(values, base, std::back_inserter(differences), std::minus());
  return estimate(differences);
}

double quantile(std::vector<double> values, double part) {
  if (values.empty()) return 0;
  const auto at = static_cast<size_t>(part * static_cast<double>(values.size()));
  const auto place = values.begin() + static_cast<std::ptrdiff_t>(std::min(at, values.size() - 1));
  std::ranges::nth_element(values, place);
  return *place;
}

}  // namespace wasmup::bench
