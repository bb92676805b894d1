// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "../error.hpp"
#include "../os/processes.hpp"

namespace wasmup::commands {

/// LLVM's, which reads the debug information of modules.
std::optional<std::filesystem::path> find_symbolizer(const os::Processes& processes);

/// "file:line:column" of each instruction, as far as the debug information goes. Offsets are in the content
/// of the code section, which is how debug information counts.
Expected<std::map<uint64_t, std::string>> source_places(os::Processes& processes,
                                                        const std::filesystem::path& symbolizer,
                                                        const std::filesystem::path& symbols,
                                                        const std::vector<uint64_t>& offsets);

}  // namespace wasmup::commands
