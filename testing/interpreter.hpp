// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// wabt's interpreter behind an interface of our own. Its headers are C++17 and no longer C++20, so this
/// header is the only one of the fake host that has to be both.
namespace wasmup::testing {

class Interpreter {
 public:
  /// An import the host offers: its type, one letter a value (i or I), and what answers it.
  struct Import {
    std::string parameters;
    std::string result;
    std::function<uint32_t(const std::vector<uint64_t>&)> answer;
  };
  /// Finds an import, or nothing when the host has no such function.
  using Linker = std::function<std::optional<Import>(const std::string& module, const std::string& name)>;

  /// Throws std::runtime_error with the reason when the module cannot be instantiated.
  Interpreter(const std::string& path, const Linker& linker);
  ~Interpreter();

  bool exports(std::string_view name) const;
  /// The result (0 when there is none), or nothing after a trap.
  std::optional<uint32_t> call(std::string_view name, const std::vector<uint32_t>& arguments);
  const std::string& trap() const;

  char* memory();
  uint64_t memory_size() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace wasmup::testing
