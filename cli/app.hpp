// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "environment.hpp"
#include "error.hpp"

namespace wasmup {

/// In the order in which help lists them; those of a command behind it ("gateway up").
std::vector<std::string> command_names(Environment environment);

/// What --help says of the command; of the program itself, without one.
std::string help_on(const std::string& command, Environment environment);

/// The program: finds the command in its arguments, runs it, and reports its error.
ExitCode run_app(const std::vector<std::string>& arguments, Environment& environment);

}  // namespace wasmup
