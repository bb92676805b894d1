// SPDX-License-Identifier: MIT
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "expect.hpp"
#include "text/json.hpp"

/// JSON from outside: a value that can be printed and is read the same again, or a reason.
namespace {

using namespace wasmup;

template <class Json>
bool look_at(std::string_view text) {
  const auto value = text::read_json<Json>(text);
  expect(value || !value.error().empty());
  if (value) expect(text::parse_json<Json>(value->dump()) == *value);
  return value.has_value();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  expect(look_at<nlohmann::json>(text) == look_at<nlohmann::ordered_json>(text));
  return 0;
}
