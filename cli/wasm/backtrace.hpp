// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "decoder.hpp"

namespace wasmup::wasm {

/// One line of the backtrace that Envoy logs when a module traps, as " 0x2a1 - unknown(function index:13)"
/// or, of a module that keeps its names, " 0x2a1 - divide(int, int)". Where Envoy escapes the ends of lines,
/// a backtrace is a single one.
struct Frame {
  uint64_t offset;                ///< of the instruction, in the module's file
  std::optional<uint64_t> index;  ///< of the function, when the log has that
  std::string name;               ///< of the function, when the log has that
  size_t begin;                   ///< of what the log calls the function, in the text
  size_t end;
};

/// In a log of whatever content.
std::vector<Frame> find_frames(std::string_view log);

/// The function that the instruction is in; nullptr when there is none, or when the log has another one
/// there: then it is not of this module.
const Function* function_of(const Frame& frame, const Module& module);

}  // namespace wasmup::wasm
