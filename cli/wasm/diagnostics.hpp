// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace wasmup::wasm {

/// Points to the first error in a compiler's output: `file:line:column: message`. Where that lies in the SDK,
/// because a callback was declared wrongly, it is the callback in `sources` that is pointed to. Of a linker's
/// error there is the message alone; empty if there is no error at all.
std::string pointer_to_first_error(std::string_view output,
                                   const std::vector<std::filesystem::path>& sources);

}  // namespace wasmup::wasm
