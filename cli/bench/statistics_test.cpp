// SPDX-License-Identifier: MIT
#include "statistics.hpp"

#include <gtest/gtest.h>
#include <random>

namespace wasmup::bench {
namespace {

TEST(estimate, is_the_mean_with_the_interval_of_students_t) {
  // By hand: mean 5, deviation 2, t(9) = 2.262157.
  const std::vector<double> values{2, 4, 4, 4, 5, 5, 5, 7, 9, 5};
  const Estimate found = estimate(values);
  EXPECT_NEAR(found.mean, 5.0, 1e-9);
  const double half = 2.262157 * 1.885618 / 3.162278;
  EXPECT_NEAR(found.low, 5 - half, 1e-3);
  EXPECT_NEAR(found.high, 5 + half, 1e-3);
}

TEST(estimate, knows_students_t_for_few_and_for_many) {
  // The half width is t, when the error of the mean is 1: values of mean 0 and squares count * (count - 1).
  const auto t = [](size_t count) {
    std::vector<double> values(count, 0.0);
    const double each = std::sqrt(static_cast<double>(count * (count - 1)) / 2);
    values[0] = each;
    values[1] = -each;
    return estimate(values).high;
  };
  EXPECT_NEAR(t(6), 2.570582, 2e-3);
  EXPECT_NEAR(t(11), 2.228139, 1e-3);
  EXPECT_NEAR(t(31), 2.042272, 1e-3);
  EXPECT_NEAR(t(1001), 1.962339, 1e-3);
}

TEST(estimate, of_what_does_not_vary_is_a_point) {
  const std::vector<double> values(8, 3.0);
  EXPECT_EQ(estimate(values).low, 3.0);
  EXPECT_EQ(estimate(values).high, 3.0);
  EXPECT_FALSE(estimate(values).includes_zero());
}

TEST(estimate, holds_the_true_mean_in_95_of_100_experiments) {
  std::mt19937 random(7);
  std::normal_distribution<double> noise(1.0, 2.0);
  int held = 0;
  constexpr int experiments = 4000;
  for (int i = 0; i < experiments; ++i) {
    std::vector<double> values(12);
    for (double& value : values) value = noise(random);
    const Estimate found = estimate(values);
    if (found.low <= 1.0 && found.high >= 1.0) ++held;
  }
  EXPECT_NEAR(held / static_cast<double>(experiments), 0.95, 0.015);
}

TEST(estimate_difference, is_free_of_what_both_have) {
  // The machine slows down fourfold meanwhile; what is added stays.
  std::vector<double> base;
  std::vector<double> values;
  for (int i = 0; i < 20; ++i) {
    base.push_back(10.0 + 2.0 * i);
    values.push_back(base.back() + 3.0 + (i % 2 == 0 ? 0.1 : -0.1));
  }
  const Estimate found = estimate_difference(values, base);
  EXPECT_NEAR(found.mean, 3.0, 1e-9);
  EXPECT_GT(found.low, 2.9);
  EXPECT_LT(found.high, 3.1);
  EXPECT_TRUE(estimate_difference(base, base).includes_zero());
  EXPECT_FALSE(found.includes_zero());
}

TEST(quantile, is_the_nearest_value) {
  std::vector<double> values;
  for (int i = 100; i > 0; --i) values.push_back(i);
  EXPECT_EQ(quantile(values, 0.5), 51);
  EXPECT_EQ(quantile(values, 0.99), 100);
  EXPECT_EQ(quantile(values, 0), 1);
  EXPECT_EQ(quantile(values, 1), 100);
  EXPECT_EQ(quantile({}, 0.5), 0);
}

}  // namespace
}  // namespace wasmup::bench
