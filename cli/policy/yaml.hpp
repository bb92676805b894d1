// SPDX-License-Identifier: MIT
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "../error.hpp"

namespace wasmup::policy {

/// A Kubernetes document: the order of its fields is kept, for people who read it.
using Document = nlohmann::ordered_json;

/// One YAML document as Kubernetes reads it (YAML 1.2's scalars: numbers, true, false, null). No anchors, at
/// most 1 MiB. An error is one of usage, with line and column; `name` is the file's.
Expected<Document> read_yaml(const std::string& text, std::string_view name);

/// A document as YAML that reads back as the same, whoever reads it: texts that some reader would take for a
/// number, a truth value or nothing are quoted.
std::string write_yaml(const Document& document);

}  // namespace wasmup::policy
