// SPDX-License-Identifier: MIT
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

#include "../environment.hpp"
#include "../error.hpp"

namespace wasmup::commands {

/// What the arguments ask for.
using Action = std::function<Expected<void>()>;

// A command is a file with such a function: it adds itself to the program, and becomes the action when its
// name is among the arguments.
void add_bench(CLI::App& program, Environment& environment, Action& action);
void add_build(CLI::App& program, Environment& environment, Action& action);
void add_clean(CLI::App& program, Environment& environment, Action& action);
void add_completion(CLI::App& program, Environment& environment, Action& action);
void add_deploy(CLI::App& program, Environment& environment, Action& action);
void add_doctor(CLI::App& program, Environment& environment, Action& action);
void add_env(CLI::App& program, Environment& environment, Action& action);
void add_inspect(CLI::App& program, Environment& environment, Action& action);
void add_gateway(CLI::App& program, Environment& environment, Action& action);
void add_image(CLI::App& program, Environment& environment, Action& action);
void add_manifest(CLI::App& program, Environment& environment, Action& action);
void add_new(CLI::App& program, Environment& environment, Action& action);
void add_push(CLI::App& program, Environment& environment, Action& action);
void add_rollback(CLI::App& program, Environment& environment, Action& action);
void add_run(CLI::App& program, Environment& environment, Action& action);
void add_symbolize(CLI::App& program, Environment& environment, Action& action);
void add_status(CLI::App& program, Environment& environment, Action& action);
void add_test(CLI::App& program, Environment& environment, Action& action);
void add_undeploy(CLI::App& program, Environment& environment, Action& action);
void add_version(CLI::App& program, Environment& environment, Action& action);
void add_verify(CLI::App& program, Environment& environment, Action& action);

}  // namespace wasmup::commands
