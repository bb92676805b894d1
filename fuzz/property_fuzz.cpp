// SPDX-License-Identifier: MIT
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <wasmup/property.hpp>

#include "expect.hpp"

/// Values of properties in every type: a wrong size is a failure, and never a read beyond the end.
namespace {

template <class T>
wasmup::Result<T> decoded(const uint8_t* data, size_t size) {
  wasmup::Bytes bytes = wasmup::Bytes::allocate(size);
  if (size != 0) std::memcpy(bytes.data(), data, size);
  return wasmup::detail::decode_property<T>(std::move(bytes));
}

template <class T>
void check_number(const uint8_t* data, size_t size, size_t expected) {
  expect(static_cast<bool>(decoded<T>(data, size)) == (size == expected));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  check_number<bool>(data, size, 1);
  check_number<int64_t>(data, size, 8);
  check_number<uint64_t>(data, size, 8);
  check_number<double>(data, size, 8);
  check_number<std::chrono::nanoseconds>(data, size, 8);
  check_number<wasmup::Timestamp>(data, size, 8);
  expect(decoded<wasmup::Bytes>(data, size)->size() == size);
  if (size == 8) {
    int64_t number = 0;
    std::memcpy(&number, data, sizeof(number));
    expect(*decoded<int64_t>(data, size) == number &&
           decoded<std::chrono::nanoseconds>(data, size)->count() == number);
  }

  size_t items = 0;
  size_t bytes = 0;
  const wasmup::Result<wasmup::PairList> map = decoded<wasmup::PairList>(data, size);
  for (const wasmup::PairView pair : *map) bytes += pair.name.size() + pair.value.size();
  const wasmup::Result<wasmup::StringList> list = decoded<wasmup::StringList>(data, size);
  for (const std::string_view item : *list) {
    ++items;
    bytes += item.size();
  }
  expect(items <= size && bytes <= 2 * size);
  return 0;
}
