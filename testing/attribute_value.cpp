// SPDX-License-Identifier: MIT
#include <wasmup/testing/attribute_value.hpp>

namespace wasmup::testing {
namespace {

std::string little_endian(uint64_t number, int bytes) {
  std::string out;
  for (int i = 0; i != bytes; ++i) out.push_back(static_cast<char>((number >> (8 * i)) & 0xFF));
  return out;
}

}  // namespace

std::string AttributeValue::of_number(uint64_t number) { return little_endian(number, 8); }

// Not encode_pairs of pairs.hpp: what is no header keeps its case, and Envoy spells an empty map out.
AttributeValue AttributeValue::map(const std::vector<std::pair<std::string, std::string>>& pairs) {
  std::string out = little_endian(pairs.size(), 4);
  for (const auto& [name, value] : pairs) {
    out += little_endian(name.size(), 4) + little_endian(value.size(), 4);
  }
  for (const auto& [name, value] : pairs) out.append(name).append(1, '\0').append(value).append(1, '\0');
  return AttributeValue(std::move(out));
}

AttributeValue AttributeValue::list(const std::vector<std::string>& items) {
  std::vector<std::pair<std::string, std::string>> pairs;
  pairs.reserve(items.size());
  for (const std::string& item : items) pairs.emplace_back(item, "");
  return map(pairs);
}

}  // namespace wasmup::testing
