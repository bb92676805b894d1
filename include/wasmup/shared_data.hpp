// SPDX-License-Identifier: MIT
#pragma once

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>

#include <wasmup/abi.hpp>
#include <wasmup/bytes.hpp>
#include <wasmup/result.hpp>

/// Values that all VMs of one vm_id share: every worker's, and every plugin's that names the same. They live
/// in this Envoy's memory as long as any of these VMs does; there is no way to delete one or to list them.
namespace wasmup {

/// A value and its version: whoever sets it with that version, and only then, knows that nobody came between.
struct SharedValue {
  Bytes value;
  uint32_t version = 0;  ///< the ABI calls it cas: compare and swap
};

/// `Status::not_found` when nobody has set it. proxy_get_shared_data.
inline Result<SharedValue> get_shared_data(std::string_view key) {
  uint32_t version = 0;
  Result<Bytes> value = detail::receive([&](char** data, size_t* size) {
    return abi::proxy_get_shared_data(key.data(), key.size(), data, size, &version);
  });
  if (!value) return value.status();
  return SharedValue{*std::move(value), version};
}

/// Sets it, whatever was there. proxy_set_shared_data.
inline Result<> set_shared_data(std::string_view key, std::string_view value) {
  return abi::proxy_set_shared_data(key.data(), key.size(), value.data(), value.size(), 0);
}

/// Sets it if it still has this version; `Status::cas_mismatch` when somebody else was faster. A key that is
/// not there yet is made, whatever the version. proxy_set_shared_data.
inline Result<> set_shared_data(std::string_view key, std::string_view value, uint32_t version) {
  return abi::proxy_set_shared_data(key.data(), key.size(), value.data(), value.size(), version);
}

namespace detail {

/// A version no value has: with it a key that is not there is made, and one that has come since is a
/// mismatch. (0 would set it in any case.)
inline constexpr uint32_t version_of_none = 0xFFFFFFFF;

/// Each failed try means that somebody else's went through; so many in a row are a fault, not bad luck.
inline constexpr int most_tries = 100;

}  // namespace detail

/// Changes a value without losing anybody else's change: `change(std::optional<std::string_view> old)` gives
/// the new value (what converts to std::string_view; nothing for `old` when the key is not there), and is
/// asked again when somebody was faster. `Status::cas_mismatch` after a hundred tries. proxy_get_shared_data,
/// proxy_set_shared_data.
template <class Change>
inline Result<> update_shared_data(std::string_view key, Change change) {
  for (int tries = 0; tries != detail::most_tries; ++tries) {
    const Result<SharedValue> old = get_shared_data(key);
    if (!old && old.status() != Status::not_found) return old.status();
    const auto value =
        change(old ? std::optional<std::string_view>(old->value.view()) : std::optional<std::string_view>());
    const Result<> set =
        set_shared_data(key, std::string_view(value), old ? old->version : detail::version_of_none);
    if (set.status() != Status::cas_mismatch) return set;
  }
  return Status::cas_mismatch;
}

/// Adds to a number that is kept as decimal text, and gives what it is then; a key that is not there counts
/// as 0, and so does a value that is no number. At either end of int64_t it stays there. As
/// update_shared_data().
inline Result<int64_t> add_to_shared_integer(std::string_view key, int64_t amount) {
  int64_t sum = 0;
  char text[20];
  const Result<> updated = update_shared_data(key, [&](std::optional<std::string_view> old) {
    sum = 0;
    if (old) std::from_chars(old->data(), old->data() + old->size(), sum);
    if (__builtin_add_overflow(sum, amount, &sum)) {
      sum = amount < 0 ? std::numeric_limits<int64_t>::min() : std::numeric_limits<int64_t>::max();
    }
    const auto end = std::to_chars(text, text + sizeof(text), sum).ptr;
    return std::string_view(text, static_cast<size_t>(end - text));
  });
  if (!updated) return updated.status();
  return sum;
}

}  // namespace wasmup
