// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wasmup::testing {

/// The value of an attribute that is no text, in the form Envoy hands it over: `200`, `true`, `0.5`, a
/// duration or a time of std::chrono, or one of the two lists below.
class AttributeValue {
 public:
  template <std::integral Number>
    requires(!std::same_as<Number, bool>)
  AttributeValue(Number number) : bytes_(of_number(static_cast<uint64_t>(static_cast<int64_t>(number)))) {}
  template <std::same_as<bool> Flag>  // nothing that merely converts, such as text
  AttributeValue(Flag flag) : bytes_(1, flag ? '\1' : '\0') {}
  template <std::floating_point Number>
  AttributeValue(Number number) : bytes_(of_number(std::bit_cast<uint64_t>(double{number}))) {}
  template <class Number, class Period>
  AttributeValue(std::chrono::duration<Number, Period> time)
      : AttributeValue(int64_t{std::chrono::nanoseconds(time).count()}) {}
  template <class Duration>
  AttributeValue(std::chrono::sys_time<Duration> time) : AttributeValue(time.time_since_epoch()) {}

  static AttributeValue map(const std::vector<std::pair<std::string, std::string>>& pairs);
  static AttributeValue list(const std::vector<std::string>& items);

  std::string_view bytes() const { return bytes_; }

 private:
  explicit AttributeValue(std::string bytes) : bytes_(std::move(bytes)) {}
  static std::string of_number(uint64_t number);

  std::string bytes_;
};

}  // namespace wasmup::testing
