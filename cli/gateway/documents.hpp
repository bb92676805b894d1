// SPDX-License-Identifier: MIT
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "../error.hpp"

namespace wasmup::gateway {

using Json = nlohmann::json;

/// The objects in a file as `kubectl apply -f` takes it: YAML or JSON, one document or many, lists taken
/// apart. Each has apiVersion, kind and metadata.name. `name` is the file's, for the error (usage).
Expected<std::vector<Json>> read_documents(const std::string& text, std::string_view name);

}  // namespace wasmup::gateway
