// SPDX-License-Identifier: MIT
#include "suggestion.hpp"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

namespace wasmup::text {
namespace {

/// How many letters to add, drop, replace or swap with their neighbour (optimal string alignment).
size_t distance(std::string_view from, std::string_view to) {
  std::vector<size_t> before_last;
  std::vector<size_t> last(to.size() + 1);
  std::iota(last.begin(), last.end(), size_t{0});
  for (size_t i = 1; i <= from.size(); ++i) {
    std::vector<size_t> row(to.size() + 1);
    row[0] = i;
    for (size_t j = 1; j <= to.size(); ++j) {
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1]) {
        row[j] = std::min(row[j], before_last[j - 2] + 1);
      }
    }
    before_last = std::exchange(last, std::move(row));
  }
  return last.back();
}

}  // namespace

std::string nearest(std::string_view word, std::span<const std::string> candidates) {
  return nearest(word, candidates, std::max(size_t{2}, word.size() / 4));  // more, and a guess would puzzle
}

std::string nearest(std::string_view word, std::span<const std::string> candidates, size_t most_letters) {
  constexpr size_t longest_word = 100;  // nobody mistypes more, and the work grows with the square
  if (word.size() > longest_word) return {};
  std::string best;
  size_t best_distance = most_letters + 1;
  for (const std::string& candidate : candidates) {
    const size_t found = distance(word, candidate);
    if (found < best_distance) {
      best = candidate;
      best_distance = found;
    }
  }
  return best;
}

}  // namespace wasmup::text
