// SPDX-License-Identifier: MIT
#include "signature_text.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <vector>

namespace wasmup::wasm {
namespace {

std::string_view name_of(char letter) {
  switch (letter) {
    case 'i':
      return "i32";
    case 'I':
      return "i64";
    case 'f':
      return "f32";
    case 'F':
      return "f64";
    case 'v':
      return "v128";
    default:
      return "a reference";
  }
}

std::string values(std::string_view letters) {
  std::vector<std::string_view> names(letters.size());
  std::ranges::transform(letters, names.begin(), name_of);
  return fmt::format("{}", fmt::join(names, " "));
}

}  // namespace

std::string shown(std::string_view parameters, std::string_view results) {
  return fmt::format("({}) -> {}", values(parameters), results.empty() ? "void" : values(results));
}

}  // namespace wasmup::wasm
