// SPDX-License-Identifier: MIT
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include <wasmup/pairs.hpp>

#include "expect.hpp"
#include "pairs.hpp"

/// The SDK's codec of pairs and the fake host's, which were written apart, and must agree on every input.
namespace {

using wasmup::Bytes;
using wasmup::PairList;
using wasmup::PairView;

Bytes copy(std::string_view text) {
  Bytes bytes = Bytes::allocate(text.size());
  if (!text.empty()) std::memcpy(bytes.data(), text.data(), text.size());
  return bytes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const wasmup::Result<PairList> list = PairList::parse(copy(text));
  const wasmup::testing::Headers decoded = wasmup::testing::decode_pairs(text);
  if (!list) return 0;  // the host takes such a list for none

  std::vector<PairView> pairs;
  size_t touched = 0;
  for (const PairView pair : *list) {
    pairs.push_back(pair);
    for (const char c : pair.name) touched += static_cast<unsigned char>(c);
    for (const char c : pair.value) touched += static_cast<unsigned char>(c);
  }
  expect(pairs.size() == list->size() && touched < SIZE_MAX);
  // The host wants a NUL behind each piece, and lower-cases names: where it decodes anything, it is the same.
  if (!decoded.empty()) {
    expect(decoded.size() == pairs.size());
    size_t i = 0;
    for (const auto& [name, value] : decoded) {
      expect(name.size() == pairs[i].name.size() && value == pairs[i].value);
      ++i;
    }
  }

  const wasmup::Result<Bytes> encoded =
      wasmup::detail::encode_pairs(pairs, [](const PairView& pair) { return pair; });
  if (!encoded) return 0;  // more than the host takes
  expect(wasmup::testing::decode_pairs(encoded->view()).size() == pairs.size());
  const wasmup::Result<PairList> again = PairList::parse(copy(encoded->view()));
  expect(again && again->size() == pairs.size());
  size_t i = 0;
  for (const PairView pair : *again) {
    expect(pair.name == pairs[i].name && pair.value == pairs[i].value);
    ++i;
  }
  return 0;
}
