// SPDX-License-Identifier: MIT
#pragma once

#include <CLI/CLI.hpp>

namespace wasmup::commands {

// For flags whose value becomes a name in a cluster: a wrong one is an error of usage, before anything is
// done.

CLI::Validator object_name_check();
CLI::Validator namespace_check();
CLI::Validator context_check();

}  // namespace wasmup::commands
