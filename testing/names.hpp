// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include <wasmup/abi.hpp>

/// The ABI's numbers as people read them, for records and failure messages.
namespace wasmup::testing {

std::string name_of(Status status);
std::string name_of(LogLevel level);
std::string name_of(abi::MapType map);
std::string name_of(abi::BufferType buffer);
std::string name_of(abi::StreamType stream);
std::string name_of(abi::MetricType metric);
/// In double quotes, NULs and other control characters shown, cut when long.
std::string quoted(std::string_view text);

}  // namespace wasmup::testing
