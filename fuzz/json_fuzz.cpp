// SPDX-License-Identifier: MIT
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <wasmup/json.hpp>

#include "expect.hpp"

// The SDK's log wants a host.
namespace wasmup::abi {
extern "C" Status proxy_log(LogLevel, const char*, size_t) { return Status::ok; }
}  // namespace wasmup::abi

/// The configuration reader against nlohmann-json: what the one takes the other must, with the same values.
namespace {

struct Inner {
  std::string name;
  std::optional<bool> flag;

  static constexpr auto json =
      wasmup::json_fields(wasmup::required("n", &Inner::name), wasmup::optional("f", &Inner::flag));
};

struct Document {
  bool flag = false;
  int8_t small = 0;
  uint64_t large = 0;
  double real = 0;
  std::string text;
  std::vector<Inner> inner;
  std::vector<std::pair<std::string, int64_t>> map;
  std::vector<std::vector<bool>> bits;

  static constexpr auto json =
      wasmup::json_fields(wasmup::optional("b", &Document::flag), wasmup::optional("s", &Document::small),
                          wasmup::optional("l", &Document::large), wasmup::optional("r", &Document::real),
                          wasmup::optional("t", &Document::text), wasmup::optional("i", &Document::inner),
                          wasmup::optional("m", &Document::map), wasmup::optional("v", &Document::bits));
};

bool is_ascii(const std::string& text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) >= 0x80) return false;
  }
  return true;
}

void compare(const Document& read, const nlohmann::json& other) {
  expect(!other.contains("b") || other["b"] == read.flag);
  expect(!other.contains("s") || other["s"] == read.small);
  expect(!other.contains("l") || other["l"] == read.large);
  expect(!other.contains("t") || other["t"] == read.text);
  if (other.contains("r")) {
    // The last bits of long ones may differ, and the smallest of all may be 0.
    const double expected = other["r"].get<double>();
    expect(std::abs(read.real - expected) <= std::abs(expected) * 1e-13 + 1e-300);
  }
  if (other.contains("i")) {
    expect(other["i"].size() == read.inner.size());
    for (size_t i = 0; i != read.inner.size(); ++i) {
      expect(other["i"][i]["n"] == read.inner[i].name);
      const bool has_flag = other["i"][i].contains("f") && !other["i"][i]["f"].is_null();
      expect(has_flag == read.inner[i].flag.has_value());
    }
  }
  if (other.contains("m")) {
    expect(other["m"].size() == read.map.size());
    for (const auto& [name, value] : read.map) expect(other["m"][name] == value);
  }
  expect(!other.contains("v") || other["v"].size() == read.bits.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  Document read;
  const std::optional<wasmup::JsonError> error = wasmup::read_json(text, read);
  if (error) {
    expect(error->line >= 1 && error->column >= 1 && error->column <= size + 1 && !error->reason().empty());
    return 0;
  }
  if (!is_ascii(text) || text.find_first_not_of(" \t\r\n") == std::string::npos) return 0;
  const nlohmann::json other = nlohmann::json::parse(text, nullptr, false);
  expect(!other.is_discarded());
  compare(read, other);
  return 0;
}
